"""The panel that shows an article with the quoted words marked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.web.chat.evidence_panel import article_text, evidence
from tests.support.newsroom import PAYLOADS
from tests.support.page import (
    TEXT,
    Page,
    article,
    passage,
)

QUOTE = (11, 37)


class TestPanel:
    def test_quote_is_highlighted_inside_its_passage(self) -> None:
        page = Page(article_text("One. Two. Three. Four.", (5, 16), (10, 16)))
        assert page.text == "One. Two. Three. Four."
        assert page.marked == "Three."

    @given(st.text(st.characters(exclude_categories=["C"]), min_size=1), st.data())
    def test_article_is_shown_unchanged_and_the_mark_is_the_quote(self, text: str, data: Any) -> None:
        ends = data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4).map(sorted))
        page = Page(article_text(text, (ends[0], ends[3]), (ends[1], ends[2])))
        assert page.text == text
        assert page.marked == text[ends[1] : ends[2]]
        assert set(page.tags) <= {"span", "mark"}

    def test_very_long_article_keeps_generous_surroundings(self) -> None:
        text = "x" * 100_000 + "The quote." + "y" * 100_000
        page = Page(article_text(text, (100_000, 100_010), (100_000, 100_010)))
        assert page.marked == "The quote."
        assert 40_000 <= len(page.text) < 50_000

    def test_heading_says_where_the_words_are_from(self) -> None:
        whole = article(source="The Post", author="A. Bee", date="2021-03-26")
        page = Page(evidence(whole, passage(), heading="Source [1]", quote=QUOTE))
        for part in ("Source [1]", "Title", "The Post", "A. Bee", "26 March 2021", "a.example"):
            assert part in page.text
        assert ("href", "https://a.example/x") in page.attributes
        assert ("rel", "noopener noreferrer") in page.attributes

    @pytest.mark.parametrize("payload", [*PAYLOADS, "javascript:alert(1)"])
    def test_nothing_of_an_article_becomes_markup(self, payload: str) -> None:
        fields = dict.fromkeys(("title", "source", "author", "date", "url", "language"), payload)
        text = f"{payload} and {payload}"
        plain = article("x and x", **dict.fromkeys(fields, "x") | {"url": "https://a.example"})
        harmless = Page(evidence(plain, passage("x and x", 0, 1), heading="Source", quote=(0, 1)))
        shown = passage(text, 0, len(payload), title=payload)
        page = Page(evidence(article(text, **fields), shown, heading=payload, quote=(0, len(payload))))
        assert set(page.tags) <= set(harmless.tags)
        assert {name for name, _ in page.attributes} <= {name for name, _ in harmless.attributes}
        assert not [value for name, value in page.attributes if name == "href"]
        assert page.marked == payload

    def test_changed_article_shows_the_passage_as_it_was(self) -> None:
        page = Page(
            evidence(article("All new words, and more of them."), passage(), heading="Source", quote=QUOTE)
        )
        assert "has changed since it was read" in page.text
        assert page.marked == TEXT[slice(*QUOTE)]

    def test_removed_article_shows_the_passage_as_it_was(self) -> None:
        page = Page(evidence(None, passage(), heading="Source", quote=QUOTE))
        assert "removed from the corpus" in page.text
        assert page.marked == TEXT[slice(*QUOTE)]

    def test_opening_twice_is_a_change_to_the_page(self) -> None:
        assert evidence(article(), passage(), heading="S") != evidence(article(), passage(), heading="S")
