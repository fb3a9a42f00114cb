"""Embedded passages kept on disk: an hour's work that can be stopped and taken up again.

A folder holds `rows.json`, the passages as [article id, text] in order, and `NNNNNNN.npy` files of up to 4,096
vectors each, named by their first row.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Row", "Vectors", "embedded"]

Row = tuple[str, str]
Vectors = NDArray[np.float32]
ROWS_PER_FILE = 4_096


def embedded(folder: Path, rows: Sequence[Row], embed: Callable[[list[str]], Vectors]) -> Vectors:
    """Vectors of all rows, shape (len(rows), dimension), embedding only what the folder does not hold.

    Raises ValueError where the folder holds the vectors of other rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "rows.json"
    if index.exists():
        if [tuple(row) for row in json.loads(index.read_text(encoding="utf-8"))] != list(rows):
            raise ValueError(f"{folder} holds other passages; remove it to embed again")
    else:
        index.write_text(json.dumps(rows), encoding="utf-8")
    started = time.monotonic()
    for first in range(0, len(rows), ROWS_PER_FILE):
        path = folder / f"{first:07d}.npy"
        if not path.exists():
            vectors = embed([text for _, text in rows[first : first + ROWS_PER_FILE]])
            unfinished = path.with_suffix(".unfinished")
            with unfinished.open("wb") as file:
                np.save(file, np.asarray(vectors, dtype=np.float32))
            unfinished.replace(path)
            done, seconds = first + len(vectors), time.monotonic() - started
            print(f"{folder.name}: {done:,} of {len(rows):,} rows, {seconds:.0f} s", flush=True)
    return np.concatenate([np.load(folder / f"{first:07d}.npy") for first in range(0, len(rows), ROWS_PER_FILE)])
