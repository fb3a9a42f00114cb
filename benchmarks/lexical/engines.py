"""The three lexical engines under one shape: SQLite FTS5, tantivy and bm25s, each with English stemming."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Protocol

import bm25s
import Stemmer
import tantivy

__all__ = ["ENGINES", "Bm25s", "Engine", "Fts5", "Tantivy"]


class Engine(Protocol):
    """A lexical index in a folder. Passages are numbered by the caller; a query matches any of its words."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`, making it if it is not there."""

    def build(self, batches: Iterable[list[str]]) -> None:
        """Fill the empty index with passages numbered from 0, and commit."""

    def add(self, first: int, texts: Sequence[str]) -> None:
        """Add passages numbered from `first`; nothing is promised before `commit`."""

    def delete(self, numbers: Iterable[int]) -> None: ...

    def commit(self) -> None: ...

    def search(self, query: str, k: int) -> list[int]:
        """The numbers of the best `k` passages by BM25, best first."""

    def count(self) -> int: ...


def _words(query: str) -> list[str]:
    return re.findall(r"\w+", query.lower())


class Fts5:
    """A full-text table in SQLite: the `porter unicode61` tokeniser, ordered by its bm25 rank."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.database = sqlite3.connect(folder / "fts5.sqlite")
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = NORMAL")
        self.database.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS passage USING fts5(text, tokenize = 'porter unicode61')"
        )

    def build(self, batches: Iterable[list[str]]) -> None:
        first = 0
        for batch in batches:
            self.add(first, batch)
            first += len(batch)
        self.commit()

    def add(self, first: int, texts: Sequence[str]) -> None:
        self.database.executemany("INSERT INTO passage(rowid, text) VALUES (?, ?)", enumerate(texts, first))

    def delete(self, numbers: Iterable[int]) -> None:
        self.database.executemany("DELETE FROM passage WHERE rowid = ?", ((number,) for number in numbers))

    def commit(self) -> None:
        self.database.commit()

    def search(self, query: str, k: int) -> list[int]:
        match = " OR ".join(f'"{word}"' for word in _words(query))
        rows = self.database.execute(
            "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?", (match, k)
        )
        return [row[0] for row in rows]

    def count(self) -> int:
        return int(self.database.execute("SELECT count(*) FROM passage").fetchone()[0])


class Tantivy:
    """A tantivy index: the `en_stem` tokeniser, word frequencies without positions, a stored number."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        schema = (
            tantivy.SchemaBuilder()
            .add_integer_field("number", stored=True, indexed=True)
            .add_text_field("text", stored=False, tokenizer_name="en_stem", index_option="freq")
            .build()
        )
        self.index = tantivy.Index(schema, path=str(folder))
        self.writer: tantivy.IndexWriter | None = None

    def build(self, batches: Iterable[list[str]]) -> None:
        first = 0
        for batch in batches:
            self.add(first, batch)
            first += len(batch)
        self.commit()
        self._writer().wait_merging_threads()
        self.writer = None
        self.index.reload()

    def add(self, first: int, texts: Sequence[str]) -> None:
        writer = self._writer()
        for number, text in enumerate(texts, first):
            document = tantivy.Document(text=text)
            document.add_integer("number", number)
            writer.add_document(document)

    def delete(self, numbers: Iterable[int]) -> None:
        writer = self._writer()
        for number in numbers:
            writer.delete_documents_by_term("number", number)

    def commit(self) -> None:
        self._writer().commit()
        self.index.reload()

    def search(self, query: str, k: int) -> list[int]:
        searcher = self.index.searcher()
        found = searcher.search(self.index.parse_query(" ".join(_words(query)), ["text"]), k, count=False)
        return [searcher.doc(address)["number"][0] for _, address in found.hits]

    def count(self) -> int:
        return int(self.index.searcher().num_docs)

    def _writer(self) -> tantivy.IndexWriter:
        if self.writer is None:
            self.writer = self.index.writer()
        return self.writer


class Bm25s:
    """bm25s with its English stop words: a matrix made once. It has no add and no delete, only a new build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stemmer = Stemmer.Stemmer("english")
        self.pending: list[str] = []
        self.index = bm25s.BM25.load(folder, mmap=True, show_progress=False) if folder.exists() else None

    def build(self, batches: Iterable[list[str]]) -> None:
        texts = list(chain.from_iterable(batches))
        self.index = bm25s.BM25()
        self.index.index(
            bm25s.tokenize(texts, stopwords="en", stemmer=self.stemmer, show_progress=False), show_progress=False
        )
        self.index.save(self.folder, show_progress=False)

    def add(self, first: int, texts: Sequence[str]) -> None:
        self.pending = [*self.pending[:first], *texts]

    def delete(self, numbers: Iterable[int]) -> None:
        raise NotImplementedError("bm25s has no delete")

    def commit(self) -> None:
        self.build([self.pending])

    def search(self, query: str, k: int) -> list[int]:
        if self.index is None:
            return []
        words = bm25s.tokenize(
            [query], stopwords="en", stemmer=self.stemmer, return_ids=False, show_progress=False
        )
        found, _ = self.index.retrieve(words, k=min(k, self.count()), show_progress=False)
        return [int(number) for number in found[0]]

    def count(self) -> int:
        return int(self.index.scores["num_docs"]) if self.index else 0


ENGINES: dict[str, type[Engine]] = {"fts5": Fts5, "tantivy": Tantivy, "bm25s": Bm25s}
