"""What happens when a person does something in the chat."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from factbot.bot import FactBot
from factbot.checking.claims import is_statement
from factbot.errors import ArticleError, FactbotError
from factbot.results import Answer, Passage, Report, Stage
from factbot.scheduling import FairQueue
from factbot.web.chat import evidence_panel, report
from factbot.web.chat.conversation import Conversation, Turn
from factbot.web.chat.transcript import transcript
from factbot.web.rendering import render
from factbot.web.startup import Startup
from factbot.web.welcome import EXAMPLES
from factbot.web.wording import INTERNAL_ERROR

__all__ = ["ChatEvents", "hint"]

FEW_CLAIMS = 20  # up to which a report is sent anew at every step; each further one costs the page time
PAUSE = 0.03  # seconds between two sendings, for each claim above FEW_CLAIMS
STAGES = {
    "understand": "Understanding the question",
    "search": "Searching the articles",
    "read": "Reading the best passages",
    "quote": "Choosing the words to quote",
    "write": "Writing the answer",
    "check": "Looking for claims in the text",
}
NOT_HELD = "The server no longer holds this source; ask again to see it."
HINT = "Questions are answered, statements are checked. Shift+Enter starts a new line."

log = logging.getLogger(__name__)


class ChatEvents:
    """What the page's events do. It keeps nothing of a person: each `talk` belongs to one session."""

    def __init__(self, bot: FactBot, startup: Startup, queue: FairQueue) -> None:
        self._bot = bot
        self._startup = startup
        self._queue = queue

    def reply(self, text: str, talk: Conversation) -> Iterator[tuple[Any, ...]]:
        """Answer a question, or check a statement, as it grows: the question box, the transcript and the hint."""
        text = text.strip()
        if not text:
            yield gr.skip(), gr.skip(), hint("Type a question or a statement first.")
            return
        box: Any = ""
        below: Any = hint()
        for page in self._pages(text, talk, is_check=is_statement(text)):
            yield box, page, below
            box = below = gr.skip()  # the person may be typing on

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
                yield gr.skip(), page, hint()

    def stop(self, talk: Conversation) -> str:
        talk.stop()
        return transcript(talk.turns)

    def clear(self, talk: Conversation) -> tuple[str, str, str]:
        talk.clear()
        return transcript(()), "", hint()

    def evidence(self, talk: Conversation, event: gr.EventData) -> str:
        """The panel for what was clicked: a citation of an answer, a nearest article, or a claim's evidence.

        The page only says which number it was; the article is the one that the answer points to.
        """
        number = _number(event, "turn")
        found = _pointed_at(talk.turns[number], event) if number is not None and number < len(talk.turns) else None
        if found is None:
            return evidence_panel.problem(NOT_HELD)
        passage, quote, heading = found
        try:
            article = self._bot.article(passage.article_id)
        except ArticleError:
            article = None
        except FactbotError as error:
            return evidence_panel.problem(str(error))
        return evidence_panel.evidence(article, passage, heading=heading, quote=quote)

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
            due = time.monotonic() + PAUSE * max(0, claims - FEW_CLAIMS)

    def _answer(self, turn: Turn, history: list[str], said: str) -> Iterator[Turn]:
        """The turn as it grows; the last one has no `stage` any more."""
        try:
            while not self._startup.can_answer.wait(0.25):  # yields all the while, so that it can be stopped
                waiting = "text" if turn.is_check else "question"
                yield replace(turn, stage=f"Your {waiting} waits: {self._startup.message}")
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
            turn = replace(turn, stage="", problem=INTERNAL_ERROR)
        yield turn

    def _events(self, turn: Turn, history: list[str], said: str) -> Iterator[Stage | Answer | Report]:
        with self._queue.joined() as place:
            while before := place.before(0.25):  # yields all the while, so that it can be stopped
                yield Stage("wait", f"{before} {'question is' if before == 1 else 'questions are'} before yours")
            if turn.is_check:
                yield from self._bot.stream_check(turn.question, said)
            else:
                yield from self._bot.stream(turn.question, history=history)


def hint(problem: str = "") -> str:
    """The line under the question box: how it is used, or what is wrong with what was typed."""
    return render("chat/hint.html", words=problem or HINT, is_problem=bool(problem))


def _pointed_at(turn: Turn, event: gr.EventData) -> tuple[Passage, tuple[int, int] | None, str] | None:
    """The passage, the words in it and the panel's heading for what was clicked; None where it is not there."""
    if turn.report is not None:
        return report.pointed_at(
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
