"""What facts say, as spans of values, and the rules by which one is judged by another.

"23 million" is anything that rounds to it, "more than 20" anything above, "May 2016" every day of that month: so
numbers and dates, however they are worded, can be compared outright. Names are compared elsewhere; of two values
that are not of one type, or of names, every rule here says that they have nothing to do with each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from factbot.checking.facts.amounts.units import FAMILIES, MONEY

__all__ = [
    "DAY",
    "MONTH",
    "YEAR",
    "Clock",
    "Day",
    "Name",
    "Quantity",
    "Value",
    "agreement",
    "bears_out",
    "comparable",
    "distance",
    "lone",
    "make_a_whole",
    "rivals",
    "same_number",
]

MONTH, YEAR = 31, 12 * 31  # days
DAY = 24 * 60  # minutes
CONVERTED = 0.02  # the share by which a figure in another unit may be off, where both are rounded
ROUNDED = 0.1  # the share by which a small whole one may be: "3 feet" are a metre, "a year" is not six months
COARSE = 0.05  # the share by which one that ends in zeros may be off, seen from another unit
SCALES = ("celsius", "fahrenheit")
EXACT = 1e-9  # a conversion is never exact in binary


@dataclass(frozen=True)
class Quantity:
    """A number, and from `low` to `high` the values that its words allow.

    `unit` is a measure ("%", "points", "times", "$", "kilometre", "age", "ordinal", "score", "/10" of a rating),
    empty for what is counted and for a bare number; `base` and `size` convert it ("length", 1000.0). `noun` is
    the stem of what is counted or measured. `added` marks an increase: "10 new", "two more". `score` is a game's
    pairs. `change` tells that it is by how much something rose ("up"), fell ("down") or differs ("by"), and not
    how much there is.
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
    change: Literal["", "up", "down", "by"] = ""


@dataclass(frozen=True)
class Day:
    """A date as far as it is given; `low` and `high` are its first and last day, every month counted as 31 days.

    Without a year they count from 1 January. A weekday alone has neither year, month nor day. `edge` tells that
    something began then ("since 2016") or ended ("until 2016").
    """

    low: float
    high: float
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    edge: Literal["", "start", "end"] = ""

    @property
    def undated(self) -> bool:
        """Whether it has neither year nor month."""
        return self.year is None and self.month is None


@dataclass(frozen=True)
class Clock:
    """A time of day, in minutes after midnight; it may be off by `slack` minutes."""

    minute: float
    slack: float = 0.0


Name = tuple[str, ...]  # its words, without case and accents
Value = Quantity | Day | Clock | Name


def comparable(claim: Value, other: Value) -> bool:
    """Whether a fact of the evidence can bear the claim's out: both dates; one unit; no two different nouns."""
    if not isinstance(claim, Quantity) or not isinstance(other, Quantity):
        return type(claim) is type(other) and not isinstance(claim, tuple)
    if claim.unit or other.unit:
        converted = claim.unit == other.unit or (claim.base != "" and claim.base == other.base)
        ranked = not claim.unit and not claim.noun and other.unit == "ordinal"  # "ranked 13" and "the 13th"
        return converted or ranked or claim.unit in _family(other.unit) or other.unit in _family(claim.unit)
    return not claim.noun or not other.noun or claim.noun == other.noun


def _family(unit: str) -> tuple[str, ...]:
    return (FAMILIES[unit],) if unit in FAMILIES else ()


def same_number(claim: Value, other: Value) -> bool:
    """Whether two facts are the same bare number, whatever each counts."""
    if not isinstance(claim, Quantity) or not isinstance(other, Quantity):
        return False
    return not claim.unit and not other.unit and claim.value == other.value


def rivals(claim: Value, other: Value) -> bool:
    """Whether a fact of the evidence can rule the claim's out: of the same noun; a date at least as fine.

    The same sum in another currency rules it out too.
    """
    if isinstance(claim, Quantity) and isinstance(other, Quantity):
        if claim.unit in MONEY and other.unit in MONEY and not comparable(claim, other):
            return claim.value == other.value
        measured = claim.unit == other.unit or (
            claim.base == other.base != "" and "degree" not in (claim.unit, other.unit)
        )
        same = claim.noun == other.noun != "" and measured and claim.added == other.added
        return same and bool(claim.change) == bool(other.change)
    if isinstance(claim, Day) and isinstance(other, Day):
        if claim.undated:
            return other.weekday is not None
        fine = other.high - other.low <= claim.high - claim.low
        return fine and all(theirs is not None or ours is None for ours, theirs in _parts(claim, other))
    return isinstance(claim, Clock) and isinstance(other, Clock)


def make_a_whole(claim: Quantity, other: Value) -> bool:
    """Whether two shares may be those who did and those who did not: 40 and 60 per cent."""
    if not isinstance(other, Quantity):
        return False
    return claim.unit == other.unit == "%" and not claim.change and other.low <= 100 - claim.value <= other.high


def lone(claim: Value, other: Value) -> bool:
    """Whether the only number of a unit, or the only bare one, must be the one that is meant."""
    if not isinstance(claim, Quantity) or not isinstance(other, Quantity) or not comparable(claim, other):
        return False
    if "degree" in (claim.unit, other.unit) and claim.unit != other.unit:
        return False  # of which scale, it does not say
    bare = not claim.noun or not other.noun if claim.unit else not claim.noun and not other.noun
    return bare and claim.added == other.added and bool(claim.change) == bool(other.change)


def distance(claim: Value, other: Value) -> tuple[int, float]:
    """How far a rival is from what is claimed: the parts of a date that differ, then the difference."""
    if isinstance(claim, Quantity) and isinstance(other, Quantity):
        return 0, abs(claim.value - _measured(other, claim).value)
    if isinstance(claim, Day) and isinstance(other, Day):
        return sum(ours != theirs for ours, theirs in _parts(claim, other)), abs(claim.low - other.low)
    if isinstance(claim, Clock) and isinstance(other, Clock):
        return 0, abs(claim.minute - other.minute)
    return 0, 0.0


def _parts(claim: Day, other: Day) -> list[tuple[int | None, int | None]]:
    return [(claim.year, other.year), (claim.month, other.month), (claim.day, other.day)]


def bears_out(value: Value, claimed: Value) -> bool:
    """Whether a fact of the evidence can bear the claim's out, and does."""
    return comparable(claimed, value) and bool(agreement(claimed, value))


def agreement(claim: Value, evidence: Value) -> bool | None:
    """Whether what the evidence gives bears out the claim (True), rules it out (False), or leaves it open.

    A figure agrees with a more exact one that rounds to it; a coarser figure or date that takes the claim's in
    leaves it open. Scores agree whichever side is named first.
    """
    if isinstance(claim, Quantity) and isinstance(evidence, Quantity):
        return _same_quantity(claim, evidence)
    if isinstance(claim, Day) and isinstance(evidence, Day):
        return _same_day(claim, evidence)
    if isinstance(claim, Clock) and isinstance(evidence, Clock):
        return _same_time(claim, evidence)
    return None


# -- quantities ------------------------------------------------------------------------------------


def _same_quantity(claim: Quantity, evidence: Quantity) -> bool | None:
    if claim.score or evidence.score:
        return [sorted(pair) for pair in claim.score] == [sorted(pair) for pair in evidence.score]
    ways = {claim.change, evidence.change}
    if ways == {"up", "down"}:
        return False
    if claim.unit != evidence.unit and claim.base and claim.base == evidence.base:
        found = _converted(claim, evidence)
    else:
        given = whole = (evidence.low, evidence.high)
        if evidence.hedge in ("exact", "about") and claim.hedge != "range":
            given = (evidence.value, evidence.value)
        found = _within((claim.low, claim.high), given, whole)
    # "8 percent" is no change by 8 percent, though it may be worded so that the change is not seen.
    return found if len(ways) == 1 or "" not in ways or found else None


def _measured(quantity: Quantity, unit: Quantity) -> Quantity:
    """A quantity in the unit of another one of its base."""
    if quantity.base == "temperature" and not quantity.change and not quantity.added:
        turned = (_degrees(quantity.unit, unit.unit, x) for x in (quantity.value, quantity.low, quantity.high))
    else:
        scale = quantity.size / unit.size if quantity.base == unit.base else 1.0
        turned = (x * scale for x in (quantity.value, quantity.low, quantity.high))
    value, low, high = turned
    return replace(quantity, value=value, low=low, high=high)


def _degrees(scale: str, wanted: str, value: float) -> float:
    """Degrees of one scale in another."""
    if scale == "fahrenheit" and wanted == "celsius":
        return (value - 32) * 5 / 9
    return value * 9 / 5 + 32 if scale == "celsius" and wanted == "fahrenheit" else value


def _converted(claim: Quantity, evidence: Quantity) -> bool | None:
    """Agreement over two units, each figure right to the precision given: 24 miles are 38 or 39 km."""
    if "degree" in (claim.unit, evidence.unit):  # of which scale, it does not say
        scales = [replace(evidence, unit=scale) for scale in SCALES] if evidence.unit == "degree" else [evidence]
        ours = [replace(claim, unit=scale) for scale in SCALES] if claim.unit == "degree" else [claim]
        return True if any(_same_quantity(one, other) for one in ours for other in scales) else None
    theirs = _measured(evidence, claim)
    off = min(_precision(claim.value), ROUNDED * abs(claim.value))
    low, high = (claim.value - off, claim.value + off) if claim.hedge == "exact" else (claim.low, claim.high)
    fuzz = EXACT * abs(theirs.value)
    if low - fuzz <= theirs.value <= high + fuzz and theirs.hedge != "range":
        return True
    slack = _precision(evidence.value) * abs(evidence.size / claim.size)
    near = abs(claim.value - theirs.value) <= min(slack, CONVERTED * abs(theirs.value))
    if near and claim.hedge in ("exact", "about"):
        return True
    return _within((low, high), (theirs.low, theirs.high), (theirs.low - slack, theirs.high + slack))


def _precision(value: float) -> float:
    """By how much a figure may be off that is given with so many places, or that ends in so many zeros."""
    if not math.isfinite(value) or value != round(value):
        places = len(f"{value:.6g}".partition(".")[2]) if math.isfinite(value) else 0
        return 10.0**-places / 2
    figures = f"{abs(value):.0f}"
    zeros = len(figures) - len(figures.rstrip("0"))
    return max(0.5, min(10.0**zeros / 2, COARSE * abs(value))) if value else 0.5


# -- days and times --------------------------------------------------------------------------------


def _same_time(claim: Clock, evidence: Clock) -> bool | None:
    off = abs(claim.minute - evidence.minute)
    off = min(off, DAY - off)
    if off <= claim.slack:
        return True
    return None if off <= claim.slack + evidence.slack else False


def _same_day(claim: Day, evidence: Day) -> bool | None:
    if claim.undated:
        return None if evidence.weekday is None else claim.weekday == evidence.weekday
    if claim.edge and evidence.edge and claim.edge != evidence.edge:
        return None
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


def _within(claim: tuple[float, float], given: tuple[float, float], whole: tuple[float, float]) -> bool | None:
    """Whether the span given lies in the claim's (True), the whole of it outside (False), or neither."""
    if claim[0] <= given[0] and given[1] <= claim[1]:
        return True
    return False if whole[1] < claim[0] or claim[1] < whole[0] else None
