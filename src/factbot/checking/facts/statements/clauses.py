"""Clauses whose grammar is plain: a subject, its finite verb, and what is said with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from factbot.checking.facts.dates import MONTHS, WEEKDAYS
from factbot.checking.facts.names import NO_NAMES, different_people
from factbot.checking.facts.statements.wording import Sentence, stemmed
from factbot.text.english import ADVERBS, AUXILIARIES, PREPOSITIONS, is_finite
from factbot.text.sentences import Span
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
DATED = MONTHS.keys() | WEEKDAYS.keys()
RELATIVE = frozenset({"who", "which"})
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
            if _shortens(ours, theirs) or _shortens(theirs, ours):
                return True
            if len(ours) == len(theirs) == 2 and ours[1] == theirs[1]:
                return not different_people(ours, theirs)
            return ours[-1] in theirs or theirs[-1] in ours
        return not self.words.isdisjoint(other.words)


def _shortens(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether one name may be the other's initials: "ECDC" of a European Centre for Disease Prevention."""
    if len(short) != 1 or len(full) < 2 or short[0][0] != full[0][0]:
        return False
    letters = iter([word[0] for word in full])
    return all(letter in letters for letter in short[0])


@dataclass(frozen=True)
class Clause:
    """The subject at begin:stop of a sentence's tokens, and its verb and the rest at verb:end.

    Where a verb goes on with the subject of the one before it ("and won"), others stand between the two.
    `passive` where it is done to the subject; `agent` is who does it then, where "by" names one.
    """

    sentence: Sentence
    begin: int
    stop: int
    verb: int
    end: int
    passive: bool
    agent: Who | None

    @property
    def subject(self) -> Who:
        words, begin = self.sentence.words, self.begin
        if words[begin] in PREPOSITIONS:  # "From 1 May lorries"
            while begin < self.stop - 1 and (words[begin] in PREPOSITIONS | DATED or words[begin].isdecimal()):
                begin += 1
        return who(self.sentence, begin, self.stop)

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
    told = tokens[:-1] if tokens and tokens[-1].text == "," else tokens
    text = sentence.text[told[0].start : told[-1].end] if told else ""
    text += ")" if text.count("(") > text.count(")") and not text.endswith("(") else ""
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
    """The clauses of a sentence whose subject stands right before their verb, or in the clause before."""
    texts = [token.text for token in sentence.tokens]
    words = sentence.words
    verbs = [at for at in range(len(texts)) if is_finite(texts, at)]
    previous = 0
    last: Clause | None = None
    relative: Span | None = None  # whom the last clause's "who" or "which" means
    for number, first in enumerate(verbs):
        if first < previous:
            continue
        begin, stop = _subject(words, previous, first), first
        verb, passive = _full_verb(words, first)
        following = next((at for at in verbs[number + 1 :] if at > verb), None)
        end = _end(words, verb, following)
        if last and _goes_on(words, first):
            begin, stop = last.begin, last.stop
            passive = passive or (last.passive and verb == first and _is_participle(words[first]))
        elif relative and words[first - 1] == ",":
            begin, stop = relative
        relative = None
        if begin == first and words[begin - 1] in RELATIVE:
            relative = _antecedent(sentence, begin - 1, previous)
            begin, stop = relative or (begin, first)
        last = None
        if begin < stop and words[begin] not in GENERIC:
            agent = _agent(sentence, verb, end) if passive else None
            last = Clause(sentence, begin, stop, first, end, passive, agent)
            yield last
        previous = max(verb, first) + 1
    yield from _reduced(sentence)


def _goes_on(words: Sequence[str], verb: int) -> bool:
    """Whether a verb has its subject from the one before: "was caught and fined", "won, but later lost"."""
    at = verb - 1
    while at > 0 and (words[at].endswith("ly") or words[at] in ADVERBS):
        at -= 1
    return at > 0 and words[at] in ("and", "but", "then")


def _antecedent(sentence: Sentence, at: int, previous: int) -> Span | None:
    """Whom the "who" or "which" at a token means: the phrase before it; None where that hangs on another."""
    words = sentence.words
    stop = at - (at > 0 and words[at - 1] == ",")
    begin = stop
    while begin > previous and words[begin - 1] not in STRONG | {","} and words[begin - 1] not in PREPOSITIONS:
        begin -= 1
    hangs = begin > 0 and words[begin - 1] in PREPOSITIONS
    return None if begin == stop or hangs else (begin, stop)


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
            yield Clause(sentence, begin, at, at, end, True, _agent(sentence, at, end))


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
