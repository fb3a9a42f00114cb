"""A sentence is read after those of its article that tell a date or a name of the claim which it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.context import LONGEST, in_context
from factbot.results import Article
from factbot.sentences import sentence_spans

QUAKE = (
    "The quake struck on 6 February 2023. Ali Yerlik counted the dead. The toll rose every day. "
    "Eight days later it passed that of 1939. Rebuilding began in March 2024."
)
PASSED = "Eight days later it passed that of 1939."


def read(claim: str, words: str, text: str = QUAKE, heading: str = "") -> str:
    start = text.index(words)
    return in_context(
        claim, Article("Quake", text), sentence_spans(text, "en"), (start, start + len(words)), heading
    )


def test_the_sentences_that_tell_a_date_or_a_name_stand_before_the_words() -> None:
    assert (
        read("The toll of 2023 passed that of 1939.", PASSED) == f"The quake struck on 6 February 2023. {PASSED}"
    )
    assert read("Ali Yerlik said that it passed that of 1939.", PASSED) == f"Ali Yerlik counted the dead. {PASSED}"


@pytest.mark.parametrize(
    "claim",
    [
        "It passed that of 1939 eight days later.",  # the words tell all of it
        "The toll passed that of 1939 in 2019.",  # the article does not tell it
        "It passed that of 1939 by 400.",  # a number is a statement of its own
    ],
)
def test_nothing_is_put_before_words_that_lack_nothing_the_article_tells(claim: str) -> None:
    assert read(claim, PASSED) == PASSED


def test_what_the_heading_tells_is_not_told_again() -> None:
    assert read("The toll of 2023 passed that of 1939.", PASSED, heading="Quake of 2023. ") == PASSED


def test_the_nearest_sentence_before_is_taken_and_an_endless_one_is_not() -> None:
    endless = f"In 2023 {'and on ' * LONGEST}it went. "
    text = f"The quake struck in 2023. {endless}{PASSED} The year 2023 ended."
    assert read("The toll of 2023 passed that of 1939.", PASSED, text) == f"The quake struck in 2023. {PASSED}"


WORDS = st.lists(
    st.sampled_from(["In 2023", "Ali Yerlik", "said.", "The toll", "rose by 40.", "\n\n", "März"]), min_size=3
)


@given(WORDS, WORDS, st.data())
def test_words_are_kept_and_all_before_them_is_the_articles(
    said: list[str], claimed: list[str], data: st.DataObject
) -> None:
    text = " ".join(said)
    sentences = sentence_spans(text, "en")
    if sentences:
        start, end = data.draw(st.sampled_from(sentences))
        made = in_context(" ".join(claimed), Article("T", text), sentences, (start, end), "")
        assert made.endswith(text[start:end])
        before = made.removesuffix(text[start:end]).strip()
        told = [text[a:b] for a, b in sentences]
        assert before in {"", *told, *(f"{first} {second}" for first in told for second in told)}
