"""The examples in the chat's welcome."""

from __future__ import annotations

from factbot.checking.claims import is_statement
from factbot.web.welcome import CLAIMS, EXAMPLES, QUESTIONS, welcome
from tests.support import ROOT
from tests.support.page import Page

SAMPLE_CORPUS = ROOT / "corpus"


def test_examples_are_offered_where_their_articles_are() -> None:
    assert "data-example" not in welcome({"mine.md"})
    offered = Page(welcome({EXAMPLES[1][1], EXAMPLES[-1][1]}))
    numbers = [v for n, v in offered.attributes if n == "data-example"]
    assert numbers == ["1", str(len(EXAMPLES) - 1)]


def test_examples_are_read_as_what_they_stand_for() -> None:
    assert not any(is_statement(text) for text, _ in QUESTIONS)
    assert all(is_statement(text) for text, _ in CLAIMS)


def test_examples_are_about_articles_of_the_sample_corpus() -> None:
    assert all((SAMPLE_CORPUS / article_id).is_file() for _, article_id in EXAMPLES)
