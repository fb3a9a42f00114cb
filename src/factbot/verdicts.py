"""From readings to a verdict: a small aggregator over the evidence, fitted on checks whose verdict is known.

BEVERS (DeHaven and Scott, 2023) showed how far a small model over the scores of all evidence goes. Here it is a
multinomial logistic regression on a few features, so that its probabilities are calibrated and its weights can be
read. `python -m benchmarks calibrate-verdicts` fits it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factbot.evidence import Reading
from factbot.facts import Comparison, compare
from factbot.retriever import logit, reading_text
from factbot.verifier import FOLDER, NOT_ENOUGH, REFUTED, SUPPORTED, softmax

__all__ = ["FEATURES", "Aggregator", "features", "telling"]

FEATURES = (
    "supports",  # log-odds by the passage that supports most
    "refutes",
    "supporting words",  # log-odds by the sentence that supports most
    "refuting words",
    "supports again",  # log-odds by the next passage after it
    "refutes again",
    "mismatches",  # numbers, dates and names that the most supporting passage gives otherwise
    "missing",  # those that it does not touch
    "words",  # share of the claim's words that it holds
)
NOTHING = -6.0  # log-odds where there is no passage
WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True)
class Aggregator:
    """Weights [3, len(FEATURES)] and bias [3], for the columns of `factbot.verifier`.

    `cutoffs` are rows of (risk, confidence, coverage): from that confidence on, at most the share `risk` of
    decided verdicts was wrong, and `coverage` is the share that was still decided, in cross-validation.
    """

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    cutoffs: tuple[tuple[float, float, float], ...]

    @classmethod
    def packaged(cls) -> Aggregator:
        fitted = json.loads((FOLDER / "aggregator.json").read_text(encoding="utf-8"))
        rows = tuple((float(risk), float(cutoff), float(share)) for risk, cutoff, share in fitted["cutoffs"])
        return cls(np.array(fitted["weights"]), np.array(fitted["bias"]), rows)

    def probabilities(self, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Features, shape (n, len(FEATURES)) -> probabilities, shape (n, 3)."""
        return softmax(seen @ self.weights.T + self.bias)

    def cutoff(self, risk: float) -> float:
        """The confidence (0 to 1) from which a verdict is given, where at most `risk` of them may be wrong."""
        kept = [cutoff for bound, cutoff, _ in self.cutoffs if bound <= risk]
        return min(kept, default=1.0) if risk < 1 else 0.0


def features(claim: str, readings: Sequence[Reading]) -> NDArray[np.float64]:
    """What the aggregator sees of a claim's readings, shape (len(FEATURES),)."""
    made: list[float] = []
    for strengths in (
        [[float(r.scores[side]) for r in readings] for side in (SUPPORTED, REFUTED)],
        [[r.strength(side) for r in readings] for side in (SUPPORTED, REFUTED)],
    ):
        made += [logit(max(values)) if values else NOTHING for values in strengths]
    for side in (SUPPORTED, REFUTED):
        values = sorted((float(r.scores[side]) for r in readings), reverse=True)
        made.append(logit(values[1]) if len(values) > 1 else NOTHING)
    best = telling(readings, SUPPORTED)
    if best is None:
        return np.array([*made, 0.0, 0.0, 0.0])
    found = compared(claim, best)
    words = set(WORD.findall(claim.casefold()))
    held = words & set(WORD.findall(reading_text(best.article.title, best.text).casefold()))
    made += [min(2, len(found.mismatches)), min(3, len(found.missing)), len(held) / max(1, len(words))]
    return np.asarray(np.clip(made, NOTHING, -NOTHING), dtype=np.float64)


def telling(readings: Sequence[Reading], side: int) -> Reading | None:
    """The reading that says most for SUPPORTED or REFUTED."""
    return max(readings, key=lambda r: max(r.scores[side], r.strength(side)), default=None)


def compared(claim: str, reading: Reading) -> Comparison:
    """The claim's numbers, dates and names beside those of a passage, its article's title and its date."""
    title = reading_text(reading.article.title, reading.text)
    return compare(claim, title)


def decided(probabilities: NDArray[np.float64]) -> int:
    """The likeliest column; where two are level, the more careful one."""
    return max((NOT_ENOUGH, REFUTED, SUPPORTED), key=lambda column: float(probabilities[column]))
