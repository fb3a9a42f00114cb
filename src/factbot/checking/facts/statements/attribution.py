"""Whose words and whose fact: what the evidence says of one, and the claim of another who also stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from factbot.checking.facts.statements.clauses import Clause, Who, clauses, who
from factbot.checking.facts.statements.wording import Sentence, sentences
from factbot.text.tokens import word_set

__all__ = ["Elsewhere", "other_holder", "other_speaker"]

SAYING = word_set(
    "said says say saying told tells tell added adds argued argues warned warns announced announces claimed claims "
    "insisted insists stated states wrote writes explained explains noted notes called calls described describes "
    "suggested suggests tweeted admitted admits replied predicted predicts conceded acknowledged praised"
)
INVERTED = word_set("said says added wrote explained tweeted argued noted warned")
QUOTES = frozenset("\"“”")
SPOKEN = 0.6  # share of a statement's words that have to stand with another speaker
SPOKEN_WORDS = 3
HELD = 0.6  # share of what the claim says of its subject that has to be said of another
HELD_WORDS = 2
BESIDE = 6  # tokens between a name and its role


@dataclass(frozen=True)
class Elsewhere:
    """What the claim gives to `claim` and the evidence, in the words `words`, to `evidence`."""

    claim: str
    evidence: str
    words: str


@dataclass(frozen=True)
class _Statement:
    """What somebody says in a sentence."""

    speaker: Who
    name: str
    stems: frozenset[str]
    text: str


# -- who said it -----------------------------------------------------------------------------------


def other_speaker(claim: str, evidence: str) -> Elsewhere | None:
    """Whether the evidence gives the words that the claim gives to a speaker to another one, and to whom.

    Both speakers have to stand in the evidence; where they may be one and the same, None.
    """
    asserted = [statement for sentence in sentences(claim) for statement in _statements(sentence)]
    if len(asserted) != 1 or len(asserted[0].stems) < SPOKEN_WORDS:
        return None
    ours = asserted[0]
    read = sentences(evidence)
    if not _stands_there(ours.speaker, read):
        return None
    best: tuple[float, _Statement] | None = None
    for sentence in read:
        shared = _shared(ours.stems, frozenset(stem for stem in sentence.stems if stem))
        if shared < SPOKEN:
            continue
        found = list(_statements(sentence))
        if len(found) != 1 or found[0].speaker.same(ours.speaker) or _stands_there(ours.speaker, [sentence]):
            return None
        if best is None or shared > best[0]:
            best = shared, found[0]
    if best is None or _are_one(ours.speaker, best[1].speaker, read):
        return None
    return Elsewhere(ours.name, best[1].name, best[1].text)


def _statements(sentence: Sentence) -> Iterator[_Statement]:
    """Who says something in a sentence: "X said that", ", said X", "according to X"."""
    words = sentence.words
    found: list[tuple[int, int, int]] = []
    for clause in clauses(sentence):
        if words[clause.verb] in SAYING and not clause.passive:
            found.append((clause.begin, clause.verb, clause.verb + 1))
    for at, word in enumerate(words):
        if word == "according" and at + 2 < len(words) and words[at + 1] == "to":
            found.append((at + 2, _phrase_end(words, at + 2), at + 2))
        elif word in INVERTED and at and (words[at - 1] == "," or words[at - 1] in QUOTES) and at + 1 < len(words):
            if sentence.tokens[at + 1].text[0].isupper() or words[at + 1] == "the":
                found.append((at + 1, _phrase_end(words, at + 1), at + 1))
    for begin, end, _ in found:
        speaker = who(sentence, begin, end)
        if speaker.words and end > begin:
            stems = frozenset(
                stem for at, stem in enumerate(sentence.stems) if stem and not begin <= at <= end and stem not in SAID
            )
            tokens = sentence.tokens
            name = sentence.text[tokens[begin].start : tokens[end - 1].end]
            yield _Statement(speaker, name, stems, sentence.text)


SAID = word_set("say tell told add according call")


def _phrase_end(words: Sequence[str], begin: int) -> int:
    return next((at for at in range(begin, len(words)) if words[at] in ",.;:()" or words[at] in QUOTES), len(words))


def _shared(ours: frozenset[str], theirs: frozenset[str]) -> float:
    found = len(ours & theirs)
    return found / len(ours) if found >= SPOKEN_WORDS else 0.0


def _stands_there(person: Who, read: Sequence[Sentence]) -> bool:
    """Whether some sentence names a person, or gives all words of a role."""
    if person.names:
        return any(token.word in person.names for sentence in read for token in sentence.tokens)
    return any(person.words <= set(sentence.stems) for sentence in read)


def _are_one(first: Who, second: Who, read: Sequence[Sentence]) -> bool:
    """Whether a name of the one stands so near to the other that it may be the other's role or full name."""
    for sentence in read:
        ours = [at for at, (token, stem) in enumerate(zip(sentence.tokens, sentence.stems, strict=True)) if _of(first, token.word, stem)]
        theirs = [at for at, (token, stem) in enumerate(zip(sentence.tokens, sentence.stems, strict=True)) if _of(second, token.word, stem)]
        if any(abs(a - b) <= BESIDE for a in ours[:20] for b in theirs[:20]):
            return True
    return False


def _of(person: Who, word: str, stem: str) -> bool:
    return word in person.names if person.names else stem != "" and stem in person.words


# -- whom it holds for -----------------------------------------------------------------------------


def other_holder(claim: str, evidence: str) -> Elsewhere | None:
    """Whether the evidence says what the claim says of its subject of another one only, and of whom.

    Both have to be subjects of plain clauses of the evidence, both names or both nouns.
    """
    asserted = [clause for sentence in sentences(claim) for clause in clauses(sentence)]
    if len(asserted) != 1:
        return None
    ours = asserted[0]
    told, subject = _told(ours), _holder(ours)
    if len(told) < HELD_WORDS or subject is None or not _is_plain(subject):
        return None
    read = sentences(evidence)
    theirs = [clause for sentence in read for clause in clauses(sentence)]
    if not any(subject.same(clause.subject) for clause in theirs) and not (subject.names and _stands_there(subject, read)):
        return None
    best: tuple[float, Clause, Who] | None = None
    for sentence in read:
        if len(told & set(sentence.stems)) < HELD * len(told):
            continue
        fitting = [clause for clause in clauses(sentence) if _verb(ours) in clause.stems and len(told & clause.stems) >= HELD * len(told)]
        for clause in fitting:
            holder = _holder(clause)
            if holder is None or not _is_plain(holder) or bool(holder.names) != bool(subject.names) or holder.same(subject):
                return None
            share = len(told & clause.stems) / len(told)
            if clause.passive == ours.passive and (best is None or share > best[0]):
                best = share, clause, holder
    if best is None or _are_one(subject, best[2], read):
        return None
    return Elsewhere(_name(ours), _name(best[1]), best[1].text)


def _told(clause: Clause) -> frozenset[str]:
    return clause.stems


def _verb(clause: Clause) -> str:
    return next((stem for stem in clause.sentence.stems[clause.verb : clause.end] if stem), "")


def _holder(clause: Clause) -> Who | None:
    """Who does it: the subject, or the agent of a passive."""
    return clause.agent or clause.subject


def _is_plain(person: Who) -> bool:
    return bool(person.words)


def _name(clause: Clause) -> str:
    tokens = clause.sentence.tokens
    return clause.sentence.text[tokens[clause.begin].start : tokens[clause.verb - 1].end]
