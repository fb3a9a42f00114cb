"""Dates of a claim, compared with those of its evidence."""

from __future__ import annotations

import pytest

from factbot.checking.facts.compare import Mismatch, compare, find_facts

# -- dates -----------------------------------------------------------------------------------------

DATES_THAT_AGREE = [
    ("The mill opened in 2016.", "The mill opened on 12 May 2016."),
    ("The mill opened in May 2016.", "The mill opened on May 12, 2016."),
    ("The mill opened on 12 May.", "The mill opened on 12 May 2016."),
    ("The mill opened on 2016-05-12.", "The mill opened on the 12th of May, 2016."),
    ("The mill opened on Thursday, 12 May 2016.", "The mill opened on May 12, 2016."),
    ("The mill opened in the 1990s.", "The mill opened in 1994."),
    ("The mill opened in the 1800s.", "The mill opened in 1871."),
    ("The mill opened on Monday.", "The mill opened on Monday."),
    ("The mill opened before 2016.", "The mill opened in 2012."),
    ("The mill opened after 3 March.", "The mill opened on 4 March 2016."),
    ("The mill opened by 2016.", "The mill opened in 2016."),
    ("The fair ran on 12-14 May.", "The fair ran on 13 May."),
    ("The mill ran in 2010-2015.", "The mill ran in 2012."),
    ("The mill opened in Sept. 2016.", "The mill opened in September 2016."),
]

DATES_THAT_DO_NOT = [
    ("The mill opened on 13 May 2016.", "The mill opened on 12 May 2016.", "13 May 2016", "12 May 2016"),
    ("The mill opened in 2015.", "The mill opened on 12 May 2016.", "2015", "12 May 2016"),
    ("The mill opened in June 2016.", "The mill opened on 12 May 2016.", "June 2016", "12 May 2016"),
    ("The mill opened on 13 May.", "The mill opened on May 12.", "13 May", "May 12"),
    ("The mill opened in the 1980s.", "The mill opened in 1994.", "1980s", "1994"),
    ("The mill opened on Monday.", "The mill opened on Friday.", "Monday", "Friday"),
    ("The mill opened before 2016.", "The mill opened in 2018.", "before 2016", "2018"),
    (
        "The mill opened on 12 May 2016.",
        "The mill opened on 12 May 2006, not in 2014.",
        "12 May 2016",
        "12 May 2006",
    ),
]

DATES_WITHOUT_RIVAL = [
    ("The mill opened on 13 May 2016.", "The mill opened in 2016."),
    ("The mill opened on 13 May 2016.", "The mill opened in 2015."),
    ("The mill opened on 13 May.", "The mill opened in 2015."),
    ("The mill opened in 2016.", "The mill opened on 13 May."),
    ("The mill opened in 2016.", "A wholly different affair, of which papers told in 2003."),
    ("The mill opened on Monday.", "The mill shut on Friday and on Sunday."),
    ("The mill opened in 1994 and shut in 2001.", "The mill opened in 1994."),
]


@pytest.mark.parametrize(("claim", "evidence"), DATES_THAT_AGREE)
def test_a_date_agrees_as_far_as_it_is_given(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert (found.agreeing, found.mismatches, found.missing) == (1, (), ())


@pytest.mark.parametrize(("claim", "evidence", "ours", "theirs"), DATES_THAT_DO_NOT)
def test_another_date_of_the_same_event_is_a_mismatch(claim: str, evidence: str, ours: str, theirs: str) -> None:
    assert compare(claim, evidence).mismatches == (Mismatch("date", ours, theirs),)


@pytest.mark.parametrize(("claim", "evidence"), DATES_WITHOUT_RIVAL)
def test_a_coarser_date_or_the_date_of_another_event_is_no_mismatch(claim: str, evidence: str) -> None:
    assert not compare(claim, evidence).mismatches


@pytest.mark.parametrize("text", ["about 2000 votes", "2016 votes", "more than 1800 people", "a 2000-metre run"])
def test_four_digits_that_count_are_no_year(text: str) -> None:
    assert [fact.kind for fact in find_facts(text)] == ["number"]


@pytest.mark.parametrize("text", ["They may go.", "March on!", "May it last.", "the second of them"])
def test_words_that_only_look_like_a_date_are_not_read_as_one(text: str) -> None:
    assert not [fact for fact in find_facts(text) if fact.kind == "date"]


# -- when the article appeared ---------------------------------------------------------------------


def test_the_day_when_an_article_appeared_is_no_rival_but_may_agree() -> None:
    told = "Ten years on (11 March 2021). The police still list 2,525 people as missing."
    claim = "After the wave of 2011 the police still listed 2,525 people as missing."
    assert compare(claim, told).mismatches == ()
    assert compare(claim.replace("2011", "March 2021"), told).agreeing == 2
    assert compare(claim.replace("2011", "2009"), f"{told} The wave came in 2011.").mismatches == (
        Mismatch("date", "2009", "2011"),
    )
