"""How the index is, in words that are true at any time: a line for the masthead, and more in the corpus view."""

from __future__ import annotations

import time

from factbot.bot import FactBot
from factbot.web.jobs import counted, duration
from factbot.web.library import view as html
from factbot.web.library.article_table import Catalogue
from factbot.web.markup import escape
from factbot.web.preparation import Preparation

__all__ = ["Condition"]

RECENT = 600.0  # seconds for which the end of a job is worth a word
MODEL_DIFFERS = (
    "The settings name another embedding model than the index was built with: re-embed to use it; "
    "until then the old index answers."
)
SETTINGS_DIFFER = (
    "The index was built with other settings than those in force: re-embed to use them; "
    "until then the old index answers."
)
SIGNS = {"busy": "", "ready": "✓", "warning": "!", "failed": "!"}


class Condition:
    """What is being done to the index, what came of it, and what is in it."""

    def __init__(self, bot: FactBot, preparation: Preparation, catalogue: Catalogue) -> None:
        self._bot = bot
        self._preparation = preparation
        self._jobs = preparation.jobs
        self._catalogue = catalogue

    @property
    def is_busy(self) -> bool:
        return self._jobs.current is not None or not self._preparation.over.is_set()

    @property
    def is_known(self) -> bool:
        """Whether the list of articles says what there is: before the first sync an empty one does not."""
        return self._preparation.over.is_set() or self._preparation.done.is_set()

    def line(self) -> str:
        """The masthead's line: a sign, a few words, and the files that could not be read."""
        sign, words, _ = self._words()
        if sign in ("ready", "warning"):
            words = f"Ready: {counted(len(self._catalogue.listing().rows), 'article')}"
            sign = "warning" if self._mismatch() else "ready"
            words += "; re-embed them in the corpus" if sign == "warning" else ""
        left_out = self._jobs.failures
        files = html.failures(f"{counted(len(left_out), 'file')} left out", left_out, len(left_out))
        live = "off" if sign == "busy" else "polite"  # progress is not read out at every step
        return (
            f'<div class="status {sign}"><span class="sign" aria-hidden="true">{SIGNS[sign]}</span>'
            f'<span role="status" aria-live="{live}">{escape(words)}</span>{files}</div>'
        )

    def state(self) -> str:
        """The corpus view's: the same with figures, and with a bar while a job runs."""
        sign, words, aside = self._words()
        job, bar = self._jobs.current, ""
        if job is not None and job.done:
            far = f' max="{job.total}" value="{min(job.done, job.total)}"' if job.total else ""
            bar = f"<progress{far}></progress>"
        more = f' <span class="soft">{escape(aside)}</span>' if aside else ""
        return (
            f'<p class="{sign}"><span class="sign" aria-hidden="true">{SIGNS[sign]}</span>'
            f"<span>{escape(words)}{more}</span></p>{bar}"
        )

    def actions(self) -> str:
        return html.actions(self._jobs.current, self._jobs.last, is_ready=self._preparation.over.is_set())

    def failures(self) -> str:
        """What was refused of the articles that were added last, and of the corpus folder."""
        last, refused = self._jobs.last, ""
        if last is not None and last.kind == "add" and last.failed:
            heading = f"{last.failed:,} of what was to be added {'was' if last.failed == 1 else 'were'} refused"
            refused = html.failures(heading, last.failures, last.failed)
        left_out = self._jobs.failures
        heading = f"{counted(len(left_out), 'file')} in the corpus folder left out"
        return refused + html.failures(heading, left_out, len(left_out))

    def _words(self) -> tuple[str, str, str]:
        """A sign, what there is to say, and what else is worth knowing."""
        preparation, job, last = self._preparation, self._jobs.current, self._jobs.last
        if preparation.failed:
            return "failed", preparation.message, ""
        if not preparation.over.is_set():
            return "busy", preparation.message, ""
        if job is not None:
            waiting = self._jobs.waiting
            more = f"; {waiting} more wait{'s' if waiting == 1 else ''}" if waiting else ""
            return (
                "busy",
                f"{job.words}{more}",
                "The old index answers meanwhile." if job.kind == "rebuild" else "",
            )
        listing = self._catalogue.listing()
        held = f"{counted(len(listing.rows), 'article')}, {counted(listing.passages, 'passage')}"
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
