"""What keeps an index that has lived finding what a fresh one of the same folder finds.

The order in which passages came in has no say among equals, and what was removed leaves no trace in the scores: up
to a size at which that costs next to nothing in every case, and beyond it as nearly as it can be had cheaply.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

__all__ = ["EXACT_UP_TO", "TOLERANCE", "are_equal", "best_first"]

# Passages. Up to here vectors are compared one by one, and the words are written anew when some are removed; each
# takes about a tenth of a second, once in a write.
EXACT_UP_TO = 2_000
# Equal passages can have scores that differ in their last bits: sums of float32, taken in another order.
TOLERANCE = 1e-6


def are_equal(better: float, worse: float) -> bool:
    """Whether two scores, of cosines or of BM25, are the same but for rounding."""
    return better - worse <= TOLERANCE * max(1.0, better)


def best_first(found: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Passages as (id, score), the best first, and equals by their ids."""
    ranked = sorted(found, key=lambda hit: -hit[1])
    levels = [0]
    for (_, better), (_, worse) in pairwise(ranked):
        levels.append(levels[-1] + (not are_equal(better, worse)))
    order = sorted(zip(levels, ranked, strict=False))
    return [hit for _, hit in order]
