"""All the blocks of some HTML: for books and mail, which have no menus or comments around the text."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from factbot.text.normalise import one_line

__all__ = ["html_blocks"]

SKIPPED = {"head", "nav", "noscript", "script", "style", "svg", "template", "title"}
INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "big",
    "cite",
    "code",
    "data",
    "del",
    "dfn",
    "em",
    "font",
    "i",
    "img",
    "ins",
}
INLINE |= {
    "kbd",
    "mark",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "var",
}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def html_blocks(markup: str) -> tuple[str | None, list[str]]:
    """(first heading, blocks of text) of a page or part of one. A row of a plain table is a block."""
    markup = re.sub(r"\A\s*<\?xml[^>]*>", "", markup)
    if not markup.strip():
        return None, []
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.ParserError:  # nothing in it
        return None, []
    heading: str | None = None
    blocks: list[str] = []
    pieces: list[str] = []

    def finish() -> None:
        lines = (one_line(line) for line in "".join(pieces).split("\0"))
        blocks.append("\n".join(line for line in lines if line))
        pieces.clear()

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            if tag not in INLINE and tag != "br":
                finish()
                if heading is None and re.fullmatch(r"h[1-6]", tag) and blocks[-1]:
                    heading = one_line(blocks[-1])
            pieces.append(element.tail or "")
        elif tag in SKIPPED or _HIDDEN.search(element.get("style", "")) or "hidden" in element.attrib:
            walk.skip_subtree()
        elif tag == "tr" and _is_plain(element):
            finish()
            cells = [one_line("".join(cell.itertext())) for cell in element.iterchildren("td", "th")]
            blocks.append(" | ".join(cells) if any(cells) else "")
            walk.skip_subtree()
        elif tag == "br":
            pieces.append("\0")
        else:
            if tag not in INLINE:
                finish()
            pieces.append(element.text or "")
    return heading, [block for block in blocks if block]


def _is_plain(row: etree._Element) -> bool:
    """Whether a row has words in its cells: where there are blocks in them, the table is only the page's frame."""
    return all(element.tag in INLINE or element.tag in ("td", "th", "br") for element in row.iterdescendants())
