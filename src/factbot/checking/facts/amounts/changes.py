"""How much something changed or differs: "rose by 5 percent", "doubled", "twice as many", "35 minutes faster"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from typing import Literal

from factbot.checking.facts.amounts.nouns import STOPS, noun_after, stem
from factbot.checking.facts.amounts.numerals import read_number
from factbot.checking.facts.values import Quantity, Value, agreement, comparable
from factbot.text.tokens import TokenizedText, word_set

__all__ = ["derived", "follows", "read_factor", "with_change"]

Way = Literal["", "up", "down", "by"]
Found = tuple[int, int, Quantity]  # first token, token after the last, what they say

UP = word_set(
    "rise rises rose risen rising increase increases increased increasing grow grows grew grown growing growth "
    "climb climbs climbed climbing gain gains gained gaining jump jumps jumped jumping soar soared soaring "
    "surge surged surging up raise raises raised raising add added expanded improved boosted hike hiked"
)
DOWN = word_set(
    "fall falls fell fallen falling decrease decreases decreased decreasing decline declines declined declining "
    "drop drops dropped dropping lose loses lost losing loss cut cuts cutting reduce reduces reduced reducing "
    "reduction shrink shrank shrunk shrinking down slip slipped slid plunge plunged plunging tumble tumbled "
    "slump slumped slashed sank contracted lowered dip dipped"
)
MORE = word_set("more higher larger bigger greater increase rise growth jump gain hike surge")
LESS = word_set("less fewer lower smaller decrease fall decline drop cut reduction loss cheaper")
OTHER = word_set(
    "faster slower longer shorter older younger taller heavier lighter earlier later wider deeper further"
)
DOUBLINGS: dict[str, float] = {
    "doubled": 2,
    "doubles": 2,
    "doubling": 2,
    "tripled": 3,
    "triples": 3,
    "trebled": 3,
    "quadrupled": 4,
}
DOUBLINGS |= {"halved": 0.5, "halves": 0.5, "halving": 0.5}
FOLD = {"twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "tenfold": 10}
TIMES = {"twice": 2, "thrice": 3, "double": 2, "triple": 3}
EXACTLY = 0.05  # the share of itself by which "doubled" and "twice" may be off
NEAR = 5  # words of a number before "times"
BACK = 10  # words before a verb in which its subject stands
NUMBERS = word_set("number amount total share proportion percentage level count")  # "of vacancies": the vacancies
LEADS = word_set("of in at for among on by with from to between across over under")
TOTALS = word_set("altogether total totals totalling totaling combined together sum overall jointly")
DATED = 6  # tokens of "in 2010 to"
BE = word_set("is are was were stands stood")
COMPARED = (("up", "from"), ("down", "from"), ("compared", "with"), ("compared", "to"), ("against",), ("from",))


def read_factor(text: TokenizedText, at: int) -> Found | None:
    """ "doubled", "halved", "threefold" as a change in per cent; "twice as many" as a number of times."""
    word = text.words[at]
    if word in DOUBLINGS or word in FOLD:
        value = ({**DOUBLINGS, **FOLD}[word] - 1) * 100
        slack = EXACTLY * abs(value)
        way: Way = "up" if value > 0 else "down"
        noun = _subject(text, at)
        return (
            at,
            at + 1,
            Quantity(abs(value), abs(value) - slack, abs(value) + slack, unit="%", noun=noun, change=way),
        )
    if word in TIMES:
        factor, end = float(TIMES[word]), at + 1
    elif "times" not in text.words[at : at + NEAR]:
        return None
    elif (number := read_number(text, at)) and text.words[number.end] == "times" and not number.suffix:
        factor, end = number.value, number.end + 1
    else:
        return None
    after = text.words[end : end + 2]
    if after[0] == "as" or after[0] in MORE or (after[0] == "the" and after[1] in NUMBERS):
        first = end + 2 if after[0] == "as" else end + 1
        slack = EXACTLY * factor
        return (
            at,
            end,
            Quantity(factor, factor - slack, factor + slack, unit="times", noun=noun_after(text, first)),
        )
    return None


def with_change(text: TokenizedText, begin: int, end: int, quantity: Quantity) -> Quantity:
    """A measured quantity, marked where its words say that it is by how much something changed or differs."""
    if not quantity.unit and text.words[begin - 1] != "by":
        return quantity
    if quantity.unit in ("age", "ordinal", "score") or quantity.hedge == "range":
        return quantity
    verb, way = _verb_before(text, begin)
    if way:
        return replace(quantity, change=way, noun=_subject(text, verb))
    after = text.words[end] if text.words[end] != "-" else text.words[end + 1]
    if after in MORE or after in LESS or after in OTHER:
        way = "up" if after in MORE else "down" if after in LESS else "by"
        return replace(quantity, change=way, noun="")
    return quantity


def _verb_before(text: TokenizedText, begin: int) -> tuple[int, Way]:
    """The word of change that a quantity belongs to, "rose by", "an increase of", "up", and its direction."""
    at = begin - 1
    at -= text.words[at] in ("by", "of", "another")
    for verb in (at, at - 1) if text.words[at].endswith("ly") else (at,):
        if verb >= 0 and not text.taken[verb]:
            word = text.words[verb]
            if word in UP or word in DOWN:
                return verb, "up" if word in UP else "down"
    return 0, ""


def _subject(text: TokenizedText, verb: int) -> str:
    """The stem of what changes: the head of the words before a verb, "" where it is not plain."""
    words: list[str] = []
    for at in range(verb - 1, max(-1, verb - 1 - BACK), -1):
        word = text.words[at]
        if not word[:1].isalpha() or (
            word in STOPS and word not in LEADS and words and word not in ("the", "a", "had")
        ):
            break
        words.append(word)
    words = [word for word in reversed(words) if word not in STOPS or word in LEADS]
    if words and words[0] in LEADS:
        return ""
    head = next((at for at, word in enumerate(words) if word in LEADS), len(words))
    if head and words[head - 1] in NUMBERS and words[head : head + 1] == ["of"]:
        rest = words[head + 1 :]
        head = next((at for at, word in enumerate(rest) if word in LEADS), len(rest))
        words = rest
    while head and words[head - 1].endswith("ly"):
        head -= 1
    return stem(words[head - 1]) if head else ""


# -- what follows from what is stated --------------------------------------------------------------


def derived(text: TokenizedText, stated: list[Found]) -> Iterator[Found]:
    """The changes that follow from two values of one thing, "from 8 to 6 percent", and from "doubled"."""
    for n, (begin, end, value) in enumerate(stated):
        if value.unit == "times":
            yield begin, end, _percent(value.value, value.noun)
        elif value.unit == "%" and value.change == "up" and value.hedge == "exact":
            factor = 1 + value.value / 100
            slack = EXACTLY * factor
            yield (
                begin,
                end,
                replace(value, value=factor, low=factor - slack, high=factor + slack, unit="times", change=""),
            )
        if n and (joint := _joint(text, stated[n - 1], begin)):
            first, last = stated[n - 1], (begin, end, value)
            earlier, later = (first, last) if joint == "to" else (last, first)
            yield from _between(text, earlier, later)


def _joint(text: TokenizedText, before: Found, begin: int) -> str:
    """How a quantity is set beside the one before it: "from A to B", "to B from A", "B, up from A"."""
    words = text.words
    gap = words[before[1] : begin]
    dated = len(gap) < DATED and gap[:1] in (["in"], ["on"]) and all(text.taken[before[1] + 1 : begin - 1])
    if words[before[0] - 1] == "from" and (gap == ["to"] or (dated and gap[-1] == "to")):
        return "to"
    if gap == ["from"] and words[before[0] - 1] == "to":
        return "from"
    if "." in gap or ";" in gap:
        return ""
    if any(tuple(gap[-len(joint) :]) == joint for joint in COMPARED[:-1]) and "," in gap:
        return "from"
    return ""


def _between(text: TokenizedText, earlier: Found, later: Found) -> Iterator[Found]:
    """By how much one of two values of one unit is more or less than the other."""
    ours, theirs = earlier[2], later[2]
    if not ours.unit and theirs.unit and not ours.noun:
        ours = replace(ours, unit=theirs.unit, base=theirs.base, size=theirs.size)
    if ours.unit != theirs.unit or ours.score or ours.unit in ("ordinal", "age") or ours.value <= 0:
        return
    if ours.noun and theirs.noun and ours.noun != theirs.noun:
        return
    begin, end = min(earlier[0], later[0]), max(earlier[1], later[1])
    verb, _ = _verb_before(text, begin - (text.words[begin - 1] in ("from", "to")))
    noun = _subject(text, verb) if verb else theirs.noun or ours.noun
    if not noun and text.words[begin - 1] in BE:
        noun = _subject(text, begin - 1)
    yield begin, end, _percent(theirs.value / ours.value, noun)
    off = theirs.value - ours.value
    unit = "points" if theirs.unit == "%" else theirs.unit
    slack = abs(theirs.high - theirs.low) / 2
    way: Way = "up" if off > 0 else "down"
    made = Quantity(abs(off), abs(off) - slack, abs(off) + slack, unit=unit, noun=noun, change=way)
    yield begin, end, made if unit == "points" else replace(made, base=theirs.base, size=theirs.size)


def _percent(factor: float, noun: str) -> Quantity:
    """A factor as a change in per cent, right to half of one."""
    value = abs(factor - 1) * 100
    return Quantity(value, value - 0.5, value + 0.5, unit="%", noun=noun, change="up" if factor > 1 else "down")


def follows(claim: Quantity, stated: Sequence[Value], words: Set[str]) -> bool:
    """Whether a difference, a sum or a ratio that the claim asks for follows from the values of one thing.

    `words` are the claim's. The difference ("35 minutes faster") and the ratio ("twice as many") are those of the
    only two values that there are, the sum ("in all") that of the only two or three.
    """
    summed = not claim.change and (bool(words & TOTALS) or {"in", "all"} <= words)
    if claim.change != "by" and claim.unit != "times" and not summed:
        return False
    alike: list[Quantity] = []
    for other in stated:
        if isinstance(other, Quantity) and not other.change and other.hedge in ("exact", "about"):
            measured = comparable(claim, other) and claim.unit != "times" and claim.noun in ("", other.noun)
            if measured or (claim.unit == "times" and claim.noun == other.noun != "" and not other.unit):
                alike.append(other)
    if len({other.noun for other in alike}) > 1 or not 1 < len(alike) < (4 if summed else 3):
        return False
    sizes = sorted(other.value * other.size for other in alike)
    if claim.unit == "times":
        return sizes[0] > 0 and claim.low <= sizes[-1] / sizes[0] <= claim.high
    found = (sum(sizes) if summed else sizes[-1] - sizes[0]) / claim.size
    return bool(agreement(claim, replace(claim, value=found, low=found, high=found, hedge="exact")))
