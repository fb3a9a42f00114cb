"""Claims that read alike and say different things are told apart; the same in other words is not."""

from __future__ import annotations

import pytest

from factbot.desk.likeness import difference, overlap

DIFFERENT = [
    ("The dam holds 320 million litres.", "The dam holds 340 million litres.", "340 million"),
    ("The mill burned down in 1911.", "The mill burned down in 1912.", "1912"),
    ("Ada Quist sold the mill to Orla Penn.", "Ada Quist sold the mill to Hugo Brand.", "Hugo Brand"),
    ("The parade was held in Brellin.", "The parade was held in Tolvik.", "Tolvik"),
    ("The board approved the merger.", "The board did not approve the merger.", "denies"),
    ("The board has approved the merger.", "The board never approved the merger.", "denies"),
    ("Somebody was hurt when the crane fell.", "Nobody was hurt when the crane fell.", "denies"),
    ("The pilot hasn’t been found.", "The pilot has been found.", "denies"),
]
ALIKE = [
    ("The strike lasted nine days.", "The strike went on for 9 days."),
    ("The levy was cut by a quarter.", "The levy was reduced by 25%."),
    ("The dam opened in 1998.", "The dam was opened on 3 June 1998."),
    ("NATO sent observers.", "The North Atlantic Treaty Organization sent observers."),
    ("The board didn't approve the merger.", "The board refused to approve the merger."),
    ("Nobody was hurt.", "No one was hurt."),
    ("No fewer than five boats sank.", "At least five boats sank."),
    ("Élie Durand opened a café.", "Elie Durand opened a cafe."),
    ("Mayor Solheim's dog ran away.", "Solheim, the mayor, lost her dog."),
]


@pytest.mark.parametrize(("claim", "other", "part"), DIFFERENT)
def test_another_number_date_name_or_a_denial_is_said(claim: str, other: str, part: str) -> None:
    said = difference(claim, other)
    assert part in said and said.endswith(".")
    assert difference(other, claim)


@pytest.mark.parametrize(("claim", "other"), ALIKE)
def test_the_same_in_other_words_is_no_difference(claim: str, other: str) -> None:
    assert difference(claim, other) == "" and difference(other, claim) == ""


def test_overlap_is_the_share_of_the_shorter_claims_words() -> None:
    assert overlap("The strike lasted nine days.", "Strikes lasted nine days at the harbour.") == 1
    assert overlap("The strike lasted.", "Boats caught herrings.") == 0 == overlap("", "")
