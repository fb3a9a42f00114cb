"""Words that are found however they are written."""

from __future__ import annotations

import pytest

from factbot.index.lexical import LexicalIndex

TEXTS = {
    "lamp": "The colour of the harbour lamp was analysed by twelve engineers.",
    "till": "An organization in Łódź counted 1,250 e-mails on the 3rd day.",
    "dam": "The waterfront dam is 21 kilometers long, says Jörg Köhler of Ærø.",
    "kite": "A kite flew over the low meadow.",
}


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    index = LexicalIndex(tmp_path_factory.mktemp("words"))
    index.add((f"{name}#0-{len(text)}", name, name, text) for name, text in TEXTS.items())
    index.commit()
    return index


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("color", "lamp"),
        ("harbor", "lamp"),
        ("analyzed", "lamp"),
        ("12", "lamp"),
        ("organisation", "till"),
        ("Lodz", "till"),
        ("1250", "till"),
        ("1 250", "till"),
        ("emails", "till"),
        ("third", "till"),
        ("water-front", "dam"),
        ("water front", "dam"),
        ("twenty-one", "dam"),
        ("kilometres", "dam"),
        ("Joerg", "dam"),
        ("Koehler", "dam"),
        ("aero", "dam"),
    ],
)
def test_one_word_is_found_by_its_other_ways(words: LexicalIndex, typed: str, name: str) -> None:
    found = words.search(typed, 5)
    assert [passage.partition("#")[0] for passage, _ in found[:1]] == [name]


def test_a_word_in_two_ways_counts_once(words: LexicalIndex) -> None:
    assert words.search("colour", 1)[0][1] == pytest.approx(words.search("color", 1)[0][1])


def test_a_word_that_nobody_wrote_finds_nothing(words: LexicalIndex) -> None:
    assert words.search("tungsten", 5) == []
