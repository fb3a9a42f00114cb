"""What a question asks for: an amount, a date, a name, a place; yes or no; one of two; on which days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from factbot.errors import UsageError
from factbot.text.dates import iso_date, readable_date
from factbot.text.english import any_of

__all__ = ["DaysMeant", "Kind", "about_one", "days_meant", "kind_of", "sides"]

Kind = Literal["amount", "date", "who", "which", "place", "yes_no", "other"]

_AUXILIARY = any_of("is are was were did does do has have had will would can could should may must")
# What may stand in front of the asking word: "And who won?", "Hello, in which year ...", "By whom was it built?".
_FRONT = rf"^(?:(?:{any_of('and but so or also then well please hello hi hey')})\b[,!.]?\s+)*"
_WITH = rf"(?:(?:{any_of('in at on from to for by with of since until during near under')})\s+)?"
_PLACES = any_of(
    "country countries state states city cities town towns village island continent county region province nation "
    "place street river lake"
)
_TIMES = any_of("year month day date weekday decade century time")
_AMOUNTS = any_of("percentage percent proportion share number amount sum price total age")
_SIZES = any_of("many much old long far high tall big large deep wide heavy fast often")
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    ("amount", rf"\bhow\s+(?:{_SIZES})\b|\bwh(?:at|ich)\s+(?:(?:is|was)\s+the\s+)?(?:{_AMOUNTS})\b"),
    ("date", rf"{_FRONT}(?:{_WITH}when)\b|\bwh(?:at|ich)\s+(?:{_TIMES})\b"),
    ("place", rf"{_FRONT}(?:where\b(?!as))|\bwh(?:at|ich)\s+(?:[\w.-]+\s+)?(?:{_PLACES})\b"),
    ("who", rf"{_FRONT}{_WITH}(?:who|whom|whose)\b(?!\s+(?:is|was|are|were)\s+(?-i:[A-Z])[\w.'’ -]*\?*$)"),
    ("which", rf"{_FRONT}{_WITH}which\s+(?!{_AUXILIARY}|of\b|one\b)[a-z]"),
    ("yes_no", rf"{_FRONT}(?:{_AUXILIARY})(?:n['’]t)?\b"),
)
_KINDS = [(kind, re.compile(pattern, re.I)) for kind, pattern in _PATTERNS]
_SENTENCE_ENDS = re.compile(r"(?<=[.?!])\s+(?=\S)")


def kind_of(question: str) -> Kind:
    """What would answer a question; of several sentences the last one asks."""
    asking = _SENTENCE_ENDS.split(question.strip())[-1]
    return next((kind for kind, pattern in _KINDS if pattern.search(asking)), "other")


# -- one of two ------------------------------------------------------------------------------------

_NAME = r"(?-i:[A-Z][\w.'’-]*(?:\s+(?:(?:of|de|van|von)\s+)?[A-Z][\w.'’-]*)*)"
_NOUN = r"(?-i:[a-z][a-z-]*)"
_ENDS = r"(?=,?\s+(?:or|and)\b|\W*$)"
# "Pell Harrow", "the Orrin Point lighthouse", "the library of Quillon", "the old mill".
_THING = (
    rf"(?:(?:the\s+)?{_NAME}\s+{_NOUN}{_ENDS}|(?:the\s+)?{_NAME}|the\s+{_NOUN}\s+of\s+{_NAME}"
    rf"|the\s+{_NOUN}\s+{_NOUN}{_ENDS}|the\s+{_NOUN})"
)
_EITHER = re.compile(rf"({_THING}),?\s+or\s+({_THING})", re.I)
_BOTH = re.compile(
    rf"\b(?:both|(?:which|who|whom) of|differences? between|compare|how do(?:es)?)\s+({_THING})"
    rf"\s+and\s+({_THING})",
    re.I,
)
_THAN = r"(?:than|compared (?:to|with)|versus|vs\.?)\s+(?:in\s+|did\s+)?"
_COMPARED = re.compile(rf"({_THING})\b.*\b{_THAN}({_THING})", re.I)
_ASKS_FIRST = re.compile(rf"^(?:{_AUXILIARY}|which|what|who|how)\s+", re.I)


def sides(question: str) -> tuple[str, str] | None:
    """The two that a question sets side by side ("Who is older, A or B?", "Is A larger than B?"), else None."""
    body = _ASKS_FIRST.sub("", question)
    for pattern, text in ((_EITHER, body), (_BOTH, question), (_COMPARED, body)):
        if found := pattern.search(text):
            first, second = found[1].strip(" ."), found[2].strip(" .?")
            if first.casefold() != second.casefold():
                return first, second
    return None


def about_one(question: str, kept: str, other: str) -> str:
    """The question about one of its two sides: without the other, and the word that joins it."""
    joined = rf"(?:,?\s*\b(?:(?:or|and)\s+|{_THAN}){re.escape(other)})"
    leading = rf"(?:{re.escape(other)},?\s+(?:or|and)\s+)"
    alone, count = re.subn(rf"{joined}|{leading}", "", question, count=1)
    return alone if count else question.replace(other, kept, 1)


# -- days ------------------------------------------------------------------------------------------

_DAYS = {  # the first and the last day, counted from the question's
    "today": (0, 0),
    "tonight": (0, 0),
    "this morning": (0, 0),
    "yesterday": (-1, -1),
    "last night": (-1, -1),
    "this week": (-7, 0),
    "last week": (-14, -7),
    "this month": (-31, 0),
    "last month": (-62, -28),
    "this year": (-365, 0),
}
TOLD_AFTER = timedelta(days=3)  # for which articles still tell of a day
_DAY_WORDS = re.compile(rf"\b({'|'.join(_DAYS)})\b(?!['’]s)", re.I)


@dataclass(frozen=True)
class DaysMeant:
    """The days, `first` to `last`, that a question means by `words` such as "this week"."""

    words: str
    first: date
    last: date

    def hold(self, appeared: str) -> bool:
        """Whether an article of that day (YYYY-MM-DD, or "" where unknown) may tell of these days."""
        try:
            day = date.fromisoformat(appeared[:10])
        except ValueError:
            return False
        return self.first <= day <= self.last + TOLD_AFTER

    def remark(self, appeared: Sequence[str]) -> str:
        """A sentence for an answer out of articles of other days; "" where one fits, or has no date."""
        if any(not day or self.hold(day) for day in appeared):
            return ""
        first, last = readable_date(self.first.isoformat()), readable_date(self.last.isoformat())
        days = first if first == last else f"{first} to {last}"
        return f"“{self.words}” is {days} here, and what is quoted appeared at another time."


def days_meant(question: str, asked_on: str) -> DaysMeant | None:
    """The days that a question names by the day on which it is asked ("" for today), None where it names none.

    Raises UsageError where `asked_on` is no day.
    """
    try:
        today = date.fromisoformat(iso_date(asked_on)[:10]) if asked_on else date.today()
    except ValueError:
        raise UsageError(f"The date {asked_on!r} is no day; give it as 2024-03-05.") from None
    found = _DAY_WORDS.search(question)
    if found is None:
        return None
    first, last = _DAYS[" ".join(found[0].casefold().split())]
    return DaysMeant(found[0], today + timedelta(days=first), today + timedelta(days=last))
