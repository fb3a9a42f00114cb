"""Shares of a whole: "half of", "three fifths", "one in four", "nine out of ten", "a fifth of a billion"."""

from __future__ import annotations

from factbot.checking.facts.amounts.nouns import noun_after
from factbot.checking.facts.amounts.numerals import CARDINALS, SCALES, read_number
from factbot.checking.facts.amounts.units import UNITS
from factbot.checking.facts.values import Quantity
from factbot.text.tokens import TokenizedText, word_set

__all__ = ["fraction_at", "read_share"]

FRACTIONS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
FRACTIONS |= {"eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100}
SLACK = 2.0  # percentage points by which a share in words may be off: "a third" is said of 35 per cent too
SMALL = 0.1  # the share of itself by which a small one may be
WHOLE_FOLLOWS = word_set("of the their its all his her our those these were was are is have has had said say")
CHANGED = word_set("more less fewer higher lower larger smaller bigger cheaper")
EVERY = (("in", "every"), ("of", "every"), ("out", "of"), ("in",))
NEAR = 5  # words of a number before "in" and "out of"
JOINTS = frozenset({"in", "of", "out"})
WHOLES = frozenset({2, 3, 4, 5, 10, 20, 100, 1000})

Found = tuple[int, int, Quantity]


def fraction_at(text: TokenizedText, at: int) -> tuple[float, int] | None:
    """What a fraction in words gives, 0.25 for "a quarter" and 0.67 for "two-thirds", and the token after it."""
    head, _, tail = text.words[at].partition("-")
    end, count = at + 1, 1 if head in ("a", "an", "one") else CARDINALS.get(head, 0)
    if text.words[at] == "half":
        count, tail = 1, head
    elif not tail:
        tail, end = text.words[end], end + 1
    if count > 1:
        tail = tail.removesuffix("s")
    if not count or tail not in FRACTIONS:
        return None
    return count / FRACTIONS[tail], end


def read_share(text: TokenizedText, at: int) -> Found | None:
    """The share that begins at a token, as a percentage; of a measure ("a fifth of a billion") that amount."""
    if found := fraction_at(text, at):
        share, end = found
        whole = text.words[end : end + 2]
        if whole[0] == "of" and whole[1] in ("a", "an") and text.words[end + 2] in (SCALES.keys() | UNITS.keys()):
            return _part(text, at, end + 2, share)
        changed = text.words[at - 1] in ("by", "in") or whole[0] in CHANGED
        several = changed or text.words[at].partition("-")[0] not in ("a", "an", "one", "half")
        if not several and whole[0] not in WHOLE_FOLLOWS:
            return None
        return at, end, _percent(text, share * 100, end)
    return _one_in(text, at)


def _part(text: TokenizedText, at: int, end: int, share: float) -> Found:
    """ "a fifth of a billion", "three quarters of an hour"."""
    word = text.words[end]
    if word in SCALES:
        value, slack = share * SCALES[word], share * SCALES[word] * SMALL
        return at, end + 1, Quantity(value, value - slack, value + slack, noun=noun_after(text, end + 1))
    slack = share * SMALL
    return at, end + 1, Quantity(share, share - slack, share + slack, "exact", *UNITS[word])


def _one_in(text: TokenizedText, at: int) -> Found | None:
    """ "one in four", "1 out of 4", "nine in ten", "one in every 300"."""
    if "in" not in text.words[at : at + NEAR] and "of" not in text.words[at : at + NEAR]:
        return None
    part = read_number(text, at)
    if part is None or part.suffix or part.unit or part.value < 1:
        return None
    words = text.words
    at_joint = part.end + (words[part.end].isalpha() and words[part.end] not in JOINTS)  # "one critic in four"
    joint = next((joint for joint in EVERY if tuple(words[at_joint : at_joint + len(joint)]) == joint), None)
    if joint is None or (at_joint > part.end and (part.value > 1 or joint == ("out", "of"))):
        return None
    first = at_joint + len(joint)
    whole = None if text.taken[first] else read_number(text, first)
    if whole is None or whole.suffix or whole.unit or whole.value <= part.value:
        return None
    if not _is_share(text, part.value, whole.value, joint, whole.end):
        return None
    return at, whole.end, _percent(text, part.value / whole.value * 100, whole.end)


def _is_share(text: TokenizedText, part: float, whole: float, joint: tuple[str, ...], end: int) -> bool:
    if joint == ("out", "of"):  # "15 out of 28 provinces" counts them, "7.5 out of 10" is a rating
        return whole in WHOLES and noun_after(text, end) != ""
    return joint != ("in",) or part == 1 or whole in WHOLES


def _percent(text: TokenizedText, value: float, end: int) -> Quantity:
    slack = min(SLACK, SMALL * value) if value < 20 else SLACK
    noun = noun_after(text, end + (text.words[end] == "of"), measured=True)
    return Quantity(value, value - slack, value + slack, unit="%", noun=noun)
