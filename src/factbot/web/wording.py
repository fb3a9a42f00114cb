"""What several rooms of the web word alike: two sentences, lists and durations."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["EDITORS_ONLY", "INTERNAL_ERROR", "duration", "listed"]

INTERNAL_ERROR = "An internal error stopped this; the terminal that runs factbot shows details."
EDITORS_ONLY = "Only editors may change the corpus; you may ask, check and look."


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def duration(seconds: float) -> str:
    """ "40 s", "12 min", "3 h"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:.0f} h"
