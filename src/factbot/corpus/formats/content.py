"""What every reader gives back, how it says that it cannot, and the cleaning that all text goes through."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["CHARACTER_LIMIT", "Content", "Unreadable", "clean_text", "one_line", "without_title"]

CHARACTER_LIMIT = 10_000_000


@dataclass(frozen=True)
class Content:
    """What a file holds: its title (None if it has none), its text, and whatever metadata it states.

    `metadata` has some of source, author, date, url, language, as they are written. `pages` is as in `Article`;
    a reader that gives pages gives a text which is clean and stripped already, so that they stay right.
    """

    title: str | None
    text: str
    metadata: dict[str, str] = field(default_factory=dict)
    pages: tuple[int, ...] = ()


class Unreadable(Exception):
    """Why an article cannot be read: the end of a sentence that begins with its name."""


# Characters nobody sees: controls, surrogates, soft hyphens, zero-width and bidirectional marks, tags.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# Joiners are spelling in Arabic and Indic scripts and build emoji; after anything else they are noise.
_STRAY_JOINERS = re.compile("(^|[\0-\u05ff\u1cff-\u200b\u200e-\u20ff])[\u200c\u200d]+")
_LINE_BREAK = re.compile("[\r\x0b\x0c\x85\u2028]")


def clean_text(text: str) -> str:
    """`text` with every line break as \\n and without characters that cannot be seen."""
    text = _INVISIBLE.sub("", text)
    if "\u200c" in text or "\u200d" in text:
        text = _STRAY_JOINERS.sub(r"\1", text)
    return _LINE_BREAK.sub("\n", text.replace("\r\n", "\n")).replace("\u2029", "\n\n")


def one_line(value: str) -> str:
    """`value` cleaned, its white space as single spaces."""
    return " ".join(clean_text(value).split())


def without_title(title: str | None, blocks: Iterable[str]) -> str:
    """The blocks as one text, a blank line between them; a first one that repeats the title is left out."""
    given = [block.strip() for block in blocks if block.strip()]
    if title and given and one_line(given[0]).casefold() == one_line(title).casefold():
        given = given[1:]
    return "\n\n".join(given)
