"""What the page's events do."""

from __future__ import annotations

from typing import Any

import gradio as gr
import pytest
from gradio import EventData

from factbot import (
    Failure,
    UsageError,
)
from factbot.web.chat.conversation import Conversation, Turn
from factbot.web.chat.events import NOT_HELD
from tests.support.page import (
    FakeBot,
    Page,
    answer,
    chat_with,
    status_of,
)


class TestChat:
    def test_earlier_questions_go_along(self) -> None:
        bot = FakeBot()
        chat, talk = chat_with(bot), Conversation()
        for question in ("First?", "Second?", "Third?"):
            list(chat.reply(question, talk))
        assert bot.histories == [[], ["First?"], ["First?", "Second?"]]

    def test_empty_question_is_asked_for(self) -> None:
        talk = Conversation()
        ((_, _, hint),) = chat_with(FakeBot()).reply("  \n ", talk)
        assert "Type a question or a statement first." in hint
        assert not talk.turns

    def test_stopped_answer_goes_no_further(self) -> None:
        chat, talk = chat_with(FakeBot()), Conversation()
        steps = chat.reply("Q?", talk)
        next(steps)
        assert "Stopped." in chat.stop(talk)
        assert list(steps) == [(gr.skip(),) * 3], "the page is left as it is"

    def test_error_is_one_sentence_and_the_next_question_leaves_it_out(self) -> None:
        bot = FakeBot()
        chat, talk = chat_with(bot), Conversation()
        bot.error = UsageError("The question is too long; shorten it.")
        *_, (_, page, _) = chat.reply("Long?", talk)
        assert "The question is too long; shorten it." in Page(page).text
        bot.error = None
        *_, (_, page, _) = chat.reply("Next?", talk)
        assert bot.histories[-1] == []
        assert "4,100" in page

    def test_internal_error_is_no_traceback(self) -> None:
        bot = FakeBot()
        chat, talk = chat_with(bot), Conversation()
        bot.error = ZeroDivisionError("secret detail")
        *_, (_, page, _) = chat.reply("Q?", talk)
        assert "internal error" in page and "secret" not in page
        assert not talk.turns[-1].stage

    @pytest.mark.parametrize(
        "data",
        [
            {"turn": 0, "citation": 99},
            {"turn": 99, "citation": 1},
            {"turn": -1, "citation": 1},
            {"turn": "0", "citation": "../../etc/passwd"},
            {"turn": 0, "nearest": 5},
            {"turn": True, "citation": True},
            {},
            None,
        ],
    )
    def test_click_on_what_is_not_there_opens_nothing(self, data: Any) -> None:
        talk = Conversation()
        talk.begin(Turn("Q?", answer=answer()))
        assert NOT_HELD in chat_with(FakeBot()).evidence(talk, EventData(None, data))

    def test_status_names_the_files_left_out(self) -> None:
        page = status_of(FakeBot((Failure("bad<.md", "bad<.md is binary data."),)))
        assert "Ready: 1 article" in page.text
        assert "1 file left out" in page.text and "bad<.md is binary data." in page.text

    def test_status_says_why_it_failed(self) -> None:
        bot = FakeBot()
        bot.error = UsageError("The model <x> is not there; name another.")
        page = status_of(bot)
        assert "The model <x> is not there; name another." in page.text
        assert ("class", "status failed") in page.attributes
