"""Text, links and dates of articles and people, made safe for the page."""

from __future__ import annotations

import html
import re
from datetime import date
from urllib.parse import urlsplit

__all__ = ["byline", "escape", "link_host", "readable_date"]

# Control characters, and the marks that turn the direction of writing for the rest of a page.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """`text` for HTML, between tags and in quoted attributes alike."""
    return html.escape(_UNSEEN.sub("", text), quote=True)


def link_host(url: str) -> str:
    """The host that an http or https address leads to; "" for anything else, which gets no link."""
    if not url or any(c.isspace() or not c.isprintable() for c in url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if parts.scheme in ("http", "https") else ""


def readable_date(day: str) -> str:
    """ "2021-03-26" as "26 March 2021"; anything else as it is."""
    try:
        parsed = date.fromisoformat(day[:10])
    except ValueError:
        return day
    return f"{parsed.day} {parsed:%B %Y}"


def byline(source: str, day: str, author: str = "") -> str:
    """Source, author and date on one line of HTML, those that there are."""
    parts = [f"<span>{escape(part)}</span>" for part in (source, author, readable_date(day)) if part.strip()]
    return " · ".join(parts)
