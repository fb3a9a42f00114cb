"""The blocks of some HTML, in reading order: headings, paragraphs, items of lists, rows of tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from factbot.corpus.formats.markup.marks import is_inline, write_out_marks
from factbot.corpus.formats.markup.rows import Cell, Rows, joined
from factbot.text.normalise import one_line

__all__ = ["Block", "blocks_of", "html_blocks", "html_pieces"]

SKIPPED = frozenset(["head", "nav", "noscript", "script", "style", "svg", "template", "title", "xml"])
QUOTING = {"gmail_quote", "yahoo_quoted", "protonmail_quote", "zmail_extra", "tutanota_quote"}  # classes
HEADING = re.compile(r"h[1-6]")
CELL_LIMIT = 200  # characters; a longer cell is a part of the page, and its table only the page's frame
FRAMED = re.compile(r"h[1-6]|table|hr|form|figure")  # what stands in no cell of a table of facts


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list or a row of a table, and the element in which it stands."""

    text: str
    element: etree._Element


def html_blocks(markup: str, sheets: str = "") -> tuple[str | None, list[str]]:
    """(first heading, blocks of text) of a page or part of one. `sheets` are style sheets beside its own."""
    heading, pieces = html_pieces(markup, sheets)
    return heading, [text for text, _ in pieces]


def html_pieces(markup: str, sheets: str = "") -> tuple[str | None, list[tuple[str, int]]]:
    """Like `html_blocks`; with each block comes in how many quotations of a mail it stands."""
    markup = re.sub(r"\A\s*<\?xml[^>]*>", "", markup)
    if not markup.strip():
        return None, []
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.ParserError:  # nothing in it
        return None, []
    write_out_marks(root, sheets)
    blocks = list(blocks_of(root, lambda element: element.tag in SKIPPED))
    heading = next((one_line(block.text) for block in blocks if HEADING.fullmatch(block.element.tag)), None)
    return heading, [(block.text, _quotations(block.element)) for block in blocks]


def _quotations(element: etree._Element) -> int:
    """How many of the elements around a block a mail program marks as words of another mail."""
    around = [element, *element.iterancestors()]
    return sum(
        (one.tag == "blockquote" and one.get("type", "").lower() == "cite")
        or not QUOTING.isdisjoint(one.get("class", "").split())
        for one in around
    )


def blocks_of(root: etree._Element, is_left_out: Callable[[etree._Element], bool]) -> Iterator[Block]:
    """The blocks below `root`, whose marks are written out, without the elements for which `is_left_out`.

    A row of a table is one block, with " | " between its cells, unless the table is only the page's frame.
    """
    pieces: list[str] = []
    tables: dict[etree._Element | None, Rows] = {}
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
        elif tag == "tr" and (cells := _cells(element, is_left_out)) is not None:
            if row := tables.setdefault(element.getparent(), Rows()).line(cells):
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


def _cells(row: etree._Element, is_left_out: Callable[[etree._Element], bool]) -> list[Cell] | None:
    """The cells of a row of a table of facts; None where the table is the page's frame."""
    if any(FRAMED.fullmatch(element.tag) for element in row.iterdescendants()):
        return None
    cells = list(row.iterchildren("td", "th"))
    texts = [[one_line(block.text) for block in blocks_of(cell, is_left_out)] for cell in cells]
    if any(len(blocks) > 1 and (len(cells) == 1 or sum(map(len, blocks)) > CELL_LIMIT) for blocks in texts):
        return None
    spans = [(_span(cell, "colspan"), _span(cell, "rowspan")) for cell in cells]
    return [Cell(joined(blocks), *span) for blocks, span in zip(texts, spans, strict=True)]


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return int(value) if re.fullmatch(r"[0-9]{1,3}", value) else 1
