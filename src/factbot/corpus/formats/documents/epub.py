"""EPUB: the chapters in the order of the book's spine, and its metadata."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from factbot.corpus.formats.content import CHARACTER_LIMIT, Content, Unreadable, without_title
from factbot.corpus.formats.documents.zipped_xml import entry, parse_xml, unzip
from factbot.corpus.formats.markup.blocks import html_blocks
from factbot.corpus.formats.plain_text import decode
from factbot.corpus.formats.web_page import html_charset
from factbot.text.addresses import web_address
from factbot.text.normalise import one_line

__all__ = ["read"]

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
CHAPTERS = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml"}

SHEETS, SHEET_LIMIT = 20, 200_000  # style sheets that are read, and characters of each
ELEMENTS = ("title", "creator", "date", "publisher", "language", "identifier", "source")


def read(data: bytes) -> Content:
    """The book's chapters as one text. Raises Unreadable."""
    with unzip(data, ".epub") as archive:
        container = entry(archive, CONTAINER)
        rootfile = None if container is None else parse_xml(container).find(".//{*}rootfile")
        path = "" if rootfile is None else rootfile.get("full-path", "")
        package = entry(archive, path)
        if package is None:
            raise Unreadable("is no EPUB book; open it in another program and save it anew")
        opf = parse_xml(package)
        locked = _locked(archive)
        sheets = "".join(_sheets(archive, opf, posixpath.dirname(path)))
        blocks: list[str] = []
        length = 0
        for name in _spine(opf, posixpath.dirname(path)):
            if name in locked:
                raise Unreadable("is encrypted (DRM); use a copy without it")
            chapter = entry(archive, name)
            if chapter is None:
                continue
            _, found = html_blocks(decode(chapter, html_charset(chapter)), sheets)
            blocks += found
            length += sum(map(len, found))
            if length > CHARACTER_LIMIT:
                raise Unreadable(
                    f"has more than {CHARACTER_LIMIT // 10**6} million characters; split it into several files"
                )
    stated = {name: _stated(opf, name) for name in ELEMENTS}
    title = "".join(stated["title"][:1]) or None
    metadata = {
        "author": ", ".join(stated["creator"]),
        "date": "".join(stated["date"][:1]),
        "source": "".join(stated["publisher"][:1]),
        "language": "".join(stated["language"][:1]),
        "url": next(filter(web_address, stated["identifier"] + stated["source"]), ""),
    }
    return Content(title, without_title(title, blocks), metadata)


def _spine(opf: etree._Element, folder: str) -> Iterator[str]:
    """The names of the chapters, in order, without the tables of contents."""
    items = {item.get("id"): item for item in opf.iterfind("{*}manifest/{*}item")}
    contents = {
        posixpath.normpath(posixpath.join(folder, unquote(guide.get("href", "").partition("#")[0])))
        for guide in opf.iterfind("{*}guide/{*}reference[@type='toc']")
    }
    for reference in opf.iterfind("{*}spine/{*}itemref"):
        item = items.pop(reference.get("idref"), None)  # once each, however often it is named
        if item is None or item.get("media-type") not in CHAPTERS or "nav" in item.get("properties", "").split():
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        if name not in contents:
            yield name


def _sheets(archive: ZipFile, opf: etree._Element, folder: str) -> Iterator[str]:
    """The book's style sheets, which say what its classes strike out and raise."""
    for item in islice(opf.iterfind("{*}manifest/{*}item[@media-type='text/css']"), SHEETS):
        sheet = entry(archive, posixpath.normpath(posixpath.join(folder, unquote(item.get("href", "")))))
        yield (sheet or b"").decode("utf-8", "replace")[:SHEET_LIMIT] + "}"


def _stated(opf: etree._Element, name: str) -> list[str]:
    """The values of one of Dublin Core's elements."""
    found = opf.iterfind(f"{{*}}metadata//{{http://purl.org/dc/elements/1.1/}}{name}")
    return [value for element in found if (value := one_line("".join(element.itertext())))]


def _locked(archive: ZipFile) -> set[str]:
    """The names of what is encrypted: in some books fonts only, which does not matter here."""
    encryption = entry(archive, ENCRYPTION)
    if encryption is None:
        return set()
    return {
        unquote(reference.get("URI", "")) for reference in parse_xml(encryption).iterfind(".//{*}CipherReference")
    }
