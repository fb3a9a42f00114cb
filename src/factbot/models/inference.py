"""Running transformer models on a CPU through ONNX Runtime, int8, without importing torch.

One text is one run of a single-threaded session, and a small pool of threads runs texts side by
side. Against padded batches on all cores this is 1.5 to 2 times as fast for passages (no padding is
computed, the working set stays in the cache), and dynamic quantisation sees one text at a time, so a
text's vector never depends on what happened to be in its batch.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factbot.text.normalise import plain_letters

__all__ = ["TOKENIZER", "OnnxModel", "single_threaded_session"]

Text = str | tuple[str, str]

TOKENIZER = Path(__file__).with_name("tokenizer.json")  # of all cross-encoders in the package
SUMS = Path(__file__).with_name("sums.onnx")  # made by `training.sums`
TERMS, BYTE, WEIGHT = 64, 255, 127  # how many products each of its sums has, and of what


class OnnxModel:
    """A graph and its tokenizer (a file of the tokenizers library); both load at the first use.

    Texts are cut off at `max_tokens`. The graph takes `input_ids`, `attention_mask` and, where the model has them,
    `token_type_ids`; its first output has one row for each text.
    """

    def __init__(self, graph: Path, tokenizer: Path, max_tokens: int) -> None:
        self._graph = graph
        self._tokenizer_file = tokenizer
        self._max_tokens = max_tokens

    def __call__(self, texts: Sequence[Text]) -> NDArray[np.float32]:
        """Run every text or pair of texts -> float32 array, one row a text, in the same order.

        The two of a pair are read in plain letters: one of them may be typed without the letters of the other.
        """
        read = [text if isinstance(text, str) else tuple(map(plain_letters, text)) for text in texts]
        encodings = self._tokenizer.encode_batch(read)
        return np.stack(list(self._pool.map(self._run, encodings)))

    @cached_property
    def _tokenizer(self):  # type: ignore[no-untyped-def]  # tokenizers ships no types
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._max_tokens)
        return tokenizer

    @cached_property
    def _session(self):  # type: ignore[no-untyped-def]  # onnxruntime ships no types
        return single_threaded_session(self._graph)

    @cached_property
    def _inputs(self) -> frozenset[str]:
        return frozenset(i.name for i in self._session.get_inputs())

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(usable_cores(), thread_name_prefix="factbot-onnx")

    def _run(self, encoding) -> NDArray[np.float32]:  # type: ignore[no-untyped-def]
        ids = np.array([encoding.ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        if "token_type_ids" in self._inputs:
            feed["token_type_ids"] = np.array([encoding.type_ids], dtype=np.int64)
        row: NDArray[np.float32] = self._session.run(None, feed)[0][0]
        return row


def single_threaded_session(graph: Path):  # type: ignore[no-untyped-def]  # onnxruntime ships no types
    """A session of one thread, whose int8 products are the same on every processor."""
    return _session(graph, slowly=not sums_are_whole())


@cache
def sums_are_whole() -> bool:
    """Whether this processor adds int8 products in 32 bits, as those with VNNI do; tried on a small graph.

    Others add two products in 16 bits, which can be too few, unless ONNX Runtime is told to take a slower way. Its
    sums are those of VNNI: a claim's verdict must not depend on the machine. One row and several rows are computed
    in different ways, so both are tried.
    """
    session = _session(SUMS)
    sums = [session.run(None, {"bytes": np.full((rows, TERMS), BYTE, np.uint8)})[0] for rows in (1, 8)]
    return all(bool((found == TERMS * BYTE * WEIGHT).all()) for found in sums)


def _session(graph: Path, *, slowly: bool = False):  # type: ignore[no-untyped-def]
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if slowly:
        options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def usable_cores() -> int:
    """The cores that this process may run on, which a container can set below the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
