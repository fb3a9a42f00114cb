"""What every reader of files promises for any bytes; `readers.py` looks for bytes that break a promise."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from factbot.corpus.formats.article import parse_article
from factbot.corpus.formats.content import Content, Unreadable
from factbot.corpus.formats.documents import docx, epub, odt, rtf
from factbot.corpus.formats.documents.mail import reader as mail
from factbot.corpus.formats.documents.pdf.layout import Line, flowed
from factbot.corpus.formats.kinds import SUFFIXES
from factbot.corpus.formats.plain_text import to_text_file
from factbot.corpus.ingest.archives import unpack
from factbot.corpus.ingest.feeds import entries, is_feed
from factbot.corpus.ingest.item import Item
from factbot.corpus.ingest.mailboxes import read_mailbox
from factbot.corpus.ingest.tables import read_csv, read_json_lines
from factbot.errors import ArticleError
from factbot.results import Failure
from factbot.text.normalise import clean_text, one_line
from tests.support.documents import BOOK, CHAPTER, CONTAINER, OPF, rezipped, word, zipped

__all__ = ["EXAMPLES", "KINDS", "keep"]

Reader = Callable[[bytes], None]


def keep(data: bytes) -> None:
    """Read `data`; its first byte chooses the reader. Raises AssertionError where a promise is broken."""
    if data:
        list(KINDS.values())[data[0] % len(KINDS)](data[1:])


def _text(suffix: str) -> Reader:
    def read(data: bytes) -> None:
        try:
            article = parse_article(data, suffix, f"a{suffix}")
        except ArticleError as error:
            _sentence(str(error))
            return
        assert article.text and article.text == clean_text(article.text).strip()
        assert article.title == one_line(article.title)
        again = parse_article(to_text_file(article).encode(), ".txt", "a.txt")
        assert (again.title, again.text, again.date, again.url) == (
            *(article.title, article.text, article.date, article.url),
        )

    return read


def _document(reader: Callable[[bytes], Content], wrapped: Callable[[bytes], bytes] = bytes) -> Reader:
    """A reader that runs in its own process, where any exception means a damaged file."""

    def read(data: bytes) -> None:
        try:
            content = reader(wrapped(data))
        except Unreadable as problem:
            _sentence(f"It {problem}.")
        except Exception:
            return
        else:
            assert all(isinstance(value, str) for value in content.metadata.values())
            assert list(content.pages) == sorted(content.pages)

    return read


def _table(reader: Callable[[io.BytesIO, str], Iterator[Item | Failure]]) -> Reader:
    def read(data: bytes) -> None:
        try:
            for item in reader(io.BytesIO(data), "rows"):
                _taken(item)
        except Unreadable as problem:
            _sentence(f"rows {problem}.")

    return read


def _archive(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(data)
        file.flush()
        for item in unpack(Path(file.name)):
            _taken(item)


def _packed(data: bytes) -> None:
    """An archive that is whole, of names and files that stand by turns between pairs of zeros."""
    names, contents = data.split(b"\0\0")[::2], data.split(b"\0\0")[1::2]
    pairs = zip(names, contents, strict=False)
    _archive(
        zipped({name.decode("utf-8", "replace"): content for name, content in pairs if name.partition(b"\0")[0]})
    )


def _pages(data: bytes) -> None:
    """The pieces of text of a PDF's pages: where each stands, three bytes, and a line of text."""
    pages: list[list[Line]] = [[]]
    for piece in data.split(b"\n"):
        text = one_line(piece[3:].decode("utf-8", "replace"))
        if piece == b"\f":
            pages.append([])
        elif text:
            left, base, size = 4.0 * piece[0], 4.0 * piece[1], 6.0 + piece[2] % 16
            pages[-1].append(Line(text, left, left + len(text) * size / 2, base, size, turn=piece[2] >> 6))
    _, text, starts = flowed(pages, "")
    assert len(starts) == len(pages) and list(starts) == sorted(starts) and max(starts) <= len(text)


def _feed(data: bytes) -> None:
    is_feed(data)
    for address in ("https://news.example/feed", ""):
        try:
            for entry in entries(data, address):
                assert entry.url.startswith(("http://", "https://"))
                assert entry.title == one_line(entry.title) and entry.date == one_line(entry.date)
        except ArticleError as error:
            _sentence(str(error))


def _taken(item: Item | Failure) -> None:
    """Each item has a name inside the corpus and a text; each failure is a sentence."""
    if isinstance(item, Failure):
        _sentence(item.reason)
        return
    path = PurePosixPath(item.name)
    assert not path.is_absolute() and path.suffix.lower() in SUFFIXES
    assert not any(part.startswith(".") or part != part.strip() for part in path.parts), item.name
    if path.suffix == ".txt" and item.data.startswith(b"---\n"):
        _text(".txt")(item.data)


def _sentence(text: str) -> None:
    assert text.endswith(".") and len(text.splitlines()) == 1, text


DOCX = word(lambda document: document.add_paragraph("The ferry came."))
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><link>https://a.example/</link>
<item><title>A &amp; b</title><link>/a</link><pubDate>Tue, 05 Mar 2024 00:30:00 +0200</pubDate>
<author>a@b.example (Ann)</author></item></channel></rss>"""
MAIL = b"""From: Ann <ann@a.example>
Subject: =?utf-8?q?D=C3=A9j=C3=A0?=
Date: Tue, 05 Mar 2024 10:00:00 +0000
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/plain

Text.
--x
Content-Type: text/html

<p>Text.</p>
--x--
"""
ODT = b"""<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:h>T</text:h><text:p>One<text:s
text:c="3"/>two.</text:p></office:text></office:body></office:document-content>"""
PAGE = b"""<html lang="en"><head><meta charset="utf-8"><title>T</title></head>
<body><p>One.</p><ul><li>Two.</body></html>"""

# Kind, what reads it, and a file of it that is sound. A new kind goes last: seeds name theirs by number.
_KINDS: list[tuple[str, Reader, bytes]] = [
    (".md", _text(".md"), b"---\ntitle: T\ndate: 2024-03-05\n---\n# T\n\nOne *two*.\n\n- three\n\n> four"),
    (".txt", _text(".txt"), b"---\ntitle: T\nurl: https://a.example/\n---\nTitle\n\nOne two."),
    (".html", _text(".html"), PAGE),
    (".eml", _document(mail.read), MAIL),
    (".docx", _document(docx.read, lambda data: rezipped(DOCX, {"word/document.xml": data})), b"<w:document/>"),
    (".epub", _document(epub.read, lambda data: zipped(BOOK | {"OEBPS/book.opf": data})), OPF.encode()),
    (
        "chapter",
        _document(epub.read, lambda data: zipped(BOOK | {"OEBPS/text/two.xhtml": data})),
        CHAPTER.encode(),
    ),
    (
        "container",
        _document(epub.read, lambda d: zipped(BOOK | {"META-INF/container.xml": d})),
        CONTAINER.encode(),
    ),
    (".csv", _table(read_csv), b'title;text;date\n"A ""b""";"One\ntwo.";2024-03-05\n'),
    (".jsonl", _table(read_json_lines), b'{"title": "A", "text": ["One.", "Two."], "author": {"name": "Ann"}}\n'),
    (".zip", _archive, zipped({"a/b.txt": "A\n\nText.", "rows.csv": "text\nOne.\n"})),
    ("packed", _packed, b"a/b.txt\0\0A\n\nText.\0\0rows.csv\0\0text\nOne.\n\0\0../c.md\0\0C"),
    (
        "pages",
        _pages,
        b"\x12\xaf\x06The ferry came to the har-\n\x12\xab\x06bour at noon.\n\f\n\x12\xaf\x06It left.",
    ),
    ("feed", _feed, FEED),
    ("sitemap", _feed, b"<urlset><url><loc>https://a.example/b</loc></url></urlset>"),
    (
        ".srt",
        _text(".srt"),
        b"1\n00:00:01,000 --> 00:00:04,000\n- One &amp; two.\n\n2\n00:02:01,000 --> 00:02:04,000\nB\n",
    ),
    (".vtt", _text(".vtt"), b"WEBVTT - T\n\nNOTE x\n\n00:01.000 --> 00:02.000\n<v Ann>One <i>two</i>.\n"),
    (
        ".rtf",
        _document(rtf.read),
        b"{\\rtf1\\ansi\\ansicpg1252 One {\\footnote two}\\'e9.\\par three\\cell four\\cell\\row}",
    ),
    (".odt", _document(odt.read, lambda data: zipped({"content.xml": data})), ODT),
    (
        "mailbox",
        _table(read_mailbox),
        b"From a@b.example Sat Jan  3 01:05:34 2026\nSubject: T\n\nOne.\n>From two.\n",
    ),
]
KINDS: dict[str, Reader] = {kind: reader for kind, reader, _ in _KINDS}
EXAMPLES = [bytes([number]) + example for number, (_, _, example) in enumerate(_KINDS)]
