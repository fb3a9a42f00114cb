"""FactBot: a corpus and its index, in one object."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from factbot.answering.follow_ups import clean
from factbot.corpus.folder import Corpus
from factbot.corpus.naming import normalised_id
from factbot.engine import Engine, Engines, Models
from factbot.errors import ArticleError, UsageError
from factbot.results import Answer, Article, Failure, Passage, Progress, Report, Scores, Stage, SyncReport, Version
from factbot.scheduling import Cancellation, Priority
from factbot.settings import Settings

if TYPE_CHECKING:
    from factbot.adapters.langchain import BaseRetriever, Runnable
    from factbot.answering.chain import AnswerChain
    from factbot.checking.checker import Checker
    from factbot.corpus.ingest.article_writer import ArticleWriter, Stored
    from factbot.corpus.ingest.item import Item
    from factbot.index.index import Index
    from factbot.llm.model import LanguageModel

__all__ = ["FactBot"]

MAX_K = 1_000
INDEXED_AT_ONCE = 32  # articles of a folder or an archive that are stored before they are indexed together
INDEXED_AFTER = 5.0  # seconds, after which fewer are
CHARACTERS_WAITING = 10_000_000  # of text, from which fewer are: what was read is kept until it is indexed


class FactBot:
    """A corpus and its index, opened; a context manager, and safe to use from several threads.

    Opening is quick: models load with the first question, or with `warm_up()`. Work on the index waits while
    questions are answered. Where a Chroma server holds the vectors and another process owns the index, this one
    only reads.
    """

    def __init__(self, settings: Settings, *, rebuild: bool = False) -> None:
        self.settings = settings
        self._corpus = Corpus(settings.corpus)
        self._models = Models(settings)
        self._priority = Priority()
        self._writing = threading.Lock()
        self._is_rebuild_due = rebuild
        self._engines = Engines(settings, self._models, anew=rebuild)

    @classmethod
    def open(cls, corpus: str | Path = "corpus", *, rebuild: bool = False, **settings: Any) -> FactBot:
        """Open the corpus folder `corpus` and its index.

        `settings` are the fields of `factbot.settings.Settings`; with `rebuild` the first `sync` embeds everything
        again, which also mends an index that cannot be opened.
        Raises UsageError for a wrong setting, CorpusIndexError where the index cannot be opened.
        """
        return cls(Settings.load(corpus=corpus, **settings), rebuild=rebuild)

    def close(self) -> None:
        """Release the index, so that another process can open it."""
        self._engines.close()

    def __enter__(self) -> FactBot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- the corpus -------------------------------------------------------------------------------

    def sync(self, progress: Progress | None = None, cancellation: Cancellation | None = None) -> SyncReport:
        """Make the index equal to the corpus folder; `progress` is called after every batch.

        Raises CorpusError or CorpusIndexError; a file that cannot be read is in the report instead.
        """
        if self._is_rebuild_due:
            return self.rebuild(progress, cancellation)
        with self._to_write() as index:
            return self._sync(index, progress, cancellation=cancellation)

    def rebuild(self, progress: Progress | None = None, cancellation: Cancellation | None = None) -> SyncReport:
        """Embed everything again, with the settings in force, beside the index, which answers until all is done.

        Stopped or killed, it goes on from there when it is called again with the same settings.
        """
        from factbot.index.sync import keep_replaced

        cancellation = cancellation or self.cancellation()
        with self._writing:
            self._engines.own()
            old, new = self.index, self._engines.open_next()
            try:
                report = self._sync(new, progress, cancellation=cancellation)
                if not report.stopped:
                    failed = keep_replaced(old, new, self._corpus)
                    # What the corpus folder had noted was kept already, or could not be.
                    report = replace(report, failed=tuple(dict.fromkeys((*report.failed, *failed))))
                    self._engines.switch_to(new)
                    self._is_rebuild_due = False
            finally:
                if self.index is not new:  # stopped or failed
                    new.close()
        return report

    def add(self, article: str | Path | Article) -> Article:
        """Store an article (a file's path, an http(s) address, or an Article) and index it.

        An address that was added before keeps its article's id, and what the page said earlier. Raises
        ArticleError where it cannot be read, fetched or stored; nothing is changed then.
        """
        from factbot.corpus.ingest.given import items
        from factbot.corpus.ingest.item import article_item

        found = [article_item(article)] if isinstance(article, Article) else list(islice(items(article), 2))
        if len(found) != 1:
            raise ArticleError(f"{article} holds {'several articles; use add_all' if found else 'no article'}.")
        if isinstance(found[0], Failure):
            raise ArticleError(found[0].reason)
        with self._to_write() as index:
            stored = self.store().add(found[0], index.catalog)
            return self._sync_one(index, stored.article_id, {stored.sha256: stored.article})

    def add_all(self, given: str | Path, cancellation: Cancellation | None = None) -> Iterator[Article | Failure]:
        """Add every article of a file, a folder, an archive (zip), a table (CSV, JSON lines) or an address.

        Each is given when it is indexed; one that cannot be read is a Failure, and the rest goes on.
        Raises ArticleError where the whole cannot be read.
        """
        from factbot.corpus.ingest.given import items

        yield from self.add_items(items(given), cancellation)

    def add_items(
        self, found: Iterable[Item | Failure], cancellation: Cancellation | None = None
    ) -> Iterator[Article | Failure]:
        """Like `add_all`, of what was found in something given (`factbot.corpus.ingest.given.items`)."""
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
                with self._to_write() as index:
                    waiting.append(store.add(item, index.catalog))
            except ArticleError as error:
                yield Failure(item.name, str(error))
            is_much = sum(len(stored.article.text) for stored in waiting) > CHARACTERS_WAITING
            if is_much or len(waiting) >= INDEXED_AT_ONCE or time.monotonic() - since > INDEXED_AFTER:
                yield from self._indexed(waiting)
                waiting, since = [], time.monotonic()
        yield from self._indexed(waiting)

    def preview(self, item: Item, store: ArticleWriter) -> tuple[Article, Article | None]:
        """The article in an item, read and not stored, and the one that it would renew, or that has the same text.

        Raises ArticleError where it cannot be read.
        """
        from factbot.corpus.ingest.article_writer import article_in

        article = article_in(item)
        with self._engines.using() as engine:
            catalog = engine.index.catalog
            found = store.find_earlier(item, article, catalog) or catalog.holding(article.text)
            return article, catalog.article(found) if found else None

    def remove(self, article_id: str) -> None:
        """Take an article out of the corpus and the index; its file stays in the corpus folder's history.

        Raises ArticleError if there is none.
        """
        article_id = normalised_id(article_id)
        with self._to_write() as index:
            if self._corpus.sha256(article_id) != index.catalog.sha256(article_id):
                self._sync(index, only=[article_id])  # what it says now is what is removed
            self._corpus.remove(article_id)
            self._sync(index, only=[article_id])

    def restore(self, article_id: str) -> Article:
        """Bring a removed article back. Raises ArticleError where there is none to bring back."""
        with self._to_write() as index:
            return self._sync_one(index, self._corpus.restore(normalised_id(article_id)))

    def articles(self) -> list[Article]:
        """Every indexed article, by id, without its text."""
        with self._engines.using() as engine:
            return engine.index.catalog.articles()

    def article(self, article_id: str) -> Article:
        """One indexed article with its text. Raises ArticleError if there is none of that id."""
        with self._engines.using() as engine:
            article = engine.index.catalog.article(article_id)
        if article is None:
            raise ArticleError(f"No article has the id {article_id!r}; `factbot articles` lists them.")
        return article

    def history(self, article_id: str) -> list[Version]:
        """What an article says, and said before it changed or was removed, newest first.

        Raises ArticleError for an id that the corpus never had.
        """
        article_id = normalised_id(article_id)
        with self._engines.using() as engine:
            article = engine.index.catalog.article(article_id)
        versions = [
            *([Version(article, "current")] if article else []),
            *self._corpus.history.versions(article_id),
        ]
        if not versions:
            raise ArticleError(f"No article has, or had, the id {article_id!r}; `factbot articles` lists them.")
        return versions

    def withdrawn(self) -> dict[str, str]:
        """Id of each article that was removed and did not come back, and when (UTC, ISO 8601)."""
        held = {article.id for article in self.articles()}
        return {i: until for i, until in self._corpus.history.withdrawn().items() if i not in held}

    @property
    def corpus_version(self) -> str:
        """Changes with any article of the corpus; "" before the first sync."""
        with self._engines.using() as engine:
            return engine.index.corpus_version

    @property
    def index(self) -> Index:
        """The index that answers now."""
        return self._engines.current.index

    def cancellation(self) -> Cancellation:
        """To stop a run in the background (`sync`, `rebuild`, `add_all`); with it, questions go first."""
        return Cancellation(self._priority)

    # -- questions --------------------------------------------------------------------------------

    def search(self, query: str, k: int = 10) -> list[Passage]:
        """The k passages that say most about the query, best first. Raises UsageError for no query."""
        if not 1 <= k <= MAX_K:
            raise UsageError(f"k is {k}; ask for 1 to {MAX_K:,} passages.")
        question = clean(query)
        with self._asking() as engine:
            return engine.retriever.search(question, k)

    def ask(self, question: str, history: Sequence[str] = (), date: str = "") -> Answer:
        """Answer a question out of the corpus, or say that it holds no answer.

        `history` holds the questions asked before, oldest first, for a follow-up to lean on. `date` (YYYY-MM-DD)
        is the day on which it is asked, by which "this week" is read; today if it is empty.
        Raises UsageError for a question that is empty, too long or without words, and for a date that is none.
        """
        *_, answer = self.stream(question, history, date)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: str, history: Sequence[str] = (), date: str = "") -> Iterator[Stage | Answer]:
        """Like `ask`, as it happens: stages, then answers that grow by a sentence."""
        with self._asking() as engine:
            yield from engine.chain.stream(question, history, date)

    # -- claims -----------------------------------------------------------------------------------

    def check(self, text: str, before: str = "") -> Report:
        """Check every claim of a text against the corpus: its verdict, with evidence for and against.

        `before` is a sentence that was said before it, which "he" or "there" may point to. Raises UsageError for
        a text that is empty, too long or without words.
        """
        *_, report = self.stream_check(text, before)
        assert isinstance(report, Report)
        return report

    def stream_check(self, text: str, before: str = "") -> Iterator[Stage | Report]:
        """Like `check`, as it happens: stages, and reports that grow claim by claim."""
        with self._asking() as engine:
            yield from engine.checker.stream(text, before)

    def verify(self, pairs: Sequence[tuple[str, str]]) -> list[Scores]:
        """What each pair's evidence says of its claim, (claim, evidence) by (claim, evidence); no retrieval.

        Evidence longer than the verifier reads at once is read in parts, and a claim of several sentences sentence
        by sentence. Raises UsageError where a claim or its evidence is no text or has no words.
        """
        from factbot.checking.pairs import verify

        return verify(self._models.verifier, pairs)

    def as_retriever(self, k: int = 10) -> BaseRetriever:
        """The retrieval alone, a langchain_core BaseRetriever of k documents over the index that answers now."""
        from factbot.adapters.langchain import LangchainRetriever

        return LangchainRetriever(retriever=self._engines.current.retriever, k=k)

    def as_runnable(self) -> Runnable[str, Answer]:
        """The whole chain, a langchain_core Runnable over the index that answers now; its answers stream."""
        from factbot.adapters.langchain import as_runnable

        return as_runnable(self.chain)

    def warm_up(self) -> None:
        """Load models and vectors now, so that the first question need not wait for them."""
        with self._engines.using() as engine:
            engine.warm_up()

    @property
    def language_model(self) -> LanguageModel | None:
        """The language model that the settings name. Raises UsageError where it cannot be set up."""
        return self._models.language_model

    @property
    def chain(self) -> AnswerChain:
        """The chain that answers, to run its steps one by one."""
        return self._engines.current.chain

    @property
    def checker(self) -> Checker:
        """What checks claims, to run its parts one by one."""
        return self._engines.current.checker

    # -- access to the index -------------------------------------------------------------------------

    @contextmanager
    def _asking(self) -> Iterator[Engine]:
        with self._priority.first(), self._engines.using() as engine:
            yield engine

    @contextmanager
    def _to_write(self) -> Iterator[Index]:
        """The index, for one thread at a time. Raises IndexLockedError in a process that only reads."""
        with self._writing:
            self._engines.own()
            index = self.index
            index.check_settings()
            yield index

    def _sync(
        self,
        index: Index,
        progress: Progress | None = None,
        only: Sequence[str] | None = None,
        cancellation: Cancellation | None = None,
        parsed: Mapping[str, Article] | None = None,
    ) -> SyncReport:
        from factbot.index.sync import sync

        embedder = self._models.embedder(self.settings.embedding_model)
        cancellation = cancellation or self.cancellation()
        size = self.settings.passage_size
        return sync(
            *(index, self._corpus, embedder, size, progress, only), cancellation=cancellation, parsed=parsed
        )

    def _sync_one(self, index: Index, article_id: str, parsed: Mapping[str, Article] | None = None) -> Article:
        """Index an article that was stored, and give it. Raises ArticleError where it cannot be read."""
        report = self._sync(index, only=[article_id], parsed=parsed)
        if report.failed:
            raise ArticleError(report.failed[0].reason)
        return self.article(article_id)

    def store(self) -> ArticleWriter:
        """What puts the items of one run into the corpus folder."""
        from factbot.corpus.ingest.article_writer import ArticleWriter

        return ArticleWriter(
            self._corpus, self.articles, lambda article_id: self._sync_one(self.index, article_id)
        )

    def _indexed(self, waiting: Sequence[Stored]) -> Iterator[Article | Failure]:
        """Index what was stored; each article, or why it could not be."""
        if not waiting:
            return
        article_ids = list(dict.fromkeys(stored.article_id for stored in waiting))
        parsed = {stored.sha256: stored.article for stored in waiting}
        with self._to_write() as index:
            failed = {f.path: f for f in self._sync(index, only=article_ids, parsed=parsed).failed}
            done = [
                failed.get(i) or index.catalog.article(i) or Failure(i, f"{i} was removed before it was indexed.")
                for i in article_ids
            ]
        yield from done
