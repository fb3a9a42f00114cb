"""How a check is shown: its summary, a card for each claim, and what a number on a card points to.

The HTML of the cards is in `templates/chat/report.html`.
"""

from __future__ import annotations

import re
from typing import Any

from factbot.checking.explanation import in_pieces
from factbot.checking.quotations import quotation_note
from factbot.reports.wording import (
    STANCES,
    VERDICTS,
    checked,
    how_sure,
    left_out,
    read_as,
    sources,
    summary,
    verdict_in_words,
)
from factbot.results import ClaimCheck, Evidence, Passage, Report, Stance

__all__ = ["cards", "left_out", "pointed_at", "spoken", "summary"]


def spoken(report: Report) -> str:
    """What a screen reader is told when a check is done."""
    if whole := summary(report):
        return f"Checked. {whole}"
    (claim,) = checked(report)
    return f"Checked. {verdict_in_words(claim)}, {how_sure(claim.confidence)}. {claim.explanation}"


def cards(report: Report) -> list[dict[str, Any]]:
    """What the template shows of each claim that was checked."""
    return [_card(number, claim, report) for number, claim in enumerate(checked(report), 1)]


def pointed_at(
    report: Report, claim: int | None, evidence: int | None, quotation: int | None
) -> tuple[Passage, tuple[int, int], str] | None:
    """The passage, the span of the words in its article, and the panel's heading for a number on a card.

    `claim` counts the cards from 1; `evidence` and `quotation` count what the claim has of each, from 1 too.
    None where there is no such thing.
    """
    claims = checked(report)
    if claim is None or not 1 <= claim <= len(claims):
        return None
    found = claims[claim - 1]
    name = f"claim {claim}" if len(claims) > 1 else "the claim"
    if evidence is not None and 1 <= evidence <= len(found.evidence):
        piece = found.evidence[evidence - 1]
        heading = f"Evidence [{evidence}], {STANCES[piece.stance][1]} {name}"
        return piece.passage, (piece.quote_start, piece.quote_end), heading
    if quotation is not None and 1 <= quotation <= len(found.quotations):
        quoted = found.quotations[quotation - 1]
        if quoted.passage is not None:
            return quoted.passage, (quoted.start, quoted.end), f"The words that {name} quotes"
    return None


def _card(number: int, claim: ClaimCheck, report: Report) -> dict[str, Any]:
    right = min(99, max(1, round(100 * claim.confidence)))
    evidence = _evidence_by_stance(claim)
    return {
        "number": number,
        "claim": claim,
        "is_only_claim": claim.claim.strip() == report.text.strip(),  # and stands above, as what was typed
        "reading": read_as(claim),
        "sign": VERDICTS[claim.verdict][0],
        "verdict": verdict_in_words(claim),
        "sure": how_sure(claim.confidence),
        "meaning": f"Of a hundred verdicts as sure as this one, about {right} are right",
        "sources": sources(claim),
        "explanation": _explanation(claim),
        "evidence": [(STANCES[stance][0], pieces) for stance, pieces in evidence.items()],
        "evidence_counts": ", ".join(
            f"{len(pieces)} {STANCES[stance][1].removesuffix(' to')}" for stance, pieces in evidence.items()
        ),
    }


def _evidence_by_stance(claim: ClaimCheck) -> dict[Stance, list[tuple[int, Evidence]]]:
    """The pieces of evidence of each stance, with their numbers; only stances that there are."""
    numbered = list(enumerate(claim.evidence, 1))
    lists = {stance: [(n, piece) for n, piece in numbered if piece.stance == stance] for stance in STANCES}
    return {stance: pieces for stance, pieces in lists.items() if pieces}


def _explanation(claim: ClaimCheck) -> list[tuple[str, tuple[int, ...]]]:
    """The explanation as pieces of text, each with the numbers of evidence that follow it.

    Notes on quotations that are shown below it, with their difference, are left out.
    """
    shown_below = [quotation_note(quotation) for quotation in claim.quotations if quotation.passage]
    shown = [part for part in claim.explanation_parts if part not in shown_below]
    return [(re.sub(r"\s+", " ", text), numbers) for text, numbers in in_pieces(shown)]
