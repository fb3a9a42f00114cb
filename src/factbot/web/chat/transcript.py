"""The conversation as HTML: questions, what is being done, answers with their numbered sources.

What a text's check comes to is in checks.py.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from factbot.answering.follow_ups import MAX_QUESTION
from factbot.checking.claims import MAX_TEXT
from factbot.results import Answer, Citation, Report, Usage
from factbot.web.chat import report as checks
from factbot.web.chat.conversation import Turn
from factbot.web.markup import cut, escape, reference, source, tied

__all__ = ["EXAMPLES", "plain_text", "transcript", "welcome"]

LONGEST_QUESTION_SHOWN = 600  # characters
LONGEST_TEXT_SHOWN = 300  # the same for a text to check, whose claims stand below once more
BEGINNING_SHOWN = 200  # characters of a longer one
SINGLE_QUESTION = re.compile(r"[^.!?\n]*\?")  # nothing in it that could be checked

# Questions and claims for the sample corpus, each with the article that it is about: one is offered where there
# is such an article, so that another corpus gets none of them.
QUESTIONS = (
    (
        "Whom did Boris Johnson meet at the ambassador's residence in Moscow?",
        "world/johnson-meets-activists-moscow-residence.md",
    ),
    (
        "How many barrels of oil were spilled in the Gulf of Mexico?",
        "business/bp-spill-court-3-19-million-barrels.md",
    ),
    ("How many people died of Ebola?", "health/ebola-epidemic-ends-2016.md"),
)
CLAIMS = (
    (
        "The Ever Given ran aground in the Suez Canal on 23 March 2021.",
        "business/ever-given-blocks-suez-canal.md",
    ),
    (
        "Lance Armstrong was stripped of five Tour de France titles.",
        "sport/lance-armstrong-stripped-of-tours.md",
    ),
)
EXAMPLES = QUESTIONS + CLAIMS


def transcript(turns: Sequence[Turn]) -> str:
    """The whole conversation. Its first element speaks to screen readers, and is alone in doing so."""
    spoken = _spoken(turns[-1]) if turns else ""
    articles = "".join(_turn(number, turn) for number, turn in enumerate(turns))
    return f'<div class="spoken" role="status" aria-live="polite">{escape(spoken)}</div>{articles}'


def welcome(article_ids: Collection[str]) -> str:
    """What stands where no question has been asked yet, with examples that the articles answer."""
    examples = "".join(
        f'<h2>{heading}</h2><ul class="examples">{buttons}</ul>'
        for heading, texts in (("A question, for example", QUESTIONS), ("A statement to check", CLAIMS))
        if (buttons := _examples(texts, article_ids))
    )
    return f"""<section class="welcome"><h1>Ask, or check a text</h1>
<p>A question is answered in the articles' own words, and a number such as <span class="sample">[1]</span> opens
the article at those words. A statement, or a text that you paste, is checked claim by claim: what the articles
support, what they refute, and what they do not settle. Where they hold nothing, factbot says so and does not
guess.</p>{examples}</section>"""


def _examples(texts: Sequence[tuple[str, str]], article_ids: Collection[str]) -> str:
    return "".join(
        f'<li><button type="button" class="example" data-example="{EXAMPLES.index((text, article_id))}">'
        f"{escape(text)}</button></li>"
        for text, article_id in texts
        if article_id in article_ids
    )


def plain_text(answer: Answer) -> str:
    """The answer with its sources, for the clipboard."""
    lines = [answer.question, ""]
    lines += [f"{s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in answer.sentences]
    lines += ["", about, ""] if (about := worded(answer)) else [""]
    lines += [f"[{citation.number}] {reference(citation)}" for citation in answer.citations]
    return "\n".join(lines)


def worded(answer: Answer) -> str:
    """Who worded an answer that is not quoted, and what became of the rest of it; "" for plain quotes."""
    quotes = {" ".join(citation.quote.split()) for citation in answer.citations}
    own_words = any(" ".join(sentence.text.split()) not in quotes for sentence in answer.sentences)
    by = (
        f"Worded by {answer.models.get('language', 'a language model')}, and checked sentence by sentence."
        if own_words
        else ""
    )
    return f"{by} {answer.note}".strip()


def _spoken(turn: Turn) -> str:
    if turn.stage:
        return turn.stage
    if turn.problem:
        return turn.problem
    if turn.report is not None:
        return checks.spoken(turn.report)
    if turn.answer is None:
        return ""
    if not turn.answer.answered:
        return f"{turn.answer.text} {len(turn.answer.nearest)} near articles are offered."
    return f"Answer: {turn.answer.text}"


def _turn(number: int, turn: Turn) -> str:
    parts = _check(number, turn) if turn.is_check else _question(number, turn)
    kind = "Check" if turn.is_check else "Question"
    return (
        f'<article class="turn{" check" if turn.is_check else ""}" aria-label="{kind} {number + 1}">'
        f"{''.join(parts)}{_tools(number, turn)}</article>"
    )


def _question(number: int, turn: Turn) -> list[str]:
    parts = [_heading("You asked: ", turn.question)]
    if turn.reading:
        parts.append(f'<p class="reading">{escape(turn.reading)}</p>')
    if turn.answer is not None:
        parts.append(_answer(number, turn.answer, whole=not turn.stage))
    return [*parts, _state(turn)]


def _check(number: int, turn: Turn) -> list[str]:
    """How far a check is stands above its claims: it stays in sight while they grow."""
    parts = []
    if len(turn.question) <= LONGEST_TEXT_SHOWN:
        parts.append(_heading("To check: ", turn.question))
    else:
        parts.append(_heading("To check: ", cut(turn.question, BEGINNING_SHOWN)))
        parts.append(
            f'<details class="whole" data-fold="{number} text"><summary>The whole text '
            f'({len(turn.question):,} characters)</summary><div dir="auto">'
            f"{escape(turn.question[:MAX_TEXT])}</div></details>"
        )
    state, report = _state(turn), ""
    if turn.report is not None:
        report = checks.check(number, turn.report)
        if not turn.stage and (summary := checks.summary(turn.report)):
            state += f'<p class="summary"><span>{summary}</span>{_copy_report(turn.report)}</p>'
        if not turn.stage and turn.report.note:
            state += f'<p class="note">{escape(turn.report.note)}</p>'
    # The same elements from beginning to end: the page keeps those that stay in place, and the focus in them.
    return [*parts, f'<div class="state">{state}</div>', f'<div class="report">{report}</div>']


def _heading(spoken: str, text: str) -> str:
    if len(text) > LONGEST_QUESTION_SHOWN:
        text = text[:LONGEST_QUESTION_SHOWN] + "…"
    return f'<h2 class="question" dir="auto"><span class="spoken">{spoken}</span>{escape(text)}</h2>'


def _state(turn: Turn) -> str:
    """What is being done, and how to stop it; or what went wrong."""
    state = ""
    if turn.stage:
        state += (
            '<p class="stage"><span class="spinner" aria-hidden="true"></span>'
            f"<span>{escape(turn.stage)}</span>"
            '<button type="button" class="quiet" data-stop>Stop</button></p>'
        )
    if turn.problem:
        state += f'<p class="problem">{escape(turn.problem)}</p>'
    return state


def _tools(number: int, turn: Turn) -> str:
    """What can be done with a turn that is over: copy it, or have what was typed read the other way."""
    if turn.stage:
        return ""
    tools, took, tokens = "", 0, ""
    if turn.report is not None:
        took, tokens = turn.report.elapsed_ms, _tokens(turn.report.usage)
        tools = "" if checks.summary(turn.report) else _copy_report(turn.report)
    elif turn.answer is not None and turn.answer.answered:
        took = turn.answer.elapsed_ms
        tokens = _tokens(turn.answer.usage)
        tools = _copy("Copy answer and sources", plain_text(turn.answer))
    if turn.is_check and len(turn.question) <= MAX_QUESTION:
        tools += _other_way(number, "Answer this as a question instead")
    elif not turn.is_check and not SINGLE_QUESTION.fullmatch(turn.question):
        tools += _other_way(number, "Check this as a claim instead")
    if took:
        tools += f'<span class="took">{took / 1000:.1f} s{tokens}</span>'
    return f'<p class="tools">{tools}</p>' if tools else ""


def _tokens(usage: Sequence[Usage]) -> str:
    """What a language model read and wrote, "" where there was none."""
    spent = sum(stage.input_tokens + stage.output_tokens for stage in usage)
    return f" · {spent:,} tokens" if spent else ""


def _copy_report(report: Report) -> str:
    """Beside the summary of several claims, else under the one."""
    return _copy("Copy report", checks.plain_report(report))


def _copy(label: str, text: str) -> str:
    return f'<button type="button" class="quiet" data-copy="{escape(text)}">{label}</button>' if text else ""


def _other_way(number: int, label: str) -> str:
    return f'<button type="button" class="quiet bare" data-again="{number}">{label}</button>'


def _answer(number: int, answer: Answer, *, whole: bool) -> str:
    if not answer.answered:
        return _abstention(number, answer)
    cited = {c.number: c for c in answer.citations}
    sentences = "".join(
        _sentence(s.text, "".join(_cite(number, cited[n]) for n in s.citations if n in cited))
        for s in answer.sentences
    )
    if whole and (about := worded(answer)):
        sentences += f'<p class="note">{escape(about)}</p>'
    sources = f'<h3>Sources</h3><ul class="sources">{_sources(number, answer.citations)}</ul>' if whole else ""
    return f'<div class="answer">{sentences}{sources}</div>'


def _sentence(text: str, cites: str) -> str:
    """A sentence whose numbers stay on the line of its last word."""
    return f'<p class="sentence" dir="auto">{tied(" ".join(text.split()), cites)}</p>'


def _cite(turn: int, citation: Citation) -> str:
    label = f"[{citation.number}] Show these words in: {citation.passage.title}"
    return (
        f'<button type="button" class="cite" data-turn="{turn}" data-citation="{citation.number}"'
        f' aria-label="{escape(label)}">[{citation.number}]</button>'
    )


def _sources(turn: int, citations: Sequence[Citation]) -> str:
    """One line for each article, with the numbers that quote it."""
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.passage.article_id, []).append(citation)
    return "".join(
        f'<li>{source(cited[0].passage)}<span class="numbers">{"".join(_cite(turn, c) for c in cited)}</span></li>'
        for cited in by_article.values()
    )


def _abstention(turn: int, answer: Answer) -> str:
    buttons = "".join(
        f'<li><button type="button" class="near" data-turn="{turn}" data-nearest="{index}">'
        f"{source(p)}</button></li>"
        for index, p in enumerate(answer.nearest)
    )
    offered = f'<h3>Nearest articles</h3><ul class="nearest">{buttons}</ul>' if buttons else ""
    return f'<div class="answer abstained"><p class="sentence">{escape(answer.text)}</p>{offered}</div>'
