"""How well a text answers a question: a cross-encoder that ships with the package."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from factbot.onnx import OnnxModel

__all__ = ["PackagedReranker", "Reranker"]

MAX_TOKENS = 192  # of question, title and passage together; passages of the default size stay below


class Reranker(Protocol):
    """The seam at which another cross-encoder can stand in."""

    name: str

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers the question, as logits, shape (len(texts),)."""
        ...


class PackagedReranker:
    """The int8 MiniLM cross-encoder in `factbot/models/reranker`; it loads at the first use."""

    name = "factbot-reranker-1"

    def __init__(self) -> None:
        self._model = OnnxModel(Path(str(files("factbot") / "models" / "reranker")), MAX_TOKENS)

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros(0, dtype=np.float32)
        logits: NDArray[np.float32] = self._model([(question, text) for text in texts])[:, 0]
        return logits
