"""The rules that make training claims: a changed claim has another meaning, a reworded one has the same."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.verifier.examples import NOT_SUPPORTED, REFUTED
from training.verifier.rules import changed, reworded

SENTENCE = (
    "On March 14, 2016, the ferry Corvina of Skell Lines carried 1,784 people, its captain Johan Ferris said."
)
OTHERS = ["The inquiry under Ruth Amsel met in Quillon."]


@pytest.mark.parametrize("seed", range(40))
def test_a_changed_claim_is_another_claim_and_never_supported(seed: int) -> None:
    change = changed(SENTENCE, OTHERS, Random(seed))
    assert change is not None
    assert change[0] != SENTENCE
    assert change[1] in (REFUTED, NOT_SUPPORTED)


@pytest.mark.parametrize("seed", range(40))
def test_a_rounded_number_stays_true_of_the_number(seed: int) -> None:
    text = reworded("The ferry carried 1,784 people to the island.", Random(seed))
    hedged = re.search(r"(more than|over|at least|about|roughly|fewer than|nearly|almost) ([\d,]+)", text)
    if hedged is None:
        assert "1,784" in text
        return
    number = int(hedged[2].replace(",", ""))
    assert number <= 1_784 if hedged[1] in ("more than", "over", "at least") else True
    assert number >= 1_784 if hedged[1] in ("fewer than", "nearly", "almost") else True
    assert abs(number - 1_784) < 1_000


@given(st.text(max_size=200), st.integers(0, 99))
def test_no_text_breaks_the_rules(text: str, seed: int) -> None:
    reworded(text, Random(seed))
    changed(text, [text], Random(seed))
