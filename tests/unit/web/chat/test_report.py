"""Checks on the page, without a browser: routing, cards, what a number opens, and what is copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
import pytest
from gradio import EventData

from factbot import ClaimCheck, Evidence, ExplanationPart, Quotation, Report, Scores, Stage, UsageError
from factbot.checking.explanation import as_prose
from factbot.checking.quotations import quotation_note
from factbot.web.chat.clipboard import plain_report
from factbot.web.chat.conversation import Conversation, Turn
from factbot.web.chat.events import NOT_HELD, ChatEvents
from factbot.web.chat.report import pointed_at, spoken, summary
from factbot.web.chat.transcript import transcript
from tests.support.newsroom import PAYLOADS
from tests.support.page import FakeBot, Page, chat_with, passage

CLAIM = "The town has 4,200 people."
QUOTE = "The town has 4,100 people."


def evidence(stance: Any = "refutes", **fields: Any) -> Evidence:
    found = passage(**fields)
    return Evidence(found, found.text, found.start, found.end, stance, Scores(0.02, 0.95, 0.03))


def plain(text: str, *numbers: int) -> ExplanationPart:
    return ExplanationPart("words", text, numbers)


def quote(text: str, *numbers: int) -> ExplanationPart:
    return ExplanationPart("quote", text, numbers)


TOLD = (plain("The claim says 4,200, the article says 4,100: "), quote(QUOTE, 1), plain("."))


def claim(*parts: ExplanationPart, **fields: Any) -> ClaimCheck:
    """A claim that was checked, with the explanation in `parts`."""
    parts = parts or TOLD
    known: dict[str, Any] = {
        "claim": CLAIM,
        "start": 0,
        "end": len(CLAIM),
        "verdict": "refuted",
        "confidence": 0.934,
        "evidence": (evidence(),),
        "explanation": as_prose(parts),
        "explanation_parts": parts,
        "reason": None,
        "independent_sources": 1,
        "standalone": CLAIM,
    }
    return ClaimCheck(**(known | fields))


UNSURE: dict[str, Any] = {"verdict": "not_enough_evidence", "independent_sources": 0}
SILENT = claim(plain("The corpus says nothing."), **UNSURE, evidence=(), reason="corpus_silent")
OPINION = claim(plain("an opinion"), **UNSURE, claim="How sad!", evidence=(), reason="not_checkable")


def report(*claims: ClaimCheck, text: str = "A text of several sentences.") -> Report:
    return Report(text, claims or (claim(),), 1200, "1", {})


def turn(*claims: ClaimCheck, **fields: Any) -> Turn:
    return Turn("A text of several sentences.", is_check=True, report=report(*claims), **fields)


def shown(*claims: ClaimCheck, **fields: Any) -> Page:
    return Page(transcript([turn(*claims, **fields)]))


def values(page: Page, attribute: str) -> list[str]:
    return [value for name, value in page.attributes if name == attribute]


class TestCards:
    @pytest.mark.parametrize(
        ("verdict", "sign", "words"),
        [
            ("supported", "✓", "Supported"),
            ("refuted", "✗", "Refuted"),
            ("conflicting", "⇄", "Conflicting"),
            ("not_enough_evidence", "?", "Not enough evidence"),
        ],
    )
    def test_verdict_is_told_in_words_and_by_a_sign(self, verdict: Any, sign: str, words: str) -> None:
        assert f"{sign}{words} 93 % sure" in shown(claim(verdict=verdict)).text

    @pytest.mark.parametrize(
        ("confidence", "words"),
        [(0.934, "93 % sure"), (0.9999, "over 99 % sure"), (1.0, "over 99 % sure"), (0.001, "under 1 % sure")],
    )
    def test_confidence_is_never_certainty(self, confidence: float, words: str) -> None:
        page = shown(claim(confidence=confidence))
        assert words in page.text
        assert "Of a hundred verdicts" in values(page, "title")[0]

    def test_number_of_an_explanation_and_of_the_list_open_the_evidence(self) -> None:
        page = shown(claim(), claim(evidence=(evidence("supports"), evidence("neither"))))
        assert f"“{QUOTE}”[1]." in page.text
        assert values(page, "data-claim") == ["1", "1", "2", "2", "2"]
        assert values(page, "data-evidence") == ["1", "1", "1", "1", "2"]

    def test_number_of_no_evidence_stays_text(self) -> None:
        page = shown(claim(quote("He came [12] and went [0]"), plain(" [1]."), evidence=()))
        assert "“He came [12] and went [0]” [1]." in page.text
        assert not values(page, "data-evidence")

    def test_number_within_quoted_words_is_no_button(self) -> None:
        piece = replace(evidence("supports"), quote="He came, as note [1] says.")
        told = (plain("One source supports this: "), quote("He came, as note [1] says", 1), plain("."))
        page = shown(claim(*told, evidence=(piece,)))
        assert "“He came, as note [1] says”[1]." in page.text
        assert len(values(page, "data-evidence")) == 2, "one in the explanation, one in the list"

    def test_evidence_is_listed_by_stance_with_its_source(self) -> None:
        pieces = (evidence("refutes"), evidence("supports", title="Other", date="2021-04-01"), evidence("neither"))
        page = shown(claim(evidence=pieces))
        assert "Evidence: 1 for, 1 against, 1 nearest" in page.text
        lists = [page.text.index(heading) for heading in ("For it", "Against it", "Nearest, but")]
        assert lists == sorted(lists)
        assert "[2]OtherSource · 1 April 2021" in page.text

    def test_claim_read_otherwise_says_how(self) -> None:
        assert "read as: Tolvik has 4,200 people." in shown(claim(standalone="Tolvik has 4,200 people.")).text
        assert "read as" not in shown(claim(claim="The town\nhas 4,200 people.")).text

    def test_independent_sources_are_told_in_words(self) -> None:
        assert "2 independent sources" in shown(claim(independent_sources=2)).text
        assert "1 independent source" in shown(claim()).text
        assert "independent" not in shown(SILENT).text

    def test_lack_of_evidence_says_why(self) -> None:
        assert "Not enough evidence: the articles are silent" in shown(SILENT).text
        undecided = claim(verdict="not_enough_evidence", reason="inconclusive")
        assert "Not enough evidence: the articles do not settle it" in shown(undecided).text

    def test_quotation_that_differs_is_shown_word_by_word(self) -> None:
        words = ((" ", "it was"), ("-", "never"), ("+", "always"), (" ", "so"))
        quoted = Quotation("it was never so", "differs", words, passage(), 11, 37)
        told = (plain("The corpus says otherwise."), quotation_note(quoted))
        page = shown(claim(*told, quotations=(quoted,)))
        assert (
            "The quotation differs from “Title”:it was [only in the claim: never] [only in the article: always] so"
            in page.text
        )
        assert page.tags.count("del") == page.tags.count("ins") == 1
        assert values(page, "data-quotation") == ["1"]
        assert "→" not in page.text.partition("To check: ")[2], "the explanation need not show it a second time"

    def test_quotation_that_is_word_for_word_or_missing_is_told_so_once(self) -> None:
        quoted = Quotation("4,100 people are", "verbatim", (), passage(), 24, 36)
        missing = Quotation("he never came", "missing")
        told = (plain("One source supports this."), quotation_note(quoted), quotation_note(missing))
        page = shown(claim(*told, quotations=(quoted, missing)))
        text = page.text.partition("To check: ")[2]
        assert text.count("stand word for word in “Title”") == 1
        assert text.count("The words “he never came” stand in none") == 1
        assert values(page, "data-quotation") == ["1"]

    def test_sentences_left_out_are_folded_with_their_reasons(self) -> None:
        page = shown(OPINION, claim(), replace(OPINION, claim="Why?", explanation="a question"))
        assert "2 sentences left out" in page.text
        assert "How sad! an opinion" in page.text and "Why? a question" in page.text
        assert page.tags.count("ol") == 1 and "open" not in dict(page.attributes)

    def test_text_without_a_claim_says_so(self) -> None:
        page = shown(OPINION)
        assert "no statement here" in page.text and "1 sentence left out" in page.text
        assert "Copy report" not in page.text

    def test_single_claim_is_not_said_twice_and_shows_its_evidence(self) -> None:
        page = Page(transcript([Turn(CLAIM, is_check=True, report=report(text=CLAIM))]))
        assert page.text.count(CLAIM) == 1
        assert ("open", "") in page.attributes

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_nothing_of_a_person_or_an_article_becomes_markup(self, payload: str) -> None:
        def page_of(text: str) -> Page:
            fields = dict.fromkeys(("title", "source", "date", "url"), text)
            found = evidence(text=text, start=0, end=len(text), **fields)
            words = ((" ", text), ("-", text), ("+", text))
            quoted = Quotation(text, "differs", words, found.passage, 0, len(text))
            said: dict[str, Any] = {"claim": text, "explanation": text, "standalone": f"{text}!"}
            parts = (quote(text, 1), plain(text))
            whole = report(
                claim(*parts, **said, evidence=(found,), quotations=(quoted,)), replace(OPINION, **said)
            )
            return Page(transcript([Turn(text * 700, is_check=True, report=whole, problem=text)]))

        harmless, page = page_of("x"), page_of(payload)
        assert set(page.tags) <= set(harmless.tags)
        assert {name for name, _ in page.attributes} <= {name for name, _ in harmless.attributes}
        assert payload in page.text


class TestTurn:
    def test_working_check_says_how_far_it_is_and_can_be_stopped(self) -> None:
        page = shown(claim(), stage="Checking claim 2 of 12")
        assert "Checking claim 2 of 12" in page.text and "Refuted" in page.text
        assert ("data-stop", "") in page.attributes
        assert "Copy report" not in page.text

    def test_summary_counts_the_verdicts(self) -> None:
        claims = (claim(), claim(verdict="supported"), SILENT, OPINION, SILENT)
        assert summary(report(*claims)) == "4 claims: 1 supported, 1 refuted, 2 without enough evidence"
        page = shown(*claims)
        assert summary(report(*claims)) in page.text
        assert page.text.count("Copy report") == 1
        assert summary(report()) == ""

    def test_screen_reader_hears_the_outcome(self) -> None:
        assert spoken(report(claim(), SILENT)) == "Checked. 2 claims: 1 refuted, 1 without enough evidence"
        assert spoken(report()).startswith("Checked. Refuted, 93 % sure. The claim says 4,200")

    def test_long_text_is_folded(self) -> None:
        text = "A sentence of many. " * 500
        page = Page(transcript([Turn(text, is_check=True, stage="Checking")]))
        assert "The whole text (10,000 characters)" in page.text
        assert page.text.count("A sentence of many.") == 510

    def test_other_way_is_offered_where_it_makes_sense(self) -> None:
        def offered(turn: Turn) -> list[str]:
            return values(Page(transcript([turn])), "data-again")

        assert offered(turn(claim())) == ["0"]
        assert offered(Turn("x" * 5000, is_check=True, report=report())) == []
        assert offered(Turn("It is so.", problem="The question is too long.")) == ["0"]
        assert offered(Turn("Is it so?", problem="The question is too long.")) == []
        assert offered(Turn("It is so.", stage="Searching")) == []

    def test_copied_report_carries_its_sources(self) -> None:
        said = claim(standalone="Tolvik has 4,200 people.")
        copied = plain_report(report(said, SILENT, OPINION)).splitlines()
        assert copied[:2] == ["2 claims: 1 refuted, 1 without enough evidence", ""]
        assert copied[2:7] == [
            f"1. {CLAIM}",
            "Read as: Tolvik has 4,200 people.",
            "Refuted (93 % sure, 1 independent source)",
            said.explanation,
            f"[1] against it: “{QUOTE}” Title. Source. 2021-03-26. https://a.example/x",
        ]
        assert copied[-2:] == ["1 sentence left out:", "- How sad! (an opinion)"]

    def test_stop_keeps_the_claims_done_and_says_so(self) -> None:
        talk = Conversation()
        ticket = talk.begin(turn(claim(), OPINION, SILENT, stage="Checking claim 3 of 12"))
        talk.stop()
        assert talk.turns[0].problem == "Stopped. The first 2 claims are checked, the rest is not."
        assert talk.turns[0].report == report(claim(), OPINION, SILENT)
        assert not talk.update(ticket, turn())


class TestPointing:
    def test_number_leads_to_the_words_in_their_article(self) -> None:
        found = report(OPINION, claim(), claim(evidence=(evidence("supports"), evidence("neither"))))
        assert pointed_at(found, 1, 1, None) == (passage(), (11, 37), "Evidence [1], against claim 1")
        assert pointed_at(found, 2, 2, None) == (passage(), (11, 37), "Evidence [2], nearest to claim 2")
        single = pointed_at(report(), 1, 1, None)
        assert single and single[2] == "Evidence [1], against the claim"

    def test_quotation_leads_to_the_original_words(self) -> None:
        quoted = Quotation("x", "differs", (), passage(), 15, 19)
        found = pointed_at(report(claim(quotations=(quoted,))), 1, None, 1)
        assert found == (passage(), (15, 19), "The words that the claim quotes")
        missing = report(claim(quotations=(Quotation("x", "missing"),)))
        assert pointed_at(missing, 1, None, 1) is None

    @pytest.mark.parametrize(
        "numbers", [(0, 1, None), (2, 1, None), (1, 0, None), (1, 2, None), (None, 1, None), (1, None, 1)]
    )
    def test_number_of_nothing_leads_nowhere(self, numbers: Any) -> None:
        assert pointed_at(report(), *numbers) is None


class CheckingBot(FakeBot):
    """A bot that checks three claims, and notes what it is given to do."""

    def __init__(self) -> None:
        super().__init__()
        self.checked: list[str] = []
        self.said: list[str] = []

    def stream_check(self, text: str, before: str = "") -> Iterator[Stage | Report]:
        self.checked.append(text)
        self.said.append(before)
        if self.error:
            raise self.error
        done: list[ClaimCheck] = []
        for number in (1, 2, 3):
            yield Stage("check", f"Checking claim {number} of 3")
            done.append(claim())
            yield report(*done, text=text)


def talk_with(text: str) -> tuple[CheckingBot, ChatEvents, Conversation, list[Any]]:
    bot = CheckingBot()
    chat, talk = chat_with(bot), Conversation()
    return bot, chat, talk, list(chat.reply(text, talk))


class TestChat:
    def test_statement_is_checked_and_question_answered(self) -> None:
        bot, chat, talk, _ = talk_with(CLAIM)
        list(chat.reply("How many people has the town?", talk))
        assert bot.checked == [CLAIM]
        assert bot.histories == [[]], "a check is no question to lean on"
        assert [turn.is_check for turn in talk.turns] == [True, False]

    def test_check_grows_claim_by_claim_until_it_is_whole(self) -> None:
        _, _, talk, pages = talk_with(CLAIM)
        assert "Checking claim 1 of 3" in pages[1][1] and "Refuted" not in pages[1][1]
        assert "Copy report" in pages[-1][1]
        assert talk.turns[0].report and len(talk.turns[0].report.claims) == 3
        assert pages[0][0] == "" and pages[1][0] != "", "what is typed meanwhile stays"

    def test_what_was_said_is_known_to_the_statement_that_follows(self) -> None:
        bot, chat, talk, _ = talk_with(CLAIM)
        list(chat.reply(CLAIM, talk))
        list(chat.reply("How many people has the town?", talk))
        answered = next(turn.answer for turn in talk.turns if turn.answer)
        list(chat.reply("But that was in 1962, right?", talk))
        assert bot.said == ["", claim().standalone, answered.sentences[0].text]

    def test_other_way_checks_what_was_answered_and_answers_what_was_checked(self) -> None:
        bot, chat, talk, _ = talk_with(CLAIM)
        for number in (0, 1):
            list(chat.reply_other_way(talk, EventData(None, {"again": number})))
        assert [turn.is_check for turn in talk.turns] == [True, False, True]
        assert bot.checked == [CLAIM, CLAIM] and bot.histories == [[]]
        assert list(chat.reply_other_way(talk, EventData(None, {"again": 9}))) == []

    def test_stopped_check_goes_no_further(self) -> None:
        chat, talk = chat_with(CheckingBot()), Conversation()
        steps = chat.reply(CLAIM, talk)
        for _ in steps:
            if talk.turns[-1].stage == "Checking claim 2 of 3":
                break
        assert "Stopped. The first claim is checked, the rest is not." in chat.stop(talk)
        assert list(steps) == [(gr.skip(),) * 3], "the page is left as it is"

    def test_number_opens_the_article_at_the_decisive_words(self) -> None:
        _, chat, talk, _ = talk_with(CLAIM)
        page = Page(chat.evidence(talk, EventData(None, {"turn": 0, "claim": 2, "evidence": 1})))
        assert "Evidence [1], against claim 2" in page.text
        assert page.marked == QUOTE

    @pytest.mark.parametrize(
        "data",
        [
            {"turn": 0, "claim": 4, "evidence": 1},
            {"turn": 0, "claim": "1", "evidence": 1},
            {"turn": 0, "citation": 1},
            {"turn": 1, "claim": 1, "evidence": 1},
        ],
    )
    def test_click_on_what_is_not_there_opens_nothing(self, data: Any) -> None:
        _, chat, talk, _ = talk_with(CLAIM)
        assert NOT_HELD in chat.evidence(talk, EventData(None, data))

    def test_error_is_one_sentence(self) -> None:
        bot = CheckingBot()
        bot.error = UsageError("The text has 200,000 characters; check at most 100,000 at once.")
        talk = Conversation()
        *_, (_, page, _) = chat_with(bot).reply(CLAIM, talk)
        assert "check at most 100,000 at once." in page
