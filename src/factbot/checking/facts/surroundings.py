"""The words around a fact of the evidence, beside those of the claim: is it of the same event?"""

from __future__ import annotations

from bisect import bisect_right

from factbot.checking.facts.amounts.numerals import CARDINALS, ORDINALS, SCALES
from factbot.checking.facts.amounts.units import CURRENCIES, PERCENT, UNITS
from factbot.checking.facts.dates import MONTHS, WEEKDAYS
from factbot.checking.facts.statements.wording import content_stem
from factbot.text.tokens import TokenizedText, word_set

__all__ = ["Surroundings"]

SENTENCE_ENDS = frozenset(".!?;")
CLAUSE_ENDS = SENTENCE_ENDS | frozenset(":,()—–") | word_set("and but while when after before which who although")
# Parts of the facts themselves, which do not say what they are about.
NOTHING_SAID = CARDINALS.keys() | ORDINALS.keys() | SCALES.keys() | UNITS.keys() | PERCENT | CURRENCIES.keys()
NOTHING_SAID |= MONTHS.keys() | WEEKDAYS.keys()
# What a figure may be of one thing: a rate, a total, a part of it, a difference.
FIGURES = (
    word_set("average averaged averages per each every apiece daily weekly monthly annually median typically"),
    word_set("total totals altogether combined together overall all told sum"),
    word_set("gap difference margin further another extra additional"),
)
AROUND = 40  # tokens on either side, at most


class Surroundings:
    """The stems of a claim, and those of the evidence's sentences and clauses."""

    def __init__(self, evidence: TokenizedText, claim: TokenizedText) -> None:
        self._tokens = evidence.tokens
        self._words = evidence.words
        self._starts = [token.start for token in evidence.tokens]
        self._claim = frozenset(token.word for token in claim.tokens)
        self._told = {stem for token in claim.tokens if (stem := _stem(token.word))}

    def share(self, start: int, end: int) -> float:
        """The share of the claim's stems that stand in the sentence of a fact at start:end and the one before."""
        if not self._told:
            return 1.0
        return len(self._told & self._near(start, end)) / len(self._told)

    def shares_more_than(self, noun: str, start: int, end: int) -> bool:
        """Whether there is another stem of the claim there than the fact's noun, if the claim has any."""
        told = self._told - {_stem(noun), noun}
        return not told or not told.isdisjoint(self._near(start, end))

    def is_of_a_kind(self, start: int, end: int) -> bool:
        """Whether both speak of a total, of an average or a rate, of a difference, or neither does."""
        begin, stop = self._span(start, end, CLAUSE_ENDS)
        there = frozenset(self._words[begin:stop])
        return all(self._claim.isdisjoint(kind) == there.isdisjoint(kind) for kind in FIGURES)

    def is_of_its_clause(self, start: int, end: int) -> bool:
        """Whether the clause of a fact speaks of what the claim does, and not another clause of its sentence."""
        own = self._stems(*self._span(start, end, CLAUSE_ENDS))
        if not own or not own.isdisjoint(self._told):
            return True
        return self._stems(*self._span(start, end, SENTENCE_ENDS)).isdisjoint(self._told)

    def _near(self, start: int, end: int) -> set[str]:
        """The stems of the sentence of a fact, and of the one before."""
        begin, stop = self._span(start, end, SENTENCE_ENDS)
        before, _ = self._bounds(max(0, begin - 2), max(0, begin - 1), SENTENCE_ENDS)
        return self._stems(before, stop)

    def _span(self, start: int, end: int, ends: frozenset[str]) -> tuple[int, int]:
        return self._bounds(bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1), ends)

    def _bounds(self, begin: int, stop: int, ends: frozenset[str]) -> tuple[int, int]:
        """The tokens around begin:stop up to the nearest ends."""
        least, most = max(0, begin - AROUND), min(len(self._tokens), stop + AROUND)
        while begin > least and self._words[begin - 1] not in ends:
            begin -= 1
        while stop < most and self._words[stop] not in ends:
            stop += 1
        return begin, stop

    def _stems(self, begin: int, stop: int) -> set[str]:
        return {stem for word in self._words[begin:stop] if word and (stem := _stem(word))}


def _stem(word: str) -> str:
    return content_stem(word) if word[0].isalpha() and word not in NOTHING_SAID else ""
