"""Claims made by rule from sentences: reworded so that they stay true, and changed so that they do not.

Hard negatives carry small checkers far (MiniCheck, Tang et al. 2024). Each change touches one fact: a number, a
date, a name, who did what to whom, a "not", an opposite, or how much is claimed ("all", "only", "first").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from factbot.checking.facts.dates import MONTH_NAMES as MONTHS
from training.verifier.examples import NOT_SUPPORTED, REFUTED
from training.words import ANTONYM, AUXILIARIES, DATE, IRREGULAR, NAME, NUMBER

Change = tuple[str, int]  # the changed claim, and what the evidence then says of it

OTHER_WORDS = (
    ("said", "stated"), ("killed", "left dead"), ("about", "roughly"), ("nearly", "almost"), ("began", "started"),
    ("children", "kids"), ("purchase", "buy"), ("purchased", "bought"), ("announced", "made public"),
    ("because", "since"), ("percent", "per cent"), ("%", " percent"), ("vehicle", "car"), ("police", "officers"),
    ("attempted", "tried"), ("numerous", "many"), ("physicians", "doctors"), ("approximately", "about"),
    ("received", "got"), ("founded", "established"), ("film", "movie"), ("movie", "film"), ("large", "big"),
    ("died", "passed away"), ("resigned", "stepped down"), ("stepped down", "resigned"), ("U.S.", "United States"),
    ("the United States", "America"), ("won", "was victorious in"), ("company", "firm"), ("required", "needed"),
    ("ended", "came to an end"), ("released", "put out"), ("also", "in addition"), ("however", "though"),
)  # fmt: skip
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
ATTRIBUTION = re.compile(
    r",? (?:(?:[A-Z][\w.]*|he|she|they|officials|police) ){1,3}(?:said|told|announced)[^,.]*\.?$"
)
ASIDE = re.compile(r", (?:who|which|where|including|according to)\b[^,;]{5,80},| \([^()]{2,60}\)")
TAIL = re.compile(r",? (?:while|after|before|because|as|which|who|where|although|but|and)\s[^,]{10,120}\.?$")
OPENING = re.compile(r"^((?:In|On|At|By|After|During|Since|Last|Earlier)\b[^,]{3,40}), (.{20,})$")
TIME = re.compile(
    r"\b(?:last|next|this|earlier|later|ago|previous\w*|since|until|before|after|year|month|week|century|decade|"
    r"will|would|could|always|never|now|still|\d{4}s?)\b|\d{4}",
    re.IGNORECASE,
)
FULL_DATE = re.compile(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})\b")


def reworded(sentence: str, random: Random) -> str:
    """The sentence with up to three changes of its words or order that leave it true."""
    ways: list[Callable[[str, Random], str]] = [
        _without_attribution, _without_aside, _without_tail, _reordered, _other_words, _rounded, _coarser_date,
    ]  # fmt: skip
    text = sentence
    for way in random.sample(ways, 4):
        changed = way(text, random)
        if len(changed.split()) >= 5:
            text = changed
    text = text.strip(" ,")
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")


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


def dated(claim: str, date: str, random: Random) -> tuple[str, ...]:
    """The claim with the time of its article's `date`, and with another; nothing where it tells a time itself."""
    if TIME.search(claim) or DATE.search(claim) or not re.match(r"\d{4}-\d\d", date) or random.random() < 0.6:
        return ()
    year, month = int(date[:4]), int(date[5:7])
    other_year = year + random.choice((-5, -3, -2, -1, 1, 2, 3))
    other_month = random.choice([m for m in range(1, 13) if abs(m - month) > 1])
    in_month = random.random() < 0.5
    times = [f"{MONTHS[month - 1]} {year}", f"{MONTHS[other_month - 1]} {year}"] if in_month else [str(year)]
    times.append(f"{MONTHS[month - 1]} {other_year}" if in_month else str(other_year))
    first = re.match(r"(?:The|A|An|His|Her|Their|Its|Officials|Police) ", claim)
    if first and random.random() < 0.5:
        return tuple(f"In {t}, {claim[0].lower()}{claim[1:]}" for t in (times[0], random.choice(times[1:])))
    return tuple(f"{claim.rstrip('.')} in {t}." for t in (times[0], random.choice(times[1:])))


# -- rewording ----------------------------------------------------------------------------------------


def _without_attribution(text: str, random: Random) -> str:
    return ATTRIBUTION.sub(".", text)


def _without_aside(text: str, random: Random) -> str:
    return ASIDE.sub("", text)


def _without_tail(text: str, random: Random) -> str:
    return TAIL.sub(".", text) if random.random() < 0.5 else text


def _reordered(text: str, random: Random) -> str:
    found = OPENING.match(text.rstrip("."))
    if not found:
        return text
    first, rest = found.groups()
    return f"{rest} {first[0].lower()}{first[1:]}."


def _other_words(text: str, random: Random) -> str:
    for word, other in random.sample(OTHER_WORDS, len(OTHER_WORDS)):
        if random.random() < 0.7:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", other, text)
    return text


def _rounded(text: str, random: Random) -> str:
    """A number of three digits or more as a round one that is still true of it."""
    found = [m for m in NUMBER.finditer(text) if not DATE.match(text, m.start()) and m.group() == m.group(1)]
    found = [m for m in found if len(re.sub(r"\D", "", m.group(1).split(".")[0])) >= 3]
    if not found:
        return text
    place = random.choice(found)
    digits = DIGITS.search(place.group(1))
    if digits is None:
        return text
    value = int(float(digits.group().replace(",", "")))
    step = 10 ** (len(str(value)) - random.choice((1, 2)))
    low = value // step * step
    if low == value:
        return text
    hedge, number = random.choice(
        (
            ("more than ", low),
            ("over ", low),
            ("at least ", low),
            ("fewer than ", low + step),
            ("nearly ", low + step),
        )
        if value - low > step / 2
        else (("more than ", low), ("over ", low), ("fewer than ", low + step), ("about ", low))
    )
    before, after = place.group(1)[: digits.start()], place.group(1)[digits.end() :]
    return f"{text[: place.start()]}{hedge}{before}{number:,}{after}{text[place.end() :]}"


def _coarser_date(text: str, random: Random) -> str:
    form = random.choice((r"\2 \1 \3", r"\1 \3", r"\1 \2 of \3", r"\2 \1 \3"))
    if form == r"\1 \3":
        text = re.sub(rf"\b[Oo]n (?={FULL_DATE.pattern})", "in ", text)
    return FULL_DATE.sub(form, text)


# -- changing -----------------------------------------------------------------------------------------


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


def _names(text: str) -> list[re.Match[str]]:
    return [m for m in NAME.finditer(text) if m.start() > 0 and m.group() not in MONTHS and len(m.group()) > 2]


def _other_name(claim: str, others: Sequence[str], random: Random) -> Change | None:
    here = _names(claim)
    if not here:
        return None
    place = random.choice(here)
    words = set(claim.lower().split())
    instead = [
        m.group()
        for text in others
        for m in _names(text)
        if not words & set(m.group().lower().split())
        and abs(len(m.group().split()) - len(place.group().split())) < 2
    ]
    if not instead:
        return None
    return f"{claim[: place.start()]}{random.choice(instead)}{claim[place.end() :]}", NOT_SUPPORTED


def _swapped(claim: str, random: Random) -> Change | None:
    """Who did what to whom the other way round."""
    names = list({m.group(): m for m in _names(f" {claim}")}.values())
    if len(names) < 2:
        return None
    first, second = sorted(random.sample(names, 2), key=lambda m: m.start())
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
