"""The page without a browser: escaping, the panel, the transcript, the server and its API."""

from __future__ import annotations

import html
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import gradio as gr
import pytest
from gradio import EventData
from hypothesis import given
from hypothesis import strategies as st

from factbot import (
    FactBot,
    Failure,
    UsageError,
)
from factbot.checking.claims import is_statement
from factbot.text.dates import readable_date
from factbot.web.chat.clipboard import plain_answer
from factbot.web.chat.conversation import Conversation, Turn
from factbot.web.chat.events import NOT_HELD
from factbot.web.chat.evidence_panel import article_text, evidence
from factbot.web.chat.transcript import CLAIMS, EXAMPLES, QUESTIONS, transcript, welcome
from factbot.web.rendering import link_host
from factbot.web.server import start
from tests.support import ROOT
from tests.support.newsroom import MAYOR_QUESTION, PAYLOADS, UNANSWERABLE, Served, serving, write_corpus
from tests.support.page import (
    TEXT,
    FakeBot,
    Page,
    abstention,
    answer,
    article,
    chat_with,
    passage,
    rendered,
    status_of,
)

QUOTE = (11, 37)
CLAIM = "The strike at Tolvik harbour lasted nine days."
SAMPLE_CORPUS = ROOT / "corpus"


class TestMarkup:
    @pytest.mark.parametrize(
        ("url", "host"),
        [
            ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
            ("http://a.example", "a.example"),
            ("javascript:alert(1)", ""),
            ("JaVaScRiPt://a.example/%0aalert(1)", ""),
            ("java\nscript:alert(1)", ""),
            (" https://a.example", ""),
            ("https://a.example/\u202etxt", ""),
            ("data:text/html,<script>1</script>", ""),
            ("//a.example/x", ""),
            ("https://", ""),
            ("http://[broken", ""),
            ("file:///etc/passwd", ""),
            ("", ""),
        ],
    )
    def test_only_web_addresses_become_links(self, url: str, host: str) -> None:
        assert link_host(url) == host

    @given(st.text())
    def test_escaped_text_is_only_text(self, text: str) -> None:
        escaped = rendered("{{ text }}", text=text)
        assert not set(escaped) & set("<>\"'")
        assert rendered("<p title='{{ text }}'>", text=text) == f"<p title='{escaped}'>"
        seen = html.unescape(escaped)
        assert seen == re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", text)

    def test_dates_are_readable(self) -> None:
        assert readable_date("2021-03-06") == "6 March 2021"
        assert readable_date("March, some time") == "March, some time"

    def test_byline_escapes_and_leaves_out_what_is_missing(self) -> None:
        byline = "{% from 'macros.html' import byline %}{{ byline(source, date) }}"
        shown = Page(rendered(byline, source="<b>Post</b>", date="2021-03-26"))
        assert shown.text == "<b>Post</b> · 26 March 2021"
        assert rendered(byline, source="", date="") == ""

    def test_line_breaks_of_a_template_are_nothing_beside_a_tag_and_a_space_elsewhere(self) -> None:
        template = "<p>\n  One\n  two\n  {{ text }}\n</p>\n<p\n  id='a'>"
        assert rendered(template, text="a\nb") == "<p>One twoa\nb</p><p id='a'>"


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

    def test_examples_are_offered_where_their_articles_are(self) -> None:
        assert "data-example" not in welcome({"mine.md"})
        offered = Page(welcome({EXAMPLES[1][1], EXAMPLES[-1][1]}))
        numbers = [v for n, v in offered.attributes if n == "data-example"]
        assert numbers == ["1", str(len(EXAMPLES) - 1)]

    def test_examples_are_read_as_what_they_stand_for(self) -> None:
        assert not any(is_statement(text) for text, _ in QUESTIONS)
        assert all(is_statement(text) for text, _ in CLAIMS)

    def test_examples_are_about_articles_of_the_sample_corpus(self) -> None:
        assert all((SAMPLE_CORPUS / article_id).is_file() for _, article_id in EXAMPLES)


class TestConversation:
    def test_what_comes_after_a_stop_is_not_taken(self) -> None:
        talk = Conversation()
        ticket = talk.begin(Turn("Q?", stage="Searching"))
        talk.stop()
        assert not talk.update(ticket, Turn("Q?", answer=answer()))
        assert talk.turns == (Turn("Q?", problem="Stopped."),)

    def test_asking_on_stops_what_is_in_the_making_and_keeps_what_there_is(self) -> None:
        talk = Conversation()
        ticket = talk.begin(Turn("1?"))
        assert talk.update(ticket, Turn("1?", stage="Reading", answer=answer()))
        talk.begin(Turn("2?", stage="Searching"))
        assert talk.turns == (Turn("1?", answer=answer(), problem="Stopped."), Turn("2?", stage="Searching"))

    def test_cleared_conversation_stays_empty(self) -> None:
        talk = Conversation()
        ticket = talk.begin(Turn("Q?", stage="Searching"))
        talk.clear()
        assert not talk.update(ticket, Turn("Q?", answer=answer()))
        assert talk.turns == ()


class TestChat:
    def test_earlier_questions_go_along(self) -> None:
        bot = FakeBot()
        chat, talk = chat_with(bot), Conversation()
        for question in ("First?", "Second?", "Third?"):
            list(chat.reply(question, talk))
        assert bot.histories == [[], ["First?"], ["First?", "Second?"]]

    def test_empty_question_is_asked_for(self) -> None:
        talk = Conversation()
        ((_, _, hint),) = chat_with(FakeBot()).reply("  \n ", talk)
        assert "Type a question or a statement first." in hint
        assert not talk.turns

    def test_stopped_answer_goes_no_further(self) -> None:
        chat, talk = chat_with(FakeBot()), Conversation()
        steps = chat.reply("Q?", talk)
        next(steps)
        assert "Stopped." in chat.stop(talk)
        assert list(steps) == [(gr.skip(),) * 3], "the page is left as it is"

    def test_error_is_one_sentence_and_the_next_question_leaves_it_out(self) -> None:
        bot = FakeBot()
        chat, talk = chat_with(bot), Conversation()
        bot.error = UsageError("The question is too long; shorten it.")
        *_, (_, page, _) = chat.reply("Long?", talk)
        assert "The question is too long; shorten it." in Page(page).text
        bot.error = None
        *_, (_, page, _) = chat.reply("Next?", talk)
        assert bot.histories[-1] == []
        assert "4,100" in page

    def test_internal_error_is_no_traceback(self) -> None:
        bot = FakeBot()
        chat, talk = chat_with(bot), Conversation()
        bot.error = ZeroDivisionError("secret detail")
        *_, (_, page, _) = chat.reply("Q?", talk)
        assert "internal error" in page and "secret" not in page
        assert not talk.turns[-1].stage

    @pytest.mark.parametrize(
        "data",
        [
            {"turn": 0, "citation": 99},
            {"turn": 99, "citation": 1},
            {"turn": -1, "citation": 1},
            {"turn": "0", "citation": "../../etc/passwd"},
            {"turn": 0, "nearest": 5},
            {"turn": True, "citation": True},
            {},
            None,
        ],
    )
    def test_click_on_what_is_not_there_opens_nothing(self, data: Any) -> None:
        talk = Conversation()
        talk.begin(Turn("Q?", answer=answer()))
        assert NOT_HELD in chat_with(FakeBot()).evidence(talk, EventData(None, data))

    def test_status_names_the_files_left_out(self) -> None:
        page = status_of(FakeBot((Failure("bad<.md", "bad<.md is binary data."),)))
        assert "Ready: 1 article" in page.text
        assert "1 file left out" in page.text and "bad<.md is binary data." in page.text

    def test_status_says_why_it_failed(self) -> None:
        bot = FakeBot()
        bot.error = UsageError("The model <x> is not there; name another.")
        page = status_of(bot)
        assert "The model <x> is not there; name another." in page.text
        assert ("class", "status failed") in page.attributes


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("web")
    with serving(write_corpus(folder / "corpus"), folder / "index") as chat:
        yield chat


class TestServer:
    def test_taken_port_is_said_so(self, tmp_path: Path) -> None:
        (tmp_path / "corpus").mkdir()
        with FactBot.open(tmp_path / "corpus", index=tmp_path / "index") as bot, socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(UsageError, match=rf"Port {port} is taken; choose another with --port"):
                start(bot, port=port)

    @pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("no-such-host.invalid", 0)])
    def test_impossible_address_is_said_so(self, tmp_path: Path, host: str, port: int) -> None:
        (tmp_path / "corpus").mkdir()
        with FactBot.open(tmp_path / "corpus", index=tmp_path / "index") as bot, pytest.raises(UsageError):
            start(bot, host, port)

    def test_page_is_told_to_stay_on_its_host(self, served: Served) -> None:
        with urlopen(served.url) as response:
            policy = response.headers["Content-Security-Policy"]
            page = response.read().decode()
        assert "default-src 'self'" in policy and "http:" not in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "fonts.googleapis" not in page

    def test_page_comes_in_its_style(self, served: Served) -> None:
        with urlopen(served.url) as response:
            page = response.read()
        assert int(response.headers["Content-Length"]) == len(page)
        assert "Opening…" in page.decode().partition("</head>")[0]

    def test_files_of_the_machine_are_not_served(self, served: Served) -> None:
        for path in (Path(__file__), served.bot.settings.corpus / "library.txt", Path("/etc/hostname")):
            with pytest.raises(OSError, match="HTTP Error 40"):
                urlopen(f"{served.url}gradio_api/file={path.resolve()}")

    def test_api_answers_as_the_json_of_an_answer(self, served: Served) -> None:
        from gradio_client import Client

        client = Client(served.url, verbose=False)
        found = client.predict(MAYOR_QUESTION, [], api_name="/ask")
        assert found["answered"] and "Ingrid Solheim" in found["text"]
        expected = json.loads(json.dumps(served.bot.ask(MAYOR_QUESTION).to_dict()))
        assert {**found, "elapsed_ms": 0} == {**expected, "elapsed_ms": 0}
        assert client.predict(UNANSWERABLE, [], api_name="/ask")["answered"] is False
        with pytest.raises(Exception, match="question"):
            client.predict("", [], api_name="/ask")
        endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
        assert list(endpoints) == ["/ask", "/check"]

    def test_api_checks_as_the_json_of_a_report(self, served: Served) -> None:
        from gradio_client import Client

        client = Client(served.url, verbose=False)
        report = client.predict(CLAIM, api_name="/check")
        expected = json.loads(json.dumps(served.bot.check(CLAIM).to_dict()))
        assert {**report, "elapsed_ms": 0} == {**expected, "elapsed_ms": 0}
        assert [claim["claim"] for claim in report["claims"]] == [CLAIM]
        with pytest.raises(Exception, match="text"):
            client.predict("", api_name="/check")
