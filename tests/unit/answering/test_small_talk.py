"""Greetings, thanks and the like get a reply; questions about the articles do not."""

from __future__ import annotations

import pytest

from factbot.answering.small_talk import reply_to


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Hello", "answers questions from your articles"),
        ("hi there!", "answers questions from your articles"),
        ("Good evening, how are you?", "answers questions from your articles"),
        ("Thanks a lot!", "welcome"),
        ("Thank you, that was helpful.", "welcome"),
        ("Bye", "Goodbye"),
        ("What can you do?", "checks statements"),
        ("who are you", "checks statements"),
        ("How does this work?", "checks statements"),
        ("Help", "checks statements"),
        ("Summarise the report on the weir", "no summaries"),
        ("Could you give me a short summary of it?", "no summaries"),
    ],
)
def test_small_talk_gets_a_reply_that_says_what_factbot_does(typed: str, words: str) -> None:
    assert words in reply_to(typed)


@pytest.mark.parametrize(
    "question",
    [
        "Hello, who bought the mill?",
        "Who are the owners?",
        "What can you do in Lund?",
        "What do you know about the weir?",
        "Thanks to whom was the mill saved?",
        "Good Friday closing times",
        "Help for farmers",
        "What did the summary of the report say?",
        "What is this?",
    ],
)
def test_a_question_is_no_small_talk(question: str) -> None:
    assert reply_to(question) == ""
