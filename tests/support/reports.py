"""A made-up check with something of everything that a report shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from factbot import ClaimCheck, Evidence, Passage, Report, Review, Scores
from factbot.reports.document import Document
from factbot.results import Stance, Verdict
from factbot.settings import Settings

__all__ = ["AT", "OVERRULED", "check_of", "document", "hostile_document", "piece"]

AT = "2026-03-04T09:05:00Z"
TEXT = """The dam at Orrin was built in 1931. It holds 40 million cubic metres. Is that much?

The keeper said so. No other dam is as old."""
CLAIMS: tuple[tuple[str, Verdict, str | None], ...] = (
    ("The dam at Orrin was built in 1931.", "supported", None),
    ("It holds 40 million cubic metres.", "refuted", None),
    ("Is that much?", "not_enough_evidence", "not_checkable"),
    ("The keeper said so.", "conflicting", None),
    ("No other dam is as old.", "not_enough_evidence", "corpus_silent"),
)
OVERRULED = Review(2, "supported", "The figure is that of 2019.", "done", "Ada Quill", "2026-03-05T10:00:00Z")


def piece(stance: Stance = "supports", **fields: Any) -> Evidence:
    """Evidence on the second page of an article, with any field of the passage replaced."""
    known: dict[str, Any] = {
        "id": "dam.pdf#0-60",
        "article_id": "dam.pdf",
        "title": "Ninety years of the Orrin dam",
        "source": "The Vane",
        "url": "https://vane.example/dam?year=1931&part=(2)",
        "date": "2021-06-01",
        "start": 0,
        "end": 60,
        "text": "The dam was finished in 1931. It holds 30 million cubic metres.",
        "page": 1,
        "page_breaks": (20,),
    }
    passage = Passage(**(known | fields))
    return Evidence(passage, passage.text[30:], 30, len(passage.text), stance, Scores(0.9, 0.05, 0.05))


def check_of(words: str, verdict: Verdict, reason: Any, text: str, **fields: Any) -> ClaimCheck:
    """One claim of a text, with evidence where there is any."""
    start = text.index(words)
    stances: dict[str, tuple[Stance, ...]] = {
        "supported": ("supports",),
        "refuted": ("refutes",),
        "conflicting": ("supports", "refutes"),
    }
    known: dict[str, Any] = {
        "claim": words,
        "start": start,
        "end": start + len(words),
        "verdict": verdict,
        "confidence": 0.934,
        "evidence": tuple(map(piece, stances.get(verdict, ()))),
        "explanation": "It is a question." if reason == "not_checkable" else f"Why it is {verdict} [1].",
        "reason": reason,
        "independent_sources": len(stances.get(verdict, ())),
        "standalone": words.replace("It holds", "The dam at Orrin holds"),
    }
    return ClaimCheck(**(known | fields))


def document(reviews: Sequence[Review] = (), text: str = TEXT, **fields: Any) -> Document:
    """A report of four claims, one of each verdict, and a question that is left out."""
    claims = tuple(check_of(words, verdict, reason, text) for words, verdict, reason in CLAIMS)
    report = Report(text, claims, 1200, "0a1b2c3d4e5f", {"verifier": "a-verifier"})
    return Document(report, AT, Settings(), reviews=reviews, **fields)


def hostile_document(payload: str) -> Document:
    """A report in which an article, a reviewer, a model and the text itself all bring the payload along."""
    words = f"The dam {payload} was built in 1931."
    text = f"{payload}\n\n{words}\n\n{payload} is left out."
    bad: dict[str, Any] = dict.fromkeys(("article_id", "title", "source", "date", "url", "text"), payload)
    evidence = replace(piece(**bad), quote=payload)
    told = check_of(words, "refuted", None, text, evidence=(evidence,), explanation=payload, standalone=payload)
    beside = check_of(f"{payload} is left out.", "not_enough_evidence", "not_checkable", text, explanation=payload)
    report = Report(text, (told, beside), 1, payload, {payload: payload}, note=payload)
    review = Review(1, "supported", payload, "open", payload, payload)
    return Document(report, AT, Settings(), title=payload, reviews=(review,))
