"""Small measuring tools: a fresh process, its peak memory, a call's time, a folder's size."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

__all__ = ["SPAWN", "alone", "disk_mb", "milliseconds", "peak_mb", "resident_mb"]

SPAWN = multiprocessing.get_context("spawn")


def alone(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a fresh process, so that its peak memory and its warm caches are its own."""
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        return pool.submit(function, *arguments).result()


def peak_mb() -> int:
    """The largest resident memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def resident_mb() -> int:
    """The resident memory of this process now, in MB, on Linux."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() >> 20


def milliseconds(function: Callable[..., Any], *arguments: Any) -> float:
    """Wall-clock time of one call."""
    start = time.perf_counter()
    function(*arguments)
    return (time.perf_counter() - start) * 1e3


def disk_mb(folder: Path) -> float:
    """The size of all files under a folder, in MB (10^6 bytes)."""
    return round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6, 1)
