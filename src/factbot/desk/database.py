"""The desk's SQLite file: opened at its first use, safe for threads and processes, its errors in a sentence."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from factbot.desk.schema import migrate
from factbot.errors import DeskError

__all__ = ["Database"]

BUSY = 30.0  # seconds that a process waits for another one's write
RESTORE = "move it away, or put a backup of it in its place"


class Database:
    """Rows and transactions. What is committed outlasts a kill and a power cut.

    Every method raises DeskError where the file is damaged, locked, read-only or the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._opened: sqlite3.Connection | None = None

    def close(self) -> None:
        with self._lock:
            if self._opened:
                self._opened.close()
                self._opened = None

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query gives, or what a statement that changes something gives back."""
        with self._lock, self._errors():
            return self._db().execute(sql, values).fetchall()

    def change(self, sql: str, *values: Any) -> int:
        """Change rows, and count them."""
        with self._lock, self._errors():
            return self._db().execute(sql, values).rowcount

    def change_many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> int:
        """Change rows for each of `rows`, all or none, and count them."""
        with self.transaction():
            return self._db().executemany(sql, rows).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside it, or none; alone among threads and processes."""
        with self._lock, self._errors():
            db = self._db()
            if db.in_transaction:  # inside another one, which ends for both
                yield
                return
            db.execute("BEGIN IMMEDIATE")
            try:
                yield
                db.execute("COMMIT")
            except BaseException:
                db.execute("ROLLBACK")
                raise

    def is_whole(self) -> bool:
        """Whether SQLite finds every page in order."""
        return self.rows("PRAGMA quick_check(1)") == [("ok",)]

    def _db(self) -> sqlite3.Connection:
        if self._opened is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Drafts are nobody else's: SQLite gives its files beside this one the same mode.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            db = sqlite3.connect(self._path, timeout=BUSY, check_same_thread=False, isolation_level=None)
            try:
                db.execute("PRAGMA journal_mode=WAL")
                db.execute("PRAGMA synchronous=FULL")
                db.execute("PRAGMA foreign_keys=ON")
                db.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
                migrate(db)
            except BaseException:
                db.close()
                raise
            self._opened = db
        return self._opened

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise DeskError(
                f"The kept checks at {self._path} cannot be read or written ({error}); free disk space, make the "
                "file writable, or try again."
            ) from error
        except sqlite3.DatabaseError as error:
            raise DeskError(f"The kept checks at {self._path} are damaged ({error}); {RESTORE}.") from error
        except UnicodeEncodeError as error:
            raise DeskError(
                "This has half of a character in it, which no kept check has; type it anew."
            ) from error
        except OSError as error:
            raise DeskError(
                f"The kept checks at {self._path} cannot be opened ({error.strerror}); make the folder writable."
            ) from error
