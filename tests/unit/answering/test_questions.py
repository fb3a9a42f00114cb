"""What a question asks for, which two it compares, and which days it means."""

from __future__ import annotations

from datetime import date

import pytest

from factbot.answering.questions import about_one, days_meant, kind_of, sides
from factbot.errors import UsageError


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many geese crossed the weir?", "amount"),
        ("By how much did the rent rise?", "amount"),
        ("What percentage of the tickets was sold?", "amount"),
        ("The mill was sold. For how much?", "amount"),
        ("When did the mill close?", "date"),
        ("In which year did the mill close?", "date"),
        ("Since when has the mill been closed?", "date"),
        ("Who bought the mill?", "who"),
        ("And by whom was the mill bought?", "who"),
        ("Which firm bought the mill?", "which"),
        ("Where was the mill built?", "place"),
        ("In which country does Edda Rohn live?", "place"),
        ("Did Edda Rohn sell the mill?", "yes_no"),
        ("Who is Edda Rohn?", "other"),
        ("What did the miller say?", "other"),
        ("Why did the man who sold the mill leave?", "other"),
    ],
)
def test_the_kind_of_a_question(question: str, kind: str) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "pair"),
    [
        ("Who is older, Edda Rohn or Per Vik?", ("Edda Rohn", "Per Vik")),
        ("Which of Lund and Brask is larger?", ("Lund", "Brask")),
        ("Is Lund larger than Brask?", ("Lund", "Brask")),
        ("Did the mill or the bakery burn down?", ("the mill", "the bakery")),
        ("Which is older, the Lund mill or the bakery of Brask?", ("the Lund mill", "the bakery of Brask")),
    ],
)
def test_two_that_are_set_side_by_side(question: str, pair: tuple[str, str]) -> None:
    assert sides(question) == pair


@pytest.mark.parametrize(
    "question", ["Who brokered the deal between Lund and Brask?", "Did Edda Rohn sell the mill?", "Who bought it?"]
)
def test_names_that_only_stand_together_are_not_compared(question: str) -> None:
    assert sides(question) is None


def test_a_comparison_is_asked_about_each_side() -> None:
    question = "Who is older, Edda Rohn or Per Vik?"
    assert about_one(question, "Edda Rohn", "Per Vik") == "Who is older, Edda Rohn?"
    assert about_one(question, "Per Vik", "Edda Rohn") == "Who is older, Per Vik?"


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", date(2023, 5, 17), date(2023, 5, 17)),
        ("yesterday", date(2023, 5, 16), date(2023, 5, 16)),
        ("this week", date(2023, 5, 10), date(2023, 5, 17)),
    ],
)
def test_days_are_counted_from_the_day_of_the_question(words: str, first: date, last: date) -> None:
    meant = days_meant(f"Who resigned {words}?", "2023-05-17")
    assert meant is not None and (meant.first, meant.last) == (first, last)
    assert meant.hold(first.isoformat()) and meant.hold("2023-05-18")
    assert not meant.hold("2022-05-16") and not meant.hold("")


def test_no_day_is_meant_where_none_is_named() -> None:
    assert days_meant("Who resigned in May?", "2023-05-17") is None
    assert days_meant("Who resigned?", "") is None


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="'soon' is no day"):
        days_meant("Who resigned today?", "soon")
