"""A conversation that is stopped, cleared or continued."""

from __future__ import annotations

from factbot.web.chat.conversation import Conversation, Turn
from tests.support.page import (
    answer,
)


class TestConversation:
    def test_a_stopped_answer_takes_no_more_updates(self) -> None:
        talk = Conversation()
        ticket = talk.begin(Turn("Q?", stage="Searching"))
        talk.stop()
        assert not talk.update(ticket, Turn("Q?", answer=answer()))
        assert talk.turns == (Turn("Q?", problem="Stopped."),)

    def test_a_new_question_stops_the_running_answer_and_keeps_its_text(self) -> None:
        talk = Conversation()
        ticket = talk.begin(Turn("1?"))
        assert talk.update(ticket, Turn("1?", stage="Reading", answer=answer()))
        talk.begin(Turn("2?", stage="Searching"))
        assert talk.turns == (Turn("1?", answer=answer(), problem="Stopped."), Turn("2?", stage="Searching"))

    def test_cleared_conversation_stays_empty(self) -> None:
        talk = Conversation()
        ticket = talk.begin(Turn("Q?", stage="Searching"))
        talk.clear()
        assert not talk.update(ticket, Turn("Q?", answer=answer()))
        assert talk.turns == ()
