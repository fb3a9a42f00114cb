"""Transcripts become what is said, with the time before each stretch and the name before each speaker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.corpus.formats.article import parse_article
from factbot.errors import ArticleError
from factbot.results import Article


def read(text: str, suffix: str = ".srt") -> Article:
    return parse_article(text.encode(), suffix, f"a-talk{suffix}")


def srt(*cues: tuple[str, str]) -> str:
    blocks = (f"{n}\n{at},000 --> {at},900\n{words}\n" for n, (at, words) in enumerate(cues, 1))
    return "\n".join(blocks)


VTT = """WEBVTT - The harbour tonight
Language: da

NOTE by hand

STYLE
::cue { color: red }

intro
00:58.000 --> 01:02.000 line:0
<v Ida Lund>The quay <i>&amp;</i> the
<00:01:00.000><c>mole</c> are open.</v>

01:03.000 --> 01:05.000
<v.loud Bo Ek>Since May?</v>

1:02:10.000 --> 1:02:12.000
<v Bo Ek>It rained.
"""


def test_times_and_speakers_stand_before_what_is_said() -> None:
    article = read(VTT, ".vtt")
    assert article.text.split("\n\n") == [
        "[00:58] Ida Lund: The quay & the mole are open.",
        "Bo Ek: Since May?",
        "[1:02:10] Bo Ek: It rained.",
    ]
    assert (article.title, article.language) == ("The harbour tonight", "da")


def test_a_mark_comes_once_a_minute_and_waits_for_the_end_of_a_sentence() -> None:
    text = read(
        srt(
            *(("00:00:05", "The ship"), ("00:00:40", "left. It")),
            *(("00:01:20", "came back"), ("00:01:30", "late.")),
            *(("00:01:40", "Nobody"), ("00:03:50", "was hurt")),
        )
    ).text
    assert text.split("\n\n") == [
        "[00:05] The ship left. It came back late.",
        "[01:40] Nobody",
        "[03:50] was hurt",
    ], "but not for longer than a minute"


def test_lines_with_dashes_are_of_two_people() -> None:
    assert read(srt(("00:00:05", "- Was it late?\n- No."))).text == "[00:05] Was it late?\n\nNo."


def test_rolling_captions_are_read_once_and_repeated_words_twice() -> None:
    rolling = srt(("00:00:01", "The ship"), ("00:00:02", "The ship\nleft at"), ("00:00:03", "left at\nnoon."))
    assert read(rolling).text == "[00:01] The ship left at noon."
    assert read(srt(("00:00:01", "No."), ("00:00:02", "No."), ("00:00:03", "Why?"))).text == "[00:01] No. No. Why?"


def test_sloppy_files_are_read_too() -> None:
    text = "\ufeff7\r\n 0:00:01,000-->0:00:02,000 \r\n{\\an8}<font color=red>One.</font>\r\n"
    text += "8\r\n0:00:03.5 --> 0:00:04\r\n1931"
    assert read(text).text == "[00:01] One. 1931"


def test_a_transcript_is_known_by_its_beginning() -> None:
    cues = srt(("00:00:05", "The ship left."))
    assert read(cues, ".txt").text == read(cues).text
    assert read("WEBVTT is a format.\n\nIt has cues.", ".txt").text == "WEBVTT is a format.\n\nIt has cues."
    with pytest.raises(ArticleError, match="no line with its time"):
        read("Just text.")


@given(st.lists(st.tuples(st.integers(0, 9_000), st.sampled_from(["A b.", "C", "d?"])), min_size=1, max_size=12))
def test_every_word_is_kept(given_cues: list[tuple[int, str]]) -> None:
    cues = [(f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}", words) for at, words in sorted(given_cues)]
    said = [word for word in read(srt(*cues)).text.split() if not word.startswith("[")]
    assert said == " ".join(words for _, words in cues).split()
