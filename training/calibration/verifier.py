"""Fit what turns the verifier's logits into probabilities, on one half of each development set.

Writes `src/factbot/models/verifier/calibration.json`. The other half of each set stays unseen, and `python -m
benchmarks verify` gives the figures on it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.checks.cached_verifier import CachedVerifier
from benchmarks.checks.verify import LONG
from benchmarks.pairs import pairs
from factbot.checking.pairs import WINDOW, picked
from factbot.models.calibration import TemperatureScaling
from factbot.models.folders import VERIFIER_FOLDER

__all__ = ["calibrate"]

Floats = NDArray[np.float64]
SHORT = ("vitaminc_real", "cad_nli", "lingnli")  # short evidence, and all three classes


def calibrate(data: Path, cache: Path) -> None:
    """Fit the regression that makes probabilities to the fitting halves, each set counting the same, then the
    scaling for texts that are read in parts; write both."""
    from sklearn.linear_model import LogisticRegression

    verifier = CachedVerifier(cache)
    seen, labels, weights = [], [], []
    for name in SHORT:
        found = [pair for pair in pairs(data, name) if pair.fitted]
        seen.append(verifier.features([(pair.claim, pair.evidence) for pair in found]))
        labels.append([pair.label for pair in found])
        weights.append(np.full(len(found), 1 / len(found)))
        verifier.keep()
        print(f"read {len(found)} pairs of {name}", flush=True)
    share = np.concatenate(weights)
    model = LogisticRegression(C=1.0, max_iter=2_000)
    model.fit(np.concatenate(seen), np.concatenate(labels), sample_weight=share * len(share) / share.sum())
    target = VERIFIER_FOLDER / "calibration.json"
    fitted = {
        "weights": [[round(float(w), 4) for w in row] for row in model.coef_],
        "bias": [round(float(b), 4) for b in model.intercept_],
        "whole": {"scale": 1.0, "bias": [0.0, 0.0, 0.0]},
    }
    target.write_text(json.dumps(fitted) + "\n", encoding="utf-8")
    fitted["whole"] = _whole(CachedVerifier(cache), data)
    target.write_text(json.dumps(fitted) + "\n", encoding="utf-8")
    print(f"wrote {target.name}: {target.read_text(encoding='utf-8').strip()}")


def _whole(verifier: CachedVerifier, data: Path) -> dict[str, Any]:
    """The scaling that is likeliest on the fitting halves of the sets of long evidence, each counting the same."""
    from scipy.optimize import minimize

    parts = []
    for name in LONG:
        found = [pair for pair in pairs(data, name) if pair.fitted and len(pair.evidence) > WINDOW]
        rows = np.array([picked(verifier, pair.claim, pair.evidence) for pair in found])
        verifier.keep()
        parts.append((rows, np.array([pair.label for pair in found])))
        print(f"read {len(rows)} long pairs of {name}", flush=True)

    def loss(free: Floats) -> float:
        scaling = TemperatureScaling(float(free[0]), (float(free[1]), float(free[2]), 0.0))
        return float(sum(_surprise(scaling(rows), labels) for rows, labels in parts))

    best = minimize(loss, np.array([1.0, 0.0, 0.0]), method="Nelder-Mead").x
    return {"scale": round(float(best[0]), 4), "bias": [round(float(best[1]), 4), round(float(best[2]), 4), 0.0]}


def _surprise(scores: Floats, labels: NDArray[np.int64]) -> float:
    """The mean of -log p of the right class; of the two beside supported together where no more is known."""
    likely = np.hstack([scores, 1 - scores[:, :1]])[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(likely, 1e-9)).mean())
