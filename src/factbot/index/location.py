"""Where an index lives: who owns the folder, which index in it answers, and how another takes its place.

The folder `.factbot` holds one folder for each index, with a name of its own, and the file `current`, which names
the one that answers. A new index is built beside it, and takes over when `current` names it instead: one rename,
so that a kill at any moment leaves either the old or the new, whole. The file `desk.db` beside them has the kept
checks. It is no cache: nothing here ever touches it.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from factbot.corpus.atomic_files import write_whole
from factbot.errors import CorpusIndexError, FactbotError, IndexLockedError
from factbot.settings import Settings

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from factbot.index.index import Index

__all__ = ["IndexLocation", "Owner", "read_owner", "take_requests"]

CURRENT = "current"
OWNER = "owner"
DESK = "desk.db"
PREFIX = "index-"
EARLIER_PARTS = ("catalog.db", "catalog.db-wal", "catalog.db-shm", "chroma", "words")  # of factbot before 0.3


@dataclass(frozen=True)
class Owner:
    """The process that owns an index; at `address`, if any, it takes requests that show the `token`."""

    pid: int
    address: str = ""
    token: str = ""


class IndexLocation:
    """The index folder of one corpus, owned by one process at a time.

    Only one process at a time may use local Chroma files. With a Chroma server, further processes may read while
    one writes: they are not refused, but `is_owner` is False.
    Raises IndexLockedError or CorpusIndexError, each saying what to do.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.folder = settings.index
        self._lock: BaseFileLock | None = None
        try:
            self.own()
        except IndexLockedError:
            if not settings.chroma_url:
                raise

    @property
    def desk(self) -> Path:
        """The file of kept checks, which outlives every index and may be open in several processes."""
        return self.folder / DESK

    @property
    def is_owner(self) -> bool:
        return self._lock is not None

    def own(self) -> None:
        """Own the folder from now on. Raises IndexLockedError where another process owns it."""
        if self._lock is not None:
            return
        from filelock import FileLock, Timeout

        try:
            # Readable by nobody else: Chroma writes memory to disk that may hold anything.
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(self.folder / "lock", timeout=0, thread_local=False)
            lock.acquire()
        except Timeout as error:
            owner = read_owner(self.folder)
            name = f"process {owner.pid}" if owner else "another process"
            raise IndexLockedError(
                f"The index at {self.folder} is in use by {name}; stop it first, or name another place with "
                "--index."
            ) from error
        except OSError as error:
            raise self._unwritable(error, "make it writable") from error
        self._lock = lock
        try:
            _write_owner(self.folder / OWNER, Owner(os.getpid()))
        except OSError as error:
            self.release()
            raise self._unwritable(error, "free disk space") from error

    def release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def current(self) -> str:
        """The name of the index that answers; "" where there is none yet."""
        with suppress(OSError):
            return (self.folder / CURRENT).read_text(encoding="utf-8").strip()
        return ""

    def open(self) -> Index:
        """The index that answers, made where there is none yet."""
        name = self.current()
        if not (name.startswith(PREFIX) and (self.folder / name).is_dir()):
            if self.is_owner:
                return self.open_anew()
            raise CorpusIndexError(f"The index at {self.folder} is not made yet; run `factbot sync` first.")
        return self._at(name)

    def open_anew(self) -> Index:
        """An empty index, which replaces whatever is there."""
        name = self._new()
        self._point_to(name)
        self._sweep({name})
        return self._at(name)

    def open_next(self, in_use: Collection[str]) -> Index:
        """The index that is to take over: one begun earlier for the same settings, or an empty one.

        All others are removed, but those that `in_use` names and the one that answers.
        """
        kept = {*in_use, self.current()}
        for folder in self._all():
            if folder.name not in kept:
                with suppress(FactbotError):
                    begun = self._at(folder.name)
                    if not begun.mismatch():
                        self._sweep({folder.name, *kept})
                        return begun
                    begun.close()
        self._sweep(kept)
        return self._at(self._new())

    def switch_to(self, index: Index) -> None:
        """Let `index` answer from now on."""
        self._point_to(index.folder.name)

    def remove(self, index: Index) -> None:
        """Remove an index that is closed and no longer answers."""
        self._remove(index.folder)

    def _at(self, name: str) -> Index:
        from factbot.index.index import Index  # here: a command beside the running app opens none

        return Index(self._settings, self.folder / name, read_only=not self.is_owner)

    def _new(self) -> str:
        name = f"{PREFIX}{uuid.uuid4().hex[:12]}"
        try:
            (self.folder / name).mkdir()
        except OSError as error:
            raise self._unwritable(error, "make it writable") from error
        return name

    def _point_to(self, name: str) -> None:
        try:
            write_whole(self.folder / CURRENT, f"{name}\n".encode())
        except OSError as error:
            raise self._unwritable(error, "free disk space") from error

    def _all(self) -> list[Path]:
        try:
            return sorted(path for path in self.folder.iterdir() if path.name.startswith(PREFIX) and path.is_dir())
        except OSError as error:
            raise self._unwritable(error, "make it readable") from error

    def _sweep(self, kept: set[str]) -> None:
        """Remove all other indexes; what cannot be removed now is left for the next time."""
        for folder in self._all():
            if folder.name not in kept:
                self._remove(folder)
        for name in EARLIER_PARTS:
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def _remove(self, folder: Path) -> None:
        from factbot.index.vectors import drop_collection

        try:
            if self._settings.chroma_url:
                drop_collection(self._settings, f"{self._settings.chroma_collection}-{folder.name}")
        except FactbotError:
            return  # the server is not there: its folder stays, so that the collection is not forgotten
        shutil.rmtree(folder, ignore_errors=True)

    def _unwritable(self, error: OSError, remedy: str) -> CorpusIndexError:
        return CorpusIndexError(
            f"The index folder {self.folder} cannot be written ({error.strerror}); {remedy}, or name another "
            "place with --index."
        )


def read_owner(folder: Path) -> Owner | None:
    """Who owns the index in `folder`, as far as is known."""
    try:
        return Owner(**json.loads((folder / OWNER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def take_requests(folder: Path, address: str, token: str) -> None:
    """Tell this user's commands the address at which this process takes requests for the index in `folder`.

    Only the process that owns the index can do so; an empty address ends it. Where the address cannot be written,
    commands are told that the index is in use.
    """
    owner = read_owner(folder)
    if owner and owner.pid == os.getpid():
        with suppress(OSError):
            _write_owner(folder / OWNER, Owner(os.getpid(), address, token))


def _write_owner(path: Path, owner: Owner) -> None:
    """Write who owns the index, so that only this user can read it. Raises OSError."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(owner), file)
