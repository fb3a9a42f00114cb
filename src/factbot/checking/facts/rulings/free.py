"""Who pays nothing: a price that the claim gives to somebody for whom it is free."""

from __future__ import annotations

import re

from factbot.checking.facts.amounts.units import MONEY
from factbot.checking.facts.names import capitalised
from factbot.checking.facts.reading import read_facts
from factbot.checking.facts.statements.wording import Sentence, sentences
from factbot.checking.facts.values import Quantity
from factbot.text.tokens import TokenizedText

__all__ = ["pays_nothing"]

_FREE = re.compile(
    r"\b(?:free(?: of charge)?|for nothing|without charge|at no (?:cost|charge))\b(?! (?:to|from|of)\b)"
)
_ENDS = re.compile(r"[,;.:()]|\b(?:and|but|while|whereas)\b")
LONGEST = 8  # words between those who pay nothing and "free"


def pays_nothing(claim: str, evidence: str) -> bool:
    """Whether the evidence has those of whom the claim gives a price pay nothing: "children under 12 travel free".

    They have to be the claim's first words, and stand whole in the clause before "free".
    """
    read = TokenizedText(claim)
    prices = [fact for fact in read_facts(read, capitalised(read)).stated if _is_price(fact.value)]
    own = sentences(claim)
    if len(prices) != 1 or not own or prices[0].start == 0 or _FREE.search(claim):
        return False
    payers = _leading(own[0])
    return bool(payers) and any(payers <= told for told in _exempt(evidence))


def _is_price(value: object) -> bool:
    return isinstance(value, Quantity) and value.unit in MONEY and value.value > 0


def _leading(sentence: Sentence) -> frozenset[str]:
    """The stems of the words before a claim's verb: those up to a word of paying."""
    stems: list[str] = []
    for word, stem in zip(sentence.words, sentence.stems, strict=True):
        if word in ("pay", "pays", "paid", "have", "has", "must", "will", "are", "is", "were", "was", "need"):
            return frozenset(stems)
        if stem:
            stems.append(stem)
    return frozenset()


def _exempt(evidence: str) -> list[frozenset[str]]:
    """The stems of each clause that ends with "free"."""
    found = []
    for sentence in sentences(evidence):
        for match in _FREE.finditer(sentence.text):
            begin = max((end.end() for end in _ENDS.finditer(sentence.text, 0, match.start())), default=0)
            stems = [
                stem
                for token, stem in zip(sentence.tokens, sentence.stems, strict=True)
                if begin <= token.start < match.start() and stem
            ]
            if 0 < len(stems) <= LONGEST:
                found.append(frozenset(stems))
    return found
