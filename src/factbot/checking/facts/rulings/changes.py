"""By how much something changed or differs, worked out from two figures of the evidence.

"Fell by 2 percent" is wrong where the evidence says "from 8 to 6 percent": that is a quarter, or two points. "35
minutes faster" follows from 55 minutes and an hour and a half, "twice as many" from 1,200 and 600. Only where both
figures are of the claim's own quantity, and where its two sides can be told apart, is anything decided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from factbot.checking.facts.amounts.changes import LESS, MORE
from factbot.checking.facts.names import capitalised
from factbot.checking.facts.reading import Fact, Reading, read_facts
from factbot.checking.facts.rulings.context import Context, said
from factbot.checking.facts.values import Quantity, agreement, comparable
from factbot.results import Stance
from factbot.text.pronouns import points_back
from factbot.text.sentences import sentence_spans
from factbot.text.tokens import TokenizedText, tokenize, word_set

__all__ = ["stance_by_change"]

SAME_EVENT = 0.5  # the share of the claim's other words that have to stand in the evidence
NEARLY_ALL = 0.8  # where the evidence states another change in words, and not from figure to figure
SMALLER = LESS | word_set("faster quicker shorter earlier lighter younger smaller sooner closer")
LARGER = MORE | word_set("slower longer later heavier older taller wider deeper further farther")
THAN = re.compile(r"\b(?:than|as)\b(?!\s+(?:many|much)\b)", re.I)
JOINT = re.compile(r"[,;]|\b(?:and|while|but|whereas|against)\b")
SPEED = "speed"


def stance_by_change(claim: str, evidence: str) -> Stance | None:
    """Whether the figures of the evidence bear out by how much the claim says that something changed or differs.

    None where they leave it open: where the claim says no such thing, where the evidence has no two figures of it,
    or where it speaks of something else.
    """
    ours, theirs = TokenizedText(claim), TokenizedText(evidence)
    known = capitalised(ours) | capitalised(theirs)
    told = _changes(claim, read_facts(ours, known).stated)
    if len(told) != 1:
        return None
    read = read_facts(theirs, known)
    context = Context(claim, evidence)
    shared = context.share()
    if shared < SAME_EVENT or not context.holds_names_and_dates():
        return None
    fact, value = told[0]
    if value.change in ("up", "down") and not THAN.search(claim):
        return _by_figures(claim, value, read, shared, evidence)
    return _between(claim, fact, value, read, evidence)


def _changes(claim: str, facts: Sequence[Fact]) -> list[tuple[Fact, Quantity]]:
    """The figures that say by how much something changed or differs: "500 more than" too."""
    compared = THAN.search(claim) is not None
    quantities = [(fact, fact.value) for fact in facts if isinstance(fact.value, Quantity)]
    return [
        (fact, value)
        for fact, value in quantities
        if value.change
        or value.unit == "times"
        or (compared and value.added and not (MORE | LESS).isdisjoint(_words(claim[fact.end :])[:1]))
    ]


# -- rose, fell, doubled ---------------------------------------------------------------------------


def _by_figures(claim: str, value: Quantity, read: Reading, shared: float, evidence: str) -> Stance | None:
    """ "Fell by 2 percent" beside "from 8 to 6 percent", and "tripled" beside "doubled", of the same thing.

    They bear the claim out only where one sentence has all else that it says, too.
    """
    told = [*(read.stated if shared >= NEARLY_ALL else ()), *read.implied]
    same = [(fact, q) for fact in told if isinstance(q := fact.value, Quantity) and q.unit == value.unit]
    alike = [(fact, agreement(value, q)) for fact, q in same if q.change and q.noun == value.noun != ""]
    agreeing = [fact for fact, agrees in alike if agrees]
    if agreeing:
        around = Context(claim, _around(agreeing[0], evidence))
        whole = around.share() >= NEARLY_ALL and around.holds_names_and_dates()
        return "supports" if whole else None
    return "refutes" if alike and not any(agrees is None for _, agrees in alike) else None


# -- faster than, twice as many as ----------------------------------------------------------------


def _between(claim: str, fact: Fact, value: Quantity, read: Reading, evidence: str) -> Stance | None:
    """ "35 minutes faster than", "twice as many as", beside the two figures that the evidence gives."""
    pair = _pair(value, read.stated)
    if pair is None:
        return None
    sizes = sorted(_size(held) for held in pair)
    if value.unit == "times":
        right = sizes[0] > 0 and value.low <= sizes[1] / sizes[0] <= value.high
    else:
        off = (sizes[1] - sizes[0]) / value.size
        plain = replace(value, change="", added=False)
        agrees = agreement(plain, replace(plain, value=off, low=off, high=off, hedge="exact"))
        if agrees is None:
            return None
        right = agrees
    if not right:
        return "refutes"
    direction = _is_more(claim, fact, value, pair[0])
    if direction is None:
        return None
    order = _left_first(claim, pair, evidence)
    if order is None:
        return None
    left, other = pair if order else pair[::-1]
    return "supports" if (_size(left) > _size(other)) == direction else "refutes"


def _pair(value: Quantity, stated: Sequence[Fact]) -> tuple[Fact, Fact] | None:
    """The only two figures of the claim's quantity; None where there are others, or fewer."""
    found = []
    for fact in stated:
        other = fact.value
        if not isinstance(other, Quantity) or other.change or other.hedge not in ("exact", "about"):
            continue
        if value.unit == "times":
            alike = other.noun == value.noun != "" and not other.unit
        else:
            alike = comparable(value, other) and value.noun in ("", other.noun)
        if alike:
            found.append(fact)
    return (found[0], found[1]) if len(found) == 2 else None


def _size(fact: Fact) -> float:
    return fact.value.value * fact.value.size if isinstance(fact.value, Quantity) else 0.0


def _is_more(claim: str, fact: Fact, value: Quantity, held: Fact) -> bool | None:
    """Whether the claim's first side is the one that has more; None where no word says so."""
    if value.unit == "times":
        after = _words(claim[fact.end :])[:2]
        return SMALLER.isdisjoint(after)
    words = _words(claim[fact.end :])[:1] + _words(claim[: fact.start])[-2:]
    speed = isinstance(held.value, Quantity) and held.value.base == SPEED
    for word in words:
        if word in SMALLER:
            return speed and word in ("faster", "quicker")
        if word in LARGER:
            return not (speed and word == "slower")
    return None


def _left_first(claim: str, pair: tuple[Fact, Fact], evidence: str) -> bool | None:
    """Whether the first of two figures is of what stands before "than" or "as" in the claim, by the words around.

    Words that stand around both tell nothing.
    """
    halves = THAN.split(claim, maxsplit=1)
    if len(halves) < 2:
        return None
    left, right = map(said, halves)
    first, second = map(said, _apart(pair, evidence))
    scores = [len(own & (left - right)) - len(own & (right - left)) for own in (first - second, second - first)]
    return None if scores[0] == scores[1] else scores[0] > scores[1]


def _apart(pair: tuple[Fact, Fact], evidence: str) -> tuple[str, str]:
    """The words around each of two figures; those of one sentence are parted at the joint between them."""
    around = _around(pair[0], evidence), _around(pair[1], evidence)
    if around[0] != around[1]:
        return around
    joint = JOINT.search(evidence, pair[0].end, pair[1].start)
    cut = joint.start() if joint else pair[0].end
    start = evidence.rindex(around[0], 0, pair[1].end + len(around[0]))
    return evidence[start:cut], evidence[cut : start + len(around[0])]


def _around(fact: Fact, evidence: str) -> str:
    """The sentence of a figure, and the one before it where it begins with "it"."""
    spans = sentence_spans(evidence, "en")
    place = next(n for n, (_, end) in enumerate(spans) if fact.start < end)
    start, end = spans[place]
    return evidence[spans[place - 1][0] if place and points_back(evidence, start) else start : end]


def _words(text: str) -> list[str]:
    return [token.word for token in tokenize(text) if token.word[0].isalpha()]
