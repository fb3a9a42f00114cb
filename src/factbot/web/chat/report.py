"""Checks as HTML: claim by claim the verdict, why, and the evidence for and against."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from factbot.checking.explanation import shortened
from factbot.checking.quotations import described
from factbot.results import ClaimCheck, Evidence, Passage, Quotation, Report, Stance, Verdict
from factbot.web.jobs import counted
from factbot.web.markup import cut, escape, reference, source, tied

__all__ = ["check", "left_out", "plain_report", "pointed_at", "spoken", "summary"]

LONGEST_QUOTE = 240  # characters of an article's words in a list; the panel has them all
NOT_CHECKABLE = "not_checkable"
NOTHING = "There is no statement here that articles could bear out."

# Each verdict's sign, its name, and its name in a count. Its colour and the frame of its sign are in style.css.
VERDICTS: dict[Verdict, tuple[str, str, str]] = {
    "supported": ("✓", "Supported", "supported"),
    "refuted": ("✗", "Refuted", "refuted"),
    "conflicting": ("⇄", "Conflicting", "conflicting"),
    "not_enough_evidence": ("?", "Not enough evidence", "without enough evidence"),
}
REASONS = {"corpus_silent": "the articles are silent", "inconclusive": "the articles do not settle it"}
STANCES: dict[Stance, tuple[str, str]] = {  # in a list's heading, and in the panel's
    "supports": ("For it", "for"),
    "refutes": ("Against it", "against"),
    "neither": ("Nearest, but it decides nothing", "nearest to"),
}


def check(turn: int, report: Report) -> str:
    """The claims of a report as cards, in order, and under them the sentences that were left out."""
    claims = _checked(report)
    cards = "".join(_card(turn, number, claim, report) for number, claim in enumerate(claims, 1))
    shown = f'<ol class="claims">{cards}</ol>' if cards else ""
    if beside := left_out(report):
        sentences = "".join(
            f'<li dir="auto">{escape(cut(claim.claim, LONGEST_QUOTE))}'
            f' <span class="why">{escape(claim.explanation)}</span></li>'
            for claim in beside
        )
        shown += (
            f'<details class="left-out" data-fold="{turn} left out"{"" if claims else " open"}>'
            f"<summary>{counted(len(beside), 'sentence')} left out</summary><ul>{sentences}</ul></details>"
        )
    return shown


def left_out(report: Report) -> list[ClaimCheck]:
    """What is no claim that could be checked: questions, opinions, headings."""
    return [claim for claim in report.claims if claim.reason == NOT_CHECKABLE]


def summary(report: Report) -> str:
    """ "7 claims: 4 supported, 1 refuted, 2 without enough evidence"; "" for a single one."""
    claims = _checked(report)
    if not claims:
        return NOTHING
    if len(claims) == 1:
        return ""
    numbers = Counter(claim.verdict for claim in claims)
    parts = [f"{numbers[verdict]} {name}" for verdict, (_, _, name) in VERDICTS.items() if numbers[verdict]]
    return f"{counted(len(claims), 'claim')}: {', '.join(parts)}"


def spoken(report: Report) -> str:
    """What a screen reader is told when a check is done."""
    if whole := summary(report):
        return f"Checked. {whole}"
    (claim,) = _checked(report)
    return f"Checked. {_verdict_words(claim)}, {_sure(claim.confidence)}. {claim.explanation}"


def plain_report(report: Report) -> str:
    """The report with its sources, for the clipboard; "" where nothing was checked."""
    claims = _checked(report)
    blocks = [summary(report)] if len(claims) > 1 else []
    blocks += [_plain_claim(f"{number}. " if blocks else "", claim) for number, claim in enumerate(claims, 1)]
    if claims and (beside := left_out(report)):
        sentences = [f"- {_line(claim.claim)} ({claim.explanation.rstrip('.')})" for claim in beside]
        blocks.append("\n".join([f"{counted(len(beside), 'sentence')} left out:", *sentences]))
    return "\n\n".join(blocks)


def _plain_claim(number: str, claim: ClaimCheck) -> str:
    about = ", ".join(filter(None, (_sure(claim.confidence), _sources(claim))))
    reading = [f"Read as: {_reading(claim)}"] if _reading(claim) else []
    pieces = [
        f"[{at}] {STANCES[piece.stance][1]} it: “{_line(piece.quote)}” {reference(piece)}"
        for at, piece in enumerate(claim.evidence, 1)
    ]
    verdict = f"{_verdict_words(claim)} ({about})"
    return "\n".join([f"{number}{_line(claim.claim)}", *reading, verdict, claim.explanation, *pieces])


def pointed_at(
    report: Report, claim: int | None, evidence: int | None, quotation: int | None
) -> tuple[Passage, tuple[int, int], str] | None:
    """The passage, the span of the words in its article, and the panel's heading for a number on a card.

    `claim` counts the cards from 1, `evidence` the claim's evidence and `quotation` its quotations likewise.
    None where there is no such thing.
    """
    claims = _checked(report)
    if claim is None or not 1 <= claim <= len(claims):
        return None
    checked = claims[claim - 1]
    name = f"claim {claim}" if len(claims) > 1 else "the claim"
    if evidence is not None and 1 <= evidence <= len(checked.evidence):
        piece = checked.evidence[evidence - 1]
        heading = f"Evidence [{evidence}], {STANCES[piece.stance][1]} {name}"
        return piece.passage, (piece.quote_start, piece.quote_end), heading
    if quotation is not None and 1 <= quotation <= len(checked.quotations):
        quoted = checked.quotations[quotation - 1]
        if quoted.passage is not None:
            return quoted.passage, (quoted.start, quoted.end), f"The words that {name} quotes"
    return None


def _checked(report: Report) -> list[ClaimCheck]:
    return [claim for claim in report.claims if claim.reason != NOT_CHECKABLE]


def _card(turn: int, number: int, claim: ClaimCheck, report: Report) -> str:
    sign = VERDICTS[claim.verdict][0]
    percent = _sure(claim.confidence)
    right = min(99, max(1, round(100 * claim.confidence)))
    meaning = f"Of a hundred verdicts as sure as this one, about {right} are right"
    parts = []
    alone = claim.claim.strip() == report.text.strip()
    if not alone:  # else it stands above, as what was typed
        counted = f'<span class="number">{number}.</span> '
        parts.append(f'<h3 class="words" dir="auto">{counted}{escape(_line(claim.claim))}</h3>')
    if reading := _reading(claim):
        parts.append(f'<p class="reading" dir="auto">read as: {escape(reading)}</p>')
    sources = f" · {_sources(claim)}" if claim.independent_sources else ""
    parts.append(
        f'<p class="verdict"><span class="sign" aria-hidden="true">{sign}</span>'
        f'<span><strong>{_verdict_words(claim)}</strong> <span class="about"><span title="{meaning}">{percent}'
        f'<span class="spoken">. {meaning}.</span></span>{sources}</span></span></p>'
    )
    parts.append(f'<p class="explanation" dir="auto">{_explanation(turn, number, claim)}</p>')
    parts += [_quotation(turn, number, at, quotation) for at, quotation in enumerate(claim.quotations, 1)]
    parts.append(_evidence(turn, number, claim, folded=not alone))
    return f'<li class="claim {claim.verdict}">{"".join(parts)}</li>'


def _explanation(turn: int, number: int, claim: ClaimCheck) -> str:
    """The explanation, each [n] of it a button, without what is shown of the quotations below it."""
    text = claim.explanation
    for quotation in claim.quotations:
        text = text.replace(described(quotation).text, "") if quotation.passage else text
    text = _line(text)
    quoted = "|".join(re.escape(shortened(piece.quote)) for piece in claim.evidence if piece.quote.strip())
    shown, done = "", 0
    # A [1] within an article's own words is no number of ours.
    for found in re.finditer(rf"{quoted or '(?!)'}| ?\[([1-9]\d?)\]", text):
        at = int(found[1] or 0)
        if 0 < at <= len(claim.evidence):
            shown += tied(text[done : found.start()], _cite(turn, number, at, claim.evidence[at - 1]))
            done = found.end()
    return shown + escape(text[done:])


def _cite(turn: int, number: int, at: int, piece: Evidence) -> str:
    label = f"[{at}] Show these words in: {piece.passage.title}"
    return (
        f'<button type="button" class="cite" data-turn="{turn}" data-claim="{number}" data-evidence="{at}"'
        f' aria-label="{escape(label)}">[{at}]</button>'
    )


def _evidence(turn: int, number: int, claim: ClaimCheck, *, folded: bool) -> str:
    """The evidence in a list for each stance; folded where the card is one of many."""
    lists, counts = [], []
    for stance, (heading, name) in STANCES.items():
        pieces = [(at, piece) for at, piece in enumerate(claim.evidence, 1) if piece.stance == stance]
        if not pieces:
            continue
        counts.append(f"{len(pieces)} {name.removesuffix(' to')}")
        items = "".join(
            f"<li>{_cite(turn, number, at, piece)}<div>{source(piece.passage, piece.quote_start)}"
            f'<q class="quote" dir="auto">{escape(cut(piece.quote, LONGEST_QUOTE))}</q></div></li>'
            for at, piece in pieces
        )
        lists.append(f'<p class="label">{heading}</p><ul class="pieces" aria-label="{heading}">{items}</ul>')
    if not lists:
        return ""
    return (
        f'<details class="pieces-of-evidence" data-fold="{turn} {number}"{"" if folded else " open"}>'
        f"<summary>Evidence: {', '.join(counts)}</summary>{''.join(lists)}</details>"
    )


def _quotation(turn: int, number: int, at: int, quotation: Quotation) -> str:
    """A quotation that has its like in an article: that it is word for word, or the difference."""
    if quotation.passage is None:
        return ""
    title = escape(quotation.passage.title) or "an article without a title"
    if quotation.found == "verbatim":
        said, diff = f"The words “{escape(_line(quotation.text))}” stand word for word in “{title}”.", ""
    else:
        said = f"The quotation differs from “{title}”:"
        diff = f'<p class="diff" dir="auto">{_diff(quotation.words)}</p>'
    return (
        f'<div class="quotation"><p class="said">{said}</p>{diff}<button type="button" class="quiet"'
        f' data-turn="{turn}" data-claim="{number}" data-quotation="{at}">Show the original words</button></div>'
    )


def _diff(words: Sequence[tuple[str, str]]) -> str:
    tags = {"-": ("del", "only in the claim"), "+": ("ins", "only in the article")}
    parts = []
    for mark, text in words:
        if mark not in tags:
            parts.append(escape(text))
            continue
        tag, said = tags[mark]
        parts.append(
            f'<{tag}><span class="spoken">[{said}: </span>{escape(text)}<span class="spoken">]</span></{tag}>'
        )
    return " ".join(parts)


def _verdict_words(claim: ClaimCheck) -> str:
    reason = REASONS.get(claim.reason or "")
    return f"{VERDICTS[claim.verdict][1]}{f': {reason}' if reason else ''}"


def _sure(confidence: float) -> str:
    """ "93 % sure"; it never claims to be certain."""
    percent = round(100 * confidence)
    return "over 99 % sure" if percent > 99 else "under 1 % sure" if percent < 1 else f"{percent} % sure"


def _sources(claim: ClaimCheck) -> str:
    return counted(claim.independent_sources, "independent source") if claim.independent_sources else ""


def _reading(claim: ClaimCheck) -> str:
    """How a claim was read, where that is not as it stands."""
    reading = _line(claim.standalone)
    return "" if reading == _line(claim.claim) else reading


def _line(text: str) -> str:
    return " ".join(text.split())
