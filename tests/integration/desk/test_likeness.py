"""Claims that read alike and say different things are told apart; the same in other words is not."""

from __future__ import annotations

import pytest

from factbot.checking.verifier import PackagedVerifier, Verifier
from factbot.desk.likeness import difference, overlap

DIFFERENT = [
    ("The dam holds 320 million litres.", "The dam holds 340 million litres.", "340 million"),
    ("He came out on top in 28 of 39 districts.", "He came out on top in 16 of 39 districts.", "16"),
    ("The mill burned down in 1911.", "The mill burned down in 1912.", "1912"),
    ("Ada Quist sold the mill to Orla Penn.", "Ada Quist sold the mill to Hugo Brand.", "Hugo Brand"),
    ("The parade was held in Brellin.", "The parade was held in Tolvik.", "Tolvik"),
]
OPPOSED = [
    ("The board approved the merger.", "The board did not approve the merger."),
    ("The board has approved the merger.", "The board never approved the merger."),
    ("Somebody was hurt when the crane fell.", "Nobody was hurt when the crane fell."),
    ("The pilot hasn’t been found.", "The pilot has been found."),
    ("The letter was made public.", "The letter was kept secret."),
    ("Exports rose in the spring.", "Exports fell in the spring."),
]
ALIKE = [
    ("The strike lasted nine days.", "The strike went on for 9 days."),
    ("Aud Berge was paid at least 400 crowns.", "Aud Berge was paid 400 crowns or more."),
    ("The levy was cut by a quarter.", "The levy was reduced by 25%."),
    ("The dam opened in 1998.", "The dam was opened on 3 June 1998."),
    ("NATO sent observers.", "The North Atlantic Treaty Organization sent observers."),
    ("The board didn't approve the merger.", "The board refused to approve the merger."),
    ("Nobody was hurt.", "No one was hurt."),
    ("No fewer than five boats sank.", "At least five boats sank."),
    ("Élie Durand opened a café.", "Elie Durand opened a cafe."),
    ("Mayor Solheim's dog ran away.", "Solheim, the mayor, lost her dog."),
]


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return PackagedVerifier()


@pytest.mark.parametrize(("claim", "other", "part"), DIFFERENT)
def test_another_number_date_or_name_is_said(claim: str, other: str, part: str, verifier: Verifier) -> None:
    said = difference(claim, other, verifier)
    assert part in said and said.endswith(".")
    assert difference(other, claim, verifier)


@pytest.mark.parametrize(("claim", "other"), OPPOSED)
def test_a_denial_is_said(claim: str, other: str, verifier: Verifier) -> None:
    assert (
        difference(claim, other, verifier)
        == difference(other, claim, verifier)
        == "The two contradict each other."
    )


@pytest.mark.parametrize(("claim", "other"), ALIKE)
def test_the_same_in_other_words_is_no_difference(claim: str, other: str, verifier: Verifier) -> None:
    assert difference(claim, other, verifier) == "" == difference(other, claim, verifier)


def test_overlap_is_the_share_of_the_shorter_claims_words() -> None:
    assert overlap("The strike lasted nine days.", "Strikes lasted nine days at the harbour.") == 1
    assert overlap("The strike lasted.", "Boats caught herrings.") == 0 == overlap("", "")
