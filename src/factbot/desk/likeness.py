"""Whether two claims that read alike say the same: the numbers, dates, names and denials in which they part."""

from __future__ import annotations

import re

from factbot.checking.facts.compare import compare
from factbot.checking.facts.dates import MONTHS, WEEKDAYS
from factbot.checking.facts.statements.standing import MARKERS
from factbot.text.english import WORD
from factbot.text.normalise import fold_accents, single_spaced
from factbot.text.words import STEM, stems

__all__ = ["difference", "overlap"]

_DENYING = {
    " ".join(phrase) for phrase, standing in MARKERS.items() if standing == "denied" and phrase != ("n't",)
}
_DENYING |= {"cannot", "no one", "nobody", "none of", "nothing", "nowhere"}
# "No more than five" and "not only" deny nothing, and "No. 5" is a number.
_DENIAL = re.compile(
    rf"\b(?:{'|'.join(sorted(map(re.escape, _DENYING - {'not'}), key=len, reverse=True))}"
    r"|not(?! only\b)|no(?!\.|-| (?:more|less|fewer|later|earlier|doubt)\b))\b|n't\b"
)
_ACRONYM = re.compile(r"[A-Z](?:\.?[A-Z])+\.?$")


def overlap(claim: str, other: str) -> float:
    """The share (0 to 1) of the words of the shorter of two claims that stand in both."""
    ours, theirs = stems(claim), stems(other)
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def difference(claim: str, other: str) -> str:
    """In what two like claims part, as a sentence about the other one; "" where nothing of that kind is seen.

    What only one of them mentions is no difference.
    """
    pairs = [(m.claim, m.evidence) for m in compare(claim, other).mismatches]
    pairs += [(m.evidence, m.claim) for m in compare(other, claim).mismatches]
    for ours, theirs in pairs:
        if ours.casefold() == theirs.casefold():  # a rise and a fall by as much
            return f"It says {_said(theirs)} of something else."
        return f"It says {_said(theirs)} where this says {_said(ours)}."
    named, other_named = _names(claim), _names(other)
    only_ours, only_theirs = _without(named, other_named, other), _without(other_named, named, claim)
    if only_ours and only_theirs:
        return f"It names {_said(' '.join(only_theirs))} where this names {_said(' '.join(only_ours))}."
    if _denials(claim) % 2 != _denials(other) % 2:
        return "One of the two denies what the other states."
    return ""


def _denials(claim: str) -> int:
    return len(_DENIAL.findall(claim.lower().replace("’", "'")))


def _names(claim: str) -> list[str]:
    """The words with a capital letter, without the first word of the claim and those of dates."""
    words = [word.removesuffix("'s").removesuffix("’s") for word in WORD.findall(claim)]
    return [w for w in words[1:] if w[0].isupper() and w.lower() not in MONTHS and w.lower() not in WEEKDAYS]


def _without(names: list[str], others: list[str], other: str) -> list[str]:
    """The names that the other claim has in no form: not as a word, nor as an acronym or what one stands for."""
    held = {fold_accents(word)[:STEM] for word in WORD.findall(other)}
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


def _said(words: str) -> str:
    return f"“{single_spaced(words)}”"
