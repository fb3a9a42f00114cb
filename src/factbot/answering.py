"""The retrieval chain: retrieve passages, select the sentences that answer, compose a cited answer.

The answer is extractive. Each of its sentences stands word for word in an article, and where no
sentence answers, the answer says that the corpus holds none.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from factbot.answerability import Calibration, missing_names
from factbot.index import Index
from factbot.questions import clean, self_contained
from factbot.reranking import CrossEncoder
from factbot.results import Answer, AnswerSentence, Citation, Passage, Stage
from factbot.retriever import Candidate, HybridRetriever, logit, reading_text

__all__ = ["AnswerChain"]

CANDIDATES = 12  # read by the cross-encoder: with the sentences, nearly all of an answer's time
PASSAGES = 5  # kept of them
CLOSELY = 3  # of those, read sentence by sentence
SENTENCES = 3  # in an answer, at most
MARGIN = 6.0  # summed logits that a further sentence may fall behind the best one
SILENT = 0.02  # a best passage below this probability means that the corpus does not touch the subject
NEAREST = 3  # articles offered with an abstention
NO_ANSWER = "The corpus holds no answer to this."
EMPTY_CORPUS = "The corpus holds no articles yet; add some and run `factbot sync`."


@dataclass(frozen=True)
class Quote:
    """A sentence of a passage: how much it answers (summed logits), and how likely that is an answer (0 to 1)."""

    passage: Passage
    start: int
    end: int
    text: str
    evidence: float
    support: float = 0.0


@dataclass(frozen=True)
class Working:
    """What is handed from step to step."""

    asked: str
    question: str
    started: float
    candidates: tuple[Candidate, ...] = ()
    passages: tuple[Passage, ...] = ()
    quotes: tuple[Quote, ...] = ()
    answerable: float = 0.0


@dataclass(frozen=True)
class AnswerChain:
    """Question to Answer, over one index.

    `threshold` is the probability (0 to 1) from which an answer is given.
    """

    index: Index
    retriever: HybridRetriever
    reranker: CrossEncoder
    judge: CrossEncoder
    calibration: Calibration
    threshold: float
    models: dict[str, str] = field(default_factory=dict)

    def runnable(self) -> Runnable[str, Answer]:
        """The chain for langchain: invoke, batch, ainvoke, and stream, which yields growing answers."""
        understand: Runnable[str, Working] = RunnableLambda(self.understand, name="understand")
        return (
            understand
            | RunnableLambda(self.find, name="find")
            | RunnableLambda(self.read, name="read")
            | RunnableLambda(self.select, name="select")
            | _Compose(self)
        ).with_config(run_name="factbot")

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Stage | Answer]:
        """Stages as the work goes on, then answers that grow by a sentence; the last one is whole."""
        working = self.understand(question, history)
        if working.question != working.asked:
            yield Stage("understand", f"Reading this as “{working.question}”")
        yield Stage("search", "Searching the articles")
        working = self.find(working)
        articles = len({c.article.id for c in working.candidates})
        yield Stage("read", f"Reading {len(working.candidates)} passages from {articles} articles")
        working = self.read(working)
        yield Stage("quote", "Choosing the sentences that answer")
        yield from self.compose(self.select(working))

    def understand(self, question: str, history: Sequence[str] = ()) -> Working:
        """Clean the question and give a follow-up its topic. Raises UsageError for no question."""
        asked = clean(question)
        return Working(asked, self_contained(asked, history), time.monotonic())

    def find(self, working: Working) -> Working:
        found = self.retriever.candidates(working.question, PASSAGES)
        return replace(working, candidates=tuple(found[:CANDIDATES]))

    def read(self, working: Working) -> Working:
        passages = self.retriever.rank(working.question, working.candidates, PASSAGES)
        return replace(working, passages=tuple(passages))

    def select(self, working: Working) -> Working:
        """Read every sentence of the passages, judge the few that say most, and keep those near the best."""
        first = self.ranked(working)[:SENTENCES]
        judged = [
            replace(quote, evidence=quote.evidence + verdict, support=self.calibration.support(verdict, missing))
            for quote, (verdict, missing) in zip(first, self.verdicts(working, first), strict=True)
        ]
        judged.sort(key=lambda q: -q.evidence)
        return replace(
            working,
            quotes=tuple(q for q in judged if q.evidence >= judged[0].evidence - MARGIN),
            answerable=max((q.support for q in judged), default=0.0),
        )

    def ranked(self, working: Working) -> list[Quote]:
        """Every sentence of the passages as a quote, best first."""
        sentences = list(self._sentences(working.passages[:CLOSELY]))
        # Without the title: beside "Voyager 2 leaves the solar system", any date would seem to say when it did.
        logits = self.reranker.score(working.question, [text for _, _, _, text in sentences])
        quotes = [
            Quote(passage, start, end, text, evidence=float(own) + logit(passage.score))
            for (passage, start, end, text), own in zip(sentences, logits, strict=True)
        ]
        return sorted(quotes, key=lambda q: -q.evidence)

    def verdicts(self, working: Working, quotes: Sequence[Quote]) -> list[tuple[float, int]]:
        """For each quote the judge's logit of its surroundings, and the number of the question's missing names."""
        texts = [reading_text(q.passage.title, self._surroundings(working, q)) for q in quotes]
        logits = self.judge.score(working.question, texts)
        return [
            (float(v), missing_names(working.question, q.passage)) for v, q in zip(logits, quotes, strict=True)
        ]

    def _surroundings(self, working: Working, quote: Quote) -> str:
        """The small passage, as it was found, that the quote stands in: what the judge was trained to read."""
        for c in working.candidates:
            if c.article.id == quote.passage.article_id and c.start <= quote.start and quote.end <= c.end:
                return c.text
        return quote.text

    def compose(self, working: Working) -> Iterator[Answer]:
        """The answer as it grows, a sentence at a time."""
        groups = self._group(working.quotes)
        if working.answerable < self.threshold or not groups:
            yield self._abstain(working)
            return
        sentences: list[AnswerSentence] = []
        citations: list[Citation] = []
        for group in groups:
            numbers = []
            for quote in group:
                numbers.append(len(citations) + 1)
                citations.append(Citation(numbers[-1], quote.passage, quote.text, quote.start, quote.end))
            sentences.append(AnswerSentence(group[0].text, tuple(numbers), round(group[0].support, 4)))
            text = " ".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in sentences)
            yield self._answer(working, text, sentences=tuple(sentences), citations=tuple(citations))

    def _sentences(self, passages: Sequence[Passage]) -> Iterator[tuple[Passage, int, int, str]]:
        """Every sentence of the passages once, with its offsets in the article."""
        seen = set()
        for passage in passages:
            for start, end in self.index.catalog.sentences(passage.article_id):
                if passage.start <= start and end <= passage.end and (passage.article_id, start) not in seen:
                    seen.add((passage.article_id, start))
                    yield passage, start, end, passage.text[start - passage.start : end - passage.start]

    def _group(self, quotes: Sequence[Quote]) -> list[list[Quote]]:
        """At most SENTENCES sentences; the same words in another article are one more citation of them."""
        groups: dict[str, list[Quote]] = {}
        for quote in quotes:
            key = " ".join(quote.text.casefold().split())
            if key in groups:
                if quote.passage.article_id not in {q.passage.article_id for q in groups[key]}:
                    groups[key].append(quote)
            elif len(groups) < SENTENCES:
                groups[key] = [quote]
        return [group[:SENTENCES] for group in groups.values()]

    def _abstain(self, working: Working) -> Answer:
        if not working.passages:
            empty = self.index.catalog.counts()[0] == 0
            return self._answer(working, EMPTY_CORPUS if empty else NO_ANSWER, reason="corpus_silent")
        nearest = {p.article_id: p for p in reversed(working.passages)}
        first = sorted(nearest.values(), key=lambda p: -p.score)[:NEAREST]
        silent = working.passages[0].score < SILENT
        return self._answer(
            working, NO_ANSWER, reason="corpus_silent" if silent else "not_supported", nearest=tuple(first)
        )

    def _answer(
        self,
        working: Working,
        text: str,
        *,
        sentences: tuple[AnswerSentence, ...] = (),
        citations: tuple[Citation, ...] = (),
        reason: str | None = None,
        nearest: tuple[Passage, ...] = (),
    ) -> Answer:
        return Answer(
            question=working.asked,
            answered=reason is None,
            text=text,
            sentences=sentences,
            citations=citations,
            reason=reason,
            elapsed_ms=round((time.monotonic() - working.started) * 1000),
            corpus_version=self.index.corpus_version,
            models=self.models,
            nearest=nearest,
        )


class _Compose(Runnable[Working, Answer]):
    """The last step for langchain: `invoke` gives the whole answer, `stream` the growing ones."""

    name = "compose"

    def __init__(self, chain: AnswerChain) -> None:
        self._chain = chain

    def invoke(self, input: Working, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        *_, answer = self._chain.compose(input)
        return answer

    def stream(
        self, input: Working, config: RunnableConfig | None = None, **kwargs: Any | None
    ) -> Iterator[Answer]:
        yield from self._chain.compose(input)
