"""The text of one of Word's paragraphs as it is shown: raised figures, symbols and formulas written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from docx.oxml.ns import qn
from lxml import etree

from factbot.corpus.formats.markup.formulas import formula_text
from factbot.corpus.formats.markup.raised import written_out
from factbot.corpus.formats.markup.symbol_fonts import shown, shown_sign

__all__ = ["UNSEEN", "WordText"]

P, TABLE, TEXT, RUN, PROPERTIES = qn("w:p"), qn("w:tbl"), qn("w:t"), qn("w:r"), qn("w:rPr")
SYMBOL, VALUE = qn("w:sym"), qn("w:val")
FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
SPACES = {qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# Deleted or moved away by a tracked change; a second form of the same drawing; a ruby's reading; settings.
UNSEEN = {qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
UNSEEN |= {qn("w:rt"), qn("w:pPr"), PROPERTIES, qn("w:sectPr"), qn("w:tblPr"), qn("w:txbxContent"), P, TABLE}
SHIFTS = {"superscript": 1, "subscript": -1, "baseline": 0}
DEPTH = 20  # styles that are based on one another


@dataclass(frozen=True)
class _Look:
    """How a run looks: `shift` is 1 for raised and -1 for lowered text."""

    shift: int = 0
    is_unseen: bool = False  # struck out, and so withdrawn, or hidden
    font: str = ""


class WordText:
    """Reads the paragraphs of a document, whose `styles` (the root of styles.xml) say how they look."""

    def __init__(self, styles: etree._Element, body: etree._Element) -> None:
        self._styles = {style.get(qn("w:styleId"), ""): style for style in styles.iter(qn("w:style"))}
        self._looks: dict[str, _Look] = {}
        self._listed = frozenset(self._numbers(body))

    def of(self, paragraph: etree._Element) -> str:
        """The paragraph's text, without what stands in text boxes."""
        return written_out(self._pieces(paragraph, self._paragraph_look(paragraph)), self._listed)

    def _numbers(self, body: etree._Element) -> Iterator[str]:
        """The numbers of the notes that the document writes as raised figures at the head of a paragraph."""
        for paragraph in body.iter(P):
            first = next((run for run in paragraph.iterchildren(RUN) if run.find(TEXT) is not None), None)
            if first is not None and self._look(first, _Look()).shift > 0:
                yield "".join(text.text or "" for text in first.iterchildren(TEXT)).strip()

    def _pieces(self, parent: etree._Element, look: _Look) -> Iterator[tuple[str, int]]:
        for child in parent:
            tag = child.tag
            if tag in UNSEEN:
                continue
            if tag == RUN:
                own = self._look(child, look)
                if not own.is_unseen:
                    yield from self._pieces(child, own)
            elif tag == TEXT:
                yield shown(child.text or "", look.font), look.shift
            elif tag == SYMBOL:
                yield _sign(child), look.shift
            elif tag == FORMULA:
                yield formula_text(child), 0
            elif tag in SPACES:
                yield SPACES[tag], look.shift
            else:
                yield from self._pieces(child, look)

    def _paragraph_look(self, paragraph: etree._Element) -> _Look:
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return _Look() if style is None else replace(self._style(style.get(VALUE, "")), font="")

    def _look(self, run: etree._Element, around: _Look) -> _Look:
        properties = run.find(PROPERTIES)
        if properties is None:
            return around
        style = properties.find(qn("w:rStyle"))
        return _changed(around if style is None else self._style(style.get(VALUE, ""), around), properties)

    def _style(self, name: str, around: _Look = _Look(), depth: int = DEPTH) -> _Look:
        style = self._styles.get(name)
        if style is None or not depth:
            return around
        base = style.find(qn("w:basedOn"))
        look = around if base is None else self._style(base.get(VALUE, ""), around, depth - 1)
        properties = style.find(PROPERTIES)
        return look if properties is None else _changed(look, properties)


def _changed(look: _Look, properties: etree._Element) -> _Look:
    """The look, changed by the properties of a run or a style."""
    for name in ("w:strike", "w:dstrike", "w:vanish"):
        found = properties.find(qn(name))
        if found is not None:
            is_set = found.get(VALUE, "1") not in ("0", "false", "off", "none")
            look = replace(look, is_unseen=is_set)
    aligned = properties.find(qn("w:vertAlign"))
    if aligned is not None:
        look = replace(look, shift=SHIFTS.get(aligned.get(VALUE, ""), 0))
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        look = replace(look, font=fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi")) or look.font)
    return look


def _sign(symbol: etree._Element) -> str:
    """What Insert, Symbol has put in: a character's number in a font."""
    try:
        code = int(symbol.get(qn("w:char"), ""), 16)
    except ValueError:
        return "\ufffd"
    return shown_sign(code, symbol.get(qn("w:font"), ""))
