"""FactBot: the three doors' one handle on a corpus."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from factbot.corpus import Corpus
from factbot.errors import ArticleError, UsageError
from factbot.index import Index
from factbot.questions import clean
from factbot.results import Answer, Article, Passage, Report, Scores, Stage, SyncReport
from factbot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from factbot.answering import AnswerChain
    from factbot.checking import Checker
    from factbot.embedding import Embedder
    from factbot.reranking import CrossEncoder
    from factbot.retriever import HybridRetriever
    from factbot.sync import Progress
    from factbot.verifier import Verifier

__all__ = ["FactBot"]

MAX_K = 1_000


class FactBot:
    """A corpus and its index, opened; a context manager, and safe to use from several threads.

    Opening is quick: models load with the first question, or with `warm_up()`.
    """

    def __init__(self, settings: Settings, *, rebuild: bool = False) -> None:
        self.settings = settings
        self._corpus = Corpus(settings.corpus)
        self.index = Index(settings, rebuild=rebuild)
        self._writing = threading.Lock()
        self._loading = threading.RLock()

    @classmethod
    def open(cls, corpus: str | Path = "corpus", *, rebuild: bool = False, **settings: Any) -> FactBot:
        """Open the corpus folder `corpus` and take hold of its index.

        `settings` are the fields of `factbot.settings.Settings`; `rebuild` starts with an empty index.
        Raises UsageError for a wrong setting, CorpusIndexError where the index cannot be had.
        """
        return cls(Settings.load(corpus=corpus, **settings), rebuild=rebuild)

    def close(self) -> None:
        """Let go of the index, so that another process can have it."""
        self.index.close()

    def __enter__(self) -> FactBot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- the corpus -------------------------------------------------------------------------------

    def sync(self, progress: Progress | None = None) -> SyncReport:
        """Make the index equal to the corpus folder; `progress` is called after every batch.

        Raises CorpusError or CorpusIndexError; a file that cannot be read is in the report instead.
        """
        from factbot.sync import sync

        self.index.check_settings()
        with self._writing:
            return sync(self.index, self._corpus, self._embedder, self.settings.passage_size, progress)

    def add(self, article: str | Path | Article) -> Article:
        """Store an article (a file's path, an http(s) address, or an Article) and index it.

        Raises ArticleError where it cannot be read, fetched or stored; nothing is changed then.
        """
        self.index.check_settings()
        if isinstance(article, Article):
            article_id = self._corpus.add_article(article)
        elif isinstance(article, str) and article.startswith(("http://", "https://")):
            article_id = self._corpus.add_url(article)
        else:
            article_id = self._corpus.add_file(Path(article))
        self._sync_one(article_id)
        return self.article(article_id)

    def remove(self, article_id: str) -> None:
        """Take an article out of the corpus folder and the index. Raises ArticleError if there is none."""
        article_id = unicodedata.normalize("NFC", article_id)
        self.index.check_settings()
        self._corpus.remove(article_id)
        self._sync_one(article_id)

    def articles(self) -> list[Article]:
        """Every indexed article, by id, without its text."""
        return self.index.catalog.articles()

    def article(self, article_id: str) -> Article:
        """One indexed article with its text. Raises ArticleError if there is none of that id."""
        article = self.index.catalog.article(article_id)
        if article is None:
            raise ArticleError(f"No article has the id {article_id!r}; `factbot articles` lists them.")
        return article

    @property
    def corpus_version(self) -> str:
        """Changes with any article of the corpus; "" before the first sync."""
        return self.index.corpus_version

    # -- questions --------------------------------------------------------------------------------

    def search(self, query: str, k: int = 10) -> list[Passage]:
        """The k passages that say most about the query, best first. Raises UsageError for no query."""
        if not 1 <= k <= MAX_K:
            raise UsageError(f"k is {k}; ask for 1 to {MAX_K:,} passages.")
        question = clean(query)
        self.index.check_settings()  # before a model loads that the index was not built with
        return self._retriever.search(question, k)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question out of the corpus, or say that it holds no answer.

        `history` holds the questions asked before, oldest first, for a follow-up to lean on.
        Raises UsageError for an empty, endless or wordless question.
        """
        *_, answer = self.stream(question, history)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Stage | Answer]:
        """Like `ask`, as it happens: stages, then answers that grow by a sentence."""
        self.index.check_settings()
        yield from self.chain.stream(question, history)

    # -- claims -----------------------------------------------------------------------------------

    def check(self, text: str) -> Report:
        """Check every claim of a text against the corpus: its verdict, with evidence for and against.

        Raises UsageError for an empty or endless text, or one without words.
        """
        *_, report = self.stream_check(text)
        assert isinstance(report, Report)
        return report

    def stream_check(self, text: str) -> Iterator[Stage | Report]:
        """Like `check`, as it happens: stages, and reports that grow claim by claim."""
        self.index.check_settings()
        yield from self.checker.stream(text)

    def verify(self, pairs: Sequence[tuple[str, str]]) -> list[Scores]:
        """What each pair's evidence says of its claim, (claim, evidence) by (claim, evidence); no retrieval.

        Evidence longer than the verifier reads at once is read in parts, and a claim of several sentences sentence
        by sentence. Raises UsageError where a claim or its evidence is no text or has no words.
        """
        from factbot.verification import verify

        return verify(self._verifier, pairs)

    def as_retriever(self, k: int = 10) -> HybridRetriever:
        """The retrieval alone, as a langchain_core BaseRetriever of k documents."""
        return self._retriever.model_copy(update={"k": k})

    def as_runnable(self) -> Runnable[str, Answer]:
        """The whole chain, as a langchain_core Runnable; `stream` yields answers that grow."""
        return self.chain.runnable()

    def warm_up(self) -> None:
        """Load models and vectors now, so that the first question need not wait for them."""
        self._retriever.candidates("ready", 1)
        self._reranker.score("ready", ["ready"])
        self._judge.score("ready", ["ready"])
        self._verifier.scores([("ready", "ready")])

    # -- parts, each made at its first use --------------------------------------------------------

    @cached_property
    def _embedder(self) -> Embedder:
        from factbot.embedding import load_embedder

        with self._loading:
            cache = self.settings.cache
            return load_embedder(self.settings.embedding_model, None if cache == Path() else cache)

    @cached_property
    def _reranker(self) -> CrossEncoder:
        from factbot.reranking import PackagedCrossEncoder

        return PackagedCrossEncoder("reranker")

    @cached_property
    def _judge(self) -> CrossEncoder:
        from factbot.reranking import PackagedCrossEncoder

        return PackagedCrossEncoder("judge")

    @cached_property
    def _verifier(self) -> Verifier:
        from factbot.verifier import load_verifier

        return load_verifier(self.settings.verifier)

    @cached_property
    def _retriever(self) -> HybridRetriever:
        from factbot.retriever import HybridRetriever

        return HybridRetriever(
            index=self.index,
            embedder=self._embedder,
            reranker=self._reranker,
            context_size=self.settings.context_size,
        )

    @cached_property
    def chain(self) -> AnswerChain:
        """The retrieval chain with its steps in reach: understand, find, read, select, compose."""
        from factbot.answerability import Calibration
        from factbot.answering import AnswerChain

        return AnswerChain(
            index=self.index,
            retriever=self._retriever,
            reranker=self._reranker,
            judge=self._judge,
            calibration=Calibration.packaged(),
            threshold=self.settings.answer_threshold,
            models={"embedding": self._embedder.name, "reranker": self._reranker.name, "judge": self._judge.name},
        )

    @cached_property
    def checker(self) -> Checker:
        """What checks claims, with its parts in reach: finder, aggregator."""
        from factbot.checking import Checker
        from factbot.evidence import EvidenceFinder
        from factbot.verdicts import Aggregator

        return Checker(
            finder=EvidenceFinder(self._retriever, self._reranker, self._verifier),
            aggregator=Aggregator.packaged(),
            context_size=self.settings.context_size,
            risk=self.settings.risk,
            models={"embedding": self._embedder.name, "verifier": self._verifier.name},
        )

    def _sync_one(self, article_id: str) -> None:
        """Bring one article's index up to date; a failure is the caller's to hear of."""
        from factbot.sync import sync

        with self._writing:
            size = self.settings.passage_size
            report = sync(self.index, self._corpus, self._embedder, size, only=article_id)
        if report.failed:
            raise ArticleError(report.failed[0].reason)
