"""What facts say, as spans of values, and the rules by which one is judged by another.

"23 million" is anything that rounds to it, "more than 20" anything above, "May 2016" every day of that month: so
numbers and dates, however they are worded, can be compared outright. Names are compared elsewhere; of two values
that are not of one type, or of names, every rule here says that they have nothing to do with each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "MONTH",
    "YEAR",
    "Day",
    "Name",
    "Quantity",
    "Value",
    "agreement",
    "comparable",
    "distance",
    "lone",
    "rivals",
    "same_figure",
]

MONTH, YEAR = 31, 12 * 31  # days


@dataclass(frozen=True)
class Quantity:
    """A number, and from `low` to `high` the values that its words allow.

    `unit` is a measure ("%", "$", "kilometre", "age", "ordinal", "score", "/10" of "7.5/10"), empty for what is
    counted and for a bare number; `base` and `size` convert it ("length", 1000.0). `noun` is the stem of what is
    counted or measured. `added` marks an increase: "10 new", "two more". `score` is a game's pairs.
    """

    value: float
    low: float
    high: float
    hedge: Literal["exact", "about", "at least", "at most", "range"] = "exact"
    unit: str = ""
    base: str = ""
    size: float = 1.0
    noun: str = ""
    added: bool = False
    score: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Day:
    """A date as far as it is given; `low` and `high` are its first and last day, every month counted as 31 days.

    Without a year they count from 1 January. A weekday alone has neither year, month nor day.
    """

    low: float
    high: float
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None

    @property
    def undated(self) -> bool:
        """Whether it has neither year nor month."""
        return self.year is None and self.month is None


Name = tuple[str, ...]  # its words, without case and accents
Value = Quantity | Day | Name


def comparable(claim: Value, other: Value) -> bool:
    """Whether a fact of the evidence can bear the claim's out: both dates; one unit; no two different nouns."""
    if not isinstance(claim, Quantity) or not isinstance(other, Quantity):
        return isinstance(claim, Day) and isinstance(other, Day)
    if claim.unit or other.unit:
        converted = claim.unit == other.unit or (claim.base != "" and claim.base == other.base)
        ranked = not claim.unit and not claim.noun and other.unit == "ordinal"  # "ranked 13" and "the 13th"
        return converted or ranked
    return not claim.noun or not other.noun or claim.noun == other.noun


def same_figure(claim: Quantity, other: Value) -> bool:
    """Whether another fact is the same bare number, whatever it counts."""
    return isinstance(other, Quantity) and not claim.unit and not other.unit and claim.value == other.value


def rivals(claim: Value, other: Value) -> bool:
    """Whether a fact of the evidence can rule the claim's out: of the same noun; a date at least as fine."""
    if isinstance(claim, Quantity) and isinstance(other, Quantity):
        return claim.noun == other.noun != "" and claim.unit == other.unit and claim.added == other.added
    if isinstance(claim, Day) and isinstance(other, Day):
        if claim.undated:
            return other.weekday is not None
        fine = other.high - other.low <= claim.high - claim.low
        return fine and all(theirs is not None or ours is None for ours, theirs in _parts(claim, other))
    return False


def lone(claim: Value, other: Value) -> bool:
    """Whether the only number of a unit, or the only bare one, must be the one that is meant."""
    if not isinstance(claim, Quantity) or not isinstance(other, Quantity) or claim.unit != other.unit:
        return False
    bare = not claim.noun or not other.noun if claim.unit else not claim.noun and not other.noun
    return bare and claim.added == other.added


def distance(claim: Value, other: Value) -> tuple[int, float]:
    """How far a rival is from what is claimed: the parts of a date that differ, then the difference."""
    if isinstance(claim, Quantity) and isinstance(other, Quantity):
        return 0, abs(claim.value - other.value)
    if isinstance(claim, Day) and isinstance(other, Day):
        return sum(ours != theirs for ours, theirs in _parts(claim, other)), abs(claim.low - other.low)
    return 0, 0.0


def _parts(claim: Day, other: Day) -> list[tuple[int | None, int | None]]:
    return [(claim.year, other.year), (claim.month, other.month), (claim.day, other.day)]


def agreement(claim: Value, evidence: Value) -> bool | None:
    """Whether what the evidence gives bears out the claim (True), rules it out (False), or leaves it open.

    A figure agrees with a more exact one that rounds to it; a coarser figure or date that takes the claim's in
    leaves it open. Scores agree whichever side is named first.
    """
    if isinstance(claim, Quantity) and isinstance(evidence, Quantity):
        return _same_quantity(claim, evidence)
    if isinstance(claim, Day) and isinstance(evidence, Day):
        return _same_day(claim, evidence)
    return None


def _same_quantity(claim: Quantity, evidence: Quantity) -> bool | None:
    if claim.score or evidence.score:
        return [sorted(pair) for pair in claim.score] == [sorted(pair) for pair in evidence.score]
    given = whole = (evidence.low, evidence.high)
    if evidence.hedge in ("exact", "about") and claim.hedge != "range":
        given = (evidence.value, evidence.value)
    scale = evidence.size / claim.size if evidence.base == claim.base else 1.0
    return _within((claim.low, claim.high), given, whole, scale)


def _same_day(claim: Day, evidence: Day) -> bool | None:
    if claim.undated:
        return None if evidence.weekday is None else claim.weekday == evidence.weekday
    spans = [(day.low, day.high) for day in (claim, evidence)]
    if (claim.year is None) != (evidence.year is None):
        if claim.month is None or evidence.month is None:
            return None
        spans = [(_in_year(low), _in_year(high)) for low, high in spans]
    elif evidence.undated:
        return None
    return _within(spans[0], spans[1], spans[1])


def _in_year(day: float) -> float:
    return day % YEAR if math.isfinite(day) else day


def _within(
    claim: tuple[float, float], given: tuple[float, float], whole: tuple[float, float], scale: float = 1.0
) -> bool | None:
    """Whether the span given lies in the claim's (True), the whole of it outside (False), or neither."""
    fuzz = 1e-9 if scale != 1.0 else 0.0  # a conversion is never exact in binary
    if claim[0] <= given[0] * scale * (1 + fuzz) and given[1] * scale * (1 - fuzz) <= claim[1]:
        return True
    return False if whole[1] * scale < claim[0] or claim[1] < whole[0] * scale else None
