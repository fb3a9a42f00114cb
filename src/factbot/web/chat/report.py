"""How a check is shown: its summary, a card for each claim, and what a number on a card points to.

The HTML of the cards is in `templates/chat/report.html`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from factbot.checking.explanation import in_pieces
from factbot.checking.quotations import quotation_note
from factbot.results import ClaimCheck, Evidence, Passage, Report, Stance, Verdict
from factbot.text.normalise import single_spaced
from factbot.text.plurals import counted

__all__ = [
    "STANCES",
    "cards",
    "checked",
    "how_sure",
    "left_out",
    "pointed_at",
    "read_as",
    "sources",
    "spoken",
    "summary",
    "verdict_in_words",
]

NOT_CHECKABLE = "not_checkable"
NO_CLAIM = "There is no statement here that articles could bear out."

# Each verdict's sign, its name, and its name in a count. Its colour and the frame of its sign are in style.css.
VERDICTS: dict[Verdict, tuple[str, str, str]] = {
    "supported": ("✓", "Supported", "supported"),
    "refuted": ("✗", "Refuted", "refuted"),
    "conflicting": ("⇄", "Conflicting", "conflicting"),
    "not_enough_evidence": ("?", "Not enough evidence", "without enough evidence"),
}
REASONS = {"corpus_silent": "the articles are silent", "inconclusive": "the articles do not settle it"}
STANCES: dict[Stance, tuple[str, str]] = {  # in a list's heading, and in the panel's
    "supports": ("For it", "for"),
    "refutes": ("Against it", "against"),
    "neither": ("Nearest, but it decides nothing", "nearest to"),
}


def checked(report: Report) -> list[ClaimCheck]:
    """The claims that were checked, in order: a card each, numbered from 1."""
    return [claim for claim in report.claims if claim.reason != NOT_CHECKABLE]


def left_out(report: Report) -> list[ClaimCheck]:
    """What is no claim that could be checked: questions, opinions, headings."""
    return [claim for claim in report.claims if claim.reason == NOT_CHECKABLE]


def summary(report: Report) -> str:
    """ "7 claims: 4 supported, 1 refuted, 2 without enough evidence"; "" for a single one."""
    claims = checked(report)
    if not claims:
        return NO_CLAIM
    if len(claims) == 1:
        return ""
    numbers = Counter(claim.verdict for claim in claims)
    parts = [f"{numbers[verdict]} {name}" for verdict, (_, _, name) in VERDICTS.items() if numbers[verdict]]
    return f"{counted(len(claims), 'claim')}: {', '.join(parts)}"


def spoken(report: Report) -> str:
    """What a screen reader is told when a check is done."""
    if whole := summary(report):
        return f"Checked. {whole}"
    (claim,) = checked(report)
    return f"Checked. {verdict_in_words(claim)}, {how_sure(claim.confidence)}. {claim.explanation}"


def verdict_in_words(claim: ClaimCheck) -> str:
    """ "Refuted"; where there is not enough evidence, with the reason."""
    reason = REASONS.get(claim.reason or "")
    return f"{VERDICTS[claim.verdict][1]}{f': {reason}' if reason else ''}"


def how_sure(confidence: float) -> str:
    """ "93 % sure"; it never claims to be certain."""
    percent = round(100 * confidence)
    return "over 99 % sure" if percent > 99 else "under 1 % sure" if percent < 1 else f"{percent} % sure"


def sources(claim: ClaimCheck) -> str:
    """ "2 independent sources"; "" where there are none."""
    return counted(claim.independent_sources, "independent source") if claim.independent_sources else ""


def read_as(claim: ClaimCheck) -> str:
    """How a claim was read, "" where it was read as it stands."""
    reading = single_spaced(claim.standalone)
    return "" if reading == single_spaced(claim.claim) else reading


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
