"""The index of a corpus: catalog, vectors and words, kept together.

Nothing here is precious. The corpus folder is the truth, and `sync` makes the index equal to it. Where it lies,
who owns it and how a new one takes the place of an old one is in `location.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factbot.errors import IndexMismatchError
from factbot.index.catalog import Catalog, IndexedArticle
from factbot.index.lexical import LexicalIndex, Row
from factbot.index.vectors import VectorStore
from factbot.settings import Settings

__all__ = ["Index"]

FORMAT = "2"  # of what lies in the index folder; a change asks for a rebuild
ARTICLES_AT_ONCE = 50  # whose words are written again before looking whether a question waits


class Index:
    """Opens and keeps together the three stores of one index, in `folder` and on the Chroma server, if any.

    With `read_only`, for a process beside the one that writes, nothing is written.
    Raises VectorStoreError or CorpusIndexError, each saying what to do.
    """

    def __init__(self, settings: Settings, folder: Path, *, read_only: bool = False) -> None:
        self.folder = folder
        self._settings = settings
        with ExitStack() as opened:
            self.catalog = opened.enter_context(closing(Catalog(folder / "catalog.db", read_only=read_only)))
            collection = f"{settings.chroma_collection}-{folder.name}"
            self.vectors = opened.enter_context(closing(VectorStore(folder / "chroma", settings, collection)))
            self.words = opened.enter_context(closing(LexicalIndex(folder / "words", read_only=read_only)))
            if not read_only and "format" not in self.catalog.meta():
                self.catalog.set_meta(**self._wanted())
            self._opened = opened.pop_all()  # opened whole: it stays open

    def close(self) -> None:
        self._opened.close()

    @property
    def corpus_version(self) -> str:
        """Twelve hex digits that change with any article of the corpus; "" before the first sync."""
        return self.catalog.meta().get("corpus_version", "")

    @property
    def embedding_model(self) -> str:
        """The model that its vectors were made with: questions have to be embedded with the same."""
        return self.catalog.meta().get("embedding_model", self._settings.embedding_model)

    def mismatch(self) -> str:
        """In which way the index was built otherwise than the settings ask, as a sentence; "" where it was not."""
        built = self.catalog.meta()
        for key, wanted in self._wanted().items():
            if key in built and built[key] != wanted:
                return (
                    f"The index at {self.folder.parent} was built with the {key.replace('_', ' ')} "
                    f"{built[key]!r}, and the settings name {wanted!r}; run `factbot sync --rebuild` to embed the "
                    "corpus again, or set it back."
                )
        return ""

    def check_format(self) -> None:
        """Raise IndexMismatchError where another version of factbot built the index in another form."""
        if self.catalog.meta().get("format", FORMAT) != FORMAT:
            raise IndexMismatchError(self.mismatch())

    def check_settings(self) -> None:
        """Raise IndexMismatchError where the index was built with another model or passage size."""
        if mismatch := self.mismatch():
            raise IndexMismatchError(mismatch)

    def write(
        self,
        items: Sequence[IndexedArticle],
        vectors: NDArray[np.float32],
        replaced: Sequence[str],
        removed: Sequence[str] = (),
        before_each: Callable[[], None] = lambda: None,
    ) -> None:
        """Put finished articles in, in an order that a kill at any moment cannot harm.

        `vectors` has one row for each passage of `items`, in order; `replaced` are the article ids
        that may have older passages in the stores; `removed` leave for good. The catalog notes the number that
        each write has in vectors and words, so that it shows when a power cut took one of them back behind it.
        `before_each` is called before every few vectors and words.
        """
        number = self.vectors.writes() + 1
        self.catalog.begin([item.article.id for item in items] + list(removed))
        stale = list(replaced) + list(removed)
        if stale:
            self.vectors.delete_articles(stale, before_each)
        ids = [passage_id for item in items for passage_id in item.passage_ids()]
        owners = [item.article.id for item in items for _ in item.passages]
        if ids:
            self.vectors.upsert(ids, vectors, owners, before_each)
        self._put_words(items, stale, before_each)
        commit = self.words.commit()
        self.vectors.note_write(number)
        self.catalog.finish(items, removed, (number, commit))

    def _put_words(
        self, items: Sequence[IndexedArticle], stale: Sequence[str], give_way: Callable[[], None]
    ) -> None:
        """Add the passages of `items` to the words, and take out those of the `stale` articles."""
        rows = (row for item in items for row in item.rows())
        if not stale:
            self.words.add(rows)
        elif self.words.is_worth_rewriting(self.catalog.passage_count(stale)):
            kept = self.catalog.ids() - {item.article.id for item in items} - set(stale)
            self.words.replace_all(chain(self._rows_of(sorted(kept), give_way), rows))
        else:
            self.words.delete_articles(stale)
            self.words.add(rows)

    def _rows_of(self, article_ids: Sequence[str], give_way: Callable[[], None]) -> Iterator[Row]:
        for number, article_id in enumerate(article_ids):
            if number % ARTICLES_AT_ONCE == 0:
                give_way()
            yield from self.catalog.rows_of(article_id)

    def older_than_catalog(self) -> list[str]:
        """Articles whose vectors or words may be older than the catalog says."""
        return self.catalog.written_after(self._written())

    def incomplete_and_unknown(self) -> tuple[list[str], list[str]]:
        """Articles that vectors or words lack passages of, and articles that only they still know."""
        wanted = dict(self.catalog.passage_ids())
        owner = {passage: article for article, passages in wanted.items() for passage in passages}
        incomplete: set[str] = set()
        unknown: set[str] = set()
        for stored in (list(self.vectors.ids()), list(self.words.ids())):
            found: set[str] = set()
            for passage_id, article_id in stored:
                if passage_id not in owner:
                    (incomplete if article_id in wanted else unknown).add(article_id)
                elif passage_id in found:
                    incomplete.add(article_id)
                found.add(passage_id)
            incomplete |= {owner[p] for p in owner.keys() - found}
        return sorted(incomplete), sorted(unknown)

    def is_even(self) -> bool:
        """Whether catalog, vectors and words count the same passages and writes: cheap, asked at every sync."""
        _, passages = self.catalog.counts()
        is_level = self.catalog.written() == self._written()
        return is_level and passages == self.vectors.count() == self.words.count()

    def _written(self) -> tuple[int, int]:
        return self.vectors.writes(), self.words.last_commit()

    def _wanted(self) -> dict[str, str]:
        return {
            "format": FORMAT,
            "embedding_model": self._settings.embedding_model,
            "passage_size": str(self._settings.passage_size),
        }
