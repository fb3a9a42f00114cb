"""From readings to a verdict: a small aggregator over the evidence, fitted on checks whose verdict is known.

BEVERS (DeHaven and Scott, 2023) showed how far a small model over the scores of all evidence goes. Here it is a
multinomial logistic regression on ten features, so that its probabilities are calibrated and its weights can be
read. `python -m training.calibration verdicts` fits it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factbot.checking.evidence import Reading
from factbot.checking.facts.compare import Comparison, compare
from factbot.checking.verifier import NOT_ENOUGH, REFUTED, SUPPORTED
from factbot.models.calibration import logit, multinomial
from factbot.models.folders import VERIFIER_FOLDER

__all__ = ["FEATURES", "Aggregator", "features", "likeliest", "strongest", "telling"]

FEATURES = (
    "nearness",  # log-odds that the nearest passage is about the claim
    "supports",  # log-odds by the nearest passage
    "refutes",
    "supporting words",  # log-odds by its sentence that supports most
    "refuting words",
    "most supporting",  # log-odds by whatever supports most, weighted by its nearness
    "most refuting",
    "mismatches",  # numbers, dates and names of the claim that the nearest passage gives otherwise
    "missing",  # those that it does not touch
    "agreeing",  # those that it holds
)
NOTHING = -7.0  # log-odds where there is no passage; none lie beyond


@dataclass(frozen=True)
class Aggregator:
    """Weights [3, len(FEATURES)] and bias [3], for the columns of `factbot.checking.verifier`.

    `cutoffs` are rows of (risk, confidence, coverage): from that confidence on, at most the share `risk` of
    decided verdicts was wrong, and `coverage` is the share that was still decided, in cross-validation.
    """

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    cutoffs: tuple[tuple[float, float, float], ...]

    @classmethod
    def packaged(cls) -> Aggregator:
        fitted = json.loads((VERIFIER_FOLDER / "aggregator.json").read_text(encoding="utf-8"))
        rows = tuple((float(risk), float(cutoff), float(share)) for risk, cutoff, share in fitted["cutoffs"])
        return cls(np.array(fitted["weights"]), np.array(fitted["bias"]), rows)

    def probabilities(self, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Features, shape (n, len(FEATURES)) -> probabilities, shape (n, 3)."""
        return multinomial(seen, self.weights, self.bias)

    def cutoff(self, risk: float) -> float:
        """The confidence (0 to 1) from which a verdict is given, where at most `risk` of them may be wrong."""
        kept = [cutoff for bound, cutoff, _ in self.cutoffs if bound <= risk]
        return min(kept, default=1.0) if risk < 1 else 0.0


def features(claim: str, readings: Sequence[Reading]) -> NDArray[np.float64]:
    """What the aggregator sees of a claim's readings, nearest first, shape (len(FEATURES),)."""
    if not readings:
        return np.array([NOTHING] * 7 + [0.0] * 3)
    nearest = readings[0]
    odds = [nearest.nearness]
    odds += [float(nearest.scores[side]) for side in (SUPPORTED, REFUTED)]
    odds += [nearest.strength(side) for side in (SUPPORTED, REFUTED)]
    odds += [max(strongest(reading, side) for reading in readings) for side in (SUPPORTED, REFUTED)]
    found = compared(claim, nearest)
    facts = [min(2, len(found.mismatches)), min(3, len(found.missing)), min(4, found.agreeing)]
    return np.array([*(max(NOTHING, min(-NOTHING, logit(p))) for p in odds), *facts], dtype=np.float64)


def strongest(reading: Reading, side: int) -> float:
    """The probability (0 to 1) of SUPPORTED or REFUTED by the passage or its most telling words, weighted."""
    return max(reading.weight * float(reading.scores[side]), reading.strength(side))


def telling(readings: Sequence[Reading], side: int) -> Reading | None:
    """The reading that says most for SUPPORTED or REFUTED."""
    return max(readings, key=lambda reading: strongest(reading, side), default=None)


def compared(claim: str, reading: Reading) -> Comparison:
    """The claim's numbers, dates and names beside those of a passage, its article's title and date."""
    return compare(claim, reading.titled)


def likeliest(probabilities: NDArray[np.float64]) -> int:
    """The likeliest column; where two are level, the more careful one."""
    return max((NOT_ENOUGH, REFUTED, SUPPORTED), key=lambda column: float(probabilities[column]))
