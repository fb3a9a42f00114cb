"""Which kinds of file there are, how large each may be, and what a file is by its first bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

from factbot.corpus.formats.content import Unreadable
from factbot.corpus.formats.zip_guard import is_ordinary, open_zip

__all__ = [
    "CONTAINERS",
    "DOCUMENTS",
    "HTML",
    "KINDS_IN_WORDS",
    "MAILBOX",
    "MARKDOWN",
    "OLD_OFFICE",
    "OTHER_KIND",
    "PLAIN",
    "SIZE_LIMIT",
    "SUFFIXES",
    "TABLES",
    "TRANSCRIPTS",
    "size_limit",
    "suffix_by_content",
    "too_large",
]

SIZE_LIMIT = 10_000_000  # bytes, of a kind that is all text


@dataclass(frozen=True)
class DocumentKind:
    """A kind of file whose reader runs in a process of its own.

    `name` is what people call the kind. `reader` is the module in `documents` whose `read` takes the file's bytes.
    `size_limit` is in bytes. `media_type` is what servers call the kind.
    """

    name: str
    reader: str
    size_limit: int
    media_type: str


# By suffix. A file of these kinds holds pictures too, so it may be larger than a text.
DOCUMENTS = {
    ".pdf": DocumentKind("PDF", "pdf.reader", 100_000_000, "application/pdf"),
    ".docx": DocumentKind(
        "DOCX", "docx", 50_000_000, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    ".odt": DocumentKind("ODT", "odt", 50_000_000, "application/vnd.oasis.opendocument.text"),
    ".rtf": DocumentKind("RTF", "rtf", 50_000_000, "application/rtf"),
    ".epub": DocumentKind("EPUB", "epub", 50_000_000, "application/epub+zip"),
    ".eml": DocumentKind("e-mail", "mail.reader", 50_000_000, "message/rfc822"),
}

MARKDOWN = (".md", ".markdown")
PLAIN = (".txt", ".text")
HTML = (".html", ".htm", ".xhtml")
TRANSCRIPTS = (".srt", ".vtt")
SUFFIXES = MARKDOWN + PLAIN + HTML + TRANSCRIPTS + tuple(DOCUMENTS)  # of a file that is one article
JSON, LINES, SEPARATED = (".json",), (".jsonl", ".ndjson"), (".csv", ".tsv")
TABLES = JSON + LINES + SEPARATED
MAILBOX = ".mbox"
CONTAINERS = (*TABLES, MAILBOX, ".zip")  # of a file that holds many articles
_USUAL = (MARKDOWN[0], PLAIN[0], HTML[0], *TRANSCRIPTS, *DOCUMENTS, JSON[0], LINES[0], *SEPARATED, MAILBOX)
KINDS_IN_WORDS = f"{', '.join(_USUAL)} or .zip"  # as a sentence names them
OTHER_KIND = f"is of a kind that factbot does not read; give it as {KINDS_IN_WORDS}"


def size_limit(suffix: str) -> int:
    """The most bytes that a file with this suffix (any case) may have."""
    document = DOCUMENTS.get(suffix.lower())
    return document.size_limit if document else SIZE_LIMIT


def too_large(suffix: str) -> str:
    """The end of a sentence that refuses a file of this kind for its size."""
    return f"is larger than {size_limit(suffix) // 1_000_000} MB; split it into several articles"


# -- by the first bytes ----------------------------------------------------------------------------

ENTRIES = 100_000  # of a zip file that is looked into
HEAD = 8_192  # bytes in which an e-mail's headers stand
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE: an old Office file, or a new one that is encrypted
_MARK = b"\xef\xbb\xbf \t\r\n"  # a byte order mark or white space, which may come first
_HEADERS = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){3,}")
_MAIL_ONLY = re.compile(rb"^(?:Message-ID|MIME-Version|Received):", re.IGNORECASE | re.MULTILINE)
_SENDER = re.compile(rb"^From:", re.IGNORECASE | re.MULTILINE)


def suffix_by_content(data: bytes, suffix: str) -> str:
    """The suffix of what a file is, where its first bytes leave no doubt that its own `suffix` is wrong.

    Files are saved from the web under the name that a link promised, and mail programs and people rename them.
    Raises Unreadable for a file that its first bytes show to be of a kind that factbot does not read.
    """
    if _is_html(data):
        return suffix if suffix in HTML else HTML[0]
    return suffix if suffix in DOCUMENTS else _document_suffix(data) or suffix


def _is_html(data: bytes) -> bool:
    return data[:256].lstrip(_MARK).lower().startswith((b"<!doctype html", b"<html"))


def _document_suffix(data: bytes) -> str:
    """The suffix of one of DOCUMENTS, "" for what may be text."""
    if data.lstrip(_MARK).startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zipped_suffix(data)
    if data.startswith(OLD_OFFICE):
        raise Unreadable("is an old Office file, whatever its name says; save it as .docx")
    if data.lstrip(_MARK).startswith(b"{\\rtf"):
        return ".rtf"
    head = _HEADERS.match(data[:HEAD])
    # Any text may begin with three lines that hold a colon, and a copied message is fine as text. But nobody
    # writes these headers by hand.
    return ".eml" if head and _SENDER.search(head[0]) and _MAIL_ONLY.search(head[0]) else ""


def _zipped_suffix(data: bytes) -> str:
    """The suffix of a zip file that is one article."""
    try:
        with open_zip(BytesIO(data), ENTRIES, "") as archive:
            names = set(archive.namelist())
            stated = archive.getinfo("mimetype") if "mimetype" in names else None
            is_short = stated is not None and is_ordinary(stated) and stated.file_size < HEAD
            media_type = archive.read("mimetype").strip() if is_short else b""
    except Exception:  # zipfile lets struct's and the codecs' errors through
        names, media_type = set(), b""
    if "META-INF/container.xml" in names:
        return ".epub"
    if "word/document.xml" in names:
        return ".docx"
    if media_type == DOCUMENTS[".odt"].media_type.encode():
        return ".odt"
    raise Unreadable(
        "is a zip archive or an Office file, whatever its name says; give it the ending of what it is"
    )
