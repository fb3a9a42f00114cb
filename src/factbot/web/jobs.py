"""Work on the index in the background: one job at a time, shown to everybody who has the page open."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from factbot.bot import FactBot
from factbot.errors import ArticleError, FactbotError, UsageError
from factbot.results import Article, Failure, SyncProgress, SyncReport
from factbot.scheduling import Cancellation
from factbot.text.plurals import counted
from factbot.web.wording import INTERNAL_ERROR, duration

__all__ = ["Command", "Job", "Jobs"]

Kind = Literal["sync", "rebuild", "add"]
NAMES: dict[Kind, str] = {"sync": "Looking for changes", "rebuild": "Rebuilding", "add": "Adding"}
FAILURES_KEPT = 1_000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Command:
    """A command beside the app that asked for a job: what cancels it, and whom to tell of every step."""

    cancellation: Cancellation
    tell: Callable[[SyncProgress | Article | Failure], None]


class Job:
    """One piece of work: what it is, how far it is, and in the end what came of it.

    `state` is "waiting", "running", "done", "stopped" or "failed"; `outcome` is a sentence for the last three.
    `total` is 0 while it is unknown. `report` or `error` is for the command that asked for the job.
    """

    def __init__(
        self,
        kind: Kind,
        run: Callable[[Job], str],
        cancellation: Cancellation,
        total: int = 0,
        command: Command | None = None,
    ) -> None:
        self.kind = kind
        self.run = run
        self.cancellation = command.cancellation if command else cancellation
        self.command = command
        self.report: SyncReport | None = None
        self.error: FactbotError | None = None
        self.state: Literal["waiting", "running", "done", "stopped", "failed"] = "waiting"
        self.done = 0
        self.total = total
        self.passages_per_second = 0.0
        self.seconds_left: float | None = None
        self.failures: list[Failure] = []
        self.failed = 0  # how many; `failures` holds the first of them
        self.outcome = ""
        self.ended = 0.0  # on the monotonic clock
        self.finished = threading.Event()

    @property
    def name(self) -> str:
        return NAMES[self.kind] + (" from the command line" if self.command else "")

    @property
    def far(self) -> str:
        """How far it is: "12 of 300 articles"."""
        return (
            f"{self.done:,} of {counted(self.total, 'article')}" if self.total else counted(self.done, "article")
        )

    @property
    def words(self) -> str:
        """What it is and how far: "Adding 12 of 300 articles, 210 passages/s, about 2 min left"."""
        if self.cancellation.stopped and self.state == "running":
            return f"{self.name} is being cancelled"
        between = ":" if self.kind == "sync" or self.command else ""
        if not self.done:
            return self.name + (f"{between} {counted(self.total, 'article')}" if self.total else "")
        parts = [f"{self.name}{between} {self.far}{'' if self.total else ' so far'}"]
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

    def progress(self, progress: SyncProgress) -> None:
        self.done, self.total = progress.articles_done, progress.articles_total
        self.passages_per_second, self.seconds_left = progress.passages_per_second, progress.seconds_left
        if self.command:
            self.command.tell(progress)

    def take(self, result: Article | Failure) -> None:
        """Count an article that was added or refused. A command reports its own failures, with its own paths."""
        self.done += 1
        self.total = max(self.total, self.done) if self.total else 0
        if self.command:
            self.command.tell(result)
        elif isinstance(result, Failure):
            self.fail([result])


class Jobs:
    """The jobs of one bot: the one that runs, those that wait for it, and the last that has ended.

    Articles to be added, and the jobs of commands, wait for their turn. A sync or rebuild from the page is refused
    while a job runs: a second one would change nothing.
    """

    def __init__(self, bot: FactBot) -> None:
        self._bot = bot
        self._starting = threading.RLock()
        self._jobs: list[Job] = []
        self.last: Job | None = None
        self.failures: tuple[Failure, ...] = ()  # of the last sync or rebuild that was not stopped

    @property
    def current(self) -> Job | None:
        jobs = self._jobs
        return jobs[0] if jobs else None

    @property
    def waiting(self) -> int:
        return max(0, len(self._jobs) - 1)

    def sync(self, command: Command | None = None, *, waits: bool = False) -> Job:
        """Make the index equal to the corpus folder. Raises UsageError while another job runs, or waits for it."""

        def run(job: Job) -> str:
            report = self._bot.sync(job.progress, job.cancellation)
            return self._looked_through(job, report, _changes(report) + _unread(len(report.notes)))

        return self._start(Job("sync", run, self._bot.cancellation(), 0, command), waits=waits or bool(command))

    def rebuild(self, command: Command | None = None) -> Job:
        """Embed everything again, beside the index that answers. Raises UsageError where another job runs."""

        def run(job: Job) -> str:
            report = self._bot.rebuild(job.progress, job.cancellation)
            if not job.cancellation.stopped:
                self._bot.warm_up()
            embedded = len(report.added) + len(report.updated) + len(report.unchanged)
            return self._looked_through(
                job, report, f"Rebuilt the index of {counted(embedded, 'article')}.{_unread(len(report.notes))}"
            )

        return self._start(Job("rebuild", run, self._bot.cancellation(), 0, command), waits=bool(command))

    def add(
        self,
        total: int,
        add: Callable[[Cancellation], Iterable[Article | Failure]],
        clear: Callable[[], None] = lambda: None,
        command: Command | None = None,
    ) -> Job:
        """Add the articles that `add` gives, about `total`. `clear` is called at the end if it was not stopped."""

        def run(job: Job) -> str:
            since, passages, added, noted = time.monotonic(), 0, 0, 0
            for result in add(job.cancellation):
                job.take(result)
                if isinstance(result, Article):
                    added, passages = added + 1, passages + result.passages
                    noted += bool(result.note)
                elapsed = max(time.monotonic() - since, 1e-6)
                job.passages_per_second = passages / elapsed
                job.seconds_left = (job.total - job.done) * elapsed / job.done if job.total else None
            if not job.cancellation.stopped:
                clear()
            return f"Added {counted(added, 'article')}.{_unread(noted)}"

        return self._start(Job("add", run, self._bot.cancellation(), total, command), waits=True)

    def resume(self) -> Job:
        """Go on with the last job, which was stopped or failed. Raises UsageError where there is none."""
        with self._starting:
            last = self.last
            if last is None or last.state == "done":
                raise UsageError("There is nothing to resume.")
            job = Job(last.kind, last.run, self._bot.cancellation(), last.total)
            self._start(job, waits=last.kind == "add")
            self.last = None  # so that a second click does not begin it twice
        return job

    def cancel(self) -> None:
        """Stop the running job after its current piece of work; what is done stays."""
        if job := self.current:
            job.cancellation.stop()

    def at_once(self, change: Callable[[], None]) -> None:
        """Make a small change now. Raises UsageError where it would have to wait for a long job."""
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
                threading.Thread(target=self._work, args=(job,), name="factbot-jobs", daemon=True).start()
        return job

    def _work(self, job: Job) -> None:
        while True:
            job.state = "running"
            try:
                # It may have been cancelled while it waited.
                outcome = "" if job.cancellation.stopped else job.run(job)
                job.state, job.outcome = (
                    ("stopped", _stopped(job)) if job.cancellation.stopped else ("done", outcome)
                )
            except FactbotError as error:
                job.error = error
            except Exception:
                log.exception("%s went wrong", job.name)
                job.error = FactbotError(INTERNAL_ERROR)
            if job.error:
                job.state, job.outcome = "failed", str(job.error)
            job.ended = time.monotonic()
            with self._starting:
                # A wrong name in a command is no concern of the page.
                if not (job.command and isinstance(job.error, ArticleError)):
                    self.last = job
                self._jobs = self._jobs[1:]
                following = self.current  # a job that is begun after this starts a thread of its own
            job.finished.set()
            if following is None:
                return
            job = following

    def _looked_through(self, job: Job, report: SyncReport, outcome: str) -> str:
        job.report = report
        job.fail(report.failed)
        if not job.cancellation.stopped:
            self.failures = report.failed
        return outcome


def _busy(job: Job) -> str:
    return f"One piece of work at a time: “{job.words}” is going on. Try again when it is done, or cancel it."


def _stopped(job: Job) -> str:
    far = f" after {job.far}" if job.done else ""
    return f"{job.name} was cancelled{far}; what is done stays."


def _unread(noted: int) -> str:
    """A sentence on articles of whose files a part was not read."""
    return f" {counted(noted, 'file')} could not be read as a whole; open the article to see why." if noted else ""


def _changes(report: SyncReport) -> str:
    numbers = {"added": report.added, "changed": report.updated, "removed": report.removed}
    changes = [f"{len(ids):,} {name}" for name, ids in numbers.items() if ids]
    return f"Found changes: {', '.join(changes)}." if changes else "Nothing had changed."
