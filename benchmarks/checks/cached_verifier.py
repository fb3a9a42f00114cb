"""The packaged verifier with a cache on disk, so that a benchmark that is run again reads no pair twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factbot.checking.verifier import PackagedVerifier
from factbot.models.folders import VERIFIER_FOLDER
from factbot.models.inference import OnnxModel

__all__ = ["CachedVerifier"]


class CachedVerifier(PackagedVerifier):
    """The packaged verifier. It writes the logits of each pair that it reads to a file in `cache`."""

    def __init__(self, cache: Path) -> None:
        super().__init__()
        digest = hashlib.sha256((VERIFIER_FOLDER / "verifier.onnx").read_bytes()).hexdigest()[:12]
        self._file = cache / f"verifier-{digest}.npz"
        self._said: dict[str, NDArray[np.float32]] = {}
        if self._file.exists():
            kept = np.load(self._file)
            self._said = dict(zip(kept["pairs"].tolist(), kept["logits"], strict=True))
        self._asked: OnnxModel = self._model
        self._model = self._cached  # type: ignore[assignment]

    def _cached(self, asked: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        keys = [hashlib.sha256("\0".join(pair).encode()).hexdigest()[:24] for pair in asked]
        new = {key: pair for key, pair in zip(keys, asked, strict=True) if key not in self._said}
        if new:
            self._said |= dict(zip(new, self._asked(list(new.values())), strict=True))
        return np.stack([self._said[key] for key in keys])

    def keep(self) -> None:
        """Write what was read so far to the file."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._file, pairs=np.array(list(self._said)), logits=np.stack(list(self._said.values())))
