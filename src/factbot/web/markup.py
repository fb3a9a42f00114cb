"""Text, links and dates of articles and people, made safe for the page."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from factbot.results import Citation, Evidence, Passage
from factbot.text.dates import readable_date

__all__ = ["byline", "cut", "escape", "link_host", "reference", "slot", "source", "tied"]

LONGEST_WORD = 30  # characters, from which on a text has no spaces, or nothing that a line has room for

# Control characters, and the marks that turn the direction of writing for the rest of a page.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """`text` for HTML, between tags and in quoted attributes alike."""
    return html.escape(_UNSEEN.sub("", text), quote=True)


def cut(text: str, length: int) -> str:
    """`text` on one line, and no longer than about `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length].rsplit(' ', 1)[0]} …"


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


def byline(source: str, day: str, author: str = "", page: int | None = None) -> str:
    """Source, author, date and page on one line of HTML, those that there are."""
    known = (source, author, readable_date(day), f"page {page}" if page else "")
    parts = [f"<span>{escape(part)}</span>" for part in known if part.strip()]
    return " · ".join(parts)


def slot(name: str, content: str) -> str:
    """A place in the page that the script puts new HTML into."""
    return f'<div data-slot="{name}">{content}</div>'


def source(passage: Passage, offset: int | None = None) -> str:
    """An article's title, and under it where and when it appeared, as HTML; with the page that `offset` is on."""
    page = None if offset is None else passage.page_at(offset)
    from_where = byline(passage.source or link_host(passage.url), passage.date, page=page)
    return (
        f'<span class="title" dir="auto">{escape(passage.title) or "Untitled"}</span>'
        f'<span class="byline">{from_where}</span>'
    )


def reference(quoted: Citation | Evidence) -> str:
    """Where a quote stands, on one line of plain text, with the address."""
    passage = quoted.passage
    page = passage.page_at(quoted.quote_start)
    parts = (passage.title, passage.source, passage.date, f"page {page}" if page else "", passage.url)
    return ". ".join(part for part in parts if part)


def tied(text: str, follows: str) -> str:
    """`text` as HTML, and the HTML that follows it on the line of its last word."""
    space = text.rfind(" ") + 1
    if len(text) - space > LONGEST_WORD:
        space = len(text)
    return f'{escape(text[:space])}<span class="last">{escape(text[space:])}{follows}</span>'
