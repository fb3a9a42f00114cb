"""`growth`: indexing and answering from 1,000 to 1,000,000 passages, in factbot's own stores.

Texts are real sentences put together at random, vectors are real passage vectors mixed at random, so that
words, lengths and neighbourhoods stay like those of news while nothing has to be embedded anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import data, results
from benchmarks.measure import disk_mb, milliseconds, peak_mb
from benchmarks.metrics import percentiles
from factbot import FactBot
from factbot.index.catalog import IndexedArticle
from factbot.index.sync import BATCH
from factbot.models.embedding import load_embedder
from factbot.results import Article
from factbot.settings import Settings
from factbot.text.passages import passage_spans
from factbot.text.sentences import sentence_spans

__all__ = ["run"]

SET = "newsqa_2024"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
SEED_ARTICLES = 150  # real articles whose sentences and vectors are mixed
SENTENCES_PER_ARTICLE = 40
QUESTIONS = 100


def run(data_folder: Path, cache: Path, sample: int) -> None:
    """Grow one index from size to size and measure at each; sizes that were measured before are not again.

    With `sample`, up to that many passages only, in an index of its own, and nothing is saved.
    """
    folder = cache / ("growth" + (f"-{sample}" if sample else ""))
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    settings = Settings.load(corpus=corpus, index=folder / "index")
    questions = [question.text for question in data.questions(data_folder, SET)[:QUESTIONS]]
    mixed = _Mixed(data_folder)
    figures = {} if sample else results.load("growth")
    for size in SIZES:
        if str(size) in figures.get("sizes", {}) or 0 < sample < size:
            continue
        cell = {
            **_insert(settings, mixed, size),
            **_searching(settings, questions),
            **_asking(settings, questions),
        }
        cell |= {"disk_mb": disk_mb(settings.index), "peak_mb": peak_mb()}
        print(f"{size:,}: {cell}", flush=True)
        if not sample:
            figures.setdefault("sizes", {})[str(size)] = cell
            results.save("growth", figures)


class _Mixed:
    """An endless supply of articles with vectors; article `n` is always the same."""

    def __init__(self, data_folder: Path) -> None:
        articles = data.articles(data_folder, SET)[:SEED_ARTICLES]
        self.sentences = [a.text[s:e] for a in articles for s, e in sentence_spans(a.text, "")]
        embedder = load_embedder(Settings().embedding_model)
        self.vectors = embedder.embed_documents([a.text[:400] for a in articles] + self.sentences[:600])

    def article(self, number: int) -> tuple[IndexedArticle, NDArray[np.float32]]:
        rng = np.random.default_rng(number)
        chosen = rng.choice(len(self.sentences), SENTENCES_PER_ARTICLE)
        text = " ".join(self.sentences[i].replace("\n", " ") for i in chosen)
        sentences = sentence_spans(text, "")
        article = Article(title=f"Article {number}", text=text, id=f"{number:07d}.txt")
        item = IndexedArticle(article, "", sentences, passage_spans(text, sentences, Settings().passage_size))
        pairs = self.vectors[rng.integers(0, len(self.vectors), (2, len(item.passages)))]
        weight = rng.uniform(0.5, 1, (len(item.passages), 1))
        noise = rng.normal(0, 0.5 / np.sqrt(pairs.shape[-1]), pairs.shape[1:])
        vectors = weight * pairs[0] + (1 - weight) * pairs[1] + noise
        return item, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _insert(settings: Settings, mixed: _Mixed, size: int) -> dict[str, Any]:
    """Fill the index up to `size` passages as a sync would, in batches of whole articles, without embedding."""
    with FactBot(settings) as bot:
        index = bot.index
        articles, before = index.catalog.counts()
        count, busy = before, 0.0
        for items, vectors in _batches(mixed, articles, size - before):
            busy += milliseconds(index.write, items, vectors, []) / 1e3
            count += len(vectors)
            if count // 50_000 > (count - len(vectors)) // 50_000:
                print(f"growth: {count:,} passages, {(count - before) / busy:.0f}/s", flush=True)
        return {"passages": count, "insert_per_s": round((count - before) / busy, 1) if busy else None}


def _batches(
    mixed: _Mixed, first: int, passages: int
) -> Iterator[tuple[list[IndexedArticle], NDArray[np.float32]]]:
    items: list[IndexedArticle] = []
    vectors: list[NDArray[np.float32]] = []
    while passages > 0:
        item, rows = mixed.article(first)
        first, passages = first + 1, passages - len(rows)
        items.append(item)
        vectors.append(rows)
        if sum(map(len, vectors)) >= BATCH or passages <= 0:
            yield items, np.concatenate(vectors)
            items, vectors = [], []


def _searching(settings: Settings, questions: list[str]) -> dict[str, Any]:
    """Vectors alone and words alone, 50 hits."""
    embedder = load_embedder(settings.embedding_model)
    asked = [(question, embedder.embed_query(question)) for question in questions]
    start = time.perf_counter()
    with FactBot(settings) as bot:
        index = bot.index
        for question, vector in asked[:10]:
            index.vectors.query(vector, 50)
            index.words.search(question, 50)
        opened = time.perf_counter() - start
        return {
            "open_s": round(opened, 2),
            "dense_ms": percentiles([milliseconds(index.vectors.query, vector, 50) for _, vector in asked]),
            "lexical_ms": percentiles([milliseconds(index.words.search, question, 50) for question, _ in asked]),
        }


def _asking(settings: Settings, questions: list[str]) -> dict[str, Any]:
    with FactBot.open(settings.corpus, index=settings.index) as bot:
        bot.warm_up()
        for question in questions[:10]:
            bot.ask(question)
        return {"ask_ms": percentiles([milliseconds(bot.ask, question) for question in questions])}
