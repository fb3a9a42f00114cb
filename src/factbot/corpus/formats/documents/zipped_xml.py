"""Zip files full of XML, which DOCX, ODT and EPUB are: opened and parsed within bounds."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from lxml import etree

from factbot.corpus.formats.content import Unreadable
from factbot.corpus.formats.kinds import OLD_OFFICE
from factbot.corpus.formats.zip_guard import is_encrypted, is_ordinary, open_zip

__all__ = ["XML_LIMIT", "entry", "parse_xml", "unzip"]

ENTRY_LIMIT = 10_000
UNPACKED_LIMIT = 300_000_000  # bytes, of all entries together
XML_LIMIT = 50_000_000  # bytes, of one entry that is parsed
TOO_LARGE = (
    f"would unpack to more than {UNPACKED_LIMIT // 10**6} MB or {ENTRY_LIMIT:,} parts; save its text as plain text"
)


def unzip(data: bytes, kind: str) -> zipfile.ZipFile:
    """The zip file that a `kind` of file is, checked: reading all its entries takes bounded memory.

    Nothing is ever unpacked to disk, so its entries' names lead nowhere. Raises Unreadable.
    """
    if data.startswith(OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable("is encrypted; save a copy without a password")
        raise Unreadable(f"is an old Office file, whatever its name says; save it as {kind}")
    try:
        archive = open_zip(BytesIO(data), ENTRY_LIMIT, TOO_LARGE)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise Unreadable(f"is no whole {kind} file; open it in another program and save it anew") from error
    entries = archive.infolist()
    if any(map(is_encrypted, entries)):
        raise Unreadable("is encrypted; save a copy without a password")
    if not all(map(is_ordinary, entries)) or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise Unreadable(TOO_LARGE)
    return archive


def entry(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The content of the entry with that name, None if there is none. Raises Unreadable."""
    try:
        if archive.getinfo(name).file_size > XML_LIMIT:
            raise Unreadable(f"has a part larger than {XML_LIMIT // 10**6} MB; save its text as plain text")
        return archive.read(name)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise Unreadable("is damaged; open it in another program and save it anew") from error


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML document. Entities are neither expanded nor fetched. Raises Unreadable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("is damaged; open it in another program and save it anew") from error
