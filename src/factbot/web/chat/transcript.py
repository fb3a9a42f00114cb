"""The conversation as HTML: questions, what is being done, and answers with their numbered sources.

How a check is shown is in report.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from factbot.answering.abstention import advice
from factbot.answering.follow_ups import MAX_QUESTION
from factbot.checking.claims import MAX_TEXT
from factbot.results import AnswerSentence, Citation, Usage
from factbot.text.normalise import shortened
from factbot.web.chat import report
from factbot.web.chat.clipboard import note_on_wording, plain_answer, plain_report
from factbot.web.chat.conversation import Turn
from factbot.web.rendering import render

__all__ = ["transcript"]

QUESTION_SHOWN = 600  # characters
TEXT_SHOWN = 300  # the same for a text to check, whose claims stand below once more
BEGINNING_SHOWN = 200  # characters of a longer one
SINGLE_QUESTION = re.compile(r"[^.!?\n]*\?")  # nothing in it that could be checked


def transcript(turns: Sequence[Turn]) -> str:
    """The whole conversation. A screen reader is told of the last turn."""
    spoken = _spoken(turns[-1]) if turns else ""
    return render("chat/transcript.html", spoken=spoken, turns=[_shown(turn) for turn in turns])


def _spoken(turn: Turn) -> str:
    if turn.stage:
        return turn.stage
    if turn.problem:
        return turn.problem
    if turn.report is not None:
        return report.spoken(turn.report)
    if turn.answer is None:
        return ""
    if not turn.answer.answered:
        near = len(turn.answer.nearest)
        return f"{turn.answer.text} {near} near articles are offered." if turn.answer.reason else turn.answer.text
    return f"Answer: {turn.answer.text}"


def _shown(turn: Turn) -> dict[str, Any]:
    """What the template shows of a turn."""
    parts = _of_check(turn) if turn.is_check else _of_question(turn)
    return {"turn": turn, **parts, **_tools(turn)}


def _of_question(turn: Turn) -> dict[str, Any]:
    heading = _beginning(turn.question)
    if turn.answer is None:
        return {"heading": heading}
    by_number = {citation.number: citation for citation in turn.answer.citations}
    return {
        "heading": heading,
        "sentences": [
            (_marked(sentence), [by_number[number] for number in sentence.citations if number in by_number])
            for sentence in turn.answer.sentences
        ],
        "note": "" if turn.stage else note_on_wording(turn.answer),
        "advice": advice(turn.answer),
        "sources": [] if turn.stage else _by_article(turn.answer.citations),
    }


def _marked(sentence: AnswerSentence) -> tuple[str, str, str]:
    """A sentence on one line: what stands before the words that answer, these words, and what comes after."""
    start, end = sentence.span or (0, 0)
    before, words, after = sentence.text[:start], sentence.text[start:end], sentence.text[end:]
    return _on_one_line(before).lstrip(), _on_one_line(words), _on_one_line(after).rstrip()


def _on_one_line(part: str) -> str:
    """A part of a sentence with each run of white space as one space, also at its ends."""
    return re.sub(r"\s+", " ", part)


def _of_check(turn: Turn) -> dict[str, Any]:
    is_long = len(turn.question) > TEXT_SHOWN
    shown: dict[str, Any] = {
        "heading": shortened(turn.question, BEGINNING_SHOWN) if is_long else turn.question,
        "whole_text": turn.question[:MAX_TEXT] if is_long else "",
        "cards": [],
        "left_out": [],
        "summary": "",
        "plain_report": "",
        "note": "",
    }
    if turn.report is not None:
        shown |= {"cards": report.cards(turn.report), "left_out": report.left_out(turn.report)}
        if not turn.stage:
            summary = report.summary(turn.report)
            shown |= {"summary": summary, "note": turn.report.note}
            shown |= {"plain_report": plain_report(turn.report) if summary else ""}
    return shown


def _beginning(text: str) -> str:
    return text if len(text) <= QUESTION_SHOWN else f"{text[:QUESTION_SHOWN]}…"


def _by_article(citations: Sequence[Citation]) -> list[list[Citation]]:
    """The citations of each article, in the order in which the articles come."""
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.passage.article_id, []).append(citation)
    return list(by_article.values())


def _tools(turn: Turn) -> dict[str, str]:
    """What can be done with a turn that is over, and how long it took; all "" for one that is not."""
    tools = {"copy_label": "", "copy_text": "", "other_way": "", "took": ""}
    if turn.stage:
        return tools
    if turn.report is not None:
        tools["took"] = _took(turn.report.elapsed_ms, turn.report.usage)
        # The report of several claims is copied beside their summary instead.
        if not report.summary(turn.report) and (text := plain_report(turn.report)):
            tools |= {"copy_label": "Copy report", "copy_text": text}
    elif turn.answer is not None and turn.answer.answered:
        tools["took"] = _took(turn.answer.elapsed_ms, turn.answer.usage)
        tools |= {"copy_label": "Copy answer and sources", "copy_text": plain_answer(turn.answer)}
    if turn.is_check and len(turn.question) <= MAX_QUESTION:
        tools["other_way"] = "Answer this as a question instead"
    elif not turn.is_check and not _is_small_talk(turn) and not SINGLE_QUESTION.fullmatch(turn.question):
        tools["other_way"] = "Check this as a claim instead"
    return tools


def _is_small_talk(turn: Turn) -> bool:
    """Whether what was typed was replied to without looking into the articles, as "hello" is."""
    return turn.answer is not None and not turn.answer.answered and turn.answer.reason is None


def _took(milliseconds: int, usage: Sequence[Usage]) -> str:
    """How long an answer took, and what a language model read and wrote for it."""
    tokens = sum(stage.input_tokens + stage.output_tokens for stage in usage)
    took = f"{milliseconds / 1000:.1f} s{f' · {tokens:,} tokens' if tokens else ''}"
    return took if milliseconds else ""
