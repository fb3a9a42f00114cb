"""Changes, differences and ratios are worked out from the figures of the evidence."""

from __future__ import annotations

import pytest

from factbot.checking.facts.rulings.changes import stance_by_change

RENTS = "Rents (4 May 2023). Rents in Tolna rose from 400 to 500 euros last year. Sales of flats tripled."
TRAMS = (
    "The new tram takes 20 minutes to Orrin and carries 240 passengers. The old tram took 35 minutes and carried "
    "120 passengers."
)


@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ("Rents in Tolna rose by a quarter.", "supports"),
        ("Rents in Tolna rose by 25 percent.", "supports"),
        ("Rents in Tolna rose by 100 percent.", "refutes"),
        ("Rents in Tolna doubled.", "refutes"),
        ("Rents in Tolna fell by 25 percent.", "refutes"),
        ("Sales of flats doubled.", "refutes"),
        ("Rents in Orrin rose by a quarter.", None),
        ("Wages in Tolna doubled.", None),
        ("Rents in Tolna rose.", None),
    ],
)
def test_a_change_beside_two_figures(claim: str, stance: str | None) -> None:
    assert stance_by_change(claim, RENTS) == stance


@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ("The new tram is 15 minutes faster than the old one.", "supports"),
        ("The old tram is 15 minutes slower than the new one.", "supports"),
        ("The old tram is 15 minutes faster than the new one.", "refutes"),
        ("The new tram is 10 minutes faster than the old one.", "refutes"),
        ("The new tram carries twice as many passengers as the old one.", "supports"),
        ("The old tram carries twice as many passengers as the new one.", "refutes"),
        ("The new tram carries three times as many passengers as the old one.", "refutes"),
        ("The new tram carries 120 more passengers than the old one.", "supports"),
        ("The old tram carries 120 more passengers than the new one.", "refutes"),
        ("The new bus is 15 minutes cheaper than the boat.", None),
        ("The new tram is faster than the old one.", None),
    ],
)
def test_a_difference_or_ratio_of_two_figures_and_whose_is_more(claim: str, stance: str | None) -> None:
    assert stance_by_change(claim, TRAMS) == stance


@pytest.mark.parametrize(
    ("claim", "evidence", "stance"),
    [
        ("Members halved.", "The number of members fell from 1,200 in 2010 to 600 in 2020.", "supports"),
        ("Profits tripled.", "Profits rose to 90 million euros from 30 million euros.", "supports"),
        (
            "Profits rose by 50 million euros.",
            "Profits rose to 90 million euros from 30 million euros.",
            "refutes",
        ),
        (
            "The share of smokers fell by a fifth.",
            "The share of smokers was 20 percent, down from 25.",
            "supports",
        ),
        ("Orrin has twice as many schools as Tolna.", "Orrin has 12 schools, Tolna 6 schools.", "supports"),
        ("Tolna has twice as many schools as Orrin.", "Orrin has 12 schools, Tolna 6 schools.", "refutes"),
        ("Visitors rose by 20,000.", "The number of visitors rose from 60,000 to 80,000.", "supports"),
    ],
)
def test_two_figures_are_found_however_they_are_set_beside_each_other(
    claim: str, evidence: str, stance: str
) -> None:
    assert stance_by_change(claim, evidence) == stance


def test_points_are_no_percent() -> None:
    evidence = "The turnout in Tolna fell from 50 percent to 40 percent."
    assert stance_by_change("The turnout in Tolna fell by 10 percentage points.", evidence) == "supports"
    assert stance_by_change("The turnout in Tolna fell by a fifth.", evidence) == "supports"
    assert stance_by_change("The turnout in Tolna fell by 10 percent.", evidence) == "refutes"


@pytest.mark.parametrize("claim", ["", "Doubled.", "It is 5 minutes faster than", "Twice as many as."])
def test_what_is_no_whole_sentence_decides_nothing(claim: str) -> None:
    assert stance_by_change(claim, TRAMS) is None
