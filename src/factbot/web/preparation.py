"""Models and index, made ready in the background while the page is already up."""

from __future__ import annotations

import logging
import threading

from factbot.bot import FactBot
from factbot.errors import FactbotError
from factbot.results import Failure, SyncProgress

__all__ = ["Preparation"]

log = logging.getLogger(__name__)


class Preparation:
    """Loads the models, then syncs the index with the corpus; `message` says in words how far that is.

    `done` is set when it is over, whether it went well or not: a question can be asked then, and one
    that cannot be answered says why itself. `failures` are the files that did not go into the index,
    `article_ids` the articles that did; None before they are known.
    """

    def __init__(self, bot: FactBot) -> None:
        self._bot = bot
        self.done = threading.Event()
        self.message = "Starting…"
        self.failed = False
        self.failures: tuple[Failure, ...] = ()
        self.article_ids: frozenset[str] | None = None

    def start(self) -> None:
        threading.Thread(target=self._run, name="factbot-preparation", daemon=True).start()

    def _run(self) -> None:
        try:
            self.message = "Loading the models…"
            self.article_ids = frozenset(article.id for article in self._bot.articles()) or None
            self._bot.warm_up()
            self.message = "Looking for new articles…"
            self.failures = self._bot.sync(progress=self._progress).failed
            self.article_ids = frozenset(article.id for article in self._bot.articles())
            self.message = f"Ready: {_articles(len(self.article_ids))}"
        except FactbotError as error:
            self.failed, self.message = True, str(error)
        except Exception:
            log.exception("The models or the index could not be made ready")
            self.failed = True
            self.message = "factbot could not start, by an error of its own; the terminal shows where."
        finally:
            self.done.set()

    def _progress(self, progress: SyncProgress) -> None:
        left = progress.seconds_left
        time_left = f", about {_duration(left)} left" if left is not None and left >= 5 else ""
        self.message = f"Reading {progress.articles_done:,} of {_articles(progress.articles_total)}{time_left}…"


def _articles(number: int) -> str:
    return f"{number:,} article{'' if number == 1 else 's'}"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
