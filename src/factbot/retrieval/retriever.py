"""Hybrid retrieval: vectors and words, fused by rank, reordered by a cross-encoder, widened to context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from factbot.answering.follow_ups import clean
from factbot.index.catalog import Span, passage_id, passage_of
from factbot.index.index import Index
from factbot.models.embedding import Embedder
from factbot.results import Article, Passage
from factbot.retrieval.reranking import CrossEncoder
from factbot.text.passages import widen

__all__ = ["Candidate", "HybridRetriever", "fuse", "logit", "reading_text", "sigmoid"]

NEIGHBOURS = 50  # taken from vectors and from words each
CANDIDATES = 24  # of the fused list, read by the cross-encoder: the dearest step of an answer
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


class HybridRetriever(BaseRetriever):
    """A langchain retriever over one index; `search` gives the same as Passages.

    Found passages are the small ones that were embedded; what is returned is each with its
    neighbouring sentences, up to `context_size` characters, so that it can be read on its own.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    embedder: Any  # an Embedder: pydantic cannot check a Protocol
    reranker: Any  # a CrossEncoder
    context_size: int
    k: int = 10

    def search(self, question: str, k: int) -> list[Passage]:
        """The k best passages, best first, with `score` the probability-like strength (0 to 1)."""
        return self.rank(question, self.candidates(question, k), k)

    def candidates(self, question: str, k: int) -> list[Candidate]:
        """What vectors and words find, fused, best first; at least k where there are as many.

        Raises IndexMismatchError where another version of factbot built the index.
        """
        self.index.check_format()
        depth = max(NEIGHBOURS, 2 * k)
        embedder: Embedder = self.embedder
        by_meaning = self.index.vectors.query(embedder.embed_query(question), depth)
        by_words = self.index.words.search(question, depth)
        fused = fuse([i for i, _ in by_meaning], [i for i, _ in by_words])
        return self._load(fused[: max(CANDIDATES, 2 * k)])

    def rank(self, question: str, candidates: Sequence[Candidate], k: int) -> list[Passage]:
        """Reorder by reading, widen, and leave out what a better passage already shows."""
        reranker: CrossEncoder = self.reranker
        read, unread = candidates[:CANDIDATES], candidates[CANDIDATES:]
        logits = reranker.score(question, [reading_text(c.article.title, c.text) for c in read])
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
            shown.append(passage_of(article, start, end, score))
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

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [
            Document(id=p.id, page_content=p.text, metadata={k: v for k, v in p.to_dict().items() if k != "text"})
            for p in self.search(clean(query), self.k)
        ]


def fuse(*rankings: Sequence[str]) -> list[str]:
    """Reciprocal rank fusion: ids of several rankings as one, best first."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, passage in enumerate(ranking, start=1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(scores, key=lambda i: -scores[i])


def reading_text(title: str, text: str) -> str:
    """What the cross-encoder reads of a passage: its article's title says who "he" is, and when."""
    return f"{title}. {text}" if title else text


def sigmoid(x: float) -> float:
    return float(1 / (1 + np.exp(-float(x))))


def logit(p: float) -> float:
    """The inverse of `sigmoid`, within ±16."""
    p = min(max(p, 1e-7), 1 - 1e-7)
    return float(np.log(p / (1 - p)))
