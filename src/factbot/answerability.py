"""Telling a question that the corpus answers from one that it does not.

The cross-encoder reads the question beside a sentence, and beside the passage that the sentence stands in;
the sum of the two logits says how much the sentence answers. A name or a number of the question that the
passage does not hold speaks against: it is often another person, place or year that the passage tells of.
A logistic regression over the two makes a probability (Platt, 1999); `python -m benchmarks calibrate` fits it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from factbot.results import Passage

__all__ = ["Calibration", "missing_names"]

NAMES = re.compile(r"(?<!^)\b[A-Z][\w-]+|\b\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Calibration:
    """The weights of evidence (summed logits) and of a missing name, and the bias."""

    evidence: float
    missing: float
    bias: float

    @classmethod
    def packaged(cls) -> Calibration:
        path = files("factbot") / "models" / "reranker" / "calibration.json"
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def support(self, question: str, passage: Passage, logit: float) -> float:
        """The probability (0 to 1) that a sentence of the passage, read with `logit`, answers the question."""
        x = self.evidence * evidence(passage, logit) + self.missing * missing_names(question, passage) + self.bias
        return float(1 / (1 + np.exp(-x)))


def evidence(passage: Passage, logit: float) -> float:
    """The sentence's logit and its passage's, summed."""
    score = min(max(passage.score, 1e-7), 1 - 1e-7)
    return logit + float(np.log(score / (1 - score)))


def missing_names(question: str, passage: Passage) -> int:
    """How many names and numbers of the question stand neither in the passage nor in its article's title."""
    held = f"{passage.title} {passage.text}".casefold()
    return sum(name.casefold() not in held for name in set(NAMES.findall(question)))
