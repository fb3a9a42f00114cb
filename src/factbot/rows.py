"""Tables of articles: JSON lines and CSV, a row an article, read row by row however long they are.

What a row or a whole table lacks is a `Failure`, and the rest goes on.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import IO, TextIO

from factbot.articles import SIZE_LIMIT, clean_text, to_text_file
from factbot.formats.content import Unreadable, one_line
from factbot.formats.text import decode
from factbot.items import Item, slug
from factbot.results import Article, Failure

__all__ = ["read_csv", "read_json_lines"]

RECORD_LIMIT = SIZE_LIMIT  # characters of one row
METADATA_LIMIT = 2_000  # characters of a row's title, author and so on: together they still fit a front matter
OTHER_ENCODING_LIMIT = 50_000_000  # bytes of a table that is not UTF-8, which is read at once
BROKEN_LIMIT = 10_000  # rows one after another, after which it is no table
CHUNK = 262_144

FIELDS = {
    "text": ("text", "content", "body", "article", "maintext"),
    "title": ("title", "headline"),
    "id": ("id",),
    "source": ("source", "publisher", "site", "outlet"),
    "author": ("author", "authors", "byline"),
    "date": ("date", "published", "publishedat", "publishdate", "datepublish", "pubdate"),
    "url": ("url", "link"),
    "language": ("language", "lang"),
}


Row = Mapping[str, object]


def read_json_lines(file: IO[bytes], name: str) -> Iterator[Item | Failure]:
    lines = _Lines(_text(file))
    return _items(lines, map(_json_row, lines), name)


def _json_row(line: str) -> Row | None:
    if not line.strip():
        return None
    try:
        row = json.loads(line.rstrip())
    except json.JSONDecodeError as error:
        raise Unreadable(f"is broken JSON ({error.msg} at character {error.colno}); mend the line") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, 5,000 brackets
        raise Unreadable("is JSON that cannot be read; mend the line") from error
    if not isinstance(row, dict):
        raise Unreadable("is no JSON object; write the article as {...}")
    return row


def read_csv(file: IO[bytes], name: str) -> Iterator[Item | Failure]:
    lines = _Lines(_text(file))
    lines.begin()
    head = next((line for line in lines if line.strip()), "")
    csv.field_size_limit(RECORD_LIMIT + 1)  # one for the whole process, 128 KB if nobody says; `lines` has ours
    delimiter, columns = _columns(head)

    def row(values: list[str]) -> Row | None:
        if not values:
            return None
        if len(values) < len(columns) or any(values[len(columns) :]):
            raise Unreadable(f"has {len(values)} columns where the first line has {len(columns)}; mend its quotes")
        return dict(zip(columns, values, strict=False))

    # Strict: a wrong quote would join or cut articles without a word.
    yield from _items(lines, map(row, csv.reader(lines, delimiter=delimiter, strict=True)), name)


def _columns(head: str) -> tuple[str, list[str]]:
    """The delimiter under which the first line names a column with text, and all columns."""
    found: list[list[str]] = []
    for delimiter in ",;\t":
        columns = next(csv.reader([head], delimiter=delimiter), [])
        if any(_key(column) in FIELDS["text"] for column in columns):
            return delimiter, columns
        found.append(columns)
    shown = ", ".join(one_line(column)[:40] for column in max(found, key=len)[:20])
    raise Unreadable(f"has no column with text: it has {shown}; call one {_either(FIELDS['text'])}")


def _items(lines: _Lines, rows: Iterator[Row | None], name: str) -> Iterator[Item | Failure]:
    """The rows as files; `rows` goes on after an error, and None is an empty line."""
    broken = 0
    while broken < BROKEN_LIMIT:
        lines.begin()
        try:
            row = next(rows)
            if row is not None:
                yield _item(row, f"{PurePosixPath(name).stem} {lines.first}")
                broken = 0
            continue
        except StopIteration:
            return
        except (Unreadable, csv.Error, RecursionError) as error:
            reason = error if isinstance(error, Unreadable) else f"cannot be read ({error}); mend its quotes"
        broken += 1
        yield Failure(f"{name}, line {lines.first}", f"{name}, line {lines.first}: {reason}.")
    yield Failure(name, f"{name} holds no article in {BROKEN_LIMIT:,} rows; the rest is left out.")


def _item(row: Row, otherwise: str) -> Item:
    """A row as a text file, named after its title, its id or, without either, `otherwise`."""
    given = {_key(name): value for name, value in row.items()}
    text = _first(given, FIELDS["text"], between="\n\n")
    if not clean_text(text).strip():
        raise Unreadable(f"has no text; write some under {_either(FIELDS['text'])}")

    def field(name: str) -> str:
        return _first(given, FIELDS[name])[:METADATA_LIMIT]

    title = field("title") or field("id") or otherwise
    article = Article(
        title=title,
        text=text,
        source=field("source"),
        author=field("author"),
        date=field("date"),
        url=field("url"),
        language=field("language"),
    )
    data = to_text_file(article).encode()
    if len(data) > SIZE_LIMIT:
        raise Unreadable(f"is larger than {SIZE_LIMIT // 1_000_000} MB; split it into several articles")
    return Item(f"{slug(title) or slug(otherwise) or 'article'}.txt", data)


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _first(given: Row, keys: tuple[str, ...], between: str = ", ") -> str:
    return next((found for key in keys if (found := _words(given.get(key), between))), "")


def _words(value: object, between: str) -> str:
    """What a field says: of a list all its members, of an object ({"id": 7, "name": "The Times"}) its name."""
    if isinstance(value, list):
        return between.join(filter(None, (_words(member, between) for member in value)))
    if isinstance(value, dict):
        return _words(value.get("name"), between)
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _either(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


class _Lines:
    """The lines of a text, of which one record (from `begin` to `begin`) may have RECORD_LIMIT characters.

    Raises Unreadable for a record beyond that, after the end of its line, and for bytes that are not UTF-8; the
    next line follows all the same.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._left = 0
        self._number = 0
        self.first = 0  # line of the record

    def begin(self) -> None:
        self._left = RECORD_LIMIT
        self.first = self._number + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._left + 1)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) > self._left:
            while line and not line.endswith(("\n", "\r")):
                line = self._text.readline(CHUNK)
            raise Unreadable(f"is longer than {RECORD_LIMIT // 1_000_000} MB; split it, or close its quotes")
        self._left -= len(line)
        if not line.isascii() and _BROKEN.search(line):
            raise Unreadable("is not UTF-8; save it as that")
        return line


_BROKEN = re.compile("[\udc80-\udcff]")  # as Python marks bytes that are not UTF-8


def _text(file: IO[bytes]) -> TextIO:
    """A table's text: UTF-8 chunk by chunk; in another encoding, as old exports are, all at once.

    Where most of what is not ASCII is UTF-8, all is: a broken character costs its row alone.
    """
    chunk = _first_that_is_not_utf8(file).decode("utf-8", "surrogateescape")
    file.seek(0)
    broken = len(_BROKEN.findall(chunk))
    if broken <= sum(character > "\x7f" for character in chunk) - broken:
        return io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    data = file.read(OTHER_ENCODING_LIMIT + 1)
    if len(data) > OTHER_ENCODING_LIMIT:
        limit = f"{OTHER_ENCODING_LIMIT // 1_000_000} MB"
        raise Unreadable(f"is larger than {limit} and not UTF-8; save it as UTF-8 text")
    return io.StringIO(decode(data), newline="")


def _first_that_is_not_utf8(file: IO[bytes]) -> bytes:
    decoder = codecs.getincrementaldecoder("utf-8")()
    latest = b""
    try:
        while chunk := file.read(CHUNK):
            latest = chunk
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return latest
    return b""
