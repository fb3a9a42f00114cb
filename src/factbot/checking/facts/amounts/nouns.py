"""What a number counts or measures: the noun beside it, as one stem for all words that mean the same there."""

from __future__ import annotations

from itertools import takewhile

from factbot.checking.facts.amounts.numerals import CARDINALS
from factbot.text.english import ends_as_plural
from factbot.text.tokens import DASHES, TokenizedText, word_set

__all__ = [
    "EVENTS",
    "PEOPLE",
    "STOPS",
    "event_before",
    "is_plural_noun",
    "noun_after",
    "noun_before",
    "phrase_at",
    "stem",
]

# Where the words that a number counts come to an end.
STOPS = word_set(
    "a an the this that these those his her its their our my your and or but nor of in on at by to from for "
    "with without as than into onto over under after before during since until between among across about "
    "against near per via within outside inside around through throughout up down out off who whom whose "
    "which what where when while if because so not is are was were be been being has have had having do does "
    "did will would can could may might must shall should said says it he she they we you i him them us there "
    "here also only just worldwide globally overall ago later earlier each every all both either"
)
PHRASE = 5  # words after a number among which its noun is looked for
PLURALS = word_set("people men women children police media crew staff")
# Words for one thing, the stem first: a number of one is a rival of a number of the other.
_SAME = """
    death dead died die dies dying fatality casualty killed kill killing
    injury injured injure wounded wounding hurt
    recovery recovered recover
    person people individual human
    man men
    woman women
    child children kid
    view viewed
    review reviewer critic reviewed
    infection infected
    arrest arrested detained
    film movie
"""
SAME = {word: words[0] for words in map(str.split, _SAME.strip().splitlines()) for word in words}
EVENTS = word_set("death injury recovery infection arrest")
PEOPLE = word_set("case person man woman child resident patient civilian soldier passenger worker student")
HEDGING = word_set("at least most about around some nearly almost more than over up to another as many roughly")
NUMBERS = word_set("number total toll count")
CLAUSE = 20  # tokens before "was 15" in which "the number of" stands
ENDS = frozenset(".;:!?")
LINKS = word_set("of reached rose risen climbed grew fell dropped stood stands hit totalled to at was were is are")


def noun_after(text: TokenizedText, at: int, measured: bool = False, single: bool = False) -> str:
    """The stem of the noun that the number before a token counts, the first plural; empty where there is none.

    Of a measure ("40% of the vote") or a single thing it is the last word. People to whom something happened count
    as that: "12 people were killed" as deaths.
    """
    phrase = phrase_at(text, at + (measured and text.words[at] == "of"))
    plural = next((i for i, word in enumerate(phrase) if is_plural_noun(word)), len(phrase))
    noun, told = "", phrase[:plural]
    if plural < len(phrase):
        noun = stem(phrase[plural])
        told += text.words[at + plural + 1 : at + plural + 4]
    if not measured and (not noun or noun in PEOPLE):
        stems = map(stem, takewhile(lambda word: word.isalpha() and word != "and", told))
        noun = next((word for word in stems if word in EVENTS), noun)
    if not noun and phrase and (measured or single):
        noun = stem(phrase[-1])
    return noun


def noun_before(text: TokenizedText, begin: int) -> str:
    """The same for a number that has no noun behind it: "a population of 4,500", "cases reached 20".

    "The number of people injured in the fire in Lund was 15" counts the injured, and never Lund.
    """
    at = begin - 1
    while at > begin - 4 and text.words[at] in LINKS:
        at -= 1
    word = text.words[at]
    if at == begin - 1 or not word.isalpha() or word in STOPS:
        return ""
    for number in range(at, max(0, at - CLAUSE), -1):
        if text.words[number] in ENDS:
            break
        if text.words[number - 1] in NUMBERS and text.words[number] == "of":
            return noun_after(text, number + 1)
    return "" if word in NUMBERS or text.tokens[at].text[0].isupper() else stem(word)


def event_before(text: TokenizedText, begin: int) -> str:
    """What happened to the people that a number behind a verb counts: deaths in "killed at least 12 people"."""
    at = begin - 1
    while at > 0 and text.words[at] in HEDGING:
        at -= 1
    event = stem(text.words[at])
    return event if event in EVENTS and text.words[at] not in EVENTS else ""


def phrase_at(text: TokenizedText, at: int) -> list[str]:
    """The words after a number as far as they can belong to what it counts."""
    at += text.words[at] in DASHES
    phrase: list[str] = []
    while len(phrase) < PHRASE:
        word = text.words[at]
        if not word[:1].isalpha() or word in STOPS or word in CARDINALS or text.taken[at]:
            break
        phrase.append(word)
        at += 1
    return phrase


def is_plural_noun(word: str) -> bool:
    """Whether a word names several of what a number may count: "people", "votes", but not "they" or "gas"."""
    return word in PLURALS or _has_plural_s(word)


def _has_plural_s(word: str) -> bool:
    return len(word) > 3 and ends_as_plural(word)


def stem(word: str) -> str:
    """A noun without its plural, and one word for those that mean the same here ("died", "deaths")."""
    if word in SAME:
        return SAME[word]
    if word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif _has_plural_s(word):
        word = word[:-1]
    return SAME.get(word, word)
