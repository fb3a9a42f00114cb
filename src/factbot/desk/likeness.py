"""Whether two claims that read alike say the same, or part in a number, a date or a name, or are opposed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from factbot.checking.facts.compare import Fact, compare, find_facts
from factbot.checking.facts.dates import MONTHS, WEEKDAYS
from factbot.checking.facts.values import Quantity, Value, agreement, comparable
from factbot.checking.verifier import REFUTED, Verifier
from factbot.text.english import WORD
from factbot.text.normalise import fold_accents, single_spaced
from factbot.text.words import STEM, stems

__all__ = ["difference", "overlap"]

# The share of the other words that two claims have in common where a figure or a name tells them apart: what is
# said in other words also names in other words ("the Bundestag", "Germany's parliament").
SAME_WORDS = 0.7
# The probability, in both directions, from which the verifier takes two claims to contradict each other. Of true
# rewordings it does so with 1 in 100, of claims with one turned into its opposite with 5 in 6.
OPPOSED = 0.7
_ACRONYM = re.compile(r"[A-Z](?:\.?[A-Z])+\.?$")


def overlap(claim: str, other: str) -> float:
    """The share (0 to 1) of the words of the shorter of two claims that stand in both."""
    ours, theirs = stems(claim), stems(other)
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def difference(claim: str, other: str, verifier: Verifier) -> str:
    """In what two like claims part, as a sentence about the other one; "" where nothing of that kind is seen.

    What only one of them mentions is no difference.
    """
    claim, other = unicodedata.normalize("NFC", claim), unicodedata.normalize("NFC", other)
    pairs = [(m.claim, m.evidence) for m in compare(claim, other).mismatches]
    pairs += [(m.evidence, m.claim) for m in compare(other, claim).mismatches]
    for ours, theirs in pairs or _other_figures(claim, other):
        if ours.casefold() == theirs.casefold():  # a rise and a fall by as much
            return f"It says {_said(theirs)} of something else."
        return f"It says {_said(theirs)} where this says {_said(ours)}."
    named, other_named = _names(claim), _names(other)
    only_ours, only_theirs = _without(named, other_named, other), _without(other_named, named, claim)
    if only_ours and only_theirs and _frame(claim, other, [*only_ours, *only_theirs]) >= SAME_WORDS:
        return f"It names {_said(' '.join(only_theirs))} where this names {_said(' '.join(only_ours))}."
    scores = verifier.scores([(claim, other), (other, claim)])
    return "The two contradict each other." if min(scores[:, REFUTED]) >= OPPOSED else ""


def _other_figures(claim: str, other: str) -> Iterator[tuple[str, str]]:
    """Figures and dates of the two claims that stand in the place of each other in the same words."""
    figures, others = _figures(claim), _figures(other)
    ours = [fact for fact in figures if not any(_is_same(fact.value, f.value) for f in others)]
    theirs = [fact for fact in others if not any(_is_same(f.value, fact.value) for f in figures)]
    for fact in ours:
        for rival in theirs:
            is_one = (
                type(fact.value) is type(rival.value)
                and _frame(claim, other, [fact.text, rival.text]) >= SAME_WORDS
            )
            if is_one and (comparable(fact.value, rival.value) or comparable(rival.value, fact.value)):
                yield fact.text, rival.text


def _figures(claim: str) -> list[Fact]:
    return [fact for fact in find_facts(claim) if not isinstance(fact.value, tuple)]


def _is_same(value: Value, other: Value) -> bool:
    """Whether two figures are the same, in any notation. Two that are hedged alike have to be so as they stand."""
    if isinstance(value, Quantity) and isinstance(other, Quantity) and value.hedge == other.hedge:
        value, other = (replace(v, hedge="exact", low=v.value, high=v.value) for v in (value, other))
    return bool(agreement(value, other) or agreement(other, value))


def _frame(claim: str, other: str, without: list[str]) -> float:
    """How much of the words of two claims is the same, but for those in which they part."""
    parting = stems(" ".join(without))
    ours, theirs = stems(claim) - parting, stems(other) - parting
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _names(claim: str) -> list[str]:
    """The words with a capital letter, without the first word of the claim and those of dates."""
    words = [
        part for word in WORD.findall(claim) for part in re.split("[-‑–]", re.sub("['’]s$", "", word)) if part
    ]
    return [w for w in words[1:] if w[0].isupper() and w.lower() not in MONTHS and w.lower() not in WEEKDAYS]


def _without(names: list[str], others: list[str], other: str) -> list[str]:
    """The names that the other claim has in no form: not as a word, nor as an acronym or what one stands for."""
    held = {stem for word in WORD.findall(other) for part in re.split("[-‑–]", word) if (stem := _stem(part))}
    initials = {word.replace(".", "") for word in others if _ACRONYM.match(word)}
    spelled = "".join(word[0] for word in others)
    letters = "".join(name[0] for name in names)
    if any(short and short in letters for short in initials):
        return []
    return [
        name
        for name in dict.fromkeys(names)
        if fold_accents(name)[:STEM] not in held
        and not (_ACRONYM.match(name) and name.replace(".", "") in spelled)
    ]


def _stem(word: str) -> str:
    """What two forms of a name have in common, such as "Brazil" and "Brazilian"; one for all of America."""
    stem = fold_accents(word)[:STEM] if word else ""
    return "us" if stem in ("usa", "ameri") else stem


def _said(words: str) -> str:
    return f"“{single_spaced(words)}”"
