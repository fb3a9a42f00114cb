"""Models and index, made ready in the background while the page is already up."""

from __future__ import annotations

import logging
import threading

from factbot.bot import FactBot
from factbot.errors import FactbotError
from factbot.web.jobs import Jobs
from factbot.web.wording import INTERNAL_ERROR

__all__ = ["Startup"]


log = logging.getLogger(__name__)


class Startup:
    """Loads the models, then has the index synced with the corpus.

    `can_answer` is set when questions may be asked: after the models where the index holds articles already, else
    after the first sync. It is set where something went wrong, too: then the question itself says why.
    `finished` is set after the first sync.
    """

    def __init__(self, bot: FactBot) -> None:
        self._bot = bot
        self.jobs = Jobs(bot)
        self._stage = "Starting…"
        self._problem = ""
        self.can_answer = threading.Event()
        self.finished = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="factbot-startup", daemon=True).start()

    @property
    def failed(self) -> bool:
        return bool(self._problem)

    @property
    def message(self) -> str:
        """What is being done, or what went wrong."""
        job = self.jobs.current
        if self._problem or self.finished.is_set() or job is None or not job.done:
            return self._problem or self._stage
        return f"{job.words}…"

    def _run(self) -> None:
        try:
            self._stage = "Loading the models…"
            has_articles = bool(self._bot.articles())
            self._bot.warm_up()
            if self._bot.index.mismatch():  # the old index answers; the Corpus tab offers to make a new one
                return
            self._stage = "Looking for new articles…"
            job = self.jobs.sync(waits=True)
            if has_articles:
                self.can_answer.set()
            job.finished.wait()
        except FactbotError as error:
            self._problem = str(error)
        except Exception:
            log.exception("The models or the index could not be made ready")
            self._problem = INTERNAL_ERROR
        finally:
            self.finished.set()
            self.can_answer.set()
