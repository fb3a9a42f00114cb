"""ODT: the paragraphs, lists and tables of an OpenDocument text in their order, its notes after them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from factbot.corpus.formats.content import Content, Unreadable, without_title
from factbot.corpus.formats.documents.titles import is_junk_title, is_nobody
from factbot.corpus.formats.documents.zipped_xml import entry, parse_xml, unzip
from factbot.corpus.formats.plain_text import titled_by_first_line
from factbot.text.normalise import one_line

__all__ = ["read"]

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
SPACES = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
# Deleted by a tracked change; comments; lists of contents, which repeat the headings; what is not shown.
UNSEEN = {f"{TEXT}{name}" for name in ("tracked-changes", "table-of-content", "alphabetical-index", "hidden-text")}
UNSEEN |= {
    f"{TEXT}{name}" for name in ("hidden-paragraph", "variable-decls", "sequence-decls", "user-field-decls")
}
UNSEEN |= {f"{OFFICE}{name}" for name in ("annotation", "annotation-end", "forms", "scripts", "binary-data")}
NOTE = f"{TEXT}note"
SPACE_LIMIT = 100  # spaces that one element may stand for


def read(data: bytes) -> Content:
    """The document's blocks and its properties. Raises Unreadable."""
    with unzip(data, ".odt") as archive:
        manifest, content, meta = (
            entry(archive, f"{name}.xml") for name in ("META-INF/manifest", "content", "meta")
        )
    if manifest is not None and parse_xml(manifest).find(".//{*}encryption-data") is not None:
        raise Unreadable("is encrypted; save a copy without a password")
    root = parse_xml(content) if content is not None else None
    body = None if root is None else root.find(f"{OFFICE}body/{OFFICE}text")
    if root is None or body is None:
        raise Unreadable("is no OpenDocument text; open it in another program and save it as .odt")
    for element in [found for found in body.iter() if _is_unseen(found)]:
        _remove(element)
    notes = [found.find(f"{TEXT}note-body") for found in body.iter(NOTE)]
    blocks = [*_blocks(body), *(block for note in notes if note is not None for block in _blocks(note))]
    properties = parse_xml(meta) if meta is not None else None
    title = _stated(properties, "title")
    title = _titled(root, body) if is_junk_title(title) else title
    author = _stated(properties, "initial-creator") or _stated(properties, "creator")
    metadata = {
        "author": "" if is_nobody(author) else author,
        "date": _stated(properties, "creation-date")[:10],
        "language": _stated(properties, "language"),
    }
    return Content(*titled_by_first_line(without_title(title, blocks), title or None), metadata)


def _is_unseen(element: etree._Element) -> bool:
    return element.tag in UNSEEN or not isinstance(element.tag, str)


def _remove(element: etree._Element) -> None:
    """Take an element out of its paragraph, and leave the words that follow it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _stated(properties: etree._Element | None, name: str) -> str:
    return "" if properties is None else one_line(properties.findtext(f".//{{*}}{name}") or "")


def _titled(root: etree._Element, body: etree._Element) -> str:
    """The first paragraph in the style that writers call Title, or else the first heading."""
    parents = {
        style.get(f"{STYLE}name"): style.get(f"{STYLE}parent-style-name") for style in root.iter(f"{STYLE}style")
    }
    head = [found for found in body.iter(*PARAGRAPHS) if _text(found).strip()][:30]
    styles = [found.get(f"{TEXT}style-name", "") for found in head]
    titles = [f for f, style in zip(head, styles, strict=True) if "Title" in (style, parents.get(style))]
    headings = [found for found in head if found.tag == f"{TEXT}h"]
    return one_line(_text([*titles, *headings][0])) if titles or headings else ""


def _blocks(parent: etree._Element) -> Iterator[str]:
    """The paragraphs and rows below an element, in order, whatever they are wrapped in."""
    for child in parent:
        if child.tag in PARAGRAPHS:
            yield _text(child)
            for box in child.iterdescendants("{*}text-box"):
                yield from _blocks(box)
        elif child.tag == f"{TABLE}table-row":
            cells = (
                " ".join(filter(None, map(str.strip, _blocks(cell)))) for cell in child.iter(f"{TABLE}table-cell")
            )
            yield " | ".join(cells)
        elif child.tag != NOTE:
            yield from _blocks(child)


def _text(parent: etree._Element) -> str:
    parts = [parent.text or ""]
    for child in parent:
        if child.tag in SPACES:
            parts.append(SPACES[child.tag])
        elif child.tag == f"{TEXT}s":
            count = child.get(f"{TEXT}c", "1")
            parts.append(" " * min(int(count) if count.isdecimal() else 1, SPACE_LIMIT))
        elif child.tag != NOTE and not str(child.tag).endswith("}text-box"):
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
