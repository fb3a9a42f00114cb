"""What changes the corpus and its index, for one thread at a time: articles come in, are renewed, and go."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from factbot.corpus.folder import Corpus
from factbot.engine import Engines, Models
from factbot.errors import ArticleError
from factbot.results import Article, Failure, Progress, SyncReport
from factbot.scheduling import Cancellation, Priority
from factbot.settings import Settings

if TYPE_CHECKING:
    from factbot.corpus.ingest.article_writer import ArticleWriter, Stored
    from factbot.corpus.ingest.item import Item
    from factbot.index.index import Index

__all__ = ["Upkeep"]

INDEXED_AT_ONCE = 32  # articles of a folder or an archive that are stored before they are indexed together
INDEXED_AFTER = 5.0  # seconds, after which fewer are
CHARACTERS_WAITING = 10_000_000  # of text, from which fewer are: what was read is kept until it is indexed


class Upkeep:
    """The methods of FactBot that change the corpus and its index; what each does is said there."""

    def __init__(
        self, settings: Settings, corpus: Corpus, models: Models, engines: Engines, priority: Priority
    ) -> None:
        self.writing = threading.Lock()
        self._settings = settings
        self._corpus = corpus
        self._models = models
        self._engines = engines
        self._priority = priority

    @contextmanager
    def to_write(self) -> Iterator[Index]:
        """The index, for one thread at a time. Raises IndexLockedError in a process that only reads."""
        with self.writing:
            self._engines.own()
            index = self._engines.current.index
            index.check_settings()
            yield index

    def sync(
        self,
        index: Index,
        progress: Progress | None = None,
        only: Sequence[str] | None = None,
        cancellation: Cancellation | None = None,
        parsed: Mapping[str, Article] | None = None,
    ) -> SyncReport:
        """Make an index that may be written equal to the corpus folder, or in the articles `only`."""
        from factbot.index.sync import sync

        embedder = self._models.embedder(self._settings.embedding_model)
        cancellation = cancellation or Cancellation(self._priority)
        size = self._settings.passage_size
        return sync(
            *(index, self._corpus, embedder, size, progress, only), cancellation=cancellation, parsed=parsed
        )

    def add(self, article: str | Path | Article) -> Article:
        from factbot.corpus.ingest.given import items
        from factbot.corpus.ingest.item import article_item

        found = [article_item(article)] if isinstance(article, Article) else list(islice(items(article), 2))
        if len(found) != 1:
            raise ArticleError(f"{article} holds {'several articles; use add_all' if found else 'no article'}.")
        if isinstance(found[0], Failure):
            raise ArticleError(found[0].reason)
        with self.to_write() as index:
            stored = self.store().add(found[0], index.catalog)
            return self._sync_one(index, stored.article_id, {stored.sha256: stored.article})

    def add_items(
        self, found: Iterable[Item | Failure], cancellation: Cancellation | None = None
    ) -> Iterator[Article | Failure]:
        waiting: list[Stored] = []
        since = time.monotonic()
        store = self.store()
        for item in found:
            if cancellation and cancellation.stopped:
                break
            if isinstance(item, Failure):
                yield item
                continue
            try:
                with self.to_write() as index:
                    waiting.append(store.add(item, index.catalog))
            except ArticleError as error:
                yield Failure(item.name, str(error))
            is_much = sum(len(stored.article.text) for stored in waiting) > CHARACTERS_WAITING
            if is_much or len(waiting) >= INDEXED_AT_ONCE or time.monotonic() - since > INDEXED_AFTER:
                yield from self._indexed(waiting)
                waiting, since = [], time.monotonic()
        yield from self._indexed(waiting)

    def preview(self, item: Item, store: ArticleWriter) -> tuple[Article, Article | None]:
        from factbot.corpus.ingest.article_writer import article_in

        article = article_in(item)
        with self._engines.using() as engine:
            catalog = engine.index.catalog
            found = store.find_earlier(item, article, catalog) or catalog.holding(article.text)
            return article, catalog.article(found) if found else None

    def remove(self, article_id: str) -> None:
        with self.to_write() as index:
            if self._corpus.sha256(article_id) != index.catalog.sha256(article_id):
                self.sync(index, only=[article_id])  # what it says now is what is removed
            self._corpus.remove(article_id)
            self.sync(index, only=[article_id])

    def restore(self, article_id: str) -> Article:
        with self.to_write() as index:
            return self._sync_one(index, self._corpus.restore(article_id))

    def store(self) -> ArticleWriter:
        from factbot.corpus.ingest.article_writer import ArticleWriter

        return ArticleWriter(
            *(self._corpus, self._articles),
            lambda article_id: self._sync_one(self._engines.current.index, article_id),
        )

    def _articles(self) -> list[Article]:
        with self._engines.using() as engine:
            return engine.index.catalog.articles()

    def _sync_one(self, index: Index, article_id: str, parsed: Mapping[str, Article] | None = None) -> Article:
        """Index an article that was stored, and give it. Raises ArticleError where it cannot be read."""
        report = self.sync(index, only=[article_id], parsed=parsed)
        if report.failed:
            raise ArticleError(report.failed[0].reason)
        article = index.catalog.article(article_id)
        if article is None:
            raise ArticleError(f"No article has the id {article_id!r}; `factbot articles` lists them.")
        return article

    def _indexed(self, waiting: Sequence[Stored]) -> Iterator[Article | Failure]:
        """Index what was stored; each article, or why it could not be."""
        if not waiting:
            return
        article_ids = list(dict.fromkeys(stored.article_id for stored in waiting))
        parsed = {stored.sha256: stored.article for stored in waiting}
        with self.to_write() as index:
            failed = {f.path: f for f in self.sync(index, only=article_ids, parsed=parsed).failed}
            done = [
                failed.get(i) or index.catalog.article(i) or Failure(i, f"{i} was removed before it was indexed.")
                for i in article_ids
            ]
        yield from done
