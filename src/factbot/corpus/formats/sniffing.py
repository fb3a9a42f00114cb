"""What a file is by its first bytes, where its name says that it is text."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

from factbot.corpus.formats.content import Unreadable

__all__ = ["OLE", "is_page", "sniffed"]

HEAD = 8_192  # bytes in which an e-mail's telling headers stand
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an old Office file, or a new one inside an encrypted envelope
_MARK = b"\xef\xbb\xbf \t\r\n"  # a byte order mark or white space, which may come first
_HEADERS = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){3,}")
_MAIL_ONLY = re.compile(rb"^(?:Message-ID|MIME-Version|Received):", re.IGNORECASE | re.MULTILINE)
_SENDER = re.compile(rb"^From:", re.IGNORECASE | re.MULTILINE)


def is_page(data: bytes) -> bool:
    """Whether `data` begins as HTML does."""
    return data[:256].lstrip(_MARK).lower().startswith((b"<!doctype html", b"<html"))


def sniffed(data: bytes) -> str:
    """The suffix of a PDF, DOCX, EPUB or e-mail, "" for what may be text. Raises Unreadable for other files."""
    if data.lstrip(_MARK).startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith(OLE):
        raise Unreadable("is an old Office file, whatever its name says; save it as .docx")
    if data.startswith(b"{\\rtf"):
        raise Unreadable("is rich text (RTF), whatever its name says; save it as .docx")
    head = _HEADERS.match(data[:HEAD])
    # Three lines with colons may open any text, and a copied message is fine as one; these lines no person writes.
    return ".eml" if head and _SENDER.search(head[0]) and _MAIL_ONLY.search(head[0]) else ""


def _packed(data: bytes) -> str:
    """The suffix of a zip file that is one article."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except Exception:  # zipfile lets struct's and the codecs' errors through
        names = set()
    if "META-INF/container.xml" in names:
        return ".epub"
    if "word/document.xml" in names:
        return ".docx"
    raise Unreadable(
        "is a zip archive or an Office file, whatever its name says; give it the ending of what it is"
    )
