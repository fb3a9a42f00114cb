"""The conversation as HTML: questions, what is being done, answers with their numbered sources."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from factbot.results import Answer, Citation, Passage
from factbot.web.conversation import Turn
from factbot.web.markup import byline, escape, link_host

__all__ = ["EXAMPLES", "nearest", "plain_text", "transcript", "welcome"]

LONGEST_QUESTION_SHOWN = 600  # characters
LONGEST_WORD = 30  # characters, from which on a text has no spaces, or nothing that a line has room for

# Questions for the sample corpus, each with the article that it is about: one is offered where there is such
# an article, so that another corpus gets none of them.
EXAMPLES = (
    (
        "Whom did Boris Johnson meet at the ambassador's residence in Moscow?",
        "world/johnson-meets-activists-moscow-residence.md",
    ),
    (
        "How many barrels of oil were spilled in the Gulf of Mexico?",
        "business/bp-spill-court-3-19-million-barrels.md",
    ),
    ("When did the Ever Given run aground?", "business/ever-given-blocks-suez-canal.md"),
    ("How many people died of Ebola?", "health/ebola-epidemic-ends-2016.md"),
)


def transcript(turns: Sequence[Turn]) -> str:
    """The whole conversation. Its first element speaks to screen readers, and is alone in doing so."""
    spoken = _spoken(turns[-1]) if turns else ""
    articles = "".join(_turn(number, turn) for number, turn in enumerate(turns))
    return f'<div class="spoken" role="status" aria-live="polite">{escape(spoken)}</div>{articles}'


def welcome(article_ids: Collection[str] | None, corpus: Path) -> str:
    """What stands where no question has been asked yet; `article_ids` is None until they are known."""
    if article_ids is not None and not article_ids:
        return f"""<section class="welcome"><h1>There are no articles yet</h1>
<p>Stop the chat with Ctrl-C where it runs. Put articles (Markdown, text or HTML) into the folder
<code>{escape(str(corpus))}</code>, or run</p>
<pre>factbot add story.html
factbot add https://example.org/story</pre>
<p>and start the chat again.</p></section>"""
    buttons = "".join(
        f'<li><button type="button" class="example" data-example="{number}">{escape(question)}</button></li>'
        for number, (question, article_id) in enumerate(EXAMPLES)
        if article_ids and article_id in article_ids
    )
    examples = f'<h2>For example</h2><ul class="examples">{buttons}</ul>' if buttons else ""
    return f"""<section class="welcome"><h1>Ask your articles</h1>
<p>Every sentence of an answer is quoted from an article, word for word. Its number
<span class="sample">[1]</span> opens the article at those words. Where the articles hold no answer, factbot
says so and does not guess.</p>{examples}</section>"""


def plain_text(answer: Answer) -> str:
    """The answer with its sources, for the clipboard."""
    lines = [answer.question, ""]
    lines += [f"{s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in answer.sentences]
    lines += [""]
    for citation in answer.citations:
        p = citation.passage
        lines.append(
            f"[{citation.number}] {'. '.join(part for part in (p.title, p.source, p.date, p.url) if part)}"
        )
    return "\n".join(lines)


def _spoken(turn: Turn) -> str:
    if turn.stage:
        return turn.stage
    if turn.problem:
        return turn.problem
    if turn.answer is None:
        return ""
    if not turn.answer.answered:
        return f"{turn.answer.text} {len(nearest(turn.answer))} near articles are offered."
    return f"Answer: {turn.answer.text}"


def _turn(number: int, turn: Turn) -> str:
    asked = turn.question
    if len(asked) > LONGEST_QUESTION_SHOWN:
        asked = asked[:LONGEST_QUESTION_SHOWN] + "…"
    parts = [f'<h2 class="question" dir="auto"><span class="spoken">You asked: </span>{escape(asked)}</h2>']
    if turn.reading:
        parts.append(f'<p class="reading">{escape(turn.reading)}</p>')
    if turn.answer is not None:
        parts.append(_answer(number, turn.answer, whole=not turn.stage))
    if turn.stage:
        parts.append(
            '<p class="stage"><span class="spinner" aria-hidden="true"></span>'
            f"<span>{escape(turn.stage)}</span>"
            '<button type="button" class="quiet" data-stop>Stop</button></p>'
        )
    if turn.problem:
        parts.append(f'<p class="problem">{escape(turn.problem)}</p>')
    return f'<article class="turn" aria-label="Question {number + 1}">{"".join(parts)}</article>'


def _answer(number: int, answer: Answer, *, whole: bool) -> str:
    if not answer.answered:
        return _abstention(number, answer)
    cited = {c.number: c for c in answer.citations}
    sentences = "".join(
        _sentence(s.text, "".join(_cite(number, cited[n]) for n in s.citations if n in cited))
        for s in answer.sentences
    )
    if not whole:
        return f'<div class="answer">{sentences}</div>'
    seconds = f"{answer.elapsed_ms / 1000:.1f} s"
    return f"""<div class="answer">{sentences}
<h3>Sources</h3><ul class="sources">{_sources(number, answer.citations)}</ul>
<p class="tools"><button type="button" class="quiet" data-copy="{escape(plain_text(answer))}">Copy answer and
sources</button><span class="took">{seconds}</span></p></div>"""


def _sentence(text: str, cites: str) -> str:
    """A sentence whose numbers stay on the line of its last word."""
    text = " ".join(text.split())
    space = text.rfind(" ") + 1
    if len(text) - space > LONGEST_WORD:
        space = len(text)
    last = f'<span class="last">{escape(text[space:])}{cites}</span>'
    return f'<p class="sentence" dir="auto">{escape(text[:space])}{last}</p>'


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
        f'<li>{_source(cited[0].passage)}<span class="numbers">'
        f"{''.join(_cite(turn, c) for c in cited)}</span></li>"
        for cited in by_article.values()
    )


def _source(passage: Passage) -> str:
    host = link_host(passage.url)
    from_where = byline(passage.source or host, passage.date)
    return (
        f'<span class="title" dir="auto">{escape(passage.title) or "Untitled"}</span>'
        f'<span class="byline">{from_where}</span>'
    )


def _abstention(turn: int, answer: Answer) -> str:
    buttons = "".join(
        f'<li><button type="button" class="near" data-turn="{turn}" data-nearest="{index}">'
        f"{_source(p)}</button></li>"
        for index, p in enumerate(nearest(answer))
    )
    offered = f'<h3>Nearest articles</h3><ul class="nearest">{buttons}</ul>' if buttons else ""
    return f'<div class="answer abstained"><p class="sentence">{escape(answer.text)}</p>{offered}</div>'


def nearest(answer: Answer) -> list[Passage]:
    """The best passage of each of the nearest articles."""
    best: dict[str, Passage] = {}
    for passage in answer.nearest:
        best.setdefault(passage.article_id, passage)
    return list(best.values())
