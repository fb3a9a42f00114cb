"""Clauses whose grammar is plain: a subject, its finite verb, and what is said with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from factbot.checking.facts.names import NO_NAMES, different_people
from factbot.checking.facts.statements.wording import Sentence, stemmed
from factbot.text.english import AUXILIARIES, PREPOSITIONS, is_finite
from factbot.text.tokens import word_set

__all__ = ["Clause", "Who", "clauses", "who"]

STARTS = word_set(
    "that which who whose because although though while whereas when where if as since but and or than"
)
STRONG = frozenset(';:()[]—–"“”')
BE = word_set("was were is are been being be got")
LONGEST_SUBJECT = 24  # tokens
REDUCED = 6  # tokens before a participle that may be what it speaks of
NEAR = 8  # tokens before the next verb in which a comma begins its clause
PARTING = word_set("which who while but because although whereas")
GENERIC = word_set("it he she they we you i this that these those there who which what one")


@dataclass(frozen=True)
class Who:
    """Whom a phrase is about: the words of its names, in order, and the stems of all its words that tell."""

    text: str
    names: tuple[str, ...]
    words: frozenset[str]

    def same(self, other: Who) -> bool:
        """Whether two phrases may be about the same: one last name, else any word."""
        if self.names and other.names:
            ours, theirs = self.names, other.names
            if len(ours) == len(theirs) == 2 and ours[1] == theirs[1]:
                return not different_people(ours, theirs)
            return ours[-1] in theirs or theirs[-1] in ours
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
    def full_verb(self) -> str:
        """The stem of the verb, without those that help it."""
        return next((stem for stem in self.sentence.stems[self.verb : self.end] if stem), "")

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
    names = tuple(token.word for at, token in enumerate(tokens, begin) if _is_name(sentence, at))
    text = sentence.text[tokens[0].start : tokens[-1].end] if tokens else ""
    return Who(text, names, frozenset(stem for stem in sentence.stems[begin:end] if stem))


def _is_name(sentence: Sentence, at: int) -> bool:
    token = sentence.tokens[at]
    if sentence.text[token.end : token.end + 2] in ("'s", "’s"):
        return False  # "Lund's partner" is not Lund
    if not token.text[0].isupper() or len(token.word) == 1 or sentence.words[at] in NO_NAMES:
        return False
    return at > 0 or token.word in sentence.known or not _is_common(sentence, at)


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
    yield from _reduced(sentence)


def _reduced(sentence: Sentence) -> Iterator[Clause]:
    """ "a film directed by George Seaton": a passive without its verb to be."""
    words = sentence.words
    for at in range(1, len(words) - 2):
        if words[at + 1] == "by" and _is_participle(words[at]) and words[at - 1] not in BE:
            begin = max(
                (n + 1 for n in range(max(0, at - REDUCED), at) if words[n] in STRONG or words[n] == ","),
                default=max(0, at - REDUCED),
            )
            end = _end(words, at, None)
            yield Clause(sentence, begin, at, end, True, _agent(sentence, at, end))


def _is_participle(word: str) -> bool:
    return word.endswith(("ed", "en", "wn")) or (stemmed(word) != word and not word.endswith(("s", "ing")))


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
    return at + (words[at] == ",")


def _full_verb(words: Sequence[str], first: int) -> tuple[int, bool]:
    """The full verb of a group that begins with a finite verb, and whether it is passive."""
    at, be = first, words[first] in BE
    while at + 1 < len(words) and (words[at] in AUXILIARIES or words[at] in BE or words[at] in ("not", "also")):
        at += 1
        be = be or words[at] in BE
    return at, be and at > first and _is_participle(words[at])


def _end(words: Sequence[str], verb: int, following: int | None) -> int:
    """Where the clause of a verb ends: before the subject of the next one."""
    last = len(words) if following is None else following
    for at in range(verb + 1, last):
        if words[at] in STRONG or words[at] in PARTING:
            return at
        near = following is not None and (words[at] != "," or at + NEAR > following)
        if near and words[at] in (",", "and", "when", "after", "as", "that"):
            return at
    return last


def _agent(sentence: Sentence, verb: int, end: int) -> Who | None:
    words = sentence.words
    for at in range(verb + 1, min(end, verb + 12)):
        if words[at] == "by" and at + 1 < end:
            stop = next((n for n in range(at + 1, end) if words[n] in PREPOSITIONS or words[n] in ",.;"), end)
            return who(sentence, at + 1, stop)
    return None
