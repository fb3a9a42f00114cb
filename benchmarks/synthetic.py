"""Passages that do not exist: Zipf-distributed words, so that an index can be filled to any size."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice

import numpy as np

__all__ = ["STOP_WORDS", "passages", "queries"]

# The head of the distribution is made of real function words, so that engines that know them treat them so.
_FUNCTION_WORDS = """
the of and to in a is that for it as was with be by on not he his but at are this have from or had an they
which one you were all her she there would their we him been has when who will no more if out so up what its
about than into them can only other some could time these two may then do any my now such like our over me
even most made after also did many before must through where much your way well down should because each
just those how too own very while both between being under never same another know off since against again
"""
STOP_WORDS = _FUNCTION_WORDS.split()

VOCABULARY = 300_000
WORDS_PER_PASSAGE = 60
BATCH = 10_000

_ONSETS = "b c d f g h l m n p r s t v w br ch cl dr fl gr pl pr sh sl st th tr"
_VOWELS = "a e i o u ai ea ou"
_CODAS = "- - n r s t l nd ck m"  # a dash: none


def passages(count: int, seed: int = 0) -> Iterator[list[str]]:
    """`count` passages of about 60 words, in lists of at most 10,000; the same seed gives the same text."""
    words, cumulative = _vocabulary()
    for first in range(0, count, BATCH):
        rng = np.random.default_rng([seed, first])
        size = min(BATCH, count - first)
        lengths = np.clip(rng.normal(WORDS_PER_PASSAGE, 15, size).astype(int), 10, 120)
        ranks = np.searchsorted(cumulative, rng.random(int(lengths.sum())))
        texts, start = words[ranks], 0
        batch: list[str] = []
        for length in lengths:
            batch.append(" ".join(texts[start : start + length]) + ".")
            start += length
        yield batch


def queries(count: int, seed: int = 0) -> list[str]:
    """`count` questions of eight words: three function words, five content words of one of the passages."""
    rng = np.random.default_rng([seed, 1])
    found: list[str] = []
    for text in next(passages(min(BATCH, 4 * count), seed)):
        content = [word for word in text.rstrip(".").split() if word not in STOP_WORDS]
        if len(content) >= 5 and len(found) < count:
            chosen = [*rng.choice(content, 5, replace=False), *rng.choice(STOP_WORDS[:40], 3, replace=False)]
            found.append(" ".join(rng.permutation(chosen)))
    return found


@cache
def _vocabulary() -> tuple[np.ndarray, np.ndarray]:
    """The words by rank, and the cumulative probability of each.

    Zipf-Mandelbrot up to some thousand words and steeper beyond, the two regimes of large English corpora
    (Ferrer i Cancho and Solé, 2001).
    """
    rng = np.random.default_rng(7)
    seen = dict.fromkeys(STOP_WORDS)
    while len(seen) < VOCABULARY:
        parts = [rng.choice(kind.replace("-", "").split(" "), VOCABULARY) for kind in (_ONSETS, _VOWELS, _CODAS)]
        syllables = map("".join, zip(*parts, strict=True))
        seen.update(dict.fromkeys("".join(islice(syllables, int(n))) for n in rng.integers(1, 4, VOCABULARY // 3)))
    rank = np.arange(1, VOCABULARY + 1)
    weight = 1 / (rank + 2.7) / (1 + rank / 8_000) ** 0.7
    cumulative = np.cumsum(weight) / weight.sum()
    cumulative[-1] = 1.0
    return np.array(list(seen)[:VOCABULARY], dtype=object), cumulative
