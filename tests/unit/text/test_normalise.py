"""Characters that are made alike: ligatures, soft hyphens, letters that no plain keyboard has."""

from __future__ import annotations

import pytest

from factbot.text.normalise import clean_text, plain_letters, typed_line


def test_ligatures_are_spelled_out_in_articles_and_in_what_is_typed() -> None:
    for clean in (clean_text, typed_line):
        assert (
            clean("The sta\ufb00 \ufb01led \ufb02at o\ufb03cial wa\ufb04es")
            == "The staff filed flat official waffles"
        )


def test_a_hint_where_a_word_may_be_broken_does_not_break_it() -> None:
    for clean in (clean_text, typed_line):
        assert clean("the light\u00adhouse key\u200bboard") == "the lighthouse keyboard"


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("Søren Kjær", "Soren Kjaer"),
        ("Łódź, Đà Nẵng", "Lodz, Da Nang"),
        ("Weiße Straße", "Weisse Strasse"),
        ("Yılmaz and Œuvre", "Yilmaz and Oeuvre"),
        ("Þór’s café — 5 €", "Thor’s cafe — 5 €"),
        ("Ærø\u0301", "Aero"),
        ("Привет, Йошкар", "Привет, Йошкар"),
        ("東京 का", "東京 का"),
    ],
)
def test_latin_letters_become_plain_and_all_else_stays(printed: str, typed: str) -> None:
    assert plain_letters(printed) == typed
