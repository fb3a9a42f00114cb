"""`many`: 100,000 articles of ten passages, each a file of its own: a large corpus from its files to its table.

Texts and vectors are made up, so that nothing has to be embedded; all else is what happens with real ones.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks import results, synthetic
from benchmarks.measure import alone, disk_mb, milliseconds, peak_mb, resident_mb
from factbot import Article, FactBot, SyncProgress
from factbot.web.corpus_tab import view
from factbot.web.corpus_tab.article_table import COLUMNS, Query, TableCache

__all__ = ["run"]

ARTICLES = 100_000
LONGEST = 19  # passages of an article, about; the shortest have one, as the notices of a news agency do
FOLDER = 1_000  # articles of one subfolder
SIZE = 384  # numbers of a vector, as in all-MiniLM-L6-v2
DIRECTIONS = 48
WORDS = "the strike harbour"  # searched for in titles


def run(cache: Path, sample: int) -> None:
    """Measure with ARTICLES articles, or with `sample` of them, and then save nothing."""
    number = sample or ARTICLES
    folder = cache / f"many-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    _write(folder / "corpus", number)
    figures: dict[str, Any] = {"articles": number}
    for part in (_first_sync, _second_sync, _opening, _table, _changes):
        figures |= alone(_measured, part, folder)
        print(f"many: {figures}", flush=True)
    figures |= {"corpus_mb": disk_mb(folder / "corpus"), "index_mb": disk_mb(folder / "index")}
    print(f"many: {figures}", flush=True)
    shutil.rmtree(folder)
    if not sample:
        results.save("many", figures)


class _MadeUp:
    """An embedder that gives any vectors, but always the same for the same texts.

    They lie in DIRECTIONS dimensions: those of texts do not fill their space either, and a graph of ones that
    do is slower to build.
    """

    name = "all-MiniLM-L6-v2"

    def __init__(self) -> None:
        self._directions = np.random.default_rng(0).standard_normal((DIRECTIONS, SIZE))

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        random = np.random.default_rng([len(texts), *texts[0].encode()[:99]])
        vectors = random.standard_normal((len(texts), DIRECTIONS)) @ self._directions
        made: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return made

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.embed_documents([text])[0]
        return vector


def _write(corpus: Path, number: int) -> None:
    lengths = np.random.default_rng(7).integers(1, LONGEST + 1, number)
    texts = chain.from_iterable(synthetic.passages(int(lengths.sum())))
    for n, length in enumerate(lengths):
        folder = corpus / f"{n // FOLDER:03}"
        folder.mkdir(parents=True, exist_ok=True)
        sentences = [text.capitalize() for text in islice(texts, int(length))]
        title = " ".join(sentences[0].split()[:8])
        head = f"---\ntitle: {title}\nsource: Source {n % 97}\ndate: {2000 + n % 25}-{n % 12 + 1:02}-01\n---\n\n"
        (folder / f"{n:06}.txt").write_text(head + " ".join(sentences) + "\n", encoding="utf-8")


def _measured(part: Any, folder: Path) -> dict[str, Any]:
    """One part's figures, in a process of its own, with that one's peak of memory."""
    with patch("factbot.models.embedding.load_embedder", lambda name, cache=None: _MadeUp()):
        figures: dict[str, Any] = part(folder)
    return {**figures, f"{part.__name__.strip('_')}_mb": peak_mb()}


def _open(folder: Path) -> FactBot:
    return FactBot.open(folder / "corpus", index=folder / "index")


def _first_sync(folder: Path) -> dict[str, Any]:
    memory: dict[int, int] = {}

    def note(progress: SyncProgress) -> None:
        memory.setdefault(10 * progress.articles_done // progress.articles_total, resident_mb())

    with _open(folder) as bot:
        started = resident_mb()
        seconds = _seconds(bot.sync, note)
        return {
            "first_sync_s": seconds,
            "passages": bot.index.catalog.counts()[1],
            "memory_mb": [started, *memory.values()],
        }


def _second_sync(folder: Path) -> dict[str, Any]:
    with _open(folder) as bot:
        return {"unchanged_sync_s": _seconds(bot.sync)}


def _opening(folder: Path) -> dict[str, Any]:
    """From nothing to the first list of the articles, as when the app starts; then it is known."""
    started = time.perf_counter()
    with _open(folder) as bot:
        opened = time.perf_counter() - started
        return {"open_s": round(opened, 2), "listing_s": _seconds(TableCache(bot).current)}


def _table(folder: Path) -> dict[str, Any]:
    """A page of the table as HTML: sorted anew, sorted before, and searched."""
    with _open(folder) as bot:
        tables = TableCache(bot)
        tables.current()

        def page(query: Query) -> None:
            rows, number, total = tables.current().page(query)
            view.table(rows, query, number, total)

        return {
            "sorted_ms": {column: round(milliseconds(page, Query(sort=column))) for column in COLUMNS},
            "sorted_again_ms": round(milliseconds(page, Query(sort="date", page=500)), 1),
            "searched_ms": round(milliseconds(page, Query(WORDS, sort="date", descending=True))),
            "searched_again_ms": round(milliseconds(page, Query(WORDS, sort="date", descending=True)), 1),
        }


def _changes(folder: Path) -> dict[str, Any]:
    """One article added, and a second, which need not look at the whole folder; one removed; the list anew."""
    with _open(folder) as bot:
        tables = TableCache(bot)
        tables.current()
        first, second = (Article(f"Added {n}", f"The article number {n} was added.") for n in range(2))
        return {
            "first_added_ms": round(milliseconds(bot.add, first)),
            "added_ms": round(milliseconds(bot.add, second)),
            "removed_ms": round(milliseconds(bot.remove, "added-0.txt")),
            "listing_again_ms": round(milliseconds(tables.current)),
            "withdrawn_ms": round(milliseconds(tables.withdrawn)),
        }


def _seconds(function: Any, *arguments: Any) -> float:
    return round(milliseconds(function, *arguments) / 1e3, 2)
