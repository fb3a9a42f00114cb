"""The catalog: which articles are indexed, their text, and where their passages and sentences lie.

One SQLite file. It is written last, after vectors and words, so that an article which the catalog
knows is searchable; and `pending` names, before anything else is written, the articles in the making,
so that a process killed at any moment leaves a note of what the next `sync` has to do again.
"""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from factbot.errors import CorpusIndexError
from factbot.index.near_copies import LINKED_FROM, Sketch, bands, similarity, sketch
from factbot.results import Article, passage_id
from factbot.text.sentences import Span

__all__ = ["Catalog", "IndexedArticle"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pending (article_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL,
    author TEXT NOT NULL, date TEXT NOT NULL, url TEXT NOT NULL, language TEXT NOT NULL, fetched TEXT NOT NULL,
    text TEXT NOT NULL, pages BLOB NOT NULL, sentences BLOB NOT NULL, passages BLOB NOT NULL,
    passage_count INTEGER NOT NULL, sketch BLOB NOT NULL, in_vectors INTEGER NOT NULL, in_words INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS by_url ON articles (url);
CREATE TABLE IF NOT EXISTS bands (
    band INTEGER NOT NULL, key INTEGER NOT NULL, article_id TEXT NOT NULL, PRIMARY KEY (band, key, article_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bands_of ON bands (article_id);
CREATE TABLE IF NOT EXISTS copies (
    article_id TEXT NOT NULL, copy_id TEXT NOT NULL, PRIMARY KEY (article_id, copy_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS copies_of ON copies (copy_id);
CREATE TABLE IF NOT EXISTS notes (article_id TEXT PRIMARY KEY, note TEXT NOT NULL);
"""
FIELDS = "id, title, source, author, date, url, language, fetched"
# A band that very many articles share is boilerplate: its first articles stand for them all.
SHARING_A_BAND = "SELECT article_id FROM bands WHERE band = ? AND key = ? LIMIT 50"


@dataclass(frozen=True)
class IndexedArticle:
    """An article ready to be written: its file's hash, and its sentences and passages as spans."""

    article: Article
    sha256: str
    sentences: list[Span]
    passages: list[Span]

    def passage_ids(self) -> list[str]:
        return [passage_id(self.article.id, start, end) for start, end in self.passages]


class Catalog:
    """The catalog's file; safe to use from several threads of one process.

    Every method raises CorpusIndexError where the file is damaged, read-only or the disk is full.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._errors():
            if read_only:
                self._db = sqlite3.connect(
                    f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
                )
                return
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # -- what the index was built with ------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        return dict(self._rows("SELECT key, value FROM meta"))

    def set_meta(self, **values: str) -> None:
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    # -- reading ----------------------------------------------------------------------------------

    def hashes(self) -> dict[str, str]:
        """Article id -> hash of the file that was indexed, without the articles in the making."""
        rows = self._rows("SELECT id, sha256 FROM articles WHERE id NOT IN (SELECT article_id FROM pending)")
        return dict(rows)

    def sha256(self, article_id: str) -> str:
        """Hash of the file that the stored text of an article was read from; "" where none is stored."""
        rows = self._rows("SELECT sha256 FROM articles WHERE id = ?", article_id)
        return rows[0][0] if rows else ""

    def ids(self) -> set[str]:
        """The ids of all articles, those in the making too."""
        return {row[0] for row in self._rows("SELECT id FROM articles")}

    def pending(self) -> list[str]:
        return [row[0] for row in self._rows("SELECT article_id FROM pending")]

    def articles(self) -> list[Article]:
        """Every article, by id, without its text."""
        copies: dict[str, list[str]] = {}
        for article_id, copy_id in self._rows("SELECT article_id, copy_id FROM copies ORDER BY copy_id"):
            copies.setdefault(article_id, []).append(copy_id)
        notes = self.notes()
        rows = self._rows(f"SELECT '', x'', passage_count, {FIELDS} FROM articles ORDER BY id")
        return [_article(row, copies.get(row[3], []), notes.get(row[3], "")) for row in rows]

    def article(self, article_id: str) -> Article | None:
        rows = self._rows(f"SELECT text, pages, passage_count, {FIELDS} FROM articles WHERE id = ?", article_id)
        if not rows:
            return None
        copies = self._rows("SELECT copy_id FROM copies WHERE article_id = ? ORDER BY copy_id", article_id)
        notes = self._rows("SELECT note FROM notes WHERE article_id = ?", article_id)
        return _article(rows[0], [copy_id for (copy_id,) in copies], notes[0][0] if notes else "")

    def notes(self) -> dict[str, str]:
        """Article id -> what of its file was not read, of the articles of which that is something."""
        return dict(self._rows("SELECT article_id, note FROM notes ORDER BY article_id"))

    def at(self, url: str) -> str | None:
        """The id of the article that was fetched from this address."""
        rows = self._rows("SELECT id FROM articles WHERE url = ? AND fetched != '' ORDER BY id LIMIT 1", url)
        return rows[0][0] if rows else None

    def holding(self, text: str) -> str | None:
        """The id of an article with just this text."""
        for candidate in sorted(self._candidates(list(bands(sketch(text))))):
            if self._rows("SELECT id FROM articles WHERE id = ? AND text = ?", candidate, text):
                return candidate
        return None

    def sentences(self, article_id: str) -> list[Span]:
        rows = self._rows("SELECT sentences FROM articles WHERE id = ?", article_id)
        return _spans(rows[0][0]) if rows else []

    def counts(self) -> tuple[int, int]:
        """The number of articles, and of passages."""
        articles, passages = self._rows("SELECT count(*), coalesce(sum(passage_count), 0) FROM articles")[0]
        return articles, passages

    def written(self) -> tuple[int, int]:
        """The numbers of the last finished writes to vectors and words; 0 before the first."""
        in_vectors, in_words = self.meta().get("written", "0 0").split()
        return int(in_vectors), int(in_words)

    def written_after(self, numbers: tuple[int, int]) -> list[str]:
        """The articles that later writes than these, to vectors or to words, wrote."""
        rows = self._rows("SELECT id FROM articles WHERE in_vectors > ? OR in_words > ?", *numbers)
        return [row[0] for row in rows]

    def passage_ids(self) -> Iterator[tuple[str, list[str]]]:
        """Article id and the ids of its passages, article by article."""
        for article_id, spans in self._rows("SELECT id, passages FROM articles ORDER BY id"):
            yield article_id, [passage_id(article_id, start, end) for start, end in _spans(spans)]

    # -- writing ----------------------------------------------------------------------------------

    def begin(self, article_ids: Iterable[str]) -> None:
        """Note, durably, that these articles are in the making."""
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", ((i,) for i in article_ids))

    def finish(self, written: Sequence[IndexedArticle], removed: Iterable[str], numbers: tuple[int, int]) -> None:
        """Write finished articles and forget removed ones; `numbers` are those of the other stores' writes."""
        removed = list(removed)
        sketches = [(item.article.id, sketch(item.article.text)) for item in written]
        done = [(item.article.id,) for item in written] + [(i,) for i in removed]
        with self._transaction():
            for table, column in (
                *(("articles", "id"), ("bands", "article_id")),
                *(("copies", "article_id"), ("copies", "copy_id"), ("pending", "article_id")),
                ("notes", "article_id"),
            ):
                self._db.executemany(f"DELETE FROM {table} WHERE {column} = ?", done)
            self._db.executemany(
                f"INSERT INTO articles VALUES ({', '.join('?' * 17)})",
                (_row(item, sketched, numbers) for item, (_, sketched) in zip(written, sketches, strict=True)),
            )
            noted = ((item.article.id, item.article.note) for item in written if item.article.note)
            self._db.executemany("INSERT INTO notes VALUES (?, ?)", noted)
            for article_id, sketched in sketches:
                self._link(article_id, sketched)
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('written', ?)", (f"{numbers[0]} {numbers[1]}",))

    def _link(self, article_id: str, sketched: Sketch) -> None:
        """Note which articles are near copies of this one, and what it can be found by."""
        keys = list(bands(sketched))
        for other in sorted(self._candidates(keys)):
            ((found,),) = self._db.execute("SELECT sketch FROM articles WHERE id = ?", (other,))
            if similarity(sketched, np.frombuffer(found, np.uint32)) >= LINKED_FROM:
                pairs = [(article_id, other), (other, article_id)]
                self._db.executemany("INSERT INTO copies VALUES (?, ?)", pairs)
        self._db.executemany("INSERT INTO bands VALUES (?, ?, ?)", ((*key, article_id) for key in keys))

    def _candidates(self, keys: Iterable[tuple[int, int]]) -> set[str]:
        """The articles that have one of these bands."""
        return {i for key in keys for (i,) in self._rows(SHARING_A_BAND, *key)}

    # -- plumbing ---------------------------------------------------------------------------------

    def _rows(self, sql: str, *values: str | int) -> list[tuple[Any, ...]]:
        with self._lock, self._errors():
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk rolls back by itself
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise CorpusIndexError(
                f"The index at {self._path.parent} cannot be used ({error}); free disk space or make it "
                "writable, or name another place with --index, then run `factbot sync`."
            ) from error
        except sqlite3.DatabaseError as error:
            raise CorpusIndexError(
                f"The catalog in {self._path.parent} is damaged ({error}); run `factbot sync --rebuild`, "
                "which makes the index again from the corpus folder."
            ) from error


def _article(row: Sequence[Any], copies: Sequence[str], note: str) -> Article:
    """From a row of text, pages, passage count and FIELDS."""
    text, pages, count, *fields = row
    return Article(
        **dict(zip(FIELDS.split(", "), fields, strict=True)),
        text=text,
        passages=count,
        pages=tuple(_unpack(pages)),
        copies=tuple(copies),
        note=note,
    )


def _row(item: IndexedArticle, sketched: Sketch, numbers: tuple[int, int]) -> tuple[Any, ...]:
    a = item.article
    return (
        *(a.id, item.sha256, a.title, a.source, a.author, a.date, a.url, a.language, a.fetched, a.text),
        *(_pack(a.pages), _pack(_flat(item.sentences)), _pack(_flat(item.passages))),
        *(len(item.passages), sketched.tobytes(), *numbers),
    )


def _pack(offsets: Iterable[int]) -> bytes:
    return array("I", offsets).tobytes()


def _unpack(blob: bytes) -> array[int]:
    offsets = array("I")
    offsets.frombytes(blob)
    return offsets


def _flat(spans: Iterable[Span]) -> Iterator[int]:
    return (offset for span in spans for offset in span)


def _spans(blob: bytes) -> list[Span]:
    offsets = _unpack(blob)
    return list(zip(offsets[::2], offsets[1::2], strict=True))
