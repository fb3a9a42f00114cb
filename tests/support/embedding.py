"""An embedder that tests can look into."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from factbot.models.embedding import Embedder


class Recording:
    """An embedder that notes which texts it is given."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name
        self.texts: list[str] = []
        self._embedder = embedder

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts.extend(texts)
        return self._embedder.embed_documents(texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._embedder.embed_query(text)
