"""A text as words, numbers and signs, and which of these have been read as something so far."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from factbot.text.normalise import fold_accents

__all__ = ["DASHES", "Token", "TokenizedText", "tokenize", "word_set"]

T = TypeVar("T")

# Possessive quantifiers (++, *+, ?+) never give back what they took, so no text makes this backtrack.
TOKEN = re.compile(
    r"(?:[A-Z]\.){1,6}[A-Z]\b\.?"  # U.N., J.K
    r"|[^\W\d_]\w*+(?:[-'’][^\W_]++)*+"  # twenty-four, COVID-19, O'Brien
    r"|\d++(?:[.:/·]\d++|[,\u2009\u202f\u00a0]\d{1,3}+(?!\d))*+[^\W\d_]*+"  # 1,784.5  10:30  7.5/10  42nd  1990s
    r"|\S"
)
POSSESSIVE = ("'s", "’s", "'S", "’S")
DASHES = frozenset("-–—‑−")


class Token(NamedTuple):
    """A word, a number or a sign at start:end of a text; `word` is it without case and accents."""

    text: str
    word: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """The words, numbers and signs of a text, in order; a possessive 's is left out."""
    found = []
    for match in TOKEN.finditer(text):
        word, start, end = match.group(), match.start(), match.end()
        if end - start > 2 and word.endswith(POSSESSIVE):
            word, end = word[:-2], end - 2
        found.append(Token(word, fold_accents(word), start, end))
    return found


class TokenizedText:
    """A text, its tokens and their words; `taken` marks the tokens that have been read as something.

    `words` and `taken` are a little longer than `tokens`. So an index may lie a few places past the end, or, being
    negative, before the start: it finds "" and False there.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.words = [token.word for token in self.tokens] + [""] * 8
        self.taken = [False] * len(self.words)

    def read(
        self, reader: Callable[[TokenizedText, int], tuple[int, int, T] | None]
    ) -> Iterator[tuple[int, int, T]]:
        """What a reader finds, from left to right, in tokens that are not taken; it takes them.

        The reader is asked at a token, and gives the first token, the token after the last and what they say.
        """
        at = 0
        while at < len(self.tokens):
            found = None if self.taken[at] else reader(self, at)
            if found and not any(self.taken[found[0] : found[1]]):
                begin, at, _ = found
                self.taken[begin:at] = [True] * (at - begin)
                yield found
            else:
                at += 1

    def adjacent(self, first: int, last: int) -> bool:
        """Whether no white space stands between two tokens."""
        between = sum(len(token.text) for token in self.tokens[first + 1 : last])
        return self.tokens[last].start - self.tokens[first].end == between


def word_set(words: str) -> frozenset[str]:
    """The words of a table that is kept as one string."""
    return frozenset(words.split())
