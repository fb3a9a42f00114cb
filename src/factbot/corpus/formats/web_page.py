"""A web page: its article, without menus, comments and advertisements."""

from __future__ import annotations

import logging
import re

from factbot.corpus.formats.content import Content, Unreadable, without_title

__all__ = ["html_charset", "read_page"]


def html_charset(data: bytes) -> str:
    """The encoding that a page's head declares, or ""."""
    found = re.search(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]+)", data[:4096], re.IGNORECASE)
    return found[1].decode("ascii", "ignore") if found else ""


def read_page(content: str) -> Content:
    """Metadata, title and main text of a page."""
    import trafilatura

    from factbot.corpus.formats.markup.marks import write_out_marks
    from factbot.corpus.formats.markup.page import article_blocks

    for logger in ("trafilatura", "htmldate"):  # what went wrong is in the error; nothing beside it on stderr
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    try:
        tree = trafilatura.load_html(content)
        if tree is not None:
            write_out_marks(tree)
        page = (
            None
            if tree is None
            else trafilatura.bare_extraction(
                tree,
                with_metadata=True,
                include_comments=False,
                # A wrong date is worse than none: only what the page states, nothing found in its prose.
                date_extraction_params={"original_date": True, "extensive_search": False},
            )
        )
    except Exception as error:  # anything from anywhere goes in: no list of a parser's failures is complete
        raise Unreadable("is HTML that cannot be read; save the article as plain text") from error
    if page is None or isinstance(page, dict) or tree is None:
        raise Unreadable("is a page in which no article can be found; save its text as plain text")
    metadata = {
        "source": page.sitename,
        "author": page.author,
        "date": page.date,
        "url": page.url,
        "language": tree.get("lang"),
    }
    lines = [line.removeprefix("- ") for line in (page.text or "").split("\n")]
    blocks = article_blocks(tree, "\n".join(lines), page.title or "") or lines
    given = {name: value for name, value in metadata.items() if value}
    return Content(page.title, without_title(page.title, blocks), given)
