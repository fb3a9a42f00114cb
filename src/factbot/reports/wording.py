"""How verdicts and the rest of a check are worded for people, on the page and in files alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from factbot.results import ClaimCheck, Report, Stance, Verdict
from factbot.text.normalise import single_spaced
from factbot.text.plurals import counted

__all__ = [
    "STANCES",
    "VERDICTS",
    "checked",
    "counts",
    "how_sure",
    "is_checked",
    "left_out",
    "read_as",
    "sources",
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


def is_checked(claim: ClaimCheck) -> bool:
    """Whether it is a claim that was checked, and not left out."""
    return claim.reason != NOT_CHECKABLE


def checked(report: Report) -> list[ClaimCheck]:
    """The claims that were checked, in order: a card each, numbered from 1."""
    return [claim for claim in report.claims if is_checked(claim)]


def left_out(report: Report) -> list[ClaimCheck]:
    """What is no claim that could be checked: questions, opinions, headings."""
    return [claim for claim in report.claims if not is_checked(claim)]


def summary(report: Report) -> str:
    """ "7 claims: 4 supported, 1 refuted, 2 without enough evidence"; "" for a single one."""
    claims = checked(report)
    if not claims:
        return NO_CLAIM
    if len(claims) == 1:
        return ""
    return f"{counted(len(claims), 'claim')}: {counts(claim.verdict for claim in claims)}"


def counts(verdicts: Iterable[Verdict]) -> str:
    """ "4 supported, 1 refuted, 2 without enough evidence"; only verdicts that there are."""
    numbers = Counter(verdicts)
    return ", ".join(
        f"{numbers[verdict]} {name}" for verdict, (_, _, name) in VERDICTS.items() if numbers[verdict]
    )


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
