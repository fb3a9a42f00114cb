"""`pace`: how long a claim takes to its verdict, over as many passages as answers are timed at."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import results
from benchmarks.bot import open_synced, write_corpus
from benchmarks.metrics import percentiles
from benchmarks.scale.speed import ANSWERED_AT, articles_up_to
from factbot import FactBot

__all__ = ["run"]

TIMED = 100  # claims


def run(data_folder: Path, cache: Path, sample: int) -> None:
    """Time claims one by one, models loaded; with `sample`, over that many passages, and only print."""
    passages = sample or ANSWERED_AT
    corpus = cache / "speed" / f"corpus-{passages}"
    write_corpus(corpus, articles_up_to(data_folder, passages))
    with open_synced(corpus, cache / "speed" / f"index-{passages}") as bot:
        claims = list(_sentences(bot))
        for claim in claims[-5:]:
            bot.check(claim)
        times = []
        for claim in claims[:TIMED]:
            began = time.perf_counter()
            bot.check(claim)
            times.append((time.perf_counter() - began) * 1e3)
        count = sum(article.passages for article in bot.articles())
    figures = {"passages": count, "claims": len(times), "check_ms": percentiles(times)}
    print(json.dumps(figures))
    if not sample:
        results.save("pace", figures)


def _sentences(bot: FactBot) -> Iterator[str]:
    """Claims as people paste them: sentences of articles, of middling length."""
    for article in bot.articles()[: 2 * TIMED]:
        text = bot.article(article.id).text
        for start, end in bot.index.catalog.sentences(article.id)[5:]:
            if 60 < end - start < 200 and text[end - 1] == "." and text[start].isupper():
                yield " ".join(text[start:end].split())
                break
