"""`verify`: the packaged verifier on public sets of claims with labelled evidence, beside simple baselines.

Its logits become probabilities by a fit on one half of every set (`python -m training.calibration verifier`).
The figures are of all pairs, and of the other half. Long evidence is read in parts, as `bot.verify` does. The
logits of each pair stay in the cache for as long as the model is the same.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import results
from benchmarks.checks.cached_verifier import CachedVerifier
from benchmarks.metrics import bootstrap, calibration_error, percentiles
from benchmarks.pairs import SETS, Pair, pairs
from factbot.checking.pairs import read
from factbot.checking.verifier import PackagedVerifier
from factbot.models.embedding import load_embedder

__all__ = ["LONG", "run"]

Floats = NDArray[np.float64]
LONG = ("scifact", "summedits")  # evidence of whole texts
BINARY = ("summedits",)  # refuted and not enough are not told apart: a fitted threshold on supported
ONE_SIDED = ("fever_symmetric",)  # supported or refuted, never not enough: the surer side counts
AT_ONCE, TIMED = 16, 20  # pairs in a timed batch, batches
WORD = re.compile(r"\w{3,}")


def run(data: Path, cache: Path, sample: int) -> None:
    """Measure every set; with `sample`, on that many pairs of each, and only print."""
    verifier = CachedVerifier(cache)
    figures: dict[str, Any] = {}
    every: list[tuple[Floats, Floats]] = []
    for name in SETS:
        found = _taken(pairs(data, name), sample)
        scores = _scores(verifier, name, found)
        verifier.keep()
        right, sure = _judged(name, found, scores)
        unseen = np.array([not pair.fitted for pair in found])
        figures[name] = {
            "pairs": len(found),
            "metric": _metric(name),
            "value": _value(name, found, right),
            "unseen": _value(name, [p for p in found if not p.fitted], right[unseen]),
            "interval": bootstrap(right).to_dict(),
            "brier": _brier(name, found, scores),
            "ece": calibration_error(right, sure),
            "ece_unseen": calibration_error(right[unseen], sure[unseen]),
            "reliability": _reliability(right[unseen], sure[unseen]),
            "baselines": _baselines(name, found),
        }
        every.append((right[unseen], sure[unseen]))
        print(name, json.dumps({k: v for k, v in figures[name].items() if k != "reliability"}), flush=True)
    right, sure = (np.concatenate([part[i] for part in every]) for i in (0, 1))
    together = {"ece_unseen": calibration_error(right, sure), "reliability": _reliability(right, sure)}
    figures = {"sets": figures, "together": together, "batch_of_16_ms": _batch_ms(data)}
    print({k: v for k, v in figures.items() if k != "sets"})
    if not sample:
        results.save("verify", figures)


def _taken(found: list[Pair], sample: int) -> list[Pair]:
    if not sample:
        return found
    picked = np.random.default_rng(0).permutation(len(found))[:sample]
    return [found[i] for i in sorted(picked)]


def _scores(verifier: PackagedVerifier, name: str, found: Sequence[Pair]) -> Floats:
    if name in LONG:
        return np.array([read(verifier, pair.claim, pair.evidence) for pair in found])
    return verifier.scores([(pair.claim, pair.evidence) for pair in found])


def _judged(name: str, found: Sequence[Pair], scores: Floats) -> tuple[Floats, Floats]:
    """For each pair whether the class said is right (0 or 1), and how sure it is."""
    labels = np.array([pair.label for pair in found])
    if name in BINARY:
        supported = scores[:, 0]
        said = np.where(supported >= _best_cut(name, found, supported), 0, 3)
        sure = np.where(said == 0, supported, 1 - supported)  # below a half too, where the classes are uneven
    elif name in ONE_SIDED:
        sides = scores[:, :2] / scores[:, :2].sum(axis=1, keepdims=True)
        said, sure = sides.argmax(axis=1), sides.max(axis=1)
    else:
        said, sure = scores.argmax(axis=1), scores.max(axis=1)
    return (said == labels).astype(float), sure


def _metric(name: str) -> str:
    return "balanced accuracy" if name in LONG else "accuracy"


def _value(name: str, found: Sequence[Pair], right: Floats) -> float:
    """Accuracy, or the mean of each class's."""
    if name not in LONG:
        return float(right.mean())
    labels = np.array([pair.label for pair in found])
    return float(np.mean([right[labels == label].mean() for label in np.unique(labels)]))


def _brier(name: str, found: Sequence[Pair], scores: Floats) -> float:
    """Mean squared error of the probabilities, over the classes that the set tells apart (Brier, 1950)."""
    labels = np.array([pair.label for pair in found])
    if name in BINARY:
        return float(np.mean(2 * (scores[:, 0] - (labels == 0)) ** 2))
    given = scores[:, :2] / scores[:, :2].sum(axis=1, keepdims=True) if name in ONE_SIDED else scores
    return float(((given - np.eye(given.shape[1])[labels]) ** 2).sum(axis=1).mean())


def _reliability(right: Floats, sure: Floats, bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, pairs) of each bin that holds any."""
    which = np.minimum((sure * bins).astype(int), bins - 1)
    return [
        (float(sure[which == b].mean()), float(right[which == b].mean()), int((which == b).sum()))
        for b in range(bins)
        if (which == b).any()
    ]


# -- baselines ----------------------------------------------------------------------------------------


def _baselines(name: str, found: Sequence[Pair]) -> dict[str, float]:
    """The majority class, and thresholds on word overlap and on embedding cosine.

    Classes are given in the order not enough (or refuted), supported by one rising score; thresholds are fitted on
    the calibration half and the figure is of the other half.
    """
    labels = np.array([pair.label for pair in found])
    counts = {label: int((labels == label).sum()) for label in np.unique(labels)}
    most = max(counts, key=lambda label: counts[label])
    majority = 1 / len(counts) if name in LONG else counts[most] / len(labels)
    return {
        "majority class": majority,
        "word overlap": _threshold(name, found, labels, [_overlap(pair) for pair in found]),
        "embedding cosine": _threshold(name, found, labels, _cosines(found)),
    }


def _overlap(pair: Pair) -> float:
    words = set(WORD.findall(pair.claim.casefold()))
    return len(words & set(WORD.findall(pair.evidence.casefold()))) / max(1, len(words))


def _cosines(found: Sequence[Pair]) -> list[float]:
    embedder = load_embedder("all-MiniLM-L6-v2")
    claims = embedder.embed_documents([pair.claim for pair in found])
    texts = embedder.embed_documents([pair.evidence[:2_000] for pair in found])
    return [float(v) for v in (claims * texts).sum(axis=1)]


def _threshold(name: str, found: Sequence[Pair], labels: NDArray[np.int64], values: Sequence[float]) -> float:
    """At or above the fitted threshold supported, below it the likeliest other class."""
    value = np.array(values)
    unseen = np.array([not pair.fitted for pair in found])
    said = np.where(value >= _best_cut(name, found, value), 0, _likeliest_other(found))
    return _value(name, [pair for pair in found if not pair.fitted], (said == labels)[unseen].astype(float))


def _best_cut(name: str, found: Sequence[Pair], values: Floats) -> float:
    """The threshold on the calibration half from which to say "supported", the likeliest other class below."""
    seen = np.array([pair.fitted for pair in found])
    half = [pair for pair in found if pair.fitted]
    labels = np.array([pair.label for pair in half])
    other = _likeliest_other(found)

    def reached(cut: float) -> float:
        return _value(name, half, (np.where(values[seen] >= cut, 0, other) == labels).astype(float))

    return max((float(cut) for cut in np.quantile(values[seen], np.linspace(0, 1, 41))), key=reached)


def _likeliest_other(found: Sequence[Pair]) -> int:
    """The class beside supported that most pairs of the calibration half have."""
    labels = [pair.label for pair in found if pair.fitted and pair.label != 0]
    return max(set(labels), key=labels.count)


def _batch_ms(data: Path) -> dict[str, float]:
    """Milliseconds for sixteen sentence-claim pairs at once."""
    verifier = PackagedVerifier()
    found = pairs(data, "vitaminc_real")[: AT_ONCE * TIMED]
    times = []
    for start in range(0, len(found), AT_ONCE):
        batch = [(pair.claim, pair.evidence) for pair in found[start : start + AT_ONCE]]
        began = time.perf_counter()
        verifier.scores(batch)
        times.append((time.perf_counter() - began) * 1e3)
    return percentiles(times[1:])
