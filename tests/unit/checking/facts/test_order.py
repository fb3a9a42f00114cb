"""Two events that a claim puts in the wrong order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.facts.statements.comparison import compare_statements
from factbot.checking.facts.statements.order import reversed_order

TOLD = "The council closed the old bridge before the new tunnel opened."
LATE = "After the flood had reached the harbour, the mayor called the army."

REVERSED = [
    ("The new tunnel opened before the council closed the old bridge.", TOLD),
    ("The council closed the old bridge after the new tunnel opened.", TOLD),
    ("After the new tunnel opened, the council closed the old bridge.", TOLD),
    ("The mayor called the army before the flood had reached the harbour.", LATE),
    ("Before the flood reached the harbour, the mayor called the army.", LATE),
    ("The flood reached the harbour after the mayor called the army.", LATE),
    ("The harbour strike was followed by the bank crash.", "The harbour strike followed the bank crash."),
]
IN_ORDER = [
    (TOLD, TOLD),
    ("The new tunnel opened after the council closed the old bridge.", TOLD),
    ("Before the new tunnel opened, the council closed the old bridge.", TOLD),
    ("The mayor called the army after the flood reached the harbour.", LATE),
    ("The flood reached the harbour before the mayor called the army.", LATE),
    ("The bank crash was followed by the harbour strike.", "The harbour strike followed the bank crash."),
    ("The council closed the old bridge before 2016.", TOLD),
    ("The council closed the old bridge.", TOLD),
    ("The museum burned after the market closed.", TOLD),
    ("", TOLD),
]


@pytest.mark.parametrize(("claim", "evidence"), REVERSED)
def test_the_other_order_is_told(claim: str, evidence: str) -> None:
    assert reversed_order(claim, evidence) == evidence
    assert compare_statements(claim, evidence).differs


@pytest.mark.parametrize(("claim", "evidence"), IN_ORDER)
def test_the_same_order_is_let_pass(claim: str, evidence: str) -> None:
    assert reversed_order(claim, evidence) == ""


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_read_without_complaint(claim: str, evidence: str) -> None:
    reversed_order(claim, evidence)
    assert reversed_order(evidence, evidence) == ""
