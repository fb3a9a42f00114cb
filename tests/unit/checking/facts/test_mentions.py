"""Names in other letters, namesakes, and when it is true that a text does not mention somebody."""

from __future__ import annotations

import pytest

from factbot.checking.facts.compare import compare, unmentioned
from factbot.text.normalise import fold_accents

SAME = [
    ("Soren Ostergard", "Søren Østergård"),
    ("Søren Østergård", "Soren Ostergard"),
    ("Lukasz Walesa", "Łukasz Wałęsa"),
    ("Dorde Dokovic", "Đorđe Đoković"),
    ("Gunther Moller", "Günther Möller"),
    ("Guenther Moeller", "Günther Möller"),
    ("Günther Möller", "Guenther Moeller"),
    ("Soeren Oestergaard", "Søren Østergård"),
    ("Jens Strauss", "Jens Strauß"),
    ("Thorsteinn Aegisson", "Þorsteinn Ægisson"),
    ("Maria Luisa Goncalves", "Maria Luísa Gonçalves"),
    ("Recep Yilmaz", "Recep Yılmaz"),
    ("Bill Harrow", "William Harrow"),
    ("Joe Hallam", "Joseph Hallam"),
]

NAMESAKES = [
    ("Anna Harrow", "Peter Harrow"),
    ("Karl Harrow", "Karin Harrow"),
    ("Maria Harrow", "Mark Harrow"),
    ("Anna Harrow", "Peter J. Harrow"),
]

MENTIONED = [
    ("Knut Dahl spoke.", "Dahl spoke."),
    ("Mayor Knut Dahl spoke.", "The mayor spoke."),
    ("Knut Dahl, the mayor, spoke.", "Its mayor spoke."),
    ("Knut Dahl spoke.", "He spoke for an hour."),
    ("They live in Norway.", "A Norwegian village was cut off."),
    ("The Orrin Shipyard closed.", "The shipyard closed in May."),
    ("The European Union agreed.", "The EU agreed."),
    ("The Havorn sails.", "The Havørn sails."),
    ("It was bought by Norlund.", "The company bought it."),
    ("It was on 12 May 2016.", "It was on Sunday."),
    ("A fifth of them left.", "Of the 100 members 20 left."),
    ("The two ferries sail.", "The Måke and the Havørn sail."),
]

NOT_MENTIONED = [
    ("Knut Dahl spoke.", "Rain fell on the harbour.", ["Knut Dahl"]),
    ("They met in Geneva.", "They met in Zurich in 2016.", ["Geneva"]),
    ("It cost 45 million euros.", "Rain fell on the harbour.", ["45 million euros"]),
    ("It was built in 1964.", "Rain fell on the harbour.", ["1964"]),
]


@pytest.mark.parametrize(("typed", "printed"), SAME)
def test_a_name_is_found_as_it_is_typed_on_a_plain_keyboard(typed: str, printed: str) -> None:
    found = compare(f"It was {typed} who spoke.", f"It was {printed} who spoke.")
    assert (found.agreeing, found.mismatches, found.missing) == (1, (), ())


@pytest.mark.parametrize(("ours", "theirs"), NAMESAKES)
def test_two_people_of_one_surname_are_two(ours: str, theirs: str) -> None:
    found = compare(f"It was {ours} who spoke.", f"It was {theirs} who spoke.")
    assert [mismatch.kind for mismatch in found.mismatches] == ["name"]


@pytest.mark.parametrize(("claim", "evidence"), MENTIONED)
def test_what_may_be_meant_is_not_called_unmentioned(claim: str, evidence: str) -> None:
    assert unmentioned(compare(claim, evidence), evidence, claim) == ()


@pytest.mark.parametrize(("claim", "evidence", "texts"), NOT_MENTIONED)
def test_what_is_not_there_in_any_way_is_called_unmentioned(claim: str, evidence: str, texts: list[str]) -> None:
    assert [fact.text for fact in unmentioned(compare(claim, evidence), evidence, claim)] == texts


def test_letters_of_their_own_are_folded_and_other_scripts_stay() -> None:
    assert fold_accents("Østergård") == "ostergard"
    assert fold_accents("Łódź") == "lodz"
    assert fold_accents("Straße") == "strasse"
    assert fold_accents("Привет") == "привет"
