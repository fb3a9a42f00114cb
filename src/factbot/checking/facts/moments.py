"""Times of day ("11 p.m.", "noon"), and days that an article tells from its own: "on Sunday", "last month"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from factbot.checking.facts.amounts.numerals import CARDINALS
from factbot.checking.facts.values import DAY, MONTH, YEAR, Clock, Day
from factbot.text.tokens import TokenizedText, word_set

__all__ = ["day_of", "read_clock", "relative_days", "resolved"]

TIME = re.compile(r"([01]?\d|2[0-4])(?:[:.]([0-5]\d))?(?:[:.]\d\d)?(am|pm)?")
HOUR = 60  # minutes
HOURS = {word: hour for word, hour in CARDINALS.items() if 0 < hour <= 12} | {str(n): n for n in range(1, 13)}
PARTS = {"half": 30, "quarter": 15}
NAMED = {"noon": 720.0, "midday": 720.0, "midnight": 0.0}
PARTS_OF_DAY = {
    ("in", "the", "morning"): "am",
    ("in", "the", "afternoon"): "pm",
    ("in", "the", "evening"): "pm",
    ("at", "night"): "pm",
}
BEFORE_TIMES = word_set("at by from until till to since before after around about between and shortly just")
ROUGHLY = word_set("about around approximately roughly nearly almost shortly just")
ROUGH, HOURLY = 30.0, 10.0  # minutes by which "about 11 pm" and "11 pm" may be off
AHEAD = word_set(
    "will would shall to next coming set due scheduled expected planned may could until before by upcoming"
)
SAID = word_set("said says told announced reported added confirmed since last")
BACK = 6  # words before a weekday that tell whether it is still to come
WEEK = 7

FoundClock = tuple[int, int, Clock]
FoundDay = tuple[int, int, Day]


# -- times of day ----------------------------------------------------------------------------------


def read_clock(text: TokenizedText, at: int) -> FoundClock | None:
    """The time of day that begins at a token: its first token, the token after its last, the time."""
    word = text.words[at]
    before = text.words[at - 1] if at else ""
    if spoken := _spoken(text, at):
        return spoken
    if word in NAMED:
        return (at, at + 1, Clock(NAMED[word], _slack(before, True))) if before in BEFORE_TIMES else None
    if not word[0].isdigit() or not (found := TIME.fullmatch(word)):
        return None
    half, end = (found[3], at + 1) if found[3] else _half(text, at + 1)
    hour, minute = int(found[1]), int(found[2] or 0)
    if half:
        if not 0 < hour < 13:
            return None
        hour = hour % 12 + 12 * (half == "pm")
    elif ":" not in word or before not in BEFORE_TIMES:
        return None
    return at, end, Clock(hour % 24 * 60.0 + minute, _slack(before, bool(found[2])))


def _spoken(text: TokenizedText, at: int) -> FoundClock | None:
    """ "half past nine in the evening", "ten to six in the morning", "nine o'clock at night"."""
    words, begin = text.words, at
    at += words[at] == "a"
    minutes = PARTS.get(words[at], CARDINALS.get(words[at]))
    first = at + 1 + (words[at + 1] in ("minutes", "minute"))
    sign = {"past": 1, "to": -1}.get(words[first])
    if minutes is None or not minutes < HOUR or sign is None:
        first, minutes, sign = at - 1, 0, 1
    hour = HOURS.get(words[first + 1], 0)
    spelled = words[first + 1].isalpha()
    half, end = _half(text, first + 2) if words[first + 2] == "o'clock" else _part(text, first + 2)
    if not hour or not half or not (spelled or minutes):
        return None
    minute = (hour % 12 + 12 * (half == "pm")) * HOUR + sign * minutes
    return begin, end, Clock(minute % DAY, _slack(words[begin - 1] if begin else "", minutes > 0))


def _part(text: TokenizedText, at: int) -> tuple[str, int]:
    """Which half of the day "in the evening" and its like name, and the token after them."""
    for words, half in PARTS_OF_DAY.items():
        if tuple(text.words[at : at + len(words)]) == words:
            return half, at + len(words)
    return "", at


def _half(text: TokenizedText, at: int) -> tuple[str, int]:
    """Which half of the day the tokens after a time name, and the token after them."""
    word = text.words[at]
    if word in ("am", "pm"):
        return word, at + 1
    if word == "o'clock":
        return _part(text, at + 1)
    if word in ("a", "p") and text.words[at + 1 : at + 3] == [".", "m"]:
        return f"{word}m", at + 3 + (text.words[at + 3] == "." and text.adjacent(at + 2, at + 3))
    return "", at


def _slack(before: str, to_the_minute: bool) -> float:
    if before in ROUGHLY:
        return ROUGH
    return 0.0 if to_the_minute else HOURLY


# -- days told from the article's own --------------------------------------------------------------


def day_of(day: date) -> Day:
    """A day of the calendar as it is compared."""
    low = day.year * YEAR + (day.month - 1) * MONTH + day.day - 1.0
    return Day(low, low, day.year, day.month, day.day, day.weekday())


def resolved(text: TokenizedText, at: int, weekday: Day, today: date) -> Day:
    """The date of a weekday at a token: the last one up to the article's day, or the next where it is to come."""
    if weekday.weekday is None:
        return weekday
    behind = (today.weekday() - weekday.weekday) % WEEK
    words = text.words[max(0, at - BACK) : at]
    if words[-1:] == ["last"] or words[-1:] == ["next"]:
        behind = behind or WEEK
    if _is_ahead(words):
        behind -= WEEK if behind or words[-1:] == ["next"] else 0
    return day_of(today - timedelta(days=behind))


def _is_ahead(words: Sequence[str]) -> bool:
    """Whether the words before a weekday speak of what is to come; the nearest one decides."""
    for word in reversed(words):
        if word in (".", ";"):
            return False
        if word in SAID or word.endswith("ed"):
            return word in AHEAD
        if word in AHEAD:
            return True
    return False


def relative_days(text: TokenizedText, begin: int, end: int, today: date) -> Iterator[FoundDay]:
    """The days, weeks, months and years in the tokens begin:end that are told from the article's own day."""
    for at in range(begin, end):
        if text.taken[at]:
            continue
        found = _relative(text.words[at], text.words[at + 1], today)
        if found and not any(text.taken[at : at + found[0]]):
            text.taken[at : at + found[0]] = [True] * found[0]
            yield at, at + found[0], found[1]


STEPS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
WHICH = {"last": -1, "this": 0, "next": 1}


def _relative(word: str, following: str, today: date) -> tuple[int, Day] | None:
    """How many tokens say it, and the days that they mean."""
    if word in STEPS:
        return 1, day_of(today + timedelta(days=STEPS[word]))
    if word not in WHICH:
        return None
    step = WHICH[word]
    if following == "week":
        monday = today + timedelta(days=WEEK * step - today.weekday())
        first, last = day_of(monday), day_of(monday + timedelta(days=WEEK - 1))
        return 2, replace(first, high=last.low, month=first.month, day=None, weekday=None)
    if following == "month":
        months = today.year * 12 + today.month - 1 + step
        low = months // 12 * YEAR + months % 12 * MONTH
        return 2, Day(low, low + MONTH - 1, months // 12, months % 12 + 1)
    if following == "year":
        low = (today.year + step) * YEAR
        return 2, Day(low, low + YEAR - 1, today.year + step)
    return None
