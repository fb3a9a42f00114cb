"""A sentence cut into the clauses that stand on their own beyond doubt: "taxes rose, but wages did not fall"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from factbot.text.english import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    HOLDS_ON,
    PLURALS,
    PREPOSITIONS,
    PRONOUNS,
    SAYING,
    WORD,
    finite_verbs,
    is_plural,
    lowered,
)
from factbot.text.sentences import Span

__all__ = ["clause_spans"]

_JOINT = re.compile(r"\s*;\s*(?:(?:and|but)\s+)?|\s*,\s+(?:and|but|while|whereas)\s+")
_SUBJECT_ENDS = re.compile(r"[,:(]|\b(?:who|which|that|whose|to|if|when)\b", re.I)
_ATTRIBUTED = re.compile(rf",[^,]*{SAYING.pattern}|according to", re.I)  # "..., the minister said" speaks of both
_REACH = 120  # characters within which a clause has its subject and verb


def clause_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """(start, end) in `text` of every clause of the sentence at start:end; what joins two is left out.

    A clause is cut off where what stands on both sides has a subject and a verb, and neither speaks of the other.
    """
    for joint in _JOINT.finditer(text, start, end):
        left, right = text[start : joint.start()], text[joint.end() : end]
        if _is_whole(left) and _stands_alone(left, right, ";" in joint[0]):
            yield start, joint.start()
            start = joint.end()
    yield start, end


def _is_whole(text: str) -> bool:
    """No quotation and no bracket is open at its end."""
    return text.count('"') % 2 == 0 and all(text.count(a) == text.count(b) for a, b in ("“”", "()", "«»"))


def _stands_alone(left: str, right: str, strong: bool) -> bool:
    """Whether `right` speaks for itself after `left`; `strong`: a semicolon stands between them."""
    ours, theirs = WORD.findall(left), WORD.findall(right[:_REACH])
    before, after = finite_verbs(ours), finite_verbs(theirs)
    if not before or not after or not 0 < after[0] <= (8 if strong else 6):
        return False
    if HOLDS_ON.search(left) or SAYING.search(left) or _ATTRIBUTED.search(right) or not _is_whole(right):
        return False
    if "," in _until(left, before[0]) and lowered(ours, 0) not in PREPOSITIONS:
        return False  # "Johnson, sacked in May, and his wife were ..."
    subject, verb = theirs[: after[0]], theirs[after[0]]
    return not _SUBJECT_ENDS.search(_until(right, after[0])) and _is_subject(subject, verb)


def _until(text: str, n: int) -> str:
    """What stands before word number `n`."""
    return text[: list(WORD.finditer(text))[n].start()]


def _is_subject(words: Sequence[str], verb: str) -> bool:
    """Whether the words before a verb are its own subject, and do not go on with an earlier one ("then won")."""
    first = words[0].lower()
    if first in PREPOSITIONS or first in ADVERBS:
        return False
    bare = len(words) == 1 and (is_plural(first) or verb in AUXILIARIES)
    return bare or first in PRONOUNS | ARTICLES | PLURALS or not words[0][0].islower()
