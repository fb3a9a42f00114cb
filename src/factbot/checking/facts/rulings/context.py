"""Whether evidence speaks of what a claim speaks of: the names and the words beside the figures."""

from __future__ import annotations

from collections.abc import Set

from factbot.checking.facts.amounts.changes import DOUBLINGS, DOWN, FOLD, LESS, MORE, OTHER, TIMES, UP
from factbot.checking.facts.amounts.nouns import SAME
from factbot.checking.facts.amounts.shares import FRACTIONS
from factbot.checking.facts.amounts.units import POINTS
from factbot.checking.facts.compare import compare
from factbot.checking.facts.statements.wording import content_stem
from factbot.checking.facts.surroundings import NOTHING_SAID
from factbot.text.tokens import tokenize

__all__ = ["Context", "said"]

# What tells by how much and in which way, and not of what.
FIGURES = (
    NOTHING_SAID
    | POINTS
    | FRACTIONS.keys()
    | UP
    | DOWN
    | MORE
    | LESS
    | OTHER
    | DOUBLINGS.keys()
    | FOLD.keys()
    | TIMES.keys()
)


class Context:
    """A claim's words beside those of a text."""

    def __init__(self, claim: str, evidence: str) -> None:
        self._claim, self._evidence = claim, evidence

    def holds_names_and_dates(self) -> bool:
        """Whether the text mentions all names and dates of the claim."""
        found = compare(self._claim, self._evidence)
        parted = {fact.kind for fact in found.missing} | {mismatch.kind for mismatch in found.mismatches}
        return parted <= {"number"}

    def share(self) -> float:
        """The share (0 to 1) of what the claim says that stands in the text, figures aside."""
        for left_out in (FIGURES, NOTHING_SAID):  # "growth was 2 percent" has nothing but a word of change
            if ours := said(self._claim, left_out):
                return len(ours & said(self._evidence, left_out)) / len(ours)
        return 0.0


def said(text: str, figures: Set[str] = FIGURES) -> frozenset[str]:
    """The stems of a text, without `figures`, units and words of change; "killed" and "deaths" are one."""
    words = (SAME.get(token.word, token.word) for token in tokenize(text) if token.word not in figures)
    return frozenset(stem for word in words if word[0].isalpha() and (stem := content_stem(word)))
