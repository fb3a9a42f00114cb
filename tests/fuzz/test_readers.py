"""Files that broke a reader once, found by `python tests/fuzz/readers.py`, break it no more."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.fuzz.promises import EXAMPLES, KINDS, keep

SEEDS = sorted(path for path in (Path(__file__).parent / "seeds").iterdir() if path.is_file())


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_files_that_broke_a_reader_once_are_read_or_refused(seed: Path) -> None:
    started = time.monotonic()
    keep(seed.read_bytes())
    assert time.monotonic() - started < 10


def test_sound_files_keep_the_promises_too() -> None:
    assert len(EXAMPLES) == len(KINDS)
    for example in EXAMPLES:
        keep(example)
