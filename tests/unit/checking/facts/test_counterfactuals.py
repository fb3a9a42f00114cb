"""A claim with the evidence's numbers in place of its own, and what the verifier makes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.facts.counterfactuals import MOST, counterfactuals
from factbot.text.titled import under_title

COUNT = "Counting ended at noon: 1,204 households had lost power, and 310 of them still wait for it."
LIGHT = "The lighthouse was lit in 1871 and electrified in 1926; the last keeper left in 1974."
FIGURES = st.sampled_from(
    ["12", "1,204", "half", "3.2 km", "5 May 1994", "in 1926", "Marlow", "the", "lost", "€5m"]
)

TEXTS = st.lists(FIGURES, max_size=12).map(" ".join)


def test_each_number_is_replaced_by_each_other_one_of_its_kind() -> None:
    made = counterfactuals("At noon 310 households had lost power.", COUNT)
    assert [(text, other.claim, other.evidence) for text, other in made.items()] == [
        ("At noon 1,204 households had lost power.", "310", "1,204")
    ]
    assert list(counterfactuals("It was electrified in 1974.", LIGHT)) == [
        "It was electrified in 1871.",
        "It was electrified in 1926.",
    ]


@pytest.mark.parametrize(
    "claim",
    [
        "More than 300 households had lost power.",  # 310 and 1,204 both bear it out
        "The pylons are 40 kilometres apart.",  # nothing of the kind
        "Agnes Marlow counted the households.",  # names are compared elsewhere
        "",
    ],
)
def test_a_claim_without_another_number_stays(claim: str) -> None:
    assert counterfactuals(claim, COUNT) == {}


def test_when_an_article_appeared_is_nothing_that_it_says() -> None:
    claim = "It was electrified in 1974."
    assert counterfactuals(claim, under_title("The light on Skerrin", "2020-03-01", "Its lamp is red.")) == {}
    assert list(
        counterfactuals(claim, under_title("The light on Skerrin", "2020-03-01", "Its lamp came in 1990."))
    ) == ["It was electrified in 1990."]


@given(TEXTS, TEXTS)
def test_only_the_number_differs_and_both_stand_in_their_texts(claim: str, evidence: str) -> None:
    made = counterfactuals(claim, evidence)
    assert len(made) <= MOST
    for changed, other in made.items():
        assert other.claim in claim and other.evidence in evidence
        places = [at for at in range(len(claim)) if claim.startswith(other.claim, at)]
        assert changed in [claim[:at] + other.evidence + claim[at + len(other.claim) :] for at in places]
