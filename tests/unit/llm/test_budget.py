"""An estimate of tokens is never less than what a tokenizer counts."""

from __future__ import annotations

import pytest

from factbot.llm.budget import estimated
from tests.support.tokens import COUNTED


@pytest.mark.parametrize("text", COUNTED)
def test_an_estimate_is_no_less_than_what_a_tokenizer_counts(text: str) -> None:
    assert COUNTED[text] <= estimated(text) <= len(text.encode()) + 1


def test_an_estimate_leaves_room_in_plain_words() -> None:
    """A high estimate would stop calls long before the budget is spent."""
    (text, *_), (counted, *_) = COUNTED, COUNTED.values()
    assert estimated(text) < 2.5 * counted


def test_text_that_is_not_utf8_has_an_estimate_too() -> None:
    assert estimated("\ud800") == 4
