"""Markdown: its blocks as a person sees them, without markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from factbot.corpus.formats.content import Content, without_title
from factbot.corpus.formats.markup.raised import written_out
from factbot.corpus.formats.plain_text import front_matter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
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
            from factbot.corpus.formats.markup.blocks import html_blocks  # it loads lxml

            blocks += html_blocks(token.content)[1]
    title = metadata.pop("title", heading)
    return Content(title, without_title(title, blocks), metadata)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import reference

    def link(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        """A link's definition, but not a note: "[^2]: Estimated." would vanish, and [^2] become a power."""
        is_note = state.src.startswith("[^", state.bMarks[start] + state.tShift[start])
        return not is_note and reference(state, start, end, silent)

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.block.ruler.at("reference", link)
    return parser


_VOID = ("br", "hr", "img", "input", "wbr")
_TAG = re.compile(r"<(/?)([a-z][\w-]*)", re.IGNORECASE)
_STRUCK = re.compile(r"style\s*=[^>]*line-through", re.IGNORECASE)
_STRUCK_TAGS = ("s", "del", "strike")
_SHIFTS = {"sup": 1, "sub": -1}
# Not CommonMark, but common: a note [^2], Pandoc's 10^6^ and H~2~O, and GitHub's ~struck out~.
_MARKS = re.compile(
    r"(?P<note>\[\^[^\]\s]{1,40}\](?!:))|(?P<head>\A\[\^(?P<number>[^\]\s]{1,40})\]:\s*)"
    r"|\^(?P<raised>[^\W_]+|[+−-]\d+)\^|(?<=\w)~(?P<lowered>[^\W_]+)~|(?<![\w~])(?P<struck>~(?=\S)[^~\n]+(?<=\S)~)(?![\w~])"
)


def _inline_text(tokens: list[Token]) -> str:
    """A block's text: without what is struck out, and with raised and lowered figures written out."""
    pieces: list[tuple[str, int]] = []
    opened: list[tuple[str, bool, int]] = []  # (tag, whether it strikes out, shift)
    for token in tokens:
        tag = _TAG.match(token.content) if token.type == "html_inline" else None
        if token.type == "s_open":
            opened.append(("s", True, 0))
        elif token.type == "s_close" or (tag and tag[1]):
            name = "s" if token.type == "s_close" else tag[2].lower() if tag else ""
            last = max((n for n, (open_tag, _, _) in enumerate(opened) if open_tag == name), default=len(opened))
            del opened[last:]
        elif tag and (name := tag[2].lower()) not in _VOID and not token.content.endswith("/>"):
            is_struck = name in _STRUCK_TAGS or bool(_STRUCK.search(token.content))
            opened.append((name, is_struck, _SHIFTS.get(name, 0)))
        elif not any(is_struck for _, is_struck, _ in opened):
            shift = next((shift for _, _, shift in reversed(opened) if shift), 0)
            pieces += [(text, shift or own) for text, own in _written(token)]
    return re.sub(r" {2,}", " ", written_out(pieces))


def _written(token: Token) -> Iterator[tuple[str, int]]:
    if token.type in ("code_inline", "image"):
        yield token.content, 0
    elif token.type == "softbreak":
        yield " ", 0
    elif token.type == "hardbreak" or (token.type == "html_inline" and token.content.lower().startswith("<br")):
        yield "\n", 0
    elif token.type == "text":
        end = 0
        for mark in _MARKS.finditer(token.content):
            yield token.content[end : mark.start()], 0
            yield (f"{mark['number']} " if mark["head"] else ""), 0
            yield mark["raised"] or mark["lowered"] or "", 1 if mark["raised"] else -1
            end = mark.end()
        yield token.content[end:], 0
