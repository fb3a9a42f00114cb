"""A span of a passage with a score; whoever makes it says what the score means."""

from __future__ import annotations

from dataclasses import dataclass

from factbot.results import Passage

__all__ = ["ScoredSpan"]


@dataclass(frozen=True)
class ScoredSpan:
    """The words from `start` to `end` of an article, inside `passage`."""

    passage: Passage
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]
