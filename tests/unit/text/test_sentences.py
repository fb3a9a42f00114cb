"""Sentences: offsets that always hold, and ends where a reader would put them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.text import sentences
from factbot.text.sentences import SENTENCE_LIMIT, sentence_spans
from tests.support.texts import LANGUAGES, hold_all_of, texts


def split(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


# -- sentences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Mr. Johnson met Lavrov on Friday.", "They spoke for an hour."]),
        (
            "en",
            [
                "U.S. President Donald Trump spoke at 5 p.m. on Monday.",
                "He left at 6 p.m.",
                "Nobody asked why.",
            ],
        ),
        ("en", ["He lives at No. 10 Downing Street.", "The house cost $1.5 million.", "It is old."]),
        ("en", ["“We will not go.”", "He meant it."]),
        ("en", ["She said, “It is over.”", "Then she left."]),
        ("en", ["Gov. Newsom and Sen. McCain met Dr. Fauci on Jan. 5 in St. Louis.", "Rep. Lee did not."]),
        ("en", ["The talks began at 5 p.m. ET on Friday.", "They ended at 9:30 a.m. Saturday."]),
        ("en", ["Sen. Chuck Schumer, D-N.Y., spoke.", "Joe Manchin, D-W.Va., did not."]),
        ("en", ["J. K. Rowling wrote it.", "J.R.R. Tolkien did not."]),
        ("en", ["Why did he go?", "Nobody knows!"]),
        ("zh", ["他昨天到达莫斯科。", "会议持续了两个小时！", "谁邀请了他？"]),
        ("zh", ["他说：“我们不同意。”", "然后他离开了。"]),
        ("ja", ["彼は昨日モスクワに到着した。", "会議は二時間続いた。"]),
        ("ar", ["وصل الوزير إلى موسكو أمس.", "هل التقى بالنشطاء؟", "نعم، التقى بهم."]),
        ("hi", ["वह कल मास्को पहुँचा।", "बैठक दो घंटे चली।"]),
        ("ru", ["Он приехал в 2017 г. и встретился с активистами.", "Г. К. Жуков родился в 1896 г."]),
        ("el", ["Ο υπουργός έφτασε.", "Ποιος τον κάλεσε;", "Κανείς δεν ξέρει."]),
        ("de", ["Er kam am 5. Dezember um 10 Uhr an.", "Dr. Müller, z. B. bekannt aus Berlin, blieb."]),
        ("fr", ["M. Macron est arrivé à Paris.", "Il a dit : « C’est fini. »", "Puis il est parti."]),
        ("es", ["El Sr. García llegó a EE. UU. ayer.", "¿Quién lo invitó?"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(language: str, expected: list[str]) -> None:
    joint = "" if language in ("zh", "ja") else " "
    assert split(joint.join(expected), language) == expected


def test_an_opening_quotation_mark_belongs_to_what_follows() -> None:
    mixed = '“I love the competition," he said. "The competition is the best."'
    assert split(mixed) == ['“I love the competition," he said.', '"The competition is the best."']


def test_marks_without_a_word_are_no_sentence() -> None:
    assert split("He left. ♦ She stayed.") in (["He left. ♦", "She stayed."], ["He left.", "♦ She stayed."])
    assert split("* * *") == ["* * *"]


def test_blank_lines_part_headings_and_items_from_sentences() -> None:
    text = "What next\n\nCheck your house\n \t\nCall the\ncouncil. Wait."
    assert split(text) == ["What next", "Check your house", "Call the\ncouncil.", "Wait."]


def test_endless_sentences_are_cut_at_the_best_place_near_the_limit() -> None:
    semicolon = split("word " * 80 + "end; " + "word " * 60)
    assert semicolon[0].endswith("end;")
    newline = split("word, " * 70 + "end\n" + "word, " * 60)
    assert newline[0].endswith("end")
    assert [len(part) for part in split("x" * 1500)] == [600, 600, 300]
    assert all(part.startswith("word") for part in split("word " * 1000))
    assert all(not part.startswith("\u0301") for part in split("e\u0301" * 1001 + "e"))


@given(texts, st.sampled_from(LANGUAGES))
def test_every_text_is_split_into_all_of_itself(text: str, language: str) -> None:
    spans = sentence_spans(text, language)
    assert hold_all_of(spans, text)
    for start, end in spans:
        assert end - start <= SENTENCE_LIMIT
        lines = text[start:end].split("\n")
        assert all(line.strip() for line in lines), "a sentence runs across a blank line"


def test_a_paragraph_that_crashes_the_splitter_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # as pyo3 names it
        pass

    def panic(language: str, text: str) -> list[dict[str, int]]:
        raise PanicException("end byte index 6 is not a char boundary")

    monkeypatch.setattr(sentences, "get_sentence_boundaries", panic)
    assert split("One. Two.\n\nThree.") == ["One. Two.", "Three."]


@pytest.mark.parametrize(
    "text",
    ["他来。" * 30_000, "“" * 100_000, "！ " * 50_000, "a\n" * 50_000, "\n \n" * 50_000, '"a." ' * 20_000],
)
def test_no_text_takes_longer_than_a_few_seconds(text: str) -> None:
    started = time.process_time()
    assert hold_all_of(sentence_spans(text, "en"), text)
    assert time.process_time() - started < 5
