"""The words of a text in the forms by which two texts are compared."""

from __future__ import annotations

import re

__all__ = ["long_words", "names_and_numbers", "stems", "words"]

LONG = 4  # letters: shorter words are mostly grammar
STEM = 5  # characters by which long words are compared, so that their endings do not count

_WORD = re.compile(r"\w+")
_LONG_OR_NUMBER = re.compile(rf"\w{{{LONG},}}|\d+")
_NAME_OR_NUMBER = re.compile(r"(?<!^)\b[A-Z][\w-]+|\b\d+(?:[.,]\d+)*")


def words(text: str, shortest: int = 1) -> list[str]:
    """The words and numbers of at least `shortest` characters, in order, case folded."""
    return [word for word in _WORD.findall(text.casefold()) if len(word) >= shortest]


def long_words(text: str) -> set[str]:
    """The words of four letters or more, case folded: roughly what a text is about."""
    return set(words(text, LONG))


def stems(text: str) -> set[str]:
    """The first five characters of the long words, case folded, and the numbers."""
    return {word[:STEM] for word in _LONG_OR_NUMBER.findall(text.casefold())}


def names_and_numbers(text: str) -> set[str]:
    """The words with a capital letter, but for the text's first word, and the numbers, as they are written."""
    return set(_NAME_OR_NUMBER.findall(text))
