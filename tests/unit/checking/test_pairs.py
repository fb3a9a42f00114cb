"""Which parts of a long text the verifier reads."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from factbot.checking.pairs import WINDOW, WINDOWS, windows

EVIDENCE = "The lighthouse at Orrin Point was built by the engineer Agnes Marlow in 1871."
CLAIM = "Agnes Marlow built the lighthouse at Orrin Point."


def test_short_evidence_is_read_whole() -> None:
    assert windows("anything", EVIDENCE) == [EVIDENCE]


def test_long_evidence_is_read_where_it_speaks_of_the_claim() -> None:
    filler = " ".join(f"The weather on day {day} of the voyage was calm and the crew rested." for day in range(80))
    found = windows(CLAIM, f"{filler} {EVIDENCE} {filler}")
    assert len(found) <= WINDOWS
    assert EVIDENCE in found[0]


@given(st.text(min_size=1, max_size=3_000))
@settings(max_examples=60, deadline=None)
def test_windows_are_cut_from_the_evidence(evidence: str) -> None:
    for window in windows("the lighthouse", evidence):
        assert window in evidence
        assert len(window) <= 2 * WINDOW or len(evidence) <= WINDOW
