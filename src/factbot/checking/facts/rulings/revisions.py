"""What a later word corrects: "fifteen and not twelve", "revised from 40 to 52", "an earlier version gave 12".

A text that corrects a figure bears the new one out and rules the old one out, and it outweighs what was printed
before. Only explicit words of correction count, and only of the claim's own quantity and event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from factbot.checking.facts.names import capitalised
from factbot.checking.facts.reading import Fact, is_appearance, read_facts
from factbot.checking.facts.rulings.context import Context
from factbot.checking.facts.values import Clock, Day, Quantity, Value, bears_out, comparable
from factbot.results import Stance
from factbot.text.sentences import sentence_spans
from factbot.text.tokens import TokenizedText

__all__ = ["corrects", "revises"]

SAME_EVENT = 0.5  # the share of the claim's other words that have to stand in the article's words around
# Words that say that what follows, or what stands in their sentence, takes the place of something earlier.
_REVISED = re.compile(
    r"\b(?:revis(?:e|ed|es|ing|ion)|correct(?:s|ed|ion|ing)|recount(?:ed)?|re-?calculated|updated?|amended|"
    r"clarif(?:y|ied|ication)|no longer|now (?:put|say|says|said|stands?|stood|estimated|known|believed|counted)|"
    r"is now|are now|turned out|in fact|should have (?:said|read|been))\b",
    re.I,
)
# Words before a figure that is no longer held: the clause from here on gives the old one.
_EARLIER = re.compile(
    r"\b(?:(?:an?|the|our) (?:earlier|previous|first|original|initial|older) "
    r"(?:version|report|article|story|figure|count|estimate|number|toll|statement|edition)|"
    r"(?:earlier|previously|originally|initially|at first|first|wrongly|incorrectly|mistakenly|in error)"
    r"(?: \w+){0,2} (?:said|reported|stated|gave|given|put|announced|thought|believed|estimated|feared|printed|"
    r"counted)|(?:earlier|initial|first|previous) (?:reports?|estimates?|figures?|counts?) "
    r"(?:of|that|had|put|gave|spoke)|"
    r"mis(?:stated|reported|printed)|"
    r"(?:said|reported|stated|gave|put|announced|thought|believed|printed) "
    r"(?:earlier|previously|originally|initially|at first|first|wrongly|incorrectly|mistakenly|in error))\b",
    re.I,
)
# No tax that is raised is corrected, but an estimate of it is.
_FROM_TO = re.compile(
    r"\b(?:(?:revis|correct|amend|adjust|recount)\w*|(?:rais|lower|updat|chang|cut)\w* (?:its|the|their|his|her) "
    r"(?:\w+ )?(?:estimate|figure|toll|count|number|forecast|tally))\b(?:[^.;]|\.(?=\d))*?\bfrom\b",
    re.I,
)
_DENIED = re.compile(r"\b(?:not|rather than|instead of)\b", re.I)
_HEADED = re.compile(r"\b(?:correction|clarification|erratum|corrigendum|editor.s note)\b", re.I)


@dataclass(frozen=True)
class _Correction:
    """A figure that a text takes back, and the one that it gives in its place; None where it gives none."""

    old: Fact
    new: Fact | None


def corrects(claim: str, evidence: str) -> Stance | None:
    """Whether a text corrects a figure or date of the claim ("refutes"), or gives it as the corrected one.

    None where it corrects nothing of the claim, or speaks of another event.
    """
    if not any(words.search(evidence) for words in (_DENIED, _FROM_TO, _EARLIER)):
        return None
    ours, theirs = TokenizedText(claim), TokenizedText(evidence)
    known = capitalised(ours) | capitalised(theirs)
    told = [fact for fact in read_facts(ours, known).stated if fact.kind != "name"]
    found = list(_corrections(theirs, known)) if told else []
    if not found or Context(claim, evidence).share() < SAME_EVENT:
        return None
    for fact in told:
        for correction in found:
            if bears_out(correction.old.value, fact.value):
                return "refutes"
            if correction.new and bears_out(correction.new.value, fact.value):
                return "supports"
    return None


def revises(claim: str, evidence: str) -> bool:
    """Whether a sentence of a text that speaks of the claim's event says that what it tells is a new finding."""
    if not _REVISED.search(evidence) and not _EARLIER.search(evidence):
        return False
    spans = [evidence[start:end] for start, end in sentence_spans(evidence, "en")]
    revised = [text for text in spans if _REVISED.search(text) or _EARLIER.search(text)]
    ours = TokenizedText(claim)
    told = [fact.value for fact in read_facts(ours, capitalised(ours)).stated if fact.kind != "name"]
    if Context(claim, evidence).share() < SAME_EVENT:
        return False
    for text in revised:
        theirs = TokenizedText(text)
        held = [fact.value for fact in read_facts(theirs, capitalised(theirs)).stated]
        if any(_of_one_kind(value, other) for value in told for other in held):
            return Context(claim, text).share() > 0
    return False


def _of_one_kind(value: Value, other: Value) -> bool:
    if isinstance(value, Quantity) and isinstance(other, Quantity):
        return comparable(value, other) and (value.unit != "" or value.noun == other.noun != "")
    return isinstance(value, Day | Clock) and type(value) is type(other)


def _corrections(text: TokenizedText, known: frozenset[str]) -> Iterator[_Correction]:
    read = read_facts(text, known)
    stated = [f for f in read.stated if f.kind != "name" and not is_appearance(f, text.text)]
    for start, end in sentence_spans(text.text, "en"):
        own = [fact for fact in stated if start <= fact.start < end]
        for denied in (fact for fact in read.denied if start <= fact.start < end):
            if new := _nearest(denied, own):
                yield _Correction(denied, new)
        yield from _from_to(text.text, start, end, own)
        yield from _of_earlier(text.text, start, end, own, stated)


def _nearest(denied: Fact, own: Sequence[Fact]) -> Fact | None:
    """The figure that a denied one makes way for: "fifteen and not twelve", "not twelve but fifteen"."""
    alike = [fact for fact in own if _alternative(denied.value, fact.value)]
    return min(alike, key=lambda fact: abs(fact.start - denied.start), default=None)


def _alternative(value: Value, other: Value) -> bool:
    """Whether one figure may stand in another's place."""
    if isinstance(value, Quantity) and isinstance(other, Quantity):
        nouns = not value.noun or not other.noun or value.noun == other.noun
        return (value.unit == other.unit or not value.unit or not other.unit) and nouns and value != other
    return type(value) is type(other) and value != other


def _measures_the_same(value: Value, other: Value) -> bool:
    if not isinstance(value, Quantity) or not isinstance(other, Quantity):
        return False
    return value.unit == other.unit and bool(value.unit or value.noun == other.noun != "")


def _from_to(text: str, start: int, end: int, own: Sequence[Fact]) -> Iterator[_Correction]:
    """ "Revised from 40 to 52", "corrected the figure to 52 from 40"."""
    found = _FROM_TO.search(text, start, end)
    if not found:
        return
    old = next((fact for fact in own if fact.start >= found.end() and fact.start - found.end() < 12), None)
    if old is None:
        return
    others = [fact for fact in own if fact is not old and fact.start > found.start()]
    new = next((f for f in others if re.search(r"\bto\s+(?:\w+\s+)?$", text[start : f.start])), None)
    if new and _alternative(old.value, new.value):
        yield _Correction(old, new)


def _of_earlier(
    text: str, start: int, end: int, own: Sequence[Fact], stated: Sequence[Fact]
) -> Iterator[_Correction]:
    """ "An earlier version of this article gave twelve": the figure of that clause is taken back.

    The new one stands elsewhere in the sentence, in the next one, or in the text before the note.
    """
    found = _EARLIER.search(text, start, end)
    if not found:
        return
    clause = next((c.start() for c in re.finditer(r"[;,]|\bbut\b|\bwhile\b", text[found.end() + 1 : end])), None)
    stop = end if clause is None else found.end() + 1 + clause
    old = next((fact for fact in own if found.end() <= fact.start < stop), None)
    if old is None:
        return
    others = [fact for fact in own if fact is not old]
    others += [fact for fact in stated if end <= fact.start < _sentence_end(text, end)]
    others += [fact for fact in stated if fact.start < start and _measures_the_same(old.value, fact.value)]
    new = next((fact for fact in others if _alternative(old.value, fact.value)), None)
    if (
        new
        or _HEADED.search(text)
        or re.search(r"\b(?:wrong|incorrect|mistaken|erroneous|error|mis)", found[0], re.I)
    ):
        yield _Correction(old, new)


def _sentence_end(text: str, start: int) -> int:
    stop = re.compile(r"[.!?](?:\s|$)").search(text, start + 1)
    return stop.end() if stop else len(text)
