"""The chat with a real bot behind it."""

from __future__ import annotations

from contextlib import ExitStack

from factbot import FactBot
from factbot.scheduling import FairQueue
from factbot.web.chat.conversation import Conversation
from factbot.web.chat.events import ChatEvents
from factbot.web.startup import Startup
from tests.support.library import LIGHTHOUSE_QUESTION


def test_the_chat_says_how_many_questions_are_before_yours(bot: FactBot) -> None:
    startup, line = Startup(bot), FairQueue(4)
    startup.can_answer.set()
    chat = ChatEvents(bot, startup, line)
    with ExitStack() as others:
        for _ in range(5):
            others.enter_context(line.joined())
        pages = chat.reply(LIGHTHOUSE_QUESTION, Conversation())
        waiting = next(page for _, page, _ in pages if isinstance(page, str) and "before yours" in page)
        assert "2 questions are before yours" in waiting
    *_, (_, last, _) = pages
    assert "Agnes Marlow" in last and "before yours" not in last
