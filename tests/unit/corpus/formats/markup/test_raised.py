"""A raised figure becomes a power, a part of its word, or nothing where it only points to a note."""

from __future__ import annotations

import pytest

from factbot.corpus.formats.markup.raised import lowered, raised, written_out


@pytest.mark.parametrize(
    ("before", "figure", "after"),
    [
        ("sold 61,500", "4", " barrels"),
        ("a rise of 3.7", "12", " per cent"),
        ("in 2019", "*", ","),
        ("a rise of 8%", "1", "."),
        ("the harbour master", "3", " said"),
        ("It closed.", "7", " Then"),
        ("“It closed.”", "2", " Then"),
        ("sold 61,500", "1,2", " barrels"),
        ("sold 61,500", "[5]", " barrels"),
        ("sold 61,500", "b", " barrels"),
        ("the turnover", "a", " rose"),
        ("worth €7m", "2", " a year"),
        ("a wall of 90 metres", "2", " was built"),
        ("on May 10", "2", " it"),
        ("(since 2011)", "3", ""),
    ],
)
def test_a_notes_number_is_left_out(before: str, figure: str, after: str) -> None:
    assert raised(figure, before, after) == ""


@pytest.mark.parametrize(
    ("before", "figure", "after", "whole"),
    [
        ("about 10", "9", " grains", "about 10⁹ grains"),
        ("4.2 × 10", "−5", " g", "4.2 × 10⁻⁵ g"),
        ("a field of 30 km", "2", ".", "a field of 30 km²."),
        ("80 kWh/m", "2", "", "80 kWh/m²"),
        ("9.81 m/s", "2", "", "9.81 m/s²"),
        ("E = mc", "2", "", "E = mc²"),
        ("x", "n", " + 1", "xⁿ + 1"),
        ("10", "n+1.5", "", "10^n+1.5"),
        ("(p + q)", "3", "", "(p + q)³"),
        ("Mg", "2+", " ions", "Mg²⁺ ions"),
    ],
)
def test_a_power_stays_a_power(before: str, figure: str, after: str, whole: str) -> None:
    assert before + raised(figure, before, after) + after == whole


@pytest.mark.parametrize(
    ("before", "figure", "after", "whole"),
    [
        ("the 3", "rd", " pier", "the 3rd pier"),
        ("le XIX", "e", " siècle", "le XIXe siècle"),
        ("M", "me", " Blanc", "Mme Blanc"),
        ("only $7", "95", " each", "only $7.95 each"),
        ("2", "3", "/4 cups", "2 3/4 cups"),
        ("at 30", "o", "C", "at 30°C"),
        ("dated by ", "14", "C", "dated by ¹⁴C"),
        ("Veldo", "TM", " tyres", "Veldo™ tyres"),
        ("", "6", " Without transit.", "6 Without transit."),
        ("", "6", "Without transit.", "6 Without transit."),
        ("the ferry", "citation needed", " sank", "the ferry citation needed sank"),
    ],
)
def test_a_part_of_a_word_or_figure_joins_it_and_other_text_stays_apart(
    before: str, figure: str, after: str, whole: str
) -> None:
    assert before + raised(figure, before, after) + after == whole


def test_a_link_or_a_note_that_stands_in_the_document_outweighs_what_looks_like_a_power() -> None:
    assert raised("3", "reached 10", " boats") == "³"
    assert raised("3", "reached 10", " boats", is_listed=True) == ""
    assert raised("3", "reached 10", " boats", is_link=True) == ""
    assert raised("2", "on 5 km", "", is_listed=True) == "²"


@pytest.mark.parametrize(
    ("before", "figure", "after", "whole"),
    [
        ("CO", "2", " fell", "CO2 fell"),
        ("H", "2", "O", "H2O"),
        ("PM", "2.5", "", "PM2.5"),
        ("NO", "x", "", "NOx"),
        ("log", "2", "8", "log₂8"),
        ("the speed v", "max", "", "the speed v_max"),
    ],
)
def test_a_lowered_figure_never_runs_into_a_number(before: str, figure: str, after: str, whole: str) -> None:
    assert before + lowered(figure, before, after) + after == whole


def test_pieces_of_one_mark_are_read_together() -> None:
    assert written_out([("10", 0), ("−", 1), ("1", 1), ("2", 1), (" m", 0)]) == "10⁻¹² m"
    assert written_out([("rose to 7", 0), ("1", 1), (",", 1), ("2", 1), (" in May", 0)]) == "rose to 7 in May"
