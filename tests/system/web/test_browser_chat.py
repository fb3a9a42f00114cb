"""The chat in a real browser: Playwright drives Chromium against the real engine."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factbot import ClaimCheck, Evidence, ExplanationPart, FactBot, Quotation, Report, Scores, Stage
from factbot.checking.explanation import as_prose
from tests.support.browser import ALIVE, ANSWER_TIMEOUT, CONTRASTS, PHONE, Visitor, launched, visits
from tests.support.newsroom import (
    BRIDGE_QUESTION,
    CHROMIUM,
    MAYOR_QUESTION,
    PAYLOADS,
    STRIKE_QUESTION,
    UNANSWERABLE,
    Served,
    serving,
    write_corpus,
)

playwright_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright_api.expect
Page = Any

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; install the package chromium"),
]
VERDICTS = ("supported", "refuted", "conflicting", "not_enough_evidence")
STRIKE_CLAIM = "The strike at Tolvik harbour lasted nine days."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chat")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    with serving(write_corpus(folder / "corpus"), folder / "index") as chat:
        chat.bot.sync()  # tests ask the bot itself, too
        yield chat


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as chromium:
        yield chromium


@pytest.fixture
def visit(browser: Any, served: Served) -> Iterator[Any]:
    with visits(Visitor, browser, served.url) as make:
        yield make


@pytest.fixture
def visitor(visit: Any) -> Visitor:
    made: Visitor = visit()
    return made


def test_every_sentence_of_an_answer_is_cited(visitor: Visitor) -> None:
    turn = visitor.ask(MAYOR_QUESTION)
    expect(turn.locator(".question")).to_contain_text(MAYOR_QUESTION)
    expect(turn.locator(".sentence").first).to_contain_text("Ingrid Solheim")
    for sentence in turn.locator(".sentence").all():
        assert re.search(r"\[\d+\]$", sentence.inner_text())
    expect(turn.locator(".sources")).to_contain_text("Tolvik elects Ingrid Solheim as mayor")
    expect(visitor.page.get_by_label("Your question")).to_have_value("")
    expect(visitor.page.locator("#transcript [aria-live=polite]")).to_contain_text("Answer: ")


def test_number_opens_the_article_at_the_quoted_words(visitor: Visitor, served: Served) -> None:
    citation = served.bot.ask(MAYOR_QUESTION).citations[0]
    visitor.ask(MAYOR_QUESTION).locator(".cite").first.click()
    panel = visitor.page.get_by_role("complementary")
    expect(panel.locator("h2")).to_have_text("Tolvik elects Ingrid Solheim as mayor")
    expect(panel).to_contain_text("Tolvik Post · Nils Berg · 4 May 2021")
    link = panel.get_by_role("link")
    assert link.get_attribute("href") == "https://tolvik-post.example/solheim"
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert panel.locator("mark").text_content() == citation.quote
    assert panel.locator(".passage").text_content() == citation.passage.text
    assert panel.locator(".article").text_content() == served.bot.article("tolvik-mayor.txt").text
    assert visitor.is_whole_in_sight("mark") and visitor.is_whole_in_sight("#evidence-title")
    assert "underline" in panel.locator("mark").evaluate("e => getComputedStyle(e).textDecorationLine")


def test_closed_evidence_opens_again(visitor: Visitor) -> None:
    number = visitor.ask(MAYOR_QUESTION).locator(".cite").first
    mark = visitor.page.locator("mark")
    for _ in range(2):
        number.click()
        expect(mark).to_be_visible()
        visitor.page.get_by_label("Close the evidence panel").click()
        expect(mark).to_be_hidden()
        expect(number).to_be_focused()


def test_follow_up_uses_the_questions_before_and_is_scrolled_to(visit: Any) -> None:
    visitor = visit(viewport={"width": 1280, "height": 420})
    visitor.ask(MAYOR_QUESTION)
    turn = visitor.ask("And when was she elected?")
    expect(turn.locator(".sentence").first).to_contain_text("4 May 2021")
    expect(visitor.page.locator(".turn")).to_have_count(2)
    expect(turn.locator(".question")).to_be_in_viewport()
    expect(turn.locator(".sentence").first).to_be_in_viewport()
    assert visitor.page.locator("#conversation").evaluate("e => e.scrollTop") > 0


def test_unanswerable_question_gets_no_guess_but_the_nearest_articles(visitor: Visitor) -> None:
    turn = visitor.ask(UNANSWERABLE)
    expect(turn.locator(".sentence")).to_contain_text("holds no answer")
    assert turn.locator(".cite").count() == 0
    near = turn.locator(".near").first
    near.click()
    expect(visitor.page.locator("#evidence-title")).to_have_text(near.locator(".title").inner_text())
    assert visitor.page.locator("mark").count() == 0
    expect(visitor.page.locator(".passage")).to_be_in_viewport()


def test_everything_can_be_done_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(MAYOR_QUESTION)
    page.keyboard.press("Enter")
    page.locator(".sources").wait_for()
    expect(page.get_by_label("Your question")).to_be_focused()
    for _ in range(20):  # back from the question through the answer above it
        page.keyboard.press("Shift+Tab")
        if visitor.focused() == "cite":
            break
    expect(page.locator(".cite").last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_be_visible()
    expect(page.locator("#evidence-title")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Open the original")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#panel .scroller")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("mark")).to_be_hidden()
    expect(page.locator(".cite").last).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("mark")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_are_legible(visit: Any, scheme: str) -> None:
    visitor = visit(color_scheme=scheme)
    visitor.ask(MAYOR_QUESTION).locator(".cite").first.click()
    visitor.page.locator("mark").wait_for()
    contrasts = visitor.page.evaluate(
        CONTRASTS, [".sentence", ".cite", ".byline", "mark", ".passage", ".hint", "#ask"]
    )
    assert {selector: ratio for selector, ratio in contrasts.items() if ratio < 4.5} == {}
    is_dark = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] < 128")
    assert is_dark == (scheme == "dark")


# The contrast ratio of WCAG 2 between an element's text and the nearest background behind it.


def test_phone_has_no_sideways_scrolling_and_the_panel_covers_the_page(visit: Any) -> None:
    visitor = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    page = visitor.page

    def is_as_wide_as_the_window() -> bool:
        return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    assert is_as_wide_as_the_window()
    turn = visitor.ask(BRIDGE_QUESTION)  # with long words and markup in it
    assert is_as_wide_as_the_window()
    small = turn.locator("button").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).filter(b => b.width < 24 || b.height < 24).length"
    )
    assert small == 0
    turn.locator(".cite").first.tap()
    expect(page.locator("mark")).to_be_in_viewport()
    assert is_as_wide_as_the_window()
    assert round(page.locator("#evidence").bounding_box()["width"]) == PHONE["width"]
    assert page.locator("#chat").evaluate("e => e.inert")
    page.get_by_label("Close the evidence panel").tap()
    expect(page.locator("#evidence")).to_be_hidden()
    assert not page.locator("#chat").evaluate("e => e.inert")


@pytest.mark.slow
def test_two_people_at_once_get_their_own_answers(visit: Any) -> None:
    one, two = visit(), visit()
    for person, question in ((one, MAYOR_QUESTION), (two, STRIKE_QUESTION)):
        person.page.get_by_label("Your question").fill(question)
    one.page.keyboard.press("Enter")
    two.page.keyboard.press("Enter")
    for person, question, words in (
        (one, MAYOR_QUESTION, "Ingrid Solheim"),
        (two, STRIKE_QUESTION, "nine days"),
    ):
        person.page.locator(".sources").wait_for()
        expect(person.page.locator(".turn")).to_have_count(1)
        expect(person.page.locator(".question")).to_contain_text(question)
        expect(person.page.locator(".sentence").first).to_contain_text(words)
    one.page.locator(".cite").first.click()
    expect(one.page.locator("mark")).to_contain_text("Ingrid Solheim")
    assert two.page.locator("mark").count() == 0
    two.page.locator(".cite").first.click()
    expect(two.page.locator("mark")).to_contain_text("nine days")
    two.ask(UNANSWERABLE)
    expect(two.page.locator(".turn")).to_have_count(2)
    expect(one.page.locator(".turn")).to_have_count(1)


def test_markup_in_articles_and_questions_does_nothing(visitor: Visitor, served: Served) -> None:
    assert all(payload in served.bot.article("brellin-bridge.txt").text for payload in PAYLOADS)
    turn = visitor.ask(BRIDGE_QUESTION)
    expect(turn.locator(".sentence").first).to_contain_text(PAYLOADS[0])
    turn.locator(".cite").first.click()
    expect(visitor.page.locator("mark")).to_contain_text(PAYLOADS[1])
    expect(visitor.page.locator(".article")).to_contain_text("".join(PAYLOADS[-1:]))
    assert visitor.page.get_by_role("complementary").get_by_role("link").count() == 0
    assert visitor.page.locator("#panel aside").locator(ALIVE).count() == 0
    checked = visitor.check(" ".join(PAYLOADS))
    expect(checked.locator(".whole")).to_contain_text(" ".join(PAYLOADS))
    checked.get_by_role("button", name="Answer this as a question instead").click()
    expect(visitor.page.locator(".turn").nth(2).locator(".question")).to_contain_text(" ".join(PAYLOADS))
    assert visitor.page.locator("#transcript .turn").locator(ALIVE).count() == 0


def test_answer_is_copied_with_its_sources(visit: Any) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    visitor.ask(STRIKE_QUESTION).get_by_role("button", name="Copy answer").click()
    expect(visitor.page.get_by_role("button", name="Copied")).to_be_visible()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(STRIKE_QUESTION)
    assert "[1] Strike at Tolvik harbour ends after nine days. Tolvik Post. 2019-09-12. https://" in copied


def test_new_chat_starts_afresh(visitor: Visitor) -> None:
    visitor.ask(MAYOR_QUESTION).locator(".cite").first.click()
    visitor.page.locator("mark").wait_for()
    visitor.page.get_by_role("button", name="New chat").click()
    expect(visitor.page.locator(".turn")).to_have_count(0)
    expect(visitor.page.locator("mark")).to_have_count(0)
    expect(visitor.page.locator(".welcome")).to_be_visible()
    visitor.page.get_by_label("Your question").fill("   ")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".hint")).to_have_text("Type a question or a statement first.")
    expect(visitor.ask(STRIKE_QUESTION).locator(".sentence").first).to_contain_text("nine days")


def test_statement_is_checked_and_its_number_opens_the_decisive_words(visitor: Visitor, served: Served) -> None:
    (claim,) = served.bot.check(STRIKE_CLAIM).claims
    turn = visitor.check(STRIKE_CLAIM)
    expect(turn.locator(".question")).to_contain_text(STRIKE_CLAIM)
    expect(turn.locator(".claim")).to_have_count(1)
    expect(turn.locator(".verdict")).to_contain_text("% sure")
    expect(visitor.page.locator("#transcript [aria-live=polite]")).to_contain_text("Checked. ")
    turn.locator(".pieces .cite").first.click()
    panel = visitor.page.get_by_role("complementary")
    expect(panel.locator("mark")).to_have_text(claim.evidence[0].quote)
    assert panel.locator(".passage").text_content() == claim.evidence[0].passage.text
    assert visitor.is_whole_in_sight("mark")


def test_text_is_checked_claim_by_claim_and_the_report_copied(visit: Any) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    turn = visitor.check(f"{STRIKE_CLAIM}\n\nIngrid Solheim was elected mayor of Tolvik.\n\nWhy is that so?")
    expect(turn.locator(".claim")).to_have_count(2)
    expect(turn.locator(".summary")).to_contain_text("2 claims: ")
    expect(turn.locator(".left-out")).to_contain_text("1 sentence left out")
    turn.get_by_role("button", name="Copy report").click()
    expect(visitor.page.get_by_role("button", name="Copied")).to_be_visible()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("2 claims: ")
    assert f"1. {STRIKE_CLAIM}" in copied and "2. Ingrid Solheim was elected" in copied


def test_check_can_be_had_as_an_answer_instead_and_the_other_way_round(visitor: Visitor) -> None:
    page = visitor.page
    turn = visitor.check(STRIKE_CLAIM)
    page.get_by_label("Your question").fill("What is being typed")
    turn.get_by_role("button", name="Answer this as a question instead").click()
    answer = page.locator(".turn").nth(1)
    expect(answer.locator(".question")).to_contain_text(STRIKE_CLAIM)
    expect(answer.locator(".sentence").first).to_contain_text("nine days")
    answer.get_by_role("button", name="Check this as a claim instead").click()
    expect(page.locator(".turn").nth(2).locator(".verdict")).to_contain_text("% sure")
    expect(page.get_by_label("Your question")).to_have_value("What is being typed")


class HeldBot(FactBot):
    """A bot whose checks come to every verdict, and wait before the last of them until they are let go on."""

    go_on = threading.Event()

    def stream_check(self, text: str, before: str = "", keep: bool = False) -> Iterator[Stage | Report]:
        passage, other = self.search(BRIDGE_QUESTION, 1)[0], self.search(STRIKE_QUESTION, 1)[0]
        scores = Scores(0.5, 0.4, 0.1)
        pieces = (
            Evidence(passage, passage.text[:20], passage.start, passage.start + 20, "supports", scores),
            Evidence(other, other.text[:20], other.start, other.start + 20, "refutes", scores),
        )
        words = ((" ", "The bridge was"), ("-", "burnt"), ("+", PAYLOADS[1]))
        quoted = Quotation("The bridge was burnt", "differs", words, passage, passage.start, passage.start + 9)
        verdicts: Any = (*VERDICTS, VERDICTS[-1])
        done: list[ClaimCheck] = []
        for number, verdict in enumerate(verdicts, 1):
            yield Stage("check", f"Checking claim {number} of 5")
            if number == len(verdicts):
                assert self.go_on.wait(60)
            parts = (
                ExplanationPart("words", "The articles disagree: "),
                ExplanationPart("quote", f"{'long words ' * 30}{PAYLOADS[1]}", (1,)),
                ExplanationPart("words", ". Against it:", (2,)),
                ExplanationPart("words", "."),
            )
            claim = ClaimCheck(
                claim=f"Claim {number} of {PAYLOADS[0]}.",
                start=0,
                end=0,
                verdict=verdict,
                confidence=0.8,
                evidence=pieces,
                explanation=as_prose(parts),
                reason="inconclusive" if number == 4 else "not_checkable" if number == 5 else None,
                independent_sources=2,
                standalone=f"Claim {number}, read otherwise.",
                quotations=(quoted,),
                explanation_parts=parts,
            )
            done.append(claim)
            yield Report(text, tuple(done), 1000, "1", {})


@pytest.fixture(scope="module")
def held(folder: Path) -> Iterator[Served]:
    with serving(write_corpus(folder / "held"), folder / "held-index", HeldBot) as chat:
        chat.bot.sync()
        yield chat


LONG_TEXT = "The bridge was burnt in the war, and it was built again in the year after it.\n\n" * 150


@pytest.mark.slow
def test_long_check_grows_while_it_is_read_and_can_be_stopped(browser: Any, held: Served) -> None:
    visitor = Visitor(browser, held.url)
    page = visitor.page
    for stops in (False, True):
        HeldBot.go_on.clear()
        page.get_by_label("Your question").fill(LONG_TEXT)
        page.keyboard.press("Enter")
        turn = page.locator(".turn").last
        expect(turn.locator(".stage")).to_contain_text("Checking claim 5 of 5")
        expect(turn.locator(".whole")).to_contain_text(f"{len(LONG_TEXT.strip()):,} characters")
        fold = turn.locator(".pieces-of-evidence").nth(1)
        assert not fold.evaluate("e => e.open")
        fold.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(fold.locator(".pieces").first).to_be_visible()
        fold.locator(".cite").first.click()
        expect(page.locator("mark")).to_be_visible()
        page.locator("#conversation").evaluate("e => { e.scrollTop += 900; }")
        expect(turn.locator(".stage")).to_be_in_viewport()
        if stops:
            turn.get_by_role("button", name="Stop").click()
            expect(turn.locator(".problem")).to_have_text(
                "Stopped. The first 4 claims are checked, the rest is not."
            )
        HeldBot.go_on.set()
        expect(turn.locator(".summary")).to_contain_text(
            "4 claims: 1 supported, 1 refuted, 1 conflicting, 1 without"
        )
        expect(turn.locator(".claim")).to_have_count(4)
        expect(turn.locator(".left-out")).to_have_count(0 if stops else 1)
        expect(turn.locator(".problem")).to_have_count(1 if stops else 0)
        assert fold.evaluate("e => e.open"), "what the person unfolded stays so"
        expect(fold.locator(".cite").first).to_have_attribute("data-shown", "")
    assert turn.locator(ALIVE).count() == 0
    assert visitor.complaints == []
    visitor.close()


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        ("desktop", "light"),
        ("phone", "dark"),
        pytest.param("desktop", "dark", marks=pytest.mark.slow),
        pytest.param("phone", "light", marks=pytest.mark.slow),
    ],
)
def test_check_is_legible(browser: Any, held: Served, scheme: str, size: str) -> None:
    HeldBot.go_on.set()
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if size == "phone" else {}
    visitor = Visitor(browser, held.url, color_scheme=scheme, **phone)
    turn = visitor.check("One claim. Another claim.")
    for summary in turn.locator("summary").all():
        summary.click()
    named = [f".{verdict} {part}" for verdict in VERDICTS for part in ("strong", ".sign")]
    others = [".words", ".number", ".reading", ".about", ".explanation", ".label", ".quote", ".cite", "summary"]
    others += ["del", "ins", ".why", ".bare", ".took", ".summary span"]
    contrasts = visitor.page.evaluate(CONTRASTS, named + [f".check {part}" for part in others])
    assert {selector: ratio for selector, ratio in contrasts.items() if ratio < 4.5} == {}
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    spills = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert turn.locator(".claim, .report, .summary").evaluate_all(spills) == 0
    if size == "phone":
        small = "all => all.map(e => e.getBoundingClientRect()).filter(b => b.width < 24 || b.height < 24).length"
        assert turn.locator("button, summary").evaluate_all(small) == 0
    assert visitor.complaints == []
    visitor.close()


class LateBot(FactBot):
    """A bot whose models take their time: until `load` is set."""

    load = threading.Event()

    def warm_up(self) -> None:
        assert self.load.wait(60)
        super().warm_up()


def test_question_asked_too_early_waits_and_can_be_stopped(browser: Any, folder: Path) -> None:
    corpus, index = write_corpus(folder / "early"), folder / "early-index"
    with serving(corpus, index, LateBot) as chat:
        visitor = Visitor(browser, chat.url)
        expect(visitor.page.locator("#status")).to_contain_text("Loading the models")
        visitor.page.get_by_label("Your question").fill(MAYOR_QUESTION)
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator(".stage")).to_contain_text("Your question waits: Loading the models")
        visitor.page.get_by_role("button", name="Stop").click()
        expect(visitor.page.locator(".turn")).to_contain_text("Stopped.")
        visitor.page.get_by_label("Your question").fill(STRIKE_QUESTION)
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator(".stage")).to_contain_text("Your question waits")
        LateBot.load.set()
        expect(visitor.page.locator("#status")).to_contain_text("Ready: 4 articles", timeout=ANSWER_TIMEOUT)
        visitor.page.locator(".sources").wait_for()
        expect(visitor.page.locator(".sentence").first).to_contain_text("nine days")
        assert visitor.complaints == []
        visitor.close()


@pytest.mark.alone
def test_page_is_painted_within_two_seconds_while_models_load(browser: Any, folder: Path) -> None:
    corpus = write_corpus(folder / "fresh")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "factbot", "serve", "--no-browser", "--port", str(port)]
    command += ["--corpus", str(corpus), "--index", str(folder / "fresh-index")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            assert f":{port}/".encode() in server.stdout.readline()
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}/")
            page.get_by_label("Your question").wait_for()
            painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            assert painted < 2000, f"first paint after {painted:.0f} ms"
            page.close()
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=30) in (0, 1), "Ctrl-C ends it"
        finally:
            server.kill()
