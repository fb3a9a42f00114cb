"""What answers and checks with one index, and which index that is: a rebuilt one takes over here."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from factbot.errors import CorpusIndexError, UsageError
from factbot.index.location import IndexLocation
from factbot.settings import Settings

if TYPE_CHECKING:
    from factbot.answering.chain import AnswerChain
    from factbot.checking.checker import Checker
    from factbot.checking.helpers import CheckHelper
    from factbot.checking.verifier import Verifier
    from factbot.index.index import Index
    from factbot.llm.model import LanguageModel
    from factbot.llm.rewriter import Rewriter
    from factbot.llm.writer import Writer
    from factbot.models.cross_encoder import CrossEncoder
    from factbot.models.embedding import Embedder
    from factbot.retrieval.retriever import HybridRetriever

__all__ = ["Engine", "Engines", "Models"]


class Models:
    """The models that do not depend on the index, loaded once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._embedders: dict[str, Embedder] = {}
        self._loading = threading.RLock()

    def embedder(self, name: str) -> Embedder:
        """The embedding model of this name. Raises UsageError where it cannot be loaded."""
        from factbot.models.embedding import load_embedder

        with self._loading:
            if name not in self._embedders:
                cache = self._settings.cache
                self._embedders[name] = load_embedder(name, None if cache == Path() else cache)
            return self._embedders[name]

    @cached_property
    def reranker(self) -> CrossEncoder:
        from factbot.models.cross_encoder import PackagedCrossEncoder

        return PackagedCrossEncoder("reranker")

    @cached_property
    def answerability(self) -> CrossEncoder:
        from factbot.models.cross_encoder import PackagedCrossEncoder

        return PackagedCrossEncoder("answerability")

    @cached_property
    def verifier(self) -> Verifier:
        from factbot.checking.verifier import load_verifier

        return load_verifier(self._settings.verifier)

    @cached_property
    def language_model(self) -> LanguageModel | None:
        """None where the settings name none. Raises UsageError where it cannot be set up."""
        if not self._settings.llm and not self._settings.llm_url:
            if self._settings.judge:
                raise UsageError(
                    "judge is llm, but no language model is set; set llm or llm_url, or leave it out."
                )
            return None
        from factbot.llm.provider import open_language_model

        return open_language_model(self._settings)


class Engine:
    """Retrieval, answers and checks over `index`, whose embedding model may be another than the settings name."""

    def __init__(self, index: Index, models: Models, settings: Settings) -> None:
        self.index = index
        self._models = models
        self._settings = settings

    @property
    def embedder(self) -> Embedder:
        return self._models.embedder(self.index.embedding_model)

    @cached_property
    def retriever(self) -> HybridRetriever:
        from factbot.retrieval.retriever import HybridRetriever

        return HybridRetriever(
            index=self.index,
            embedder=self.embedder,
            reranker=self._models.reranker,
            context_size=self._settings.context_size,
        )

    @cached_property
    def chain(self) -> AnswerChain:
        """The chain that answers; its steps are understand, find, read, select, compose."""
        from factbot.answering.answerability import Calibration
        from factbot.answering.chain import AnswerChain

        models = self._models
        return AnswerChain(
            index=self.index,
            retriever=self.retriever,
            reranker=models.reranker,
            answerability=models.answerability,
            calibration=Calibration.packaged(),
            threshold=self._settings.answer_threshold,
            models={
                "embedding": self.embedder.name,
                "reranker": models.reranker.name,
                "answerability": models.answerability.name,
                **({"verifier": models.verifier.name} if models.language_model else {}),
                **self._language_model_name,
            },
            writer=self._writer,
            rewriter=self._rewriter,
            budget=self._settings.llm_budget,
        )

    @property
    def _language_model_name(self) -> dict[str, str]:
        model = self._models.language_model
        return {"language": model.name} if model else {}

    @property
    def _writer(self) -> Writer | None:
        models = self._models
        if models.language_model is None:
            return None
        from factbot.llm.grounding import Grounder
        from factbot.llm.writer import Writer

        grounder = Grounder(models.verifier, self.index.catalog.sentences)
        return Writer(models.language_model, grounder, models.reranker)

    @property
    def _check_helper(self) -> CheckHelper | None:
        model, writer, settings = self._models.language_model, self._writer, self._settings
        if model is None or writer is None:
            return None
        from factbot.llm.check_helpers import ModelCheckHelper
        from factbot.llm.decomposer import Decomposer
        from factbot.llm.judge import Judge
        from factbot.llm.phraser import Phraser

        return ModelCheckHelper(
            decomposer=Decomposer(model, self._models.verifier),
            phraser=Phraser(writer),
            judge=Judge.calibrated(model) if settings.judge else None,
            budget=settings.llm_budget,
        )

    @property
    def _rewriter(self) -> Rewriter | None:
        if self._models.language_model is None:
            return None
        from factbot.llm.rewriter import Rewriter

        return Rewriter(self._models.language_model)

    @cached_property
    def checker(self) -> Checker:
        """What checks claims; its parts are the finder of evidence and the aggregator."""
        from factbot.checking.aggregator import Aggregator
        from factbot.checking.checker import Checker
        from factbot.checking.evidence import EvidenceFinder

        models = self._models
        return Checker(
            finder=EvidenceFinder(self.retriever, models.reranker, models.verifier),
            aggregator=Aggregator.packaged(),
            context_size=self._settings.context_size,
            risk=self._settings.risk,
            models={
                "embedding": self.embedder.name,
                "verifier": models.verifier.name,
                **self._language_model_name,
            },
            helper=self._check_helper,
        )

    def warm_up(self) -> None:
        """Load models and vectors now, so that the first question need not wait for them."""
        self.retriever.candidates("ready", 1)
        for model in (self._models.reranker, self._models.answerability):
            model.score("ready", ["ready"])
        self._models.verifier.scores([("ready", "ready")])


class Engines:
    """The engine that answers, and earlier ones for as long as they are still in use.

    With `anew`, an index that cannot be opened is replaced by an empty one.
    Raises IndexLockedError, VectorStoreError or CorpusIndexError where the index cannot be opened.
    """

    def __init__(self, settings: Settings, models: Models, *, anew: bool = False) -> None:
        self._settings = settings
        self._models = models
        self._lock = threading.RLock()
        self._users: dict[Engine, int] = {}
        self.location = IndexLocation(settings)
        try:
            self.current = self._engine(self._open(anew))
        except BaseException:
            self.location.release()
            raise

    def close(self) -> None:
        self.current.index.close()
        self.location.release()

    @contextmanager
    def using(self) -> Iterator[Engine]:
        """The engine that answers now; its index stays open for as long as it is used."""
        with self._lock:
            if not self.location.is_owner and self.location.current() != self.current.index.folder.name:
                self._let_answer(self.location.open())  # the process that writes has switched
            engine = self.current
            self._users[engine] = self._users.get(engine, 0) + 1
        try:
            yield engine
        finally:
            with self._lock:
                self._users[engine] -= 1
                self._retire(engine)

    def own(self) -> None:
        """Become the owner of the index, in a process that could only read it while another one owned it."""
        if not self.location.is_owner:
            self.location.own()
            try:
                self._let_answer(self.location.open())
            except BaseException:
                self.location.release()  # or it would go on writing to what it opened for reading
                raise

    def open_next(self) -> Index:
        """The index that is to answer next; earlier ones that are still in use are kept."""
        with self._lock:
            return self.location.open_next({engine.index.folder.name for engine in self._users})

    def switch_to(self, index: Index) -> None:
        """Let `index` answer from now on.

        On disk first: a process that is killed in between finds the new index there when it starts again.
        """
        self.location.switch_to(index)
        self._let_answer(index)

    def _let_answer(self, index: Index) -> None:
        with self._lock:
            old, self.current = self.current, self._engine(index)
            self._retire(old)

    def _engine(self, index: Index) -> Engine:
        return Engine(index, self._models, self._settings)

    def _open(self, anew: bool) -> Index:
        try:
            return self.location.open()
        except CorpusIndexError:
            if not anew or not self.location.is_owner:  # another process may be using what this one cannot open
                raise
            return self.location.open_anew()

    def _retire(self, engine: Engine) -> None:
        """Close an engine that was replaced, once nobody uses it any more."""
        if engine is not self.current and not self._users.get(engine):
            self._users.pop(engine, None)
            engine.index.close()
            # A process that becomes the owner has opened the same index anew.
            if self.location.is_owner and engine.index.folder != self.current.index.folder:
                self.location.remove(engine.index)
