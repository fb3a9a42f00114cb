"""The fields of the results as JSON, in their order."""

from __future__ import annotations

PASSAGE = ["id", "article_id", "title", "source", "url", "date", "start", "end", "text", "score"]
ANSWER = [
    "question",
    "answered",
    "text",
    "sentences",
    "citations",
    "reason",
    "elapsed_ms",
    "corpus_version",
    "models",
]
