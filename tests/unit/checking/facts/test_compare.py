"""Numbers, dates and names of a claim are compared outright, and a mismatch is never a guess."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.facts.compare import Mismatch, compare, described, find_facts, unmentioned

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


def test_a_figure_that_stands_there_of_something_else_is_not_called_unmentioned() -> None:
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


def test_an_increase_is_no_rival_of_a_total() -> None:
    assert not compare("The county has 420 cases.", "It found 12 new cases on the day.").mismatches


def test_the_nearest_rival_is_named() -> None:
    found = compare("The fair drew 4,100 visitors.", "It drew 900 visitors, then 3,800 visitors.")
    assert [mismatch.evidence for mismatch in found.mismatches] == ["3,800"]


@pytest.mark.parametrize(
    "text",
    ["COVID-19 spread.", "It began at 10:30.", "It runs 1.2.3 now.", "A 3D print.", "one of the best", "a lot"],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert not [fact for fact in find_facts(text) if fact.kind == "number"]


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
def test_a_coarser_date_or_one_of_something_else_is_no_mismatch(claim: str, evidence: str) -> None:
    assert not compare(claim, evidence).mismatches


@pytest.mark.parametrize("text", ["about 2000 votes", "2016 votes", "more than 1800 people", "a 2000-metre run"])
def test_four_digits_that_count_are_no_year(text: str) -> None:
    assert [fact.kind for fact in find_facts(text)] == ["number"]


@pytest.mark.parametrize("text", ["They may go.", "March on!", "May it last.", "the second of them"])
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert not [fact for fact in find_facts(text) if fact.kind == "date"]


# -- names -----------------------------------------------------------------------------------------

NAMES_THAT_AGREE = [
    ("It was Boris Johnson who spoke.", "Johnson spoke."),
    ("The United Nations warned of it.", "The UN warned of it."),
    ("The U.N. warned of it.", "The United Nations warned of it."),
    ("It is known in the UK.", "It is known in the United Kingdom."),
    ("They live in Russia.", "A Russian village."),
    ("They live in Britain.", "A British village."),
    ("They met in Zürich.", "They met in Zurich."),
    ("It was Joe Hallam's idea.", "Joseph Hallam had the idea."),
    ("It was J. K. Harrow who spoke.", "Harrow spoke."),
    ("A painting by Rogier van der Weyden.", "Van der Weyden painted it."),
    ("Quillon lost. They wept in Quillon.", "The people of Quillon wept."),
    ("They trust the Bank of Orrin.", "The Bank of Orrin is trusted."),
]

NAMES_THAT_ARE_MISSING = [
    ("They met in Geneva.", "They met in Zurich."),
    ("He studied at Orrin University.", "He studied at Quillon University."),
    ("It was Pell Harrow who spoke.", "The mayor spoke."),
]


@pytest.mark.parametrize(("claim", "evidence"), NAMES_THAT_AGREE)
def test_a_name_agrees_in_each_of_its_forms(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert found.agreeing >= 1
    assert not found.mismatches
    assert not found.missing


@pytest.mark.parametrize(("claim", "evidence"), NAMES_THAT_ARE_MISSING)
def test_a_name_that_the_evidence_does_not_hold_is_missing(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert not found.mismatches
    assert [fact.kind for fact in found.missing] == ["name"]


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("It was Boris Johnson who spoke.", "It was Alan Johnson who spoke."),
        ("It was Boris Johnson who spoke.", "Then Alan Johnson spoke. Johnson said no."),
        ("They live in North Quillon.", "They live in South Quillon."),
    ],
)
def test_another_first_name_is_a_mismatch(claim: str, evidence: str) -> None:
    assert [mismatch.kind for mismatch in compare(claim, evidence).mismatches] == ["name"]


@pytest.mark.parametrize(
    "evidence",
    [
        "It was Mr Johnson who spoke.",
        "In parliament Johnson spoke, and so did Alan Johnson.",
        "He and his brother Alan Johnson spoke.",
        "Prime Minister Boris Johnson spoke after Alan Johnson.",
    ],
)
def test_a_surname_that_may_be_the_same_person_is_none(evidence: str) -> None:
    assert not compare("It was Boris Johnson who spoke.", evidence).mismatches


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The mayor of Orrin spoke.", ["Orrin"]),
        ("Rain fell. It was cold.", []),
        ("Pell Harrow's dog barked.", ["Pell Harrow"]),
        ("In June they met Pell Harrow.", ["Pell Harrow"]),
        ("When Pell Harrow spoke, I left.", ["Pell Harrow"]),
        ("The Bank of Orrin and the U.N. agreed on Monday.", ["Bank of Orrin", "U.N."]),
        ("We met George W. Harrow.", ["George W. Harrow"]),
        ("WEATHER\nPell Harrow spoke", ["Pell Harrow"]),
    ],
)
def test_names_are_runs_of_capitals_that_are_more_than_a_sentence_s_first_word(
    text: str, names: list[str]
) -> None:
    assert [fact.text for fact in find_facts(text) if fact.kind == "name"] == names


# -- promises --------------------------------------------------------------------------------------

WORDS = """
    12 1,784 2.5 23 million bn % $ km people votes goals in on May 2016 1990s Monday more than about between and to
    or - – 2-1 , . first third half a of Boris Johnson UN U.N. Kingdom van The one twenty-four hundred minus
    per cent 年 ٣٤ Привет Zürich नमस्ते مرحبا ² ½ １２ ' ’s year-old out 10 before after by prior
    nearly September 7-5 7/10
"""
MIXED = st.lists(st.sampled_from(["\n", " ", *WORDS.split()]), max_size=30)
TEXTS = st.one_of(
    st.text(max_size=200),
    MIXED.map(" ".join),
    MIXED.map("".join),
)


@given(TEXTS)
def test_a_fact_stands_where_it_says(text: str) -> None:
    facts = find_facts(text)
    assert all(text[fact.start : fact.end] == fact.text != "" for fact in facts)
    assert all(earlier.end <= later.start for earlier, later in pairwise(facts))


@given(TEXTS)
def test_a_text_agrees_with_itself(text: str) -> None:
    found = compare(text, text)
    assert (found.mismatches, found.missing) == ((), ())
    assert found.agreeing == len(find_facts(text))


@given(TEXTS, TEXTS)
def test_every_fact_of_a_claim_is_counted_at_most_once(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert found.agreeing >= 0
    assert all(claim[fact.start : fact.end] == fact.text for fact in found.missing)
    assert all(m.claim in claim and m.evidence in evidence for m in found.mismatches)


SENTENCES = [
    "The mayor won {} votes in the town.",
    "Police said {} people had been hurt.",
    "The tunnel is {} km long.",
    "The bridge cost ${} to paint.",
    "A {}-year-old suspect was held.",
    "The town took {}% of its power from the sun.",
    "It was the {}th ship to pass.",
    "They say the toll rose to {}.",
    "Their {} new ferries sail in spring.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
@given(numbers=st.lists(st.integers(4, 99), min_size=2, max_size=2, unique=True))
def test_another_number_in_the_same_sentence_is_a_mismatch(sentence: str, numbers: list[int]) -> None:
    claim, evidence = (sentence.format(number) for number in numbers)
    found = compare(claim, evidence)
    assert found.agreeing == 0
    assert [mismatch.kind for mismatch in found.mismatches] == ["number"]


@given(st.integers(1, 999), st.integers(0, 9))
def test_a_figure_agrees_with_what_rounds_to_it(millions: int, tenths: int) -> None:
    exact = f"The town sold {millions}.{tenths} million apples."
    rounded = f"The town sold {millions + (tenths >= 5)} million apples."
    wrong = f"The town sold {millions + 2} million apples."
    assert compare(rounded, exact).agreeing == 1
    assert len(compare(wrong, exact).mismatches) == 1


def test_a_mismatch_is_told_in_words() -> None:
    (mismatch,) = compare("24 million people live there.", "23 million people live there.").mismatches
    assert described(mismatch) == "the claim says 24 million, the article says 23 million"


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\x00", "\ud800", "🤔", "…", "9" * 5_000, "1e400", "1,", "$", "-5"]
)
def test_odd_texts_are_read_without_complaint(text: str) -> None:
    find_facts(text)
    compare(text, "12 people died.")
    compare("12 people died.", text)


# -- time ------------------------------------------------------------------------------------------


def seconds(claim: str, evidence: str) -> float:
    started = time.process_time()
    compare(claim, evidence)
    return time.process_time() - started


@pytest.mark.alone
def test_a_passage_is_compared_in_milliseconds() -> None:
    passage = ("In 2016 about 23 million people voted, and Pell Harrow won 2-1 in Quillon on Monday. " * 30)[
        :2_000
    ]
    assert min(seconds("24 million people voted for Pell Harrow.", passage) for _ in range(20)) < 0.006


GARBAGE = """
    1,111|9|A.A.|a.A.A.|1-1, |1-|one |Monday |A of |May 12-|aA-|1990-|of |A . |two hundred and |$|٣|１２/|'s
    |12 a b c d e |1 million billion |more than |the 1 |before |3 or more |J. |-1|Boris Johnson, Alan
"""


@pytest.mark.parametrize("piece", ["\n", *GARBAGE.strip().replace("\n", "").split("|")])
def test_no_text_makes_it_slow(piece: str) -> None:
    garbage = (piece * 50_000)[:50_000]
    # About a second at most where nothing else runs; what grows with the square takes half a minute and more.
    assert seconds("24 million people met Pell Harrow on 12 May 2016.", garbage) < 4


# -- when the article appeared ---------------------------------------------------------------------


def test_the_day_when_an_article_appeared_is_no_rival_but_may_agree() -> None:
    told = "Ten years on (11 March 2021). The police still list 2,525 people as missing."
    claim = "After the wave of 2011 the police still listed 2,525 people as missing."
    assert compare(claim, told).mismatches == ()
    assert compare(claim.replace("2011", "March 2021"), told).agreeing == 2
    assert compare(claim.replace("2011", "2009"), f"{told} The wave came in 2011.").mismatches == (
        Mismatch("date", "2009", "2011"),
    )
