"""Evidence on a claim: passages are found, read by the verifier, and read again sentence by sentence.

Retrieval and the reranker find the passages that are about the claim; the verifier tells what they say of it. Of
the most telling every sentence is read as well, so that the words shown are those that decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factbot.checking.verifier import NOT_ENOUGH, REFUTED, SUPPORTED, Verifier
from factbot.corpus.hashing import content_hash
from factbot.models.calibration import sigmoid
from factbot.models.cross_encoder import CrossEncoder
from factbot.results import Article, KeptReading, Scores
from factbot.retrieval.retriever import Candidate, HybridRetriever, fuse
from factbot.text.passages import spans_within
from factbot.text.pronouns import points_back
from factbot.text.sentences import Span
from factbot.text.titled import under_title

__all__ = ["EvidenceFinder", "ReadSpan", "Reading"]

RERANKED_FOR_CLAIM = 16  # of the fused list, ordered by the reranker
READ_WHOLE = 8  # of those, read whole by the verifier
READ_BY_SENTENCE = 5  # of those, read sentence by sentence
JOINED = 2  # most telling passages that are read as one
LEAST = 20  # characters of a sentence that is read alone: a heading decides nothing
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
    much alone.
    """

    article: Article
    start: int
    end: int
    nearness: float
    weight: float
    scores: NDArray[np.float64]
    sides: tuple[ReadSpan, ReadSpan]

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

    def find(self, claim: str, queries: Sequence[str] = ()) -> list[Reading]:
        """What the corpus says of a claim that stands on its own, what is most about it first.

        `queries` are further words to search for.
        """
        found = [
            self.retriever.candidates(words, RERANKED_FOR_CLAIM)[:RERANKED_FOR_CLAIM]
            for words in (claim, *queries)
        ]
        by_id = {c.id: c for candidates in found for c in candidates}
        ids = fuse(*([c.id for c in candidates] for candidates in found))
        return self.read(claim, [by_id[i] for i in ids[:RERANKED_FOR_CLAIM]])

    def read(self, claim: str, candidates: Sequence[Candidate]) -> list[Reading]:
        """The candidates that are most about the claim as readings, the first of them by the sentence too."""
        near = self.reranker.score(claim, [under_title(c.article.title, "", c.text) for c in candidates])
        ranked = [(candidates[i], sigmoid(near[i])) for i in np.argsort(-near, kind="stable")[:READ_WHOLE]]
        spans = [self._sentences(candidate) for candidate, _ in ranked[:READ_BY_SENTENCE]]
        texts = [under_title(c.article.title, c.article.date, c.text) for c, _ in ranked]
        texts += [
            under_title(c.article.title, c.article.date, c.article.text[start:end])
            for (c, _), found in zip(ranked, spans, strict=False)
            for start, end in found
        ]
        scored = self.verifier.scores([(claim, text) for text in texts])
        sentences = iter(scored[len(ranked) :])
        readings = []
        for place, (c, nearness) in enumerate(ranked):
            whole = ReadSpan(c.start, c.end, scored[place])
            parts = [ReadSpan(*span, next(sentences)) for span in spans[place]] if place < READ_BY_SENTENCE else []
            sides = [_telling(parts or [whole], whole, side) for side in (SUPPORTED, REFUTED)]
            weight = (nearness / ranked[0][1]) ** 0.5
            readings.append(
                Reading(c.article, c.start, c.end, nearness, weight, scored[place], (sides[0], sides[1]))
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
        text = " ".join(under_title(r.article.title, r.article.date, r.text) for r in near)
        return near, self.verifier.scores([(claim, text)])[0]

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


def _telling(sentences: Sequence[ReadSpan], whole: ReadSpan, side: int) -> ReadSpan:
    """The sentence that says most for a side, or the whole passage where the sentence alone says far less."""
    best = max(sentences, key=lambda sentence: float(sentence.scores[side]))
    return whole if whole.scores[side] > UNDECIDED > best.scores[side] else best
