"""Ways to damage the stores of an index."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path


def overwritten(name: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        (index / name).write_bytes(b"\x00\xffgarbage" * 3000)

    return damage


def cut(name: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        os.truncate(index / name, (index / name).stat().st_size // 2)

    return damage


def removed(*patterns: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        for path in [path for pattern in patterns for path in index.glob(pattern)]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    return damage


def file_in_place_of(name: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        removed(name)(index)
        (index / name).write_text("not a folder")

    return damage


DAMAGES = {
    "catalog overwritten": overwritten("catalog.db"),
    "catalog cut in half": cut("catalog.db"),
    "catalog emptied": lambda index: os.truncate(index / "catalog.db", 0),
    "catalog removed": removed("catalog.db*"),
    "vectors removed": removed("chroma"),
    "vectors overwritten": overwritten("chroma/chroma.sqlite3"),
    "vectors cut in half": cut("chroma/chroma.sqlite3"),
    "vectors' graph removed": removed("chroma/*-*"),
    "vectors a file": file_in_place_of("chroma"),
    "words removed": removed("words"),
    "words overwritten": overwritten("words/meta.json"),
    "words' segments removed": removed("words/*.store", "words/*.term", "words/*.idx", "words/*.pos"),
    "words a file": file_in_place_of("words"),
}
