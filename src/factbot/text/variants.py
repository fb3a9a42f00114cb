"""Other ways to write a word: British and American, in figures and in words, with an umlaut or with an e.

The rules propose more than there is ("tour" beside "tor"). They are for looking words up: what nobody wrote finds
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from factbot.text.normalise import fold_accents

__all__ = ["Words", "variants"]

Words = tuple[str, ...]  # one word, or several that stand for one: "twenty one"

_ONES = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_FIRST = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_NUMBERS: list[Words] = [(word,) for word in _ONES.split()]
for _ten in _TENS.split():
    _NUMBERS += [(_ten,), *((_ten, *one) for one in _NUMBERS[1:10])]
_IN_WORDS = {str(n): words for n, words in enumerate(_NUMBERS) if n > 1}  # "one" is mostly no number
_IN_FIGURES = {"-".join(words): number for number, words in _IN_WORDS.items()}
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_ORDINALS = {f"{n}{_ENDINGS.get(n, 'th')}": word for n, word in enumerate(_FIRST.split(), start=1)}
_ORDINALS |= {word: figures for figures, word in _ORDINALS.items()}

_PAIRS = """
    programme program
    grey gray
    plough plow
    mould mold
    sceptic skeptic
    sceptical skeptical
    aluminium aluminum
    jewellery jewelry
    pyjamas pajamas
    tyre tire
    tyres tires
    kerb curb
    cosy cozy
    moustache mustache
    aeroplane airplane
    manoeuvre maneuver
"""
_IRREGULAR: dict[str, str] = {}
for _british, _american in map(str.split, _PAIRS.strip().splitlines()):
    _IRREGULAR |= {_british: _american, _american: _british}

_SUFFIX = r"(?:s|ed|ing|ers?|ful|able|ite|ites|al|less|hoods?|y)?"
# A pattern and what stands in its place, each way. Letters that are kept are looked at and not matched.
_RULES = [
    (re.compile(before), after)
    for before, after in (
        (rf"(?<=..)our(?={_SUFFIX}$)", "or"),
        (rf"(?<=..)or(?={_SUFFIX}$)", "our"),
        (r"(?<=...)is(?=(?:e[sdr]?|ers|ing|ations?|ational)$)", "iz"),
        (r"(?<=...)iz(?=(?:e[sdr]?|ers|ing|ations?|ational)$)", "is"),
        (r"(?<=ly|al)s(?=(?:e[sdr]?|ers|ing)$)", "z"),  # analyse
        (r"(?<=ly|al)z(?=(?:e[sdr]?|ers|ing)$)", "s"),
        (r"(?<=..[bdhptuv])re(?=s?$)", "er"),  # centre, theatre, fibre
        (r"(?<=..[bdhptuv])er(?=s?$)", "re"),
        (r"(?<=en)c(?=es?$)", "s"),  # defence, licence
        (r"(?<=en)s(?=es?$)", "c"),
        (r"(?<=acti)c(?=e[sd]?$|ing$)", "s"),  # practice
        (r"(?<=acti)s(?=e[sd]?$|ing$)", "c"),
        (r"(?<=..og)ue(?=s?$)", ""),  # catalogue
        (r"(?<=..og)(?=s?$)", "ue"),
        (r"(?<=[aeiou])ll(?=(?:ed|ing|[eo]rs?|ful|ments?)$)", "l"),  # travelled, skillful
        (r"(?<=[aeiou])l(?=(?:ed|ing|[eo]rs?|ful|ments?)$)", "ll"),
        (r"[ao]e(?=..)", "e"),  # anaemia, oestrogen
    )
]
_LEAST = 5  # letters from which on the rules hold
_UMLAUT = re.compile(r"([aou])e|aa")  # ö is typed as oe where it is not typed as o, å as aa
_WITH_E = str.maketrans({"ö": "oe", "ä": "ae", "ü": "ue", "ø": "oe", "å": "aa"})
_FIGURES = re.compile(r"\d{1,3}(?:[,.\u00a0\u202f\u2009]\d{3})+")


def variants(word: str) -> Iterator[Words]:
    """Other ways to write a word or number, in small plain letters; some are no words at all."""
    plain = fold_accents(word) if word else ""
    if plain[:1].isdigit():
        yield from _of_figures(plain)
        return
    for table in (_IN_FIGURES, _ORDINALS, _IRREGULAR):
        if plain in table:
            yield (table[plain],)
    if "-" in plain:
        yield (plain.replace("-", ""),)
    if not word.isascii():
        yield (fold_accents(word.lower().translate(_WITH_E)),)  # "Möller" as "moeller"
    if len(plain) < _LEAST:
        return
    for pattern, other in _RULES:
        changed = pattern.sub(other, plain, count=1)
        if changed != plain:
            yield (changed,)
    for at in range(1, len(plain) - 1):
        if plain[at] == "e" and plain[at - 1] not in "aeo":
            yield from ((f"{plain[:at]}{vowel}{plain[at:]}",) for vowel in "ao")
    without_e = _UMLAUT.sub(lambda found: found[1] or "a", plain)
    if without_e != plain:
        yield (without_e,)


def _of_figures(word: str) -> Iterator[Words]:
    if word in _IN_WORDS:
        yield _IN_WORDS[word]
    if word in _ORDINALS:
        yield (_ORDINALS[word],)
    if _FIGURES.fullmatch(word):
        yield ("".join(c for c in word if c.isdigit()),)
    elif word.isdigit() and len(word) > 3:
        head = len(word) % 3 or 3
        yield (word[:head], *(word[at : at + 3] for at in range(head, len(word), 3)))
