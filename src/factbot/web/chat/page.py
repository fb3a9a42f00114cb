"""The page's parts, and what happens when a person does something with them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api as gradio_api

from factbot.bot import FactBot
from factbot.checking.claims import is_statement
from factbot.errors import ArticleError, FactbotError
from factbot.results import Answer, Passage, Report, Stage
from factbot.scheduling import FairQueue
from factbot.web.auth.sign_in import SIGN_OUT
from factbot.web.chat import report as checks
from factbot.web.chat.conversation import Conversation, Turn
from factbot.web.chat.evidence_panel import evidence, lost
from factbot.web.chat.transcript import EXAMPLES, transcript
from factbot.web.guard.access import role
from factbot.web.guard.limits import LARGEST_FILE
from factbot.web.library.actions import Shelf
from factbot.web.library.view import frame
from factbot.web.markup import slot
from factbot.web.preparation import Preparation

__all__ = ["LONGEST_LINE", "Chat", "build"]

ABANDONED = 86_400  # seconds, after which an upload that nobody looked at is deleted
AT_ONCE = 4  # questions answered, and texts checked, side by side
LONGEST_LINE = 64  # of those that are answered or wait for it; further ones wait in Gradio's queue
FEW = 20  # claims, up to which a report is sent anew at every step; each further one costs the page time
PAUSE = 0.03  # seconds between two sendings, for each claim above FEW
STAGES = {
    "understand": "Understanding the question",
    "search": "Searching the articles",
    "read": "Reading the best passages",
    "quote": "Choosing the words to quote",
    "write": "Writing the answer",
    "check": "Looking for claims in the text",
}
OWN_ERROR = "factbot could not answer, by an error of its own; the terminal that runs it shows where."
NOT_HELD = "The server no longer holds this source; ask again to see it."
HEADER = """<header class="masthead"><p class="name">factbot</p>
<nav aria-label="Views"><a href="#chat" data-view="chat">Chat</a>
<a href="#corpus" data-view="corpus">Corpus</a>{sign_out}</nav>
<p class="purpose">Answers and checks from your own articles, every sentence with its source</p>
<button type="button" class="quiet" data-clear>New chat</button></header>"""
SIGN_OUT_LINK = f'<a href="{SIGN_OUT}">Sign out</a>'
HINT = "Questions are answered, statements are checked. Shift+Enter starts a new line."

log = logging.getLogger(__name__)


def build(bot: FactBot, preparation: Preparation) -> gr.Blocks:
    """The page as Gradio Blocks, not yet served. What one person asks stays in that person's session."""
    chat = Chat(bot, preparation)
    shelf = Shelf(bot, preparation)

    def act(asked: Any, request: gr.Request) -> dict[str, Any]:  # a method cannot bear the mark that Gradio makes
        return shelf.act(asked, role(gr.Request(request)))  # what Gradio hands on here is not wrapped yet

    page: gr.Blocks
    with gr.Blocks(
        title="factbot",
        analytics_enabled=False,
        fill_width=True,
        fill_height=True,
        delete_cache=(ABANDONED, ABANDONED),
    ) as page:
        talk = gr.State(Conversation())
        # Its script listens to the whole page and triggers the events below: "example", "again", "stop", "clear",
        # "evidence".
        masthead = HEADER.format(sign_out="" if bot.settings.sign_in == Path() else SIGN_OUT_LINK)
        header = gr.HTML(masthead, js_on_load=_script("chat.js"), elem_id="masthead", apply_default_css=False)
        _html(slot("status", shelf.condition.line()), "status")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="chat"):
                with gr.Column(elem_id="conversation"):
                    _html(slot("welcome", shelf.welcome(None)), "welcome")
                    shown = _html(transcript(()), "transcript")
                with gr.Row(elem_id="composer"):
                    question = gr.Textbox(
                        label="Your question, or a text to check",
                        placeholder="Ask, or check a text…",
                        lines=1,
                        max_lines=8,
                        autofocus=True,
                        container=False,
                        elem_id="question",
                        html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
                    )
                    ask = gr.Button("Send", variant="primary", elem_id="ask", min_width=0, scale=0)
                hint = _html(_hint(), "hint")
            with gr.Column(elem_id="evidence"):
                panel = _html("", "panel")
        gr.HTML(
            frame(LARGEST_FILE),
            js_on_load=_script("corpus.js"),
            server_functions=[act],
            elem_id="corpus",
            apply_default_css=False,
        )

        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        at_once: dict[str, Any] = {**private, "concurrency_limit": None}
        asking: dict[str, Any] = {
            **private,
            "outputs": [question, shown, hint],
            "trigger_mode": "multiple",
            "concurrency_limit": LONGEST_LINE,
            "concurrency_id": "ask",
        }
        gr.on([question.submit, ask.click], chat.reply, [question, talk], **asking)
        header.example(chat.reply_to_example, [talk], **asking)
        header.again(chat.reply_other_way, [talk], **asking)
        header.stop(chat.stop, [talk], [shown], **at_once)
        header.clear(chat.clear, [talk], [shown, panel, hint], **at_once)
        header.evidence(chat.evidence, [talk], [panel], **at_once)
        for function, name in ((chat.ask, "ask"), (chat.check, "check")):
            gradio_api(function, api_name=name, concurrency_limit=LONGEST_LINE, concurrency_id="ask")
    return page


class Chat:
    """What the page's events do. It keeps nothing of a person: each `talk` belongs to one session."""

    def __init__(self, bot: FactBot, preparation: Preparation) -> None:
        self._bot = bot
        self._preparation = preparation
        self._queue = FairQueue(AT_ONCE)

    def reply(self, text: str, talk: Conversation) -> Iterator[tuple[Any, ...]]:
        """Answer a question, or check a statement, as it grows: the question box, the transcript and the hint."""
        text = text.strip()
        if not text:
            yield gr.skip(), gr.skip(), _hint("Type a question or a statement first.")
            return
        box, hint = "", _hint()
        for page in self._pages(text, talk, is_check=is_statement(text)):
            yield box, page, hint
            box = hint = gr.skip()  # the person may be typing on

    def reply_to_example(self, talk: Conversation, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        number = _number(event, "example")
        if number is not None and number < len(EXAMPLES):
            yield from self.reply(EXAMPLES[number][0], talk)

    def reply_other_way(self, talk: Conversation, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """Check what was answered, or answer what was checked; what is being typed stays."""
        number = _number(event, "again")
        if number is not None and number < len(talk.turns):
            turn = talk.turns[number]
            for page in self._pages(turn.question, talk, is_check=not turn.is_check):
                yield gr.skip(), page, _hint()

    def stop(self, talk: Conversation) -> str:
        talk.stop()
        return transcript(talk.turns)

    def clear(self, talk: Conversation) -> tuple[str, str, str]:
        talk.clear()
        return transcript(()), "", _hint()

    def evidence(self, talk: Conversation, event: gr.EventData) -> str:
        """The panel for what was clicked: a citation of an answer, a nearest article, or a claim's evidence.

        The page only says which number it was; the article is the one that the answer points to.
        """
        number = _number(event, "turn")
        found = _pointed_at(talk.turns[number], event) if number is not None and number < len(talk.turns) else None
        if found is None:
            return lost(NOT_HELD)
        passage, quote, heading = found
        try:
            article = self._bot.article(passage.article_id)
        except ArticleError:
            article = None
        except FactbotError as error:
            return lost(str(error))
        return evidence(article, passage, heading=heading, quote=quote)

    def ask(self, question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question out of the articles, as JSON; `history` holds earlier questions, oldest first."""
        self._preparation.done.wait()
        try:
            with self._queue.joined() as place:
                place.before()
                return self._bot.ask(question, history or []).to_dict()
        except FactbotError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def check(self, text: str) -> dict[str, Any]:
        """Check every claim of a text against the articles, as JSON."""
        self._preparation.done.wait()
        try:
            with self._queue.joined() as place:
                place.before()
                return self._bot.check(text).to_dict()
        except FactbotError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def _pages(self, text: str, talk: Conversation, *, is_check: bool) -> Iterator[Any]:
        """The transcript as a new turn of it grows, until the person stops it or asks on."""
        history, said = talk.questions(), talk.said()
        ticket = talk.begin(Turn(text, stage=STAGES["check" if is_check else "understand"], is_check=is_check))
        yield transcript(talk.turns)
        due = 0.0
        for turn in self._answer(talk.turns[-1], history, said):
            if not talk.update(ticket, turn):
                yield gr.skip()  # Gradio sends the last page once more at the end: not over a newer one
                return
            if turn.stage and time.monotonic() < due:
                continue
            yield transcript(talk.turns)
            claims = len(turn.report.claims) if turn.report else 0
            due = time.monotonic() + PAUSE * max(0, claims - FEW)

    def _answer(self, turn: Turn, history: list[str], said: str) -> Iterator[Turn]:
        """The turn as it grows; the last one has no `stage` any more."""
        try:
            while not self._preparation.done.wait(0.25):  # yields all the while, so that it can be stopped
                waiting = "text" if turn.is_check else "question"
                yield replace(turn, stage=f"Your {waiting} waits: {self._preparation.message}")
            for event in self._events(turn, history, said):
                if isinstance(event, Answer):
                    turn = replace(turn, answer=event)
                elif isinstance(event, Report):
                    turn = replace(turn, report=event)
                    continue  # the next stage comes at once, and both are shown together
                elif event.name == "understand" and event.detail:
                    turn = replace(turn, reading=event.detail)
                else:
                    turn = replace(turn, stage=event.detail or STAGES.get(event.name, event.name))
                yield turn
            turn = replace(turn, stage="")
        except FactbotError as error:
            turn = replace(turn, stage="", problem=str(error))
        except Exception:
            log.exception("A question could not be answered, or a text checked")
            turn = replace(turn, stage="", problem=OWN_ERROR)
        yield turn

    def _events(self, turn: Turn, history: list[str], said: str) -> Iterator[Stage | Answer | Report]:
        with self._queue.joined() as place:
            while before := place.before(0.25):  # yields all the while, so that it can be stopped
                yield Stage("wait", f"{before} {'question is' if before == 1 else 'questions are'} before yours")
            if turn.is_check:
                yield from self._bot.stream_check(turn.question, said)
            else:
                yield from self._bot.stream(turn.question, history=history)


def _pointed_at(turn: Turn, event: gr.EventData) -> tuple[Passage, tuple[int, int] | None, str] | None:
    """The passage, the words in it and the panel's heading for what was clicked; None where it is not there."""
    if turn.report is not None:
        return checks.pointed_at(
            turn.report, *(_number(event, name) for name in ("claim", "evidence", "quotation"))
        )
    if turn.answer is None:
        return None
    number, near = _number(event, "citation"), _number(event, "nearest")
    if near is not None and near < len(turn.answer.nearest):
        return turn.answer.nearest[near], None, "Nearest article"
    cited = next((c for c in turn.answer.citations if c.number == number), None)
    return None if cited is None else (cited.passage, (cited.quote_start, cited.quote_end), f"Source [{number}]")


def _number(event: gr.EventData, name: str) -> int | None:
    """A number that the page sent with an event, None where it sent something else."""
    try:
        value = getattr(event, name)
    except (AttributeError, TypeError):
        return None
    return value if type(value) is int and value >= 0 else None


def _script(name: str) -> str:
    return (files("factbot.web") / "static" / name).read_text(encoding="utf-8")


def _html(value: str, elem_id: str) -> gr.HTML:
    """HTML of ours, without Gradio's script and style for it."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=None, apply_default_css=False)


def _hint(problem: str = "") -> str:
    return f'<p class="hint{" problem" if problem else ""}" role="status">{problem or HINT}</p>'
