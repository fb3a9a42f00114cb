"""Answers and reports as plain text with their sources, for the clipboard."""

from __future__ import annotations

from factbot.reports.wording import (
    STANCES,
    checked,
    how_sure,
    left_out,
    read_as,
    sources,
    summary,
    verdict_in_words,
)
from factbot.results import Answer, Citation, ClaimCheck, Evidence, Report
from factbot.text.normalise import single_spaced
from factbot.text.plurals import counted

__all__ = ["note_on_wording", "plain_answer", "plain_report"]


def plain_answer(answer: Answer) -> str:
    """The answer with its sources."""
    lines = [answer.question, ""]
    lines += [f"{s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in answer.sentences]
    lines += ["", note, ""] if (note := note_on_wording(answer)) else [""]
    lines += [f"[{citation.number}] {_reference(citation)}" for citation in answer.citations]
    return "\n".join(lines)


def plain_report(report: Report) -> str:
    """The report with its sources; "" where nothing was checked."""
    claims = checked(report)
    blocks = [summary(report)] if len(claims) > 1 else []
    blocks += [_plain_claim(f"{number}. " if blocks else "", claim) for number, claim in enumerate(claims, 1)]
    if claims and (beside := left_out(report)):
        sentences = [f"- {single_spaced(claim.claim)} ({claim.explanation.rstrip('.')})" for claim in beside]
        blocks.append("\n".join([f"{counted(len(beside), 'sentence')} left out:", *sentences]))
    return "\n\n".join(blocks)


def note_on_wording(answer: Answer) -> str:
    """Who worded an answer that does not only quote, and what became of the rest of it; "" for plain quotes."""
    quotes = {single_spaced(citation.quote) for citation in answer.citations}
    own_words = any(single_spaced(sentence.text) not in quotes for sentence in answer.sentences)
    by = (
        f"Worded by {answer.models.get('language', 'a language model')}, and checked sentence by sentence."
        if own_words
        else ""
    )
    return f"{by} {answer.note}".strip()


def _plain_claim(number: str, claim: ClaimCheck) -> str:
    about = ", ".join(filter(None, (how_sure(claim.confidence), sources(claim))))
    reading = [f"Read as: {read_as(claim)}"] if read_as(claim) else []
    pieces = [
        f"[{at}] {STANCES[piece.stance][1]} it: “{single_spaced(piece.quote)}” {_reference(piece)}"
        for at, piece in enumerate(claim.evidence, 1)
    ]
    verdict = f"{verdict_in_words(claim)} ({about})"
    return "\n".join([f"{number}{single_spaced(claim.claim)}", *reading, verdict, claim.explanation, *pieces])


def _reference(quoted: Citation | Evidence) -> str:
    """Where a quote stands, on one line, with the address."""
    passage = quoted.passage
    page = passage.page_at(quoted.quote_start)
    parts = (passage.title, passage.source, passage.date, f"page {page}" if page else "", passage.url)
    return ". ".join(part for part in parts if part)
