"""From a logit to a probability that the corpus answers the question, fitted on held-out training pages."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import StandardScaler

from training.reranker.evaluate import FEATURES, FloatArray, Reading, abstention, best_threshold, nearest
from training.reranker.examples import Example

QUESTIONS = 400
SCORES = {"passage": [0], "sentence": [1], "passage + sentence": [0, 1], "all": list(range(len(FEATURES)))}


def questions(held_out: Sequence[Example], seed: int) -> tuple[list[str], list[list[str]], npt.NDArray[np.bool_]]:
    """(questions, candidate passages, answerable): half have an answer; texts stand among their nearest."""
    random = Random(seed)
    answered = [e for e in held_out if e.labels[0] == 1.0]
    refused = [e for e in held_out if e.labels == [0.0]]
    half = min(QUESTIONS // 2, len(answered), len(refused))
    taken = random.sample(answered, half) + random.sample(refused, half)
    texts = list(dict.fromkeys(e.texts[0] for e in held_out))
    near = nearest([e.question for e in taken], texts, 4)
    candidates = [
        [e.texts[0], *[t for t in found if t not in e.texts][:3]] for e, found in zip(taken, near, strict=True)
    ]
    return [e.question for e in taken], candidates, np.array([e.labels[0] == 1.0 for e in taken])


def table(readings: Sequence[Reading], asked: Sequence[str]) -> FloatArray:
    """The features [questions, len(FEATURES)]."""
    return np.array([r.features(q) for r, q in zip(readings, asked, strict=True)])


def fit(features: FloatArray, answerable: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """For each choice of features: weights and bias of a logistic regression, and its threshold.

    The threshold is a probability, chosen for balanced accuracy on cross-validated probabilities.
    """
    fitted: dict[str, Any] = {}
    for name, columns in SCORES.items():
        scaler = StandardScaler().fit(features[:, columns])
        inputs = scaler.transform(features[:, columns])
        model = LogisticRegression(C=1.0)
        unseen = cross_val_predict(model, inputs, answerable, cv=5, method="predict_proba")[:, 1]
        model.fit(inputs, answerable)
        weights = model.coef_[0] / scaler.scale_
        threshold = best_threshold(unseen, answerable)
        fitted[name] = {
            "features": [FEATURES[i] for i in columns],
            "weights": weights.tolist(),
            "bias": float(model.intercept_[0] - weights @ scaler.mean_),
            "threshold": threshold,
            "held_out": abstention(unseen, answerable, threshold),
        }
    return fitted


def probabilities(features: FloatArray, fitted: dict[str, Any]) -> FloatArray:
    """The probability that each question is answered, by one of the models that `fit` made."""
    columns = [FEATURES.index(name) for name in fitted["features"]]
    logits = features[:, columns] @ np.array(fitted["weights"]) + fitted["bias"]
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float64)
