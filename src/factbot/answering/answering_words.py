"""Which words of a sentence answer: the number, date, place or name that the question asks for.

Nothing is marked where it is not sure: where the sentence holds no such thing, or several that could be meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from factbot.answering.questions import Kind, kind_of, sides
from factbot.checking.facts.amounts.nouns import stem
from factbot.checking.facts.amounts.units import MONEY
from factbot.checking.facts.names import capitalised, name_root
from factbot.checking.facts.reading import Fact, read_facts
from factbot.checking.facts.values import Quantity
from factbot.text.english import ARTICLES, AUXILIARIES, PREPOSITIONS, WORD, any_of, is_finite
from factbot.text.sentences import Span
from factbot.text.tokens import TokenizedText, word_set
from factbot.text.words import STEM, words

__all__ = ["answering_words", "might_answer"]

LEAST_TOLD = 0.3  # the share of the question's words that a sentence must have before any of its words are marked
LONGEST_PHRASE = 8  # words that may be marked where neither a number, a date nor a name is asked for
LEAST_SHARED = 2  # of the question's words that must stand beside such a phrase

_GRAMMAR = (
    ARTICLES
    | AUXILIARIES
    | PREPOSITIONS
    | word_set(
        "and or but that this these those who whom whose which what when where why how it he she they we you i "
        "him them not no so than then there as many much old long far"
    )
)
_BASES = {  # what a size is measured in, by the word that asks for it
    "old": ("age", "time"),
    "long": ("time", "length"),
    "far": ("length",),
    "high": ("length",),
    "tall": ("length",),
    "deep": ("length",),
    "wide": ("length",),
    "big": ("length", "area"),
    "large": ("length", "area"),
    "heavy": ("weight",),
    "fast": ("speed",),
}
_SIZE = re.compile(rf"\bhow\s+({any_of(' '.join(_BASES))}|many|much|often)\b", re.I)
_PERCENT = re.compile(r"\b(?:percent|percentage|proportion|share)\b|\bper cent\b", re.I)
_COUNTED = re.compile(r"\bhow many\s+((?:[\w'’-]+\s*){1,4})", re.I)
_IN_PLACE = re.compile(r"\b(?:in|at|near|on|off|outside|inside|around|across)\s+(?:the\s+)?(?:\w+ of )?$", re.I)
_BREAK = re.compile(r"[,;:–—()]\s")
# The word after a name, past what is put in between commas and an auxiliary: "Marlow, an engineer, had built".
_NEXT = re.compile(r"(?:,[^,]{1,60},)?\s+(?:(?:also|then|had|has|have|was|were|is|will|would)\s+)?([a-z]\w+)")
_ROLE = re.compile(r"(\w+),? $")
_AGENT = re.compile(r"(\w+) by (?:[a-z'’-]+ ){0,4}$")  # "was built by the engineer Agnes Marlow"
_BELONGS = re.compile(r"^(?:[A-Z]{2,5}s?|U\.S\.)$|[a-z](?:ian|ean|ese|ish|ican|ench|utch)$")
_THING = re.compile(r"\s+[a-z]")
_ENDING = re.compile(r"(?<=..)(?:ing|ed|es|s|d|e)$")
_ASKS = re.compile(r"\?\W*$")
_NOT = re.compile(r"\b(?:not|no|never|neither|nor)\b|n['’]t\b", re.I)
# "Who is older, A or B?": a sentence on one of them does not say which.
_MEASURED = re.compile(r"\b(?:than|both|more|less|fewer|most|least|first|last|\w+er|\w+est)\b", re.I)


def might_answer(question: str, sentence: str) -> bool:
    """Whether a sentence holds something new of the kind that is asked for: a number, a date, a name.

    A question never answers.
    """
    if _ASKS.search(sentence):
        return False
    kind = kind_of(question)
    if kind == "amount":
        return bool(_new(question, sentence, "number"))
    if kind == "date":
        timed = (fact for fact in _new(question, sentence, "number") if getattr(fact.value, "base", "") == "time")
        return bool(_new(question, sentence, "date")) or any(timed)
    return kind in ("yes_no", "other") or bool(_new(question, sentence, "name"))


def answering_words(question: str, sentence: str) -> Span | None:
    """The start and end, in the sentence, of the words that answer the question; None where it is not sure."""
    kind = kind_of(question)
    if not _tells_of(question, sentence):
        return None
    if kind != "amount" and (pair := sides(question)):
        return None if _MEASURED.search(question) else _one_of(pair, sentence)
    return None if kind == "yes_no" else _FINDERS[kind](question, sentence)


def _tells_of(question: str, sentence: str) -> bool:
    asked, said = _content(question), set(map(_stem, words(sentence)))
    return len(asked & said) >= LEAST_TOLD * len(asked)


def _content(question: str) -> set[str]:
    """The beginnings of a question's words, without those of grammar."""
    return {_stem(word) for word in words(question, 3) if word not in _GRAMMAR}


def _stem(word: str) -> str:
    """The beginning of a word in small letters, which its forms share: "close" and "closed"."""
    return _ENDING.sub("", word)[:STEM]


def _one_of(pair: tuple[str, str], sentence: str) -> Span | None:
    """The one of two that the sentence names; None where it names both or neither."""
    found = [_place_of(each.removeprefix("the "), sentence) for each in pair]
    named = [span for span in found if span]
    return named[0] if len(named) == 1 and not _NOT.search(sentence) else None


def _place_of(words_sought: str, sentence: str) -> Span | None:
    """Where words stand in a sentence, a name by its last word too."""
    for sought in (words_sought, words_sought.split()[-1]):
        if found := re.search(rf"\b{re.escape(sought)}\b", sentence, re.I):
            return found.span()
    return None


# -- amounts and dates -----------------------------------------------------------------------------


def _amount(question: str, sentence: str) -> Span | None:
    fits = _amounts(question, sentence)
    if counted := _nouns(question):
        alike = [fact for fact in fits if _noun(fact) in counted]
        fits = alike or [fact for fact in fits if not _noun(fact) and _is_asked_beside(question, sentence, fact)]
    return _only(fits)


def _amounts(question: str, sentence: str) -> list[Fact]:
    """The numbers of a sentence that the question lacks and that measure what is asked for."""
    return [
        fact
        for fact in _new(question, sentence, "number")
        if isinstance(fact.value, Quantity) and _fits(question, fact.value)
    ]


def _noun(fact: Fact) -> str:
    return fact.value.noun if isinstance(fact.value, Quantity) else ""


def _fits(question: str, value: Quantity) -> bool:
    """Whether an amount is of the kind that is asked for: a sum, a share, a length, a time, a count."""
    if _PERCENT.search(question):
        return value.unit in ("%", "/10")
    size = _SIZE.search(question)
    if size and size[1].lower() in _BASES:
        return value.base in _BASES[size[1].lower()] or value.unit in _BASES[size[1].lower()]
    if size and size[1].lower() == "much":
        return value.unit in MONEY or value.unit == "%"
    return value.unit not in ("ordinal", "age", "score") and value.unit not in MONEY and value.unit != "%"


def _nouns(question: str) -> set[str]:
    """The stems of what "how many" counts: of "how many people died" both words."""
    found = _COUNTED.search(question)
    return {stem(word) for word in words(found[1]) if word not in _GRAMMAR} if found else set()


def _date(question: str, sentence: str) -> Span | None:
    """The only date, where it is told in the same breath as what is asked."""
    dates = _new(question, sentence, "date")
    return _only(dates) if all(_is_asked_beside(question, sentence, fact) for fact in dates) else None


def _is_asked_beside(question: str, sentence: str, fact: Fact) -> bool:
    """Whether a word of the question stands between the same two commas as a fact."""
    before = _BREAK.split(sentence[: fact.start])[-1]
    after = _BREAK.split(sentence[fact.end :])[0]
    return bool(_content(question) & set(map(_stem, words(f"{before} {after}"))))


# -- names and places ------------------------------------------------------------------------------


def _who(question: str, sentence: str) -> Span | None:
    """The name beside the question's verb, or behind another word of it: "the miller, Agnes Marlow"."""
    asked = _content(question)
    return _which(question, sentence) or _only(
        fact
        for fact in _names(question, sentence)
        if (found := _ROLE.search(sentence[: fact.start])) and _stem(found[1].casefold()) in asked
    )


def _which(question: str, sentence: str) -> Span | None:
    """The name beside the question's verb: "Agnes Marlow built", "built by the engineer Agnes Marlow"."""
    asked = _content(question)
    return _only(fact for fact in _names(question, sentence) if _does(fact, sentence, asked))


def _does(fact: Fact, sentence: str, asked: set[str]) -> bool:
    verb, agent = _verb_after(fact, sentence), _AGENT.search(sentence[: fact.start])
    return _stem(verb) in asked or (agent is not None and _stem(agent[1].casefold()) in asked)


def _verb_after(fact: Fact, sentence: str) -> str:
    """The word after a name where it is surely a verb, else ""."""
    found = _NEXT.match(sentence, fact.end)
    return found[1] if found and is_finite([fact.text.split()[-1], found[1]], 1) else ""


def _place(question: str, sentence: str) -> Span | None:
    """The only name after "in" and the like, with what it lies in: "Moscow, Russia"."""
    names = _names(question, sentence)
    places = [fact for fact in names if _IN_PLACE.search(sentence[: fact.start])]
    if not places:
        return None
    start, end = places[0].start, places[0].end
    for fact in names:
        if fact.start > end and sentence[end : fact.start] == ", ":
            end = fact.end
    return (start, end) if all(start <= fact.start < end for fact in places) else None


def _names(question: str, sentence: str) -> list[Fact]:
    """The names that the question lacks in every form, without those that only tell whose a thing is."""
    asked = {name_root(word) for word in words(question)}
    return [
        fact
        for fact in _facts(sentence, "name")
        if not {name_root(word) for word in words(fact.text)} & asked and not _tells_whose(fact, sentence)
    ]


def _tells_whose(fact: Fact, sentence: str) -> bool:
    """Whether a name stands before a thing, as in "Russian tanks" and "HD sets"."""
    before_word = _THING.match(sentence, fact.end) is not None
    return before_word and _BELONGS.search(fact.text) is not None and not _verb_after(fact, sentence)


# -- anything else ---------------------------------------------------------------------------------


def _other(question: str, sentence: str) -> Span | None:
    """The one stretch of words that the question lacks, where the rest of the sentence says what is asked."""
    asked = set(map(_stem, words(question)))
    told = {_stem(word) for word in WORD.findall(question) if word.islower() and word not in _GRAMMAR}
    found = [word for word in WORD.finditer(sentence) if word[0].casefold() not in _GRAMMAR]
    stems = [_stem(word[0].casefold()) for word in found]
    new = [n for n, each in enumerate(stems) if each not in asked]
    shared = asked.intersection(stems)
    if not new or len(shared) < LEAST_SHARED or not shared & told:  # "Who is Agnes Marlow?" asks for no one thing
        return None
    if new[-1] - new[0] >= len(new) or len(new) > LONGEST_PHRASE:  # the question's words stand between them
        return None
    return found[new[0]].start(), found[new[-1]].end()


_FINDERS: dict[Kind, Callable[[str, str], Span | None]] = {
    "amount": _amount,
    "date": _date,
    "who": _who,
    "which": _which,
    "place": _place,
    "other": _other,
}


def _facts(sentence: str, kind: str) -> Sequence[Fact]:
    """The facts of a kind that a sentence states, without those that it denies ("not twelve")."""
    text = TokenizedText(sentence)
    return [fact for fact in read_facts(text, capitalised(text)).stated if fact.kind == kind]


def _new(question: str, sentence: str, kind: str) -> list[Fact]:
    """The facts of a kind whose words the question lacks."""
    asked = set(words(question))
    return [fact for fact in _facts(sentence, kind) if not set(words(fact.text)) <= asked]


def _only(facts: Iterable[Fact]) -> Span | None:
    """Where the only one of the facts stands; None for none, and for several that say different things."""
    found = list(facts)
    return (found[0].start, found[0].end) if found and len({fact.value for fact in found}) == 1 else None
