"""DOCX: Word's paragraphs, lists and tables in their order, and the document's properties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from factbot.corpus.formats.content import Content, Unreadable, without_title
from factbot.corpus.formats.documents.titles import is_junk_title, is_maker, is_nobody
from factbot.corpus.formats.documents.word_text import UNSEEN, WordText
from factbot.corpus.formats.documents.zipped_xml import XML_LIMIT, entry, parse_xml, unzip
from factbot.corpus.formats.markup.rows import Cell, Rows, joined
from factbot.corpus.formats.plain_text import titled_by_first_line
from factbot.text.normalise import one_line

__all__ = ["read"]


def read(data: bytes) -> Content:
    """The document's blocks, its footnotes after them, and its core properties. Raises Unreadable."""
    _check(data)
    try:
        document = docx.Document(BytesIO(data))
    except (ValueError, KeyError, OpcError) as error:  # a zip without Word's parts
        raise Unreadable("is no Word document; open it in another program and save it as .docx") from error
    body = document.element.body
    words = WordText(document.styles.element, body)
    blocks = [*_blocks(body, words), *_notes(document, words)]
    properties = document.core_properties
    title = properties.title.strip()
    if is_junk_title(title):
        title = _titled(document, words)
    metadata = {
        "author": "" if is_nobody(properties.author) else properties.author,
        "date": properties.created.date().isoformat() if properties.created not in (None, TEMPLATE_DATE) else "",
        "source": _company(data),
        "language": properties.language,
    }
    return Content(*titled_by_first_line(without_title(title, blocks), title or None), metadata)


def _company(data: bytes) -> str:
    """The company that the document's properties name."""
    with unzip(data, ".docx") as archive:
        part = entry(archive, "docProps/app.xml")
    name = one_line(parse_xml(part).findtext("{*}Company") or "") if part else ""
    return "" if is_nobody(name) or is_maker(name) else name


def _check(data: bytes) -> None:
    """Refuse what would harm python-docx, which reads every part whole and parses all XML."""
    with unzip(data, ".docx") as archive:
        for info in archive.infolist():
            if not info.filename.lower().endswith((".xml", ".rels")):
                continue
            part = entry(archive, info.filename) or b""
            if any("<!DOCTYPE".encode(form) in part for form in ("ascii", "utf-16-le", "utf-16-be")):
                raise Unreadable("holds a document type, which no Word document does; save it anew in Word")


def _titled(document: Document, words: WordText) -> str:
    """The first paragraph in the style that Word calls Title, or else Heading 1, if it is near the head."""
    head = [p for p in islice(document.iter_inner_content(), 30) if isinstance(p, Paragraph)]
    texts = ((p, words.of(p._p)) for p in head)
    styled = ((p.style.name, text) for p, text in texts if p.style is not None and text.strip())
    return min(
        ((STYLES.index(style), text) for style, text in styled if style in STYLES),
        key=lambda found: found[0],
        default=(0, ""),
    )[1]


TEMPLATE_DATE = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)  # of python-docx's template, which most programs keep
STYLES = ("Title", "Heading 1")
P, TABLE, ROW, CELL, BOX = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:txbxContent")
PROPERTIES, VALUE = qn("w:tcPr"), qn("w:val")
DELETED = UNSEEN - {P, TABLE, BOX}  # what hides a text box that stands in it
DELETED_ROW = f"{qn('w:trPr')}/{qn('w:del')}"
INITIAL = f"{qn('w:pPr')}/{qn('w:framePr')}[@{qn('w:dropCap')}]"


def _blocks(parent: etree._Element, words: WordText, rows: Rows | None = None) -> Iterator[str]:
    """The paragraphs and rows below an element, in order, whatever they are wrapped in. `rows` are its table's."""
    initial = ""  # a large letter, which Word keeps in a paragraph of its own
    for child in parent:
        if child.tag == P:
            text = words.of(child)
            if child.find(INITIAL) is not None:
                initial += text.strip()
                continue
            yield initial + text
            initial = ""
            for box in child.iter(BOX):
                is_own = next(box.iterancestors(P)) is child  # and not a box in a box
                if is_own and not any(above.tag in DELETED for above in box.iterancestors()):
                    yield from _blocks(box, words)
        elif child.tag == ROW:
            yield from _row(child, words, rows or Rows())
        elif child.tag == TABLE:
            yield from _blocks(child, words, Rows())
        elif child.tag not in UNSEEN:
            yield from _blocks(child, words, rows)
    if initial:
        yield initial


def _row(row: etree._Element, words: WordText, rows: Rows) -> Iterator[str]:
    """A row as one line; one with a table in a cell, as the blocks of its cells."""
    if row.find(DELETED_ROW) is not None:
        return
    cells = list(_cells(row))
    texts = [[text for block in _blocks(cell, words) if (text := one_line(block))] for cell in cells]
    if next(row.iterdescendants(TABLE), None) is None:
        yield rows.line(_cell(cell, joined(blocks)) for cell, blocks in zip(cells, texts, strict=True))
    else:
        yield from (block for blocks in texts for block in blocks)


def _cell(cell: etree._Element, text: str) -> Cell:
    span = cell.find(f"{PROPERTIES}/{qn('w:gridSpan')}")
    columns = "1" if span is None else span.get(VALUE, "1")
    merged = cell.find(f"{PROPERTIES}/{qn('w:vMerge')}")
    goes_on = merged is not None and merged.get(VALUE, "continue") == "continue" and not text
    return Cell(text, int(columns) if columns.isdecimal() else 1, goes_on=goes_on)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    """The cells of a row, and not those of a table in it."""
    for child in row:
        if child.tag == CELL:
            yield child
        elif child.tag not in UNSEEN:
            yield from _cells(child)


def _notes(document: Document, words: WordText) -> Iterator[str]:
    for relation in document.part.rels.values():
        if (
            relation.reltype not in (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES)
            or relation.is_external
        ):
            continue
        if len(relation.target_part.blob) <= XML_LIMIT:
            for note in parse_xml(relation.target_part.blob):
                if note.get(qn("w:type")) is None:  # the others are the line above the notes
                    yield from _blocks(note, words)
