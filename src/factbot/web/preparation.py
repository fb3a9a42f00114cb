"""Models and index, made ready in the background while the page is already up."""

from __future__ import annotations

import logging
import threading

from factbot.bot import FactBot
from factbot.errors import FactbotError
from factbot.web.jobs import Jobs

__all__ = ["Preparation"]

log = logging.getLogger(__name__)


class Preparation:
    """Loads the models, then has the index synced with the corpus; `message` says in words how far that is.

    `done` is set when a question can be asked, one that cannot be answered says why itself: after the models where
    there are articles in the index already, else after the first sync, and where something went wrong.
    """

    def __init__(self, bot: FactBot) -> None:
        self._bot = bot
        self.jobs = Jobs(bot)
        self._stage = "Starting…"
        self._problem = ""
        self.done = threading.Event()
        self.over = threading.Event()  # the first sync, too

    def start(self) -> None:
        threading.Thread(target=self._run, name="factbot-preparation", daemon=True).start()

    @property
    def failed(self) -> bool:
        return bool(self._problem)

    @property
    def message(self) -> str:
        """What is being done, or what went wrong."""
        job = self.jobs.current
        if self._problem or self.over.is_set() or job is None or not job.done:
            return self._problem or self._stage
        return f"{job.words}…"

    def _run(self) -> None:
        try:
            self._stage = "Loading the models…"
            has_articles = bool(self._bot.articles())
            self._bot.warm_up()
            if self._bot.index.mismatch():  # the old index answers; the corpus view offers to make a new one
                return
            self._stage = "Looking for new articles…"
            job = self.jobs.sync(waits=True)
            if has_articles:
                self.done.set()
            job.over.wait()
        except FactbotError as error:
            self._problem = str(error)
        except Exception:
            log.exception("The models or the index could not be made ready")
            self._problem = "factbot could not start, by an error of its own; the terminal shows where."
        finally:
            self.over.set()
            self.done.set()
