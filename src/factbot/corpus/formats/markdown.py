"""Markdown: its blocks as a person sees them, without markup."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from factbot.corpus.formats.content import Content, without_title
from factbot.corpus.formats.plain_text import front_matter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["read_markdown"]


def read_markdown(content: str) -> Content:
    """The title (else the first heading) and the plain text, which does not repeat it at its head."""
    metadata, body = front_matter(content)
    blocks: list[str] = []
    cells: list[str] = []
    heading: str | None = None
    tokens = _parser().parse(body)
    for before, token in zip([None, *tokens], tokens, strict=False):
        opened = before.type if before else ""
        if token.type == "inline":
            text = _inline_text(token.children or [])
            if heading is None and opened == "heading_open":
                heading = text
            (cells if opened in ("th_open", "td_open") else blocks).append(text)
        elif token.type == "tr_close":
            blocks.append(" | ".join(cells))
            cells = []
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content)
        elif token.type == "html_block":
            blocks.append(_without_tags(token.content))
    title = metadata.pop("title", heading)
    return Content(title, without_title(title, blocks), metadata)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _inline_text(tokens: list[Token]) -> str:
    written: dict[str, Callable[[Token], str]] = {
        "text": lambda token: token.content,
        "code_inline": lambda token: token.content,
        "image": lambda token: token.content,
        "softbreak": lambda token: " ",
        "hardbreak": lambda token: "\n",
        "html_inline": lambda token: "\n" if token.content.lower().startswith("<br") else "",
    }
    return "".join(written[token.type](token) for token in tokens if token.type in written)


_UNSEEN_MARKUP = re.compile(r"(?is)<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)")


def _without_tags(markup: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", "", _UNSEEN_MARKUP.sub("", markup)))
