"""Dates as people write them: "12 May 2016", "May 12", "2016-05-12", "the 1990s", "before 2016", "Monday"."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from factbot.checking.facts.amounts.nouns import is_plural_noun
from factbot.checking.facts.amounts.numerals import ORDINAL_ENDS, SCALES
from factbot.checking.facts.amounts.units import CURRENCIES, PERCENT, SIGNS, UNITS
from factbot.checking.facts.values import MONTH, YEAR, Day
from factbot.text.tokens import DASHES, TokenizedText, word_set

__all__ = ["MONTHS", "MONTH_NAMES", "WEEKDAYS", "read_date"]

_MONTHS = "january february march april may june july august september october november december"
MONTH_NAMES = [name.capitalize() for name in _MONTHS.split()]
MONTHS = {name: number for number, name in enumerate(_MONTHS.split(), 1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAYS = {name: number for number, name in enumerate(_WEEKDAYS.split())}
BEFORE_DATES = word_set("in of by since until till from during before after early late mid last next this every")
BEFORE_YEARS = BEFORE_DATES | word_set("the a an this its their his her our")  # "the 2016 elections", "2016 votes"
MEASURED = UNITS.keys() | PERCENT | SCALES.keys() | CURRENCIES.keys() | {"bc", "bce"}  # no year is before these
EDGES: dict[str, Literal["", "start", "end"]] = {"since": "start", "from": "start", "until": "end", "till": "end"}
EDGED = 5  # words before a date in which "until the end of" stands
YEARS = range(1000, 2100)  # four digits that are a year after "in", or after a month
PLAIN_YEARS = range(1500, 2050)  # and those that are one even without

Found = tuple[int, int, Day]  # first token, token after the last, the date


def read_date(text: TokenizedText, at: int) -> Found | None:
    """The date that a token begins: its first token, the token after its last, the date.

    A word before it that sets a bound ("before", "prior to", "by", "after") belongs to it.
    """
    word = text.words[at]
    if word[0].isdigit():
        return _in_figures(text, at) or _day_first(text, at) or _year(text, at)
    if not text.tokens[at].text[0].isupper():
        return None
    return _weekday(text, at) if word in WEEKDAYS else _month_first(text, at)


def _weekday(text: TokenizedText, at: int) -> Found:
    """Monday, and Monday, 12 May."""
    weekday = WEEKDAYS[text.words[at]]
    following = at + 1 + (text.words[at + 1] == ",")
    dated = _day_first(text, following) or _month_first(text, following)
    if dated and dated[2].day:
        return at, dated[1], replace(dated[2], weekday=weekday)
    return at, at + 1, Day(0, 0, weekday=weekday)


def _in_figures(text: TokenizedText, at: int) -> Found | None:
    """2016-05-12, and the season 2019/20."""
    parts = text.words[at : at + 5]
    if parts[1] == parts[3] == "-" and [len(part) for part in parts[::2]] == [4, 2, 2]:
        year, month, day = map(_figures, parts[::2])
        if year and month in range(1, 13) and day in range(1, 32) and text.adjacent(at, at + 4):
            return _dated(text, at, at + 5, year, month, day)
    first, _, last = parts[0].partition("/")
    if (year := _figures(first)) in PLAIN_YEARS and len(last) == 2 and _figures(last) == (year + 1) % 100:
        return at, at + 1, Day(year * YEAR, (year + 2) * YEAR - 1, year)
    return None


def _day_first(text: TokenizedText, at: int) -> Found | None:
    """12 May 2016, the 12th of May, 12-14 May."""
    first = last = _day(text.words[at])
    if first is None:
        return None
    end = at + 1
    if (text.words[end] in DASHES or text.words[end] in ("to", "and")) and _day(text.words[end + 1]):
        last, end = _day(text.words[end + 1]), end + 2
    end += text.words[end] == "of"
    month = MONTHS.get(text.words[end])
    if month is None or not text.tokens[end].text[0].isupper():
        return None
    year, end = _year_after(text, end + 1)
    return _dated(text, at, end, year, month, first, last)


def _month_first(text: TokenizedText, at: int) -> Found | None:
    """May 12, 2016, May 2016, and May alone where a word before it says that it is no name or verb."""
    word, before = text.words[at], text.words[at - 1]
    month = MONTHS.get(word)
    if month is None:
        return None
    end = at + 1 + (text.words[at + 1] == "." and len(word) < 5)
    first = last = _day(text.words[end])
    if first:
        end += 1
        if text.words[end] in DASHES and _day(text.words[end + 1]):
            last, end = _day(text.words[end + 1]), end + 2
    year, end = _year_after(text, end)
    if first and not year and before == "in":  # "in May 12 people" tells of twelve people
        return _dated(text, at, at + 1, None, month)
    if year or first or before in BEFORE_DATES:
        return _dated(text, at, end, year, month, first, last)
    return None


def _year(text: TokenizedText, at: int) -> Found | None:
    """2016, 2010-2015, the 1990s: four digits that count nothing."""
    word, before, after = text.words[at], text.words[at - 1], text.words[at + 1]
    year = _figures(word.removesuffix("s")) if word[-1] != "s" or len(word) == 5 else 0
    if year not in PLAIN_YEARS and (year not in YEARS or before not in BEFORE_DATES):
        return None
    owned = after in "'’" and text.words[at + 2] == "s"  # 1990's
    if word[-1] == "s" or (owned and year % 10 == 0):
        span = 10 if year % 100 else 100  # the 1800s are a century
        return at, at + (3 if owned else 1), Day(year * YEAR, (year + span) * YEAR - 1, year)
    if after in DASHES:
        other = text.words[at + 2]
        last = _figures(other) + (year // 100 * 100 if len(other) == 2 else 0)
        return (at, at + 3, Day(year * YEAR, (last + 1) * YEAR - 1, year)) if year < last < YEARS.stop else None
    counted = is_plural_noun(after) and before not in BEFORE_YEARS
    if counted or after in MEASURED or before in SIGNS or before in ("than", "over", "nearly"):
        return None
    return _dated(text, at, at + 1, year)


def _year_after(text: TokenizedText, at: int) -> tuple[int | None, int]:
    """A year that ends a date, and the token after it; no year leaves the token where it was."""
    skipped = at + (text.words[at] == ",")
    year = _figures(text.words[skipped])
    return (year, skipped + 1) if year in YEARS else (None, at)


def _day(word: str) -> int | None:
    """The day of a month that a word gives ("12", "12th"), None where it gives none."""
    day = _figures(word[:-2] if word[-2:] in ORDINAL_ENDS else word)
    return day if 0 < day < 32 else None


def _figures(word: str) -> int:
    """A short whole number in figures, 0 for everything else."""
    return int(word) if len(word) < 5 and word.isdecimal() else 0


def _dated(
    text: TokenizedText,
    at: int,
    end: int,
    year: int | None,
    month: int | None = None,
    day: int | None = None,
    last: int | None = None,
) -> Found:
    """A date at the tokens at:end, from a day to the last that is given, with the word before that bounds it."""
    low = (year or 0) * YEAR + ((month or 1) - 1) * MONTH + (day or 1) - 1.0
    whole = MONTH if month else YEAR
    high = low + (max((last or day) - day, 0) if day else whole - 1)
    begin = at - 1 - (text.words[at - 2 : at] == ["prior", "to"])
    bound = text.words[begin] if text.words[begin - 1] not in UNITS else ""  # not in "two days before"
    if bound in ("before", "prior"):
        low, high = -math.inf, low - 1
    elif bound == "by":
        low = -math.inf
    elif bound == "after":
        low, high = high + 1, math.inf
    else:
        begin = at
    return begin, end, Day(low, high, year, month, day, edge=_edge(text, begin))


def _edge(text: TokenizedText, begin: int) -> Literal["", "start", "end"]:
    """Whether something began or ended on a date: "since 1998", "from 1 May", "until the end of 2023"."""
    for at in range(begin - 1, max(-1, begin - EDGED), -1):
        word = text.words[at]
        if word in EDGES:
            return EDGES[word]
        if word not in ("the", "end", "of", "early", "late", "beginning", "mid", "at", "least"):
            return ""
    return ""
