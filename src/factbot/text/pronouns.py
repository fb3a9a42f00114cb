"""Sentences that can only be understood after the one before them."""

from __future__ import annotations

import re

__all__ = ["points_back"]

# "He won", "At about 03:30 he called again", "Her house is sold"; not "The firm said it", "After that Gore left".
_POINTS_BACK = re.compile(
    r"(?:His|Her|Its|Their)\b|"
    r"(?:(?:In|On|At|By|After|Before|Since|From|As|When|Then|Later|But|And|So|Yet|There)\b[^.!?A-Z]{0,30}? )?"
    r"(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey)\b"
)


def points_back(text: str, start: int = 0) -> bool:
    """Whether the sentence that begins at `start` begins with a pronoun, or nearly so."""
    return _POINTS_BACK.match(text, start) is not None
