"""Independence: near-identical articles, as agencies syndicate them, are one source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from factbot.results import Article

__all__ = ["independent", "shingles"]

SHINGLE = 5  # words in a row; a few of them in common are a shared quotation, many a shared text
COPIED = 0.5  # share of the shorter article's shingles from which it counts as a copy (Broder's containment, 1997)


def independent(articles: Sequence[Article]) -> list[list[Article]]:
    """The articles in groups of near copies, in the order of their first members; each group is one source."""
    groups: list[tuple[list[Article], list[set[str]]]] = []
    for article in articles:
        own = shingles(article.text)
        home = next((group for group in groups if any(_copied(own, other) for other in group[1])), None)
        if home is None:
            groups.append(([article], [own]))
        elif article.id not in {member.id for member in home[0]}:
            home[0].append(article)
            home[1].append(own)
    return [members for members, _ in groups]


def shingles(text: str) -> set[str]:
    """Every five words in a row, case folded; all of them at once where there are fewer."""
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


def _copied(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= COPIED * min(len(one), len(other))
