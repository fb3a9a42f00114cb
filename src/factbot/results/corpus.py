"""What becomes of the corpus: articles as they were, files that failed, and how a sync goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from factbot.results.answers import Article, Result

__all__ = ["Failure", "Progress", "SyncProgress", "SyncReport", "Version"]


@dataclass(frozen=True)
class Failure(Result):
    """A file that did not go in, and why, in one sentence."""

    path: str
    reason: str


@dataclass(frozen=True)
class Version(Result):
    """An article as it was, or is: `state` is "current", "changed" (`until` then) or "withdrawn" (at `until`).

    `until` is a time in UTC (ISO 8601), empty for the current text. `article` carries the text.
    """

    article: Article
    state: Literal["current", "changed", "withdrawn"]
    until: str = ""


@dataclass(frozen=True)
class SyncProgress(Result):
    """How far a sync is: articles done of all, passages embedded so far, their rate and the time left."""

    articles_done: int
    articles_total: int
    passages_done: int
    passages_per_second: float
    seconds_left: float | None


Progress = Callable[[SyncProgress], None]  # what a sync calls after every batch


@dataclass(frozen=True)
class SyncReport(Result):
    """What a sync did: article ids by what happened to them, and the files that failed.

    Of one that was `stopped`, the articles that it did not get to are in none of the lists. `notes` are
    those of the articles that were added or changed (`Article.note`), after their ids.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: tuple[Failure, ...]
    elapsed_ms: int = 0
    corpus_version: str = ""
    stopped: bool = False
    notes: tuple[str, ...] = ()
