"""Names of a claim, compared with those of its evidence."""

from __future__ import annotations

import pytest

from factbot.checking.facts.compare import compare, find_facts

# -- names -----------------------------------------------------------------------------------------

NAMES_THAT_AGREE = [
    ("It was Boris Johnson who spoke.", "Johnson spoke."),
    ("The United Nations warned of it.", "The UN warned of it."),
    ("The U.N. warned of it.", "The United Nations warned of it."),
    ("It is known in the UK.", "It is known in the United Kingdom."),
    ("They live in Russia.", "A Russian village."),
    ("They live in Britain.", "A British village."),
    ("They met in Zürich.", "They met in Zurich."),
    ("It was Joe Hallam's idea.", "Joseph Hallam had the idea."),
    ("It was J. K. Harrow who spoke.", "Harrow spoke."),
    ("A painting by Rogier van der Weyden.", "Van der Weyden painted it."),
    ("Quillon lost. They wept in Quillon.", "The people of Quillon wept."),
    ("They trust the Bank of Orrin.", "The Bank of Orrin is trusted."),
]

NAMES_THAT_ARE_MISSING = [
    ("They met in Geneva.", "They met in Zurich."),
    ("He studied at Orrin University.", "He studied at Quillon University."),
    ("It was Pell Harrow who spoke.", "The mayor spoke."),
]


@pytest.mark.parametrize(("claim", "evidence"), NAMES_THAT_AGREE)
def test_a_name_agrees_in_each_of_its_forms(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert found.agreeing >= 1
    assert not found.mismatches
    assert not found.missing


@pytest.mark.parametrize(("claim", "evidence"), NAMES_THAT_ARE_MISSING)
def test_a_name_that_the_evidence_does_not_hold_is_missing(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert not found.mismatches
    assert [fact.kind for fact in found.missing] == ["name"]


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("It was Boris Johnson who spoke.", "It was Alan Johnson who spoke."),
        ("It was Boris Johnson who spoke.", "Then Alan Johnson spoke. Johnson said no."),
        ("They live in North Quillon.", "They live in South Quillon."),
    ],
)
def test_another_first_name_is_a_mismatch(claim: str, evidence: str) -> None:
    assert [mismatch.kind for mismatch in compare(claim, evidence).mismatches] == ["name"]


@pytest.mark.parametrize(
    "evidence",
    [
        "It was Mr Johnson who spoke.",
        "In parliament Johnson spoke, and so did Alan Johnson.",
        "He and his brother Alan Johnson spoke.",
        "Prime Minister Boris Johnson spoke after Alan Johnson.",
    ],
)
def test_a_surname_that_may_be_the_same_person_is_no_mismatch(evidence: str) -> None:
    assert not compare("It was Boris Johnson who spoke.", evidence).mismatches


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The mayor of Orrin spoke.", ["Orrin"]),
        ("Rain fell. It was cold.", []),
        ("Pell Harrow's dog barked.", ["Pell Harrow"]),
        ("In June they met Pell Harrow.", ["Pell Harrow"]),
        ("When Pell Harrow spoke, I left.", ["Pell Harrow"]),
        ("The Bank of Orrin and the U.N. agreed on Monday.", ["Bank of Orrin", "U.N."]),
        ("We met George W. Harrow.", ["George W. Harrow"]),
        ("WEATHER\nPell Harrow spoke", ["Pell Harrow"]),
    ],
)
def test_names_are_runs_of_capitals_that_are_more_than_a_sentence_s_first_word(
    text: str, names: list[str]
) -> None:
    assert [fact.text for fact in find_facts(text) if fact.kind == "name"] == names
