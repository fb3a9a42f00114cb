"""The text that `factbot check` is given: words, a file, standard input or the address of a page."""

from __future__ import annotations

import sys
from pathlib import Path

from factbot.errors import ArticleError, UsageError

__all__ = ["text_to_check"]

STANDARD_INPUT = "-"


def text_to_check(given: str) -> str:
    """The words to check: those of the file or page that stands behind an "@", else those that were given.

    Posts begin with an "@" too, so where no such file exists, several words are the text itself. A file is read
    like an article of its kind. Raises UsageError for a file that cannot be read, ArticleError for a page.
    """
    from factbot.corpus.ingest.given import is_address

    named = given[1:] if given.startswith("@") else ""
    for address in (named, given):
        if is_address(address) and len(address.split()) == 1:
            return _page(address.strip())
    if not named:
        return given if given != "@" else _standard_input()
    if named == STANDARD_INPUT:
        return _standard_input()
    return _file(named) if _is_file(named) or not _is_prose(named) else given


def _is_file(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):  # too long for a name, or with a zero in it
        return False


def _is_prose(words: str) -> bool:
    """Whether words behind an "@" are a post and no name of a file that is missing."""
    from factbot.corpus.formats.kinds import CONTAINERS, SUFFIXES

    return len(words.split()) > 1 and not words.lower().endswith((*SUFFIXES, *CONTAINERS))


def _file(name: str) -> str:
    from factbot.corpus.formats.article import draft_text, read_bytes

    path = Path(name)
    if not _is_file(name):
        raise UsageError(
            f"There is no file {name}; check the name, or put a space before the @ if it begins your text."
        )
    try:
        return draft_text(read_bytes(path, f"The file {name}"), path.suffix, f"The file {name}")
    except ArticleError as error:
        raise UsageError(str(error)) from error


def _standard_input() -> str:
    from factbot.corpus.formats.article import draft_text

    try:
        return draft_text(sys.stdin.buffer.read(), "", "Standard input")
    except ArticleError as error:
        raise UsageError(str(error)) from error


def _page(address: str) -> str:
    from factbot.corpus.formats.article import draft_text
    from factbot.corpus.ingest.fetch import fetch

    return draft_text(*fetch(address))
