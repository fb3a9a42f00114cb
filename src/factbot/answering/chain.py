"""The chain from a question to an answer: find passages, choose the sentences that answer, put citations to them.

The answer is extractive: each of its sentences stands word for word in an article, and where no sentence answers,
the answer says that the corpus holds none. Where a language model is set, it words the answer, and only what the
passages support is shown. Where the model fails, the sentences of the articles are given instead.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from factbot.answering.abstention import EMPTY_CORPUS, NO_ANSWER, OTHER_LANGUAGE
from factbot.answering.answerability import Calibration, missing_names
from factbot.answering.answering_words import answering_words, might_answer
from factbot.answering.corrections import with_corrections
from factbot.answering.follow_ups import clean, may_be_follow_up, self_contained
from factbot.answering.questions import about_one, days_meant, sides
from factbot.answering.remarks import is_in_other_language, nearest_words, remarks
from factbot.answering.selection import SENTENCES_QUOTED, best_beside, grouped, mentions, strongest
from factbot.answering.small_talk import reply_to
from factbot.answering.working import Working
from factbot.errors import LanguageModelError
from factbot.index.index import Index
from factbot.llm.budget import Spending
from factbot.llm.rewriter import Rewriter
from factbot.llm.writer import AnswerSoFar, Writer
from factbot.models.calibration import logit
from factbot.models.cross_encoder import CrossEncoder
from factbot.results import Answer, AnswerSentence, Citation, Passage, Stage
from factbot.retrieval.retriever import HybridRetriever
from factbot.retrieval.scored_span import ScoredSpan
from factbot.text.passages import spans_within
from factbot.text.plurals import counted
from factbot.text.titled import under_title

__all__ = ["AnswerChain"]

RERANKED_FOR_ANSWER = 12  # of what is found: with the sentences, nearly all of an answer's time
PASSAGES_KEPT = 5  # kept of them
PASSAGES_BY_SENTENCE = 3  # of those, read sentence by sentence
QUOTE_MARGIN = 5.0  # summed logits that a sentence may fall behind a better one of the same passage
SUPPORT_SHARE = 0.8  # of the best sentence's support that a further one must have; fitted on quiz questions
WORDED_MARGIN = 3.0  # logits that a language model's answer may fall behind the best quote
SILENT = 0.02  # a best passage below this probability means that the corpus does not touch the subject
QUOTED_INSTEAD = "The answer is quoted from the articles instead."
BY_RULE = "The follow-up was completed by rule, because the language model was not available."
AS_IT_STANDS = "Understood as it stands, without the questions before it"


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

    def stream(self, question: str, history: Sequence[str] = (), date: str = "") -> Iterator[Stage | Answer]:
        """Stages as the work goes on, then answers that grow by a sentence; the last one is whole."""
        working = self._completed(question, history, date)
        if self.rewriter and working.question != working.asked:
            yield Stage("understand", "Completing the follow-up")  # before the model is waited for
        working = self._respelled(self._rewritten(working, history))
        if working.question != working.asked:
            yield Stage("understand", f"Understood as: {working.question}")
        elif history and not working.reply and may_be_follow_up(working.asked):
            yield Stage("understand", AS_IT_STANDS)
        if not working.reply:
            yield Stage("search", "Searching the articles")
            working = self.find(working)
            articles = len({c.article.id for c in working.candidates})
            yield Stage("read", f"Reading {len(working.candidates)} passages from {articles} articles")
            working = self.read(working)
            yield Stage("quote", "Choosing the sentences that answer")
        yield from self.compose(self.select(working))

    def understand(self, question: str, history: Sequence[str] = (), date: str = "") -> Working:
        """Clean the question, complete a follow-up, and put slips right. Raises UsageError for no question.

        `date` (YYYY-MM-DD, "" for today) is the day on which it is asked, by which "this week" is read.
        """
        return self._respelled(self._rewritten(self._completed(question, history, date), history))

    def _completed(self, question: str, history: Sequence[str], date: str) -> Working:
        """The question, cleaned, and a follow-up with its topic by the rules."""
        started, asked = time.monotonic(), clean(question)
        reply = reply_to(asked)
        return Working(
            asked,
            asked if reply else self_contained(asked, history),
            started,
            reply,
            days_meant(asked, date),
            spending=Spending(self.budget),
        )

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
        if working.reply:
            return working
        read = self.retriever.respelled(working.question)
        return replace(working, question=read.text, note=f"{working.note} {read.note}".strip())

    def find(self, working: Working) -> Working:
        """The passages that may answer: the nearest, of which a half may give way to those of the days meant."""
        if working.reply:
            return working
        found = self.retriever.candidates(working.question, PASSAGES_KEPT)
        if days := working.days:
            half = RERANKED_FOR_ANSWER // 2
            found[half:] = sorted(found[half:], key=lambda candidate: not days.hold(candidate.article.date))
        return replace(working, candidates=tuple(found[:RERANKED_FOR_ANSWER]))

    def read(self, working: Working) -> Working:
        if working.reply:
            return working
        passages = self.retriever.rank(working.question, working.candidates, PASSAGES_KEPT)
        return replace(working, passages=tuple(passages))

    def select(self, working: Working) -> Working:
        """Read every sentence of the passages, the few that say most once more, and keep those near the best.

        Where two are compared and no sentence tells of both, the best sentence on each is kept.
        """
        if working.reply:
            return working
        selected = self._selected(working)
        pair = sides(working.question)
        if pair is None or any(mentions(quote, pair[0]) and mentions(quote, pair[1]) for quote in selected.quotes):
            return selected
        quotes = []
        for one, other in (pair, pair[::-1]):
            alone = replace(working, question=about_one(working.question, one, other))
            alone = self._selected(self.read(self.find(alone)))
            quotes += [q for q in alone.quotes if mentions(q, one) and q.score >= self.threshold][:1]
        if len(quotes) < len(pair):
            return selected
        return replace(selected, quotes=tuple(quotes), answerable=max(quote.score for quote in quotes))

    def _selected(self, working: Working) -> Working:
        """The sentences that answer the question best, those near the best one."""
        ranked = self.ranked(working)
        first = ranked[:SENTENCES_QUOTED]
        found = [
            (quote.score + own, replace(quote, score=self.calibration.support(own, missing)))
            for quote, (own, missing) in zip(first, self.answerability_logits(working, first), strict=True)
        ]
        found.sort(key=lambda pair: -pair[0])
        strong = strongest(found, SUPPORT_SHARE)
        if days := working.days:
            strong = [pair for pair in strong if days.hold(pair[1].passage.date)] or strong
        strong = [pair for pair in strong if might_answer(working.question, pair[1].text)] or strong
        quotes = [quote for total, quote in strong if total >= best_beside(quote, strong) - QUOTE_MARGIN]
        return replace(
            working,
            quotes=tuple(with_corrections(quotes, self.index.catalog)),
            nearest=tuple({quote.passage.article_id: quote for quote in reversed(ranked)}.values()),
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
        if working.reply:
            yield self._answer(working, working.reply, answered=False)
        elif working.answerable < self.threshold or not working.quotes:
            yield self._abstain(working)
        elif self.writer:
            yield from self._written(working, self.writer)
        else:
            yield from self._extracted(working)

    def _extracted(self, working: Working, note: str = "") -> Iterator[Answer]:
        """The quotes themselves, those with the same words as one sentence."""
        sentences: list[tuple[str, float, Sequence[ScoredSpan]]] = []
        for group in grouped(working.quotes):
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
        return bool(written >= quoted - WORDED_MARGIN)

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
            span = answering_words(working.question, text)
            made.append(AnswerSentence(text, tuple(dict.fromkeys(cited)), round(support, 4), span))
        text = " ".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in made)
        note = f"{remarks(working, citations)} {note}".strip()
        return self._answer(
            working,
            text,
            sentences=tuple(made),
            citations=tuple(citations),
            note=note,
        )

    def _sentences(self, passages: Sequence[Passage]) -> Iterator[tuple[Passage, int, int, str]]:
        """Every sentence of the passages once, with its offsets in the article."""
        seen = set()
        for passage in passages:
            sentences = self.index.catalog.sentences(passage.article_id)
            for start, end in spans_within(sentences, passage.start, passage.end):
                if (passage.article_id, start) not in seen:
                    seen.add((passage.article_id, start))
                    yield passage, start, end, passage.text[start - passage.start : end - passage.start]

    def _abstain(self, working: Working) -> Answer:
        if not working.passages and self.index.catalog.counts()[0] == 0:
            return self._answer(working, EMPTY_CORPUS, reason="corpus_silent")
        silent = not working.passages or working.passages[0].score < SILENT
        return self._answer(
            working,
            OTHER_LANGUAGE if is_in_other_language(working) else NO_ANSWER,
            reason="corpus_silent" if silent else "not_supported",
            nearest=nearest_words(working),
        )

    def _answer(
        self,
        working: Working,
        text: str,
        *,
        answered: bool = True,
        sentences: tuple[AnswerSentence, ...] = (),
        citations: tuple[Citation, ...] = (),
        reason: str | None = None,
        nearest: tuple[Passage, ...] = (),
        note: str = "",
    ) -> Answer:
        return Answer(
            question=working.asked,
            answered=answered and reason is None,
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
