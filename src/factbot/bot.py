"""FactBot: a corpus and its index, in one object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from factbot.answering.follow_ups import clean
from factbot.corpus.folder import Corpus
from factbot.corpus.naming import normalised_id
from factbot.engine import Engine, Engines, Models
from factbot.errors import ArticleError, UsageError
from factbot.results import (
    Answer,
    Article,
    Change,
    Check,
    Earlier,
    Failure,
    ImportReport,
    Passage,
    Progress,
    Report,
    Review,
    Scores,
    Stage,
    Status,
    SyncReport,
    Verdict,
    Version,
)
from factbot.scheduling import Cancellation, Priority
from factbot.settings import Settings
from factbot.upkeep import Upkeep

if TYPE_CHECKING:
    from factbot.adapters.langchain import BaseRetriever, Runnable
    from factbot.answering.chain import AnswerChain
    from factbot.checking.checker import Checker
    from factbot.corpus.ingest.article_writer import ArticleWriter
    from factbot.corpus.ingest.item import Item
    from factbot.desk.desk import Desk
    from factbot.index.index import Index
    from factbot.llm.model import LanguageModel

__all__ = ["FactBot"]

MAX_K = 1_000


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
        self._is_rebuild_due = rebuild
        self._engines = Engines(settings, self._models, anew=rebuild)
        self._upkeep = Upkeep(settings, self._corpus, self._models, self._engines, self._priority)

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
        if "desk" in self.__dict__:
            self.desk.close()
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
        with self._upkeep.to_write() as index:
            return self._upkeep.sync(index, progress, cancellation=cancellation)

    def rebuild(self, progress: Progress | None = None, cancellation: Cancellation | None = None) -> SyncReport:
        """Embed everything again, with the settings in force, beside the index, which answers until all is done.

        Stopped or killed, it goes on from there when it is called again with the same settings.
        """
        from factbot.index.sync import keep_replaced

        cancellation = cancellation or self.cancellation()
        with self._upkeep.writing:
            self._engines.own()
            old, new = self.index, self._engines.open_next()
            try:
                report = self._upkeep.sync(new, progress, cancellation=cancellation)
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
        return self._upkeep.add(article)

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
        return self._upkeep.add_items(found, cancellation)

    def preview(self, item: Item, store: ArticleWriter) -> tuple[Article, Article | None]:
        """The article in an item, read and not stored, and the one that it would renew, or that has the same text.

        Raises ArticleError where it cannot be read.
        """
        return self._upkeep.preview(item, store)

    def remove(self, article_id: str) -> None:
        """Take an article out of the corpus and the index; its file stays in the corpus folder's history.

        Raises ArticleError if there is none.
        """
        self._upkeep.remove(normalised_id(article_id))

    def restore(self, article_id: str) -> Article:
        """Bring a removed article back. Raises ArticleError where there is none to bring back."""
        return self._upkeep.restore(normalised_id(article_id))

    def store(self) -> ArticleWriter:
        """What puts the items of one run into the corpus folder."""
        return self._upkeep.store()

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

    def check(self, text: str, before: str = "", keep: bool = False) -> Report:
        """Check every claim of a text against the corpus: its verdict, with evidence for and against.

        `before` is a sentence that was said before it, which "he" or "there" may point to. With `keep` the check
        is kept, claim by claim, and the report has its `check_id`. Raises UsageError for a text that is empty, too
        long or without words.
        """
        *_, report = self.stream_check(text, before, keep)
        assert isinstance(report, Report)
        return report

    def stream_check(self, text: str, before: str = "", keep: bool = False) -> Iterator[Stage | Report]:
        """Like `check`, as it happens: stages, and reports that grow claim by claim."""
        if keep:
            yield from self.desk.run(self.desk.begin(text, before))
            return
        with self._asking() as engine:
            yield from engine.checker.stream(text, before)

    def verify(self, pairs: Sequence[tuple[str, str]]) -> list[Scores]:
        """What each pair's evidence says of its claim, (claim, evidence) by (claim, evidence); no retrieval.

        Evidence longer than the verifier reads at once is read in parts, and a claim of several sentences sentence
        by sentence. Raises UsageError where a claim or its evidence is no text or has no words.
        """
        from factbot.checking.pairs import verify

        return verify(self._models.verifier, pairs)

    # -- the desk ---------------------------------------------------------------------------------

    @cached_property
    def desk(self) -> Desk:
        """Kept checks, in a file that outlives every index."""
        from factbot.desk.desk import Desk

        return Desk(self._engines.location.desk, self._asking, self._engines.using)

    def checks(self) -> list[Check]:
        """Every kept check, newest first, their claims without evidence."""
        return self.desk.checks()

    def kept(self, check_id: str) -> Check:
        """One kept check, whole. Raises DeskError, like every method here, if there is none of that id."""
        return self.desk.kept(check_id)

    def resume_check(self, check_id: str) -> Report:
        """Go on with a kept check that was stopped, after its last claim."""
        *_, report = self.desk.run(check_id)
        assert isinstance(report, Report)
        return report

    def delete_check(self, check_id: str) -> Check:
        """Delete a kept check for good, and give it: `desk.put` brings it back."""
        return self.desk.delete(check_id)

    def rename_check(self, check_id: str, title: str) -> None:
        """Give a kept check another title."""
        self.desk.rename(check_id, title)

    def review(
        self,
        check_id: str,
        claim_number: int,
        verdict: Verdict | None = None,
        note: str | None = None,
        status: Status | None = None,
        by: str = "",
    ) -> Review:
        """Keep a person's word on a claim, counted from 1; what is None stays as in the claim's last review.

        Every review is kept with its time, and the last one holds. Raises UsageError for a claim that is not there
        and for another verdict or status.
        """
        return self.desk.review(check_id, claim_number, verdict=verdict, note=note, status=status, by=by)

    def recheck(self, ids: Sequence[str] | None = None, cancellation: Cancellation | None = None) -> list[Change]:
        """The kept verdicts, of these checks or of all, that come out otherwise today, and why."""
        return list(self.desk.recheck(ids, cancellation))

    def corrections(self) -> list[Change]:
        """The corrections log: every change that `recheck` ever found, oldest first."""
        return self.desk.corrections()

    def earlier(self, claim: str, k: int = 5) -> list[Earlier]:
        """At most k claims, of kept checks or imported, that are like this one; the likest first."""
        return self.desk.earlier(claim, k)

    def import_checks(self, path: str | Path) -> ImportReport:
        """Take in claims that others checked, from a file of ClaimReview (JSON, JSON-LD, a page, a feed)."""
        return self.desk.import_checks(path)

    # -- as a part of other programs ----------------------------------------------------------------

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
