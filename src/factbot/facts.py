"""The numbers, dates and names of a claim compared outright with those of the evidence.

What a trained verifier blurs a rule tells apart: "24 million" is not "23.1 million". `compare` looks for every
fact of the claim in the evidence. It speaks of a mismatch only where the evidence gives a rival, a fact of the
same kind with another value, and nothing that agrees; where nothing is of that kind the fact is missing. A rival
that is too coarse to decide ("about 20" for "21") makes neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from factbot.quantities import MONTHS, STOPS, WEEKDAYS, Day, Quantity, Reader, Token, tokens, verdict

__all__ = ["Comparison", "Fact", "Kind", "Mismatch", "compare", "described", "find_facts"]

Kind = Literal["number", "date", "name"]
Value = Quantity | Day | tuple[str, ...]


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


def described(mismatch: Mismatch) -> str:
    """A mismatch in words for people: "the claim says 24 million, the article says 23 million"."""
    return f"the claim says {mismatch.claim}, the article says {mismatch.evidence}"


def find_facts(text: str) -> list[Fact]:
    """The numbers, dates and names of a text, in the order in which they stand; they never overlap."""
    found = tokens(text)
    return _facts(text, found, _capitalised(text, found))


def compare(claim: str, evidence: str) -> Comparison:
    """The facts of a claim against those of the evidence, both plain text in English.

    Time grows with the length of both, and with the facts of the claim times the different ones of the evidence.
    """
    ours, theirs = tokens(claim), tokens(evidence)
    known = _capitalised(claim, ours) | _capitalised(evidence, theirs)
    facts = _facts(claim, ours, known)
    held = _Evidence(evidence, theirs, _facts(evidence, theirs, known), ours, {fact.value for fact in facts})
    outcomes: dict[Value, Outcome] = {}
    agreeing, mismatches, missing = 0, [], []
    for fact in facts:
        if fact.value not in outcomes:
            outcomes[fact.value] = held.against(fact.value)
        agrees, rival = outcomes[fact.value]
        if agrees:
            agreeing += 1
        elif rival:
            mismatches.append(Mismatch(fact.kind, fact.text, rival.text))
        elif agrees is False:
            missing.append(fact)
    return Comparison(agreeing, tuple(mismatches), tuple(missing))


def _facts(text: str, found: list[Token], known: frozenset[str]) -> list[Fact]:
    reader = Reader(found)
    facts: list[tuple[int, int, Kind, Value]] = []
    for begin, end, value in reader.facts():
        facts.append((begin, end, "date" if isinstance(value, Day) else "number", value))
    for begin, end in _names(text, found, reader.taken, known):
        words = tuple(token.word for token in found[begin:end] if token.text != ".")
        facts.append((begin, end, "name", words))
    return [
        Fact(kind, text[found[begin].start : found[end - 1].end], found[begin].start, found[end - 1].end, value)
        for begin, end, kind, value in sorted(facts, key=lambda fact: fact[0])
    ]


# -- names -----------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


INSIDE = _words("of de van von bin ibn al el da di du del der den la le dos y")
# Words that begin a sentence with a capital and belong to no name.
OPENERS = _words(
    "a an the this that these those he she it they we you i his her its their our my your who what which "
    "where when why how there here and but or nor so yet for in on at by to from with without of as if after "
    "before since until during while although though because despite following according also then thus "
    "however moreover meanwhile furthermore over under about around nearly almost some many most several few "
    "all both each every any no not is are was were has have had do does did will would can could may might "
    "must more less than up out only now today yesterday later once one two three four five six seven eight "
    "nine ten first second third between among"
)
# Words before a surname that are no first name.
TITLES = _words(
    "mr mrs ms miss dr prof professor sir lord lady dame president minister premier chancellor senator "
    "governor mayor king queen prince princess pope judge justice general colonel captain major sergeant "
    "secretary director chief chairman former actor actress singer coach st saint rev reverend father sister "
    "brother detective officer representative congressman ambassador commissioner republican democrat the"
)
# Last words that tell nothing by themselves: all of the name has to be there.
COMMON = _words(
    "party university college school ministry department street road county city town island islands court "
    "council war cup league river lake sea ocean mountain bank museum hospital airport station church club "
    "prize award awards association committee commission agency institute company group union house hall park "
    "bridge act bill day festival championship championships olympics games state states kingdom republic "
    "north south east west"
)
KIN = _words(
    "brother brothers sister sisters wife husband son sons daughter daughters father mother parents family cousin "
    "siblings twin twins uncle aunt nephew niece married marries marriage widow grandson granddaughter children"
)
PLACES = {
    word: line.split()[0]
    for line in """
        uk britain british britons gb
        us usa america american americans
        france french
        germany german germans
        spain spanish spaniards
        netherlands dutch holland
        greece greek greeks
        switzerland swiss
        sweden swedish swedes
        denmark danish danes
        poland polish poles
        scotland scottish scots
        ireland irish
        wales welsh
        finland finnish finns
        turkey turkish turks
        ukraine ukrainian
        israel israeli
        thailand thai
        eu european europe
    """.strip().splitlines()
    for word in line.split()
}
NO_NAMES = TITLES | OPENERS | MONTHS.keys() | WEEKDAYS.keys()
STARTERS = frozenset(".!?:;\"“”‘'’«([—–-*•…")
ENDINGS = ("ians", "ian", "ese", "ans", "ish", "an", "ia", "is", "i", "a", "o", "y")
LONG_FORMS = {"uk": "united kingdom", "us": "united states", "usa": "united states", "eu": "european union"}


def _root(word: str) -> str:
    """A name without the ending that tells a country from its people: "russia" and "russian" are "russ"."""
    if word in PLACES:
        return PLACES[word]
    return next((word[: -len(end)] for end in ENDINGS if word.endswith(end) and len(word) - len(end) > 3), word)


def _starts(text: str, found: Sequence[Token], at: int) -> bool:
    """Whether a token begins a sentence, a quotation or a line of its own."""
    before = found[at - 1]
    return at == 0 or before.text in STARTERS or "\n" in text[before.end : found[at].start]


def _capitalised(text: str, found: Sequence[Token]) -> frozenset[str]:
    """The words that stand with a capital inside a sentence: names, wherever else they stand."""
    return frozenset(
        token.word for at, token in enumerate(found) if token.text[0].isupper() and not _starts(text, found, at)
    )


def _names(
    text: str, found: Sequence[Token], taken: Sequence[bool], known: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """(first token, token after the last) of every run of capitalised words that is a name."""
    at = 0
    while at < len(found):
        begin, at = at, _run(text, found, taken, at)
        if begin == at:
            at += 1
            continue
        opens = _starts(text, found, begin)
        while begin < at and found[begin].word in OPENERS:
            begin, opens = begin + 1, False
        alone = found[begin].word if at - begin == 1 else ""
        if begin == at or (alone and (len(alone) == 1 or alone in NO_NAMES or (opens and alone not in known))):
            continue
        yield begin, at


def _run(text: str, found: Sequence[Token], taken: Sequence[bool], at: int) -> int:
    """The token after the capitalised words that begin at one, with "of" and "van" inside and initials' stops."""
    end = at
    while at < len(found) and found[at].text[0].isupper() and not taken[at]:
        at = end = at + 1
        initial = len(found[at - 1].text) == 1
        while at < len(found) and (found[at].word in INSIDE or (initial and found[at].text == ".")):
            initial = False
            at += 1
        gap = text[found[at - 1].end : found[at].start] if at < len(found) else ""
        if not gap.isspace() or "\n" in gap:
            break
    return end


def _another(words: tuple[str, ...], held: tuple[str, ...]) -> bool:
    """Whether two names with one surname are two people's; "Joe" and "J." may be "Joseph"."""
    shared = min(len(words[0]), len(held[0]), 2)
    return len(held) == 2 and words[0][:shared] != held[0][:shared]


def _without_titles(words: Value) -> tuple[str, ...]:
    """The words of a name from its first that is no title; its last word always stays."""
    if not isinstance(words, tuple):
        return ()
    begin = next((at for at, word in enumerate(words) if word not in TITLES), len(words) - 1)
    return words[begin:]


def _initials(words: tuple[str, ...]) -> str:
    return "".join(word[0] for word in words if word not in INSIDE) if len(words) > 1 else ""


# -- the claim against the evidence ----------------------------------------------------------------

Outcome = tuple[bool | None, Fact | None]  # it agrees, it does not, or that stays open; and a rival
LOOKED_AT = 5  # rivals, the nearest first
AROUND = 250  # characters on either side of a rival
SHARED = 0.3  # of the claim's words, at least, that have to stand there


class _Evidence:
    """The facts of the evidence, and its words to look the claim's names up in, for one claim."""

    def __init__(
        self,
        text: str,
        found: Sequence[Token],
        facts: Sequence[Fact],
        claim: Sequence[Token],
        asserted: set[Value],
    ) -> None:
        first: dict[Value, Fact] = {}  # each value once: what a text repeats is not looked through twice
        for fact in facts:
            first.setdefault(fact.value, fact)
        self.text = text
        self.facts = list(first.values())
        self.names = [(fact, _without_titles(value)) for value, fact in first.items() if isinstance(value, tuple)]
        self.words = {token.word for token in found}
        self.words |= {part for word in self.words if "-" in word for part in word.split("-")}
        self.roots = {_root(word) for word in self.words}
        self.capitals = {token.word for token in found if len(token.text) > 1 and token.text.isupper()}
        self.initials = {_initials(words) for _, words in self.names}
        self.claim = {token.word for token in claim}
        self.told = {word for word in self.claim if word.isalpha() and word not in STOPS and word not in MONTHS}
        # What one fact of the claim is borne out by is no rival of another.
        self.spoken_for = {other for value in asserted for other in first if _is_meant(value, other)}

    def against(self, value: Value) -> Outcome:
        """How a fact of the claim fares."""
        return self._name(_without_titles(value)) if isinstance(value, tuple) else self._figure(value)

    def _figure(self, value: Quantity | Day) -> Outcome:
        alike = [other for other in self.facts if _comparable(value, other.value)]
        if any(_verdict(value, other.value) for other in alike):
            return True, None
        rivals = [other for other in alike if _same_kind(value, other.value)]
        if not rivals and len(alike) == 1 and _lone(value, alike[0].value):
            rivals = alike
        if len(rivals) > 1 and isinstance(value, Day) and value.year is value.month is None:
            return False, None  # articles name many weekdays
        rivals = [other for other in rivals if other.value not in self.spoken_for]
        if any(_verdict(value, other.value) is None for other in rivals):
            return None, None
        rivals = sorted(rivals, key=lambda other: _distance(value, other.value))
        if isinstance(value, Day) or not value.things:
            return False, next((other for other in rivals[:LOOKED_AT] if self._tells_of_it(other)), None)
        return False, next(iter(rivals), None)

    def _tells_of_it(self, rival: Fact) -> bool:
        """Whether the words around a rival are those of the claim: articles tell of many days and figures."""
        around = {token.word for token in tokens(self.text[max(0, rival.start - AROUND) : rival.end + AROUND])}
        return len(self.told & around) >= SHARED * len(self.told)

    def _name(self, words: tuple[str, ...]) -> Outcome:
        last = words[-1]
        if len(words) == 1:
            long_form = set(LONG_FORMS.get(last, "").split())
            in_full = bool(long_form) and self.words >= long_form
            return self._holds(last) or last in self.initials or in_full, None
        if _initials(words) in self.capitals:
            return True, None
        if last in COMMON:
            return all(self._holds(word) for word in words if word not in INSIDE), None
        if not self._holds(last) or len(words) > 2 or self._holds(words[0]):
            return self._holds(last), None
        # A surname that stands alone before its first full name is somebody whom the article named earlier.
        rival, held = next(((other, held) for other, held in self.names if held[-1] == last), (None, ()))
        if rival is None or not _another(words, held):
            return True, None
        family = held[0] in self.claim or not KIN.isdisjoint(self.claim | self.words)
        return (None, None) if family else (False, rival)

    def _holds(self, word: str) -> bool:
        return word in self.words or _root(word) in self.roots


def _is_meant(value: Value, other: Value) -> bool:
    """Whether a fact of the evidence is the very one that the claim states: "more than 5" fits too many."""
    exact = not isinstance(value, Quantity) or value.hedge == "exact"
    return exact and _comparable(value, other) and bool(_verdict(value, other))


def _verdict(claim: Value, other: Value) -> bool | None:
    return None if isinstance(claim, tuple) or isinstance(other, tuple) else verdict(claim, other)


def _comparable(claim: Value, other: Value) -> bool:
    """Whether a fact of the evidence can bear the claim's out: both dates; one unit; no two different nouns."""
    if not isinstance(claim, Quantity) or not isinstance(other, Quantity):
        return isinstance(claim, Day) and isinstance(other, Day)
    if claim.unit or other.unit:
        converted = claim.unit == other.unit or (claim.base != "" and claim.base == other.base)
        ranked = not claim.unit and not claim.things and other.unit == "ordinal"  # "ranked 13" and "the 13th"
        return converted or ranked
    return not claim.things or not other.things or claim.things == other.things


def _same_kind(claim: Value, other: Value) -> bool:
    """Whether a fact of the evidence can rule the claim's out: of the same noun; a date at least as fine."""
    if isinstance(claim, Quantity) and isinstance(other, Quantity):
        same = claim.unit == other.unit and claim.added == other.added and claim.things == other.things
        return same and bool(claim.things)
    if isinstance(claim, Day) and isinstance(other, Day):
        if claim.year is None and claim.month is None:
            return other.weekday is not None
        fine = other.high - other.low <= claim.high - claim.low
        return fine and all(theirs is not None or ours is None for ours, theirs in _parts(claim, other))
    return False


def _lone(claim: Value, other: Value) -> bool:
    """Whether the only number of a unit, or the only bare one, must be the one that is meant."""
    if not isinstance(claim, Quantity) or not isinstance(other, Quantity) or claim.unit != other.unit:
        return False
    bare = not claim.things or not other.things if claim.unit else not claim.things and not other.things
    return bare and claim.added == other.added


def _distance(claim: Value, other: Value) -> tuple[int, float]:
    """How far a rival is from what is claimed: the parts of a date that differ, then the difference."""
    if isinstance(claim, Quantity) and isinstance(other, Quantity):
        return 0, abs(claim.value - other.value)
    if isinstance(claim, Day) and isinstance(other, Day):
        return sum(ours != theirs for ours, theirs in _parts(claim, other)), abs(claim.low - other.low)
    return 0, 0.0


def _parts(claim: Day, other: Day) -> list[tuple[int | None, int | None]]:
    return [(claim.year, other.year), (claim.month, other.month), (claim.day, other.day)]
