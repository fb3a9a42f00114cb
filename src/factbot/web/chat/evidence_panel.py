"""The evidence panel: an article's text with its passage marked and the quoted words highlighted."""

from __future__ import annotations

import time
from itertools import count
from typing import Any

from factbot.results import Article, Passage
from factbot.web.rendering import render

__all__ = ["article_text", "evidence", "problem"]

SURROUNDINGS = 20_000  # characters shown before and after the passage

# No two panels are the same HTML, so that the page sees one that is opened twice; not after a restart either.
_opened = count(time.time_ns())


def evidence(
    article: Article | None, passage: Passage, *, heading: str, quote: tuple[int, int] | None = None
) -> str:
    """The panel on one article, which is None where the corpus no longer holds it.

    `heading` says what is shown ("Source [1]"); `quote` is the quoted span of the article's text. Where
    the article has changed since it was read, only the passage as it was then is shown.
    """
    note = ""
    if article is None or article.text[passage.start : passage.end] != passage.text:
        happened = "has changed" if article else "has been removed from the corpus"
        note = f"This article {happened} since it was read. This is the passage as it was."
        article = article or Article(passage.title, "", source=passage.source, date=passage.date, url=passage.url)
        inside = None if quote is None else (quote[0] - passage.start, quote[1] - passage.start)
        marked = _marked(passage.text, (0, len(passage.text)), inside)
    else:
        marked = _marked(article.text, (passage.start, passage.end), quote)
        page = article.page_at(quote[0] if quote else passage.start)
        heading += f", page {page}" if page else ""
    return _panel(heading, article=article, note=note, marked=marked)


def problem(sentence: str) -> str:
    """The panel where the evidence cannot be shown, and why."""
    return _panel("Source", article=None, problem=sentence)


def article_text(text: str, passage: tuple[int, int], quote: tuple[int, int] | None) -> str:
    """`text` as HTML with the spans `passage` and `quote` (inside it) marked; long texts lose their ends."""
    return render("chat/marked_text.html", marked=_marked(text, passage, quote))


def _marked(text: str, passage: tuple[int, int], quote: tuple[int, int] | None) -> dict[str, Any]:
    """The parts that `text` is shown in."""
    start, end = passage
    quote_start, quote_end = quote or passage
    first = max(0, start - SURROUNDINGS)
    last = min(len(text), end + SURROUNDINGS)
    return {
        "is_cut_before": first > 0,
        "before": text[first:start],
        "passage": text[start:end],
        "passage_before": text[start:quote_start],
        "quote": None if quote is None else text[quote_start:quote_end],
        "passage_after": text[quote_end:end],
        "after": text[end:last],
        "is_cut_after": last < len(text),
    }


def _panel(heading: str, **parts: Any) -> str:
    return render("chat/evidence_panel.html", heading=heading, opened=next(_opened), **parts)
