"""`verdicts`: whole checks, from a claim to its verdict over a corpus.

The aggregator is fitted on one half of the pages or claims (`python -m training.calibration verdicts`); the
figures are of the other half, and of the trial, on which nothing is fitted. `corpora.py` says what the corpora are
made of, `changed_facts.py` holds the hand-written set.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import results
from benchmarks.checks.changed_facts import changed_facts
from benchmarks.checks.corpora import SETS, Asked, observed, opened
from benchmarks.metrics import bootstrap, calibration_error, risk_coverage
from factbot.checking.claims import Claim
from factbot.checking.verifier import NOT_ENOUGH, REFUTED, SUPPORTED
from factbot.results import ClaimCheck

__all__ = ["run"]


def run(data_folder: Path, cache: Path, sample: int) -> None:
    """Measure; with `sample`, on that many claims of each kind, and only print."""
    figures = {
        "sets": {name: report(*decided(data_folder, cache, name, sample)) for name in SETS},
        "changed": changed_facts(cache, sample),
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
    unseen = observed(data_folder, cache, name, fitted=False, sample=sample)
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
