"""From a model's raw outputs to probabilities, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TemperatureScaling", "log_odds", "logit", "multinomial", "sigmoid", "softmax"]

LEAST = 1e-6  # a probability whose logarithm is still a number to reckon with


@dataclass(frozen=True)
class TemperatureScaling:
    """Probabilities made less sure, or surer: the logarithms times `scale`, plus a `bias` for each class.

    The highest of many scores is too high by chance; this lowers it. It is temperature scaling (Guo et al. 2017)
    with a bias, fitted on whole texts.
    """

    scale: float
    bias: tuple[float, float, float]

    def __call__(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape (n, 3) -> (n, 3); rows sum to 1."""
        return softmax(self.scale * np.log(np.maximum(scores, LEAST)) + np.array(self.bias))


def sigmoid(x: float) -> float:
    """A logit to a probability (0 to 1)."""
    return float(1 / (1 + np.exp(-float(x))))


def logit(p: float) -> float:
    """The inverse of `sigmoid`, within ±16."""
    p = min(max(p, 1e-7), 1 - 1e-7)
    return float(np.log(p / (1 - p)))


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows of logits, shape (n, classes), to probabilities; rows sum to 1."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    made: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return made


def log_odds(logits: NDArray[np.float64], column: int) -> NDArray[np.float64]:
    """Rows of logits, shape (n, classes), to the log-odds of one class against all others, shape (n,)."""
    others = np.logaddexp.reduce(np.delete(logits, column, axis=1), axis=1)
    odds: NDArray[np.float64] = logits[:, column] - others
    return odds


def multinomial(
    features: NDArray[np.float64], weights: NDArray[np.float64], bias: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A multinomial regression: (n, features), (classes, features), (classes,) -> probabilities (n, classes).

    Row by row: a product of whole matrices rounds a row by what is beside it.
    """
    return softmax((features[:, None, :] * weights).sum(axis=2) + bias)
