"""Numbers and durations as the page words them."""

from __future__ import annotations

from factbot.text.plurals import counted

__all__ = ["counted", "duration"]


def duration(seconds: float) -> str:
    """ "40 s", "12 min", "3 h"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:.0f} h"
