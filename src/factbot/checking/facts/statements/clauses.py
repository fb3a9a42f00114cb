"""Clauses whose grammar is plain: a subject, its finite verb, and what is said with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from factbot.checking.facts.names import OPENERS, TITLES
from factbot.checking.facts.statements.wording import Sentence, stemmed
from factbot.text.english import AUXILIARIES, PREPOSITIONS, is_finite
from factbot.text.tokens import word_set

__all__ = ["Clause", "Who", "clauses", "who"]

STARTS = word_set("that which who whose because although though while whereas when where if as since but and or than")
STRONG = frozenset(";:()[]—–\"“”")
BE = word_set("was were is are been being be got")
LONGEST_SUBJECT = 14  # tokens
GENERIC = word_set("it he she they we you i this that these those there who which what one")


@dataclass(frozen=True)
class Who:
    """Whom a phrase is about: the words of its names, and the stem of its head noun."""

    names: frozenset[str]
    head: str
    words: frozenset[str]

    def same(self, other: Who) -> bool:
        """Whether two phrases may be about the same: a shared name or, without names on one side, a shared word."""
        if self.names and other.names:
            return not self.names.isdisjoint(other.names)
        return not self.words.isdisjoint(other.words)


@dataclass(frozen=True)
class Clause:
    """The subject at begin:verb of a sentence's tokens, and its verb and the rest at verb:end.

    `passive` where it is done to the subject; `agent` is who does it then, where "by" names one.
    """

    sentence: Sentence
    begin: int
    verb: int
    end: int
    passive: bool
    agent: Who | None

    @property
    def subject(self) -> Who:
        return who(self.sentence, self.begin, self.verb)

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(stem for stem in self.sentence.stems[self.verb : self.end] if stem)

    @property
    def text(self) -> str:
        tokens = self.sentence.tokens
        return self.sentence.text[tokens[self.begin].start : tokens[self.end - 1].end]


def who(sentence: Sentence, begin: int, end: int) -> Who:
    """Whom the tokens begin:end are about."""
    tokens = sentence.tokens[begin:end]
    names = {
        token.word
        for at, token in enumerate(tokens, begin)
        if token.text[0].isupper() and token.word not in TITLES and token.word not in OPENERS and len(token.word) > 1
        and not (at == 0 and _is_common(sentence, at))
    }
    words = [token.word for token in tokens if token.text[0].isalnum()]
    bare = words
    for at, word in enumerate(words):
        if at and word in PREPOSITIONS:
            bare = words[:at]
            break
    head = stemmed(bare[-1]) if bare else ""
    return Who(frozenset(names), head, frozenset(stem for stem in sentence.stems[begin:end] if stem))


def _is_common(sentence: Sentence, at: int) -> bool:
    """Whether the capital of a sentence's first word tells nothing: no name goes on after it."""
    following = sentence.tokens[at + 1] if at + 1 < len(sentence.tokens) else None
    return not (following and following.text[0].isupper()) and not sentence.tokens[at].text.isupper()


def clauses(sentence: Sentence) -> Iterator[Clause]:
    """The clauses of a sentence whose subject stands right before their verb."""
    texts = [token.text for token in sentence.tokens]
    words = sentence.words
    verbs = [at for at in range(len(texts)) if is_finite(texts, at)]
    previous = 0
    for number, first in enumerate(verbs):
        if first < previous:
            continue
        begin = _subject(words, previous, first)
        verb, passive = _full_verb(words, first)
        following = next((at for at in verbs[number + 1 :] if at > verb), None)
        end = _end(words, verb, following)
        if begin < first and words[begin] not in GENERIC:
            agent = _agent(sentence, verb, end) if passive else None
            yield Clause(sentence, begin, first, end, passive, agent)
        previous = max(verb, first) + 1


def _subject(words: Sequence[str], previous: int, verb: int) -> int:
    """Where the subject before a verb begins; what stands between commas before the verb belongs to it."""
    at = verb
    inserted = at > 0 and words[at - 1] == ","
    if inserted:
        at -= 1
    while at > max(previous, verb - LONGEST_SUBJECT):
        word = words[at - 1]
        if word in STRONG or word in STARTS - {"and", "or"}:
            break
        if word == ",":
            if not inserted:
                break
            inserted = False
        at -= 1
    return at


def _full_verb(words: Sequence[str], first: int) -> tuple[int, bool]:
    """The full verb of a group that begins with a finite verb, and whether it is passive."""
    at, be = first, words[first] in BE
    while at + 1 < len(words) and (words[at] in AUXILIARIES or words[at] in BE or words[at] in ("not", "also")):
        at += 1
        be = words[at] in BE or (be and (words[at].endswith("ly") or words[at] in ("not", "also")) ) or be
    passive = be and at > first and (words[at].endswith(("ed", "en")) or stemmed(words[at]) != words[at]) and not words[at].endswith("ing")
    return at, passive


def _end(words: Sequence[str], verb: int, following: int | None) -> int:
    """Where the clause of a verb ends: before the subject of the next one."""
    last = len(words) if following is None else following
    for at in range(verb + 1, last):
        if words[at] in STRONG or words[at] in ("which", "who", "while", "but", "because", "although", "whereas"):
            return at
        if following is not None and words[at] in (",", "and", "when", "after", "as", "that"):
            if words[at] != "," or at + 8 > following:
                return at
    return last


def _agent(sentence: Sentence, verb: int, end: int) -> Who | None:
    words = sentence.words
    for at in range(verb + 1, min(end, verb + 12)):
        if words[at] == "by" and at + 1 < end:
            stop = next((n for n in range(at + 1, end) if words[n] in PREPOSITIONS or words[n] in ",.;"), end)
            return who(sentence, at + 1, stop)
    return None
