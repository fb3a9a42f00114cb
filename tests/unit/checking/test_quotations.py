"""Quotations are found word for word, found with differences, or not found."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.quotations import check_quotation, quotation_note, quoted_spans
from factbot.results import Passage, Quotation

ARTICLE = (
    "The bridge closes on Monday. “We met at least twenty people, and none of them wanted it closed,” the mayor "
    "said. She doesn’t expect a delay – the work costs $5 million and rose by 12% in May.\n\nA shop owner was "
    "blunt: “It is the worst idea that I’ve heard in thirty-five years.” The town council votes in June."
)


def passage(text: str, start: int = 0, title: str = "Bridge closes") -> Passage:
    return Passage("p", "a", title, "", "", "", start, start + len(text), text)


# -- which words are quoted ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("She said “we met twenty people” and left.", ["we met twenty people"]),
        ('"None of them wanted it," she said, "not even one".', ["None of them wanted it,", "not even one"]),
        ("On lit « une phrase de trois » ici.", ["une phrase de trois"]),
        ("Er sagte: „das ist ein Satz“.", ["das ist ein Satz"]),
        ("He wrote ‘I don’t want this’ twice.", ["I don’t want this"]),
        ("He said “they shouted ‘stop the bridge now’ at us”.", ["they shouted ‘stop the bridge now’ at us"]),
        ("The film “Two Words”, the book “The Old Man and the Sea” and a so-called 'deal'.", []),
        ("He called it “a disgrace” and “pure theatre”.", ["a disgrace", "pure theatre"]),
        ("It’s the teachers’ union and the ‘60s were the bosses’ time.", []),
        ("He opened “a quotation that never closes.", []),
        ("A 12\" pipe.", []),
        ("", []),
    ],
)  # fmt: skip
def test_words_between_marks_are_quoted_from_two_words_on(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quoted_spans(text)] == quoted


@given(st.text(alphabet="ab ‘’“”„«»\"'\n…é🙂", max_size=60))
def test_spans_lie_in_the_text_in_order_and_without_white_space_at_their_ends(text: str) -> None:
    at = 0
    for start, end in quoted_spans(text):
        assert at <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        at = end


# -- found as they stand ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quoted", "stands"),
    [
        ("We met at least twenty people", "We met at least twenty people"),
        ("we MET  at\nleast twenty people.", "We met at least twenty people"),
        ("She doesn't expect a delay - the work", "She doesn’t expect a delay – the work"),
        ("rose by 12 % in May", "rose by 12% in May"),
        ("heard in thirty‑five years,", "heard in thirty-five years"),
        ("We met … people, and none … wanted it", "We met at least twenty people, and none of them wanted it"),
        ("...the worst idea [...] in thirty-five years", "the worst idea that I’ve heard in thirty-five years"),
    ],
)
def test_case_spaces_marks_and_ellipses_make_no_difference(quoted: str, stands: str) -> None:
    found = check_quotation(quoted, [passage(ARTICLE)])
    assert found.found == "verbatim"
    assert ARTICLE[found.start : found.end] == stands
    assert found.words == ()


def test_the_place_counts_in_the_article_and_not_in_the_passage() -> None:
    cut = ARTICLE.index("A shop owner")
    found = check_quotation("the worst idea", [passage(ARTICLE[:cut]), passage(ARTICLE[cut:], start=cut)])
    assert found.passage and found.passage.start == cut
    assert ARTICLE[found.start : found.end] == "the worst idea"


def test_parts_around_an_ellipsis_must_stand_in_order() -> None:
    assert check_quotation("wanted it closed … We met at least", [passage(ARTICLE)]).found != "verbatim"


@given(st.data())
def test_a_quotation_cut_out_of_a_passage_is_always_found_verbatim(data: st.DataObject) -> None:
    words = data.draw(
        st.lists(st.text(alphabet="abcß’'-éЖ5%$,. ", min_size=1, max_size=8), min_size=3, max_size=30)
    )
    text = " ".join(f"x{word}" for word in words)
    first = data.draw(st.integers(0, len(words) - 3))
    last = data.draw(st.integers(first + 3, len(words)))
    quoted = " ".join(f"x{word}" for word in words[first:last])
    found = check_quotation(quoted, [passage("Nothing of the kind."), passage(text, start=7)])
    assert found.found == "verbatim"
    article = "7 chars" + text
    assert check_quotation(article[found.start : found.end], [passage(text)]).found == "verbatim"


# -- found with differences ------------------------------------------------------------------------


def test_a_difference_is_shown_word_by_word() -> None:
    found = check_quotation("We met at least twelve people, and none of them wanted it", [passage(ARTICLE)])
    assert found.found == "differs"
    assert found.words == (
        (" ", "We met at least"),
        ("-", "twelve"),
        ("+", "twenty"),
        (" ", "people, and none of them wanted it"),
    )
    assert ARTICLE[found.start : found.end] == "We met at least twenty people, and none of them wanted it"


@pytest.mark.parametrize(
    ("quoted", "left_out"),
    [
        ("We met at least twenty people … wanted it closed", "and none of them"),
        ("She … expect a delay", "doesn’t"),
    ],
)
def test_an_ellipsis_may_not_leave_out_what_turns_the_words(quoted: str, left_out: str) -> None:
    found = check_quotation(quoted, [passage(ARTICLE)])
    assert found.found == "differs"
    assert ("+", left_out) in found.words


@pytest.mark.parametrize(
    "quoted",
    [
        "It is not the worst idea that I’ve heard",
        "It is the worst idea I’ve heard",
        "the work costs £5 million",
        "the work costs 5 million",
        "the work costs $5.5 million",
        "rose by -12% in May",
        "the town council voted in June",
        "It is the worst idea that I've heard in thirty-five days",
    ],
)
def test_one_word_or_sign_put_in_left_out_or_changed_is_a_difference(quoted: str) -> None:
    found = check_quotation(quoted, [passage(ARTICLE)])
    assert found.found == "differs"
    assert " ".join(words for mark, words in found.words if mark != "+").split() == quoted.split()


@given(st.data())
def test_a_quotation_with_a_word_changed_is_never_verbatim(data: st.DataObject) -> None:
    words = ARTICLE.split()
    first = data.draw(st.integers(0, len(words) - 5))
    quoted = words[first : data.draw(st.integers(first + 5, len(words)))]
    quoted[data.draw(st.integers(0, len(quoted) - 1))] = "zebra"
    found = check_quotation(" ".join(quoted), [passage(ARTICLE)])
    assert found.found != "verbatim"
    if found.found == "differs":
        held = " ".join(words for mark, words in found.words if mark != "-")
        article = ARTICLE[found.start : found.end]
        assert check_quotation(held, [passage(article)]).found == "verbatim"


def test_the_nearest_passage_counts() -> None:
    far = passage("We met at most nine people, and none of us wanted it closed.", title="Far")
    found = check_quotation("We met at least twelve people, and none of them", [far, passage(ARTICLE)])
    assert found.passage and found.passage.title == "Bridge closes"


# -- not found -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quoted", ["words that nobody said here", "of the world", "…", "«»", "delay met the people in June"]
)
def test_words_that_stand_nowhere_are_missing(quoted: str) -> None:
    assert check_quotation(quoted, [passage(ARTICLE)]) == Quotation(text=quoted, found="missing")
    assert check_quotation(quoted, []) == Quotation(text=quoted, found="missing")


# -- in words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quoted", "sentence"),
    [
        ("the worst idea", "The words “the worst idea” stand word for word in “Bridge closes”."),
        (
            "she really doesn't expect any delay",
            "The quotation differs from “Bridge closes” [claim → article]: "
            "“she [really → —] doesn't expect [any → a] delay”.",
        ),
        ("words that nobody said", "The words “words that nobody said” stand in none of the passages found."),
    ],
)
def test_a_person_reads_one_plain_sentence(quoted: str, sentence: str) -> None:
    assert quotation_note(check_quotation(quoted, [passage(ARTICLE)])).text == sentence


# -- speed -----------------------------------------------------------------------------------------


@pytest.mark.alone
def test_twenty_passages_take_a_blink() -> None:
    passages = [passage((ARTICLE * 3)[n : n + 800], start=n) for n in range(20)]
    started = time.perf_counter()
    check_quotation("We met at least twelve people, and none of them wanted it closed", passages)
    assert time.perf_counter() - started < 0.2  # 10 ms where nothing else runs
