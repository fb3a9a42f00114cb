"""The blocks of some HTML say what a reader sees: what is struck out is gone, and no word is split or lost."""

from __future__ import annotations

import pytest

from factbot.corpus.formats.markup.blocks import html_blocks

STYLES = (
    "/* of an office program */ .c4{font-size:8pt;vertical-align:super} span.c9, .x{text-decoration: line-through}"
)


def blocks(markup: str, head: str = "") -> list[str]:
    return html_blocks(f"<html><head>{head}</head><body>{markup}</body></html>")[1]


@pytest.mark.parametrize(
    "old",
    [
        "<s>nine</s>",
        "<del>nine</del>",
        "<strike>ni<b>ne</b></strike>",
        '<span style="text-decoration:line-through">nine</span>',
        '<span style="color:red; text-decoration-line: underline line-through">nine</span>',
        '<span class="c9">nine</span>',
        '<span hidden>nine</span><span class="sr-only">opens a window</span>',
    ],
)
def test_what_is_struck_out_or_hidden_is_no_text(old: str) -> None:
    assert blocks(f"<p>It took {old} <ins>eleven</ins> days.</p>", f"<style>{STYLES}</style>") == [
        "It took eleven days."
    ]


@pytest.mark.parametrize(
    "note",
    [
        "<sup>2</sup>",
        '<sup><a href="#n2">2</a></sup>',
        '<a href="#n2"><sup>2</sup></a>',
        '<a href="notes.html#n2" class="ref">2</a>',
        '<a epub:type="noteref" href="#n2">[2]</a>',
        '<span style="vertical-align: super; font-size: 60%">2</span>',
        '<span class="c4">2</span>',
        "<sup>1</sup><sup>,</sup><sup>2</sup>",
    ],
)
def test_a_notes_number_is_no_digit(note: str) -> None:
    assert blocks(f"<p>They sold 7,150{note} casks.</p>", f"<style>{STYLES}</style>") == ["They sold 7,150 casks."]


def test_a_note_at_the_foot_keeps_its_number_and_rules_out_a_power() -> None:
    assert blocks("<p>We met 10<sup>2</sup> sailors.</p><p><sup>2</sup>Without the captain.</p>") == [
        "We met 10 sailors.",
        "2 Without the captain.",
    ]


def test_a_link_in_a_sentence_stays() -> None:
    assert blocks('<p>See part <a href="#p3">3</a>, and <a href="#p4">the fourth</a>.</p>') == [
        "See part 3, and the fourth."
    ]


def test_powers_and_formulas_are_written_out() -> None:
    fraction = "<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>"
    formula = f"<msup><mn>10</mn><mn>7</mn></msup><mo>=</mo>{fraction}"
    assert blocks(
        f"<p>10<sup>−</sup><sup>3</sup> g, 6 m<sup>2</sup>, H<sub>2</sub>O</p><math>{formula}</math>"
    ) == [
        "10⁻³ g, 6 m², H2O",
        "10⁷=a/(b+1)",
    ]


@pytest.mark.parametrize(
    "markup",
    [
        '<p><span class="dropcap">T</span>he wind rose.</p>',
        '<p><span class="story-drop-cap">\nT\n</span>\nhe wind rose.</p>',
        '<p><img class="drop-cap" src="t.png" alt="T">he wind rose.</p>',
        '<div class="dropcap">T</div><p>he wind rose.</p>',
        "<p>The w<font color=red>in</font>d <o:p>rose</o:p>.</p>",
        "<p>The <news-term>wi<wbr>nd</news-term> <time>rose</time>.</p>",
        "<section>The <x-y>wind</x-y> <blink>rose</blink>.</section>",
    ],
)
def test_no_tag_splits_or_drops_a_word(markup: str) -> None:
    assert [block for block in blocks(markup) if block] == ["The wind rose."]


def test_a_large_initial_that_is_a_word_stays_one() -> None:
    assert blocks('<p><span class="dropcap">A</span> wind rose.</p>') == ["A wind rose."]


def test_elements_of_a_sites_own_keep_their_blocks_apart() -> None:
    assert blocks("<main><x-card>One</x-card><x-card>Two<p>Three</p></x-card></main>") == ["One", "Two", "Three"]


def test_tables_of_facts_are_rows_and_frames_are_not() -> None:
    merged = (
        "<table><caption>Casks</caption><tr><th>Port</th><th>Year</th><th>Goods</th></tr>"
        "<tr><td rowspan=2>Norrby</td><td><p>2021</p></td><td><ul><li>rye</li><li>salt</li></ul></td></tr>"
        "<tr><td>2022</td><td>tar</td></tr></table>"
    )
    assert blocks(merged) == ["Casks", "Port | Year | Goods", "Norrby | 2021 | rye; salt", "Norrby | 2022 | tar"]
    nested = "<table><tr><td>Left<table><tr><td>a</td><td>b</td></tr></table></td><td>Right</td></tr></table>"
    assert blocks(nested) == ["Left", "a | b", "Right"]


def test_lists_definitions_and_lines() -> None:
    markup = "<ul><li>One<ul><li>Two</li></ul></li></ul><dl><dt>Length</dt><dd>9 m</dd></dl>a<br>b<br><br>c"
    assert blocks(markup) == ["One", "Two", "Length", "9 m", "a\nb", "c"]


def test_letters_of_a_symbol_font_are_the_signs_that_they_show() -> None:
    assert blocks(
        '<p>5 <font face="Symbol">m</font>g <span style="font-family:Wingdings">&agrave;</span> 6</p>'
    ) == ["5 μg → 6"]
