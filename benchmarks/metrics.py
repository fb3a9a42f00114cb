"""What is measured, as plain functions: answer-string recall, MRR, abstention, calibration, bootstrap."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Interval",
    "auc",
    "balanced_accuracy",
    "bootstrap",
    "calibration_error",
    "holds_answer",
    "normalise",
    "paired_bootstrap",
    "percentiles",
    "rank_of_answer",
    "recall_at",
    "reciprocal_ranks",
    "risk_coverage",
    "roc",
]

Floats = NDArray[np.float64]


def normalise(text: str) -> str:
    """Fold case, drop English articles, squeeze punctuation to single spaces; 1,784 is 1784, 7.8 stays whole."""
    folded = re.sub(r"(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", text).casefold())
    words = re.findall(r"\d+(?:\.\d+)+|\w+", folded)
    return " ".join(word for word in words if word not in {"a", "an", "the"})


def holds_answer(text: str, answers: Iterable[str]) -> bool:
    """Whether any accepted answer stands in `text` as whole words, both normalised."""
    padded = f" {normalise(text)} "
    return any(f" {folded} " in padded for folded in map(normalise, answers) if folded)


def rank_of_answer(passages: Iterable[str], answers: Sequence[str]) -> int:
    """The rank (from 1) of the first passage that holds an answer; 0 where none does."""
    return next((rank for rank, text in enumerate(passages, 1) if holds_answer(text, answers)), 0)


def recall_at(ranks: ArrayLike, k: int) -> Floats:
    """Per question 1.0 where the answer stands in the top `k`, else 0.0; the mean is recall@k."""
    ranked = np.asarray(ranks)
    return ((ranked > 0) & (ranked <= k)).astype(float)


def reciprocal_ranks(ranks: ArrayLike, k: int = 10) -> Floats:
    """Per question 1/rank within the top `k`, else 0.0; the mean is MRR@k."""
    ranked = np.asarray(ranks, dtype=float)
    return np.where((ranked > 0) & (ranked <= k), 1 / np.maximum(ranked, 1), 0.0)


@dataclass(frozen=True)
class Interval:
    """A mean with the bounds of its 95 % bootstrap confidence interval."""

    mean: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        return asdict(self)


def bootstrap(values: ArrayLike, resamples: int = 10_000, seed: int = 0) -> Interval:
    """The mean of per-question values, its interval by the percentile bootstrap over questions."""
    sample = np.asarray(values, dtype=float)
    picks = np.random.default_rng(seed).integers(0, len(sample), (resamples, len(sample)))
    low, high = np.percentile(sample[picks].mean(axis=1), [2.5, 97.5])
    return Interval(float(sample.mean()), float(low), float(high))


def paired_bootstrap(ours: ArrayLike, theirs: ArrayLike) -> Interval:
    """The mean difference ours - theirs over the same questions, with its interval."""
    return bootstrap(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))


def balanced_accuracy(answerable: ArrayLike, answered: ArrayLike) -> float:
    """The mean of: answered among the answerable, abstained among the unanswerable."""
    truth, said = np.asarray(answerable, dtype=bool), np.asarray(answered, dtype=bool)
    return float((said[truth].mean() + (~said[~truth]).mean()) / 2)


def roc(answerable: ArrayLike, scores: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Thresholds from high to low, with the false and true positive rates when answering at score >= each."""
    truth, score = np.asarray(answerable, dtype=bool), np.asarray(scores, dtype=float)
    thresholds = np.concatenate([[np.inf], np.unique(score)[::-1]])
    said = score[None, :] >= thresholds[:, None]
    return thresholds, said[:, ~truth].mean(axis=1), said[:, truth].mean(axis=1)


def auc(answerable: ArrayLike, scores: ArrayLike) -> float:
    """The area under the ROC curve; 0.5 is chance."""
    _, false_positive, true_positive = roc(answerable, scores)
    return float(np.trapezoid(true_positive, false_positive))


def risk_coverage(correct: ArrayLike, scores: ArrayLike) -> tuple[Floats, Floats]:
    """Answering the surest first: the share of questions answered, and the share of those that is wrong."""
    order = np.argsort(-np.asarray(scores, dtype=float), kind="stable")
    wrong = ~np.asarray(correct, dtype=bool)[order]
    count = np.arange(1, len(wrong) + 1)
    return count / len(wrong), np.cumsum(wrong) / count


def calibration_error(correct: ArrayLike, confidence: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error: |accuracy - mean confidence| over equal-width bins, weighted by size."""
    right, sure = np.asarray(correct, dtype=float), np.asarray(confidence, dtype=float)
    which = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(right[which == b].sum() - sure[which == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(right))


def percentiles(milliseconds: ArrayLike) -> dict[str, float]:
    """The median and the 95th percentile of a list of times."""
    p50, p95 = np.percentile(np.asarray(milliseconds, dtype=float), [50, 95])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}
