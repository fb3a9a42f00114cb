"""What makes training on a CPU quick: freed memory is kept for the next part, and products' code is remembered."""

from __future__ import annotations

import ctypes
import os
import platform

# glibc's names of its settings, and values. Given back and taken again, memory comes as empty pages, which costs a
# quarter of the time; one arena keeps it from growing with the threads.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
SETTINGS = ((TRIM_THRESHOLD, 2**31 - 1), (MMAP_THRESHOLD, 32 * 2**20), (ARENA_MAX, 1))
PRODUCTS = (
    "4096"  # all that the widths of `batches.WIDTHS` lead to; with too few, oneDNN writes code anew each time
)


def tune() -> None:
    """Set both for this process, before its first product; nothing where the system is not Linux with glibc."""
    os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] = PRODUCTS
    os.environ.pop("LRU_CACHE_CAPACITY", None)
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        for setting, value in SETTINGS:
            libc.mallopt(setting, value)
