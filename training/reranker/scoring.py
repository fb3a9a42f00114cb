"""Score pairs with an ONNX cross-encoder, one pair at a time: no padding, the same scores in any company."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from factbot.models.inference import single_threaded_session

MAX_TOKENS = 256


def tokenizer(folder: Path, max_tokens: int = MAX_TOKENS) -> Tokenizer:
    """The tokenizer of a model folder, cutting the text (not the question) at `max_tokens`."""
    made = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.no_padding()
    made.enable_truncation(max_tokens, strategy="only_second")
    return made


class Scorer:
    """Logits of (question, text) pairs from `model.onnx` beside `tokenizer.json`."""

    def __init__(self, model: Path, tokenizer_folder: Path, max_tokens: int = MAX_TOKENS) -> None:
        self._session = single_threaded_session(model)
        self._tokenizer = tokenizer(tokenizer_folder, max_tokens)
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1)

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return list(self._pool.map(self._one, self._tokenizer.encode_batch(list(pairs)))) if pairs else []

    def _one(self, encoding: Encoding) -> float:
        ids = np.array([encoding.ids], dtype=np.int64)
        kinds = np.array([encoding.type_ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds}
        return float(self._session.run(None, inputs)[0][0, 0])
