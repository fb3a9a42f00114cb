"""From the bytes of a file to an `Article`, and back to a file.

What a reader sees is what gets indexed and quoted, so everything is reduced to plain text here, once:
markup is gone, blocks (headings, paragraphs, list items) stand apart by a blank line, and no character
that cannot be seen is left in. How each kind of file is read is in `formats`.
"""

from __future__ import annotations

import hashlib
import re
import sys
from datetime import date, datetime
from email.utils import parsedate
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import yaml

from factbot.corpus.formats.content import Content, Unreadable, clean_text, one_line
from factbot.corpus.formats.markdown import read_markdown
from factbot.corpus.formats.page import html_charset, read_page
from factbot.corpus.formats.process import read_apart
from factbot.corpus.formats.sniffing import is_page, sniffed
from factbot.corpus.formats.text import decode, read_plain
from factbot.errors import ArticleError
from factbot.results import Article

__all__ = [
    "CONTAINERS",
    "HTML",
    "KINDS",
    "OTHER_KIND",
    "SIZE_LIMIT",
    "SUFFIXES",
    "TABLES",
    "clean_text",
    "file_hash",
    "parse_article",
    "read_article",
    "read_bytes",
    "size_limit",
    "to_text_file",
    "utc",
    "web_address",
]

SIZE_LIMIT = 10_000_000  # bytes, of a kind that is all text
LARGER = {".pdf": 100_000_000, ".docx": 50_000_000, ".epub": 50_000_000, ".eml": 50_000_000}  # hold pictures too

MARKDOWN = (".md", ".markdown")
PLAIN = (".txt", ".text")
HTML = (".html", ".htm", ".xhtml")
SUFFIXES = MARKDOWN + PLAIN + HTML + tuple(LARGER)  # of a file that is one article
JSON, LINES, SEPARATED = (".json",), (".jsonl", ".ndjson"), (".csv", ".tsv")
TABLES = JSON + LINES + SEPARATED
CONTAINERS = (*TABLES, ".zip")  # of files that hold many, which `containers` reads
_USUAL = (MARKDOWN[0], PLAIN[0], HTML[0], *LARGER, JSON[0], LINES[0], *SEPARATED)
KINDS = f"{', '.join(_USUAL)} or .zip"  # as a sentence names them
OTHER_KIND = f"is of a kind that factbot does not read; give it as {KINDS}"

METADATA = ("title", "source", "author", "date", "url", "language", "fetched")


def size_limit(suffix: str) -> int:
    """The most bytes that a file with this suffix (any case) may have."""
    return LARGER.get(suffix.lower(), SIZE_LIMIT)


def read_article(path: Path, article_id: str) -> Article:
    """The article in the file at `path`, with `article_id` (or the file's name, if that is "") as its id.

    Raises ArticleError, naming the file and what is wrong with it.
    """
    name = article_id or path.name
    return parse_article(read_bytes(path, name), path.suffix, name)


def read_bytes(path: Path, name: str) -> bytes:
    """The file's bytes, one more than its kind's limit at most. Raises ArticleError, calling the file `name`."""
    try:
        if path.is_dir():
            raise ArticleError(f"{name} is a folder; add the files in it.")
        if not path.is_file():  # opening a pipe or a device would wait for ever
            raise ArticleError(f"{name} is not a file that can be read; check the name.")
        with path.open("rb") as file:
            return file.read(size_limit(path.suffix) + 1)
    except OSError as error:
        raise ArticleError(f"{name} cannot be read ({error.strerror}); check its permissions.") from error


def file_hash(path: Path) -> str:
    """The SHA-256 of a file as a sync takes it; "" where it cannot be read, which no article has."""
    try:
        return hashlib.sha256(read_bytes(path, path.name)).hexdigest()
    except ArticleError:
        return ""


def parse_article(data: bytes, suffix: str, article_id: str) -> Article:
    """The article in `data`, read as what `suffix` (one of SUFFIXES, any case) says it is.

    Raises ArticleError, naming `article_id` and what is wrong with it.
    """
    try:
        content = _read(data, suffix.lower())
        text = clean_text(content.text).strip()  # again: markup can write any character as &#8203;
        if not text:
            raise Unreadable("has no text; write some or remove the file")
    except Unreadable as problem:
        raise ArticleError(f"{article_id or 'The article'} {problem}.") from problem.__cause__
    title = content.title
    if title is None:
        title = PurePosixPath(article_id).stem.replace("-", " ").replace("_", " ")
    metadata = content.metadata
    return Article(
        id=article_id,
        title=one_line(title),
        text=text,
        source=one_line(metadata.get("source", "")),
        author=one_line(metadata.get("author", "")),
        date=_iso_date(metadata.get("date", "")),
        url=web_address(metadata.get("url", "")),
        language=one_line(metadata.get("language", "")),
        fetched=one_line(metadata.get("fetched", "")),
        pages=content.pages,
    )


def to_text_file(article: Article) -> str:
    """The content of a `.txt` file that `parse_article` reads back as this article.

    Plain text under YAML front matter: nothing in the text needs escaping, so that
    `parse_article(to_text_file(article).encode(), ".txt", id).text == clean_text(article.text).strip()`.
    """
    values = {name: one_line(getattr(article, name)) for name in METADATA}
    given = {name: value for name, value in values.items() if value or name == "title"}
    front_matter = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=sys.maxsize)
    return f"---\n{front_matter}---\n\n{clean_text(article.text).strip()}\n"


def utc(moment: datetime) -> str:
    """A moment in UTC as front matter and results write it: "2024-03-05T10:15:00Z"."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _read(data: bytes, suffix: str) -> Content:
    if suffix not in SUFFIXES:
        raise Unreadable(OTHER_KIND)
    if len(data) > size_limit(suffix):  # before it is looked into; what it turns out to be has a limit of its own
        raise Unreadable(_too_large(suffix))
    suffix = _true_suffix(data, suffix)
    if len(data) > size_limit(suffix):
        raise Unreadable(_too_large(suffix))
    if not data.strip():
        raise Unreadable("has no text; write some or remove the file")
    if suffix in LARGER:
        return read_apart(data, suffix)
    if suffix in HTML:
        return read_page(clean_text(decode(data, declared=html_charset(data))))
    read = read_markdown if suffix in MARKDOWN else read_plain
    return read(clean_text(decode(data)))


def _too_large(suffix: str) -> str:
    return f"is larger than {size_limit(suffix) // 1_000_000} MB; split it into several articles"


def _true_suffix(data: bytes, suffix: str) -> str:
    """The suffix of what a file is, where its first bytes leave no doubt that its name is wrong.

    Files are saved from the web under the name that a link promised, and renamed by mail programs and people.
    """
    if is_page(data):
        return HTML[0] if suffix in (*LARGER, *PLAIN, *MARKDOWN) else suffix
    return suffix if suffix in LARGER else sniffed(data) or suffix


def _iso_date(value: str) -> str:
    """`value` as YYYY-MM-DD if it is a whole date in a common, unambiguous form, else as it is."""
    value = one_line(value)
    numbers = re.match(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)", value)
    if numbers and (numbers[2] or len(numbers[0]) == 8):
        return _valid_date(int(numbers[1]), int(numbers[3]), int(numbers[4])) or value
    for form in ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y"):
        try:
            return datetime.strptime(value, form).date().isoformat()
        except ValueError:
            continue
    if re.match(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d", value):  # as in e-mail and RSS
        fields = parsedate(value)
        return _valid_date(*fields[:3]) or value if fields else value
    return value


def _valid_date(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def web_address(value: str) -> str:
    """`value` if it is an http(s) address, else ""."""
    value = value.strip()
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
    return value if is_web else ""
