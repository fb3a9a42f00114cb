"""Evidence on a claim: passages are found, read by the verifier, and read again sentence by sentence.

Retrieval and the reranker find the passages that are about the claim; the verifier tells what they say of it. Of
the most telling every sentence is read as well, so that the words shown are those that decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factbot.checking.facts.compare import compare, find_facts
from factbot.checking.facts.rulings.notation import in_words_of
from factbot.checking.verifier import NOT_ENOUGH, REFUTED, SUPPORTED, Verifier, scores_and_stances, scores_of
from factbot.corpus.hashing import content_hash
from factbot.models.calibration import sigmoid
from factbot.models.cross_encoder import CrossEncoder
from factbot.results import Article, KeptReading, Scores, Stance
from factbot.retrieval.retriever import Candidate, HybridRetriever, fuse
from factbot.text.passages import spans_within
from factbot.text.pronouns import points_back
from factbot.text.sentences import Span
from factbot.text.titled import under_title

__all__ = ["EvidenceFinder", "ReadSpan", "Reading"]

RERANKED_FOR_CLAIM = 16  # of the fused list, ordered by the reranker
READ_WHOLE = 8  # of those, read whole by the verifier
NAMED = 2  # of these, at most, because they hold a name of the claim
OF_THE_EVENT = 0.5  # an article's nearness to a sentence, of the nearest one's, from which it tells of the same
READ_BY_SENTENCE = 5  # of those, read sentence by sentence
JOINED = 2  # most telling passages that are read as one
LEAST = 20  # characters of a sentence that is read alone: a heading decides nothing
AS_GOOD = 0.3  # the probability by which a sentence with the claim's facts may fall short of the best one
UNDECIDED = 0.5  # where no reading is surer than this of either side, sentences are joined


@dataclass(frozen=True)
class ReadSpan:
    """Words from `start` to `end` of an article, as the verifier reads them on a claim.

    `scores`, shape (3,), have the columns of `factbot.checking.verifier`.
    """

    start: int
    end: int
    scores: NDArray[np.float64]

    @property
    def supported(self) -> float:
        return float(self.scores[SUPPORTED])

    @property
    def refuted(self) -> float:
        return float(self.scores[REFUTED])


@dataclass(frozen=True)
class Reading:
    """A passage with what the verifier makes of it, and its most telling words for either side.

    `nearness` (0 to 1) is how much the passage is about the claim, by the reranker, whatever it says of it.
    `weight` (0 to 1) is the same relative to the nearest passage: far from the claim's subject a verifier sees
    support and contradiction where there is none. `scores`, shape (3,), have the columns of
    `factbot.checking.verifier`. `sides` are the sentence that supports most and the one that refutes most; two
    sentences where the second needs the first to be understood, and the whole passage where no sentence says as
    much alone. `settled` is the stance that the facts of the passage decide by themselves, None where they do not.
    """

    article: Article
    start: int
    end: int
    nearness: float
    weight: float
    scores: NDArray[np.float64]
    sides: tuple[ReadSpan, ReadSpan]
    settled: Stance | None = None

    @property
    def titled(self) -> str:
        """The passage under its article's title and date."""
        return under_title(self.article.title, self.article.date, self.text)

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def relevance(self) -> float:
        """The probability (0 to 1) that the passage says something for or against the claim, weighted."""
        return self.weight * float(1 - self.scores[NOT_ENOUGH])

    def strength(self, side: int) -> float:
        """The probability (0 to 1) of SUPPORTED or REFUTED by the most telling words, weighted."""
        return self.weight * float(self.sides[side].scores[side])

    def kept(self) -> KeptReading:
        """The same as a result, which holds no text."""
        whole, supporting, refuting = (
            Scores(*map(float, scores)) for scores in (self.scores, *(side.scores for side in self.sides))
        )
        text_hash = content_hash(self.article.text.encode())
        return KeptReading(
            *(self.article.id, text_hash, self.start, self.end, self.nearness, whole, supporting, refuting)
        )


@dataclass(frozen=True)
class EvidenceFinder:
    """Claims to readings, over one index."""

    retriever: HybridRetriever
    reranker: CrossEncoder
    verifier: Verifier

    def find(self, claim: str, queries: Sequence[str] = (), sentence: str = "") -> list[Reading]:
        """What the corpus says of a claim that stands on its own, what is most about it first.

        `queries` are further words to search for. A claim that was cut out of a `sentence` is read only in
        articles that are about the whole sentence: of another event the same may be told.
        """
        searched = dict.fromkeys((claim, *queries, *([sentence] if sentence else [])))
        found = [self.retriever.candidates(words, RERANKED_FOR_CLAIM)[:RERANKED_FOR_CLAIM] for words in searched]
        by_id = {c.id: c for candidates in found for c in candidates}
        ids = fuse(*([c.id for c in candidates] for candidates in found))[:RERANKED_FOR_CLAIM]
        candidates = [by_id[i] for i in ids]
        if names := _names(claim):  # a passage may hold them and share nothing else with the claim
            named = self.retriever.candidates(" ".join(names), RERANKED_FOR_CLAIM)
            candidates += [c for c in named if c.id not in ids][:NAMED]
        return self.read(claim, self._of_the_event(sentence, candidates) if sentence else candidates)

    def read(self, claim: str, candidates: Sequence[Candidate]) -> list[Reading]:
        """The candidates that are most about the claim as readings, the first of them by the sentence too."""
        near = self._nearness(claim, candidates)
        order = [(candidates[i], near[i]) for i in np.argsort(-np.array(near), kind="stable")]
        ranked = _with_names(claim, order)
        spans = [self._sentences(candidate) for candidate, _ in ranked[:READ_BY_SENTENCE]]
        texts = [under_title(c.article.title, c.article.date, c.text) for c, _ in ranked]
        texts += [
            under_title(c.article.title, c.article.date, c.article.text[start:end])
            for (c, _), found in zip(ranked, spans, strict=False)
            for start, end in found
        ]
        scored, stances = scores_and_stances(self.verifier, [(claim, text) for text in texts])
        sentences = iter(scored[len(ranked) :])
        readings = []
        for place, (c, nearness) in enumerate(ranked):
            whole = ReadSpan(c.start, c.end, scored[place])
            parts = [ReadSpan(*span, next(sentences)) for span in spans[place]] if place < READ_BY_SENTENCE else []
            holding = [_facts_held(claim, c, part) for part in parts]
            sides = [_telling(parts or [whole], whole, side, holding) for side in (SUPPORTED, REFUTED)]
            weight = (nearness / ranked[0][1]) ** 0.5
            both = sides[SUPPORTED], sides[REFUTED]
            readings.append(
                Reading(c.article, c.start, c.end, nearness, weight, scored[place], both, stances[place])
            )
        return readings

    def joined(
        self, claim: str, readings: Sequence[Reading]
    ) -> tuple[Sequence[Reading], NDArray[np.float64]] | None:
        """The scores of the most telling passages together, where none decides alone.

        Returns the readings that were joined, and the scores, shape (3,); None where one alone decides, or there
        is nothing to join.
        """
        telling = [r for r in readings[:READ_BY_SENTENCE] if r.relevance > 0.1]
        near = sorted(telling, key=lambda r: -r.relevance)[:JOINED]
        if len(near) < JOINED or max(r.strength(side) for r in readings for side in (0, 1)) > UNDECIDED:
            return None
        text = " ".join(r.titled for r in near)
        return near, scores_of(self.verifier, [(claim, text)])[0]

    def _nearness(self, text: str, candidates: Sequence[Candidate]) -> list[float]:
        """How much each candidate is about a text, 0 to 1."""
        near = self.reranker.score(text, [under_title(c.article.title, "", c.text) for c in candidates])
        return [sigmoid(score) for score in near]

    def _of_the_event(self, sentence: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates of those articles that are about the whole sentence."""
        near: dict[str, float] = {}
        for candidate, nearness in zip(candidates, self._nearness(sentence, candidates), strict=True):
            near[candidate.article.id] = max(nearness, near.get(candidate.article.id, 0.0))
        enough = OF_THE_EVENT * max(near.values(), default=0.0)
        return [candidate for candidate in candidates if near[candidate.article.id] >= enough]

    def _sentences(self, candidate: Candidate) -> list[Span]:
        """The sentences of a passage; one that says "he" with the one before, which says who that is."""
        found = self.retriever.index.catalog.sentences(candidate.article.id)
        spans = spans_within(found, candidate.start, candidate.end)
        text = candidate.article.text
        return [
            (spans[place - 1][0] if place and points_back(text, start) else start, end)
            for place, (start, end) in enumerate(spans)
            if end - start >= LEAST
        ]


def _names(claim: str) -> list[str]:
    """The names of a claim as it writes them."""
    return [fact.text for fact in find_facts(claim) if isinstance(fact.value, tuple)]


def _with_names(claim: str, order: Sequence[tuple[Candidate, float]]) -> list[tuple[Candidate, float]]:
    """The nearest READ_WHOLE of the candidates, nearest first; the last NAMED of them make way for those that hold
    a name of the claim that no nearer one holds. Whom or what the claim is about must not be read past."""
    names = [name.casefold() for name in _names(claim)]
    chosen, rest = list(order[: READ_WHOLE - NAMED]), list(order[READ_WHOLE - NAMED :])
    missing = [name for name in names if not any(name in c.text.casefold() for c, _ in chosen)]
    holding = [one for one in rest if any(name in one[0].text.casefold() for name in missing)]
    beside = [*holding[:NAMED], *(one for one in rest if one not in holding[:NAMED])]
    return sorted([*chosen, *beside[:NAMED]], key=lambda one: -one[1])


def _telling(sentences: Sequence[ReadSpan], whole: ReadSpan, side: int, holding: Sequence[int] = ()) -> ReadSpan:
    """The sentence that says most for a side, or the whole passage where the sentence alone says far less.

    Each is read under the title, which may say it all. So of those that support nearly as much, it is the one that
    holds most of the claim's facts itself: `holding` counts them.
    """
    best = max(sentences, key=lambda sentence: float(sentence.scores[side]))
    if side == SUPPORTED and holding:
        least = max(UNDECIDED, float(best.scores[side]) - AS_GOOD)
        good = [(held, s) for held, s in zip(holding, sentences, strict=True) if s.scores[side] >= least]
        best = max(good, key=lambda pair: (pair[0], float(pair[1].scores[side])), default=(0, best))[1]
    return whole if whole.scores[side] > UNDECIDED > best.scores[side] else best


def _facts_held(claim: str, candidate: Candidate, part: ReadSpan) -> int:
    """How many facts of the claim stand in a sentence itself, without its title."""
    article = candidate.article
    text = article.text[part.start : part.end]
    return compare(in_words_of(claim, under_title(article.title, article.date, text)), text).agreeing
