"""How well a text answers a question: two cross-encoders that ship with the package.

Both come out of one training (`training/reranker`). The answerability model has the trained weights: it tells best
whether a passage answers at all. The reranker's are averaged with the weights that training started from: it
orders passages and sentences best (model averaging after Wortsman et al., CVPR 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from factbot.models.inference import TOKENIZER, OnnxModel

__all__ = ["FOLDER", "CrossEncoder", "PackagedCrossEncoder"]

FOLDER = Path(str(files("factbot") / "models" / "reranker"))
MAX_TOKENS = 192  # of question, title and passage together; passages of the default size stay below


class CrossEncoder(Protocol):
    """What answers and checks ask of a cross-encoder."""

    name: str

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers the question, as logits, shape (len(texts),)."""
        ...


class PackagedCrossEncoder:
    """The int8 model `NAME.onnx` in the package; it loads at the first use."""

    def __init__(self, name: str) -> None:
        self.name = f"factbot-{name}-1"
        self._model = OnnxModel(FOLDER / f"{name}.onnx", TOKENIZER, MAX_TOKENS)

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros(0, dtype=np.float32)
        logits: NDArray[np.float32] = self._model([(question, text) for text in texts])[:, 0]
        return logits
