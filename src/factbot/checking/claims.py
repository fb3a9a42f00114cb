"""The claims of a text: its sentences one by one, those that cannot be checked with the reason why.

Everything here is read off the words, with short lists of English verbs and function words. In doubt a sentence is
a claim, stays whole and keeps its pronouns: a claim too many costs a moment, one left out is never checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from factbot.checking.checkworthiness import FOREIGN, OPINION, reason_left_out
from factbot.checking.clauses import clause_spans
from factbot.checking.decontextualise import resolved, unwrapped
from factbot.errors import UsageError
from factbot.text.english import FULL_STOP, is_foreign
from factbot.text.normalise import typed_line
from factbot.text.sentences import Span, sentence_spans

__all__ = ["MAX_TEXT", "Claim", "find_claims", "is_statement"]

MAX_TEXT = 100_000  # characters


@dataclass(frozen=True)
class Claim:
    """One sentence or clause of a text: `text[start:end] == claim.text`, always.

    `standalone` is the claim as it is searched for and read: on one line, without what only asks for a check, its
    pronoun resolved where that is safe. `left_out` is empty for a claim to check, else one sentence that says why
    it is none. `queries` are further words to search for. `sentence` is the whole sentence where the claim is one
    clause of several, else "".
    """

    text: str
    start: int
    end: int
    standalone: str
    left_out: str
    queries: tuple[str, ...] = ()
    sentence: str = ""


def find_claims(text: str, before: str = "") -> list[Claim]:
    """Every sentence of a text, in order, as a claim or with the reason why it is left out.

    `before` is the sentence that was said before it, which a pronoun may point to. Clauses that stand on their own
    are claims of their own. Raises UsageError for what is no text, holds no words, or has more than MAX_TEXT
    characters.
    """
    if not isinstance(text, str):
        raise UsageError("What is to be checked is a text; give it as one string.")
    if len(text) > MAX_TEXT:
        raise UsageError(f"The text has {len(text):,} characters; check at most {MAX_TEXT:,} at a time.")
    if not any(c.isalnum() for c in text):
        raise UsageError("The text holds no words; give a text that states something.")
    text_is_foreign = is_foreign(typed_line(text))
    claims: list[Claim] = []
    for start, end in _sentences(text):
        spans = list(clause_spans(text, start, end))
        sentence = unwrapped(typed_line(text[start:end])) if len(spans) > 1 else ""
        for first, last in spans:
            line = unwrapped(typed_line(text[first:last]))
            left_out = reason_left_out(line, text_is_foreign)
            standalone = line if left_out else resolved(line, before)
            claims.append(Claim(text[first:last], first, last, standalone, left_out, sentence=sentence))
            before = "" if left_out else standalone
    return claims


def is_statement(text: str) -> bool:
    """Whether what a person typed states something that is to be checked, and is no question to be answered.

    Of several sentences the majority counts, and the last where they are even. Keywords, orders ("tell me about
    ...") and greetings are no statements; an opinion is one, though it cannot be checked.
    """
    text = text[:MAX_TEXT]
    if not any(c.isalnum() for c in text):
        return False
    states = [_states(claim) for claim in find_claims(text)]
    return 2 * sum(states) + states[-1] > len(states)


def _states(claim: Claim) -> bool:
    if claim.left_out == FOREIGN:
        return bool(FULL_STOP.search(claim.text))
    return claim.left_out in ("", OPINION)


# -- sentences -------------------------------------------------------------------------------------

_BREAKS = r"\n\r\v\f\u0085\u2028\u2029"
_LINE_END = re.compile(rf"\r\n|[{_BREAKS}]")
_PARAGRAPH_END = re.compile(rf"(?:(?:\r\n|[{_BREAKS}])[^\S{_BREAKS}]*){{2,}}")
_ITEM = r"(?:[-–—*•‣▪·>+|]|\(?\d{1,3}[.)])\s"
_STARTS_BLOCK = re.compile(rf"\s*(?:{_ITEM}|#{{1,6}}\s)")
_MARKER = re.compile(rf"\s*(?:{_ITEM}+)+(?=\S)")
_RUNS_ON = re.compile(
    r"[,;:&–—-]\s*$|\b(?:an?|and|as|at|by|for|from|in|is|of|on|or|that|the|to|was|with)\s*$", re.I
)
_USUAL_WIDTH = 60  # characters of a line, where a paragraph is too short to show it


def _sentences(text: str) -> Iterator[Span]:
    for first, last in _blocks(text):
        marker = _MARKER.match(text, first, last)
        first = marker.end() if marker else first
        for start, end in sentence_spans(text[first:last], "en"):
            yield first + start, first + end


def _blocks(text: str) -> Iterator[Span]:
    """Stretches that no sentence crosses: paragraphs, headings, items of lists. Wrapped lines stay together."""
    for first, last in _between(text, _PARAGRAPH_END, 0, len(text)):
        lines = list(_between(text, _LINE_END, first, last))
        width = max(end - start for start, end in lines)
        if len(lines) < 3:
            width = max(width, _USUAL_WIDTH)
        for (start, end), (after, until) in pairwise(lines):
            if _ends_block(text[start:end], text[after:until], width):
                yield first, end
                first = after
        yield first, last


def _between(text: str, gaps: re.Pattern[str], start: int, end: int) -> Iterator[Span]:
    for gap in gaps.finditer(text, start, end):
        yield start, gap.start()
        start = gap.end()
    yield start, end


def _ends_block(line: str, following: str, width: int) -> bool:
    """Whether the line ends on purpose: the first word of the next would still have found room on it."""
    if line.lstrip().startswith("#") or _STARTS_BLOCK.match(following):
        return True
    first, *_ = following.split(maxsplit=1) or [""]
    room = len(line.rstrip()) + 1 + len(first) <= width
    return room and not first[:1].islower() and not _RUNS_ON.search(line)
