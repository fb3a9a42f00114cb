"""Numbers and dates as people write them, read into spans of values that can be compared outright.

"23 million" is anything that rounds to it, "more than 20" anything above, "May 2016" every day of that month; one
rule, `verdict`, then serves numbers and dates alike. A text becomes tokens, and the reader walks them from left to
right and looks no further than a few tokens around: time grows with the length of the text.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import Literal, NamedTuple

__all__ = ["MONTHS", "STOPS", "WEEKDAYS", "Day", "Quantity", "Reader", "Token", "tokens", "verdict"]


class Token(NamedTuple):
    """A word, a number or a sign at start:end of a text; `word` is it without case and accents."""

    text: str
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Quantity:
    """A number, and from `low` to `high` the values that its words allow.

    `unit` is a measure ("%", "$", "kilometre", "age", "ordinal", "score", "/10" of "7.5/10"), empty for what is
    counted and for a bare number; `base` and `size` convert it ("length", 1000.0). `things` holds the stem of the
    noun that is counted or measured. `added` marks an increase: "10 new", "two more". `score` is a game's pairs.
    """

    value: float
    low: float
    high: float
    hedge: Literal["exact", "about", "at least", "at most", "range"] = "exact"
    unit: str = ""
    base: str = ""
    size: float = 1.0
    things: frozenset[str] = frozenset()
    added: bool = False
    score: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Day:
    """A date as far as it is given; `low` and `high` are its first and last day, every month counted as 31 days.

    Without a year they count from 1 January. A weekday alone has neither year, month nor day.
    """

    low: float
    high: float
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


Found = tuple[int, int, Quantity | Day]  # first token, token after the last, what they say


def verdict(claim: Quantity | Day, evidence: Quantity | Day) -> bool | None:
    """Whether what the evidence gives bears out the claim (True), rules it out (False), or leaves it open.

    A figure agrees with a more exact one that rounds to it; a coarser figure or date that takes the claim's in
    leaves it open. Scores agree whichever side is named first.
    """
    if isinstance(claim, Quantity) and isinstance(evidence, Quantity):
        if claim.score or evidence.score:
            return [sorted(pair) for pair in claim.score] == [sorted(pair) for pair in evidence.score]
        given = (evidence.low, evidence.high)
        if evidence.hedge in ("exact", "about") and claim.hedge != "range":
            given = (evidence.value, evidence.value)
        scale = evidence.size / claim.size if evidence.base == claim.base else 1.0
        return _within((claim.low, claim.high), given, (evidence.low, evidence.high), scale)
    if isinstance(claim, Day) and isinstance(evidence, Day):
        return _same_day(claim, evidence)
    return None


def _within(
    claim: tuple[float, float], given: tuple[float, float], whole: tuple[float, float], scale: float = 1.0
) -> bool | None:
    fuzz = 1e-9 if scale != 1.0 else 0.0  # a conversion is never exact in binary
    if claim[0] <= given[0] * scale * (1 + fuzz) and given[1] * scale * (1 - fuzz) <= claim[1]:
        return True
    return False if whole[1] * scale < claim[0] or claim[1] < whole[0] * scale else None


def _same_day(claim: Day, evidence: Day) -> bool | None:
    if claim.year is None and claim.month is None:
        return None if evidence.weekday is None else claim.weekday == evidence.weekday
    spans = [(day.low, day.high) for day in (claim, evidence)]
    if (claim.year is None) != (evidence.year is None):
        if claim.month is None or evidence.month is None:
            return None
        spans = [(_in_year(low), _in_year(high)) for low, high in spans]
    elif evidence.year is None and evidence.month is None:
        return None
    return _within(spans[0], spans[1], spans[1])


def _in_year(day: float) -> float:
    return day % YEAR if math.isfinite(day) else day


# -- tokens ----------------------------------------------------------------------------------------

# Possessive quantifiers (++, *+, ?+) never give back what they took, so no text makes this backtrack.
TOKEN = re.compile(
    r"(?:[A-Z]\.){1,6}[A-Z]\b\.?"  # U.N., J.K
    r"|[^\W\d_]\w*+(?:[-'’][^\W_]++)*+"  # twenty-four, COVID-19, O'Brien
    r"|\d++(?:[.:/·]\d++|[,\u2009\u202f\u00a0]\d{1,3}+(?!\d))*+[^\W\d_]*+"  # 1,784.5  10:30  7.5/10  42nd  1990s
    r"|\S"
)
POSSESSIVE = ("'s", "’s", "'S", "’S")


def tokens(text: str) -> list[Token]:
    """The words, numbers and signs of a text, in order; a possessive 's is left out."""
    found = []
    for match in TOKEN.finditer(text):
        word, start, end = match.group(), match.start(), match.end()
        if end - start > 2 and word.endswith(POSSESSIVE):
            word, end = word[:-2], end - 2
        found.append(Token(word, _folded(word), start, end))
    return found


def _folded(word: str) -> str:
    if not word[0].isalpha():
        return word.lower()
    if word.isascii():
        return word.lower().replace(".", "")
    apart = unicodedata.normalize("NFKD", word).casefold().replace("’", "'")
    return "".join(c for c in apart if not unicodedata.combining(c)) or word


# -- words -----------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
CARDINALS = {word: value for value, word in enumerate(_SMALL.split())}
CARDINALS |= {word: value * 10 for value, word in enumerate(_TENS.split(), 2)}
SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SCALES |= {"millions": 10**6, "billions": 10**9, "mn": 10**6, "mln": 10**6, "bn": 10**9, "tn": 10**12, "k": 10**3}
SCALES |= {"lakh": 10**5, "crore": 10**7, "crores": 10**7}
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
RANKED = _words("finished finish came come placed ranked rank ranking")
FRACTIONS = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
FRACTION_SLACK = 2.0  # percentage points: "a third" is said of 35 per cent too
SPELLED = frozenset(CARDINALS) | {"a", "an", "half"}

SIGNS = {"$": "$", "£": "£", "€": "€", "¥": "¥", "₹": "₹", "usd": "$", "gbp": "£", "eur": "€"}
CURRENCIES = SIGNS | {"dollar": "$", "pound": "£", "euro": "€", "yen": "¥", "rupee": "₹"}
CURRENCIES |= {"dollars": "$", "pounds": "£", "euros": "€", "rupees": "₹"}
DOLLARS = frozenset({"us", "a", "c", "nz", "hk"})  # US$, A$
_UNITS = """
    length millimetre 0.001 mm millimetre millimeter
    length centimetre 0.01 cm centimetre centimeter
    length metre 1 m metre meter
    length kilometre 1000 km kilometre kilometer
    mile mile 1 mi mile
    foot foot 1 ft foot feet
    weight gram 0.001 g gram gramme
    weight kilogram 1 kg kilo kilogram
    weight tonne 1000 tonne ton
    time second 1 sec secs second
    time minute 60 min mins minute
    time hour 3600 hr hrs hour
    time day 86400 day
    time week 604800 week
    time month 2629800 month
    time year 31557600 year
    area hectare 1 ha hectare
    acre acre 1 acre
    speed km/h 1 kmh kph
    mph mph 1 mph
    litre litre 1 litre liter
    degree degree 1 ° degree
    power kilowatt 1 kw kilowatt
    power megawatt 1000 mw megawatt
    power gigawatt 1000000 gw gigawatt
"""
UNITS = {
    form: (unit, base, float(size))
    for base, unit, size, *words in map(str.split, _UNITS.strip().splitlines())
    for word in words
    for form in (word, f"{word}s")
}
PERCENT = frozenset({"%", "percent", "pc", "percentage"})

HEDGES = {
    tuple(phrase.split()): hedge
    for hedge, phrases in {
        "about": "about|around|approximately|approx|roughly|some|circa|estimated|~|≈",
        "nearly": "nearly|almost|close to|just under",
        "just over": "just over|a little over|slightly more than",
        "more than": "more than|over|above|exceeding|exceeds|exceeded|greater than|higher than|beyond|>",
        "at least": "at least|no fewer than|no less than|not less than|minimum of|upwards of|≥",
        "less than": "less than|fewer than|under|below|lower than|<",
        "at most": "at most|up to|no more than|not more than|maximum of|as many as|≤",
    }.items()
    for phrase in phrases.split("|")
}
HEDGES_AFTER = {("or", "more"): "at least", ("or", "less"): "at most", ("or", "fewer"): "at most"}
HEDGE_ENDS = frozenset(phrase[-1] for phrase in HEDGES)
ABOUT = 0.1  # the share by which "about" may be off
ROUND = 0.02  # and a number in figures that ends in two zeros or more

# Where the words that a number counts come to an end.
STOPS = _words(
    "a an the this that these those his her its their our my your and or but nor of in on at by to from for "
    "with without as than into onto over under after before during since until between among across about "
    "against near per via within outside inside around through throughout up down out off who whom whose "
    "which what where when while if because so not is are was were be been being has have had having do does "
    "did will would can could may might must shall should said says it he she they we you i him them us there "
    "here also only just worldwide globally overall ago later earlier each every all both either"
)
ADDED = _words("new more additional further other others another extra")
PLURALS = _words("people men women children police media crew staff")
NOT_PLURAL = ("ss", "us", "is")
# Words for one thing, the stem first: a number of one is a rival of a number of the other.
_SAME = """
    death dead died die dies dying fatality casualty killed kill killing
    injury injured injure wounded wounding hurt
    recovery recovered recover
    person people individual human
    man men
    woman women
    child children kid
    view viewed
    review reviewer critic reviewed
    infection infected
    arrest arrested detained
    film movie
"""
SAME = {word: words.split()[0] for words in _SAME.strip().splitlines() for word in words.split()}
EVENTS = _words("death injury recovery infection arrest")
PEOPLE = _words("case person man woman child resident patient civilian soldier passenger worker student")
LINKS = _words("of reached rose risen climbed grew fell dropped stood stands hit totalled to at was were is are")
PHRASE = 5  # words after a number among which its noun is looked for

_MONTHS = "january february march april may june july august september october november december"
MONTHS = {name: number for number, name in enumerate(_MONTHS.split(), 1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAYS = {name: number for number, name in enumerate(_WEEKDAYS.split())}
MONTH, YEAR = 31, 12 * 31  # days
BEFORE_DATES = _words("in of by since until till from during before after early late mid last next this every")
BEFORE_YEARS = BEFORE_DATES | _words("the a an this its their his her our")  # "the 2016 elections", "2016 votes"
MEASURED = UNITS.keys() | PERCENT | SCALES.keys() | CURRENCIES.keys() | {"bc", "bce"}  # no year is before these
PLAIN_YEARS = range(1500, 2050)  # four digits that are a year even without "in"
DASHES = frozenset("-–—‑−")
SCORE_WORDS = _words(
    "won win wins beat beats beating lost lose loses drew draw defeat defeated defeating victory score scored "
    "final lead led ahead set sets match aggregate"
)
NEAR = 10  # tokens around "1-2" in which a game is told of

GROUPED = re.compile(
    r"(\d{1,3}(?:[,\u2009\u202f\u00a0]\d{2,3})*[,\u2009\u202f\u00a0]\d{3}|\d{1,3}(?:\.\d{3}){2,})(\.\d+)?"
)
DECIMAL = re.compile(r"(\d+)(?:[.·](\d+)|,(\d{1,2}))?")
RATING = re.compile(r"(\d+)(?:\.(\d+))?/(\d+)")
HALF_UP = 1 - 1e-9  # what lies half-way rounds up: 23.5 is no 23
LONGEST = 18  # digits and separators: a longer run is a key or a code


def _stem(word: str) -> str:
    """A noun without its plural, and one word for those that mean the same here ("died", "deaths")."""
    if word in SAME:
        return SAME[word]
    if word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif _is_plural(word):
        word = word[:-1]
    return SAME.get(word, word)


def _is_plural(word: str) -> bool:
    return word.endswith("s") and len(word) > 3 and not word.endswith(NOT_PLURAL)


class _Number(NamedTuple):
    """A number as far as the token `end`; `scale` is what "million" and the like multiplied it by."""

    value: float
    slack: float
    end: int
    scale: float = 1.0
    suffix: str = ""
    unit: str = ""


# -- reader ----------------------------------------------------------------------------------------


class Reader:
    """Reads the dates and numbers out of the tokens of one text; `taken` marks the tokens that they are."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        # The padding answers for looks past the end and, as negative indices, before the start.
        self.words = [token.word for token in found] + [""] * 8
        self.taken = [False] * len(self.words)

    def facts(self) -> Iterator[Found]:
        """Dates first, for their numbers are no numbers; then everything else that counts or measures."""
        for read in (self._date, self._number):
            at = 0
            while at < len(self.tokens):
                fact = None if self.taken[at] else read(at)
                if fact and not any(self.taken[fact[0] : fact[1]]):
                    begin, at, _ = fact
                    self.taken[begin:at] = [True] * (at - begin)
                    yield fact
                else:
                    at += 1

    def _adjacent(self, first: int, last: int) -> bool:
        """Whether no white space stands between two tokens."""
        return self.tokens[last].start - self.tokens[first].end == sum(
            len(token.text) for token in self.tokens[first + 1 : last]
        )

    # -- dates

    def _date(self, at: int) -> Found | None:
        word = self.words[at]
        if word[0].isdigit():
            return self._in_figures(at) or self._day_first(at) or self._year(at)
        if not self.tokens[at].text[0].isupper():
            return None
        if word in MONTHS:
            return self._month_first(at)
        if word in WEEKDAYS:
            following = at + 1 + (self.words[at + 1] == ",")
            number, month = self.words[following][:1].isdigit(), self.words[following] in MONTHS
            dated = (self._day_first if number else self._month_first)(following) if number or month else None
            if dated and isinstance(dated[2], Day) and dated[2].day:
                return at, dated[1], replace(dated[2], weekday=WEEKDAYS[word])
            return at, at + 1, Day(0, 0, weekday=WEEKDAYS[word])
        return None

    def _in_figures(self, at: int) -> Found | None:
        """2016-05-12, and the season 2019/20."""
        parts = [self.words[i] for i in range(at, at + 5)]
        if parts[1] == parts[3] == "-" and [len(parts[i]) for i in (0, 2, 4)] == [4, 2, 2]:
            year, month, day = (_figures(parts[i]) for i in (0, 2, 4))
            if year and month in range(1, 13) and day in range(1, 32) and self._adjacent(at, at + 4):
                return self._dated(at, at + 5, year, month, day)
        first, _, last = self.words[at].partition("/")
        if (year := _figures(first)) in PLAIN_YEARS and len(last) == 2 and _figures(last) == (year + 1) % 100:
            return at, at + 1, Day(year * YEAR, (year + 2) * YEAR - 1, year)
        return None

    def _day_first(self, at: int) -> Found | None:
        """12 May 2016, the 12th of May, 12-14 May."""
        first = last = self._day(at)
        end = at + 1
        if first and (self.words[end] in DASHES or self.words[end] in ("to", "and")) and self._day(end + 1):
            last, end = self._day(end + 1), end + 2
        end += self.words[end] == "of"
        month = MONTHS.get(self.words[end], 0)
        if not first or not month or not self.tokens[end].text[0].isupper():
            return None
        year, end = self._year_after(end + 1)
        return self._dated(at, end, year, month, first, last)

    def _month_first(self, at: int) -> Found | None:
        """May 12, 2016, May 2016, and May alone where a word before it says that it is no name or verb."""
        month, before = MONTHS[self.words[at]], self.words[at - 1]
        end = at + 1 + (self.words[at + 1] == "." and len(self.words[at]) < 5)
        first = last = self._day(end)
        if first:
            end += 1
            if self.words[end] in DASHES and self._day(end + 1):
                last, end = self._day(end + 1), end + 2
        year, end = self._year_after(end)
        if first and not year and before == "in":  # "in May 12 people" tells of twelve people
            return self._dated(at, at + 1, None, month)
        if year or first or before in BEFORE_DATES:
            return self._dated(at, end, year, month, first or None, last or None)
        return None

    def _year(self, at: int) -> Found | None:
        """2016, 2010-2015, the 1990s: four digits that count nothing."""
        word, before, after = self.words[at], self.words[at - 1], self.words[at + 1]
        year = _figures(word.removesuffix("s")) if word[-1] != "s" or len(word) == 5 else 0
        if not (year in PLAIN_YEARS or (year in range(1000, 2100) and before in BEFORE_DATES)):
            return None
        owned = after in "'’" and self.words[at + 2] == "s"  # 1990's
        if word[-1] == "s" or (owned and year % 10 == 0):
            span = 10 if year % 100 else 100  # the 1800s are a century
            return at, at + (3 if owned else 1), Day(year * YEAR, (year + span) * YEAR - 1, year)
        if after in DASHES:
            other = self.words[at + 2]
            last = _figures(other) + (year // 100 * 100 if len(other) == 2 else 0)
            return (at, at + 3, Day(year * YEAR, (last + 1) * YEAR - 1, year)) if year < last < 2100 else None
        counted = (_is_plural(after) or after in PLURALS) and before not in BEFORE_YEARS
        if counted or after in MEASURED or before in SIGNS or before in ("than", "over", "nearly"):
            return None
        return self._dated(at, at + 1, year)

    def _day(self, at: int) -> int:
        """The day of a month at a token ("12", "12th"), 0 where there is none."""
        word = self.words[at]
        day = _figures(word[:-2] if word[-2:] in ORDINAL_ENDS else word)
        return day if day < 32 else 0

    def _year_after(self, at: int) -> tuple[int | None, int]:
        """A year that ends a date, and the token after it; no year leaves the token where it was."""
        skipped = at + (self.words[at] == ",")
        year = _figures(self.words[skipped]) if len(self.words[skipped]) == 4 else 0
        return (year, skipped + 1) if year in range(1000, 2100) else (None, at)

    def _dated(
        self,
        at: int,
        end: int,
        year: int | None,
        month: int | None = None,
        day: int | None = None,
        last: int | None = None,
    ) -> Found:
        low = (year or 0) * YEAR + ((month or 1) - 1) * MONTH + (day or 1) - 1.0
        high = low + (max((last or day or 1) - (day or 1), 0) if day else (MONTH if month else YEAR) - 1)
        begin = at - 1 - (self.words[at - 2 : at] == ["prior", "to"])
        hedge = self.words[begin] if self.words[begin - 1] not in UNITS else ""  # not in "two days before"
        if hedge in ("before", "prior"):
            return begin, end, Day(-math.inf, low - 1, year, month, day)
        if hedge == "by":
            return begin, end, Day(-math.inf, high, year, month, day)
        if hedge == "after":
            return begin, end, Day(high + 1, math.inf, year, month, day)
        return at, end, Day(low, high, year, month, day)

    # -- numbers

    def _number(self, at: int) -> Found | None:
        word = self.words[at]
        if word[0].isdigit():
            return self._score(at) or self._ordinal(at) or self._counted(at)
        if word in ORDINALS:
            return self._ordinal(at)
        if word.partition("-")[0] in SPELLED:
            return self._fraction(at) or self._counted(at)
        return None

    def _score(self, at: int) -> Found | None:
        """ "2-1", "6-4, 7-5": a falling pair, or a rising one where a game is told of; else it is a range."""
        pairs: list[tuple[int, int]] = []
        end = at
        while pair := self._pair(end):
            pairs.append(pair)
            end += 3
            if not self._pair(end + 1) or self.words[end] != ",":
                break
            end += 1
        if not pairs or self.words[end] in UNITS or self.words[end] in PERCENT or self.words[end] in DASHES:
            return None
        if len(pairs) == 1 and pairs[0][0] <= pairs[0][1]:
            around = self.words[max(0, at - NEAR) : end + NEAR]
            if SCORE_WORDS.isdisjoint(around) or self._things(end, ""):
                return None
        return at, end, Quantity(0, 0, 0, unit="score", score=tuple(pairs))

    def _pair(self, at: int) -> tuple[int, int] | None:
        first, dash, last = self.words[at : at + 3]
        if dash not in DASHES or len(first) > 2 or len(last) > 2 or not (first.isdecimal() and last.isdecimal()):
            return None
        return (int(first), int(last)) if self._adjacent(at, at + 2) else None

    def _ordinal(self, at: int) -> Found | None:
        """ "42nd", "the third album", "finished second": what it orders is the last word before a preposition."""
        word, before = self.words[at], self.words[at - 1]
        if word in ORDINALS:
            value = float(ORDINALS[word])
        else:
            digits = _digits(word)
            if digits is None or digits.suffix not in ORDINAL_ENDS:
                return None
            value = digits.value
        phrase = [other for other in self._phrase(at + 1) if other not in ("most", "ever")]
        if word in ORDINALS and not phrase and before not in RANKED:
            return None
        things = frozenset({_stem(phrase[-1])}) if phrase else frozenset[str]()
        return at, at + 1, Quantity(value, value, value, unit="ordinal", things=things)

    def _fraction(self, at: int) -> Found | None:
        """ "half of", "a third of", "two-thirds", "three quarters", as a percentage."""
        head, _, tail = self.words[at].partition("-")
        end, count = at + 1, 1 if head in ("a", "an", "one") else CARDINALS.get(head, 0)
        if self.words[at] == "half":
            count, tail = 1, head
        elif not tail:
            tail, end = self.words[end], end + 1
        if count > 1:
            tail = tail.removesuffix("s")
        elif count != 1 or self.words[end] not in ("of", "the", "their", "its"):
            return None
        if tail not in FRACTIONS:
            return None
        value = count * FRACTIONS[tail]
        things = self._things(end + (self.words[end] == "of"), "%")
        share = Quantity(value, value - FRACTION_SLACK, value + FRACTION_SLACK, unit="%", things=things)
        return self._hedged(at, end, share)

    def _counted(self, at: int) -> Found | None:
        """A number with all that belongs to it: currency, range, unit, the noun that it counts, hedge."""
        number = self._read(at)
        if number is None:
            return None
        begin, end = at, number.end
        money = SIGNS.get(self.words[at - 1], "")
        if money:
            begin -= 2 if self.words[at - 2] in DOLLARS and self._adjacent(at - 2, at - 1) else 1
        if number.suffix == "m" and (money or self._things(end, "")):
            number = number._replace(value=number.value * 1e6, slack=(number.slack or 0.5) * 1e6, suffix="")
        upper = None if number.suffix or number.unit else self._upper(begin, end, number)
        if upper:
            end = upper.end
        unit, base, size, end = self._unit(at, end, upper or number, money)
        if unit is None:
            return None
        signed = self.words[at - 1] == "minus" or (
            self.words[at - 1] in DASHES and self._adjacent(at - 1, at) and not self._adjacent(at - 2, at - 1)
        )
        if signed:
            number, begin = number._replace(value=-number.value), at - 1
        things = frozenset[str]() if unit[:1] == "/" or unit == "age" else self._things(end, unit, number.value)
        if unit == "" and not things:
            things = self._things_before(begin)
        if unit == "" and self.words[at] == "one" and not things:
            return None
        added = not ADDED.isdisjoint([*self._phrase(end), self.words[begin - 1]])
        value, slack = number.value, number.slack
        if unit and number.scale == 1 and not slack:
            slack = 0.5
        high = value + slack * HALF_UP
        quantity = Quantity(value, value - slack, high, "exact", unit, base, size, things, added)
        if not upper:
            return self._hedged(begin, end, quantity)
        low, high = value * (upper.scale if number.scale == 1 else 1), upper.value
        begin -= self.words[begin - 1] == "between"
        return begin, end, replace(quantity, value=(low + high) / 2, low=low, high=high, hedge="range")

    def _read(self, at: int) -> _Number | None:
        """The number that begins at a token, with its scale."""
        word = self.words[at]
        if word[:1].isdigit():
            number, end = _digits(word), at + 1
        else:
            number = self._spelled(at) if word.partition("-")[0] in SPELLED else None
            end = number.end if number else at
        if number is None:
            return None
        value, slack, _, scale, suffix, unit = number
        if suffix and suffix not in SCALES:
            return _Number(value, slack, end, scale, suffix, unit)
        words = [suffix] if suffix else []
        while len(words) < 3 and self.words[end] in SCALES:
            words.append(self.words[end])
            end += 1
        for factor in map(SCALES.__getitem__, words):
            scale *= factor
        if scale > 1:
            places = slack if 0 < slack < 0.5 else 0.5
            slack = places * scale if scale >= 1_000 else 0.0
        if self.words[end : end + 3] == ["and", "a", "half"]:
            value, slack, end = value + 0.5, 0.25, end + 3
        return _Number(value * scale, slack, end, scale, unit=unit)

    def _spelled(self, at: int) -> _Number | None:
        """A number in words as far as its scale: "twelve", "twenty-four", "two hundred and fifty", "half a"."""
        head, following = self.words[at], self.words[at + 1]
        if head in ("a", "an"):
            return _Number(1, 0, at + 1) if following in SCALES else None
        if head == "half":
            good = following in ("a", "an") and (self.words[at + 2] in SCALES or self.words[at + 2] in UNITS)
            return _Number(0.5, 0.05, at + 2) if good else None
        value, end = 0, at
        while end < at + 6:
            words = self.words[end].split("-")
            if words == ["and"] and end > at and value >= 100 and value % 100 == 0:
                words = self.words[end + 1].split("-")
                ahead = 2
            else:
                ahead = 1
            grown = _grown(value, words, fresh=end == at)
            if grown is None:
                break
            value, end = grown, end + ahead
        return _Number(value, 0, end) if end > at else None

    def _upper(self, begin: int, end: int, number: _Number) -> _Number | None:
        """The upper end of a range: "10-15", "10 to 15", "between 10 and 15"."""
        word, before = self.words[end], self.words[begin - 1]
        joined = (
            word in DASHES
            or (word == "to" and before not in ("from", "by"))
            or (word, before) == ("and", "between")
        )
        if not joined:
            return None
        ahead = end + 1 + (self.words[end + 1] in SIGNS)
        upper = None if self.taken[ahead] else self._read(ahead)
        return upper if upper and upper.value > number.value and not upper.unit else None

    def _unit(self, at: int, end: int, number: _Number, money: str) -> tuple[str | None, str, float, int]:
        """Unit, base, size, and the token after; None for letters that make the number something else ("3D")."""
        plain = ("", 1.0)
        if money or number.unit:
            return money or number.unit, *plain, end
        if number.suffix:
            unit, base, size = UNITS.get(number.suffix, (None, *plain))
            return unit, base, size, end
        if self.words[at - 1] == "aged" or self.words[at - 2 : at] == ["age", "of"] or self.words[at - 1] == "age":
            return "age", *plain, end
        hyphen = self.words[end] in DASHES and self._adjacent(end - 1, min(end + 1, len(self.tokens) - 1))
        first = end + hyphen
        word, following = self.words[first], self.words[first + 1]
        if word in ("year-old", "year-olds") or (word in ("year", "years") and following == "old"):
            return "age", *plain, first + 1 + (following == "old")
        if word in PERCENT:
            return "%", *plain, first + 1
        if word == "per" and following == "cent":
            return "%", *plain, first + 2
        if word == "us" and following in CURRENCIES:
            return CURRENCIES[following], *plain, first + 2
        if word in CURRENCIES:
            return CURRENCIES[word], *plain, first + 1
        if word == "out" and following == "of" and (whole := self._read(first + 2)):
            counted = self._things(whole.end, "")  # "15 out of 28 provinces" counts provinces
            return "" if counted else f"/{whole.value:g}", *plain, whole.end
        if word in ("square", "sq", "cubic") and following in UNITS:
            unit, base, size = UNITS[following]
            power, size = ("cubic", size**3) if word == "cubic" else ("square", size**2)
            return f"{power} {unit}", f"{power} {base}", size, first + 2
        if word in UNITS and (len(word) > 1 or self.tokens[first].text == word):
            if self.words[first + 1 : first + 3] == ["/", "h"] and word == "km":
                return "km/h", "speed", 1.0, first + 3
            unit, base, size = UNITS[word]
            return unit, base, size, first + 1
        return "", *plain, end

    def _phrase(self, at: int) -> list[str]:
        """The words after a number as far as they can belong to what it counts."""
        at += self.words[at] in DASHES
        phrase: list[str] = []
        while len(phrase) < PHRASE:
            word = self.words[at]
            if not word[:1].isalpha() or word in STOPS or word in CARDINALS or self.taken[at]:
                break
            phrase.append(word)
            at += 1
        return phrase

    def _things(self, at: int, unit: str, value: float = 2.0) -> frozenset[str]:
        """The stem of the noun that is counted: the first plural; of a measure or a single thing the last word.

        People to whom something happened count as that: "12 people were killed" as deaths.
        """
        phrase = self._phrase(at + (self.words[at] == "of" and unit != ""))
        if not phrase:
            return frozenset()
        plural = next((i for i, word in enumerate(phrase) if _is_plural(word) or word in PLURALS), None)
        noun = _stem(phrase[plural]) if plural is not None else ""
        if unit == "" and (not noun or noun in PEOPLE):
            behind = at + len(phrase) if plural is None else at + plural + 1
            told = [*phrase[:plural], *(self.words[behind : behind + 3] if plural is not None else [])]
            stems = (_stem(word) for word in takewhile(lambda word: word.isalpha() and word != "and", told))
            noun = next((word for word in stems if word in EVENTS), noun)
        if not noun and phrase and (unit or value == 1):
            noun = _stem(phrase[-1])
        return frozenset({noun} - {""})

    def _things_before(self, begin: int) -> frozenset[str]:
        """The noun before a number that has none behind it: "a population of 4,500", "cases reached 20"."""
        at = begin - 1
        while at > begin - 4 and self.words[at] in LINKS:
            at -= 1
        word = self.words[at]
        return frozenset({_stem(word)}) if at < begin - 1 and word.isalpha() and word not in STOPS else frozenset()

    def _hedged(self, begin: int, end: int, quantity: Quantity) -> Found:
        """The number with the words before or after it that say how far it may be off."""
        hedge = ""
        if self.words[begin - 1] in HEDGE_ENDS:
            for length in (3, 2, 1):
                phrase = tuple(self.words[begin - length : begin]) if begin >= length else ()
                if phrase in HEDGES and not any(self.taken[begin - length : begin]):
                    hedge, begin = HEDGES[phrase], begin - length
                    break
        elif after := HEDGES_AFTER.get((self.words[end], self.words[end + 1])):
            hedge, end = after, end + 2
        elif self.words[end] == "+":
            hedge, end = "at least", end + 1
        return begin, end, _loosened(quantity, hedge)


def _figures(word: str) -> int:
    """A short whole number in figures, 0 for everything else."""
    return int(word) if len(word) < 5 and word.isdecimal() else 0


@lru_cache(maxsize=1_024)
def _digits(word: str) -> _Number | None:
    """A token that begins with a digit: its value, and the letters behind it."""
    bare = len(word)
    while word[bare - 1].isalpha():
        bare -= 1
    figures, suffix = word[:bare], word[bare:]
    if bare > LONGEST:
        return None
    if rating := RATING.fullmatch(figures):
        places = rating[2] or ""
        slack = 10.0 ** -len(places) / 2 if places else 0.0
        return _Number(float(f"{rating[1]}.{places or 0}"), slack, 0, unit=f"/{int(rating[3])}", suffix=suffix)
    if grouped := GROUPED.fullmatch(figures):
        whole, places = re.sub(r"\D", "", grouped[1]), (grouped[2] or "")[1:]
    elif decimal := DECIMAL.fullmatch(figures):
        whole, places = decimal[1], decimal[2] or decimal[3] or ""
    else:
        return None
    value = float(f"{whole}.{places or 0}")
    zeros = len(whole) - len(whole.rstrip("0"))
    if places:
        return _Number(value, 10.0 ** -len(places) / 2, 0, suffix=suffix)
    return _Number(value, min(10.0**zeros / 2, ROUND * value) if zeros > 1 else 0.0, 0, suffix=suffix)


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


def _loosened(quantity: Quantity, hedge: str) -> Quantity:
    value, low, high = quantity.value, quantity.low, quantity.high
    off = ABOUT * abs(value)
    beyond = quantity.base != "time"  # "over ten days" is said of ten days too
    above, below = (
        (math.nextafter(value, math.inf), math.nextafter(value, -math.inf)) if beyond else (value, value)
    )
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
            return replace(quantity, low=low, high=math.inf, hedge="at least")
        case "at most":
            return replace(quantity, low=-math.inf, high=high, hedge="at most")
    return quantity
