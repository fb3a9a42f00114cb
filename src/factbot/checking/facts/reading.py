"""The numbers, dates, times and names of a text, where they stand, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from factbot.checking.facts.amounts.changes import derived
from factbot.checking.facts.amounts.quantities import read_quantity
from factbot.checking.facts.dates import read_date
from factbot.checking.facts.moments import read_clock, relative_days, resolved
from factbot.checking.facts.names import capitalised, find_names
from factbot.checking.facts.values import Clock, Day, Quantity, Value
from factbot.text.tokens import TokenizedText

__all__ = ["Fact", "Kind", "Reading", "find_facts", "is_appearance", "read_facts"]

Kind = Literal["number", "date", "name"]
BEFORE_DENIED = frozenset({"on", "in", "at", "for", "by", "the"})  # "on Tuesday, not on Monday"
JOINS_DENIED = frozenset({",", "and", "but", "—", "–"})
KINDS: dict[type, Kind] = {Quantity: "number", Day: "date", Clock: "date", tuple: "name"}


@dataclass(frozen=True)
class Fact:
    """A number, date or name as it stands in a text: `text[start:end]` of the whole is its `text`, always.

    `value` is a Quantity for a number, a Day or a Clock for a date, and the words of a name without case and
    accents.
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: Value


@dataclass(frozen=True)
class Reading:
    """The facts of a text, which never overlap: those that it states, and those that it denies ("and not twelve").

    Beside them those that follow from them, and which days are told from its own.
    """

    stated: list[Fact]
    denied: list[Fact]
    implied: list[Fact]
    relative: frozenset[Value]


def is_appearance(fact: Fact, evidence: str) -> bool:
    """Whether a fact of the evidence is the day when its article appeared, as `titled.under_title` writes it."""
    before, after = evidence[max(0, fact.start - 1) : fact.start], evidence[fact.end : fact.end + 3]
    return fact.kind == "date" and ((not before and after[:2] == ". ") or (before == "(" and after == "). "))


def find_facts(text: str) -> list[Fact]:
    """The numbers, dates and names of a text, in the order in which they stand; they never overlap."""
    tokenized = TokenizedText(text)
    reading = read_facts(tokenized, capitalised(tokenized))
    return sorted(reading.stated + reading.denied, key=lambda fact: fact.start)


def read_facts(text: TokenizedText, known: frozenset[str]) -> Reading:
    """The facts of a text, in order; `known` are the words that are names also at the start of a sentence.

    Times and dates first, for their numbers are no numbers; then all else that counts or measures, then names.
    """
    found: list[tuple[int, int, Value]] = [*text.read(read_clock)]
    found += _days(text, list(text.read(read_date)))
    numbers = list(text.read(read_quantity))
    found += [*numbers, *find_names(text, known)]
    found.sort(key=lambda each: each[0])
    denied = [_fact(text, *each) for each in found if _is_denied(text, *each)]
    stated = [_fact(text, *each) for each in found if not _is_denied(text, *each)]
    told = frozenset(fact.value for fact in stated if _is_relative(fact))
    implied = [_fact(text, *each) for each in derived(text, numbers)]
    return Reading(stated, denied, implied, told)


def _is_denied(text: TokenizedText, begin: int, _: int, value: Value) -> bool:
    """Whether a figure or date is named as what it is not: "fifteen and not twelve", "instead of 40 crowns"."""
    if isinstance(value, tuple):
        return False
    before = text.words[max(0, begin - 3) : begin]
    if before[-1:] and before[-1] in BEFORE_DENIED:
        before = before[:-1] if before[:-1][-1:] == ["not"] and before[0] in JOINS_DENIED else []
    return before[-1:] == ["not"] or before[-2:] in (["rather", "than"], ["instead", "of"])


def _fact(text: TokenizedText, begin: int, end: int, value: Value) -> Fact:
    start, stop = text.tokens[begin].start, text.tokens[end - 1].end
    return Fact(KINDS[type(value)], text.text[start:stop], start, stop, value)


def _is_relative(fact: Fact) -> bool:
    """Whether a day with a date is told from the article's own: no figure stands in its words."""
    return isinstance(fact.value, Day) and not fact.value.undated and not any(c.isdigit() for c in fact.text)


def _days(text: TokenizedText, dates: Sequence[tuple[int, int, Day]]) -> Iterator[tuple[int, int, Value]]:
    """The dates of a text, with those that are told from the day on which its article appeared."""
    headers: list[tuple[int, date]] = []
    for begin, end, day in dates:
        appeared = _calendar(day) if is_appearance(_fact(text, begin, end, day), text.text) else None
        if appeared:
            headers.append((end, appeared))
        told = resolved(text, begin, day, headers[-1][1]) if headers and day.undated else day
        yield begin, end, told
    for n, (end, appeared) in enumerate(headers):
        stop = headers[n + 1][0] if n + 1 < len(headers) else len(text.tokens)
        yield from relative_days(text, end, stop, appeared)


def _calendar(day: Day) -> date | None:
    if not (day.year and day.month and day.day):
        return None
    try:
        return date(day.year, day.month, day.day)
    except ValueError:
        return None
