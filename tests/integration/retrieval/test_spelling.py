"""Slips of the finger, put right by the words of the corpus."""

from __future__ import annotations

import pytest

from factbot import FactBot
from factbot.retrieval.spelling import Respelled, Spelling
from tests.support.library import UNANSWERABLE


@pytest.fixture
def spelling(bot: FactBot) -> Spelling:
    return Spelling(bot.index)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("who bilt the lighthouse at Orrin Point", "who built the lighthouse at Orrin Point"),
        ("who built the lighthuose", "who built the lighthouse"),
        ("how many vottes did Harrow win", "how many votes did Harrow win"),
        ("when did the ferrry run aground", "when did the ferry run aground"),
        ("Who is Folkae Adeyemi?", "Who is Folake Adeyemi?"),
        ("What did the astronomar find?", "What did the astronomer find?"),
    ],
)
def test_one_wrong_letter_is_put_right_and_told(spelling: Spelling, typed: str, read: str) -> None:
    found = spelling.respell(typed)
    assert found.text == read
    ((wrong, right),) = found.words
    assert found.note == f"“{wrong}” was read as “{right}”, as the articles have it."


@pytest.mark.parametrize(
    "typed",
    [
        "who built the lighthouse",
        "was the boat painted white",  # a common word that the corpus lacks
        "teh ferry",
        "@ferrry https://ferrry.example FERRRY ferrry2",
        "how large is the harbor",
        "was it analyzed by the xyzzyq",
        UNANSWERABLE,
    ],
)
def test_what_is_right_or_in_doubt_stays(spelling: Spelling, typed: str) -> None:
    assert spelling.respell(typed) == Respelled(typed)


def test_a_claim_is_not_read_as_of_somebody_else(spelling: Spelling) -> None:
    claim = "Folako Adeyemi discovered the commet."
    assert spelling.respell(claim, names=False).text == "Folako Adeyemi discovered the comet."
    assert spelling.respell("Folkae Adeyemi spoke.", names=False).text == "Folake Adeyemi spoke."


def test_answers_and_reports_say_what_was_read_instead(bot: FactBot) -> None:
    answer = bot.ask("who built the lighthuose at Orrin Point")
    assert answer.answered and "Agnes Marlow" in answer.text
    assert "“lighthuose” was read as “lighthouse”" in answer.note
    report = bot.check("Agnes Marlow built the lighthuose at Orrin Point in 1871.")
    assert report.claims[0].verdict == "supported"
    assert "“lighthuose” was read as “lighthouse”" in report.note
    assert report.claims[0].claim == "Agnes Marlow built the lighthuose at Orrin Point in 1871."
