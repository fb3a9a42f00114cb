"""Results of a real bot as JSON."""

from __future__ import annotations

import json

from factbot import (
    FactBot,
)
from tests.support.library import LIGHTHOUSE_QUESTION


def test_a_real_answer_is_json_all_the_way_down(bot: FactBot) -> None:
    answer = bot.ask(LIGHTHOUSE_QUESTION)
    again = json.loads(json.dumps(answer.to_dict()))
    assert again["sentences"] == [{**s.to_dict(), "citations": list(s.citations)} for s in answer.sentences]
    assert again["citations"] == [c.to_dict() for c in answer.citations]
