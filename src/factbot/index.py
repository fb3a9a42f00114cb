"""The index of a corpus: catalog, vectors and words, owned by one process at a time.

Nothing here is precious. The corpus folder is the truth, and `sync` makes the index equal to it.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factbot.catalog import Catalog, IndexedArticle
from factbot.errors import CorpusIndexError, IndexLockedError, IndexMismatchError
from factbot.lexical import LexicalIndex
from factbot.settings import Settings
from factbot.vectors import VectorStore

__all__ = ["Index"]

FORMAT = "1"  # of what lies in the index folder; a change asks for a rebuild
PARTS = ("catalog.db", "catalog.db-wal", "catalog.db-shm", "chroma", "words")


class Index:
    """Opens, locks and keeps together the three stores in the index folder.

    `rebuild` throws away what is there and starts empty.
    Raises IndexLockedError, VectorStoreError or CorpusIndexError, each saying what to do.
    """

    def __init__(self, settings: Settings, *, rebuild: bool = False) -> None:
        self.folder = settings.index
        self._settings = settings
        with ExitStack() as opened:
            opened.callback(_acquire(self.folder).release)
            if rebuild:
                _discard(self.folder)
            self.catalog = opened.enter_context(closing(Catalog(self.folder / "catalog.db")))
            self.vectors = opened.enter_context(
                closing(VectorStore(self.folder / "chroma", settings.chroma_url, settings.chroma_collection))
            )
            self.words = opened.enter_context(closing(LexicalIndex(self.folder / "words")))
            self._claim(rebuild)
            self._opened = opened.pop_all()  # opened whole: it stays open

    def close(self) -> None:
        self._opened.close()

    @property
    def corpus_version(self) -> str:
        """Twelve hex digits that change with any article of the corpus; "" before the first sync."""
        return self.catalog.meta().get("corpus_version", "")

    def check_settings(self) -> None:
        """Raise IndexMismatchError if the index was built with another model or passage size."""
        built = self.catalog.meta()
        for key, name in (
            ("format", "format"),
            ("embedding_model", "embedding model"),
            ("passage_size", "passage size"),
        ):
            wanted = self._built_with()[key]
            if key in built and built[key] != wanted:
                raise IndexMismatchError(
                    f"The index at {self.folder} was built with the {name} {built[key]!r}, and the settings "
                    f"name {wanted!r}; run `factbot sync --rebuild` to embed the corpus again, or set it back."
                )

    def write(
        self,
        items: Sequence[IndexedArticle],
        vectors: NDArray[np.float32],
        replaced: Sequence[str],
        removed: Sequence[str] = (),
    ) -> None:
        """Put finished articles in, in an order that a kill at any moment cannot harm.

        `vectors` has one row for each passage of `items`, in order; `replaced` are the article ids
        that may have older passages in the stores; `removed` leave for good.
        """
        self.catalog.begin([item.article.id for item in items] + list(removed))
        stale = list(replaced) + list(removed)
        if stale:
            self.vectors.delete_articles(stale)
            self.words.delete_articles(stale)
        ids = [passage_id for item in items for passage_id in item.passage_ids()]
        owners = [item.article.id for item in items for _ in item.passages]
        if ids:
            self.vectors.upsert(ids, vectors, owners)
            self.words.add(
                (f"{a.id}#{start}-{end}", a.id, a.title, a.text[start:end])
                for item in items
                for a in [item.article]
                for start, end in item.passages
            )
        self.words.commit()
        self.catalog.finish(items, removed)

    def strays(self) -> tuple[list[str], list[str]]:
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
        """Whether catalog, vectors and words count the same passages: cheap, asked at every sync."""
        _, passages = self.catalog.counts()
        return passages == self.vectors.count() == self.words.count()

    def _built_with(self) -> dict[str, str]:
        return {
            "format": FORMAT,
            "embedding_model": self._settings.embedding_model,
            "passage_size": str(self._settings.passage_size),
        }

    def _claim(self, rebuild: bool) -> None:
        """Mark catalog and collection as one index, so that two corpora never share a collection."""
        if "index_id" not in self.catalog.meta():
            self.catalog.set_meta(index_id=uuid.uuid4().hex, **self._built_with())
        index_id = self.catalog.meta()["index_id"]
        # Local files lie in the folder that is locked: another owner is a catalog that was here before.
        is_ours = rebuild or not self._settings.chroma_url
        if is_ours and self.vectors.owner() != index_id:
            self.vectors.clear()
        if not self.vectors.owner() and not self.vectors.count():
            self.vectors.claim(index_id)
        elif self.vectors.owner() != index_id:
            raise IndexMismatchError(
                f"The Chroma collection {self._settings.chroma_collection!r} belongs to another index; set "
                "FACTBOT_CHROMA_COLLECTION to a name of its own, or run `factbot sync --rebuild` to take it over."
            )


def _acquire(folder: Path):  # type: ignore[no-untyped-def]  # FileLock is imported late
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=0, thread_local=False)
        lock.acquire()
    except Timeout as error:
        owner = _read(folder / "owner") or "another process"
        raise IndexLockedError(
            f"The index at {folder} is in use by {owner}; stop it first, or name another place with --index."
        ) from error
    except OSError as error:
        raise CorpusIndexError(
            f"The index folder {folder} cannot be written ({error.strerror}); make it writable, or name "
            "another place with --index."
        ) from error
    try:
        (folder / "owner").write_text(f"process {os.getpid()}", encoding="utf-8")
    except OSError as error:
        lock.release()
        raise CorpusIndexError(
            f"The index folder {folder} cannot be written ({error.strerror}); free disk space, or name "
            "another place with --index."
        ) from error
    return lock


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _discard(folder: Path) -> None:
    """Remove the index's own files, and nothing else that may lie in the folder.

    They are moved aside first, the catalog before the others, so that a kill leaves none in halves.
    """
    aside = folder / "discarded"
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        for name in PARTS:
            if os.path.lexists(folder / name):
                (folder / name).rename(aside / name)
        shutil.rmtree(aside)
    except OSError as error:
        raise CorpusIndexError(
            f"The index in {folder} cannot be removed ({error.strerror}); make the folder writable, or name "
            "another place with --index."
        ) from error
