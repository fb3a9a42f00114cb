"""What is stopped, cleared or asked anew."""

from __future__ import annotations

from factbot.web.chat.conversation import Conversation, Turn
from tests.support.page import (
    answer,
)


class TestConversation:
    def test_what_comes_after_a_stop_is_not_taken(self) -> None:
        talk = Conversation()
        ticket = talk.begin(Turn("Q?", stage="Searching"))
        talk.stop()
        assert not talk.update(ticket, Turn("Q?", answer=answer()))
        assert talk.turns == (Turn("Q?", problem="Stopped."),)

    def test_asking_on_stops_what_is_in_the_making_and_keeps_what_there_is(self) -> None:
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
