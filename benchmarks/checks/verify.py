"""`verify`: the packaged verifier on public sets of claims with labelled evidence, beside simple baselines.

Its logits become probabilities by a fit on one half of some sets (`python -m training.calibration verifier`). The
figures are of all pairs that are drawn, and of the other half. Long evidence is read in parts, as `bot.verify`
does. The logits of each pair stay in the cache for as long as the model is the same.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import results
from benchmarks.checks.cached_verifier import CachedVerifier
from benchmarks.metrics import bootstrap, calibration_error, percentiles
from benchmarks.pairs import MOST, SETS, TRIAL, Pair, drawn, pairs
from factbot.checking.pairs import read, windows
from factbot.checking.verifier import PackagedVerifier
from factbot.models.embedding import load_embedder

__all__ = ["BINARY", "LONG", "judged", "read_all", "run"]

Floats = NDArray[np.float64]
LONG = ("scifact", "summedits", "wice", "qags")  # evidence of whole texts
BALANCED = (*LONG, "rte", TRIAL)  # sets whose classes are uneven, or few: each class counts the same
# Sets that do not tell refuted from not enough: a fitted threshold on supported.
BINARY = ("summedits", "wice", "qags", "rte")
ONE_SIDED = ("fever_symmetric",)  # supported or refuted, never not enough: the surer side counts
AT_ONCE, TIMED = 16, 20  # pairs in a timed batch, batches
WORD = re.compile(r"\w{3,}")


def run(data: Path, cache: Path, sample: int) -> None:
    """Measure every set; with `sample`, on that many pairs of each, and only print."""
    verifier = CachedVerifier(cache)
    figures: dict[str, Any] = {}
    every: list[tuple[Floats, Floats]] = []
    for name in SETS:
        found = drawn(pairs(data, name), sample or MOST)
        scores = read_all(verifier, found)
        verifier.keep()
        right, sure = judged(name, found, scores)
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
            "baselines": _baselines(name, found, _fitting(data, found)),
        }
        every.append((right[unseen], sure[unseen]))
        print(name, json.dumps({k: v for k, v in figures[name].items() if k != "reliability"}), flush=True)
    right, sure = (np.concatenate([part[i] for part in every]) for i in (0, 1))
    together = {"ece_unseen": calibration_error(right, sure), "reliability": _reliability(right, sure)}
    figures = {"sets": figures, "together": together, "batch_of_16_ms": _batch_ms(data)}
    print({k: v for k, v in figures.items() if k != "sets"})
    if not sample:
        results.save("verify", figures)


def read_all(verifier: PackagedVerifier, found: Sequence[Pair]) -> Floats:
    """The scores of every pair as `bot.verify` gives them, shape (len(found), 3)."""
    # All at once first: with a cache that reads on every core, and afterwards each pair comes out of it.
    verifier.scores([(pair.claim, text) for pair in found for text in windows(pair.claim, pair.evidence)])
    return np.array([read(verifier, pair.claim, pair.evidence) for pair in found])


def judged(name: str, found: Sequence[Pair], scores: Floats) -> tuple[Floats, Floats]:
    """For each pair whether the class said is right (0 or 1), and how sure of it the scores are."""
    labels = np.array([pair.label for pair in found])
    if name in BINARY:
        supported = scores[:, 0]
        half = [pair for pair in found if pair.fitted]
        cut = _best_cut(name, half, supported[[pair.fitted for pair in found]])
        said = np.where(supported >= cut, 0, 3)
        sure = np.where(said == 0, supported, 1 - supported)  # below a half too, where the classes are uneven
    elif name in ONE_SIDED:
        sides = scores[:, :2] / scores[:, :2].sum(axis=1, keepdims=True)
        said, sure = sides.argmax(axis=1), sides.max(axis=1)
    else:
        said, sure = scores.argmax(axis=1), scores.max(axis=1)
    return (said == labels).astype(float), sure


def _metric(name: str) -> str:
    return "balanced accuracy" if name in BALANCED else "accuracy"


def _value(name: str, found: Sequence[Pair], right: Floats) -> float:
    """Accuracy, or the mean of each class's."""
    if name not in BALANCED:
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


def _fitting(data: Path, found: Sequence[Pair]) -> list[Pair]:
    """The pairs that a baseline's threshold is fitted on: of the trial, on which nothing is fitted, those of
    `written`."""
    own = [pair for pair in found if pair.fitted]
    return own or [pair for pair in drawn(pairs(data, "written")) if pair.fitted]


def _baselines(name: str, found: Sequence[Pair], fitting: Sequence[Pair]) -> dict[str, float]:
    """The majority class, and thresholds on word overlap and on embedding cosine.

    Classes are given in the order not enough (or refuted), supported by one rising score; thresholds are fitted on
    other pairs than those of the figure.
    """
    labels = [pair.label for pair in found]
    counts = {label: labels.count(label) for label in set(labels)}
    majority = 1 / len(counts) if name in BALANCED else max(counts.values()) / len(labels)
    return {
        "majority class": majority,
        "word overlap": _threshold(name, found, fitting, _overlaps),
        "embedding cosine": _threshold(name, found, fitting, _cosines),
    }


def _overlaps(found: Sequence[Pair]) -> list[float]:
    shares = []
    for pair in found:
        words = set(WORD.findall(pair.claim.casefold()))
        shares.append(len(words & set(WORD.findall(pair.evidence.casefold()))) / max(1, len(words)))
    return shares


def _cosines(found: Sequence[Pair]) -> list[float]:
    embedder = load_embedder("all-MiniLM-L6-v2")
    claims = embedder.embed_documents([pair.claim for pair in found])
    texts = embedder.embed_documents([pair.evidence[:2_000] for pair in found])
    return [float(v) for v in (claims * texts).sum(axis=1)]


def _threshold(
    name: str,
    found: Sequence[Pair],
    fitting: Sequence[Pair],
    scored: Callable[[Sequence[Pair]], list[float]],
) -> float:
    """At or above the fitted threshold supported, below it the likeliest other class; on pairs not fitted on."""
    cut = _best_cut(name, fitting, np.array(scored(fitting)))
    unseen = [pair for pair in found if not pair.fitted]
    said = np.where(np.array(scored(unseen)) >= cut, 0, _likeliest_other(fitting))
    return _value(name, unseen, (said == np.array([pair.label for pair in unseen])).astype(float))


def _best_cut(name: str, half: Sequence[Pair], values: Floats) -> float:
    """The threshold on these pairs' values from which to say "supported", the likeliest other class below."""
    labels = np.array([pair.label for pair in half])
    other = _likeliest_other(half)

    def reached(cut: float) -> float:
        return _value(name, half, (np.where(values >= cut, 0, other) == labels).astype(float))

    return max((float(cut) for cut in np.quantile(values, np.linspace(0, 1, 41))), key=reached)


def _likeliest_other(half: Sequence[Pair]) -> int:
    """The class beside supported that most of these pairs have."""
    labels = [pair.label for pair in half if pair.label != 0]
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
