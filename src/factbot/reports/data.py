"""A report for programs: factbot's own JSON, and ClaimReview of schema.org as JSON-LD."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from factbot.reports.document import Document, ReviewedClaim, address_of
from factbot.reports.wording import VERDICTS
from factbot.results import Evidence, Verdict
from factbot.text.normalise import clean_text, single_spaced

__all__ = ["as_claim_review", "as_json"]

# Of five, as schema.org's Rating counts. Three is neither true nor false; `alternateName` tells the two apart.
RATINGS: dict[Verdict, int] = {"supported": 5, "conflicting": 3, "not_enough_evidence": 3, "refuted": 1}
SHOWN_SETTINGS = ("risk", "embedding_model", "passage_size", "context_size", "verifier", "llm", "judge")


def as_json(document: Document) -> bytes:
    """The report with everything it was made with; `report` is what `factbot check --json` prints."""
    return _json(
        {
            "title": document.heading,
            "at": document.at,
            "text": document.report.text,
            "report": document.report.to_dict(),
            "reviews": [review.to_dict() for review in document.reviews],
            "settings": {name: getattr(document.settings, name) for name in SHOWN_SETTINGS},
            "factbot": version("factbot"),
            "method": document.method,
        }
    )


def as_claim_review(document: Document) -> bytes:
    """A ClaimReview for each claim that was checked. A reviewer's verdict and name go before factbot's."""
    reviews = [_claim_review(claim, document) for claim in document.claims]
    data = _json({"@context": "https://schema.org", "@graph": reviews})
    return data.replace(b"<", rb"\u003c")  # so that no text can end the script element that it may be put into


def _claim_review(claim: ReviewedClaim, document: Document) -> dict[str, Any]:
    said = next((review for review in reversed(claim.reviews) if review.verdict), None)
    explanation = (said.note if said else "") or claim.check.explanation
    return {
        "@type": "ClaimReview",
        "claimReviewed": single_spaced(clean_text(claim.check.claim)),
        "datePublished": (said.at if said else document.at)[:10],
        "author": (
            {"@type": "Person", "name": clean_text(said.by)}
            if said
            else {"@type": "Organization", "name": "factbot"}
        ),
        "itemReviewed": {
            "@type": "Claim",
            "text": single_spaced(clean_text(claim.check.claim)),
            "appearance": {"@type": "CreativeWork", "name": document.heading},
        },
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": RATINGS[claim.verdict],
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": VERDICTS[claim.verdict][1],
            "ratingExplanation": clean_text(explanation),
        },
        "citation": [_citation(piece) for piece in claim.check.evidence],
    }


def _citation(piece: Evidence) -> dict[str, Any]:
    """The quoted article, with its address where it has one, and the quote."""
    passage = piece.passage
    known = {
        "headline": clean_text(passage.title),
        "url": address_of(piece),
        "datePublished": clean_text(passage.date),
        "publisher": {"@type": "Organization", "name": clean_text(passage.source)} if passage.source else "",
        "text": piece.quote,
    }
    return {"@type": "NewsArticle", **{name: value for name, value in known.items() if value}}


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")
