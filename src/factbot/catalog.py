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

from factbot.errors import CorpusIndexError
from factbot.results import Article, Passage

__all__ = ["Catalog", "IndexedArticle", "Span"]

Span = tuple[int, int]

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pending (article_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL,
    author TEXT NOT NULL, date TEXT NOT NULL, url TEXT NOT NULL, language TEXT NOT NULL,
    text TEXT NOT NULL, sentences BLOB NOT NULL, passages BLOB NOT NULL, passage_count INTEGER NOT NULL
);
"""
FIELDS = "id, title, source, author, date, url, language"


@dataclass(frozen=True)
class IndexedArticle:
    """An article ready to be written: its file's hash, and its sentences and passages as spans."""

    article: Article
    sha256: str
    sentences: list[Span]
    passages: list[Span]

    def passage_ids(self) -> list[str]:
        return [f"{self.article.id}#{start}-{end}" for start, end in self.passages]


class Catalog:
    """The catalog's file; safe to use from several threads of one process.

    Every method raises CorpusIndexError where the file is damaged, read-only or the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._errors():
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

    def ids(self) -> set[str]:
        """The ids of all articles, those in the making too."""
        return {row[0] for row in self._rows("SELECT id FROM articles")}

    def pending(self) -> list[str]:
        return [row[0] for row in self._rows("SELECT article_id FROM pending")]

    def articles(self) -> list[Article]:
        """Every article, by id, without its text."""
        rows = self._rows(f"SELECT {FIELDS}, passage_count FROM articles ORDER BY id")
        return [
            Article(**dict(zip(FIELDS.split(", "), row[:-1], strict=True)), text="", passages=row[-1])
            for row in rows
        ]

    def article(self, article_id: str) -> Article | None:
        rows = self._rows(f"SELECT {FIELDS}, text, passage_count FROM articles WHERE id = ?", article_id)
        if not rows:
            return None
        *fields, text, count = rows[0]
        return Article(**dict(zip(FIELDS.split(", "), fields, strict=True)), text=text, passages=count)

    def sentences(self, article_id: str) -> list[Span]:
        rows = self._rows("SELECT sentences FROM articles WHERE id = ?", article_id)
        return _unpack(rows[0][0]) if rows else []

    def counts(self) -> tuple[int, int]:
        """The number of articles, and of passages."""
        articles, passages = self._rows("SELECT count(*), coalesce(sum(passage_count), 0) FROM articles")[0]
        return articles, passages

    def passage_ids(self) -> Iterator[tuple[str, list[str]]]:
        """Article id and the ids of its passages, article by article."""
        for article_id, spans in self._rows("SELECT id, passages FROM articles ORDER BY id"):
            yield article_id, [f"{article_id}#{start}-{end}" for start, end in _unpack(spans)]

    def passage(self, passage_id: str, score: float = 0.0) -> Passage | None:
        """The passage of an id, or None where its article has changed or gone since."""
        article_id, _, span = passage_id.rpartition("#")
        article = self.article(article_id)
        if article is None:
            return None
        start, _, end = span.partition("-")
        return passage_of(article, int(start), int(end), score)

    # -- writing ----------------------------------------------------------------------------------

    def begin(self, article_ids: Iterable[str]) -> None:
        """Note, durably, that these articles are in the making."""
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", ((i,) for i in article_ids))

    def finish(self, written: Sequence[IndexedArticle], removed: Iterable[str] = ()) -> None:
        """Write finished articles and forget removed ones, and that they were in the making."""
        removed = list(removed)
        with self._transaction():
            self._db.executemany(
                f"INSERT OR REPLACE INTO articles VALUES ({', '.join('?' * 12)})",
                (
                    (
                        a.id,
                        item.sha256,
                        a.title,
                        a.source,
                        a.author,
                        a.date,
                        a.url,
                        a.language,
                        a.text,
                        _pack(item.sentences),
                        _pack(item.passages),
                        len(item.passages),
                    )
                    for item in written
                    for a in [item.article]
                ),
            )
            self._db.executemany("DELETE FROM articles WHERE id = ?", ((i,) for i in removed))
            done = [item.article.id for item in written] + removed
            self._db.executemany("DELETE FROM pending WHERE article_id = ?", ((i,) for i in done))

    # -- plumbing ---------------------------------------------------------------------------------

    def _rows(self, sql: str, *values: str) -> list[tuple]:  # type: ignore[type-arg]
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


def passage_of(article: Article, start: int, end: int, score: float) -> Passage:
    """The passage at start:end of an article that carries its text."""
    return Passage(
        id=f"{article.id}#{start}-{end}",
        article_id=article.id,
        title=article.title,
        source=article.source,
        url=article.url,
        date=article.date,
        start=start,
        end=end,
        text=article.text[start:end],
        score=score,
    )


def _pack(spans: list[Span]) -> bytes:
    return array("I", (offset for span in spans for offset in span)).tobytes()


def _unpack(blob: bytes) -> list[Span]:
    offsets = array("I")
    offsets.frombytes(blob)
    return list(zip(offsets[::2], offsets[1::2], strict=True))
