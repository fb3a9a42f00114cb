"""Fit the aggregator, which makes a verdict of many readings, on one half of the pages and claims.

Writes `src/factbot/models/verifier/aggregator.json` and prints figures for both halves.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.checks.corpora import OTHERS, SET, observed
from benchmarks.checks.verdicts import of_set, report
from factbot.checking.aggregator import FEATURES, Aggregator
from factbot.checking.verifier import NOT_ENOUGH
from factbot.models.folders import VERIFIER_FOLDER

__all__ = ["calibrate"]

RISKS = (0.02, 0.05, 0.1, 0.15, 0.2)


def calibrate(data_folder: Path, cache: Path) -> None:
    """Fit the aggregator and the cut-offs for each risk, on the fitting half; report on the other."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    asked, seen = observed(data_folder, cache, 0)
    fitted = np.array([a.fitted for a in asked])
    labels = np.array([a.verdict for a in asked])
    model = LogisticRegression(C=0.3, max_iter=2_000)
    blind = cross_val_predict(model, seen[fitted], labels[fitted], cv=5, method="predict_proba")
    model.fit(seen[fitted], labels[fitted])
    made = {
        "features": list(FEATURES),
        "weights": [[round(float(w), 4) for w in row] for row in model.coef_],
        "bias": [round(float(b), 4) for b in model.intercept_],
        "cutoffs": [_cutoff(blind, labels[fitted], risk) for risk in RISKS],
    }
    (VERIFIER_FOLDER / "aggregator.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made))
    for name, side in (("fitted on", fitted), ("unseen", ~fitted)):
        for one in (SET, *OTHERS):
            found = report(Aggregator.packaged(), *of_set(one, asked, seen, side))
            print(name, one, {k: v for k, v in found.items() if k != "risk_coverage"})


def _cutoff(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64], risk: float
) -> tuple[float, float, float]:
    """(risk, least confidence at which the decided verdicts keep to it, share of verdicts still decided)."""
    said, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    sides = said != NOT_ENOUGH
    order = np.argsort(-sure[sides], kind="stable")
    wrong = (said != labels)[sides][order]
    count = np.arange(1, len(wrong) + 1)
    # One more wrong than were seen: the finite-sample correction of conformal risk control (Angelopoulos, 2022).
    kept = np.flatnonzero((np.cumsum(wrong) + 1) / (count + 1) <= risk)
    if not len(kept):
        return risk, 1.0, 0.0
    return risk, round(float(sure[sides][order][kept[-1]]), 4), round(float((kept[-1] + 1) / len(wrong)), 4)
