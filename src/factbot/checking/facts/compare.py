"""The numbers, dates and names of a claim compared outright with those of the evidence.

What a trained verifier blurs a rule tells apart: "24 million" is not "23.1 million". `compare` looks for every
fact of the claim in the evidence. It speaks of a mismatch only where the evidence gives a rival, a fact of the
same kind with another value, and nothing that agrees; where nothing is of that kind the fact is missing. A rival
that is too coarse to decide ("about 20" for "21") makes neither. The day when an article appeared may bear a date
of the claim out, but is no rival: articles tell of other days as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from factbot.checking.facts.dates import MONTHS, read_date
from factbot.checking.facts.mentions import ROLES, Mentions
from factbot.checking.facts.names import KIN, capitalised, find_names, without_titles
from factbot.checking.facts.nouns import STOPS
from factbot.checking.facts.quantities import read_quantity
from factbot.checking.facts.values import (
    Day,
    Name,
    Quantity,
    Value,
    agreement,
    comparable,
    distance,
    lone,
    rivals,
    same_figure,
)
from factbot.text.tokens import TokenizedText, tokenize

__all__ = [
    "Comparison",
    "Fact",
    "Mismatch",
    "compare",
    "described",
    "find_facts",
    "is_appearance",
    "unmentioned",
]

Kind = Literal["number", "date", "name"]

LOOKED_AT = 5  # rivals, the nearest first
AROUND = 250  # characters on either side of a rival
COUNTED_OUT = 12  # things that a text may name one by one without their number
BESIDE = 40  # characters on either side of a name in which its role stands
SHARED = 0.3  # of the claim's words, at least, that have to stand there


@dataclass(frozen=True)
class Fact:
    """A number, date or name as it stands in a text: `text[start:end]` of the whole is its `text`, always.

    `value` is a Quantity for a number, a Day for a date, and the words of a name without case and accents.
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: Value


@dataclass(frozen=True)
class Mismatch:
    """What a claim says that the evidence says otherwise: `claim` and `evidence` are the words as they stand."""

    kind: Kind
    claim: str
    evidence: str


@dataclass(frozen=True)
class Comparison:
    """How many facts of a claim the evidence holds, which it gives otherwise, and which it does not touch."""

    agreeing: int
    mismatches: tuple[Mismatch, ...]
    missing: tuple[Fact, ...]


def unmentioned(comparison: Comparison, evidence: str, claim: str = "") -> tuple[Fact, ...]:
    """What is missing and is not there in another way, so that "they do not mention X" is true.

    "45,000 workers" may be "45,000 dockers", and what is "the first" many texts say without the word. A name is
    there by a part of it, by its role, or where somebody is called "he". A date is there where any date may be it.
    `claim` is the text of which the comparison is: it tells the role of a name.
    """
    if not comparison.missing:
        return ()
    held = find_facts(evidence)
    figures = [fact.value for fact in held]
    mentions = Mentions(TokenizedText(evidence), [value for value in figures if isinstance(value, tuple)])
    accented = frozenset(token.word for token in tokenize(claim) if not token.text.isascii())
    found = []
    for fact in comparison.missing:
        if isinstance(fact.value, tuple):
            there = mentions.may_mean(fact.value, _roles(claim, fact), accented)
        else:
            there = _is_there_otherwise(fact, figures)
        if not there:
            found.append(fact)
    return tuple(found)


def _roles(claim: str, fact: Fact) -> list[str]:
    """The words beside a name that may be its role."""
    beside = f"{claim[max(0, fact.start - BESIDE) : fact.end + BESIDE]}"
    return [token.word for token in tokenize(beside) if token.word in ROLES]


def _is_there_otherwise(fact: Fact, figures: Sequence[Value]) -> bool:
    if isinstance(fact.value, Day):
        return any(isinstance(figure, Day) for figure in figures)
    if not isinstance(fact.value, Quantity):
        return False
    small = not fact.value.unit and abs(fact.value.value) <= COUNTED_OUT  # a list of two is "two" without the word
    if small or (fact.value.unit == "ordinal" and fact.text.isalpha()):
        return True
    return any(same_figure(fact.value, figure) for figure in figures)


def described(mismatch: Mismatch) -> str:
    """A mismatch in words for people: "the claim says 24 million, the article says 23 million"."""
    return f"the claim says {mismatch.claim}, the article says {mismatch.evidence}"


def is_appearance(fact: Fact, evidence: str) -> bool:
    """Whether a fact of the evidence is the day when its article appeared, as `evidence.headed` writes it."""
    before, after = evidence[max(0, fact.start - 1) : fact.start], evidence[fact.end : fact.end + 3]
    return fact.kind == "date" and ((not before and after[:2] == ". ") or (before == "(" and after == "). "))


def find_facts(text: str) -> list[Fact]:
    """The numbers, dates and names of a text, in the order in which they stand; they never overlap."""
    tokenized = TokenizedText(text)
    return _facts(tokenized, capitalised(tokenized))


def compare(claim: str, evidence: str) -> Comparison:
    """The facts of a claim against those of the evidence, both plain text in English.

    Time grows with the length of both, and with the facts of the claim times the different ones of the evidence.
    """
    ours, theirs = TokenizedText(claim), TokenizedText(evidence)
    known = capitalised(ours) | capitalised(theirs)
    facts = _facts(ours, known)
    asserted = dict.fromkeys(fact.value for fact in facts)
    held = _Evidence(theirs, _facts(theirs, known), ours, asserted)
    outcomes = {value: held.against(value) for value in asserted}
    agreeing, mismatches, missing = 0, [], []
    for fact in facts:
        agrees, rival = outcomes[fact.value]
        if agrees:
            agreeing += 1
        elif rival:
            mismatches.append(Mismatch(fact.kind, fact.text, rival.text))
        elif agrees is False:
            missing.append(fact)
    return Comparison(agreeing, tuple(mismatches), tuple(missing))


def _facts(text: TokenizedText, known: frozenset[str]) -> list[Fact]:
    """Dates first, for their numbers are no numbers; then everything else that counts or measures, then names."""
    facts = [_fact("date", text, *found) for found in text.read(read_date)]
    facts += [_fact("number", text, *found) for found in text.read(read_quantity)]
    facts += [_fact("name", text, *found) for found in find_names(text, known)]
    return sorted(facts, key=lambda fact: fact.start)


def _fact(kind: Kind, text: TokenizedText, begin: int, end: int, value: Value) -> Fact:
    start, stop = text.tokens[begin].start, text.tokens[end - 1].end
    return Fact(kind, text.text[start:stop], start, stop, value)


Outcome = tuple[bool | None, Fact | None]  # it agrees, it does not, or that stays open; and a rival


class _Evidence:
    """The facts of the evidence, and its words to look the claim's names up in, for one claim."""

    def __init__(
        self, evidence: TokenizedText, facts: Sequence[Fact], claim: TokenizedText, asserted: Iterable[Value]
    ) -> None:
        # Each value once: what a text repeats is not looked through twice. Only what it states may be a rival.
        stated: dict[Value, Fact] = {}
        appeared: dict[Value, Fact] = {}
        for fact in facts:
            (appeared if is_appearance(fact, evidence.text) else stated).setdefault(fact.value, fact)
        first = stated | appeared
        self.text = evidence.text
        self.values = list(first)
        self.stated = list(stated.values())
        self.names = [(fact, without_titles(value)) for value, fact in first.items() if isinstance(value, tuple)]
        self.mentions = Mentions(evidence, [name for _, name in self.names])
        self.accented = frozenset(token.word for token in claim.tokens if not token.text.isascii())
        self.claim = {token.word for token in claim.tokens}
        self.told = {word for word in self.claim if word.isalpha() and word not in STOPS and word not in MONTHS}
        # What one fact of the claim is borne out by is no rival of another.
        self.spoken_for = {other for value in asserted for other in first if _is_meant(value, other)}

    def against(self, value: Value) -> Outcome:
        """How a fact of the claim fares."""
        return self._name(without_titles(value)) if isinstance(value, tuple) else self._figure(value)

    def _figure(self, value: Quantity | Day) -> Outcome:
        if any(agreement(value, other) for other in self.values if comparable(value, other)):
            return True, None
        alike = [other for other in self.stated if comparable(value, other.value)]
        against = [other for other in alike if rivals(value, other.value)]
        if not against and len(alike) == 1 and lone(value, alike[0].value):
            against = alike
        if len(against) > 1 and isinstance(value, Day) and value.undated:
            return False, None  # articles name many weekdays
        against = [other for other in against if other.value not in self.spoken_for]
        if any(agreement(value, other.value) is None for other in against):
            return None, None
        against.sort(key=lambda other: distance(value, other.value))
        if isinstance(value, Day) or not value.noun:
            return False, next((other for other in against[:LOOKED_AT] if self._tells_of_it(other)), None)
        return False, next(iter(against), None)

    def _tells_of_it(self, rival: Fact) -> bool:
        """Whether the words around a rival are those of the claim: articles tell of many days and figures."""
        around = {token.word for token in tokenize(self.text[max(0, rival.start - AROUND) : rival.end + AROUND])}
        return len(self.told & around) >= SHARED * len(self.told)

    def _name(self, name: Name) -> Outcome:
        agrees, held = self.mentions.finds(name, self.accented)
        if held is None:
            return agrees, None
        if held[0] in self.claim or not KIN.isdisjoint(self.claim):
            return None, None
        return False, next(fact for fact, other in self.names if other == held)


def _is_meant(value: Value, other: Value) -> bool:
    """Whether a fact of the evidence is the very one that the claim states: "more than 5" fits too many."""
    exact = not isinstance(value, Quantity) or value.hedge == "exact"
    return exact and comparable(value, other) and bool(agreement(value, other))
