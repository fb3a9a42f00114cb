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

from factbot.checking.facts.amounts.changes import follows
from factbot.checking.facts.amounts.nouns import EVENTS
from factbot.checking.facts.mentions import ROLES, Mentions
from factbot.checking.facts.names import KIN, capitalised, without_titles
from factbot.checking.facts.reading import Fact, Kind, Reading, find_facts, is_appearance, read_facts
from factbot.checking.facts.surroundings import Surroundings
from factbot.checking.facts.values import (
    Clock,
    Day,
    Name,
    Quantity,
    Value,
    agreement,
    bears_out,
    comparable,
    distance,
    lone,
    make_a_whole,
    rivals,
    same_number,
)
from factbot.text.tokens import TokenizedText, tokenize

__all__ = [
    "Comparison",
    "Fact",
    "Mismatch",
    "compare",
    "find_facts",
    "is_appearance",
    "mismatch_in_words",
    "unmentioned",
]

LOOKED_AT = 5  # rivals, the nearest first
NEARLY_ALL = 0.8  # from which on two sentences say the same, but for the figure
WORKED_OUT = frozenset({"%", "points", "times"})
COUNTED_OUT = 12  # things that a text may name one by one without their number
BESIDE = 40  # characters on either side of a name in which its role stands
# The share of the claim's words that have to stand around a rival: a number of the same noun, another one, a date.
WITH_NOUN, SHARED, DATED = 0.2, 0.3, 0.4


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
    value = fact.value
    if not isinstance(value, Quantity):
        return any(isinstance(figure, Day | Clock) for figure in figures)
    small = not value.unit and abs(value.value) <= COUNTED_OUT  # a list of two is "two" without the word
    if small or (value.unit == "ordinal" and fact.text.isalpha()):
        return True
    numbers = [figure for figure in figures if isinstance(figure, Quantity)]
    if value.unit and any(comparable(value, number) for number in numbers):  # it may follow from them
        return True
    if value.unit in WORKED_OUT or value.change or value.hedge != "exact":  # and from two of any kind
        return len(numbers) > 1
    if value.base == "time":  # how long something lasted, its days tell
        return any(isinstance(figure, Day | Clock) for figure in figures)
    return any(same_number(value, number) for number in numbers)


def mismatch_in_words(mismatch: Mismatch) -> str:
    """A mismatch in words for people: "the claim says 24 million, the article says 23 million"."""
    return f"the claim says {mismatch.claim}, the article says {mismatch.evidence}"


def compare(claim: str, evidence: str) -> Comparison:
    """The facts of a claim against those of the evidence, both plain text in English.

    Time grows with the length of both, and with the facts of the claim times the different ones of the evidence.
    """
    ours, theirs = TokenizedText(claim), TokenizedText(evidence)
    known = capitalised(ours) | capitalised(theirs)
    facts = read_facts(ours, known).stated
    asserted = dict.fromkeys(fact.value for fact in facts)
    held = _Evidence(theirs, read_facts(theirs, known), ours, asserted)
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


Outcome = tuple[bool | None, Fact | None]  # it agrees, it does not, or that stays open; and a rival


class _Evidence:
    """The facts of the evidence, and its words to look the claim's names up in, for one claim."""

    def __init__(
        self, evidence: TokenizedText, reading: Reading, claim: TokenizedText, asserted: Iterable[Value]
    ) -> None:
        # Each value once: what a text repeats is not looked through twice. Only what it states may be a rival.
        stated: dict[Value, Fact] = {}
        appeared: dict[Value, Fact] = {}
        for fact in reading.stated + reading.implied:
            (appeared if is_appearance(fact, evidence.text) else stated).setdefault(fact.value, fact)
        first = stated | appeared
        self.surroundings = Surroundings(evidence, claim)
        self.relative = reading.relative
        self.appeared = frozenset(appeared)
        self.facts = list(first.values())
        self.stated = list(stated.values())
        self.names = [(fact, without_titles(value)) for value, fact in first.items() if isinstance(value, tuple)]
        self.mentions = Mentions(evidence, [name for _, name in self.names])
        self.accented = frozenset(token.word for token in claim.tokens if not token.text.isascii())
        self.claim = {token.word for token in claim.tokens}
        # What one fact of the claim is borne out by is no rival of another.
        self.spoken_for = {other for value in asserted for other in first if _is_meant(value, other)}

    def against(self, value: Value) -> Outcome:
        """How a fact of the claim fares."""
        return self._name(without_titles(value)) if isinstance(value, tuple) else self._figure(value)

    def _figure(self, value: Quantity | Day | Clock) -> Outcome:
        if any(agreement(value, other.value) and self._counts(value, other) for other in self.facts):
            return True, None
        if isinstance(value, Quantity) and follows(value, [other.value for other in self.stated], self.claim):
            return True, None
        against = self._rivals(value)
        if len(against) > 1 and isinstance(value, Day) and value.undated:
            return False, None  # articles name many weekdays
        if any(agreement(value, other.value) is None for other in against if comparable(value, other.value)):
            return None, None
        against.sort(key=lambda other: distance(value, other.value))
        return False, next((other for other in against[:LOOKED_AT] if self._is_of_it(value, other)), None)

    def _counts(self, value: Value, other: Fact) -> bool:
        """Whether a fact that fits bears the claim out.

        The day of appearance is no event's day where the text itself tells a day from it, and what is told of one
        clause's event is not told of another's.
        """
        if not comparable(value, other.value):
            return False
        if other.value in self.appeared:
            return not (isinstance(value, Day) and self._tells_another_time(value))
        if isinstance(other.value, Clock) or other.value in self.relative:
            return self.surroundings.is_of_its_clause(other.start, other.end)
        return True

    def _tells_another_time(self, claimed: Day) -> bool:
        """Whether the text tells a day from its own for a day, or for what the claim tells a month or a year."""
        for fact in self.stated:
            day = fact.value
            if not isinstance(day, Day) or day not in self.relative:
                continue
            if claimed.day and day.day:
                return True
            as_fine = not claimed.day and not day.day and (claimed.month is None) == (day.month is None)
            near = self.surroundings.share(fact.start, fact.end) >= SHARED
            if as_fine and near and self.surroundings.is_of_its_clause(fact.start, fact.end):
                return True
        return False

    def _rivals(self, value: Value) -> list[Fact]:
        alike = [other for other in self.stated if comparable(value, other.value)]
        against = [other for other in self.stated if rivals(value, other.value)]
        if not against and len(alike) == 1 and lone(value, alike[0].value):
            against = alike
        return [other for other in against if other.value not in self.spoken_for]

    def _is_of_it(self, value: Value, rival: Fact) -> bool:
        """Whether the words around a rival are those of the claim: articles tell of many days and figures."""
        around, start, end = self.surroundings, rival.start, rival.end
        shared = around.share(start, end)
        if isinstance(value, Quantity):
            if shared < NEARLY_ALL and make_a_whole(value, rival.value):
                return False
            if not value.noun:
                return shared >= SHARED and around.is_of_a_kind(start, end)
            near = shared >= WITH_NOUN and around.shares_more_than(value.noun, start, end)
            return (near or value.change != "" or value.noun in EVENTS) and around.is_of_a_kind(start, end)
        told = isinstance(value, Day) and rival.value not in self.relative
        return shared >= (DATED if told else SHARED) and (told or around.is_of_its_clause(start, end))

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
    return exact and bears_out(other, value)
