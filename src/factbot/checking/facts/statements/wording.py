"""The words of statements as they are compared: stems of verbs and nouns, without the small words between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from factbot.checking.facts.amounts.numerals import CARDINALS
from factbot.text.english import AUXILIARIES, finite_verbs
from factbot.text.sentences import sentence_spans
from factbot.text.tokens import Token, tokenize, word_set

__all__ = ["IRREGULAR", "Sentence", "content", "content_stem", "main_verb", "sentences", "stemmed"]

SMALL = AUXILIARIES | word_set(
    "a an the this that these those his her its their our my your and or but nor of in on at by to from for with "
    "without as than into onto over under after before during since until between among across about against "
    "near per via within up down out off who whom whose which what where when while if because so not no is are "
    "was were be been being am has have had having do does did done will would can could may might must shall "
    "should it he she they we you i him them us there here also only just very more most then too both each all "
    "every any some such own same other still already even ever now later ago s t re ve ll d one"
)
# Forms that no rule brings together, the stem first.
_IRREGULAR = """
    win won winning
    lose lost losing loss
    say said says
    tell told
    buy bought
    bring brought
    build built
    find found
    hold held
    leave left
    lead led
    make made
    meet met
    pay paid
    sell sold sale
    send sent
    shoot shot shooting
    speak spoke spoken
    spend spent
    steal stole stolen theft
    take took taken
    think thought
    write wrote written
    begin began begun
    break broke broken
    choose chose chosen
    come came
    drive drove driven
    fall fell fallen
    fly flew flown flight
    give gave given
    go went gone
    grow grew grown growth
    know knew known
    rise rose risen
    run ran
    see saw seen
    sink sank sunk
    strike struck
    teach taught
    die death dead dying
    kill killed killer killing
    flee fled
    lie lied lying
    cut cutting
    hit hitting
    quit quitting
    get got gotten
    become became
    wear wore worn
    sing sang sung song
    swim swam swum
    ride rode ridden
    shut shutting
    sit sat
    stand stood
    throw threw thrown
    draw drew drawn
    eat ate eaten
    feel felt
    keep kept
    lend lent
    read reading
    sleep slept asleep
    sweep swept
    understand understood
    wake woke woken
    beat beaten
    fight fought
    seek sought
    man men
    woman women
    child children
    person people
"""
IRREGULAR = {word: words[0] for words in map(str.split, _IRREGULAR.strip().splitlines()) for word in words}
_ENDING = re.compile(r"(?:ation|ment|er|or|ing|ed|ly)$")
NOUN_ENDS = word_set("ation ment er or")
STEM = 3  # letters, at least


@dataclass(frozen=True)
class Sentence:
    """A sentence at `start` of its text: its tokens, and their stems, empty for small words and signs.

    `known` are the words that are names also where they begin it.
    """

    text: str
    start: int
    tokens: tuple[Token, ...]
    stems: tuple[str, ...]
    words: tuple[str, ...]
    known: frozenset[str] = frozenset()


def sentences(text: str, known: frozenset[str] = frozenset()) -> list[Sentence]:
    """The sentences of a text, in order; `known` are words that are names, beside those that the text shows."""
    spans = [(start, end, _tokens(text[start:end])) for start, end in sentence_spans(text, "en")]
    inside = {token.word for _, _, tokens in spans for token in tokens[1:] if token.text[0].isupper()}
    known = known | inside
    made = []
    for start, end, tokens in spans:
        # WHO and US are no small words.
        words = tuple(
            token.text if token.text.isupper() and len(token.text) > 1 else token.word for token in tokens
        )
        stems = tuple(content_stem(word).lower() for word in words)
        made.append(Sentence(text[start:end], start, tokens, stems, words, known))
    return made


def _tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a sentence; initials behind a name, "the World Bank (WB)", stand without their brackets."""
    found = tokenize(text)
    dropped = {
        place
        for at in range(1, len(found) - 1)
        if found[at - 1].text == "(" and found[at + 1].text == ")" and found[at].text.isupper()
        for place in (at - 1, at + 1)
    }
    return tuple(token for at, token in enumerate(found) if at not in dropped)


def content_stem(word: str) -> str:
    return stemmed(word) if word[0].isalnum() and word not in SMALL else ""


def content(words: Sequence[str]) -> list[str]:
    """The stems of the words that tell something, in order."""
    return [stem for word in words if word and (stem := content_stem(word))]


@lru_cache(maxsize=4_096)
def stemmed(word: str) -> str:
    """A word without its ending: "cheated", "cheating" and "cheats" are "cheat", "took" and "taking" are "tak"."""
    word = IRREGULAR.get(word, word)
    if word in CARDINALS:
        return str(CARDINALS[word])
    if not word.isalpha():
        return word.replace(",", "")
    if word.endswith(("ies", "ied")) and len(word) > STEM + 1:
        word = f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith("ss") and len(word) > STEM:
        word = word[:-1]
    if (ending := _ENDING.search(word)) and ending.start() >= STEM + (
        len(ending[0]) > 3 or ending[0] in ("er", "or")
    ):
        word = word[: ending.start()]
    if word.endswith("e") and len(word) > STEM:
        word = word[:-1]
    return word[:-1] if len(word) > STEM and word[-1] == word[-2] else word


def main_verb(tokens: Sequence[Token]) -> int | None:
    """The number of the token that is the first surely finite full verb, or the last auxiliary before one."""
    words = [token.text for token in tokens]
    found = [at for at in finite_verbs(words) if words[at][0].isalpha()]
    if not found:
        return None
    at = found[0]
    if words[at].lower() not in AUXILIARIES:
        return at
    for after in range(at + 1, min(at + 5, len(words))):
        if content_stem(tokens[after].word) and not tokens[after].word.endswith("ly"):
            return after
    return at
