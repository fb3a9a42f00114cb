"""What programs ask over Gradio's API: a question, or a text to check, answered as JSON."""

from __future__ import annotations

from typing import Any

import gradio as gr

from factbot.bot import FactBot
from factbot.errors import FactbotError
from factbot.scheduling import FairQueue
from factbot.web.startup import Startup

__all__ = ["ProgramCalls"]


class ProgramCalls:
    """The calls `/ask` and `/check`. Programs wait in the same queue as the people in the chat."""

    def __init__(self, bot: FactBot, startup: Startup, queue: FairQueue) -> None:
        self._bot = bot
        self._startup = startup
        self._queue = queue

    def ask(self, question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question out of the articles, as JSON; `history` holds earlier questions, oldest first."""
        self._startup.can_answer.wait()
        try:
            with self._queue.joined() as place:
                place.before()
                return self._bot.ask(question, history or []).to_dict()
        except FactbotError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def check(self, text: str) -> dict[str, Any]:
        """Check every claim of a text against the articles, as JSON."""
        self._startup.can_answer.wait()
        try:
            with self._queue.joined() as place:
                place.before()
                return self._bot.check(text).to_dict()
        except FactbotError as error:
            raise gr.Error(str(error), print_exception=False) from error
