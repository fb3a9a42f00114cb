"""What a person typed becomes one clean question that needs no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.answering.follow_ups import MAX_QUESTION, clean, is_follow_up, self_contained
from factbot.errors import UsageError

# -- clean -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("Who won?", "Who won?"),
        ("  Who \t won?\r\n", "Who won?"),
        ("Who\x00 won\x1b[31m?", "Who won [31m?"),
        ("Who\u200b won\u202e?", "Who won ?"),
        ("Qui a gagné à Zürich ? 東京は？", "Qui a gagné à Zürich ? 東京は？"),
        ("<script>alert(1)</script> & 'quotes'?", "<script>alert(1)</script> & 'quotes'?"),
        ("AND (x OR y) NOT title:z*", "AND (x OR y) NOT title:z*"),
    ],
)
def test_a_question_is_one_line_without_control_characters(typed: str, question: str) -> None:
    assert clean(typed) == question


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "\x00\x01\x02", "\u200b\u200d", "???", "… — !", "🤔"])
def test_nothing_to_ask_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(UsageError, match=r"^The question .*write what you want to know.*\.$"):
        clean(typed)


def test_an_endless_question_is_refused_and_the_limit_named() -> None:
    assert clean("a" * MAX_QUESTION) == "a" * MAX_QUESTION
    with pytest.raises(UsageError, match=r"100,000 characters; ask in at most 2,000\."):
        clean("a" * 100_000)


@pytest.mark.parametrize("typed", [None, 7, b"bytes", ["Who?"]])
def test_a_value_that_is_not_text_is_refused(typed: object) -> None:
    with pytest.raises(UsageError, match="text"):
        clean(typed)  # type: ignore[arg-type]


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    try:
        question = clean(typed)
    except UsageError:
        return
    assert clean(question) == question
    assert "\n" not in question
    assert question == question.strip() != ""


# -- follow-ups ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "and when was that?",
        "And who paid for it?",
        "What about the second one?",
        "When did he resign?",
        "Why?",
        "How many were there?",
        "What did they find?",
        "And in 2018?",
        "When did he leave Moscow?",
        "Who won?",
        "How many people died there?",
        "Who found those votes?",
    ],
)
def test_a_question_that_needs_the_one_before_is_a_follow_up(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who invited the activists to the embassy?",
        "When did Boris Johnson visit Moscow?",
        "What did Human Rights Watch call the situation?",
        "How many votes did Pell Harrow win in Quillon?",
        "And when did Pell Harrow win the election?",
        "Why did the ferry run aground?",
        "What causes earthquakes?",
        "Is there evidence that smoking causes cancer?",
        "Who was arrested this week?",
        "How likely is it that prices rise?",
        "Did Pell Harrow say she would resign?",
    ],
)
def test_a_question_that_may_stand_alone_is_no_follow_up(question: str) -> None:
    assert not is_follow_up(question)


def test_a_follow_up_takes_over_the_topic() -> None:
    history = ["Who invited the activists?"]
    assert self_contained("and when was that?", history) == "when was that (invited the activists)?"


def test_a_chain_of_follow_ups_keeps_the_first_topic() -> None:
    history = ["Who built the lighthouse at Orrin Point?", "and when was that?"]
    assert self_contained("How high is it?", history) == "How high is it (built the lighthouse at Orrin Point)?"


def test_a_question_of_its_own_starts_a_new_topic() -> None:
    history = ["Who built the lighthouse at Orrin Point?"]
    asked = "How many votes did Pell Harrow win in Quillon?"
    assert self_contained(asked, history) == asked
    assert "Pell Harrow" in self_contained("and when was that?", [*history, asked])
    assert "lighthouse" not in self_contained("and when was that?", [*history, asked])


@pytest.mark.parametrize("question", ["and when was that?", "Who won?", "Why?"])
def test_without_history_a_question_stays_as_it_is(question: str) -> None:
    assert self_contained(question, []) == question


def test_small_talk_between_two_questions_is_no_topic() -> None:
    history = ["Who invited the activists?", "Thanks!"]
    assert self_contained("and when was that?", history) == "when was that (invited the activists)?"


def test_an_empty_question_is_refused_with_history_too() -> None:
    with pytest.raises(UsageError):
        self_contained("  ", ["Who built the lighthouse?"])
