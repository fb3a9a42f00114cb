"""Days and moments as articles and results write them: ISO 8601, and the form that people read."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate

from factbot.text.normalise import one_line

__all__ = ["iso_date", "readable_date", "readable_moment", "utc"]


def iso_date(text: str) -> str:
    """`text` as YYYY-MM-DD if it is a whole date in a common, unambiguous form, else as it is, on one line."""
    text = one_line(text)
    numbers = re.match(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)", text)
    if numbers and (numbers[2] or len(numbers[0]) == 8):
        return _valid_date(int(numbers[1]), int(numbers[3]), int(numbers[4])) or text
    for form in ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y"):
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    if re.match(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d", text):  # as in e-mail and RSS
        fields = parsedate(text)
        return _valid_date(*fields[:3]) or text if fields else text
    return text


def _valid_date(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def readable_date(day: str) -> str:
    """ "2021-03-26" as "26 March 2021"; anything else as it is."""
    try:
        parsed = date.fromisoformat(day[:10])
    except ValueError:
        return day
    return f"{parsed.day} {parsed:%B %Y}"


def readable_moment(moment: str) -> str:
    """ "2021-03-06T14:05:00Z" as "6 March 2021, 14:05 UTC"."""
    return f"{readable_date(moment[:10])}, {moment[11:16]} UTC"


def utc(moment: datetime) -> str:
    """A moment in UTC as front matter and results write it: "2024-03-05T10:15:00Z"."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
