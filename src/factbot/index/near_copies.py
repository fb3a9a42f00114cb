"""Near copies: articles that say nearly the same, word for word, found without comparing every two.

MinHash (Broder, 1997): of a text's five-word shingles, the smallest value under each of 64 hash functions. The
share of values that two texts have in common estimates the share of shingles that they have in common (Jaccard).
Cut into 16 bands of 4, texts of which one band is equal are candidates (Indyk and Motwani, 1998): it finds nearly
all pairs that are .8 alike, and about half of those that are .5 alike.

Two rules decide. The catalog links two articles that are alike as wholes. A check counts two as one source where
one holds much of the other: then a short article cut out of a long one is a copy of it, too.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from factbot.results import Article
from factbot.text.words import words

__all__ = ["LINKED_FROM", "Sketch", "bands", "independent", "similarity", "sketch"]

Sketch = NDArray[np.uint32]

# The catalog links two articles from the first share of all their shingles in common, which sketches estimate. A
# check counts two as one source from the second share of the shorter one's (Broder's containment, 1997).
LINKED_FROM = 0.6
ONE_SOURCE_FROM = 0.5
FUNCTIONS = 64
BANDS = 16
PRIME = np.uint64(2**31 - 1)
_random = np.random.default_rng(1997)
_FACTORS = _random.integers(1, 2**31 - 1, (FUNCTIONS, 1), dtype=np.uint64)
_OFFSETS = _random.integers(0, 2**31 - 1, (FUNCTIONS, 1), dtype=np.uint64)
SHINGLES_AT_ONCE = 4_096
SHINGLE = 5  # words in a row; a few of them in common are a shared quotation, many a shared text


def sketch(text: str) -> Sketch:
    """64 numbers, of which near copies have most in common."""
    values = np.array(sorted({zlib.crc32(shingle.encode()) % int(PRIME) for shingle in shingles(text)}), np.uint64)
    smallest = [
        ((_FACTORS * values[i : i + SHINGLES_AT_ONCE] + _OFFSETS) % PRIME).min(axis=1)
        for i in range(0, len(values), SHINGLES_AT_ONCE)
    ]
    sketched: Sketch = np.min(smallest, axis=0).astype(np.uint32)
    return sketched


def bands(sketched: Sketch) -> Iterator[tuple[int, int]]:
    """(band, key) of each of the 16 bands: near copies have at least one in common."""
    for band, row in enumerate(sketched.reshape(BANDS, -1)):
        yield band, zlib.crc32(row.tobytes())


def similarity(one: Sketch, other: Sketch) -> float:
    """The estimated share (0 to 1) of the shingles of both that they have in common."""
    return float(np.mean(one == other))


def independent(articles: Sequence[Article]) -> list[list[Article]]:
    """The articles in groups of near copies, in the order of their first members; each group is one source."""
    groups: list[tuple[list[Article], list[set[str]]]] = []
    for article in articles:
        own = shingles(article.text)
        group = next((made for made in groups if any(_copied(own, other) for other in made[1])), None)
        if group is None:
            groups.append(([article], [own]))
        elif article.id not in {member.id for member in group[0]}:
            group[0].append(article)
            group[1].append(own)
    return [members for members, _ in groups]


def shingles(text: str) -> set[str]:
    """Every five words in a row, case folded; all of them at once where there are fewer."""
    all_words = words(text)
    return {" ".join(all_words[i : i + SHINGLE]) for i in range(max(1, len(all_words) - SHINGLE + 1))}


def _copied(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= ONE_SOURCE_FROM * min(len(one), len(other))
