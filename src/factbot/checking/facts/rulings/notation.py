"""A claim in the notation of its evidence: the same amounts, times, days and names, as the evidence writes them.

To a small verifier "3,445 feet" looks like another length than "1,050 metres", and "Soren" like another man than
"Søren". What is worth the same is put in the evidence's own words, so that it reads like beside like. Nothing else
of the claim changes, so whatever was true of it stays true, and whatever was false stays false.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factbot.checking.facts.amounts.changes import DOWN, UP
from factbot.checking.facts.amounts.quantities import HEDGES as HEDGING
from factbot.checking.facts.mentions import keyed
from factbot.checking.facts.names import capitalised
from factbot.checking.facts.reading import Fact, Reading, is_appearance, read_facts
from factbot.checking.facts.values import Clock, Day, Quantity, Value, agreement, bears_out, same_number
from factbot.text.tokens import TokenizedText, word_set

__all__ = ["in_words_of"]

KEPT_UNITS = frozenset({"ordinal", "score", "age", "times"})  # what these are of is said around them
HEDGES = frozenset({"exact", "about"})
SMALL = 20  # a count up to this is read in words and in figures alike
BARE_DAYS = word_set("yesterday today tonight tomorrow last this next")  # without "on" before them
LINKS = word_set("by of")  # between a word of change and its figure
SHORTEST = 3  # letters of a word that may be spelled in two ways

Change = tuple[int, int, str]  # start, end of the claim, and what takes its place


def in_words_of(claim: str, evidence: str) -> str:
    """The claim with its amounts, times, days and spellings as the evidence writes them, where they are the same.

    An amount gives way to one of the evidence that agrees with it: of another unit, scale or currency sign, in
    words or figures, or rounded; "by two points" and "by a quarter" to "from 8 to 6 percent", from which they
    follow. A date gives way to the day that the evidence names ("on Sunday") under its article's date. Both are
    plain text in English; what the evidence has word for word stays.
    """
    ours, theirs = TokenizedText(claim), TokenizedText(evidence)
    known = capitalised(ours) | capitalised(theirs)
    read = read_facts(theirs, known)
    there = {token.text for token in theirs.tokens}
    found: dict[int, Change] = {}
    for fact in read_facts(ours, known).stated:
        change = _rewritten(fact, claim, ours, read, theirs)
        if change:
            found[change[0]] = change
    for change in _spelled(ours, theirs, there):
        found.setdefault(change[0], change)
    made, end = "", 0
    for first, last, words in sorted(found.values()):
        if first >= end:
            made, end = f"{made}{claim[end:first]}{words}", last
    return made + claim[end:]


# -- amounts and days ------------------------------------------------------------------------------


def _rewritten(fact: Fact, claim: str, ours: TokenizedText, read: Reading, theirs: TokenizedText) -> Change | None:
    value = fact.value
    if isinstance(value, Quantity):
        if value.unit in KEPT_UNITS or value.hedge not in HEDGES:
            return None
        if value.change:
            return _changed(fact, ours, read, theirs)
        other = _same(fact, [held for held in read.stated if _may_stand_for(value, held)])
        return _replaced(fact, value, other, claim) if other else None
    if isinstance(value, Clock):
        held = _same(fact, [held for held in read.stated if isinstance(held.value, Clock)])
        return (fact.start, fact.end, _fitting(held.text, fact.start, claim, fact.end)) if held else None
    if isinstance(value, Day) and value.day and value.year:
        return _named_day(fact, claim, read, theirs.text)
    return None


def _may_stand_for(value: Quantity, held: Fact) -> bool:
    other = held.value
    if not isinstance(other, Quantity) or other.change or other.unit in KEPT_UNITS:
        return False
    small = not value.unit and value.value == other.value <= SMALL
    return other.hedge in HEDGES and other.added == value.added and not small


def _same(fact: Fact, held: Sequence[Fact]) -> Fact | None:
    """The first fact of the evidence that says the same in other words; None too where one says it in these."""
    alike = [h for h in held if _is_same(fact.value, h.value)]
    if any(h.text.casefold() == fact.text.casefold() for h in alike):
        return None
    return min(alike, key=lambda h: h.value != fact.value, default=None)


def _is_same(value: Value, other: Value) -> bool:
    """Whether two facts agree, or are one bare number, whatever each of them counts."""
    return same_number(value, other) or bears_out(other, value)


def _replaced(fact: Fact, value: Quantity, other: Fact, claim: str) -> Change | None:
    """An amount in the other fact's words. The claim keeps its own "about" where the two are of one value."""
    start, words = fact.start, other.text
    theirs = other.value
    if isinstance(theirs, Quantity) and value.value * value.size == theirs.value * theirs.size:
        start, words = start + _hedge(fact.text), words[_hedge(words) :]
        if claim[start : fact.end].casefold() == words.casefold():
            return None
    said = claim[start : fact.end].split()
    if value.unit == "%" and "in" in said:
        if said[1] not in ("in", "out"):
            return None  # "one flight in four" says what it counts
        follows = claim[fact.end :].lstrip()
        if " in " not in words and follows[:1].isalpha() and not follows.startswith("of "):
            words = f"{words} of"  # "one in four voters" is "25% of voters"
    return start, fact.end, _fitting(words, start, claim, fact.end)


def _hedge(text: str) -> int:
    """Where an amount begins behind its "about" or "just under"."""
    words = text.lower().split()
    length = max((n for n in range(1, min(4, len(words))) if tuple(words[:n]) in HEDGING), default=0)
    return len(text) - len(text.split(maxsplit=length)[-1]) if length else 0


def _fitting(words: str, start: int, claim: str, end: int) -> str:
    """Words of the evidence with the capital and the full stop that their place in the claim asks for."""
    if words[:2].istitle() and words.split()[0].isalpha():
        words = words[0].lower() + words[1:]
    if claim[end : end + 1] == ".":
        words = words.removesuffix(".")
    return words if start else words[0].upper() + words[1:]


def _named_day(fact: Fact, claim: str, read: Reading, evidence: str) -> Change | None:
    """A date as the day that the evidence names and means by it: "on 10 March 2024" is "on Sunday"."""
    told = [held for held in read.stated if isinstance(held.value, Day) and not is_appearance(held, evidence)]
    alike = [held for held in told if agreement(fact.value, held.value)]
    if not alike or any(any(c.isdigit() for c in held.text) for held in alike):
        return None
    words, start = alike[0].text, fact.start
    before = claim[:start].rstrip()
    if words.split()[0].lower() in BARE_DAYS and before.lower().endswith((" on", " in")):
        start = len(before) - 2
    return start, fact.end, words


# -- changes ---------------------------------------------------------------------------------------


def _changed(fact: Fact, ours: TokenizedText, read: Reading, theirs: TokenizedText) -> Change | None:
    """A change in the evidence's figures: "fell by a quarter" is "fell from 8 to 6 percent" where it is.

    Only where both say it of the same thing, and behind a verb, so that the sentence goes on.
    """
    value = fact.value
    held = [other for other in read.stated + read.implied if _is_same_change(value, other.value)]
    if not held or any(other.text.casefold() == fact.text.casefold() for other in held):
        return None
    for other in held:
        words = _in_figures(other, read, theirs)
        verb = _verb(ours, fact)
        if words.startswith(("from ", "to ")) and verb is not None:
            return verb[1], fact.end, words
        if words and not words.startswith(("from ", "to ")):
            start = verb[0] if verb else fact.start if _is_verb(fact.text) else None
            if start is not None:
                return start, fact.end, words
    return None


def _is_same_change(value: object, other: object) -> bool:
    if not isinstance(value, Quantity) or not isinstance(other, Quantity) or not other.change:
        return False
    if value.unit != other.unit and not value.base == other.base != "":
        return False
    if not agreement(value, other):
        return False
    return value.noun == other.noun != ""


def _in_figures(other: Fact, read: Reading, theirs: TokenizedText) -> str:
    """A change of the evidence with its verb ("doubled", "rose by 100%"), or as "from 8 to 6 percent"."""
    if other in read.implied:
        if " to " in other.text:
            return f"from {other.text}"
        return f"to {other.text}" if " from " in other.text else other.text if _is_verb(other.text) else ""
    if _is_verb(other.text):
        return other.text
    verb = _verb(theirs, other)
    return theirs.text[verb[0] : other.end] if verb else ""


def _is_verb(text: str) -> bool:
    return text.isalpha()


def _verb(text: TokenizedText, fact: Fact) -> tuple[int, int] | None:
    """Where the verb of change before a fact begins, and where the word after it does; None without one."""
    at = next(n for n, token in enumerate(text.tokens) if token.start == fact.start) - 1
    at -= text.words[at] in LINKS
    if at < 0 or not (text.words[at] in UP or text.words[at] in DOWN):
        return None
    return text.tokens[at].start, text.tokens[at].end + 1


# -- spelling --------------------------------------------------------------------------------------


def _spelled(ours: TokenizedText, theirs: TokenizedText, there: set[str]) -> Iterator[Change]:
    """The names of a claim that the evidence spells with other letters: "Soren" is "Søren", "Mueller" "Müller"."""
    plain = {token.word: token.text for token in theirs.tokens if token.text[0].isupper()}
    accented = {keyed(token.word): token.text for token in theirs.tokens if not token.text.isascii()}
    for token in ours.tokens:
        if token.text in there or not token.text[0].isupper() or len(token.text) < SHORTEST:
            continue
        held = plain.get(token.word) or accented.get(keyed(token.word), "")
        if not held and not token.text.isascii():
            held = {keyed(word): text for word, text in plain.items()}.get(keyed(token.word), "")
        if held and not (held.isascii() and token.text.isascii()) and held.isupper() == token.text.isupper():
            yield token.start, token.end, held
