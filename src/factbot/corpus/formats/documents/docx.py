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
from factbot.corpus.formats.documents.zipped_xml import XML_LIMIT, entry, parse_xml, unzip
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
    blocks = [*_blocks(document.element.body), *_notes(document)]
    properties = document.core_properties
    title = properties.title.strip()
    if is_junk_title(title):
        title = _titled(document)
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


def _titled(document: Document) -> str:
    """The first paragraph in the style that Word calls Title, or else Heading 1, if it is near the head."""
    head = [p for p in islice(document.iter_inner_content(), 30) if isinstance(p, Paragraph) and p.text.strip()]
    styled = ((p.style.name, p.text) for p in head if p.style is not None)
    return min(
        ((STYLES.index(style), text) for style, text in styled if style in STYLES),
        key=lambda found: found[0],
        default=(0, ""),
    )[1]


TEMPLATE_DATE = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)  # of python-docx's template, which most programs keep
STYLES = ("Title", "Heading 1")
P, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
TEXT, RUN, HIDDEN = qn("w:t"), qn("w:r"), f"{qn('w:rPr')}/{qn('w:vanish')}"
SPACES = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# Deleted or moved away by a tracked change; a second form of the same drawing; settings.
UNSEEN = {qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
UNSEEN |= {qn("w:pPr"), qn("w:rPr"), qn("w:sectPr"), qn("w:tblPr")}


def _blocks(parent: etree._Element) -> Iterator[str]:
    """The paragraphs and rows below an element, in order, whatever they are wrapped in."""
    for child in parent:
        if child.tag == P:
            yield _text(child)
            for box in child.iter(qn("w:txbxContent")):
                if not any(above.tag in UNSEEN for above in box.iterancestors()):
                    yield from _blocks(box)
        elif child.tag == ROW:
            cells = (" ".join(filter(None, map(str.strip, _blocks(cell)))) for cell in child.iter(CELL))
            yield " | ".join(cells)
        elif child.tag not in UNSEEN:
            yield from _blocks(child)


def _text(parent: etree._Element) -> str:
    parts: list[str] = []
    for child in parent:
        if child.tag == TEXT:
            parts.append(child.text or "")
        elif child.tag in SPACES:
            parts.append(SPACES[child.tag])
        elif (
            child.tag in UNSEEN or child.tag in (P, TABLE) or (child.tag == RUN and child.find(HIDDEN) is not None)
        ):
            continue
        elif child.tag != qn("w:txbxContent"):
            parts.append(_text(child))
    return "".join(parts)


def _notes(document: Document) -> Iterator[str]:
    for relation in document.part.rels.values():
        if (
            relation.reltype not in (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES)
            or relation.is_external
        ):
            continue
        if len(relation.target_part.blob) <= XML_LIMIT:
            for note in parse_xml(relation.target_part.blob):
                if note.get(qn("w:type")) is None:  # the others are the line above the notes
                    yield from _blocks(note)
