"""Whose words: what the evidence has one say, and the claim another who also stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from factbot.checking.facts.names import TITLES
from factbot.checking.facts.statements.clauses import Who, who
from factbot.checking.facts.statements.wording import Sentence, sentences, stemmed
from factbot.text.english import is_finite
from factbot.text.sentences import Span
from factbot.text.tokens import Token, word_set

__all__ = ["OFFICES", "Elsewhere", "are_one", "other_speaker", "stands_there"]

SAYING = word_set(
    "said says say saying told tells tell added adds argued argues warned warns announced announces claimed "
    "claims insisted insists stated states wrote writes explained explains noted notes called calls describes "
    "described suggested suggests reported reports spoke speaks tweeted admitted admits replied predicted "
    "predicts conceded acknowledged praised"
)
INVERTED = word_set("said says added wrote explained tweeted argued noted warned reported claimed recalled")
REMARKS = word_set("remark warning explanation statement estimate claim comment words quote quip prediction view")
ADVERBS = word_set("also first later then once now already again")
BODIES = word_set(
    "agency association board chamber church club commission committee company council court critics department "
    "embassy government group institute ministry office opposition organisation organization parliament party "
    "police prosecution prosecutors residents unions union university opponents supporters victims workers "
    "farmers employers"
)
OFFICES = frozenset(
    map(stemmed, BODIES | (TITLES - word_set("the st saint former republican democrat actor coach")))
)
PARTISANS = word_set("republican democrat conservative liberal american")
UNKNOWN = Who("", (), frozenset())
SAID = frozenset(map(stemmed, SAYING)) | {""}
QUOTES = frozenset('"“”')
_QUOTED = re.compile(r"[\"“]([^\"“”]*\w\W+\w[^\"“”]*?)[,.]?[\"”]")  # two words or more
RELATIVE = frozenset({"who", "that"})
INVERTS = QUOTES | {","}  # before "said X"
NO_SPEECH = word_set("to the a an be been being was were is are not have has had will would could may by of as it")
CUTS = QUOTES | word_set("; : . ( ) — – that which who but while and because when where if although however")
LONGEST = 24  # tokens of a speaker
SPOKEN, SPOKEN_WORDS = 0.5, 3  # share and number of a statement's words that have to stand with another speaker
BESIDE = 6  # tokens between a name and its role
NEAREST = 20  # places of each in a sentence that are compared


@dataclass(frozen=True)
class Elsewhere:
    """What the claim gives to `claim` and the evidence, in the words `words`, to `evidence`."""

    claim: str
    evidence: str
    words: str


@dataclass(frozen=True)
class _Statement:
    """What somebody says in a sentence; a speaker that is not known has no words."""

    speaker: Who
    name: str
    stems: frozenset[str]
    text: str


# -- who said it -----------------------------------------------------------------------------------


def other_speaker(claim: str, evidence: str) -> Elsewhere | None:
    """Whether the evidence gives the words that the claim gives to a speaker to another one, and to whom.

    Both speakers have to stand in the evidence; where they may be one and the same, None.
    """
    read = sentences(evidence)
    asserted = list(_statements(sentences(claim, read[0].known if read else frozenset())))
    quoted = [words.casefold() for words in _QUOTED.findall(claim) if words.casefold() in evidence.casefold()]
    if len(asserted) != 1 or not (quoted or len(asserted[0].stems) >= SPOKEN_WORDS):
        return None
    ours = asserted[0]
    if not ours.speaker.words or not stands_there(ours.speaker, read):
        return None
    best: tuple[float, _Statement] | None = None
    for statement in _statements(read):
        verbatim = any(words in statement.text.casefold() for words in quoted)
        shared = 1.0 if verbatim else _shared(ours.stems, statement.stems)
        if shared < SPOKEN:
            continue
        if statement.speaker.same(ours.speaker) or not statement.speaker.words:
            return None
        if best is None or shared > best[0]:
            best = shared, statement
    if best is None or not _are_of_a_kind(ours.speaker, best[1].speaker):
        return None
    if are_one(ours.speaker, best[1].speaker, read):
        return None
    return Elsewhere(ours.name, best[1].name, best[1].text)


def _statements(read: Sequence[Sentence]) -> Iterator[_Statement]:
    """Who says something: "X said that", ", said X", "according to X", "it was X who said"; "he" spoke last."""
    last = UNKNOWN
    for sentence in read:
        tokens = sentence.tokens
        for begin, end in _speakers(sentence):
            speaker = (
                last if sentence.words[end - 1] in ("he", "she", "they") else _who_speaks(sentence, begin, end)
            )
            rest = frozenset(stem for at, stem in enumerate(sentence.stems) if not begin <= at <= end)
            name = sentence.text[tokens[begin].start : tokens[end - 1].end].rstrip(", ")
            yield _Statement(speaker, name, rest - SAID, sentence.text)
            last = speaker


def _who_speaks(sentence: Sentence, begin: int, end: int) -> Who:
    """Whom the tokens begin:end name, if they are a subject and not a piece of something else."""
    texts = [token.text for token in sentence.tokens]
    torn = begin > 0 and sentence.words[begin - 1] == "and" and sentence.words[end - 1] == ","
    return UNKNOWN if torn or any(is_finite(texts, at) for at in range(begin, end)) else who(sentence, begin, end)


def _speakers(sentence: Sentence) -> Iterator[Span]:
    """Where the speakers of a sentence stand, as begin:end of its tokens."""
    words, tokens = sentence.words, sentence.tokens
    for at in range(len(words)):
        begin, end = _speaker(words, tokens, at)
        if begin < end:
            yield begin, end


def _speaker(words: Sequence[str], tokens: Sequence[Token], at: int) -> Span:
    """The speaker of the word of saying at a token; nothing where it is none."""
    word, before, after = words[at], words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    if word == "according" and after == "to":
        return at + 2, _phrase_end(words, at + 2)
    if word in ("came", "comes") and after == "from" and not REMARKS.isdisjoint(words[:at]):
        return at + 2, _phrase_end(words, at + 2)
    if before in RELATIVE and words[0] == "it" and RELATIVE.isdisjoint(words[: at - 1]):
        return 2, at - 1
    if word not in SAYING or not before or before in NO_SPEECH:
        return at, at
    if before in INVERTS and word in INVERTED and _is_named(words, tokens, at + 1):
        return at + 1, _phrase_end(words, at + 1)
    if before in RELATIVE and words[at - 3 : at - 1] == ("the", "one"):
        return _before(words, at - 4), at - 4
    return (at, at) if before in QUOTES or before == "that" else (_before(words, at), at)


def _is_named(words: Sequence[str], tokens: Sequence[Token], at: int) -> bool:
    """Whether a speaker begins at a token: "the mayor", "Ann Field", "spokesman Mike Holm"."""
    return bool(words[at : at + 1]) and (
        words[at] == "the" or any(t.text[0].isupper() for t in tokens[at : at + 3])
    )


def _before(words: Sequence[str], verb: int) -> int:
    """Where the subject of a verb of saying begins, with what stands between commas behind its name."""
    at = verb
    while at and (words[at - 1].endswith("ly") or words[at - 1] in ADVERBS):
        at -= 1
    inserted = at > 0 and words[at - 1] == ","
    at -= inserted
    while at > max(0, verb - LONGEST):
        before = words[at - 1]
        if before in CUTS or (before == "," and not inserted):
            break
        inserted = inserted and before != ","
        at -= 1
    return at


def _phrase_end(words: Sequence[str], begin: int) -> int:
    ends = (at for at in range(begin, len(words)) if words[at] in ",.;:()" or words[at] in QUOTES)
    return next(ends, len(words))


def _are_of_a_kind(first: Who, second: Who) -> bool:
    """Whether two speakers are told apart: by name, office or body. "The Ohio Republican" may be anybody."""
    return all(
        (one.names and one.names[-1] not in PARTISANS) or not OFFICES.isdisjoint(one.words)
        for one in (first, second)
    )


def _shared(ours: frozenset[str], theirs: frozenset[str]) -> float:
    found = len(ours & theirs)
    return found / len(ours) if found >= SPOKEN_WORDS else 0.0


def stands_there(person: Who, read: Sequence[Sentence]) -> bool:
    """Whether some sentence has a person's last name, or gives all words of a role."""
    if person.names:
        return any(token.word == person.names[-1] for sentence in read for token in sentence.tokens)
    return any(person.words <= set(sentence.stems) for sentence in read)


def are_one(first: Who, second: Who, read: Sequence[Sentence]) -> bool:
    """Whether the one stands so near to the other that it may be the other's role or full name."""
    if first.names and second.names:
        return False
    for sentence in read:
        ours, theirs = _places(first, sentence), _places(second, sentence)
        if any(abs(a - b) <= BESIDE for a in ours[:NEAREST] for b in theirs[:NEAREST]):
            return True
    return False


def _places(person: Who, sentence: Sentence) -> list[int]:
    if person.names:
        return [at for at, token in enumerate(sentence.tokens) if token.word in person.names]
    return [at for at, stem in enumerate(sentence.stems) if stem and stem in person.words]
