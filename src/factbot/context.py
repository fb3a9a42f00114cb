"""What a sentence leaves to the rest of its article: "Eight days later it passed that" tells no year."""

from __future__ import annotations

from collections.abc import Sequence

from factbot.facts import Fact, compare
from factbot.results import Article
from factbot.sentences import Span

__all__ = ["in_context"]

SENTENCES = 2  # of context, at most
LONGEST = 400  # characters of one


def in_context(claim: str, article: Article, sentences: Sequence[Span], span: Span, heading: str) -> str:
    """The words at `span` of an article, after sentences that tell what the claim says and the words do not.

    That is, the claim's dates and names that neither the words nor the article's `heading` hold. Of several
    sentences that tell one the nearest before the words is taken, else the first after them.
    """
    start, end = span
    words = article.text[start:end]
    lacking = [fact for fact in compare(claim, f"{heading}{words}").missing if fact.kind != "number"]
    if not lacking:
        return words
    outside = [s for s in sentences if (s[1] <= start or s[0] >= end) and s[1] - s[0] <= LONGEST]
    outside.sort(key=lambda s: (s[0] >= end, abs(s[0] - start)))
    found = (next((s for s in outside if _tells(article.text[slice(*s)], fact)), None) for fact in lacking)
    telling = sorted(list(dict.fromkeys(filter(None, found)))[:SENTENCES])
    return " ".join([*(article.text[slice(*s)] for s in telling), words])


def _tells(sentence: str, fact: Fact) -> bool:
    low = sentence.casefold()
    return any(part in low for part in fact.text.casefold().split()) and compare(fact.text, sentence).agreeing > 0
