"""Fit what turns the verifier's logits into probabilities, on one half of some development sets.

Writes `src/factbot/models/verifier/calibration.json`. The other half of each set stays unseen, and `python -m
benchmarks verify` gives the figures on it. How far the probabilities hold on sets of another kind is measured
here: each set is judged by what is fitted on all others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import results
from benchmarks.checks.cached_verifier import CachedVerifier
from benchmarks.checks.verify import LONG, judged, read_all
from benchmarks.metrics import calibration_error
from benchmarks.pairs import SETS, Pair, drawn, pairs
from factbot.checking.pairs import WINDOW, picked, windows
from factbot.models.calibration import TemperatureScaling
from factbot.models.folders import VERIFIER_FOLDER

__all__ = ["calibrate"]

Floats = NDArray[np.float64]
SHORT = ("written", "vitaminc_real", "cad_nli", "lingnli")  # sets of short evidence with all three classes
TARGET = VERIFIER_FOLDER / "calibration.json"


@dataclass(frozen=True)
class Seen:
    """What the regression sees of the pairs of a set that it may be fitted on, and their labels."""

    features: Floats
    labels: NDArray[np.int64]


def calibrate(data: Path, cache: Path) -> None:
    """Fit and write what ships; print and keep the calibration error of each set by a fit on the others."""
    verifier = CachedVerifier(cache)
    short = {name: _seen(verifier, _fitting(data, name)) for name in SHORT}
    long = {name: _fitting(data, name) for name in LONG}
    errors = {}
    for name in SETS:
        _fit(
            verifier,
            {other: seen for other, seen in short.items() if other != name},
            {other: found for other, found in long.items() if other != name},
        )
        found = drawn(pairs(data, name))
        errors[name] = calibration_error(*judged(name, found, read_all(verifier, found)))
        verifier.keep()
        print(f"{name}: ECE {errors[name]:.3f} by a fit on the others", flush=True)
    TARGET.write_text(json.dumps(_fit(verifier, short, long)) + "\n", encoding="utf-8")
    results.save("calibration", {"ece_by_others": errors})
    print(f"wrote {TARGET.name}: {TARGET.read_text(encoding='utf-8').strip()}")


def _fitting(data: Path, name: str) -> list[Pair]:
    """The pairs of a set that may be fitted on: of the long ones only those that are read in parts."""
    found = [pair for pair in drawn(pairs(data, name)) if pair.fitted]
    return [pair for pair in found if name not in LONG or len(pair.evidence) > WINDOW]


def _seen(verifier: CachedVerifier, found: Sequence[Pair]) -> Seen:
    """Of long evidence the window that shares most words with the claim."""
    read = [(pair.claim, windows(pair.claim, pair.evidence)[0]) for pair in found]
    features = verifier.features(read)
    verifier.keep()
    return Seen(features, np.array([pair.label for pair in found]))


def _fit(
    verifier: CachedVerifier, short: Mapping[str, Seen], long: Mapping[str, Sequence[Pair]]
) -> dict[str, Any]:
    """Fit on these sets, each counting the same: the regression that makes probabilities, then the scaling for
    texts that are read in parts. The verifier uses both from then on."""
    from sklearn.linear_model import LogisticRegression

    share = np.concatenate([np.full(len(seen.labels), 1 / len(seen.labels)) for seen in short.values()])
    model = LogisticRegression(C=1.0, max_iter=2_000)
    model.fit(
        np.concatenate([seen.features for seen in short.values()]),
        np.concatenate([seen.labels for seen in short.values()]),
        sample_weight=share * len(share) / share.sum(),
    )
    fitted: dict[str, Any] = {
        "weights": [[round(float(w), 4) for w in row] for row in model.coef_],
        "bias": [round(float(b), 4) for b in model.intercept_],
        "whole": {"scale": 1.0, "bias": [0.0, 0.0, 0.0]},
    }
    verifier.use(fitted)
    fitted["whole"] = _whole(verifier, long)
    verifier.use(fitted)
    return fitted


def _whole(verifier: CachedVerifier, sets: Mapping[str, Sequence[Pair]]) -> dict[str, Any]:
    """The scaling that is likeliest on the sets of long evidence, each counting the same."""
    from scipy.optimize import minimize

    parts = []
    for found in sets.values():
        verifier.scores([(pair.claim, text) for pair in found for text in windows(pair.claim, pair.evidence)])
        rows = np.array([picked(verifier, pair.claim, pair.evidence) for pair in found])
        parts.append((rows, np.array([pair.label for pair in found])))
    verifier.keep()

    def loss(free: Floats) -> float:
        scaling = TemperatureScaling(float(free[0]), (float(free[1]), float(free[2]), 0.0))
        return float(sum(_surprise(scaling(rows), labels) for rows, labels in parts))

    best = minimize(loss, np.array([1.0, 0.0, 0.0]), method="Nelder-Mead").x
    return {"scale": round(float(best[0]), 4), "bias": [round(float(best[1]), 4), round(float(best[2]), 4), 0.0]}


def _surprise(scores: Floats, labels: NDArray[np.int64]) -> float:
    """The mean of -log p of the right class; of the two beside supported together where no more is known."""
    likely = np.hstack([scores, 1 - scores[:, :1]])[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(likely, 1e-9)).mean())
