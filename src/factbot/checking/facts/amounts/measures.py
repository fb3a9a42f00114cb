"""What a number is of: a currency, a measure, a share, an age, and the smaller unit that goes on with it."""

from __future__ import annotations

from factbot.checking.facts.amounts.nouns import noun_after
from factbot.checking.facts.amounts.numerals import PARTS, Number, read_number
from factbot.checking.facts.amounts.units import (
    CELSIUS,
    CURRENCIES,
    DOLLARS,
    ENDINGS,
    FAHRENHEIT,
    NATIONS,
    PERCENT,
    POINTS,
    RATES,
    SIGNS,
    UNITS,
    Unit,
)
from factbot.text.tokens import DASHES, TokenizedText, word_set

__all__ = ["currency_sign", "in_millions", "read_unit", "with_smaller"]

WEIGHING = word_set("weigh weighs weighed weighing weight heavy lighter heavier lost gained")
NEAR = 6  # words before "pounds" that tell a weight
HOURS = {"hour": "hour", "h": "hour", "hr": "hour", "second": "second", "s": "second", "sec": "second"}
GOES_ON = frozenset({"time", "length", "weight"})  # "1 hour 20 minutes", "6 feet 2 inches", "5 lb 3 oz"


def currency_sign(text: TokenizedText, at: int) -> tuple[str, int]:
    """The currency whose sign stands before a number, "" for none, and the first token of both: "US$ 5"."""
    money = SIGNS.get(text.words[at - 1], "") if at else ""
    if not money:
        return "", at
    if at > 1 and money == "$" and text.words[at - 2] in DOLLARS and text.adjacent(at - 2, at - 1):
        return DOLLARS[text.words[at - 2]], at - 2
    return money, at - 1


def in_millions(text: TokenizedText, number: Number, money: str) -> Number:
    """A number with an m behind it that is no metre: "€62m", "€62 m", "62m euros", "2m people"."""
    glued = number.suffix == "m"
    apart = not number.suffix and text.words[number.end] == "m"
    end = number.end + apart
    counts = (
        text.words[end] in CURRENCIES or (glued and noun_after(text, end) != "") or text.words[end] == "people"
    )
    if not (glued or apart) or not (money or counts):
        return number
    return number._replace(
        value=number.value * 1e6, slack=(number.slack or 0.5) * 1e6, suffix="", end=end, scale=1e6
    )


def read_unit(text: TokenizedText, at: int, number: Number, money: str) -> tuple[Unit | None, int]:
    """The unit of a number and the token after it; None for letters that make it something else ("3D").

    `at` is where the quantity's first number begins, `number` its last.
    """
    words, end = text.words, number.end
    if money or number.unit:
        return Unit(money or number.unit), end
    if number.suffix:
        return _letters(text, number)
    if words[at - 1] in ("age", "aged") or words[at - 2 : at] == ["age", "of"]:
        return Unit("age"), end
    hyphen = words[end] in DASHES and text.adjacent(end - 1, min(end + 1, len(text.tokens) - 1))
    first = end + hyphen
    for reader in (_age_or_share, _money, _whole, _degrees, _measure):
        if found := reader(text, first):
            return found
    return Unit(), end


def _letters(text: TokenizedText, number: Number) -> tuple[Unit | None, int]:
    """The unit that letters behind the figures give: "5km", "6in", "40C"."""
    capital = text.tokens[number.end - 1].text[-1].isupper()
    if number.suffix in ("c", "f") and not capital:
        return None, number.end
    unit = ENDINGS.get(number.suffix) or UNITS.get(number.suffix)
    return _rated(text, unit, number.end) if unit else (None, number.end)


def _age_or_share(text: TokenizedText, at: int) -> tuple[Unit, int] | None:
    """ "years old", "year-old", "%", "per cent", "percentage points"; the unit and the token after it."""
    word, following = text.words[at : at + 2]
    if word in ("year-old", "year-olds") or (word in ("year", "years") and following == "old"):
        return Unit("age"), at + 1 + (following == "old")
    end = at + 1 if word in PERCENT else at + 2 if (word, following) == ("per", "cent") else 0
    if not end:
        return None
    return (Unit("points"), end + 1) if text.words[end] in POINTS else (Unit("%"), end)


def _money(text: TokenizedText, at: int) -> tuple[Unit, int] | None:
    """ "euros", "US dollars", "Swedish kronor"; pounds of something, or that somebody weighs, are no money."""
    word, following, third = text.words[at : at + 3]
    if word in CURRENCIES:
        if word in ("pound", "pounds") and (following == "of" or not WEIGHING.isdisjoint(_before(text, at))):
            return None
        return Unit(CURRENCIES[word]), at + 1
    end = at + 2
    if word == "new" and following == "zealand":
        word, following, end = following, third, at + 3
    if following in CURRENCIES and (word, CURRENCIES[following]) in NATIONS:
        return Unit(NATIONS[word, CURRENCIES[following]]), end
    return None


def _before(text: TokenizedText, at: int) -> list[str]:
    return text.words[max(0, at - NEAR) : at]


def _whole(text: TokenizedText, at: int) -> tuple[Unit, int] | None:
    """ "out of 10"; of "15 out of 28 provinces" no unit, since it counts provinces."""
    if text.words[at : at + 2] != ["out", "of"] or not (whole := read_number(text, at + 2)):
        return None
    return Unit("" if noun_after(text, whole.end) else f"/{whole.value:g}"), whole.end


def _degrees(text: TokenizedText, at: int) -> tuple[Unit, int] | None:
    """ "degrees", "°C", "degrees Fahrenheit"."""
    word, scale = text.words[at : at + 2]
    if word not in ("°", "degree", "degrees"):
        return None
    if scale in ("c", "f") and not text.tokens[at + 1].text.isupper():
        return UNITS["degree"], at + 1
    unit = {"c": CELSIUS, "f": FAHRENHEIT}.get(scale) or UNITS.get(scale)
    return (unit, at + 2) if unit in (CELSIUS, FAHRENHEIT) else (UNITS["degree"], at + 1)


def _measure(text: TokenizedText, at: int) -> tuple[Unit, int] | None:
    """ "km", "square miles", "cubic metres", "km²", "km/h", "miles an hour"."""
    word, following = text.words[at : at + 2]
    power = {"square": 2, "sq": 2, "cubic": 3, "cu": 3}.get(word, 0)
    if power and following in UNITS:
        return _raised(UNITS[following], power), at + 2
    if word[-1:] in ("2", "3") and word[:-1] in UNITS:  # km²
        return _raised(UNITS[word[:-1]], int(word[-1])), at + 1
    if word not in UNITS or (len(word) == 1 and text.tokens[at].text != word):
        return None
    if following in ("²", "2", "³", "3") and text.adjacent(at, at + 1) and UNITS[word].base == "length":
        return _raised(UNITS[word], 2 if following in "²2" else 3), at + 2
    return _rated(text, UNITS[word], at + 1)


def _raised(unit: Unit, power: int) -> Unit:
    if unit.base != "length":
        return unit
    if power == 2:
        return Unit(f"square {unit.name}", "area", unit.size**2)
    return Unit(f"cubic {unit.name}", "volume", unit.size**3 * 1000)


def _rated(text: TokenizedText, unit: Unit, end: int) -> tuple[Unit, int]:
    """A length by the time that follows it, else the unit itself."""
    joint, time = text.words[end : end + 2]
    rate = RATES.get((unit.name, HOURS.get(time, ""))) if joint in ("per", "a", "an", "/") else None
    return (rate, end + 2) if rate else (unit, end)


def with_smaller(text: TokenizedText, number: Number, unit: Unit, end: int) -> tuple[Number, int]:
    """A number with what goes on in a smaller unit: "an hour and a half", "6 feet 2 inches"."""
    words = text.words
    if words[end : end + 2] == ["and", "a"] and words[end + 2] in PARTS and unit.base:
        part = PARTS[words[end + 2]]
        return number._replace(value=number.value + part, slack=part / 10), end + 3
    if unit.base not in GOES_ON or number.value != round(number.value):
        return number, end
    first = end + (words[end] in ("and", ","))
    more = read_number(text, first) if words[first][:1].isalnum() and not text.taken[first] else None
    if more is None or more.scale != 1:
        return number, end
    smaller, after = _letters(text, more) if more.suffix else _measure(text, more.end) or (None, 0)
    if smaller is None or smaller.base != unit.base or smaller.size >= unit.size:
        return number, end
    added = more.value * smaller.size / unit.size
    if added >= 1:
        return number, end
    return number._replace(value=number.value + added, slack=smaller.size / unit.size / 2), after
