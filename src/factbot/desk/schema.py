"""The tables of the desk, step by step from the first version: `user_version` in the file counts the steps.

A step is never changed once it has shipped: a change of the tables is a further step.
"""

from __future__ import annotations

import sqlite3

from factbot.errors import DeskError

__all__ = ["MIGRATIONS", "migrate"]

# Text that a person gave is kept as JSON: SQLite cannot hold a lone surrogate otherwise.
_FIRST = (
    """CREATE TABLE checks (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, at TEXT NOT NULL, owner TEXT NOT NULL,
        text TEXT NOT NULL, before TEXT NOT NULL, scope TEXT NOT NULL, finished INTEGER NOT NULL DEFAULT 0,
        basis TEXT, rest TEXT NOT NULL
    )""",
    "CREATE INDEX checks_by_owner ON checks (owner, at)",
    """CREATE TABLE claims (
        check_id TEXT NOT NULL REFERENCES checks ON DELETE CASCADE, number INTEGER NOT NULL,
        short TEXT NOT NULL, long TEXT NOT NULL, PRIMARY KEY (check_id, number)
    )""",
    """CREATE TABLE reviews (
        id INTEGER PRIMARY KEY AUTOINCREMENT, check_id TEXT NOT NULL REFERENCES checks ON DELETE CASCADE,
        claim INTEGER NOT NULL, verdict TEXT, note TEXT NOT NULL, status TEXT NOT NULL, by TEXT NOT NULL,
        at TEXT NOT NULL
    )""",
    "CREATE INDEX reviews_of ON reviews (check_id)",
    # The corrections log has no words of a checked text, so it may outlive the check that it is about.
    """CREATE TABLE changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, check_id TEXT NOT NULL, claim INTEGER NOT NULL, was TEXT NOT NULL,
        now TEXT NOT NULL, because TEXT NOT NULL, gone TEXT NOT NULL, at TEXT NOT NULL
    )""",
    "CREATE INDEX changes_of ON changes (check_id)",
    """CREATE TRIGGER changes_stay BEFORE UPDATE ON changes
        BEGIN SELECT raise(ABORT, 'the log only grows'); END""",
    """CREATE TRIGGER changes_are_never_deleted BEFORE DELETE ON changes
        BEGIN SELECT raise(ABORT, 'the log only grows'); END""",
    # What was checked before: claims of kept checks, and claims that others checked, with their verdict.
    """CREATE TABLE statements (
        id INTEGER PRIMARY KEY AUTOINCREMENT, claim TEXT NOT NULL,
        check_id TEXT REFERENCES checks ON DELETE CASCADE, number INTEGER,
        verdict TEXT NOT NULL DEFAULT '', by TEXT NOT NULL DEFAULT '', at TEXT NOT NULL DEFAULT '',
        url TEXT NOT NULL DEFAULT '', UNIQUE (check_id, number)
    )""",
    """CREATE UNIQUE INDEX imported_once ON statements (claim, by, url, verdict) WHERE check_id IS NULL""",
    """CREATE TABLE vectors (
        statement INTEGER PRIMARY KEY REFERENCES statements ON DELETE CASCADE, model TEXT NOT NULL,
        vector BLOB NOT NULL
    )""",
    "CREATE INDEX vectors_by_model ON vectors (model, statement)",  # to count without reading the vectors
)
MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST,)


def migrate(db: sqlite3.Connection) -> None:
    """Bring the tables to today's version, in one step that a kill cannot leave half done.

    Raises DeskError where a later version of factbot has made them.
    """
    if _version(db) == len(MIGRATIONS):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        version = _version(db)  # another process may have been faster
        if version > len(MIGRATIONS):
            raise DeskError("The kept checks were written by a later version of factbot; update factbot.")
        for step in MIGRATIONS[version:]:
            for statement in step:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
