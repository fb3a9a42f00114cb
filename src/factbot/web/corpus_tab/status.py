"""How the index is, in words: a line for the page's header, and more in the Corpus tab."""

from __future__ import annotations

import time

from factbot.bot import FactBot
from factbot.text.plurals import counted
from factbot.web.corpus_tab import view
from factbot.web.corpus_tab.article_table import TableCache
from factbot.web.rendering import render
from factbot.web.startup import Startup
from factbot.web.wording import duration

__all__ = ["IndexStatus"]

RECENT = 600.0  # seconds for which the end of a job is worth a word
MODEL_DIFFERS = (
    "The settings name another embedding model than the index was built with: rebuild the index to use it; "
    "until then the old index answers."
)
SETTINGS_DIFFER = (
    "The index was built with other settings than those in force: rebuild it with these; "
    "until then the old index answers."
)
SIGNS = {"busy": "", "ready": "✓", "warning": "!", "failed": "!"}


class IndexStatus:
    """What is being done to the index, what came of it, and what is in it."""

    def __init__(self, bot: FactBot, startup: Startup, tables: TableCache) -> None:
        self._bot = bot
        self._startup = startup
        self._jobs = startup.jobs
        self._tables = tables

    @property
    def is_busy(self) -> bool:
        return self._jobs.current is not None or not self._startup.finished.is_set()

    @property
    def is_known(self) -> bool:
        """Whether the list of articles says what there is: before the first sync an empty one does not."""
        return self._startup.finished.is_set() or self._startup.can_answer.is_set()

    def line(self) -> str:
        """The header's line: a sign, a few words, and the files that could not be read."""
        kind, words, _ = self._words()
        if kind in ("ready", "warning"):
            words = f"Ready: {counted(len(self._tables.current().rows), 'article')}"
            kind = "warning" if self._mismatch() else "ready"
            words += "; rebuild the index in the Corpus tab" if kind == "warning" else ""
        left_out = self._jobs.failures
        return render(
            "corpus_tab/status_line.html",
            kind=kind,
            sign=SIGNS[kind],
            words=words,
            heading=f"{counted(len(left_out), 'file')} left out",
            failures=left_out[: view.FAILURES_SHOWN],
            number=len(left_out),
        )

    def state(self) -> str:
        """The Corpus tab's: the same with figures, and with a bar while a job runs."""
        kind, words, aside = self._words()
        return render(
            "corpus_tab/status.html", kind=kind, sign=SIGNS[kind], words=words, aside=aside, job=self._jobs.current
        )

    def actions(self) -> str:
        """What can be done with the index now; it stays the same HTML while a job runs."""
        last = self._jobs.last
        actions: list[tuple[str, str]] = []
        if self._startup.finished.is_set():
            if self._jobs.current is not None:
                actions = [("cancel", "Cancel")]
            else:
                resume = [("resume", "Resume")] if last and last.state in ("stopped", "failed") else []
                actions = [*resume, ("sync", "Look for changes"), ("confirm", "Rebuild the index")]
        return render("corpus_tab/actions.html", actions=actions)

    def failures(self) -> str:
        """What was refused of the articles that were added last, and of the corpus folder."""
        last, refused = self._jobs.last, ""
        if last is not None and last.kind == "add" and last.failed:
            heading = f"{last.failed:,} of what was to be added {'was' if last.failed == 1 else 'were'} refused"
            refused = view.failures(heading, last.failures, last.failed)
        left_out = self._jobs.failures
        heading = f"{counted(len(left_out), 'file')} in the corpus folder left out"
        return refused + view.failures(heading, left_out, len(left_out))

    def _words(self) -> tuple[str, str, str]:
        """What kind of state it is (of SIGNS), what there is to say, and what else is worth knowing."""
        startup, job, last = self._startup, self._jobs.current, self._jobs.last
        if startup.failed:
            return "failed", startup.message, ""
        if not startup.finished.is_set():
            return "busy", startup.message, ""
        if job is not None:
            waiting = self._jobs.waiting
            more = f"; {waiting} more wait{'s' if waiting == 1 else ''}" if waiting else ""
            return (
                "busy",
                f"{job.words}{more}",
                "The old index answers meanwhile." if job.kind == "rebuild" else "",
            )
        table = self._tables.current()
        held = f"{counted(len(table.rows), 'article')}, {counted(table.passages, 'passage')}"
        if last is not None and last.state == "failed":
            return "failed", last.outcome, held
        if mismatch := self._mismatch():
            return "warning", mismatch, held
        if last is not None and last.state == "stopped":
            return "warning", last.outcome, held
        since = time.monotonic() - last.ended if last else RECENT
        ended = f"{last.outcome.rstrip('.')} ({_ago(since)})." if last and since < RECENT else ""
        return "ready", f"{held}; up to date", ended

    def _mismatch(self) -> str:
        """In which way the index is not what the settings ask for; "" where it is."""
        if not self._bot.index.mismatch():
            return ""
        same = self._bot.index.embedding_model == self._bot.settings.embedding_model
        return SETTINGS_DIFFER if same else MODEL_DIFFERS


def _ago(seconds: float) -> str:
    return "just now" if seconds < 60 else f"{duration(60 * (seconds // 60))} ago"
