"""Quotes that their own article corrects: the correction goes before them."""

from __future__ import annotations

from collections.abc import Sequence

from factbot.checking.facts.rulings.revisions import corrects
from factbot.index.catalog import Catalog
from factbot.results import Passage
from factbot.retrieval.scored_span import ScoredSpan

__all__ = ["with_corrections"]


def with_corrections(quotes: Sequence[ScoredSpan], catalog: Catalog) -> list[ScoredSpan]:
    """The quotes; before one whose figure or date its article takes back stand the words that do so."""
    made: list[ScoredSpan] = []
    for quote in quotes:
        correction = _correction(quote, catalog)
        if correction and all(correction.text != other.text for other in made):
            made.append(correction)
        made.append(quote)
    return made


def _correction(quote: ScoredSpan, catalog: Catalog) -> ScoredSpan | None:
    """The sentence that corrects what a quote says, and the one behind it, which may give the right figure."""
    article = catalog.article(quote.passage.article_id)
    if article is None:
        return None
    spans = catalog.sentences(article.id)
    for (start, end), (_, after) in zip(spans, [*spans[1:], *spans[-1:]], strict=True):
        if start < quote.end and quote.start < after:
            continue  # a quote that says both is read as it stands
        # With the quote before it, for "It is 14 crowns" does not tell which event it is about.
        if corrects(quote.text, f"{quote.text} {article.text[start:end]}") == "refutes":
            passage = Passage.of(article, start, after, quote.passage.score)
            return ScoredSpan(passage, start, after, quote.score)
    return None
