"""Fit the aggregator, which makes a verdict of many readings, on one half of the pages and claims of each set.

Writes `src/factbot/models/verifier/aggregator.json`. `python -m benchmarks verdicts` gives the figures on the
other halves. How far the confidence holds on claims of another kind is measured here: each set is judged by what
is fitted on all others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import results
from benchmarks.checks.corpora import FITTED_ON, SETS, observed
from benchmarks.metrics import calibration_error
from factbot.checking.aggregator import FEATURES, features
from factbot.checking.verifier import NOT_ENOUGH
from factbot.models.folders import VERIFIER_FOLDER

__all__ = ["calibrate"]

Floats = NDArray[np.float64]
RISKS = (0.02, 0.05, 0.1, 0.15, 0.2)
FREEDOM = 0.3  # of the regression's weights: C of scikit-learn
PARTS = 5  # of cross-validation


@dataclass(frozen=True)
class Seen:
    """What the aggregator sees of a set's claims [claims, FEATURES], their verdicts, and which it is fitted on."""

    features: Floats
    labels: NDArray[np.int64]
    fitted: NDArray[np.bool_]


def calibrate(data_folder: Path, cache: Path) -> None:
    """Fit the aggregator and the cut-offs for each risk; print and keep what holds across sets."""
    sets = {name: _seen(data_folder, cache, name) for name in SETS}
    fitting = {name: sets[name] for name in FITTED_ON}
    model = _fit(list(fitting.values()))
    made = {
        "features": list(FEATURES),
        "weights": [[round(float(w), 4) for w in row] for row in model.coef_],
        "bias": [round(float(b), 4) for b in model.intercept_],
        "cutoffs": _cutoffs(list(fitting.values())),
    }
    (VERIFIER_FOLDER / "aggregator.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made))
    errors = {}
    for name, seen in sets.items():
        blind = _fit([other for other_name, other in fitting.items() if other_name != name])
        probabilities = blind.predict_proba(seen.features)
        right = probabilities.argmax(axis=1) == seen.labels
        errors[name] = calibration_error(right, probabilities.max(axis=1))
        print(f"{name}: ECE {errors[name]:.3f}, accuracy {right.mean():.3f} by a fit on the others", flush=True)
    results.save("confidence", {"ece_by_others": errors})


def _seen(data_folder: Path, cache: Path, name: str) -> Seen:
    found = [one for fitted in (True, False) for one in observed(data_folder, cache, name, fitted=fitted)]
    return Seen(
        np.array([features(one.asked.claim, one.readings) for one in found]),
        np.array([one.asked.verdict for one in found]),
        np.array([one.asked.fitted for one in found]),
    )


def _fit(sets: Sequence[Seen]) -> Any:
    """The regression on what may be seen of the sets, each counting the same."""
    from sklearn.linear_model import LogisticRegression

    share = np.concatenate([np.full(seen.fitted.sum(), 1 / seen.fitted.sum()) for seen in sets])
    return LogisticRegression(C=FREEDOM, max_iter=2_000).fit(
        np.concatenate([seen.features[seen.fitted] for seen in sets]),
        np.concatenate([seen.labels[seen.fitted] for seen in sets]),
        sample_weight=share * len(share) / share.sum(),
    )


def _cutoffs(sets: Sequence[Seen]) -> list[tuple[float, float, float]]:
    """For each risk the confidence at which every set keeps to it, and the least share that is still decided.

    In cross-validation: a part of every set is judged by a fit on the other parts.
    """
    parts = [np.random.default_rng(0).integers(PARTS, size=len(seen.labels)) for seen in sets]
    blind = [np.zeros((len(seen.labels), 3)) for seen in sets]
    for part in range(PARTS):
        model = _fit(
            [Seen(s.features, s.labels, s.fitted & (which != part)) for s, which in zip(sets, parts, strict=True)]
        )
        for seen, which, made in zip(sets, parts, blind, strict=True):
            made[which == part] = model.predict_proba(seen.features[which == part])
    made = []
    for risk in RISKS:
        each = [
            _cutoff(found[seen.fitted], seen.labels[seen.fitted], risk)
            for found, seen in zip(blind, sets, strict=True)
        ]
        cut = max(each)
        kept = min(float((found.max(axis=1) >= cut)[found.argmax(axis=1) != NOT_ENOUGH].mean()) for found in blind)
        made.append((risk, cut, round(kept, 4)))
    return made


def _cutoff(probabilities: Floats, labels: NDArray[np.int64], risk: float) -> float:
    """The least confidence at which the decided verdicts keep to the risk; 1 where none does."""
    said, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    sides = said != NOT_ENOUGH
    order = np.argsort(-sure[sides], kind="stable")
    wrong = (said != labels)[sides][order]
    count = np.arange(1, len(wrong) + 1)
    # One more wrong than were seen: the finite-sample correction of conformal risk control (Angelopoulos, 2022).
    kept = np.flatnonzero((np.cumsum(wrong) + 1) / (count + 1) <= risk)
    return round(float(sure[sides][order][kept[-1]]), 4) if len(kept) else 1.0
