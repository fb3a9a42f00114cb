"""Sentences and passages: offsets that always hold, and breaks where a reader would put them."""

import time

from hypothesis import given
from hypothesis import strategies as st

from factbot.text.passages import passage_spans, widen
from factbot.text.sentences import sentence_spans
from tests.support.texts import LANGUAGES, hold_all_of, texts

# -- passages --------------------------------------------------------------------------------------


@given(texts, st.sampled_from(LANGUAGES), st.integers(1, 900))
def test_passages_are_whole_sentences_in_order_and_all_of_them(text: str, language: str, size: int) -> None:
    found = sentence_spans(text, language)
    passages = passage_spans(text, found, size)
    assert hold_all_of(passages, text)
    starts, ends = {start for start, _ in found}, {end for _, end in found}
    for start, end in passages:
        assert start in starts and end in ends
        assert end - start <= size or (start, end) in found


@given(texts, st.sampled_from(LANGUAGES), st.integers(1, 400), st.integers(1, 1200))
def test_a_widened_passage_holds_the_passage_and_whole_sentences(
    text: str, language: str, size: int, context: int
) -> None:
    found = sentence_spans(text, language)
    for start, end in passage_spans(text, found, size):
        wide_start, wide_end = widen(found, start, end, context)
        assert wide_start <= start and end <= wide_end
        assert wide_end - wide_start <= max(context, end - start)
        assert wide_start in {first for first, _ in found} and wide_end in {last for _, last in found}
        before = [span for span in found if span[1] <= wide_start][-1:]
        after = [span for span in found if span[0] >= wide_end][:1]
        assert all(wide_end - first > context for first, _ in before), "one more fits before"
        assert all(last - wide_start > context for _, last in after), "one more fits after"


def test_a_passage_fills_up_and_ends_with_its_paragraph_once_half_full() -> None:
    text = "One is here. Two is here.\n\nThree is here.\n\nFour is here. Five is here."

    def packed(size: int) -> list[str]:
        return [text[start:end] for start, end in passage_spans(text, sentence_spans(text, "en"), size)]

    assert packed(40) == ["One is here. Two is here.", "Three is here.\n\nFour is here.", "Five is here."]
    assert packed(60) == ["One is here. Two is here.\n\nThree is here.", "Four is here. Five is here."]
    assert packed(1) == ["One is here.", "Two is here.", "Three is here.", "Four is here.", "Five is here."]


def test_a_passage_widens_after_and_before_in_turn() -> None:
    text = "Aaaa. Bbbb. Cccc. Dddd. Eeee."
    found = sentence_spans(text, "en")
    start = text.index("Cccc")

    def wide(size: int) -> str:
        first, last = widen(found, start, start + 5, size)
        return text[first:last]

    assert wide(5) == "Cccc."
    assert wide(11) == "Cccc. Dddd."
    assert wide(17) == "Bbbb. Cccc. Dddd."
    assert wide(23) == "Bbbb. Cccc. Dddd. Eeee."
    assert wide(29) == text
    assert wide(1) == "Cccc."
    chinese = "他来了。她走了。谁知道？"
    assert widen(sentence_spans(chinese, "zh"), 4, 8, 99) == (0, len(chinese))


def test_no_text_gives_no_passages() -> None:
    assert sentence_spans("", "en") == sentence_spans(" \n\n\t", "en") == []
    assert passage_spans("", [], 350) == []
    assert widen([], 0, 0, 780) == (0, 0)


def test_packing_a_long_article_takes_milliseconds() -> None:
    text = ("He came on Friday. They spoke for an hour, in the end.\n\n" * 2_000)[:100_000]
    found = sentence_spans(text, "en")
    started = time.process_time()
    for start, end in passage_spans(text, found, 350):
        widen(found, start, end, 780)
    assert time.process_time() - started < 0.1
