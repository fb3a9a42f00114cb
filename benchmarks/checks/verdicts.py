"""`verdicts`: whole checks, from a claim to its verdict over a corpus, and how fast they are.

The aggregator is fitted on one half of the pages or claims (`python -m training.calibration verdicts`); the
figures are of the other half, and of the trial, on which nothing is fitted. `corpora.py` says what the corpora are
made of, `changed_facts.py` holds the hand-written set.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import results
from benchmarks.bot import open_synced, write_corpus
from benchmarks.checks.changed_facts import changed_facts
from benchmarks.checks.corpora import SETS, Asked, observed, opened
from benchmarks.metrics import bootstrap, calibration_error, percentiles, risk_coverage
from benchmarks.scale.speed import ANSWERED_AT, articles_up_to
from factbot import FactBot
from factbot.checking.claims import Claim
from factbot.checking.verifier import NOT_ENOUGH, REFUTED, SUPPORTED
from factbot.results import ClaimCheck

__all__ = ["run"]

TIMED = 100  # claims


def run(data_folder: Path, cache: Path, sample: int) -> None:
    """Measure; with `sample`, on that many claims of each kind and passages, and only print."""
    figures = {
        "sets": {name: report(*decided(data_folder, cache, name, sample)) for name in SETS},
        "changed": changed_facts(cache, sample),
        "speed": _speed(data_folder, cache, sample or ANSWERED_AT),
    }
    print(json.dumps(figures, indent=1))
    if not sample:
        results.save("verdicts", figures)


@dataclass(frozen=True)
class Decided:
    """What factbot says of a claim: as shipped, and where no verdict is withheld (`risk` 1)."""

    shipped: ClaimCheck
    always: ClaimCheck


def decided(data_folder: Path, cache: Path, name: str, sample: int = 0) -> tuple[list[Asked], list[Decided]]:
    """The claims of a set's unseen half, and what factbot says of each."""
    unseen = [one for one in observed(data_folder, cache, name, sample) if not one.asked.fitted]
    with opened(data_folder, cache, name) as bot:
        bold = replace(bot.checker, risk=1.0)
        found = []
        for one in unseen:
            claim = Claim(one.asked.claim, 0, len(one.asked.claim), one.asked.claim, "")
            found.append(Decided(*(checker.decide(claim, one.readings) for checker in (bot.checker, bold))))
    return [one.asked for one in unseen], found


def report(asked: Sequence[Asked], found: Sequence[Decided]) -> dict[str, Any]:
    """Figures of a set: how many verdicts are right where none is withheld, and how right the shipped ones are."""
    labels = np.array([one.verdict for one in asked])
    always = np.array([_column(one.always) for one in found])
    sure = np.array([one.always.confidence for one in found])
    shipped = np.array([_column(one.shipped) for one in found])
    said = np.isin(shipped, (SUPPORTED, REFUTED))
    right = always == labels
    sides = always != NOT_ENOUGH
    curve = zip(*(values[::5] for values in risk_coverage(right[sides], sure[sides])), strict=True)
    return {
        "claims": len(asked),
        "accuracy": bootstrap(right).to_dict(),
        "balanced_accuracy": float(np.mean([right[labels == label].mean() for label in np.unique(labels)])),
        "majority": float(max((labels == label).mean() for label in range(3))),
        "ece": calibration_error(right, sure),
        "silence_as_refuted": float((always[labels == NOT_ENOUGH] == REFUTED).mean()),
        "decided": float(said.mean()),
        "precision": float((shipped == labels)[said].mean()) if said.any() else None,
        "precision_supported": _precision(shipped, labels, SUPPORTED),
        "precision_refuted": _precision(shipped, labels, REFUTED),
        "risk_coverage": [(round(float(coverage), 4), round(float(risk), 4)) for coverage, risk in curve],
    }


def _column(check: ClaimCheck) -> int:
    """The column of a verdict; "conflicting" is none of the three, and so never right."""
    return {"supported": SUPPORTED, "refuted": REFUTED, "not_enough_evidence": NOT_ENOUGH}.get(check.verdict, 3)


def _precision(said: NDArray[np.int64], labels: NDArray[np.int64], column: int) -> float | None:
    return float((labels == column)[said == column].mean()) if (said == column).any() else None


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
