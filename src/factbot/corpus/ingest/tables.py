"""Tables of articles: JSON, JSON lines, CSV and TSV. Each row is an article; a table may be larger than memory.

A row that cannot be read is a `Failure`, and the rest goes on.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import IO, TextIO

from factbot.corpus.formats.content import Unreadable
from factbot.corpus.formats.kinds import SIZE_LIMIT, too_large
from factbot.corpus.formats.plain_text import as_read, to_text_file
from factbot.corpus.formats.text_stream import BROKEN, CHUNK, open_text
from factbot.corpus.ingest.item import Item
from factbot.corpus.naming import slug, stem_of
from factbot.results import Article, Failure
from factbot.text.addresses import leads_to_page
from factbot.text.normalise import clean_text, one_line

__all__ = ["read_csv", "read_json", "read_json_lines"]

RECORD_LIMIT = SIZE_LIMIT  # characters of one row
METADATA_LIMIT = 2_000  # characters of a row's title, author and so on: together they still fit a front matter
BROKEN_LIMIT = 10_000  # rows one after another, after which it is no table

# The names that exports give a field, the surer ones first; case, spaces, "_" and "-" do not count (`_key`).
FIELDS = {
    "text": (
        *("text", "content", "body", "article", "maintext"),
        *("articlebody", "bodytext", "fulltext", "articletext", "articlecontent", "story"),
    ),
    "title": ("title", "headline", "articletitle", "webtitle"),
    "id": ("id", "articleid", "documentid", "docid", "guid", "uuid", "identifier"),
    "source": ("source", "publisher", "site", "outlet", "sourcename", "sitename", "publication", "newspaper"),
    "author": ("author", "authors", "byline", "creator", "writer", "authorname"),
    "date": (
        *("date", "published", "publishedat", "publishdate", "datepublish", "pubdate"),
        *("datepublished", "publisheddate", "publicationdate", "publishedon", "publishedtime", "publicationtime"),
        *("webpublicationdate", "dateofpublication", "articledate", "issued"),
    ),
    "url": ("url", "link", "canonicalurl", "articleurl", "pageurl", "weburl", "webaddress", "permalink", "uri"),
    "language": ("language", "lang", "inlanguage", "languagecode"),
}
SHOWN = 5  # names of the text that a refusal offers
DELIMITERS = ",;\t|"

Row = Mapping[str, object]


def read_json_lines(file: IO[bytes], name: str) -> Iterator[Item | Failure]:
    """The article of each line; of a file that is one array after all, those of its members."""
    with open_text(file) as text:
        is_array = text.read(CHUNK).lstrip("\ufeff \t\r\n").startswith("[")
        text.seek(0)
        if is_array:
            yield from _json_articles(text, name)
        else:
            lines = _Lines(text)
            yield from _items(map(_json_row, lines), name, lines.begin, "line")


def read_json(file: IO[bytes], name: str) -> Iterator[Item | Failure]:
    """The article of each object, be they in an array, in one inside an object, or one after the other."""
    with open_text(file) as text:
        yield from _json_articles(text, name)


def _json_articles(text: TextIO, name: str) -> Iterator[Item | Failure]:
    values = _Values(text)
    if not values.any():
        raise Unreadable("holds no article; write each as an object {...} in an array [...]")
    yield from _items(map(_row, values), name, values.begin, "article")


def _json_row(line: str) -> Row | None:
    if not line.strip():
        return None
    try:
        row = json.loads(line.rstrip())
    except json.JSONDecodeError as error:
        raise Unreadable(f"is broken JSON ({error.msg} at character {error.colno}); mend the line") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, 5,000 brackets
        raise Unreadable("is JSON that cannot be read; mend the line") from error
    return _row(row)


def _row(value: object) -> Row:
    if not isinstance(value, dict):
        raise Unreadable("is no JSON object; write the article as {...}")
    return value


def read_csv(file: IO[bytes], name: str) -> Iterator[Item | Failure]:
    with open_text(file) as text:
        lines = _Lines(text)
        lines.begin()
        head = next((line for line in lines if line.strip()), "")
        stated = _SEPARATOR.fullmatch(head)
        if stated:
            head = next((line for line in lines if line.strip()), "")
        csv.field_size_limit(
            RECORD_LIMIT + 1
        )  # of the whole process, where 128 KB is the default; `lines` has ours
        delimiter, columns = _columns(head, stated[1] if stated else DELIMITERS)

        def row(values: list[str]) -> Row | None:
            if not values:
                return None
            if len(values) < len(columns) or any(values[len(columns) :]):
                raise Unreadable(
                    f"has {len(values)} columns where the first line has {len(columns)}; mend its quotes"
                )
            return dict(zip(columns, values, strict=False))

        # Strict: else a wrong quote would join or cut articles and nobody would be told.
        rows = map(row, csv.reader(lines, delimiter=delimiter, strict=True))
        yield from _items(rows, name, lines.begin, "line")


_SEPARATOR = re.compile(r'"?sep=([^\w\s"]|\t)"?[,;|\s]*', re.IGNORECASE)  # as Excel writes it above the columns


def _columns(head: str, delimiters: str) -> tuple[str, list[str]]:
    """The delimiter under which the first line names a column with text, and all columns."""
    found = [(next(csv.reader([head], delimiter=delimiter), []), delimiter) for delimiter in delimiters]
    # The most columns: "body;text" is two of them, and read with commas one that could be called "bodytext".
    columns, delimiter = max(found, key=lambda found: (_has_text(found[0]), len(found[0])))
    if _has_text(columns):
        return delimiter, columns
    shown = ", ".join(one_line(column)[:40] for column in columns[:20])
    raise Unreadable(f"has no column with text: it has {shown}; call one {_either(FIELDS['text'][:SHOWN])}")


def _has_text(columns: Iterable[str]) -> bool:
    return any(_key(column) in FIELDS["text"] for column in columns)


def _items(rows: Iterator[Row | None], name: str, begin: Callable[[], int], unit: str) -> Iterator[Item | Failure]:
    """The rows as files; `rows` goes on after an error, and None is an empty line.

    `begin` is called before each row and gives its number among the table's `unit`s.
    """
    broken = 0
    used: set[str] = set()
    while broken < BROKEN_LIMIT:
        number = begin()
        try:
            row = next(rows)
            if row is not None:
                yield _item(row, f"{PurePosixPath(name).stem} {number}", used)
                broken = 0
            continue
        except StopIteration:
            return
        except (Unreadable, csv.Error, RecursionError) as error:
            reason = error if isinstance(error, Unreadable) else f"cannot be read ({error}); mend its quotes"
        broken += 1
        where = f"{name}, {unit} {number}"
        yield Failure(where, f"{where}: {reason}.")
    yield Failure(name, f"{name} holds no article in {BROKEN_LIMIT:,} rows; the rest is left out.")


def _item(row: Row, otherwise: str, used: set[str]) -> Item:
    """A row as a text file, named after its id, its title or, without either, `otherwise`.

    `used` are the ids and addresses of the rows before it: one that comes twice tells no article from another.
    """
    given = {_key(name): value for name, value in row.items()}
    text = _first(given, FIELDS["text"], between="\n\n")
    if not clean_text(text).strip():
        raise Unreadable(f"has no text; write some under {_either(FIELDS['text'][:SHOWN])}")

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
        raise Unreadable(too_large(".txt"))
    address = article.url if leads_to_page(article.url) else ""
    stem, address = _anew(stem_of(_first(given, FIELDS["id"])), used), _anew(address, used)
    name = stem or slug(title) or slug(otherwise) or "article"
    name = f"{name}.txt"
    return Item(name, data, has_own_id=bool(stem), address=address, article=as_read(article, name))


def _anew(value: str, used: set[str]) -> str:
    """`value` the first time that it comes, then ""."""
    if value in used:
        return ""
    used.add(value)
    return value


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

    def begin(self) -> int:
        """Begin a record, and give the number of its first line."""
        self._left = RECORD_LIMIT
        return self._number + 1

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
        if not line.isascii() and BROKEN.search(line):
            raise Unreadable("is not UTF-8; save it as that")
        return line


class _Values:
    """The values of a JSON text one after another, those of an array singly, of at most RECORD_LIMIT characters.

    What stands between values is hardly checked. Raises Unreadable for what is no JSON, and ends there, as nothing
    tells where the next value begins.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._read = ""
        self._at = 0
        self._number = 0
        self._wrapped: list[object] = []  # still to come, last one first
        self._is_over = False

    def any(self) -> bool:
        """Whether there is one, or something that should be."""
        return self._skip()

    def begin(self) -> int:
        self._number += 1
        return self._number

    def __iter__(self) -> Iterator[object]:
        return self

    def __next__(self) -> object:
        if not self._wrapped:
            if self._is_over or not self._skip():
                raise StopIteration
            self._wrapped = _unwrapped(self._value())[::-1]
        return self._wrapped.pop()

    def _skip(self) -> bool:
        """Go to where the next value begins; False where there is none."""
        while True:
            found = _BETWEEN.match(self._read, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._read):
                return True
            if not self._more():
                return False

    def _more(self) -> bool:
        """Read on, twice as far each time; False at the end of the text, or when one value has become too long."""
        rest = self._read[self._at :]
        wanted = min(max(CHUNK, len(rest)), RECORD_LIMIT + CHUNK - len(rest))
        chunk = self._text.read(wanted) if len(rest) <= RECORD_LIMIT else ""
        self._read, self._at = rest + chunk, 0
        return bool(chunk)

    def _value(self) -> object:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._read, self._at)
                break
            except json.JSONDecodeError as error:
                if self._more():
                    continue
                self._is_over = True
                is_long = len(self._read) - self._at > RECORD_LIMIT
                problem = (
                    f"is longer than {RECORD_LIMIT // 1_000_000} MB"
                    if is_long
                    else f"is broken JSON ({error.msg})"
                )
                raise Unreadable(f"{problem}; mend it, all from there on is left out") from error
            except (ValueError, RecursionError) as error:  # as in a line
                self._is_over = True
                raise Unreadable("is JSON that cannot be read; mend it, all from there on is left out") from error
        given, self._at = self._read[self._at : end], end
        if not given.isascii() and BROKEN.search(given):
            raise Unreadable("is not UTF-8; save it as that")
        return value


_DECODER = json.JSONDecoder()
_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")


def _unwrapped(value: object) -> list[object]:
    """The articles in an object that only holds them ({"articles": [...]}); any other value by itself."""
    if isinstance(value, dict) and not _has_text(value):
        lists = [held for held in value.values() if isinstance(held, list) and _are_objects(held)]
        if len(lists) == 1:
            return lists[0]
    return [value]


def _are_objects(values: list[object]) -> bool:
    return bool(values) and all(isinstance(value, dict) for value in values)
