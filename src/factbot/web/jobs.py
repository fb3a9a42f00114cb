"""Work on the index in the background, one piece of it at a time, for everybody who looks at the page."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Literal

from factbot.bot import FactBot
from factbot.control import Control
from factbot.errors import FactbotError, UsageError
from factbot.results import Article, Failure, SyncProgress, SyncReport

__all__ = ["Job", "Jobs", "counted", "duration"]

Kind = Literal["sync", "rebuild", "add"]
NAMES: dict[Kind, str] = {"sync": "Looking for changes", "rebuild": "Re-embedding", "add": "Adding"}
OWN_ERROR = "ended by an error of factbot's own; the terminal that runs it shows where."
FAILURES_KEPT = 1_000

log = logging.getLogger(__name__)


class Job:
    """One piece of work: what it is, how far it is, and in the end what came of it.

    `state` is "waiting", "running", "done", "stopped" or "failed"; `outcome` is a sentence for the last three.
    """

    def __init__(self, kind: Kind, run: Callable[[Job], str], control: Control, total: int = 0) -> None:
        self.kind = kind
        self.run = run
        self.control = control
        self.state: Literal["waiting", "running", "done", "stopped", "failed"] = "waiting"
        self.done = 0
        self.total = total
        self.passages_per_second = 0.0
        self.seconds_left: float | None = None
        self.failures: list[Failure] = []
        self.failed = 0  # of which `failures` holds the first
        self.outcome = ""
        self.ended = 0.0  # on the monotonic clock
        self.over = threading.Event()

    @property
    def words(self) -> str:
        """How far it is: "Adding 12 of 300 articles, 210 passages/s, about 2 min left"."""
        if self.control.stopped and self.state == "running":
            return f"{NAMES[self.kind]} is being cancelled"
        if not self.done:
            return NAMES[self.kind] + (f" {counted(self.total, 'article')}" if self.total else "")
        between = ":" if self.kind == "sync" else ""
        parts = [f"{NAMES[self.kind]}{between} {self.done:,} of {counted(self.total, 'article')}"]
        if self.passages_per_second >= 1:
            parts.append(f"{self.passages_per_second:,.0f} passages/s")
        if self.seconds_left is not None and self.seconds_left >= 5:
            parts.append(f"about {duration(self.seconds_left)} left")
        return ", ".join(parts)

    def fail(self, failures: Iterable[Failure]) -> None:
        for failure in failures:
            self.failed += 1
            if len(self.failures) < FAILURES_KEPT:
                self.failures.append(failure)

    def report(self, progress: SyncProgress) -> None:
        self.done, self.total = progress.articles_done, progress.articles_total
        self.passages_per_second, self.seconds_left = progress.passages_per_second, progress.seconds_left


class Jobs:
    """The jobs of one bot: the one that runs, those that wait for it, and the last that is over.

    Articles that are to be added wait for their turn; a further sync or rebuild is refused meanwhile, since one is
    as good as two.
    """

    def __init__(self, bot: FactBot) -> None:
        self._bot = bot
        self._starting = threading.RLock()
        self._jobs: list[Job] = []
        self.last: Job | None = None
        self.failures: tuple[Failure, ...] = ()  # of the last look through the whole corpus

    @property
    def current(self) -> Job | None:
        jobs = self._jobs
        return jobs[0] if jobs else None

    @property
    def waiting(self) -> int:
        return max(0, len(self._jobs) - 1)

    def sync(self, *, waits: bool = False) -> Job:
        """Make the index equal to the corpus folder. Raises UsageError while another job runs, or waits for it."""

        def run(job: Job) -> str:
            report = self._bot.sync(job.report, job.control)
            return self._looked_through(job, report, _changes(report))

        return self._start(Job("sync", run, self._bot.control()), waits=waits)

    def rebuild(self) -> Job:
        """Embed everything again, beside the index that answers. Raises UsageError where another job runs."""

        def run(job: Job) -> str:
            report = self._bot.rebuild(job.report, job.control)
            if not job.control.stopped:
                self._bot.warm_up()
            embedded = len(report.added) + len(report.updated) + len(report.unchanged)
            return self._looked_through(job, report, f"Re-embedded {counted(embedded, 'article')}.")

        return self._start(Job("rebuild", run, self._bot.control()))

    def add(
        self, total: int, add: Callable[[Control], Iterable[Article | Failure]], clear: Callable[[], None]
    ) -> Job:
        """Take what `add` gives as added, about `total` articles; `clear` is called unless it is to be resumed."""

        def run(job: Job) -> str:
            since, passages, added = time.monotonic(), 0, 0
            for result in add(job.control):
                job.done += 1
                job.total = max(job.total, job.done)
                if isinstance(result, Failure):
                    job.fail([result])
                else:
                    added, passages = added + 1, passages + result.passages
                elapsed = max(time.monotonic() - since, 1e-6)
                job.passages_per_second = passages / elapsed
                job.seconds_left = (job.total - job.done) * elapsed / job.done
            if not job.control.stopped:
                clear()
            return f"Added {counted(added, 'article')}."

        return self._start(Job("add", run, self._bot.control(), total), waits=True)

    def resume(self) -> Job:
        """Go on with the job that was cancelled last. Raises UsageError where there is none."""
        last = self.last
        if last is None or last.state == "done":
            raise UsageError("There is nothing to resume.")
        return self._start(Job(last.kind, last.run, self._bot.control(), last.total), waits=last.kind == "add")

    def cancel(self) -> None:
        """Stop the running job after the piece that it is at; what is done stays."""
        if self.current:
            self.current.control.stop()

    def at_once(self, change: Callable[[], None]) -> None:
        """Make a small change. Raises UsageError where it would have to wait for the end of a long job."""
        with self._starting:
            if self.current and self.current.kind != "add":
                raise UsageError(_busy(self.current))
            change()

    def _start(self, job: Job, *, waits: bool = False) -> Job:
        with self._starting:
            if self.current and not waits:
                raise UsageError(_busy(self.current))
            self._jobs = [*self._jobs, job]
            if self.current is job:
                threading.Thread(target=self._work, name="factbot-jobs", daemon=True).start()
        return job

    def _work(self) -> None:
        while job := self.current:
            job.state = "running"
            try:
                outcome = job.run(job)
                job.state, job.outcome = ("stopped", _stopped(job)) if job.control.stopped else ("done", outcome)
            except FactbotError as error:
                job.state, job.outcome = "failed", str(error)
            except Exception:
                log.exception("%s went wrong", NAMES[job.kind])
                job.state, job.outcome = "failed", f"{NAMES[job.kind]} {OWN_ERROR}"
            job.ended = time.monotonic()
            with self._starting:
                self.last = job
                self._jobs = self._jobs[1:]
            job.over.set()

    def _looked_through(self, job: Job, report: SyncReport, outcome: str) -> str:
        job.fail(report.failed)
        if not job.control.stopped:
            self.failures = report.failed
        return outcome


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:.0f} h"


def _busy(job: Job) -> str:
    return f"One piece of work at a time: “{job.words}” is going on. Try again when it is done, or cancel it."


def _stopped(job: Job) -> str:
    far = f" after {job.done:,} of {counted(job.total, 'article')}" if job.done else ""
    return f"{NAMES[job.kind]} was cancelled{far}; what is done stays."


def _changes(report: SyncReport) -> str:
    numbers = {"added": report.added, "changed": report.updated, "removed": report.removed}
    changes = [f"{len(ids):,} {name}" for name, ids in numbers.items() if ids]
    return f"Found changes: {', '.join(changes)}." if changes else "Nothing had changed."
