"""What is said beside an answer, and the words that came nearest where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from factbot.answering.working import Working
from factbot.results import Citation, Passage
from factbot.text.english import is_foreign

__all__ = ["is_in_other_language", "nearest_words", "remarks"]

IN_ENGLISH = "The articles are in English, and the question does not seem to be; ask in English to be surer."
NEAREST = 3  # articles offered with an abstention


def remarks(working: Working, citations: Sequence[Citation]) -> str:
    """What one should know of an answer: of which days it is not, or that it was asked in another language."""
    of_days = working.days.remark([c.passage.date for c in citations]) if working.days else ""
    return f"{of_days} {IN_ENGLISH if is_in_other_language(working) else ''}".strip()


def is_in_other_language(working: Working) -> bool:
    """Whether the question seems to be no English, while the passages nearest to it all are."""
    return is_foreign(working.asked) and not any(is_foreign(p.text) for p in working.passages)


def nearest_words(working: Working) -> tuple[Passage, ...]:
    """The words that came closest, of a few articles: the best sentence of each, or else its passage."""
    articles = {c.article.id: c.article for c in working.candidates}
    words = {
        q.passage.article_id: Passage.of(articles[q.passage.article_id], q.start, q.end, q.passage.score)
        for q in working.nearest
    }
    passages = {p.article_id: p for p in reversed(working.passages)}
    return tuple(sorted({**passages, **words}.values(), key=lambda p: -p.score)[:NEAREST])
