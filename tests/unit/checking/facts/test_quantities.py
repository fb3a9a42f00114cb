"""Numbers of a claim, compared with those of its evidence."""

from __future__ import annotations

import pytest

from factbot.checking.facts.compare import Mismatch, compare, find_facts, unmentioned

# -- numbers ---------------------------------------------------------------------------------------

NUMBERS_THAT_AGREE = [
    ("The city has 23 million people.", "The city has 23.1 million people."),
    ("The city has about 23 million people.", "Some 23.4 million people live in the city."),
    ("More than 20 schools closed.", "By noon 24 schools had closed."),
    ("Nearly 300 homes burned.", "The fire burned 297 homes."),
    ("Under 23.5 million people voted.", "23 million people voted."),
    ("At least five people died.", "The flood left seven people dead."),
    ("Up to 40 boats were lost.", "They lost 40 boats."),
    ("No more than 40 boats were lost.", "They lost 38 boats."),
    ("Fewer than 10 shops are open.", "Nine shops are open."),
    ("Two million people fled.", "2m people fled."),
    ("Half a million people fled.", "500,000 people fled."),
    ("A dozen boats sank.", "Twelve boats sank."),
    ("Twenty-four goats escaped.", "24 goats escaped."),
    ("Two hundred and fifty goats escaped.", "250 goats escaped."),
    ("She won 1,784 votes.", "She took 1784 votes."),
    ("She won 1\u2009784 votes.", "She took 1,784 votes."),
    ("The bridge cost $3.2bn.", "The bridge cost 3.2 billion dollars."),
    ("The bridge cost $55 million.", "It cost $55,000,000 to build."),
    ("The tower cost £5m.", "The tower cost five million pounds."),
    ("Turnout was 61%.", "Turnout was 61 per cent."),
    ("Turnout was 61 percent.", "61.3% of voters turned out."),
    ("A third of voters stayed home.", "33 percent of voters stayed home."),
    ("Two-thirds of the seats went to women.", "Women took 66% of the seats."),
    ("Half of the voters stayed home.", "50% of voters stayed home."),
    ("The tunnel is 5 km long.", "The tunnel is 5,000 metres long."),
    ("The lake is 40 square kilometres wide.", "The lake covers 40 sq km."),
    ("The flight took 90 minutes.", "The flight took 1.5 hours."),
    ("The bear weighs half a tonne.", "The bear weighs 0.5 tonnes."),
    ("It was her third album.", "The third album came out late."),
    ("He finished second.", "He finished 2nd."),
    ("It is the 24th largest port.", "The twenty-fourth port by size."),
    ("The suspect is 55 years old.", "A 55-year-old suspect was held."),
    ("The suspect, aged 55, was held.", "Police hold a 55-year-old."),
    ("Between 10 and 15 goats escaped.", "12 goats escaped."),
    ("10-15 goats escaped.", "Between 10 and 15 goats escaped."),
    ("Brackwater won 2-1.", "Orrin lost 1-2 to Brackwater."),
    ("She won 6-4, 7-5.", "It ended 6-4, 7-5 after two hours."),
    ("Seven deaths were counted.", "Seven people died."),
    ("One person drowned.", "1 person drowned."),
    ("The film drew 2.5 million people.", "2·5 million people saw the film."),
    ("The film is rated 7.5/10.", "Reviewers gave it 7.5 out of 10."),
    ("500 or more guests came.", "620 guests came."),
    ("500+ guests came.", "620 guests came."),
    ("The toll rose to 45.", "The toll stood at 45."),
    ("It was minus 5 degrees.", "The night brought -5 degrees."),
]

NUMBERS_THAT_DO_NOT = [
    ("The city has 24 million people.", "The city has 23.1 million people.", "24 million", "23.1 million"),
    ("She won 1,784 votes.", "She won 1,785 votes.", "1,784", "1,785"),
    ("More than 20 schools closed.", "Only 18 schools closed.", "More than 20", "18"),
    ("Under 23.5 million people voted.", "24 million people voted.", "Under 23.5 million", "24 million"),
    ("Twelve people died.", "There were 17 deaths.", "Twelve", "17"),
    ("About 300 homes burned.", "The fire burned 450 homes.", "About 300", "450"),
    ("The bridge cost $3 billion.", "The bridge cost $5 billion.", "$3 billion", "$5 billion"),
    ("The bridge cost $3 million.", "The bridge cost $3 billion.", "$3 million", "$3 billion"),
    ("Turnout was 61%.", "Turnout was 54 percent.", "61%", "54 percent"),
    ("The tunnel is 5 km long.", "The tunnel is 7 km long.", "5 km", "7 km"),
    ("It was her third album.", "It was her fourth album.", "third", "fourth"),
    ("The suspect is 55 years old.", "A 45-year-old suspect was held.", "55 years old", "45-year-old"),
    ("Brackwater won 2-1.", "Brackwater won 3-1.", "2-1", "3-1"),
    ("She won 6-4, 7-5.", "She won 6-4, 7-6.", "6-4, 7-5", "6-4, 7-6"),
    ("12 goats escaped.", "Between 20 and 30 goats escaped.", "12", "Between 20 and 30"),
    ("The toll rose to 45.", "The toll rose to 54.", "45", "54"),
    ("No more than 40 boats were lost.", "They lost 52 boats.", "No more than 40", "52"),
    ("Half a million people fled.", "800,000 people fled.", "Half a million", "800,000"),
]

NUMBERS_LEFT_ALONE = [
    ("Exactly 21 goats escaped.", "About 20 goats escaped."),
    ("The city has 23.1 million people.", "The city has 23 million people."),
    ("Fewer than 25 goats escaped.", "More than 20 goats escaped."),
]

NUMBERS_MISSING = [
    ("12 goats escaped.", "12 horses and 30 cows were sold."),
    ("12 goats escaped.", "Some goats escaped."),
    ("Turnout was 61%.", "61 voters came."),
    ("The walk took five hours.", "The wall is five metres high."),
    ("He scored 12.", "The board read 14, then 19, then 22."),
]


@pytest.mark.parametrize(("claim", "evidence"), NUMBERS_THAT_AGREE)
def test_a_number_agrees_however_it_is_written(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert found.agreeing >= 1
    assert not found.mismatches
    assert not [fact for fact in found.missing if fact.kind == "number"]


@pytest.mark.parametrize(("claim", "evidence", "ours", "theirs"), NUMBERS_THAT_DO_NOT)
def test_another_number_of_the_same_thing_is_a_mismatch(claim: str, evidence: str, ours: str, theirs: str) -> None:
    assert compare(claim, evidence).mismatches == (Mismatch("number", ours, theirs),)


@pytest.mark.parametrize(("claim", "evidence"), NUMBERS_LEFT_ALONE)
def test_a_number_too_coarse_to_decide_counts_neither_way(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert (found.agreeing, found.mismatches, found.missing) == (0, (), ())


@pytest.mark.parametrize(("claim", "evidence"), NUMBERS_MISSING)
def test_a_number_of_nothing_that_the_evidence_counts_is_missing(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert not found.mismatches
    assert [fact.kind for fact in found.missing] == ["number"]


def test_a_figure_that_the_evidence_gives_for_something_else_is_not_unmentioned() -> None:
    claim = "Forty-five thousand dockers went on strike in 41 ports."
    evidence = "Some 45,000 workers walked off the job."
    found = compare(claim, evidence)
    assert [fact.text for fact in found.missing] == ["Forty-five thousand", "41"]
    assert [fact.text for fact in unmentioned(found, evidence)] == ["41"]


def test_a_rank_in_words_is_not_called_unmentioned() -> None:
    claim = "She was the first to row to the 24th island."
    evidence = "Nobody had rowed to the island before her."
    assert [fact.text for fact in unmentioned(compare(claim, evidence), evidence)] == ["24th"]


def test_one_agreeing_number_is_enough() -> None:
    assert compare("12 people died.", "At first 9 people died, in the end 12 people died.").agreeing == 1


def test_an_increase_is_not_compared_with_a_total() -> None:
    assert not compare("The county has 420 cases.", "It found 12 new cases on the day.").mismatches


def test_the_nearest_rival_is_named() -> None:
    found = compare("The fair drew 4,100 visitors.", "It drew 900 visitors, then 3,800 visitors.")
    assert [mismatch.evidence for mismatch in found.mismatches] == ["3,800"]


@pytest.mark.parametrize(
    "text",
    ["COVID-19 spread.", "It began at 10:30.", "It runs 1.2.3 now.", "A 3D print.", "one of the best", "a lot"],
)
def test_words_that_only_look_like_a_number_are_not_read_as_one(text: str) -> None:
    assert not [fact for fact in find_facts(text) if fact.kind == "number"]
