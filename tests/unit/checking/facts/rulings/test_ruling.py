"""What facts decide by themselves, of every kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.facts.rulings.ruling import stance_by_facts

POOL = "A swim costs 60 crowns for grown-ups; pupils under 15 get in free of charge. Lockers are free to use."


@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ("Pupils under 15 pay 60 crowns.", "refutes"),
        ("Pupils have to pay 60 crowns.", "refutes"),
        ("Grown-ups pay 60 crowns.", None),
        ("Pupils under 12 pay 60 crowns.", None),
        ("Pupils under 15 pay nothing.", None),
        ("A swim costs 60 crowns.", None),
    ],
)
def test_those_who_pay_nothing_pay_no_price(claim: str, stance: str | None) -> None:
    assert stance_by_facts(claim, POOL) == stance


def test_corrections_and_changes_are_asked_too() -> None:
    assert stance_by_facts("Six boats sank at Tolna.", "At Tolna sank eight boats and not six boats.") == "refutes"
    assert stance_by_facts("Rents doubled.", "Rents rose from 400 to 500 euros.") == "refutes"


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read_without_complaint(claim: str, evidence: str) -> None:
    stance_by_facts(claim, evidence)
    assert stance_by_facts(evidence, evidence) != "refutes"
