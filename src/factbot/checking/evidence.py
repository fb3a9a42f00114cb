"""Evidence on a claim: passages are found, read by the verifier, and read again sentence by sentence.

Retrieval and the reranker find the passages that are about the claim; the verifier tells what they say of it. Of
the most telling every sentence is read as well, so that the words shown are those that decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factbot.checking.verifier import NOT_ENOUGH, REFUTED, SUPPORTED, Verifier
from factbot.index.catalog import Span
from factbot.results import Article
from factbot.retrieval.reranking import CrossEncoder
from factbot.retrieval.retriever import Candidate, HybridRetriever, fuse, reading_text, sigmoid
from factbot.text.dates import readable_date

__all__ = ["POINTS_BACK", "EvidenceFinder", "Reading", "headed"]

CANDIDATES = 16  # of the fused list, ordered by the reranker
PASSAGES = 8  # of those, read whole by the verifier
CLOSELY = 5  # of those, read sentence by sentence
JOINED = 2  # most telling passages that are read as one
LEAST = 20  # characters of a sentence that is read alone: a heading decides nothing
# "He won", "At about 03:30 he called again", "Her house is sold"; not "The firm said it", "After that Gore left".
POINTS_BACK = re.compile(
    r"(?:His|Her|Its|Their)\b|"
    r"(?:(?:In|On|At|By|After|Before|Since|From|As|When|Then|Later|But|And|So|Yet|There)\b[^.!?A-Z]{0,30}? )?"
    r"(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey)\b"
)
UNDECIDED = 0.5  # where no reading is surer than this of either side, sentences are joined


Words = tuple[Span, NDArray[np.float64]]  # a span of an article's text, and the verifier's scores of it


@dataclass(frozen=True)
class Reading:
    """A passage with what the verifier makes of it, and its most telling words for either side.

    `nearness` (0 to 1) is how much the passage is about the claim, by the reranker, whatever it says of it, and
    `weight` (0 to 1) the same beside the nearest passage: far from the claim's subject a verifier sees support and
    contradiction that are none. Scores have the columns of `factbot.checking.verifier`. `sides` are the sentence
    that supports most and the one that refutes most, or two where the second leans on the first, as spans of the
    article's text with the scores of either; the whole passage stands in where none says as much alone.
    """

    article: Article
    start: int
    end: int
    nearness: float
    weight: float
    scores: NDArray[np.float64]
    sides: tuple[Words, Words]

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def relevance(self) -> float:
        """The probability (0 to 1) that the passage says something for or against the claim, weighted."""
        return self.weight * float(1 - self.scores[NOT_ENOUGH])

    def strength(self, side: int) -> float:
        """The probability (0 to 1) of SUPPORTED or REFUTED by the most telling words, weighted."""
        return self.weight * float(self.sides[side][1][side])


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
        found = [self.retriever.candidates(words, CANDIDATES)[:CANDIDATES] for words in (claim, *queries)]
        by_id = {c.id: c for candidates in found for c in candidates}
        ids = fuse(*([c.id for c in candidates] for candidates in found))
        return self.read(claim, [by_id[i] for i in ids[:CANDIDATES]])

    def read(self, claim: str, candidates: Sequence[Candidate]) -> list[Reading]:
        """The candidates that are most about the claim as readings; only the first CLOSELY by the sentence."""
        near = self.reranker.score(claim, [reading_text(c.article.title, c.text) for c in candidates])
        ranked = [(candidates[i], sigmoid(near[i])) for i in np.argsort(-near, kind="stable")[:PASSAGES]]
        spans = [self._sentences(candidate) for candidate, _ in ranked[:CLOSELY]]
        texts = [headed(c.article.title, c.article.date, c.text) for c, _ in ranked]
        texts += [
            headed(c.article.title, c.article.date, c.article.text[start:end])
            for (c, _), found in zip(ranked, spans, strict=False)
            for start, end in found
        ]
        scored = self.verifier.scores([(claim, text) for text in texts])
        sentences = iter(scored[len(ranked) :])
        readings = []
        for place, (c, nearness) in enumerate(ranked):
            whole: Words = ((c.start, c.end), scored[place])
            parts = [(span, next(sentences)) for span in spans[place]] if place < CLOSELY else []
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
        near = sorted((r for r in readings[:CLOSELY] if r.relevance > 0.1), key=lambda r: -r.relevance)[:JOINED]
        if len(near) < JOINED or max(r.strength(side) for r in readings for side in (0, 1)) > UNDECIDED:
            return None
        text = " ".join(headed(r.article.title, r.article.date, r.text) for r in near)
        return near, self.verifier.scores([(claim, text)])[0]

    def _sentences(self, candidate: Candidate) -> list[Span]:
        """The sentences of a passage; one that says "he" with the one before, which says who that is."""
        found = self.retriever.index.catalog.sentences(candidate.article.id)
        spans = [(start, end) for start, end in found if candidate.start <= start and end <= candidate.end]
        text = candidate.article.text
        return [
            (spans[place - 1][0] if place and POINTS_BACK.match(text, start) else start, end)
            for place, (start, end) in enumerate(spans)
            if end - start >= LEAST
        ]


def headed(title: str, date: str, text: str) -> str:
    """What the verifier reads: a text under its article's title and date, which say who "he" is, and when.

    `date` is an ISO date; any other is left out.
    """
    when = readable_date(date) if re.match(r"\d{4}-\d\d-\d\d", date) else ""
    return reading_text(f"{title} ({when})" if title and when else title or when, text)


def _telling(sentences: Sequence[Words], whole: Words, side: int) -> Words:
    """The sentence that says most for a side, or the whole passage where the sentence alone says far less."""
    best = max(sentences, key=lambda part: float(part[1][side]))
    return whole if whole[1][side] > UNDECIDED > best[1][side] else best
