"""Slips of the finger in what a person typed, put right by the words of the corpus.

A word is taken for a slip where it stands nowhere in the corpus, is no common English word, and a word of the
corpus is one letter away: one more, one less, another one, or two that changed places (Damerau, CACM 1964). Which
word was meant, its neighbours tell: the one that stands in a passage with most of the other words. In doubt a word
stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import NamedTuple

from factbot.index.index import Index
from factbot.models.vocabulary import is_common
from factbot.text.english import FUNCTION_WORDS
from factbot.text.normalise import fold_accents

__all__ = ["Respelled", "Spelling"]

LEAST = 3  # letters of a word that is looked at
LONG = 5  # letters from which on one wrong letter leaves little doubt which word was meant
READ = 3  # passages in which a word is looked for as it is printed

_CHUNK = re.compile(r"\S+")
_WORD = re.compile(rf"[^\W\d_]{{{LEAST},}}")
_NO_PROSE = re.compile(r"[\d@#/\\_]|\w\.\w")  # names of people and pages on the web, codes, figures


class Respelled(NamedTuple):
    """A text as it is read, and each word that was put right with what it was read as."""

    text: str
    words: tuple[tuple[str, str], ...] = ()

    @property
    def note(self) -> str:
        """What was read instead of what, as a sentence; "" where all is as it was typed."""
        changes = [f"“{typed}” was read as “{read}”" for typed, read in self.words]
        return f"{', and '.join(changes)}, as the articles have it." if changes else ""


class _Candidate(NamedTuple):
    """A word of the corpus; `support` counts the other words of the text in the best passage that has it."""

    support: int
    same_start: bool
    word: str


@dataclass(frozen=True)
class Spelling:
    """The spelling of one index's words."""

    index: Index

    def respell(self, text: str, *, names: bool = True) -> Respelled:
        """The text with its slips put right.

        Without `names`, a capitalised word changes only where two of its letters changed places: of any other slip
        another person's name may come, which a claim must not be read as.
        """
        found = [span for chunk in _CHUNK.finditer(text) for span in _words(chunk)]
        others = [term for start, end in found for term in self.index.words.terms(text[start:end])]
        parts, words, at = [], [], 0
        for start, end in found:
            typed = text[start:end]
            if read := self._read_as(typed, others, names or typed.islower()):
                parts += [text[at:start], read]
                words.append((typed, read))
                at = end
        return Respelled("".join([*parts, text[at:]]), tuple(words))

    def _read_as(self, typed: str, terms: Sequence[str], any_slip: bool) -> str:
        """The word that was meant; "" where it is the one that was typed, or nothing can be told."""
        plain = fold_accents(typed)
        own = self.index.words.terms(plain)
        if len(own) != 1 or is_common(plain) or self.index.words.knows(typed):
            return ""
        near = list(dict.fromkeys(_one_slip_away(plain)))
        if any(word in FUNCTION_WORDS and len(word) >= len(plain) for word in near):  # "teh"
            return ""
        if not any_slip:
            near = [word for word in near if sorted(word) == sorted(plain)]
        others = [term for term in terms if term != own[0] and self.index.words.holds(term)]
        found = sorted(self._printed(near, others, plain[0]), reverse=True)
        if not found or (len(plain) < LONG and not (len(found) == 1 and found[0].support)):
            return ""
        known = {candidate.word for candidate in found}
        is_alone = len(found) == 1 and not any(is_common(word) for word in near if word not in known)
        read = found[0].word if found[0].support or is_alone else ""
        return read.capitalize() if typed[0].isupper() else read

    def _printed(self, near: Sequence[str], others: Sequence[str], start: str) -> Iterator[_Candidate]:
        """Those of the words that the corpus has; `start` is the letter that was typed first."""
        words = self.index.words
        for word in near:
            terms = words.terms(word)
            if len(terms) != 1 or not words.holds(terms[0]):
                continue
            # The index holds stems, so a passage shows whether this very word is printed.
            supports = [
                len(held.intersection(others))
                for held, printed in self._passages(terms[0], others)
                if word in printed
            ]
            if supports:
                yield _Candidate(max(supports), word.startswith(start), word)

    def _passages(self, term: str, others: Sequence[str]) -> Iterator[tuple[set[str], set[str]]]:
        """The terms, and the words in plain letters, of the passages that have a term, the best first."""
        for passage in self.index.words.holding(term, others, READ):
            article_id, _, span = passage.rpartition("#")
            article = self.index.catalog.article(article_id)
            start, _, end = span.partition("-")
            if article is not None:
                text = f"{article.title}\n{article.text[int(start) : int(end)]}"
                yield set(self.index.words.terms(text)), {fold_accents(word) for word in _WORD.findall(text)}


def _words(chunk: re.Match[str]) -> Iterator[tuple[int, int]]:
    """(start, end) of the words in a stretch without white space that may be misspelt."""
    if not _NO_PROSE.search(chunk[0]):
        for found in _WORD.finditer(chunk[0]):
            if found[0][1:].islower():  # neither NATO nor iPhone
                yield chunk.start() + found.start(), chunk.start() + found.end()


def _one_slip_away(word: str) -> Iterator[str]:
    """Every word at a Damerau-Levenshtein distance of 1 that has the letters a to z, or the word's own."""
    letters = sorted({*ascii_lowercase, *word})
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (f"{head}{letter}{tail}" for letter in letters)
        if tail:
            yield head + tail[1:]
            yield from (f"{head}{letter}{tail[1:]}" for letter in letters if letter != tail[0])
        if len(tail) > 1 and tail[0] != tail[1]:
            yield head + tail[1] + tail[0] + tail[2:]
