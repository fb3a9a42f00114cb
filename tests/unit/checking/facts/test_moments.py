"""Days and times that an article tells from its own day, and what they bear out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.facts.compare import compare, find_facts
from factbot.checking.facts.values import Clock, Day
from factbot.text.titled import under_title


def article(text: str, day: str = "2024-03-11") -> str:
    """A text under the head of an article of Monday, 11 March 2024."""
    return under_title("Fire in the mill", day, text)


AGREEING = [
    ("The mill burned on 10 March 2024.", "The mill burned on Sunday night."),
    ("The mill burned on 10 March.", "The mill burned on Sunday night."),
    ("The mill burned in March 2024.", "The mill burned on Sunday night."),
    ("The mill burned on Sunday.", "The mill burned on Sunday night."),
    ("The mill burned on 11 March 2024.", "The mill burned on Monday."),
    ("The mill burned on 11 March 2024.", "The mill burned this morning; today it is closed."),
    ("The mill burned on 10 March 2024.", "The mill burned yesterday."),
    ("The mill burned on 8 March 2024.", "The mill burned on Friday, the police said on Monday."),
    ("The mill burned on 4 March 2024.", "The mill burned last Monday."),
    ("The mill burned in February 2024.", "The mill burned last month."),
    ("The mill burned in 2023.", "The mill burned last year."),
    ("The mill burned in 2024.", "The mill burned this year."),
    ("The mill burned on 6 March 2024.", "The mill burned on Wednesday last week."),
    ("The mill reopens on 15 March 2024.", "The mill will reopen on Friday."),
    ("The mill reopens on 12 March 2024.", "The mill reopens tomorrow."),
    ("The mill reopens in April 2024.", "The mill reopens next month."),
    ("The mill reopens in 2025.", "The mill reopens next year."),
    ("The mill was in the news on 11 March 2024.", "The mill was in the news."),
]

NOT_AGREEING = [
    ("The mill burned on 11 March 2024.", "The mill burned on Sunday night."),
    ("The mill burned on 11 March 2024.", "The mill burned on Sunday night. The police spoke of it on Saturday."),
    ("The mill burned on 11 March 2024.", "The mill burned on Sunday and was searched on Monday."),
    ("The mill burned on 12 March 2024.", "The mill burned on Sunday night."),
    ("The mill burned in March 2023.", "The mill burned on Sunday night."),
    ("The mill burned in 2024.", "The mill burned last year, in winter."),
    ("The mill burned at 4 am.", "The mill burned at 11 pm and was cleared at 4 am."),
]


@pytest.mark.parametrize(("claim", "evidence"), AGREEING)
def test_a_day_is_told_from_the_day_of_the_article(claim: str, evidence: str) -> None:
    found = compare(claim, article(evidence))
    assert found.agreeing >= 1
    assert not found.mismatches
    assert not found.missing


@pytest.mark.parametrize(("claim", "evidence"), NOT_AGREEING)
def test_the_day_of_the_article_is_not_the_day_of_its_event(claim: str, evidence: str) -> None:
    assert compare(claim, article(evidence)).agreeing == 0


def test_a_wrong_day_is_set_beside_the_one_that_the_article_tells() -> None:
    (mismatch,) = compare("The mill burned on 11 March 2024.", article("The mill burned on Sunday.")).mismatches
    assert mismatch.evidence == "Sunday"


def test_without_a_date_nothing_is_told_from_it() -> None:
    assert [fact.text for fact in find_facts("The mill burned yesterday, or last month.")] == []
    assert compare("The mill burned on 10 March 2024.", "The mill burned on Sunday.").agreeing == 0


def test_each_article_tells_from_its_own_day() -> None:
    two = f"{article('The mill burned on Sunday.')} {article('It was rebuilt on Sunday.', '2025-06-02')}"
    days = [fact.value for fact in find_facts(two) if fact.text == "Sunday"]
    assert [(day.year, day.month, day.day) for day in days if isinstance(day, Day)] == [
        (2024, 3, 10),
        (2025, 6, 1),
    ]


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("at 23:00", 1380),
        ("at 11 pm", 1380),
        ("at 11pm", 1380),
        ("at 11 p.m. on Monday", 1380),
        ("at 11.30 pm", 1410),
        ("at 12 am", 0),
        ("at 12 pm", 720),
        ("by noon", 720),
        ("around midnight", 0),
        ("at 7:05 a.m.", 425),
        ("at half past nine in the evening", 1290),
        ("at a quarter to eight in the morning", 465),
        ("at ten past six in the afternoon", 1090),
        ("at nine o'clock at night", 1260),
    ],
)
def test_times_are_read_on_both_clocks(text: str, minute: int) -> None:
    (clock,) = [fact.value for fact in find_facts(f"It left {text}.") if isinstance(fact.value, Clock)]
    assert clock.minute == minute


@pytest.mark.parametrize(
    "text",
    [
        "a 10:30 score",
        "the 11 am",
        "13 pm",
        "at 25:00",
        "noon",
        "I am 11",
        "John 3:16",
        "half past nine",
        "2 to 1",
    ],
)
def test_what_only_looks_like_a_time_of_the_clock(text: str) -> None:
    clocks = [fact.value for fact in find_facts(text) if isinstance(fact.value, Clock)]
    assert clocks == ([Clock(660.0, 10.0)] if text == "the 11 am" else [])


def test_a_day_that_is_denied_bears_nothing_out() -> None:
    told = article("The mill burned on Sunday, not on Saturday.")
    assert compare("The mill burned on 9 March 2024.", told).agreeing == 0
    assert compare("The mill burned on 10 March 2024.", told).agreeing == 1


def test_since_and_until_are_not_the_same() -> None:
    assert compare("Buses are free since 2023.", "Buses are free until the end of 2023.").agreeing == 0
    assert compare("Buses are free until 2023.", "Buses are free until the end of 2023.").agreeing == 1
    assert compare("Buses were free in 2023.", "Buses are free until the end of 2023.").agreeing == 1


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(0, 6))
def test_a_weekday_is_one_of_the_last_seven_days(today: date, back: int) -> None:
    day = today - timedelta(days=back)
    told = article(f"The mill burned on {day:%A}.", today.isoformat())
    claim = f"The mill burned on {day.day} {day:%B} {day.year}."
    assert compare(claim, told).agreeing == 1
    other = day - timedelta(days=1)
    assert compare(f"The mill burned on {other.day} {other:%B} {other.year}.", told).agreeing == 0
