"""Whose fact: what the evidence says of one, and the claim of another who also stands there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from factbot.checking.facts.names import capitalised
from factbot.checking.facts.reading import Fact, read_facts
from factbot.checking.facts.statements.attribution import OFFICES, Elsewhere, are_one, stands_there
from factbot.checking.facts.statements.clauses import GENERIC, Clause, Who, clauses
from factbot.checking.facts.statements.wording import Sentence, sentences, stemmed
from factbot.checking.facts.values import Quantity, bears_out
from factbot.text.english import ends_as_plural
from factbot.text.tokens import TokenizedText, word_set

__all__ = ["other_holder"]

HELD, HELD_WORDS = 0.6, 2  # share and number of what the claim says of its subject, with another subject
NEARLY_ALL = 0.75  # where the verb is another one
ANYBODY = word_set("people persons others those these they users customers visitors everyone")
ANY = frozenset(map(stemmed, ANYBODY))
NEAR = 3  # tokens from a group to its figure where no verb stands between: "boys 71 points and girls 76"
JOINTS = frozenset(",;.:()") | word_set("and but while whereas")
PLURALS = word_set("men women children")
PERSONAL = word_set("he she him her his hers they them their theirs it its")
OF_SOMEBODY = word_set("for against to with from by of on")


def other_holder(claim: str, evidence: str) -> Elsewhere | None:
    """Whether the evidence says what the claim says of its subject of another one only, and of whom.

    Both have to stand in plain clauses, both as names or both as nouns. So it is with a figure that is one
    group's ("85 crowns for adults") and not the claim's, and with one who is named behind the verb.
    """
    read = sentences(evidence)
    known = read[0].known if read else frozenset()
    own = sentences(claim, known)
    ours = next((clause for sentence in own for clause in clauses(sentence)), None)
    found = _other_group(own[0], claim, evidence, read) if own else None
    if found or ours is None or ours.begin > 0:
        return found
    return _other_subject(ours, read) or _other_object(ours, read)


# -- the subject -----------------------------------------------------------------------------------


def _other_subject(ours: Clause, read: Sequence[Sentence]) -> Elsewhere | None:
    if len(ours.stems) < HELD_WORDS and not _is_named_alone(ours, read):
        return None
    best: tuple[float, Who, Who, str] | None = None
    same = 0.0
    figures = {stem for stem in ours.stems if stem[0].isdigit()}
    for sentence in read:
        if _shares(ours, frozenset(sentence.stems)) < HELD:
            continue
        for clause in clauses(sentence):
            there = _around(clause)
            shared, pair = _shares(ours, there), _holders(ours, clause)
            if figures and figures.isdisjoint(there):
                continue
            if pair is None or shared < (HELD if ours.full_verb == clause.full_verb else NEARLY_ALL):
                continue
            if not _is_another(*pair, read) or _is_beside_its_figure(pair[0], ours, sentence):
                same = max(same, shared)
            elif best is None or shared > best[0]:
                best = shared, *pair, clause.text
    if best is None or same >= best[0]:
        return None
    _, subject, holder, words = best
    apart = _are_groups(subject, holder) or _are_told_apart(subject, holder, read)
    if not stands_there(subject, read) or (not apart and are_one(subject, holder, read)):
        return None
    return Elsewhere(subject.text, holder.text, words)


def _is_named_alone(ours: Clause, read: Sequence[Sentence]) -> bool:
    """Whether the claim's one word is said in plain clauses only, each of somebody: "Holt was acquitted"."""
    if not ours.subject.names or ours.end < len(ours.sentence.words) - 1:
        return False
    word = ours.full_verb
    told = sum(stem == word for sentence in read for stem in sentence.stems)
    found = [clause for sentence in read for clause in clauses(sentence) if clause.full_verb == word]
    return 0 < told == len(found) and all(clause.passive == ours.passive for clause in found)


def _holders(ours: Clause, theirs: Clause) -> tuple[Who, Who] | None:
    """Who does it in both clauses, or has it done to them in both; None where the two do not go together."""
    if ours.passive == theirs.passive:
        if ours.agent and theirs.agent and ours.subject.same(theirs.subject):
            return ours.agent, theirs.agent
        return ours.subject, theirs.subject
    if theirs.agent:
        return ours.subject, theirs.agent
    return (ours.agent, theirs.subject) if ours.agent else None


def _is_another(subject: Who, holder: Who, read: Sequence[Sentence]) -> bool:
    alike = bool(holder.names) == bool(subject.names)
    if not (holder.words and subject.words and alike) or subject.words <= ANY:
        return False
    if _are_told_apart(subject, holder, read):
        return True
    # Two nouns may be one thing, "the fire" and "the blaze": only groups and offices surely differ.
    known = bool(subject.names) or _are_groups(subject, holder) or _are_offices(subject, holder)
    return known and not holder.same(subject)


def _are_told_apart(subject: Who, holder: Who, read: Sequence[Sentence]) -> bool:
    """Whether two nouns alike, "the nurses' union" and "the doctors' union", are both subjects in the text."""
    if subject.names or holder.names or not subject.words - holder.words or not holder.words - subject.words:
        return False
    subjects = [clause.subject for sentence in read for clause in clauses(sentence)]
    return any(other.words == subject.words for other in subjects)


def _are_groups(first: Who, second: Who) -> bool:
    """Whether both are several things of a kind, so that neither is the other's role."""
    return all(not one.names and ends_as_plural(one.text.split()[-1].lower()) for one in (first, second))


def _are_offices(first: Who, second: Who) -> bool:
    return all(not OFFICES.isdisjoint(one.words) for one in (first, second))


def _is_beside_its_figure(subject: Who, ours: Clause, sentence: Sentence) -> bool:
    """Whether the subject's own figure stands right behind it without a verb: "and girls 76"."""
    figures = {stem for stem in ours.stems if stem[0].isdigit()}
    heads = [at for at, stem in enumerate(sentence.stems) if stem and stem in subject.words]
    return any(not figures.isdisjoint(sentence.stems[at + 1 : at + 1 + NEAR]) for at in heads)


def _around(clause: Clause) -> frozenset[str]:
    """The words of a clause; of a passive with who does it, its subject's too, which an active one's object is."""
    return clause.stems | clause.subject.words if clause.agent else clause.stems


def _shares(ours: Clause, there: frozenset[str]) -> float:
    found = len(ours.stems & there)
    return found / len(ours.stems) if found >= min(HELD_WORDS, len(ours.stems)) else 0.0


# -- a group's figure ------------------------------------------------------------------------------


def _other_group(own: Sentence, claim: str, evidence: str, read: Sequence[Sentence]) -> Elsewhere | None:
    """Whether a figure of the claim is another group's: "85 crowns for adults; children travel free".

    Both groups are plural nouns of one sentence, in pieces of their own.
    """
    first = _group(own, 0, len(own.stems))
    if first is None:
        return None
    head = own.stems[first]
    for sentence in read:
        pieces = _pieces(sentence)
        if not any(_begins_with(sentence, a, b, head) for a, b in pieces):
            continue
        holding = [piece for piece in pieces if _has_figure(claim, evidence, sentence, piece)]
        if any(head in sentence.stems[a:b] for a, b in holding):
            continue
        for begin, end in holding:
            if group := _for_group(sentence, begin, end):
                words = sentence.text[sentence.tokens[begin].start : sentence.tokens[end - 1].end]
                return Elsewhere(own.tokens[first].text, group, words)
    return None


def _pieces(sentence: Sentence) -> list[tuple[int, int]]:
    cuts = [-1, *(at for at, word in enumerate(sentence.words) if word in JOINTS), len(sentence.words)]
    return [(a + 1, b) for a, b in pairwise(cuts) if a + 1 < b]


def _group(sentence: Sentence, begin: int, end: int) -> int | None:
    """The token of the plural noun that begins at one: "children under 12", "the lorries"; None for none."""
    for at in range(begin, min(end, begin + NEAR)):
        plural = ends_as_plural(sentence.words[at]) or sentence.words[at] in PLURALS
        if sentence.stems[at] and plural:
            return None if sentence.words[at] in ANYBODY else at
    return None


def _begins_with(sentence: Sentence, begin: int, end: int, head: str) -> bool:
    return head in sentence.stems[begin : min(end, begin + NEAR)]


def _for_group(sentence: Sentence, begin: int, end: int) -> str:
    """The group that a piece of a sentence gives its figure to: "for adults"; "" for none."""
    words = sentence.words
    for at in range(begin, end - 1):
        if words[at] == "for" and _group(sentence, at + 1, end) is not None:
            return sentence.text[sentence.tokens[at + 1].start : sentence.tokens[end - 1].end]
    return ""


def _has_figure(claim: str, evidence: str, sentence: Sentence, piece: tuple[int, int]) -> bool:
    ours = _measured(claim)
    first, last = (sentence.tokens[piece[0]].start, sentence.tokens[piece[1] - 1].end)
    text = evidence[sentence.start + first : sentence.start + last]
    theirs = _measured(text)
    return any(bears_out(b.value, a.value) for a in ours for b in theirs)


def _measured(text: str) -> list[Fact]:
    read = TokenizedText(text)
    return [
        fact
        for fact in read_facts(read, capitalised(read)).stated
        if isinstance(fact.value, Quantity) and fact.value.unit not in ("", "ordinal", "score")
    ]


# -- who is named behind the verb ------------------------------------------------------------------


def _other_object(ours: Clause, read: Sequence[Sentence]) -> Elsewhere | None:
    """Whether what was done for or to somebody is told right after a sentence of another one.

    "Holt was sentenced to two years. The prosecutor had asked for four" does not say that four were for Rask. The
    sentence names nobody itself and has no pronoun, and the one before is of another name only.
    """
    named = _named_behind(ours)
    if not named or ours.subject.names:
        return None
    rest = ours.stems - set(named)
    if len(rest) < HELD_WORDS:
        return None
    alike = [at for at, sentence in enumerate(read) if len(rest & set(sentence.stems)) >= HELD * len(rest)]
    telling = [at for at in alike if any(clause.full_verb == ours.full_verb for clause in clauses(read[at]))]
    if len(telling) != 1 or not telling[0]:
        return None
    told, before = read[telling[0]], read[telling[0] - 1]
    if not PERSONAL.isdisjoint(told.words) or _names(told):
        return None
    subject = next((c.subject for c in clauses(before) if c.subject.names), None)
    if subject is None or not subject.names or named[-1] in {token.word for token in before.tokens}:
        return None
    there = any(token.word == named[-1] for sentence in read for token in sentence.tokens)
    return Elsewhere(" ".join(_texts(ours.sentence, named)), subject.text, told.text) if there else None


def _named_behind(clause: Clause) -> tuple[str, ...]:
    """The words of the one name behind "for", "to" or "against" at the end of a clause; nothing for none."""
    words, tokens = clause.sentence.words, clause.sentence.tokens
    end = clause.end - (words[clause.end - 1] == ".")
    at = end
    while at > clause.verb and tokens[at - 1].text[0].isupper():
        at -= 1
    return words[at:end] if at < end and words[at - 1] in OF_SOMEBODY - {"on"} and words[at] not in GENERIC else ()


def _texts(sentence: Sentence, words: Sequence[str]) -> list[str]:
    return [token.text for token in sentence.tokens if token.word in words]


def _names(sentence: Sentence) -> bool:
    """Whether a sentence names somebody: a capital behind its first word."""
    return any(token.text[0].isupper() for token in sentence.tokens[1:])
