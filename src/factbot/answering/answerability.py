"""Telling a question that the corpus answers from one that it does not.

A cross-encoder, the answerability model, reads the question beside the passage that a quote stands in. A name or a
number of the question that the passage does not hold speaks against an answer: the passage often tells of another
person, place or year. A logistic regression over the two makes a probability (Platt, 1999).
`python -m training.calibration answers` fits it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from factbot.models.calibration import sigmoid
from factbot.models.folders import RERANKER_FOLDER
from factbot.results import Passage
from factbot.text.normalise import plain_letters
from factbot.text.words import names_and_numbers

__all__ = ["Calibration", "missing_names"]


@dataclass(frozen=True)
class Calibration:
    """The weights of the answerability model's logit and of a missing name, and the bias."""

    logit: float
    missing: float
    bias: float

    @classmethod
    def packaged(cls) -> Calibration:
        return cls(**json.loads((RERANKER_FOLDER / "calibration.json").read_text(encoding="utf-8")))

    def support(self, logit: float, missing: int) -> float:
        """The probability (0 to 1) that there is an answer, from the model's logit and `missing_names`."""
        return sigmoid(self.logit * logit + self.missing * missing + self.bias)


def missing_names(question: str, passage: Passage) -> int:
    """How many names and numbers of the question stand neither in the passage nor in its article's title."""
    held = plain_letters(f"{passage.title} {passage.text}").casefold()
    return sum(plain_letters(name).casefold() not in held for name in names_and_numbers(question))
