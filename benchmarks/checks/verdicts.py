"""`verdicts`: whole checks, from a claim to its verdict over a corpus, and how fast they are.

The aggregator is fitted on one half of the pages or claims (`python -m training.calibration verdicts`); the
figures are of the other half. `corpora.py` says what the corpora are made of, `changed_facts.py` holds the
hand-written set.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import results
from benchmarks.bot import open_synced, write_corpus
from benchmarks.checks.changed_facts import changed_facts
from benchmarks.checks.corpora import OTHERS, SET, Asked, observed
from benchmarks.metrics import bootstrap, calibration_error, percentiles, risk_coverage
from benchmarks.scale.speed import ANSWERED_AT, articles_up_to
from factbot import FactBot
from factbot.checking.aggregator import Aggregator
from factbot.checking.verifier import NOT_ENOUGH

__all__ = ["of_set", "report", "run"]

TIMED = 100  # claims


def run(data_folder: Path, cache: Path, sample: int) -> None:
    """Measure; with `sample`, on that many claims of each kind and passages, and only print."""
    aggregator = Aggregator.packaged()
    asked, seen = observed(data_folder, cache, sample)
    unseen = np.array([not a.fitted for a in asked])
    figures = {
        "corpora": report(aggregator, *of_set(SET, asked, seen, unseen)),
        "others": {name: report(aggregator, *of_set(name, asked, seen, unseen)) for name in OTHERS},
        "changed": changed_facts(cache, sample),
        "speed": _speed(data_folder, cache, sample or ANSWERED_AT),
    }
    print(json.dumps(figures, indent=1))
    if not sample:
        results.save("verdicts", figures)


def of_set(
    name: str, asked: Sequence[Asked], seen: NDArray[np.float64], side: NDArray[np.bool_]
) -> tuple[list[Asked], NDArray[np.float64]]:
    """The claims of a set on one side of the halves, with their features."""
    kept = side & np.array([one.set == name for one in asked])
    return [asked[i] for i in np.flatnonzero(kept)], seen[kept]


def report(aggregator: Aggregator, asked: Sequence[Asked], seen: NDArray[np.float64]) -> dict[str, Any]:
    labels = np.array([a.verdict for a in asked])
    probabilities = aggregator.probabilities(seen)
    said, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = said == labels
    sides = said != NOT_ENOUGH
    curve = zip(*(values[::5] for values in risk_coverage(right[sides], sure[sides])), strict=True)
    return {
        "claims": len(asked),
        "accuracy": bootstrap(right).to_dict(),
        "balanced_accuracy": float(np.mean([right[labels == label].mean() for label in range(3)])),
        "majority": float(max((labels == label).mean() for label in range(3))),
        "ece": calibration_error(right, sure),
        "brier": float(((probabilities - np.eye(3)[labels]) ** 2).sum(axis=1).mean()),
        "silence_as_refuted": float((said[labels == NOT_ENOUGH] == 1).mean()),
        "risks": [
            (bound, float((~right[sides & (sure >= cut)]).mean()), float((sure[sides] >= cut).mean()))
            for bound, cut, _ in aggregator.cutoffs
            if (sides & (sure >= cut)).any()
        ],
        "risk_coverage": [(round(float(coverage), 4), round(float(risk), 4)) for coverage, risk in curve],
    }


def _speed(data_folder: Path, cache: Path, passages: int) -> dict[str, Any]:
    """A claim to its verdict, models loaded, one at a time."""
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
    return {"passages": count, "claims": len(times), "check_ms": percentiles(times)}


def _sentences(bot: FactBot) -> Iterator[str]:
    """Claims as people paste them: sentences of articles, of middling length."""
    for article in bot.articles()[: 2 * TIMED]:
        text = bot.article(article.id).text
        for start, end in bot.index.catalog.sentences(article.id)[5:]:
            if 60 < end - start < 200 and text[end - 1] == "." and text[start].isupper():
                yield " ".join(text[start:end].split())
                break
