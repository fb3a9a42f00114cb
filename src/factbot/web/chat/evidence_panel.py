"""The evidence panel: an article's text, its passage marked and the quoted words highlighted."""

from __future__ import annotations

import time
from bisect import bisect_right
from itertools import count

from factbot.results import Article, Passage
from factbot.web.markup import byline, escape, link_host

__all__ = ["article_text", "evidence", "lost"]

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
        note = f'<p class="note">This article {happened} since it was read. This is the passage as it was.</p>'
        article = article or Article(passage.title, "", source=passage.source, date=passage.date, url=passage.url)
        inside = None if quote is None else (quote[0] - passage.start, quote[1] - passage.start)
        body = article_text(passage.text, (0, len(passage.text)), inside)
    else:
        body = article_text(article.text, (passage.start, passage.end), quote)
        page = bisect_right(article.pages, quote[0] if quote else passage.start)
        heading += f", page {page}" if page else ""
    host = link_host(article.url)
    link = (
        f'<a class="original" href="{escape(article.url)}" target="_blank" rel="noopener noreferrer">'
        f'Open the original at {escape(host)} <span aria-hidden="true">↗</span></a>'
        if host
        else ""
    )
    title = escape(article.title) or "Untitled"
    language = f' lang="{escape(article.language)}"' if article.language else ""
    return _panel(
        heading,
        f'<h2 id="evidence-title" tabindex="-1" dir="auto"{language}>{title}</h2>'
        f'<p class="byline">{byline(article.source, article.date, article.author)}</p>{link}{note}',
        f'<div class="article" dir="auto"{language}>{body}</div>',
    )


def lost(message: str) -> str:
    """The panel where the evidence cannot be shown, and why in one sentence."""
    return _panel("Source", f'<h2 id="evidence-title" tabindex="-1">{escape(message)}</h2>', "")


def article_text(text: str, passage: tuple[int, int], quote: tuple[int, int] | None) -> str:
    """`text` as HTML with the spans `passage` and `quote` (inside it) marked; long texts lose their ends."""
    first = max(0, passage[0] - SURROUNDINGS)
    last = min(len(text), passage[1] + SURROUNDINGS)
    before, after = escape(text[first : passage[0]]), escape(text[passage[1] : last])
    if quote is None:
        middle = escape(text[passage[0] : passage[1]])
    else:
        start, end = quote
        middle = (
            f"{escape(text[passage[0] : start])}<mark>{escape(text[start:end])}</mark>"
            f"{escape(text[end : passage[1]])}"
        )
    ellipsis = '<span class="cut">[…]</span>'
    return (
        f'{ellipsis if first else ""}{before}<span class="passage">{middle}</span>{after}'
        f"{ellipsis if last < len(text) else ''}"
    )


def _panel(heading: str, head: str, body: str) -> str:
    return f"""<aside class="evidence" aria-labelledby="evidence-title" data-opened="{next(_opened)}">
<div class="evidence-bar"><p class="kicker">{escape(heading)}</p>
<button type="button" class="quiet" data-close aria-label="Close the evidence panel">Close
<kbd aria-hidden="true">Esc</kbd></button></div>
<header>{head}</header>
<div class="scroller" role="region" aria-label="The article's text" tabindex="0">{body}</div>
</aside>"""
