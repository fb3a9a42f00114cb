"""Why there is no answer, and what one could do."""

from __future__ import annotations

from dataclasses import replace

from factbot.answering.abstention import advice
from tests.support.page import abstention, answer, passage


def test_advice_names_what_is_missing_and_what_to_do() -> None:
    near = replace(abstention(passage()), question="Did Edda Rohn visit the town?")
    assert "None of it mentions Edda or Rohn." in advice(near)
    assert "Ask in other words" in advice(near) and "add articles" in advice(near)


def test_the_two_reasons_differ() -> None:
    near = abstention(passage())
    assert "comes nearest does not answer" in advice(near)
    assert "No article is about this." in advice(replace(near, reason="corpus_silent"))


def test_an_answer_and_a_reply_need_no_advice() -> None:
    assert advice(answer()) == ""
    assert advice(replace(abstention(passage()), reason=None)) == ""
    assert advice(abstention()) == ""  # an empty corpus has its own sentence
