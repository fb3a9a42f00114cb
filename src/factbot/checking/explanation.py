"""Why a claim got its verdict, in a sentence or two made of the evidence itself."""

from __future__ import annotations

from collections.abc import Sequence

from factbot.checking.facts.compare import Comparison, Mismatch, described
from factbot.results import Evidence, Verdict
from factbot.text.dates import readable_date
from factbot.text.normalise import single_spaced

__all__ = ["LEANINGS", "explain", "shortened"]

LONGEST_QUOTE = 240  # characters
SILENT = "The corpus says nothing about this."
LEANINGS: dict[Verdict, str] = {
    "supported": "leans towards supported",
    "refuted": "leans towards refuted",
    "conflicting": "seems to conflict",
}


def explain(
    verdict: Verdict,
    evidence: Sequence[Evidence],
    independent_sources: int,
    compared: Comparison | None = None,
    leaning: str = "",
    phrased: str = "",
) -> str:
    """The explanation of a verdict; `[n]` counts `evidence` from 1.

    `compared` are the claim's facts beside the words of the first evidence; `leaning` says what the evidence does
    ("leans towards refuted"), not surely enough for a verdict, "" where it does nothing. `phrased` says in other
    words what the evidence for a verdict says, "" to quote it.
    """
    if not evidence:
        return SILENT
    mismatch = compared.mismatches[0] if compared and compared.mismatches else None
    for_it = [(n, e) for n, e in enumerate(evidence, 1) if e.stance == "supports"]
    against = [(n, e) for n, e in enumerate(evidence, 1) if e.stance == "refutes"]
    if verdict == "supported" and for_it:
        told = f" {phrased}" if phrased else f" {_quoted(*for_it[0])}{_also(for_it)}."
        return f"{_sources(independent_sources)} this:{told}"
    if verdict == "refuted" and against:
        told = f" {phrased}" if phrased else f" {_quoted(*against[0])}{_also(against)}."
        return f"{_against(mismatch)}:{told}"
    if verdict == "conflicting" and for_it and against:
        return f"The articles disagree. For it: {_dated(*for_it[0])}. Against it: {_dated(*against[0])}."
    return _undecided(evidence, mismatch, compared, leaning)


def _against(mismatch: Mismatch | None) -> str:
    if mismatch:
        said = described(mismatch)
        return f"{said[:1].upper()}{said[1:]}"
    return "The corpus says otherwise"


def _undecided(
    evidence: Sequence[Evidence], mismatch: Mismatch | None, compared: Comparison | None, leaning: str
) -> str:
    text = f"The nearest words do not decide it: {_quoted(1, evidence[0])}."
    if leaning:
        text = f"The evidence {leaning}, but not surely enough: {_quoted(1, evidence[0])}."
    if mismatch:
        said = described(mismatch)
        return f"{text} Note that {said}."
    if compared and compared.missing:
        return f"{text} They do not mention {', '.join(fact.text for fact in compared.missing[:3])}."
    return text


def _sources(number: int) -> str:
    return "One source supports" if number == 1 else f"{number} independent sources support"


def _quoted(number: int, evidence: Evidence) -> str:
    return f"“{shortened(evidence.quote)}” [{number}]"


def _dated(number: int, evidence: Evidence) -> str:
    day = f" ({readable_date(evidence.passage.date)})" if evidence.passage.date else ""
    return f"{_quoted(number, evidence)}{day}"


def _also(found: Sequence[tuple[int, Evidence]]) -> str:
    further = "".join(f" [{number}]" for number, _ in found[1:])
    return f"; also{further}" if further else ""


def shortened(quote: str) -> str:
    """A quote as an explanation gives it: on one line, without its last full stop, cut where it is long."""
    text = single_spaced(quote)
    if len(text) <= LONGEST_QUOTE:
        return text.rstrip(".")
    return text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
