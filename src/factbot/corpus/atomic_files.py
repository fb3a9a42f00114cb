"""Writing files so that neither a kill nor a power cut leaves halves."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["move", "write_whole"]


def write_whole(target: Path, data: bytes) -> None:
    """Write `data` aside, then put it in the place of `target`: whoever looks sees the old or the new, whole.

    Durable when it returns. Raises OSError, and leaves nothing behind then.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=".adding-", dir=target.parent)  # hidden: no article yet
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o644)  # mkstemp's files are their owner's alone
        Path(aside).replace(target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    _flush(target.parent)


def move(path: Path, target: Path) -> None:
    """Rename `path`, durably, making the folders that `target` needs. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    _flush(target.parent)
    _flush(path.parent)


def _flush(folder: Path) -> None:
    """A new name is on disk only when its folder is; where a system cannot flush folders, it does so itself."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
