"""Telling a question that the corpus answers from one that it does not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

from factbot.results import Passage
from factbot.retriever import sigmoid

__all__ = ["Calibration"]


@dataclass(frozen=True)
class Calibration:
    """From the cross-encoder's logits to the probability that a sentence answers the question."""

    sentence: float
    passage: float
    bias: float

    @classmethod
    def packaged(cls) -> Calibration:
        path = files("factbot") / "models" / "reranker" / "calibration.json"
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def support(self, question: str, passage: Passage, text: str, logit: float) -> float:
        return float(sigmoid(self.sentence * logit + self.bias))
