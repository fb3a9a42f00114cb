"""Which of the sentences that were read make the answer: those about as strong as the best one, none twice."""

from __future__ import annotations

from collections.abc import Sequence

from factbot.retrieval.scored_span import ScoredSpan
from factbot.text.english import PREPOSITIONS
from factbot.text.normalise import single_spaced
from factbot.text.words import STEM, names_and_numbers, stems, words

__all__ = ["SENTENCES_QUOTED", "best_beside", "grouped", "mentions", "strongest"]

SENTENCES_QUOTED = 3  # in an answer, at most
ALIKE = 0.75  # the share of two sentences' words that both have, from which they say the same


Summed = tuple[float, ScoredSpan]  # the sum of the logits by which quotes are ordered, and the quote


def strongest(quotes: Sequence[Summed], share: float) -> list[Summed]:
    """The quotes whose support is at least a share (0 to 1) of the best one's, in the order given."""
    least = share * max((quote.score for _, quote in quotes), default=0.0)
    return [(total, quote) for total, quote in quotes if quote.score >= least]


def grouped(quotes: Sequence[ScoredSpan]) -> list[list[ScoredSpan]]:
    """At most SENTENCES_QUOTED sentences; one that says the same in another article is one more citation of it."""
    groups: list[list[ScoredSpan]] = []
    for quote in quotes:
        same = next((group for group in groups if _say_the_same(group[0].text, quote.text)), None)
        if same is None:
            if len(groups) < SENTENCES_QUOTED:
                groups.append([quote])
        elif quote.passage.article_id not in {q.passage.article_id for q in same}:
            same.append(quote)
    return [group[:SENTENCES_QUOTED] for group in groups]


def _say_the_same(one: str, other: str) -> bool:
    """Whether two sentences are the same but for a few words, none of them a name or a number."""
    if single_spaced(one.casefold()) == single_spaced(other.casefold()):
        return True
    if names_and_numbers(one) != names_and_numbers(other):
        return False
    ours, theirs = stems(one), stems(other)
    return len(ours & theirs) >= ALIKE * len(ours | theirs) > 0


def best_beside(quote: ScoredSpan, found: Sequence[Summed]) -> float:
    """The highest sum of logits among a quote and those that stand in the same passage."""
    return max(total for total, other in found if other.passage == quote.passage)


def mentions(quote: ScoredSpan, name: str) -> bool:
    """Whether a quote or its article's title holds what something is called; of a person the last name will do."""
    said = name.removeprefix("the ")
    wanted = said if any(word.islower() for word in said.split()) else said.split()[-1]
    held = {word[:STEM] for word in words(f"{quote.passage.title} {quote.text}")}
    return all(word[:STEM] in held for word in words(wanted) if word not in PREPOSITIONS)
