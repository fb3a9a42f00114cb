"""Numbers in figures and in words: "1,784.5", "3.2bn", "two hundred and fifty", "half a million", "7.5/10"."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from factbot.checking.facts.amounts.units import CURRENCIES, PERCENT, UNITS
from factbot.text.tokens import TokenizedText, word_set

__all__ = [
    "CARDINALS",
    "ORDINALS",
    "ORDINAL_ENDS",
    "PARTS",
    "SCALES",
    "SPELLED",
    "Number",
    "read_figures",
    "read_number",
]

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
CARDINALS = {word: value for value, word in enumerate(_SMALL.split())}
CARDINALS |= {word: value * 10 for value, word in enumerate(_TENS.split(), 2)}
SPELLED = CARDINALS.keys() | {"a", "an", "half"}  # words that a number in words begins with
SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SCALES |= {"millions": 10**6, "billions": 10**9, "mn": 10**6, "mln": 10**6, "bn": 10**9, "tn": 10**12, "k": 10**3}
SCALES |= {"mio": 10**6, "mrd": 10**9, "lakh": 10**5, "crore": 10**7, "crores": 10**7}

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
ORDINALS = {word: value for value, word in enumerate(_ORDINALS.split(), 1)}
ORDINALS |= {f"{word}th": value for word, value in CARDINALS.items() if 12 < value < 20}
ORDINALS |= {f"{word[:-1]}ieth": value for word, value in CARDINALS.items() if value > 19}
ORDINALS |= {
    f"{ten}-{one}": CARDINALS[ten] + value
    for ten in _TENS.split()
    for one, value in ORDINALS.items()
    if value < 10
}
ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th"})

ALONE = word_set("hour minute mile kilometre kilometer tonne ton week fortnight month year decade")
BEFORE_ALONE = word_set(
    "about around nearly almost over under than took takes take lasts lasted last within least"
)
AGO = word_set("ago before earlier later")
GROUP = re.compile(r"\d{3}(\.\d+)?")
COUNTED = PERCENT | CURRENCIES.keys() | UNITS.keys()  # what a number with spaces inside stands before
PARTS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}  # "two and a half"
GROUPED = re.compile(
    r"(\d{1,3}(?:[,\u2009\u202f\u00a0]\d{2,3})*[,\u2009\u202f\u00a0]\d{3}|\d{1,3}(?:\.\d{3}){2,})(\.\d+)?"
)
DECIMAL = re.compile(r"(\d+)(?:[.·](\d+)|,(\d{1,2}))?")
RATING = re.compile(r"(\d+)(?:\.(\d+))?/(\d+)")
MOST_DIGITS = 18  # digits and separators: a longer run is a key or a code
ROUND = 0.02  # the share by which a number in figures that ends in two zeros or more may be off


class Number(NamedTuple):
    """A number as far as the token `end`, and by how much it may be off.

    `scale` is what "million" and the like multiplied it by, `suffix` the letters that follow its figures, `unit`
    the "/10" of "7.5/10".
    """

    value: float
    slack: float
    end: int = 0
    scale: float = 1.0
    suffix: str = ""
    unit: str = ""


def read_number(text: TokenizedText, at: int) -> Number | None:
    """The number that begins at a token, with its scale."""
    word = text.words[at]
    if word[:1].isdigit():
        number = _spaced(text, at)
        if number is None and (figures := read_figures(word)):
            number = figures._replace(end=at + 1)
    else:
        number = _spelled(text, at) if word.partition("-")[0] in SPELLED else None
    if number is None or (number.suffix and number.suffix not in SCALES):
        return number
    return _scaled(text, number)


@lru_cache(maxsize=1_024)
def read_figures(word: str) -> Number | None:
    """A token that begins with a digit: its value, and the letters behind it; its end is left at 0."""
    bare = len(word)
    while word[bare - 1].isalpha():
        bare -= 1
    figures, suffix, unit = word[:bare], word[bare:], ""
    if bare > MOST_DIGITS:
        return None
    if rating := RATING.fullmatch(figures):
        whole, places, unit = rating[1], rating[2] or "", f"/{int(rating[3])}"
    elif grouped := GROUPED.fullmatch(figures):
        whole, places = re.sub(r"\D", "", grouped[1]), (grouped[2] or "")[1:]
    elif decimal := DECIMAL.fullmatch(figures):
        whole, places = decimal[1], decimal[2] or decimal[3] or ""
    else:
        return None
    value, slack = float(f"{whole}.{places or 0}"), 0.0
    zeros = len(whole) - len(whole.rstrip("0"))
    if places:
        slack = 10.0 ** -len(places) / 2
    elif zeros > 1 and not unit:
        slack = min(10.0**zeros / 2, ROUND * value)
    return Number(value, slack, suffix=suffix, unit=unit)


def _spaced(text: TokenizedText, at: int) -> Number | None:
    """ "1 200", "1 200 000": groups of three figures behind single spaces, before what they count or measure."""
    words, found = text.words, text.tokens
    if not (words[at].isdecimal() and len(words[at]) < 4 and words[at][0] != "0"):
        return None
    end = at + 1
    while end < len(found) and end < at + 5 and not text.taken[end] and GROUP.fullmatch(words[end]):
        if text.text[found[end - 1].end : found[end].start] != " ":
            return None
        end += 1
    before = found[at - 1].text[0] if at else ""
    follows = words[end] in SCALES or words[end] in COUNTED or (words[end].isalpha() and len(words[end]) > 2)
    if end == at + 1 or words[end - 1][-1] == "." or not follows or before.isupper():
        return None
    figures = read_figures("".join(words[at:end]))
    return figures._replace(end=end) if figures else None


def _spelled(text: TokenizedText, at: int) -> Number | None:
    """A number in words as far as its scale: "twelve", "twenty-four", "two hundred and fifty", "half a"."""
    head, following, third = text.words[at : at + 3]
    if head in ("a", "an"):
        and_a_part = following in UNITS and text.words[at + 2 : at + 4] == ["and", "a"]  # "an hour and a half"
        before, after = text.words[at - 1], text.words[at + 2]  # "nearly an hour", not "85 crowns an hour"
        alone = following in ALONE and before in BEFORE_ALONE and after not in AGO
        return Number(1, 0, at + 1) if following in SCALES or and_a_part or alone else None
    if head == "half":
        good = following in ("a", "an") and (third in SCALES or third in UNITS)
        bare = following in ALONE  # "half hour"
        return Number(0.5, 0.05, at + 2 - bare) if good or bare else None
    value, end = 0, at
    while end < at + 6:
        hundreds = value >= 100 and value % 100 == 0
        first = end + (hundreds and text.words[end] == "and")
        grown = _grown(value, text.words[first].split("-"), fresh=end == at)
        if grown is None:
            break
        value, end = grown, first + 1
    return Number(value, 0, end) if end > at else None


def _grown(value: int, words: list[str], fresh: bool) -> int | None:
    """A number in words with the next one added ("twenty" and "four"), None where it does not go on."""
    for word in words:
        if word == "hundred" and 0 < value < 100:
            value *= 100
        elif word in CARDINALS and (fresh or _fits(value, CARDINALS[word])):
            value, fresh = value + CARDINALS[word], False
        else:
            return None
    return value


def _fits(value: int, added: int) -> bool:
    return value % 100 == 0 if added > 9 else value % 10 == 0 and value % 100 != 10


def _scaled(text: TokenizedText, number: Number) -> Number:
    """A number times the scales behind it: "2.5 million", "3bn", "two and a half", "a hundred thousand"."""
    value, slack, end = number.value, number.slack, number.end
    scales = [number.suffix] if number.suffix else []
    while len(scales) < 3 and text.words[end] in SCALES:
        scales.append(text.words[end])
        end += 1
    scale = math.prod(map(SCALES.__getitem__, scales), start=1.0)
    if scale > 1:
        places = slack if 0 < slack < 0.5 else 0.5
        slack = places * scale if scale >= 1_000 else 0.0
    if text.words[end : end + 2] == ["and", "a"] and (part := PARTS.get(text.words[end + 2])):
        value, slack, end = value + part, part / 2, end + 3
        if scale == 1 and text.words[end] in SCALES:
            return _scaled(text, number._replace(value=value, slack=part / 10, end=end))
    return Number(value * scale, slack, end, scale, unit=number.unit)
