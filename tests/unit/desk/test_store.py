"""What is kept comes back as it was, from every version of the file, and nothing that was kept is lost."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factbot import Change, Check, Citation, DeskError, Report, Review
from factbot.desk import schema
from factbot.desk.database import Database
from factbot.desk.store import CheckStore
from tests.support.desk import PASSAGE, claim, keep, report, store_at

finite = st.floats(allow_nan=False, allow_infinity=False)
st.register_type_strategy(float, finite)
# Any characters, also halves of a pair, which no file can hold as they are.
words = st.text(st.characters())
json_objects = st.dictionaries(st.text(), st.none() | st.booleans() | st.text() | st.lists(st.text()), max_size=3)


@pytest.fixture
def store(tmp_path: Path) -> CheckStore:
    return store_at(tmp_path / "desk.db")


@given(made=st.from_type(Report), text=words, scope=st.none() | json_objects, finished=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
def test_a_check_comes_back_as_it_was(
    store: CheckStore, made: Report, text: str, scope: dict[str, object] | None, finished: bool
) -> None:
    check_id = store.begin("Begun.", "", "", "")
    store.delete(check_id)
    made = replace(made, text=text, check_id=check_id)
    reviews = (
        Review(1, "refuted", "Why?", "open", "Ida", "2026-01-02T03:04:05Z"),
        Review(1, None, "", "done", "", ""),
    )
    check = Check(check_id, "A title", "2026-01-02T03:04:05Z", text, made, scope, reviews, "anna", finished)
    store.put(check)
    assert store.check(check_id) == check
    assert store.check(check_id).to_dict() == check.to_dict()
    store.delete(check_id)


def test_claims_are_kept_one_after_the_other(store: CheckStore) -> None:
    first, second, third = (claim(f"Quay {n} was mended.") for n in range(3))
    check_id = store.begin("Quays.", "Before.", "Quays", "")
    store.add_claims(check_id, report(first))
    store.add_claims(check_id, report(first, second), kept=1)
    assert store.check(check_id).report.claims == (first, second) and store.before(check_id) == "Before."
    store.add_claims(check_id, report(first, third), kept=1)
    assert store.check(check_id).report.claims == (first, third), "what stood in its place gave way"
    store.delete(check_id)
    with pytest.raises(DeskError, match="No kept check"):
        store.add_claims(check_id, report(first))


def test_lists_are_newest_first_and_everybody_sees_their_own(store: CheckStore) -> None:
    ids = [
        keep(store, claim(f"Quay {n} was mended."), owner=owner) for n, owner in enumerate(["", "anna", "anna"])
    ]
    assert [check.id for check in store.checks()] == ids[::-1]
    assert [check.id for check in store.checks("anna")] == ids[:0:-1]
    assert store.check(ids[1], "anna").id == ids[1]
    with pytest.raises(DeskError):
        store.check(ids[0], "anna")
    with pytest.raises(DeskError):
        store.check("'; DROP TABLE checks; --")
    with pytest.raises(DeskError):
        store.check("\udcff")
    with pytest.raises(DeskError, match="kept already"):
        store.put(store.check(ids[0]))
    assert len(store.checks()) == 3


def test_the_log_only_grows(store: CheckStore, tmp_path: Path) -> None:
    change = Change(
        "c0ffee", 1, "supported", "refuted", (Citation(1, PASSAGE, "The quay", 0, 8),), "2026-01-02", (1,)
    )
    store.add_changes([change])
    assert store.changes() == store.changes(["c0ffee"]) == [change] and store.changes(["other"]) == []
    with closing(sqlite3.connect(tmp_path / "desk.db")) as db:
        for statement in ("DELETE FROM changes", "UPDATE changes SET now = 'supported'"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                db.execute(statement)


def test_threads_lose_nothing_to_one_another(store: CheckStore, tmp_path: Path) -> None:
    check_id = keep(store, claim("The quay was mended."))
    stores = [store, store, store_at(tmp_path / "desk.db"), store_at(tmp_path / "desk.db")]

    def review(mine: CheckStore) -> None:
        for _ in range(10):
            with mine.transaction():
                mine.add_review(check_id, Review(1, None, str(len(mine.reviews(check_id))), "open", "", ""))

    threads = [threading.Thread(target=review, args=(mine,)) for mine in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [r.note for r in store.reviews(check_id)] == [str(n) for n in range(40)]


def test_an_older_file_is_brought_up_to_date_with_all_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = store_at(tmp_path / "desk.db")
    check_id = keep(older, claim("The quay was mended."))
    kept = older.check(check_id)
    step = ("ALTER TABLE checks ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'",)
    with monkeypatch.context() as later:
        later.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step))
        database = Database(tmp_path / "desk.db")
        assert database.rows("SELECT colour FROM checks") == [("red",)]
        assert CheckStore(database).check(check_id) == kept
    with pytest.raises(DeskError, match="later version"):
        store_at(tmp_path / "desk.db").checks()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_id = keep(store_at(tmp_path / "desk.db"), claim("The quay was mended."))
    with monkeypatch.context() as later:
        later.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("DROP TABLE reviews", "no statement")))
        with pytest.raises(DeskError):
            store_at(tmp_path / "desk.db").checks()
    assert store_at(tmp_path / "desk.db").check(check_id).reviews == ()


def test_a_file_that_is_no_database_is_left_alone_and_named(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("Something else. " * 100)
    with pytest.raises(DeskError, match=r"desk\.db are damaged .*backup"):
        store_at(tmp_path / "desk.db").checks()
    assert (tmp_path / "desk.db").read_text().startswith("Something else.")


def test_nobody_else_may_read_the_file(store: CheckStore, tmp_path: Path) -> None:
    keep(store, claim("The quay was mended."))
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("desk.db*")} == {0o600}
