"""Kept checks, their reviews and the corrections log, as rows and back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from factbot.desk.database import Database
from factbot.errors import DeskError
from factbot.results import Change, Check, Citation, ClaimCheck, Report, Review, Usage
from factbot.text.dates import utc

__all__ = ["CheckStore", "now"]

FIELDS = "id, title, at, owner, text, scope, finished, rest"
REVIEW = "claim, verdict, note, status, by, at"
LONG = ("evidence", "readings")  # of a claim: a list of checks is shown without them
CHANGE = "check_id, claim, was, now, because, gone, at"


def now() -> str:
    """The time in UTC, as results write it."""
    return utc(datetime.now(UTC))


class CheckStore:
    """Kept checks in a database. Methods raise DeskError where it does, and for an id that it does not have."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # -- checks -----------------------------------------------------------------------------------

    def begin(self, text: str, before: str, title: str, owner: str) -> str:
        """Keep a check of which no claim is checked yet, and give its id."""
        check_id = secrets.token_hex(8)
        report = Report(text, (), 0, "", {}, check_id=check_id)
        self._insert(Check(check_id, title, now(), text, report, None, (), owner, False), before)
        return check_id

    def put(self, check: Check) -> None:
        """Keep a whole check with its reviews, as when a deleted one is wanted back."""
        with self._db.transaction():
            if self._db.rows("SELECT 1 FROM checks WHERE id = ?", check.id):
                raise DeskError(f"A check with the id {check.id!r} is kept already; delete it first.")
            self._insert(check, "")
            self.add_claims(check.id, check.report)
            for review in check.reviews:
                self.add_review(check.id, review)

    def _insert(self, check: Check, before: str) -> None:
        self._db.change(
            f"INSERT INTO checks ({FIELDS}, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(check.id, check.title, check.at, check.owner, json.dumps(check.text), json.dumps(check.scope)),
            *(check.finished, _rest(check.report), json.dumps(before)),
        )

    def add_claims(self, check_id: str, report: Report, kept: int = 0) -> None:
        """Keep the claims of a report behind its first `kept` ones, and what it says of the whole.

        Claims that were kept in their place give way. Raises DeskError where the check was deleted meanwhile.
        """
        new = list(enumerate(report.claims[kept:], start=kept + 1))
        with self._db.transaction():
            noted = self._db.change("UPDATE checks SET rest = ? WHERE id = ?", _rest(report), check_id)
            self._of_one(noted, check_id)
            for table in ("claims", "statements"):
                self._db.change(f"DELETE FROM {table} WHERE check_id = ? AND number > ?", check_id, kept)
            self._db.change_many(
                "INSERT INTO claims (check_id, number, short, long) VALUES (?, ?, ?, ?)",
                ((check_id, number, *_claim_columns(claim)) for number, claim in new),
            )
            self._db.change_many(
                "INSERT INTO statements (check_id, number, claim) VALUES (?, ?, ?)",
                ((check_id, n, claim.standalone or claim.claim) for n, claim in new if _is_checked(claim)),
            )

    def set_basis(self, check_id: str, basis: str) -> None:
        """Note what the verdicts were last found with; "" where that was not one and the same for all."""
        self._db.change("UPDATE checks SET basis = ? WHERE id = ?", basis, check_id)

    def basis(self, check_id: str) -> str | None:
        """What the verdicts were last found with; None before the first."""
        found = self._db.rows("SELECT basis FROM checks WHERE id = ?", check_id)
        return found[0][0] if found else None

    def before(self, check_id: str) -> str:
        """The sentence that was said before the text of a check."""
        return str(json.loads(self._db.rows("SELECT before FROM checks WHERE id = ?", check_id)[0][0]))

    def finish(self, check_id: str) -> None:
        self._db.change("UPDATE checks SET finished = 1 WHERE id = ?", check_id)

    def rename(self, check_id: str, title: str) -> None:
        self._of_one(self._db.change("UPDATE checks SET title = ? WHERE id = ?", title, check_id), check_id)

    def delete(self, check_id: str) -> None:
        """Delete a check with its claims and reviews; `flush` ends it."""
        self._of_one(self._db.change("DELETE FROM checks WHERE id = ?", check_id), check_id)

    def flush(self) -> None:
        """Leave nothing of what was deleted in SQLite's log beside the file."""
        self._db.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def check(self, check_id: str, owner: str | None = None) -> Check:
        """A whole check; with `owner`, only where it is theirs."""
        with self._db.transaction():
            rows = self._db.rows(f"SELECT {FIELDS} FROM checks WHERE id = ?", check_id)
            if not rows or owner not in (None, rows[0][3]):
                raise _unknown(check_id)
            claims = self._db.rows("SELECT short, long FROM claims WHERE check_id = ? ORDER BY number", check_id)
            return _check(rows[0], claims, self.reviews(check_id))

    def checks(self, owner: str | None = None) -> list[Check]:
        """Every check, or those of one owner, newest first, their claims without evidence."""
        with self._db.transaction():
            where, values = ("", ()) if owner is None else (" WHERE owner = ?", (owner,))
            rows = self._db.rows(f"SELECT {FIELDS} FROM checks{where} ORDER BY at DESC, rowid DESC", *values)
            of = f"WHERE check_id IN (SELECT id FROM checks{where})"
            claims: dict[str, list[tuple[str, str]]] = {}
            for check_id, short in self._db.rows(
                f"SELECT check_id, short FROM claims {of} ORDER BY check_id, number", *values
            ):
                claims.setdefault(check_id, []).append((short, "{}"))
            reviews: dict[str, list[Review]] = {}
            for check_id, *review in self._db.rows(
                f"SELECT check_id, {REVIEW} FROM reviews {of} ORDER BY id", *values
            ):
                reviews.setdefault(check_id, []).append(Review(*review))
        return [_check(row, claims.get(row[0], ()), reviews.get(row[0], ())) for row in rows]

    def ids(self, wanted: Collection[str] | None = None) -> list[str]:
        """The ids of all checks, newest first; or those that are wanted, in order, each once."""
        ids = [row[0] for row in self._db.rows("SELECT id FROM checks ORDER BY at DESC, rowid DESC")]
        for check_id in wanted or ():
            if check_id not in ids:
                raise _unknown(check_id)
        return ids if wanted is None else list(dict.fromkeys(wanted))

    def _of_one(self, changed: int, check_id: str) -> None:
        if not changed:
            raise _unknown(check_id)

    # -- reviews ----------------------------------------------------------------------------------

    def reviews(self, check_id: str) -> list[Review]:
        """All reviews of a check's claims, oldest first."""
        rows = self._db.rows(f"SELECT {REVIEW} FROM reviews WHERE check_id = ? ORDER BY id", check_id)
        return [Review(*row) for row in rows]

    def add_review(self, check_id: str, review: Review) -> None:
        self._db.change(
            f"INSERT INTO reviews (check_id, {REVIEW}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(check_id, *asdict(review).values()),
        )

    def transaction(self) -> AbstractContextManager[None]:
        """Around what has to be read and written as one."""
        return self._db.transaction()

    # -- the corrections log ----------------------------------------------------------------------

    def changes(self, check_ids: Collection[str] | None = None) -> list[Change]:
        """The corrections log, oldest first: of these checks, or of all there ever were."""
        where, values = (
            ("", ())
            if check_ids is None
            else (" WHERE check_id IN (SELECT value FROM json_each(?))", (json.dumps(list(check_ids)),))
        )
        return [_change(row) for row in self._db.rows(f"SELECT {CHANGE} FROM changes{where} ORDER BY id", *values)]

    def add_changes(self, changes: Iterable[Change]) -> None:
        self._db.change_many(
            f"INSERT INTO changes ({CHANGE}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((c.check_id, c.claim, c.was, c.now, _json(c.because), json.dumps(c.gone), c.at) for c in changes),
        )


def _unknown(check_id: str) -> DeskError:
    return DeskError(f"No kept check has the id {check_id!r}; `factbot checks` lists them.")


def _is_checked(claim: ClaimCheck) -> bool:
    return claim.reason != "not_checkable"


# -- results as JSON, and back ---------------------------------------------------------------------


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _made(kind: Any, data: Any) -> Any:
    """What JSON holds as one of our results; fields that later versions know are left out."""
    return _adapter(kind).validate_python(data)


def _json(results: Sequence[Any]) -> str:
    """Results whole, with what `to_dict` leaves out."""
    return json.dumps([asdict(result) for result in results])


def _claim_columns(claim: ClaimCheck) -> tuple[str, str]:
    """A claim without its long fields, and those alone."""
    whole = asdict(claim)
    long = {name: whole.pop(name) for name in LONG}
    return json.dumps(whole), json.dumps(long)


def _rest(report: Report) -> str:
    """What a report says of the whole, beside its text and claims."""
    whole = asdict(replace(report, claims=()))
    return json.dumps({name: whole[name] for name in ("elapsed_ms", "corpus_version", "models", "note", "usage")})


def _check(row: tuple[Any, ...], claims: Iterable[Sequence[str]], reviews: Iterable[Review]) -> Check:
    check_id, title, at, owner, text, scope, finished, rest = row
    whole = json.loads(rest)
    report = Report(
        text=json.loads(text),
        claims=tuple(
            _made(ClaimCheck, {"evidence": (), **json.loads(short), **json.loads(long)}) for short, long in claims
        ),
        elapsed_ms=whole["elapsed_ms"],
        corpus_version=whole["corpus_version"],
        models=whole["models"],
        note=whole["note"],
        usage=tuple(Usage(**used) for used in whole["usage"]),
        check_id=check_id,
    )
    return Check(
        id=check_id,
        title=title,
        at=at,
        text=report.text,
        report=report,
        scope=json.loads(scope),
        reviews=tuple(reviews),
        owner=owner,
        finished=bool(finished),
    )


def _change(row: tuple[Any, ...]) -> Change:
    check_id, claim, was, then, because, gone, at = row
    return Change(
        check_id, claim, was, then, _made(tuple[Citation, ...], json.loads(because)), at, tuple(json.loads(gone))
    )
