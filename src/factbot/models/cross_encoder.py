"""How well a text answers a question: the reranker and the answerability model, which ship with the package.

Both come out of one training (`training/reranker`). The answerability model has the trained weights: it tells best
whether a passage answers at all. The reranker's are averaged with the weights that training started from: it
orders passages and sentences best (model averaging after Wortsman et al., CVPR 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from factbot.models.folders import RERANKER_FOLDER
from factbot.models.inference import TOKENIZER, OnnxModel

__all__ = ["CrossEncoder", "PackagedCrossEncoder"]

MAX_TOKENS = 192  # of question, title and passage together; passages of the default size stay below


class CrossEncoder(Protocol):
    """What answers and checks ask of a cross-encoder."""

    name: str

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers the question, as logits, shape (len(texts),)."""
        ...


class PackagedCrossEncoder:
    """The packaged int8 model of a name, "reranker" or "answerability"; it loads at the first use."""

    def __init__(self, name: str) -> None:
        self.name = f"factbot-{name}-1"
        self._model = OnnxModel(RERANKER_FOLDER / f"{name}.onnx", TOKENIZER, MAX_TOKENS)

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros(0, dtype=np.float32)
        logits: NDArray[np.float32] = self._model([(question, text) for text in texts])[:, 0]
        return logits
