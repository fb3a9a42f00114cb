"""Pairs made by rule from pairs that people or annotators wrote: each function takes a pair and gives a new one.

None where the rule does not fit. A rule is only as good as what it leaves alone: each fits a small part of the
pairs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from benchmarks.rows import sentences
from training.verifier.pairs import NOT_ENOUGH, NOT_SUPPORTED, SUPPORTED, Pair
from training.verifier.rules import FIRST_WORDS, NO_NAMES, changed, names
from training.words import DATE, IRREGULAR, NAME, NUMBER, content_words

NEEDED = 0.5  # share of a claim's words that stand in the sentence it needs
SPARE = 0.7  # share of them from which the rest of the text may well say the same
PAST = {base: past for past, base in reversed(IRREGULAR.items())}
SAYING = (
    r"(?:said|says|told|argued|warned|added|wrote|claimed|believes|called|described|announced|explained|denied)"
)
SPEAKER = re.compile(rf"({NAME.pattern})(?: of [^,.]{{2,40}})?,? {SAYING}\b|\b{SAYING} ({NAME.pattern})")
FACT_OF = (
    # What is only planned, possible or alleged -> the bare fact: (pattern, what stands in its place).
    (
        re.compile(r"\b(?:plans|intends|hopes|wants|aims|is expected|is set|is due|is scheduled) to ([a-z]+)\b"),
        "past",
    ),
    (
        re.compile(r"\b(?:plan|intend|hope|want|aim|are expected|are set|are due|are scheduled) to ([a-z]+)\b"),
        "past",
    ),
    (
        re.compile(
            r"\b(?:may|might) ((?!(?:have|be|not|also|only|well|once|soon|still|never|even|just)\b)[a-z]+)\b"
        ),
        "past",
    ),
    (re.compile(r"\b(?:may|might) be "), "will be "),
    (re.compile(r"\b(is|are|was|were) accused of "), r"\1 guilty of "),
    (re.compile(r"\b(is|are|was|were) suspected of "), r"\1 guilty of "),
    (re.compile(r"\b(was|were|been) charged with "), r"\1 convicted of "),
    (re.compile(r"\b(?:allegedly|reportedly|supposedly|purportedly|possibly|probably) "), ""),
    (re.compile(r"\balleged (?=[a-z])"), ""),
)
UNLESS = re.compile(r"(?:\bnot|n't|\bnever|\bno longer|\bhow|\bwhat|\bwho) (?:\w+ )?$")
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SHORT = {"million": ("m", "mn"), "billion": ("bn", "b"), "trillion": ("tn",)}
COUNTS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
SHARES = {
    "10": "a tenth",
    "20": "a fifth",
    "25": "a quarter",
    "33": "a third",
    "50": "half",
    "75": "three quarters",
}
SCALED = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?) (thousand|million|billion|trillion)\b(?! to\b)")
LONG = re.compile(r"(?<![\w.,$£€-])([$£€]?)(\d{1,3}(?:,\d{3})+)(?![\w,]|\.\d)")
PERCENT = re.compile(
    r"(?<![\w.,-])(\d+(?:\.\d+)?)(?:%| percent\b| per cent\b)(?! (?:points?|higher|lower|more|less)\b)"
)
COUNT = re.compile(
    rf"(?<![\w.,$£€:-])(?:({'|'.join(COUNTS[2:])})|(?<![A-Z]\w\w\w\w )([2-9]|1\d|20))(?= [a-z]{{2,}}s\b)"
)


def fact_changed(pair: Pair, random: Random) -> Pair | None:
    """A true claim with one fact changed, on the same evidence."""
    change = changed(pair.claim, [pair.evidence], random) if pair.label == SUPPORTED else None
    return replace(pair, claim=change[0], label=change[1]) if change else None


def sentence_removed(pair: Pair, random: Random) -> Pair | None:
    """A true claim on its text without the sentence that it needs: NOT_ENOUGH (MiniCheck, Tang et al. 2024).

    Only where one sentence holds most of the claim's words and the rest of the text, with the title, does not.
    """
    found = sentences(pair.evidence)
    words = content_words(pair.claim)
    if pair.label != SUPPORTED or len(found) < 3 or len(words) < 4:
        return None
    shares = [len(words & content_words(text)) / len(words) for text in found]
    needed = max(range(len(found)), key=shares.__getitem__)
    rest = [text for i, text in enumerate(found) if i != needed]
    left = len(words & content_words(" ".join([pair.title, *rest]))) / len(words)
    lead = shares[needed] - max(share for i, share in enumerate(shares) if i != needed)
    if shares[needed] < NEEDED or lead < 0.2 or left >= SPARE:
        return None
    return replace(pair, evidence=" ".join(rest), label=NOT_ENOUGH)


def speaker_changed(pair: Pair, random: Random) -> Pair | None:
    """A true claim whose words are given to another speaker of the same text."""
    if pair.label != SUPPORTED:
        return None
    own = _speakers(pair.claim)
    others = [name for name in _speakers(pair.evidence) if not _alike(name, pair.claim)]
    if not own or not others:
        return None
    name = random.choice(own)
    claim = pair.claim.replace(name, random.choice(others), 1)
    return replace(pair, claim=claim, label=NOT_SUPPORTED)


def amounts_mixed(pair: Pair, random: Random) -> Pair | None:
    """A true claim with one of its amounts replaced by another amount of its text, of the same unit."""
    if pair.label != SUPPORTED:
        return None
    said, told = _amounts(pair.claim), _amounts(pair.evidence)
    for place in random.sample(said, len(said)):
        amount = place.group(1).rstrip(",")
        alike = {m.group(1).rstrip(",") for m in told if _unit(m.group(1)) == _unit(amount)}
        others = sorted(alike - {m.group(1).rstrip(",") for m in said})
        # Only where the text has the amount in the same figures, or another of its amounts may mean the same; and
        # never under "at least", which a smaller amount leaves true.
        if others and amount in alike and place.group() == place.group(1):
            new = random.choice(others)
            claim = pair.claim[: place.start(1)] + new + pair.claim[place.start(1) + len(amount) :]
            return replace(pair, claim=claim, label=NOT_SUPPORTED)
    return None


def taken_as_fact(pair: Pair, random: Random) -> Pair | None:
    """A true claim of what is planned, possible or alleged, told as a bare fact: NOT_ENOUGH."""
    if pair.label != SUPPORTED or " if " in pair.claim:
        return None
    for pattern, instead in random.sample(FACT_OF, len(FACT_OF)):
        found = pattern.search(pair.claim)
        if not found or UNLESS.search(pair.claim[: found.start()]):
            continue
        if instead == "past":
            new = _past(found.group(1))
            if not new:
                continue
        else:
            new = found.expand(instead)
        claim = pair.claim[: found.start()] + new + pair.claim[found.end() :]
        return replace(pair, claim=f"{claim[:1].upper()}{claim[1:]}", label=NOT_ENOUGH)
    return None


def other_notation(pair: Pair, random: Random) -> Pair | None:
    """The pair with an amount of its claim written in another way: it says the same, so the label stays."""
    for way in random.sample((_digits, _scaled, _percent, _count), 4):
        claim = way(pair.claim, random)
        if claim != pair.claim:
            return replace(pair, claim=f"{claim[:1].upper()}{claim[1:]}")
    return None


RULES = (fact_changed, sentence_removed, speaker_changed, amounts_mixed, taken_as_fact, other_notation)


def _speakers(text: str) -> list[str]:
    known = {m.group() for m in names(text)}
    # A claim mostly begins with its speaker: a word at its beginning is a name unless it is one of a few others.
    found = [m.group(1) or m.group(2) for m in SPEAKER.finditer(text)]
    return [
        name for name in found if name in known or (text.startswith(name) and name not in NO_NAMES | FIRST_WORDS)
    ]


def _amounts(text: str) -> list[re.Match[str]]:
    """The numbers of a text that are no part of a date."""
    dates = [(m.start(), m.end()) for m in DATE.finditer(text)]
    return [m for m in NUMBER.finditer(text) if not any(first <= m.start(1) < last for first, last in dates)]


def _alike(name: str, text: str) -> bool:
    return bool(set(name.lower().split()) & set(re.findall(r"\w+", text.lower())))


def _unit(amount: str) -> str:
    """What kind of amount it is: its sign and its scale, without its digits."""
    return re.sub(r"[\d.,]+", "#", amount.rstrip(",")).replace(" percent", "%")


def _past(verb: str) -> str | None:
    if verb in PAST:
        return PAST[verb]
    if verb in {"be", "have", "do"} or len(verb) < 4:
        return None
    if verb.endswith("e"):
        return f"{verb}d"
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ied"
    # Whether the last letter doubles hangs on the stress, so short stems are left alone.
    return None if re.search(r"[^aeiou][aeiou][bdglmnprt]$", verb) else f"{verb}ed"


def _digits(claim: str, random: Random) -> str:
    """ "1.5 million" as "1,500,000", or "1.5m" with a sign of money before it."""
    found = SCALED.search(claim)
    if not found:
        return claim
    number, scale = found.groups()
    before = claim[: found.start()]
    if before.endswith(("$", "£", "€")) and scale in SHORT and random.random() < 0.6:
        new = number + random.choice(SHORT[scale])
    else:
        value = float(number) * SCALES[scale]
        if value > 1e10 or abs(value - round(value)) > 1e-3:
            return claim
        new = f"{round(value):,}"
    return before + new + claim[found.end() :]


def _scaled(claim: str, random: Random) -> str:
    """ "1,500,000" as "1.5 million", where nothing is lost."""
    found = LONG.search(claim)
    if not found:
        return claim
    sign, digits = found.groups()
    value = int(digits.replace(",", ""))
    if value < 10_000:
        return claim
    name, scale = ("million", 1e6) if value >= 1e6 else ("thousand", 1e3)
    short = f"{value / scale:g}"
    if round(float(short) * scale) != value or len(short) > 5:
        return claim
    return f"{claim[: found.start()]}{sign}{short} {name}{claim[found.end() :]}"


def _percent(claim: str, random: Random) -> str:
    found = PERCENT.search(claim)
    if not found:
        return claim
    number = found.group(1)
    ways = [f"{number}%", f"{number} percent", f"{number} per cent"]
    if number in SHARES and claim[found.end() :].startswith(" of "):
        ways += [SHARES[number]] * 3
    new = random.choice([way for way in ways if way != found.group()])
    return claim[: found.start()] + new + claim[found.end() :]


def _count(claim: str, random: Random) -> str:
    """ "twelve" as "12", "12" as "twelve" or "a dozen"."""
    found = COUNT.search(claim)
    if not found:
        return claim
    word, digits = found.groups()
    if claim[: found.start()].lower().endswith(("type ", "phase ", "stage ", "level ")):  # a name, not a count
        return claim
    if word:
        new = str(COUNTS.index(word))
    else:
        new = "a dozen" if digits == "12" and random.random() < 0.5 else COUNTS[int(digits)]
    return claim[: found.start()] + new + claim[found.end() :]
