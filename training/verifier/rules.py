"""True claims with one fact changed by rule, so that they are true no more.

A change touches a number, a date, a name, who did what to whom, a "not", an opposite, or how much is claimed
("all", "only", "first"). Changed sentences copied from an article teach little, so what is changed here are claims
in people's own words (see `made.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from training.verifier.pairs import MONTHS, NOT_SUPPORTED, REFUTED
from training.words import ANTONYM, AUXILIARIES, DATE, IRREGULAR, NAME, NUMBER

Change = tuple[str, int]  # the changed claim, and what the evidence then says of it

STRONGER = (
    ("some", "all"), ("many", "all"), ("most", "all"), ("several", "all"), ("often", "always"), ("may", "will"),
    ("might", "will"), ("could", "will"), ("sometimes", "always"), ("one of the", "the"), ("likely", "certain"),
    ("suggests", "proves"), ("suspected of", "found guilty of"), ("alleged", "proven"),
    ("plans to", "has decided to"), ("expected to", "certain to"), ("at least", "exactly"),
    ("nearly", "more than"), ("almost", "more than"),
)  # fmt: skip
DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
MORE = re.compile(
    r"(?:more than|over|at least|above|exceed\w*|greater than|no fewer than)\s[$£€]?$", re.IGNORECASE
)
LESS = re.compile(r"(?:less than|fewer than|under|below|at most|up to|no more than)\s[$£€]?$", re.IGNORECASE)

SENTENCE_END = re.compile(r"[.!?:;][\"”’')]*\s+[\"“‘'(]*$|^[\"“‘'(]+$")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TITLES = (
    "President",
    "Senator",
    "Minister",
    "Mayor",
    "Governor",
    "Judge",
    "Officials",
    "Police",
    "Republicans",
    "Democrats",
)
NO_NAMES = frozenset((*MONTHS, *WEEKDAYS, *TITLES))
FIRST_WORDS = frozenset(
    [
        "The", "A", "An", "In", "On", "At", "By", "For", "From", "He", "She", "It", "They", "We", "His", "Her",
        "Their", "Its", "This", "That", "These", "Those", "But", "And", "When", "While", "After", "Before", "As",
        "If", "Since",
        "During", "With", "Former", "Some", "Many", "Most", "One", "Two", "Three", "Four", "Five", "Six", "Seven",
        "Eight", "Nine", "Ten", "No", "Not", "All", "Both",
    ]
)  # fmt: skip


def changed(claim: str, others: Sequence[str], random: Random) -> Change | None:
    """The claim with one fact changed, or None where the rules find none to change.

    `others` are texts to take other names from; names that stand in the claim are not taken.
    """
    ways: list[Callable[[], Change | None]] = [
        lambda: _other_number(claim, random),
        lambda: _other_date(claim, random),
        lambda: _other_name(claim, others, random),
        lambda: _other_name(claim, others, random),
        lambda: _swapped(claim, random),
        lambda: _negated(claim, random),
        lambda: _negated(claim, random),
        lambda: _opposite(claim, random),
        lambda: _stronger(claim, random),
    ]
    random.shuffle(ways)
    return next((change for change in (way() for way in ways) if change and change[0] != claim), None)


def _other_number(claim: str, random: Random) -> Change | None:
    found = [m for m in NUMBER.finditer(claim) if not DATE.match(claim, m.start(1))]
    if not found:
        return None
    place = random.choice(found)
    digits = DIGITS.search(place.group(1))
    if digits is None:
        return None
    start, end = place.start(1) + digits.start(), place.start(1) + digits.end()
    value = float(digits.group().replace(",", ""))
    before = claim[:start]
    factor = (
        random.choice((1.08, 1.25, 1.5, 2, 3)) if random.random() < 0.5 else random.choice((0.9, 0.75, 0.5, 0.3))
    )
    if MORE.search(before):  # only a larger bound is untrue of the same number
        factor = random.choice((1.3, 1.6, 2, 3))
    elif LESS.search(before):
        factor = random.choice((0.7, 0.5, 0.3))
    places = len(digits.group().partition(".")[2])
    new = round(value * factor, places)
    if new == value or (not places and value < 20 and random.random() < 0.8):
        new = value + random.choice((1, 2, 3)) if not LESS.search(before) else value - 1
    if new <= 0 or new == value:
        return None
    written = f"{new:,.{places}f}" if "," in digits.group() else f"{new:.{places}f}"
    return f"{claim[:start]}{written}{claim[end:]}", REFUTED


def _other_date(claim: str, random: Random) -> Change | None:
    found = list(DATE.finditer(claim))
    if not found:
        return None
    place = random.choice(found)
    text = place.group(1)
    years = re.search(r"(?:1[5-9]|20)\d\d", text)
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", text)
    month = next((m for m in MONTHS if m in text), None)
    choice = random.choice([part for part in (years, day, month) if part])
    if choice is years and years:
        new = text.replace(years.group(), str(int(years.group()) + random.choice((-10, -3, -2, -1, 1, 2, 3, 10))))
    elif choice is day and day:
        new = f"{text[: day.start()]}{(int(day.group()) + random.randint(1, 26)) % 28 + 1}{text[day.end() :]}"
    elif month:
        new = text.replace(month, random.choice([m for m in MONTHS if m != month]))
    return (f"{claim[: place.start(1)]}{new}{claim[place.end(1) :]}", REFUTED) if new != text else None


def names(text: str) -> list[re.Match[str]]:
    """The names in a text; a single capitalised word that begins a sentence is left out, as it may be any word."""
    return [
        m
        for m in NAME.finditer(text)
        if m.group() not in NO_NAMES
        and len(m.group()) > 2
        and (" " in m.group() or (m.start() > 0 and not SENTENCE_END.search(text, 0, m.start())))
        and m.group().split()[0] not in FIRST_WORDS
    ]


def _other_name(claim: str, others: Sequence[str], random: Random) -> Change | None:
    here = names(claim)
    if not here:
        return None
    place = random.choice(here)
    words = set(claim.lower().split())
    instead = [
        m.group()
        for text in others
        for m in names(text)
        if not words & set(m.group().lower().split())
        and abs(len(m.group().split()) - len(place.group().split())) < 2
    ]
    if not instead:
        return None
    return f"{claim[: place.start()]}{random.choice(instead)}{claim[place.end() :]}", NOT_SUPPORTED


def _swapped(claim: str, random: Random) -> Change | None:
    """Who did what to whom the other way round."""
    found = list({m.group(): m for m in names(f" {claim}")}.values())
    if len(found) < 2:
        return None
    first, second = sorted(random.sample(found, 2), key=lambda m: m.start())
    between = claim[first.end() - 1 : second.start() - 1]
    if re.search(r"^(?:,? and|,|/| or|'s)\s*(?:the )?$", between) or len(between) > 60:
        return None
    text = f" {claim}"
    swap = text[: first.start()] + second.group() + between + first.group() + text[second.end() :]
    return swap.strip(), NOT_SUPPORTED


def _negated(claim: str, random: Random) -> Change | None:
    found = re.search(r" (?:not|never|no longer)(?= )|n't(?= )", claim)
    if found:
        return claim[: found.start()] + claim[found.end() :], REFUTED
    for word in re.finditer(r"(?<= )[a-z]+(?= )", claim):
        after = claim[word.end() :]
        if word.group() in AUXILIARIES:
            negation = (
                random.choice((" not", " not", " never")) if word.group() not in {"do", "does", "did"} else " not"
            )
            return f"{claim[: word.end()]}{negation}{after}", REFUTED
        if word.group() in IRREGULAR:
            negation = random.choice((f"did not {IRREGULAR[word.group()]}", f"never {word.group()}"))
            return f"{claim[: word.start()]}{negation}{after}", REFUTED
        if re.fullmatch(r"\w{3,}[^e]ed", word.group()):
            negation = random.choice((f"never {word.group()}", f"did not {_infinitive(word.group())}"))
            return f"{claim[: word.start()]}{negation}{after}", REFUTED
    return None


def _infinitive(past: str) -> str:
    stem = past[:-2]
    if stem.endswith("i"):
        return stem[:-1] + "y"
    if re.search(r"([bdgmnprt])\1$", stem):
        return stem[:-1]
    return stem + ("e" if re.search(r"[aiou][bcdglmnrstuvz]$|[cs]$|[lr]v$|at$", stem) and len(stem) > 3 else "")


def _opposite(claim: str, random: Random) -> Change | None:
    places = [m for m in re.finditer(r"(?<= )[a-z]+", claim) if m.group() in ANTONYM]
    if not places:
        return None
    place = random.choice(places)
    return f"{claim[: place.start()]}{ANTONYM[place.group()]}{claim[place.end() :]}", REFUTED


def _stronger(claim: str, random: Random) -> Change | None:
    options = [(a, b) for a, b in STRONGER if f" {a} " in claim]
    if options:
        weak, strong = random.choice(options)
        return claim.replace(f" {weak} ", f" {strong} ", 1), NOT_SUPPORTED
    place = re.search(r" (?:was|is|were|are)(?= (?:a|an) )", claim)
    if place:
        return f"{claim[: place.end()]} {random.choice(('the only', 'the first'))}" + re.sub(
            r"^ (?:a|an)", "", claim[place.end() :]
        ), NOT_SUPPORTED
    return None
