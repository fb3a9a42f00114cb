"""What every reader gives back, and how it says that it cannot read a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from factbot.text.normalise import one_line

__all__ = ["CHARACTER_LIMIT", "METADATA", "Content", "Unreadable", "without_title"]

CHARACTER_LIMIT = 10_000_000
METADATA = ("title", "source", "author", "date", "url", "language")  # of an article, as it states them


@dataclass(frozen=True)
class Content:
    """What a file holds: its title (None if it has none), its text, and whatever metadata it states.

    `metadata` has some of source, author, date, url, language, as they are written. `pages` is as in `Article`. A
    reader that gives pages gives a text that is clean and stripped already; else their offsets would be wrong.
    `note` says in whole sentences what of the file was not read, "" where all was.
    """

    title: str | None
    text: str
    metadata: dict[str, str] = field(default_factory=dict)
    pages: tuple[int, ...] = ()
    note: str = ""


class Unreadable(Exception):
    """Why an article cannot be read: the end of a sentence that begins with its name."""


def without_title(title: str | None, blocks: Iterable[str]) -> str:
    """The blocks as one text, a blank line between them; a first one that repeats the title is left out."""
    given = [block.strip() for block in blocks if block.strip()]
    if title and given and one_line(given[0]).casefold() == one_line(title).casefold():
        given = given[1:]
    return "\n\n".join(given)
