"""Numbers with all that belongs to them: currency, unit, range, hedge, and the noun that they count.

"More than 20 schools", "$3.2bn", "10-15 km", "a third of voters", "the 24th port", "6-4, 7-5" become spans of
values. A reader looks no further than a few tokens around, so time grows with the length of the text.
"""

from __future__ import annotations

import math
from dataclasses import replace

from factbot.checking.facts.amounts.changes import read_factor, with_change
from factbot.checking.facts.amounts.measures import currency_sign, in_millions, read_unit, with_smaller
from factbot.checking.facts.amounts.nouns import (
    PEOPLE,
    STOPS,
    event_before,
    noun_after,
    noun_before,
    phrase_at,
    stem,
)
from factbot.checking.facts.amounts.numerals import (
    ORDINAL_ENDS,
    ORDINALS,
    SPELLED,
    Number,
    read_figures,
    read_number,
)
from factbot.checking.facts.amounts.shares import read_share
from factbot.checking.facts.amounts.units import PERCENT, SIGNS, UNITS, Unit
from factbot.checking.facts.values import Quantity
from factbot.text.tokens import DASHES, TokenizedText, word_set

__all__ = ["read_quantity"]

HEDGES = {
    tuple(phrase.split()): hedge
    for hedge, phrases in {
        "about": "about|around|approximately|approx|roughly|some|circa|estimated|~|≈",
        "nearly": "nearly|almost|close to|just under|not quite|just short of",
        "just over": "just over|a little over|slightly over|slightly more than|a bit more than",
        "more than": "more than|well over|in excess of|over|above|exceeding|exceeds|exceeded"
        "|greater than|higher than|beyond|>",
        "at least": "at least|no fewer than|no less than|not less than|minimum of|upwards of|≥",
        "less than": "less than|fewer than|under|below|lower than|<",
        "at most": "at most|up to|no more than|not more than|maximum of|as many as|as much as|≤",
    }.items()
    for phrase in phrases.split("|")
}
HEDGES_AFTER = {("or", "more"): "at least", ("or", "less"): "at most", ("or", "fewer"): "at most"}
HEDGE_ENDS = frozenset(phrase[-1] for phrase in HEDGES)
ABOUT = 0.1  # the share by which "about" may be off
HALF_UP = 1 - 1e-9  # what lies half-way rounds up: 23.5 is no 23

ADDED = word_set("new more additional further other others another extra")
RANKED = word_set("finished finish came come placed ranked rank ranking")
SCORE_WORDS = word_set(
    "won win wins beat beats beating lost lose loses drew draw defeat defeated defeating victory score scored "
    "final lead led ahead set sets match aggregate"
)
NO_SCORE_BEFORE = UNITS.keys() | PERCENT | DASHES  # "3-2 km" is a length
NEAR = 10  # tokens around "1-2" in which a game is told of

Found = tuple[int, int, Quantity]  # first token, token after the last, what they say


def read_quantity(text: TokenizedText, at: int) -> Found | None:
    """The quantity whose number a token begins: its first token, the token after its last, its value.

    Its first token may be an earlier one: "$", "minus", "more than". Dates are to be taken out before.
    """
    word = text.words[at]
    if factor := read_factor(text, at):
        return _hedged(text, *factor)
    if word[0].isdigit():
        return _score(text, at) or _ordinal(text, at) or _share(text, at) or _counted(text, at)
    if word in ORDINALS:
        return _ordinal(text, at)
    if word.partition("-")[0] in SPELLED:
        return _share(text, at) or _counted(text, at)
    return None


def _share(text: TokenizedText, at: int) -> Found | None:
    found = read_share(text, at)
    return _hedged(text, *found) if found else None


# -- scores, ranks and shares ----------------------------------------------------------------------


def _score(text: TokenizedText, at: int) -> Found | None:
    """ "2-1", "6-4, 7-5": a falling pair, or a rising one where a game is told of; else it is a range."""
    pairs: list[tuple[int, int]] = []
    end = at
    while pair := _pair(text, end):
        pairs.append(pair)
        end += 3
        if text.words[end] != "," or not _pair(text, end + 1):
            break
        end += 1
    if not pairs or text.words[end] in NO_SCORE_BEFORE:
        return None
    if len(pairs) == 1 and pairs[0][0] <= pairs[0][1]:
        around = text.words[max(0, at - NEAR) : end + NEAR]
        if SCORE_WORDS.isdisjoint(around) or noun_after(text, end):
            return None
    return at, end, Quantity(0, 0, 0, unit="score", score=tuple(pairs))


def _pair(text: TokenizedText, at: int) -> tuple[int, int] | None:
    first, dash, last = text.words[at : at + 3]
    if dash not in DASHES or len(first) > 2 or len(last) > 2 or not (first.isdecimal() and last.isdecimal()):
        return None
    return (int(first), int(last)) if text.adjacent(at, at + 2) else None


def _ordinal(text: TokenizedText, at: int) -> Found | None:
    """ "42nd", "the third album", "finished second": what it orders is the last word before a preposition."""
    word = text.words[at]
    if word in ORDINALS:
        value = float(ORDINALS[word])
    elif (number := read_figures(word)) and number.suffix in ORDINAL_ENDS:
        value = number.value
    else:
        return None
    phrase = [other for other in phrase_at(text, at + 1) if other not in ("most", "ever")]
    if word in ORDINALS and not phrase and text.words[at - 1] not in RANKED:
        return None
    noun = stem(phrase[-1]) if phrase else ""
    return at, at + 1, Quantity(value, value, value, unit="ordinal", noun=noun)


# -- what is counted or measured -------------------------------------------------------------------


def _counted(text: TokenizedText, at: int) -> Found | None:
    number = read_number(text, at)
    if number is None:
        return None
    money, begin = currency_sign(text, at)
    number = in_millions(text, number, money)
    upper = None if number.suffix or number.unit else _upper(text, begin, number.end, number)
    unit, end = read_unit(text, at, upper or number, money)
    if unit is None:
        return None
    if upper is None:
        number, end = with_smaller(text, number, unit, end)
    if _negative(text, at):
        number, begin = number._replace(value=-number.value), at - 1
    noun = _noun(text, begin, end, unit, number)
    if text.words[at] in ("one", "a", "an") and not unit.name and not noun and number.scale == 1:
        return None
    added = not ADDED.isdisjoint([*phrase_at(text, end), text.words[begin - 1]])
    slack = 0.5 if unit.name and number.scale == 1 and not number.slack else number.slack
    low, high = number.value - slack, number.value + slack * HALF_UP
    quantity = Quantity(number.value, low, high, "exact", *unit, noun, added)
    if upper is None:
        return _hedged(text, begin, end, quantity)
    low, high = number.value * (upper.scale if number.scale == 1 else 1), upper.value
    begin -= text.words[begin - 1] == "between"
    return begin, end, replace(quantity, value=(low + high) / 2, low=low, high=high, hedge="range")


def _noun(text: TokenizedText, begin: int, end: int, unit: Unit, number: Number) -> str:
    """The stem of what is counted or measured, "" for nothing: after the number, or before one without a unit."""
    if unit.name == "age" or unit.name.startswith("/"):
        return ""
    after = noun_after(text, end, measured=unit.name != "", single=number.value == 1)
    if after in PEOPLE and (event := event_before(text, begin)):
        return event
    if after or not unit.name:
        return after or noun_before(text, begin)
    owner = text.words[begin - 2]  # "a budget of 1.2 billion crowns"
    return stem(owner) if text.words[begin - 1] == "of" and owner.isalpha() and owner not in STOPS else ""


def _negative(text: TokenizedText, at: int) -> bool:
    """Whether a minus stands before a number: the word, or a dash that belongs to nothing before it."""
    before = text.words[at - 1]
    dash = before in DASHES and text.adjacent(at - 1, at) and not text.adjacent(at - 2, at - 1)
    return before == "minus" or dash


def _upper(text: TokenizedText, begin: int, end: int, number: Number) -> Number | None:
    """The upper end of a range: "10-15", "10 to 15", "between 10 and 15"."""
    word, before = text.words[end], text.words[begin - 1]
    joined = (
        word in DASHES or (word == "to" and before not in ("from", "by")) or (word, before) == ("and", "between")
    )
    if not joined:
        return None
    ahead = end + 1 + (text.words[end + 1] in SIGNS)
    upper = None if text.taken[ahead] else read_number(text, ahead)
    return upper if upper and upper.value > number.value and not upper.unit else None


# -- hedges ----------------------------------------------------------------------------------------


def _hedged(text: TokenizedText, begin: int, end: int, quantity: Quantity) -> Found:
    """A quantity with the words before or after it that say how far it may be off."""
    hedge = ""
    if text.words[begin - 1] in HEDGE_ENDS:
        for first in range(max(begin - 3, 0), begin):
            phrase = tuple(text.words[first:begin])
            if phrase in HEDGES and not any(text.taken[first:begin]):
                hedge, begin = HEDGES[phrase], first
                break
    elif after := HEDGES_AFTER.get((text.words[end], text.words[end + 1])):
        hedge, end = after, end + 2
    elif text.words[end] == "+":
        hedge, end = "at least", end + 1
    return begin, end, with_change(text, begin, end, _loosened(quantity, hedge))


def _loosened(quantity: Quantity, hedge: str) -> Quantity:
    value, low, high = quantity.value, quantity.low, quantity.high
    off = ABOUT * abs(value)
    above, below = math.nextafter(value, math.inf), math.nextafter(value, -math.inf)
    if quantity.base == "time":  # "over ten days" is said of ten days too
        above = below = value
    match hedge:
        case "about":
            return replace(quantity, low=min(low, value - off), high=max(high, value + off), hedge="about")
        case "nearly":
            return replace(quantity, low=value - off, hedge="about")
        case "just over":
            return replace(quantity, high=value + off, hedge="about")
        case "more than":
            return replace(quantity, low=above, high=math.inf, hedge="at least")
        case "less than":
            return replace(quantity, low=-math.inf, high=below, hedge="at most")
        case "at least":
            return replace(quantity, high=math.inf, hedge="at least")
        case "at most":
            return replace(quantity, low=-math.inf, hedge="at most")
    return quantity
