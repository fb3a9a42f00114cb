"""The conversation as it is shown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from factbot.web.chat.clipboard import plain_answer
from factbot.web.chat.conversation import Turn
from factbot.web.chat.transcript import transcript
from tests.support.newsroom import PAYLOADS
from tests.support.page import (
    Page,
    abstention,
    answer,
    passage,
)


class TestTranscript:
    def test_every_sentence_has_its_numbers(self) -> None:
        page = Page(transcript([Turn("Q?", answer=answer())]))
        assert "The town has 4,100 people.[1]" in page.text
        assert ("data-citation", "1") in page.attributes

    def test_working_answer_says_what_is_done_and_can_be_stopped(self) -> None:
        page = Page(transcript([Turn("Q?", stage="Searching the articles")]))
        assert "Searching the articles" in page.text
        assert ("data-stop", "") in page.attributes

    def test_abstention_offers_the_near_articles(self) -> None:
        near = abstention(passage(), passage(article_id="b.md"))
        page = Page(transcript([Turn("Q?", answer=near)]))
        assert "No answer. 2 near articles are offered." in page.text and "Nearest articles" in page.text
        assert [v for n, v in page.attributes if n == "data-nearest"] == ["0", "1"]

    def test_the_words_that_answer_are_in_bold(self) -> None:
        whole = answer()
        marked = replace(whole, sentences=(replace(whole.sentences[0], span=(13, 18)),))
        html = transcript([Turn("Q?", answer=marked)])
        assert "The town has <strong>4,100</strong> " in html
        assert "The town has 4,100 people.[1]" in Page(html).text
        assert "<strong>" not in transcript([Turn("Q?", answer=whole)])

    def test_abstention_gives_its_reason_and_the_nearest_words(self) -> None:
        page = Page(transcript([Turn("Q?", answer=abstention(passage()))]))
        assert "What comes nearest does not answer it." in page.text and "add articles" in page.text
        assert "“The town has 4,100 people.”" in page.text

    def test_a_reply_to_a_greeting_is_no_abstention(self) -> None:
        reply = replace(abstention(), text="Hello.", reason=None)
        page = Page(transcript([Turn("Hi", answer=reply)]))
        assert "Hello." in page.text
        for words in ("near articles", "Nearest articles", "Check this as a claim"):
            assert words not in page.text

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_nothing_of_a_person_or_an_article_becomes_markup(self, payload: str) -> None:
        harmless = Page(transcript([Turn("Q.", reading="r", answer=answer(), problem="p")]))
        fields = dict.fromkeys(("title", "source", "date", "url"), payload)
        found = answer(text=payload, start=0, end=len(payload), **fields)
        page = Page(transcript([Turn(payload, reading=payload, answer=found, problem=payload)]))
        assert set(page.tags) <= set(harmless.tags)
        assert {name for name, _ in page.attributes} <= {name for name, _ in harmless.attributes}
        assert payload in page.text

    def test_only_the_last_turn_is_spoken(self) -> None:
        spoken = re.search(
            r'aria-live="polite">(.*?)</div>', transcript([Turn("1?", answer=answer()), Turn("2?", "Wait")])
        )
        assert spoken and spoken[1] == "Wait"

    def test_endless_question_is_shown_short(self) -> None:
        assert len(transcript([Turn("x" * 100_000, problem="Too long.")])) < 5_000

    def test_copied_answer_carries_its_sources(self) -> None:
        copied = plain_answer(answer())
        assert copied.splitlines()[2] == "The town has 4,100 people. [1]"
        assert copied.splitlines()[-1] == "[1] Title. Source. 2021-03-26. https://a.example/x"
