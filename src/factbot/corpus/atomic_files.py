"""Writing files so that neither a killed process nor a power cut leaves one half written."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["move", "write_whole"]


def write_whole(target: Path, data: bytes) -> None:
    """Write `data` to a new file, then put that in the place of `target`: at any moment it is whole, old or new.

    When this returns, the file outlasts a power cut. Raises OSError, and leaves nothing behind then.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=".adding-", dir=target.parent)  # hidden, so that it is no article yet
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o644)  # mkstemp lets only the owner read them
        Path(aside).replace(target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    _flush(target.parent)


def move(path: Path, target: Path) -> None:
    """Rename `path`, so that it outlasts a power cut; makes the folders that `target` needs. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    _flush(target.parent)
    _flush(path.parent)


def _flush(folder: Path) -> None:
    """Bring a folder's new names to the disk. Systems that cannot flush a folder do so themselves."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
