"""All the blocks of some HTML: for books and mail, which have no menus or comments around the text."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from factbot.text.normalise import one_line

__all__ = ["html_blocks", "html_pieces"]

SKIPPED = {"head", "nav", "noscript", "script", "style", "svg", "template", "title", "xml"}
# The tags that begin and end a line: HTML's, and DTBook's, in which some books are written. Any other is part of
# a line: mail programs and word processors invent tags of their own for places, dates and ends of paragraphs.
_NAMES = """
address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu ol optgroup option p
plaintext pre search section summary table tbody td tfoot th thead tr ul xmp

author bodymatter book bridgehead byline covertitle dateline docauthor doctitle epigraph frontmatter hd imggroup
level level1 level2 level3 level4 level5 level6 line linegroup list note pagenum poem prodnote rearmatter sidebar
"""
BLOCKS = set(_NAMES.split())
QUOTING = {"gmail_quote", "yahoo_quoted", "protonmail_quote", "zmail_extra", "tutanota_quote"}  # classes
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def html_blocks(markup: str) -> tuple[str | None, list[str]]:
    """(first heading, blocks of text) of a page or part of one. A row of a plain table is a block."""
    heading, pieces = html_pieces(markup)
    return heading, [block for block, _ in pieces]


def html_pieces(markup: str) -> tuple[str | None, list[tuple[str, int]]]:
    """Like `html_blocks`; with each block comes in how many quotations of a mail it stands."""
    markup = re.sub(r"\A\s*<\?xml[^>]*>", "", markup)
    if not markup.strip():
        return None, []
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.ParserError:  # nothing in it
        return None, []
    heading: str | None = None
    blocks: list[tuple[str, int]] = []
    pieces: list[str] = []
    quotations: list[etree._Element] = []  # that the walk is in

    def finish() -> None:
        for paragraph in re.split(r"\0\s*\0[\s\0]*", "".join(pieces)):  # two breaks are how mails begin one
            lines = (one_line(line) for line in paragraph.split("\0"))
            blocks.append(("\n".join(line for line in lines if line), len(quotations)))
        pieces.clear()

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            if tag in BLOCKS:
                finish()
                if heading is None and re.fullmatch(r"h[1-6]", tag) and blocks[-1][0]:
                    heading = one_line(blocks[-1][0])
            if quotations and quotations[-1] is element:
                quotations.pop()
            pieces.append(element.tail or "")
        elif tag in SKIPPED or _HIDDEN.search(element.get("style", "")) or "hidden" in element.attrib:
            walk.skip_subtree()
        elif tag == "tr" and _is_plain(element):
            finish()
            cells = [one_line("".join(cell.itertext())) for cell in element.iterchildren("td", "th")]
            blocks.append((" | ".join(cells) if any(cells) else "", len(quotations)))
            walk.skip_subtree()
        elif tag == "br":
            pieces.append("\0")
        else:
            if tag in BLOCKS:
                finish()
            if _is_quotation(element):
                quotations.append(element)
            pieces.append(element.text or "")
    return heading, [(block, level) for block, level in blocks if block]


def _is_quotation(element: etree._Element) -> bool:
    """Whether a mail program marks what is in a block as words of another mail."""
    is_cited = element.tag == "blockquote" and element.get("type", "").lower() == "cite"
    return is_cited or not QUOTING.isdisjoint(element.get("class", "").split())


def _is_plain(row: etree._Element) -> bool:
    """Whether a row has words in its cells: where there are blocks in them, the table is only the page's frame."""
    return all(element.tag not in BLOCKS or element.tag in ("td", "th") for element in row.iterdescendants())
