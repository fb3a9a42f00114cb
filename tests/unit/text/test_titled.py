"""What a model reads above a passage."""

from __future__ import annotations

import pytest

from factbot.text.titled import under_title


@pytest.mark.parametrize(
    ("date", "heading"),
    [
        ("2014-08-06", "T (6 August 2014). w"),
        ("2014-08-06T10:00:00", "T (6 August 2014). w"),
        ("2014-13-40", "T (2014-13-40). w"),
        ("spring", "T. w"),
        ("", "T. w"),
    ],
)
def test_a_passage_is_read_under_its_title_and_whatever_date_it_has(date: str, heading: str) -> None:
    assert under_title("T", date, "w") == heading
