"""The blocks of some HTML, in reading order: all of them for books and mail, and for pages those of the article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from factbot.corpus.formats.markup.marks import is_inline, write_out_marks
from factbot.text.normalise import one_line

__all__ = ["Block", "blocks_of", "html_blocks", "joined"]

SKIPPED = frozenset("head nav noscript script style svg template title".split())
HEADING = re.compile(r"h[1-6]")
CELL_LIMIT = 200  # characters; a longer cell is a part of the page, and its table only the page's frame
FRAMED = frozenset("h1 h2 h3 h4 h5 h6 table hr form figure".split())  # what stands in no cell of a table of facts


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list or a row of a table, and the element in which it stands."""

    text: str
    element: etree._Element


def html_blocks(markup: str) -> tuple[str | None, list[str]]:
    """(first heading, blocks of text) of a page or part of one."""
    markup = re.sub(r"\A\s*<\?xml[^>]*>", "", markup)
    if not markup.strip():
        return None, []
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.ParserError:  # nothing in it
        return None, []
    write_out_marks(root)
    blocks = list(blocks_of(root, lambda element: element.tag in SKIPPED))
    heading = next((one_line(block.text) for block in blocks if HEADING.fullmatch(block.element.tag)), None)
    return heading, [block.text for block in blocks]


def blocks_of(root: etree._Element, is_left_out: Callable[[etree._Element], bool]) -> Iterator[Block]:
    """The blocks below `root`, whose marks are written out, without the elements for which `is_left_out`.

    A row of a table is one block, with " | " between its cells, unless the table is only the page's frame.
    """
    pieces: list[str] = []
    holder = root  # the element in which the pieces stand

    def finished() -> Iterator[Block]:
        paragraphs = re.split(r"\0\s*\0[\0\s]*" if holder.tag != "pre" else r"\Z", "".join(pieces))
        pieces.clear()
        for paragraph in paragraphs:
            lines = map(one_line, paragraph.split("\0"))
            if text := "\n".join(filter(None, lines)):
                yield Block(text, holder)

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        is_break = tag != "br" and not is_inline(element)
        if is_break:
            yield from finished()
        if event == "end":
            if is_break and (parent := element.getparent()) is not None:
                holder = parent
            pieces.append(_written(element.tail, holder))
        elif is_left_out(element):
            walk.skip_subtree()
        elif tag == "tr" and (row := _row(element, is_left_out)) is not None:
            if row:
                yield Block(row, element)
            walk.skip_subtree()
        elif tag == "br":
            pieces.append("\0")
        else:
            if is_break:
                holder = element
            pieces.append(_written(element.text, holder))
    yield from finished()


def _written(text: str | None, holder: etree._Element) -> str:
    """Text as it is shown: the lines of preformatted text stay lines."""
    return (text or "").replace("\n", "\0") if holder.tag == "pre" else text or ""


def _row(row: etree._Element, is_left_out: Callable[[etree._Element], bool]) -> str | None:
    """A row of a table of facts as one line; None where the table is the page's frame."""
    if any(element.tag in FRAMED for element in row.iterdescendants()):
        return None
    cells = [
        [one_line(block.text) for block in blocks_of(cell, is_left_out)] for cell in row.iterchildren("td", "th")
    ]
    is_frame = any(len(blocks) > 1 and (len(cells) == 1 or sum(map(len, blocks)) > CELL_LIMIT) for blocks in cells)
    if is_frame:
        return None
    return " | ".join(map(joined, cells)) if any(cells) else ""


def joined(blocks: list[str]) -> str:
    """The blocks of a table's cell on one line, told apart where no sentence ends."""
    joined = ""
    for block in blocks:
        gap = "" if not joined else " " if joined.endswith(tuple(".!?:;,")) else "; "
        joined += gap + block
    return joined
