"""Hybrid retrieval: vectors and words, fused by rank, reordered by a cross-encoder, widened to context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from factbot.index.index import Index
from factbot.models.calibration import sigmoid
from factbot.models.cross_encoder import CrossEncoder
from factbot.models.embedding import Embedder
from factbot.results import Article, Passage, passage_id
from factbot.retrieval.spelling import Respelled, Spelling
from factbot.text.passages import widen
from factbot.text.sentences import Span
from factbot.text.titled import under_title

__all__ = ["Candidate", "HybridRetriever", "fuse"]

NEIGHBOURS = 50  # taken from vectors and from words each
RERANKED_IN_SEARCH = 24  # of the fused list, read by the cross-encoder: the dearest step of an answer
RANK_CONSTANT = 60  # of reciprocal rank fusion, as in Cormack, Clarke and Büttcher (SIGIR 2009)


@dataclass(frozen=True)
class Candidate:
    """A passage as it was embedded, with the article that it stands in."""

    article: Article
    start: int
    end: int

    @property
    def id(self) -> str:
        return passage_id(self.article.id, self.start, self.end)

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True)
class HybridRetriever:
    """Queries to passages, over one index.

    The passages that are found are the small ones that were embedded. Each is given back with its neighbouring
    sentences, up to `context_size` characters, so that it can be read on its own.
    """

    index: Index
    embedder: Embedder
    reranker: CrossEncoder
    context_size: int

    def search(self, question: str, k: int) -> list[Passage]:
        """The k best passages, best first, with `score` the probability-like strength (0 to 1)."""
        question = self.respelled(question).text
        return self.rank(question, self.candidates(question, k), k)

    def respelled(self, text: str, *, names: bool = True) -> Respelled:
        """The text with its slips of the finger put right; `names` as in `Spelling.respell`."""
        return Spelling(self.index).respell(text, names=names)

    def candidates(self, question: str, k: int) -> list[Candidate]:
        """What vectors and words find, fused, best first; at least k where there are as many.

        Raises IndexMismatchError where another version of factbot built the index.
        """
        self.index.check_format()
        depth = max(NEIGHBOURS, 2 * k)
        by_meaning = self.index.vectors.query(self.embedder.embed_query(question), depth)
        by_words = self.index.words.search(question, depth)
        fused = fuse([i for i, _ in by_meaning], [i for i, _ in by_words])
        return self._load(fused[: max(RERANKED_IN_SEARCH, 2 * k)])

    def rank(self, question: str, candidates: Sequence[Candidate], k: int) -> list[Passage]:
        """Reorder by reading, widen, and leave out what a better passage already shows."""
        read, unread = candidates[:RERANKED_IN_SEARCH], candidates[RERANKED_IN_SEARCH:]
        logits = self.reranker.score(question, [under_title(c.article.title, "", c.text) for c in read])
        order = [(read[i], sigmoid(logits[i])) for i in np.argsort(-logits, kind="stable")]
        order += [(c, 0.0) for c in unread]
        sentences: dict[str, list[Span]] = {}
        shown: list[Passage] = []
        for candidate, score in order:
            if len(shown) == k:
                break
            article = candidate.article
            if any(
                p.article_id == article.id and p.start <= candidate.start and candidate.end <= p.end for p in shown
            ):
                continue
            if article.id not in sentences:
                sentences[article.id] = self.index.catalog.sentences(article.id)
            start, end = widen(sentences[article.id], candidate.start, candidate.end, self.context_size)
            shown.append(Passage.of(article, start, end, score))
        return shown

    def _load(self, passage_ids: Sequence[str]) -> list[Candidate]:
        """Ids to passages; an id whose article changed or went since is dropped."""
        articles: dict[str, Article | None] = {}
        found = []
        for passage in passage_ids:
            article_id, _, span = passage.rpartition("#")
            if article_id not in articles:
                articles[article_id] = self.index.catalog.article(article_id)
            article = articles[article_id]
            start, _, end = span.partition("-")
            if article is not None and int(end) <= len(article.text):
                found.append(Candidate(article, int(start), int(end)))
        return found


def fuse(*rankings: Sequence[str]) -> list[str]:
    """Reciprocal rank fusion: ids of several rankings as one, best first."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, passage in enumerate(ranking, start=1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(scores, key=lambda i: -scores[i])
