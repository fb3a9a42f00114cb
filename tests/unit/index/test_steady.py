"""Equals come in a fixed order, whichever order they were found in."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from factbot.index.steady import are_equal, best_first

SCORES = st.sampled_from([12.0, 12.0 + 4e-6, 3.5, 0.2, 0.2 - 3e-7, 0.0])


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), SCORES), st.randoms())
def test_the_order_in_which_passages_came_has_no_say(scores: dict[str, float], chance: Random) -> None:
    shuffled = list(scores.items())
    chance.shuffle(shuffled)
    ranked = best_first(shuffled)
    assert ranked == best_first(scores.items())
    assert dict(ranked) == scores
    for (one, better), (other, worse) in pairwise(ranked):
        assert one < other if are_equal(max(better, worse), min(better, worse)) else better > worse


def test_what_rounding_tells_apart_is_equal_and_what_differs_is_not() -> None:
    assert best_first([("b", 31.00001), ("a", 31.0)]) == [("a", 31.0), ("b", 31.00001)]
    assert best_first([("b", 31.001), ("a", 31.0)]) == [("b", 31.001), ("a", 31.0)]
    assert best_first([("b", 0.7001), ("a", 0.7)]) == [("b", 0.7001), ("a", 0.7)]
    assert best_first([]) == []
