"""The verifier compares a claim with the same words and another number, and finds the right number."""

from __future__ import annotations

import pytest

from factbot.checking.verifier import REFUTED, SUPPORTED, PackagedVerifier

COUNT = "Counting ended at noon: 1,204 households had lost power, and 310 of them still wait for it."
LIGHT = "The lighthouse was lit in 1871 and electrified in 1926; the last keeper left in 1974."


@pytest.fixture(scope="module")
def verifier() -> PackagedVerifier:
    return PackagedVerifier()


@pytest.mark.parametrize(
    ("true", "false", "wrong", "right"),
    [
        ("The lighthouse was electrified in 1926.", "The lighthouse was electrified in 1974.", "1974", "1926"),
        ("At noon 1,204 households had lost power.", "At noon 310 households had lost power.", "310", "1,204"),
    ],
)
def test_a_number_of_something_else_in_the_evidence_refutes_the_claim(
    verifier: PackagedVerifier, true: str, false: str, wrong: str, right: str
) -> None:
    evidence = f"{LIGHT} {COUNT}"
    borne_out, ruled_out = verifier.scores([(true, evidence), (false, evidence)])
    assert borne_out.argmax() == SUPPORTED
    assert ruled_out.argmax() == REFUTED
    assert verifier.rival(true, evidence) is None
    found = verifier.rival(false, evidence)
    assert found and (found.claim, found.evidence) == (wrong, right)
