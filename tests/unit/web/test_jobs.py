"""One change of the corpus at a time, and what waits for its turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from factbot import (
    Article,
    ArticleError,
    CorpusError,
    Failure,
    SyncProgress,
    UsageError,
)
from factbot.scheduling import Cancellation
from factbot.web.corpus_tab.article_table import TableCache
from factbot.web.corpus_tab.status import MODEL_DIFFERS, IndexStatus
from factbot.web.jobs import Command, Job, Jobs
from factbot.web.startup import Startup
from tests.support.page import Page
from tests.support.waiting import WAIT, waited


class FakeBot:
    """A bot whose work goes on until it is let go, or stopped."""

    settings = SimpleNamespace(corpus=Path("corpus"), embedding_model="new")
    corpus_version = "1"

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.error: Exception | None = None
        self.differs = ""
        self.index = SimpleNamespace(mismatch=lambda: self.differs, folder=Path("index-1"), embedding_model="old")
        self.begun = self.synced = 0
        self.notes: tuple[str, ...] = ()

    def cancellation(self) -> Cancellation:
        return Cancellation()

    def warm_up(self) -> None:
        pass

    def articles(self) -> list[Article]:
        return [Article("T", "", id="t.md", passages=3)]

    def sync(self, progress: Any, cancellation: Cancellation) -> Any:
        self.begun += 1
        progress(SyncProgress(12, 300, 500, 210.0, 120.0))
        while not self.go_on.wait(0.01):
            if cancellation.stopped:
                break
        if self.error:
            raise self.error
        self.synced += 1
        return SimpleNamespace(failed=(), added=("a",), updated=(), removed=(), unchanged=(), notes=self.notes)

    rebuild = sync

    def add_all(self, n: int, cancellation: Cancellation) -> Iterator[Article | Failure]:
        for _ in range(n):
            assert self.go_on.wait(WAIT)
            if cancellation.stopped:
                return
            yield Article("T", "", passages=2)


class TestJobs:
    def test_progress_is_told_in_words(self) -> None:
        bot = FakeBot()
        job = Jobs(bot).rebuild()  # type: ignore[arg-type]
        waited(lambda: job.done)
        assert job.words == "Rebuilding 12 of 300 articles, 210 passages/s, about 2 min left"
        bot.go_on.set()
        assert job.finished.wait(WAIT) and job.state == "done"

    def test_files_that_were_not_read_as_a_whole_are_counted(self) -> None:
        bot = FakeBot()
        bot.notes = ("a.pdf: Page 2 holds no text.", "b.eml: 1 attachment was not read: plan.pdf.")
        bot.go_on.set()
        jobs = Jobs(bot)  # type: ignore[arg-type]
        words = "2 files could not be read as a whole; open the article to see why."
        for job in (jobs.sync(), jobs.rebuild(Command(Cancellation(), lambda step: None))):
            assert job.finished.wait(WAIT) and job.outcome.endswith(f". {words}")
        added = jobs.add(2, lambda cancellation: [Article("T", "", note=note) for note in ("", "Page 2 …")])
        assert added.finished.wait(WAIT)
        assert (
            added.outcome == "Added 2 articles. 1 file could not be read as a whole; open the article to see why."
        )

    def test_one_at_a_time_and_a_second_is_refused_in_words(self) -> None:
        bot = FakeBot()
        jobs = Jobs(bot)  # type: ignore[arg-type]
        job = jobs.sync()
        waited(lambda: job.done)
        with pytest.raises(UsageError, match=r"One piece of work at a time: “Looking for changes: 12 of 300"):
            jobs.rebuild()
        with pytest.raises(UsageError, match="One piece of work at a time"):
            jobs.at_once(lambda: None)
        jobs.cancel()
        assert job.finished.wait(WAIT)
        assert job.outcome == "Looking for changes was cancelled after 12 of 300 articles; what is done stays."
        again = jobs.resume()
        bot.go_on.set()
        assert again.finished.wait(WAIT) and (again.kind, again.state) == ("sync", "done")
        with pytest.raises(UsageError, match="nothing to resume"):
            jobs.resume()

    def test_what_two_people_add_at_once_goes_in_one_after_the_other(self) -> None:
        bot = FakeBot()
        jobs = Jobs(bot)  # type: ignore[arg-type]
        cleared: list[str] = []
        adds = [
            jobs.add(n, lambda cancellation, n=n: bot.add_all(n, cancellation), lambda n=n: cleared.append(f"{n}"))  # type: ignore[misc]
            for n in (2, 3)
        ]
        assert (jobs.current, jobs.waiting) == (adds[0], 1)
        bot.go_on.set()
        assert all(job.finished.wait(WAIT) for job in adds)
        assert [job.outcome for job in adds] == ["Added 2 articles.", "Added 3 articles."]
        assert cleared == ["2", "3"]

    def test_a_job_begun_at_the_end_of_another_runs_once(self) -> None:
        bot = FakeBot()
        jobs = Jobs(bot)  # type: ignore[arg-type]
        first = jobs.sync()
        following: list[Job] = []

        def at_the_end() -> None:
            bot.go_on.clear()
            following.append(jobs.sync())

        first.finished.set = at_the_end  # type: ignore[method-assign]
        bot.go_on.set()
        waited(lambda: following)
        last = jobs.add(1, lambda cancellation: bot.add_all(1, cancellation))
        time.sleep(0.2)  # in which a second thread would begin the same job
        assert bot.begun == 2
        bot.go_on.set()
        assert last.finished.wait(WAIT) and last.outcome == "Added 1 article."

    def test_what_was_cancelled_is_resumed_once(self) -> None:
        bot = FakeBot()
        jobs = Jobs(bot)  # type: ignore[arg-type]
        adding = jobs.add(2, lambda cancellation: bot.add_all(2, cancellation))
        jobs.cancel()
        bot.go_on.set()
        assert adding.finished.wait(WAIT) and adding.state == "stopped"
        bot.go_on.clear()
        again = jobs.resume()
        with pytest.raises(UsageError, match="nothing to resume"):
            jobs.resume()
        bot.go_on.set()
        assert again.finished.wait(WAIT) and again.outcome == "Added 2 articles."

    def test_internal_error_is_no_traceback_and_the_next_job_runs(self) -> None:
        bot = FakeBot()
        jobs = Jobs(bot)  # type: ignore[arg-type]
        bot.go_on.set()
        for error, words in (
            (ZeroDivisionError("secret"), "internal error"),
            (CorpusError("Mend it."), "Mend it."),
        ):
            bot.error = error
            job = jobs.sync()
            assert job.finished.wait(WAIT) and job.state == "failed"
            assert words in job.outcome and "secret" not in job.outcome
            waited(lambda: jobs.current is None)
        bot.error = None
        assert jobs.resume().finished.wait(WAIT) and bot.synced == 1

    def test_a_commands_job_waits_for_its_turn_and_is_described(self) -> None:
        bot = FakeBot()
        jobs = Jobs(bot)  # type: ignore[arg-type]
        told: list[Any] = []
        page = jobs.sync()
        command = Command(Cancellation(), told.append)
        adding = jobs.add(0, lambda cancellation: bot.add_all(3, cancellation), command=command)
        assert (jobs.current, jobs.waiting, adding.state) == (page, 1, "waiting")
        assert adding.words == "Adding from the command line"
        bot.go_on.set()
        assert adding.finished.wait(WAIT) and (adding.state, adding.outcome) == ("done", "Added 3 articles.")
        assert len(told) == 3 and adding.words.startswith("Adding from the command line: 3 articles so far")
        bot.go_on.clear()
        rebuild = jobs.rebuild(command)
        waited(lambda: rebuild.done)
        words = "Rebuilding from the command line: 12 of 300 articles, 210 passages/s, about 2 min left"
        assert rebuild.words == words and isinstance(told[-1], SyncProgress)
        jobs.cancel()
        assert rebuild.finished.wait(WAIT) and command.cancellation.stopped
        assert rebuild.outcome == (
            "Rebuilding from the command line was cancelled after 12 of 300 articles; what is done stays."
        )

    def test_a_job_whose_caller_is_gone_is_not_begun(self) -> None:
        bot = FakeBot()
        jobs = Jobs(bot)  # type: ignore[arg-type]
        first = jobs.sync()
        gone = jobs.sync(Command(Cancellation(), lambda event: None))
        gone.cancellation.stop()
        bot.go_on.set()
        assert first.finished.wait(WAIT) and gone.finished.wait(WAIT)
        assert (gone.state, bot.synced) == ("stopped", 1)

    def test_a_name_that_a_command_got_wrong_is_its_own_concern(self) -> None:
        jobs = Jobs(FakeBot())  # type: ignore[arg-type]

        def add(cancellation: Cancellation) -> Iterator[Article | Failure]:
            yield Failure("/home/me/a.txt", "/home/me/a.txt is broken.")
            raise ArticleError("/home/me/b.txt is no file.")

        told: list[Any] = []
        job = jobs.add(0, add, command=Command(Cancellation(), told.append))
        assert job.finished.wait(WAIT) and isinstance(job.error, ArticleError)
        assert len(told) == 1 and jobs.last is None and job.failures == []

    def test_an_index_of_another_model_is_reported_and_does_not_stop_the_start(self) -> None:
        bot = FakeBot()
        bot.differs = "It was built with another model."
        startup = Startup(bot)  # type: ignore[arg-type]
        startup.start()
        assert startup.finished.wait(WAIT) and startup.can_answer.is_set() and not startup.failed
        status = IndexStatus(bot, startup, TableCache(bot))  # type: ignore[arg-type]
        assert MODEL_DIFFERS in Page(status.state()).text
        assert "Ready: 1 article; rebuild the index" in Page(status.line()).text
        assert "Rebuild the index" in status.actions()
        assert bot.synced == 0

    def test_questions_need_not_wait_for_the_first_sync_where_there_are_articles(self) -> None:
        bot = FakeBot()
        startup = Startup(bot)  # type: ignore[arg-type]
        startup.start()
        assert startup.can_answer.wait(WAIT) and not startup.finished.is_set()
        bot.go_on.set()
        assert startup.finished.wait(WAIT)
