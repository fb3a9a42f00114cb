"""A text under its article's title and date, as models read it."""

from __future__ import annotations

import re

from factbot.text.dates import readable_date

__all__ = ["under_title"]

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def under_title(title: str, day: str, text: str) -> str:
    """What a model reads: a text under its article's title and date, which say who "he" is, and when.

    `day` is an ISO date, "" for none; any other is left out.
    """
    when = readable_date(day) if _ISO_DATE.match(day) else ""
    heading = f"{title} ({when})" if title and when else title or when
    return f"{heading}. {text}" if heading else text
