"""A claim reads in the notation of its evidence, and says the same as before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.facts.compare import compare
from factbot.checking.facts.rulings.notation import in_words_of

QUAY = (
    "New quay for Tolna (5 May 2023). The quay in Tolna cost 2.4 billion crowns, opened on Thursday at 9 pm and "
    "is 850 metres long. A third of the ships are tugs. It was 30 degrees Celsius. Some 48,000 people came. José "
    "Åkerblom from Łódź made a speech. The grant was £3.5m."
)


@pytest.mark.parametrize(
    ("claim", "written"),
    [
        ("The quay cost 2,400 million crowns.", "The quay cost 2.4 billion crowns."),
        ("The quay cost 2 400 million crowns.", "The quay cost 2.4 billion crowns."),
        ("The quay cost 2,400,000,000 crowns.", "The quay cost 2.4 billion crowns."),
        ("The quay is 0.85 km long.", "The quay is 850 metres long."),
        ("The quay is 2,789 feet long.", "The quay is 850 metres long."),
        ("The quay opened at 21:00.", "The quay opened at 9 pm."),
        ("About 33 percent of the ships are tugs.", "A third of the ships are tugs."),
        ("It was 86 degrees Fahrenheit.", "It was 30 degrees Celsius."),
        ("Around forty-eight thousand people came.", "Around 48,000 people came."),
        ("The grant was 3.5 million pounds.", "The grant was £3.5m."),
        ("It opened on 4 May 2023.", "It opened on Thursday."),
        ("Jose Akerblom from Lodz spoke.", "José Åkerblom from Łódź spoke."),
    ],
)
def test_what_is_the_same_is_written_as_the_evidence_does(claim: str, written: str) -> None:
    assert in_words_of(claim, QUAY) == written


@pytest.mark.parametrize(
    "claim",
    [
        "The quay cost 2.4 billion crowns.",
        "The quay cost 2.4 million crowns.",
        "The quay cost 2.4 billion euros.",
        "The quay is 8.5 km long.",
        "The quay opened at 9 am.",
        "More than 40,000 people came.",
        "It opened on 3 May 2023.",
        "Josef Akerman spoke.",
        "One ship in three is a tug.",
        "",
    ],
)
def test_what_differs_or_stands_there_already_stays(claim: str) -> None:
    assert in_words_of(claim, QUAY) == claim


@pytest.mark.parametrize(
    ("claim", "evidence", "written"),
    [
        ("Rents fell by a tenth.", "Rents fell from 500 to 450 euros.", "Rents fell from 500 to 450 euros."),
        (
            "The rate rose by two percentage points.",
            "The rate rose from 3 percent to 5 percent.",
            "The rate rose from 3 percent to 5 percent.",
        ),
        ("Exports rose by 200 percent.", "Exports tripled in May.", "Exports tripled."),
        ("Exports doubled.", "Exports rose by 100 percent.", "Exports rose by 100 percent."),
        ("Imports rose by 200 percent.", "Exports tripled in May.", "Imports rose by 200 percent."),
        (
            "The rate rose by 2 percent.",
            "The rate rose from 3 percent to 5 percent.",
            "The rate rose by 2 percent.",
        ),
    ],
)
def test_a_change_is_written_from_figure_to_figure(claim: str, evidence: str, written: str) -> None:
    assert in_words_of(claim, evidence) == written


@given(
    st.integers(2, 999), st.sampled_from(["million", "billion"]), st.sampled_from(["crowns", "euros", "people"])
)
def test_the_same_amount_in_any_scale_reads_alike(number: int, scale: str, noun: str) -> None:
    zeros = {"million": 6, "billion": 9}[scale]
    evidence = f"The plan was for {number} {scale} {noun}."
    claim = f"The plan was for {number * 10**zeros:,} {noun}."
    assert in_words_of(claim, evidence) == evidence


@given(st.integers(1, 12), st.integers(0, 59), st.booleans())
def test_the_same_time_of_day_reads_alike(hour: int, minute: int, late: bool) -> None:
    evidence = f"The train left at {hour}:{minute:02} {'pm' if late else 'am'}."
    claim = f"The train left at {hour % 12 + 12 * late:02}:{minute:02}."
    assert compare(in_words_of(claim, evidence), evidence).mismatches == ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read_without_complaint(claim: str, evidence: str) -> None:
    assert in_words_of(claim, "") == claim
    in_words_of(claim, evidence)
    assert in_words_of(evidence, evidence) == evidence
