"""The chain from a question to an answer: find passages, choose the sentences that answer, put citations to them.

The answer is extractive: each of its sentences stands word for word in an article, and where no sentence answers,
the answer says that the corpus holds none. Where a language model is set, it words the answer, and only what the
passages support is shown. Where the model fails, the sentences of the articles are given instead.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from factbot.answering.answerability import Calibration, missing_names
from factbot.answering.follow_ups import clean, self_contained
from factbot.errors import LanguageModelError
from factbot.index.index import Index
from factbot.llm.budget import Spending
from factbot.llm.rewriter import Rewriter
from factbot.llm.writer import AnswerSoFar, Writer
from factbot.models.calibration import logit
from factbot.models.cross_encoder import CrossEncoder
from factbot.results import Answer, AnswerSentence, Citation, Passage, Stage
from factbot.retrieval.retriever import Candidate, HybridRetriever
from factbot.retrieval.scored_span import ScoredSpan
from factbot.text.normalise import single_spaced
from factbot.text.passages import spans_within
from factbot.text.plurals import counted
from factbot.text.titled import under_title

__all__ = ["AnswerChain"]

RERANKED_FOR_ANSWER = 12  # of what is found: with the sentences, nearly all of an answer's time
PASSAGES_KEPT = 5  # kept of them
PASSAGES_BY_SENTENCE = 3  # of those, read sentence by sentence
SENTENCES_QUOTED = 3  # in an answer, at most
QUOTE_MARGIN = 6.0  # summed logits that a further sentence may fall behind the best one
SILENT = 0.02  # a best passage below this probability means that the corpus does not touch the subject
NEAREST = 3  # articles offered with an abstention
QUOTED_INSTEAD = "The answer is quoted from the articles instead."
NO_ANSWER = "The corpus holds no answer to this."
BY_RULE = "The follow-up was completed by rule, because the language model was not available."
EMPTY_CORPUS = "The corpus holds no articles yet; add some and run `factbot sync`."


@dataclass(frozen=True)
class Working:
    """What is handed from step to step.

    `quotes` are the sentences that answer best, best first, scored by how likely they answer (0 to 1), and
    `answerable` is how likely any of those read answers. `note` says what failed on the way, "" where nothing did.
    """

    asked: str
    question: str
    started: float
    candidates: tuple[Candidate, ...] = ()
    passages: tuple[Passage, ...] = ()
    quotes: tuple[ScoredSpan, ...] = ()
    answerable: float = 0.0
    spending: Spending = field(default_factory=lambda: Spending(0))
    note: str = ""


@dataclass(frozen=True)
class AnswerChain:
    """Question to Answer, over one index.

    The `reranker` orders sentences, the `answerability` model tells whether they answer at all. `threshold` is the
    probability (0 to 1) from which an answer is given. With a `writer` a language model words it, within `budget`
    tokens.
    """

    index: Index
    retriever: HybridRetriever
    reranker: CrossEncoder
    answerability: CrossEncoder
    calibration: Calibration
    threshold: float
    models: dict[str, str] = field(default_factory=dict)
    writer: Writer | None = None
    rewriter: Rewriter | None = None
    budget: int = 0

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Stage | Answer]:
        """Stages as the work goes on, then answers that grow by a sentence; the last one is whole."""
        working = self._completed(question, history)
        if self.rewriter and working.question != working.asked:
            yield Stage("understand", "Completing the follow-up")  # before the model is waited for
        working = self._respelled(self._rewritten(working, history))
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
        """Clean the question, complete a follow-up, and put slips right. Raises UsageError for no question."""
        return self._respelled(self._rewritten(self._completed(question, history), history))

    def _completed(self, question: str, history: Sequence[str]) -> Working:
        """The question, cleaned, and a follow-up with its topic by the rules."""
        started, asked = time.monotonic(), clean(question)
        return Working(asked, self_contained(asked, history), started, spending=Spending(self.budget))

    def _rewritten(self, working: Working, history: Sequence[str]) -> Working:
        """A follow-up in the language model's words, where there is one and they hold; else as it is."""
        if self.rewriter is None or working.question == working.asked:
            return working
        try:
            made = self.rewriter.rewrite(working.asked, history, working.spending)
        except LanguageModelError:
            return replace(working, note=BY_RULE)
        return replace(working, question=made or working.question)

    def _respelled(self, working: Working) -> Working:
        """The question with its slips put right, and a note that says which."""
        read = self.retriever.respelled(working.question)
        return replace(working, question=read.text, note=f"{working.note} {read.note}".strip())

    def find(self, working: Working) -> Working:
        found = self.retriever.candidates(working.question, PASSAGES_KEPT)
        return replace(working, candidates=tuple(found[:RERANKED_FOR_ANSWER]))

    def read(self, working: Working) -> Working:
        passages = self.retriever.rank(working.question, working.candidates, PASSAGES_KEPT)
        return replace(working, passages=tuple(passages))

    def select(self, working: Working) -> Working:
        """Read every sentence of the passages, the few that say most once more, and keep those near the best."""
        first = self.ranked(working)[:SENTENCES_QUOTED]
        found = [
            (quote.score + own, replace(quote, score=self.calibration.support(own, missing)))
            for quote, (own, missing) in zip(first, self.answerability_logits(working, first), strict=True)
        ]
        found.sort(key=lambda pair: -pair[0])
        return replace(
            working,
            quotes=tuple(quote for total, quote in found if total >= found[0][0] - QUOTE_MARGIN),
            answerable=max((quote.score for _, quote in found), default=0.0),
        )

    def ranked(self, working: Working) -> list[ScoredSpan]:
        """Every sentence of the passages, best first, scored by the summed logits of itself and its passage."""
        sentences = list(self._sentences(working.passages[:PASSAGES_BY_SENTENCE]))
        # Without the title: beside "Voyager 2 leaves the solar system", any date would seem to say when it did.
        logits = self.reranker.score(working.question, [text for _, _, _, text in sentences])
        quotes = [
            ScoredSpan(passage, start, end, float(own) + logit(passage.score))
            for (passage, start, end, _), own in zip(sentences, logits, strict=True)
        ]
        return sorted(quotes, key=lambda quote: -quote.score)

    def answerability_logits(self, working: Working, quotes: Sequence[ScoredSpan]) -> list[tuple[float, int]]:
        """For each quote the answerability of its surroundings, and the number of the question's missing names."""
        texts = [under_title(q.passage.title, "", self._surroundings(working, q)) for q in quotes]
        logits = self.answerability.score(working.question, texts)
        return [
            (float(own), missing_names(working.question, q.passage)) for own, q in zip(logits, quotes, strict=True)
        ]

    def _surroundings(self, working: Working, quote: ScoredSpan) -> str:
        """The small passage, as it was found, that the quote stands in: what the model was trained to read."""
        for c in working.candidates:
            if c.article.id == quote.passage.article_id and c.start <= quote.start and quote.end <= c.end:
                return c.text
        return quote.text

    def compose(self, working: Working) -> Iterator[Stage | Answer]:
        """The answer as it grows, a sentence at a time."""
        if working.answerable < self.threshold or not working.quotes:
            yield self._abstain(working)
        elif self.writer:
            yield from self._written(working, self.writer)
        else:
            yield from self._extracted(working)

    def _extracted(self, working: Working, note: str = "") -> Iterator[Answer]:
        """The quotes themselves, those with the same words as one sentence."""
        sentences: list[tuple[str, float, Sequence[ScoredSpan]]] = []
        for group in self._group(working.quotes):
            sentences.append((group[0].text, group[0].score, group))
            yield self._cited(working, sentences, note)

    def _written(self, working: Working, writer: Writer) -> Iterator[Stage | Answer]:
        """The language model's sentences that stand; where none does, the quotes."""
        yield Stage("write", "Writing the answer, and checking each sentence")
        so_far, problem = AnswerSoFar(), ""
        sentences: list[tuple[str, float, Sequence[ScoredSpan]]] = []
        try:
            best = working.quotes[0].text
            for so_far in writer.write(working.question, working.passages, best, working.spending):
                if len(so_far.kept) > len(sentences):
                    sentences = [(kept.text, kept.support, kept.sources) for kept in so_far.kept]
                    yield self._cited(working, sentences)
        except LanguageModelError as error:
            problem = str(error)
        if sentences and not self._is_answered(working, so_far):
            sentences, problem = [], "What the language model wrote stands in the articles, but does not answer."
        if sentences:
            yield self._cited(working, sentences, note_on_left_out(so_far))
        else:
            yield from self._extracted(working, f"{problem or note_on_left_out(so_far)} {QUOTED_INSTEAD}".strip())

    def _is_answered(self, working: Working, so_far: AnswerSoFar) -> bool:
        """Whether what is kept answers the question about as well as the best quote does."""
        texts = [" ".join(kept.text for kept in so_far.kept), working.quotes[0].text]
        written, quoted = self.reranker.score(working.question, texts)
        return bool(written >= quoted - QUOTE_MARGIN / 2)

    def _cited(
        self, working: Working, sentences: Sequence[tuple[str, float, Sequence[ScoredSpan]]], note: str = ""
    ) -> Answer:
        """Sentences with their support and sources as an answer, the same quote under the same number."""
        numbers: dict[tuple[str, int, int], int] = {}
        citations: list[Citation] = []
        made: list[AnswerSentence] = []
        for text, support, sources in sentences:
            cited = []
            for source in sources:
                key = (source.passage.article_id, source.start, source.end)
                if key not in numbers:
                    numbers[key] = len(citations) + 1
                    citations.append(Citation(numbers[key], source.passage, source.text, source.start, source.end))
                cited.append(numbers[key])
            made.append(AnswerSentence(text, tuple(dict.fromkeys(cited)), round(support, 4)))
        text = " ".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in made)
        return self._answer(working, text, sentences=tuple(made), citations=tuple(citations), note=note)

    def _sentences(self, passages: Sequence[Passage]) -> Iterator[tuple[Passage, int, int, str]]:
        """Every sentence of the passages once, with its offsets in the article."""
        seen = set()
        for passage in passages:
            sentences = self.index.catalog.sentences(passage.article_id)
            for start, end in spans_within(sentences, passage.start, passage.end):
                if (passage.article_id, start) not in seen:
                    seen.add((passage.article_id, start))
                    yield passage, start, end, passage.text[start - passage.start : end - passage.start]

    def _group(self, quotes: Sequence[ScoredSpan]) -> list[list[ScoredSpan]]:
        """At most SENTENCES_QUOTED sentences; the same words in another article are one more citation of them."""
        groups: dict[str, list[ScoredSpan]] = {}
        for quote in quotes:
            key = single_spaced(quote.text.casefold())
            if key in groups:
                if quote.passage.article_id not in {q.passage.article_id for q in groups[key]}:
                    groups[key].append(quote)
            elif len(groups) < SENTENCES_QUOTED:
                groups[key] = [quote]
        return [group[:SENTENCES_QUOTED] for group in groups.values()]

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
        note: str = "",
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
            note=f"{working.note} {note}".strip(),
            usage=working.spending.usage,
        )


def note_on_left_out(so_far: AnswerSoFar) -> str:
    """How many of the model's sentences were left out and why, in words; "" where none were."""
    parts = [
        f"{counted(number, 'sentence')} that the articles {do}"
        for number, do in (
            (so_far.unsupported, "do not bear out, or that does not answer"),
            (so_far.contradicted, "contradict"),
        )
        if number
    ]
    if not parts:
        return so_far.stopped or ("" if so_far.kept else "The language model wrote no answer.")
    number = so_far.unsupported + so_far.contradicted
    was = "it was left out" if number == 1 else "they were left out"
    return f"{so_far.stopped} The language model wrote {' and '.join(parts)}; {was}.".strip()
