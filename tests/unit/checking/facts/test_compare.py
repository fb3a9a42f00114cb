"""Numbers, dates and names of a claim are compared with those of the evidence; a doubtful case is no mismatch."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.facts.compare import compare, find_facts, mismatch_in_words

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
    assert mismatch_in_words(mismatch) == "the claim says 24 million, the article says 23 million"


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
