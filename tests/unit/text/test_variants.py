"""Other ways to write one word."""

from __future__ import annotations

import pytest

from factbot.text.variants import variants

PAIRS = [
    ("harbour", "harbor"),
    ("favourite", "favorite"),
    ("organisation", "organization"),
    ("recognised", "recognized"),
    ("analyse", "analyze"),
    ("theatre", "theater"),
    ("kilometres", "kilometers"),
    ("licence", "license"),
    ("dialogue", "dialog"),
    ("cancelled", "canceled"),
    ("traveller", "traveler"),
    ("paediatric", "pediatric"),
    ("tyres", "tires"),
    ("seven", "7"),
    ("thirty-four", "34"),
    ("twelfth", "12th"),
    ("2,400", "2400"),
    ("e-mail", "email"),
    ("Jörg", "Joerg"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_word_has_its_other_way(one: str, other: str) -> None:
    assert (other.lower(),) in set(variants(one))


@pytest.mark.parametrize(("one", "other"), [pair for pair in PAIRS if "-" not in pair[0] and "," not in pair[0]])
def test_and_the_other_way_has_the_first(one: str, other: str) -> None:
    plain = one.lower().replace("ö", "o")
    assert (plain,) in set(variants(other))


def test_numbers_of_two_words_and_groups_are_looked_up_together() -> None:
    assert ("thirty", "four") in set(variants("34"))
    assert ("2", "400") in set(variants("2400"))
