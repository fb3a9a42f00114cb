"""What a claim says when it stands alone: without what only asks for a check, its pronoun resolved where safe.

A pronoun gives way to the subject of the sentence before, and only where nothing else there fits it.
"""

from __future__ import annotations

import re
from itertools import takewhile

from factbot.checking.facts.dates import MONTH_NAMES, WEEKDAYS
from factbot.text.english import (
    ADVERBS,
    ARTICLES,
    FULL_STOP,
    HOLDS_ON,
    PREPOSITIONS,
    PRONOUNS,
    WORD,
    any_of,
    finite_verbs,
    is_finite,
    is_plural,
    lowered,
)
from factbot.text.tokens import word_set

__all__ = ["resolved", "unwrapped"]

_INVERTED = (  # "did he", "isn't it": where a question begins
    r"(?:is|are|was|were|did|does|do|has|have|had|wo|will|would|ca|can|could|should|may|might|must)(?:n['’]t)?\b"
)
_WRAPPED = re.compile(
    r"(?:so,? )?(?:is it (?:really )?(?:true|correct|right|a fact|the case)|is it not true|isn['’]t it true)"
    r" that (?P<asked>.+?)\W*$"
    r"|(?:it is|it['’]s) (?:true|correct|a fact) that (?P<held>.+)$"
    r"|(?:please )?(?:fact[- ]check|check|verify|true or false|claim)(?: this| the claim)?"
    r"(?:\s*:\s*| (?:that|whether|if) )(?P<given>.+)$"
    rf"|(?P<tagged>(?!(?:(?:so|and|but),? )?{_INVERTED}).+?)(?:,| [-–—]) (?:right|correct|true|yes|no|or not|"
    r"is(?:n['’]t)? (?:it|that) (?:so|right|true|correct)|"
    rf"{_INVERTED} (?:he|she|it|they|there)) ?\?$",
    re.I,
)
# "So he won?", "But surely he won in 2015?"; not "And did he win?", "But the other one, who was he?".
_SUPPOSED = re.compile(
    rf"(?:(?:so|and|but),? (?:surely )?|surely )(?P<supposed>(?!{_INVERTED}|(?:if|in|on|at)\b)"
    r"(?:(?!\b(?:who|whom|whose|what|when|where|why|how|which)\b).)+?)(?:,? then)? ?\?$",
    re.I,
)


# Whom a post answers: "@anna @bo The toll rose"; not "@anna says that".
_ADDRESSED = re.compile(r"(?:@[\w.]*\w[,:]?\s+)+(?=[^\w\s]*[^\W_a-z])")


def unwrapped(line: str) -> str:
    """ "Is it true that he won?", "Check: he won", "He won, right?", "So he won?", "@anna He won" as "He won."."""
    line = _ADDRESSED.sub("", line, count=1) if line.startswith("@") else line
    if found := _WRAPPED.match(line):
        said = next(part for part in found.groups() if part)
    elif (found := _SUPPOSED.match(line)) and finite_verbs(WORD.findall(found["supposed"])):
        said = found["supposed"]
    else:
        return line
    return said[0].upper() + said[1:] + ("" if FULL_STOP.search(said) else ".")


# -- pronouns --------------------------------------------------------------------------------------

_DATES = "|".join([*MONTH_NAMES, *map(str.capitalize, WEEKDAYS)])
_NUMBER = r"\d+(?:st|nd|rd|th|s)?"
_OPENERS = any_of("And But So Then Also Still However Later Meanwhile Now Today Yesterday Afterwards")
_LEADERS = any_of("In On By At Until Since During From")
_LEAD = rf"(?i:(?:{_OPENERS}),? )?(?:(?i:{_LEADERS})(?: (?:[a-z]+|{_NUMBER}|{_DATES})){{1,4}},? )??"
_POINTER = re.compile(
    rf"(?P<lead>{_LEAD})(?P<pointer>(?i:{any_of('he she it they his her its their')}|the company))(?= )"
)
_EXPLETIVE = re.compile(  # "it took two days", "it is clear that", "it was the first time", "it was raining"
    rf"it (?:(?:{any_of('took means meant rained seems seemed appears appeared turned turns happened')})\b"
    r"|(?:is|was|will be|would be|has been|had been|remains|became|\w+ \w+ be) .*"
    r"\b(?:that|to|who|whether|when|if|why|how)\b"
    rf"|(?:is|was) (?:the (?:first|second|third|last|only)|\w+ing|{_DATES}|cold|hot|dark|late|early)\b)",
    re.I,
)
_SUMS_UP = re.compile(r"it (?:is|was|became) (?:an?|the|all)\b", re.I)  # of a person's doing: "It was a mistake."
_THERE = re.compile(
    r"^([^\"“«]*[a-z\d] )(?<!from )(?<!up )(?<!over )(?<!out )there"
    rf"(?=[.,;!?]| (?:{any_of('after and as before by during for from in on since until with')})\b)"
)
_NAMES = r"[A-Z](?:[\w-]|['’]\w\w)*(?: (?:[A-Z](?:[\w-]|['’]\w\w)*|de|van|von|der|bin|al))*"
_ARRIVED = rf"(?:{any_of('came drove flew moved returned sailed traveled travelled went')}) to|visited|reached"
_PLACE = re.compile(rf"\b(?:in|at|near|{_ARRIVED}) (?!(?:{_DATES})\b)({_NAMES})(?!['’])")
_KINDS = {
    **dict.fromkeys(("he", "his", "she", "her"), "person"),
    **dict.fromkeys(("it", "its"), "thing"),
    **dict.fromkeys(("they", "their"), "plural"),
    "the company": "company",
}


def resolved(line: str, before: str) -> str:
    """The line with its first pronoun replaced by the subject of the sentence before, where only that fits.

    "There" after a verb is the one place that the sentence before names.
    """
    places = set(_PLACE.findall(before))
    if len(places) == 1 and not _PLACE.search(line):
        line = _THERE.sub(rf"\1in {places.pop()}", line)
    found = _POINTER.match(line)
    if not found or _EXPLETIVE.match(line, found.start("pointer")):
        return line
    pointer = found["pointer"].lower()
    kind = _KINDS[pointer]
    subject, rest = _subject(before)
    kinds = _kinds(subject)
    if kind not in kinds or _competes(rest, kind):
        return line
    if "person" in kinds and _SUMS_UP.match(line, found.start("pointer")):
        return line
    if found["lead"]:
        subject = re.sub(r"^(The|A|An|His|Her|Its|Their)\b", lambda article: article[0].lower(), subject)
    elif found["pointer"][0].isupper():
        subject = subject[0].upper() + subject[1:]
    if pointer in {"his", "her", "its", "their"}:
        subject += "'" if subject.endswith("s") and kind == "plural" else "'s"
    return found["lead"] + subject + line[found.end() :]


# -- the subject of the sentence before ------------------------------------------------------------

_OPENING = re.compile(rf"^(?:(?:{_OPENERS}),? )?(?:(?:{_LEADERS})(?: (?:{_NUMBER}|{_DATES})){{1,3}},? )?")
_TRAILING = re.compile(r"(?: (?:also|never|not|then|later|now|still|only|just|already|first|[a-z]+ly))+$")
_NOT_PLAIN = re.compile(r"[\"“”«»(:/]|\bto\b")
_ROLES = word_set(
    "minister president secretary chancellor mayor senator governor king queen prince princess pope judge "
    "doctor author actor actress singer player coach captain officer general man woman boy girl lawyer leader "
    "spokesman spokeswoman director chairman professor teacher driver pilot journalist mr mrs ms dr sir lady "
    "lord"
)
_THINGS = word_set(
    "airlines airways association bank bay bridge city club college committee company corp corporation council "
    "county court department federation fc football foundation great group hospital house inc institute island "
    "lake league limited ltd ministry motors mount museum national new north office organisation organization "
    "park parliament party plc port real river royal saint san school society south st state street team union "
    "united university west east"
)


def _subject(line: str) -> tuple[str, str]:
    """The noun phrase before the first verb, where it is a plain one, and the verb with what follows it."""
    line = _OPENING.sub("", line)
    words = list(WORD.finditer(line))
    verbs = finite_verbs([word[0] for word in words])
    if not verbs:
        return "", ""
    verb = words[verbs[0]].start()
    parts = line[:verb].strip().split(",")
    added = parts[-1].strip() in {"", "who", "which"}  # "Johnson, a lawyer, ..." and not "On Monday, Johnson ..."
    phrase = _TRAILING.sub("", parts[0 if added else -1].strip())
    lead = lowered(phrase.split(), 0)
    if not lead or lead in PRONOUNS | ADVERBS | PREPOSITIONS or lead in _KINDS or len(phrase.split()) > 8:
        return "", ""
    if HOLDS_ON.search(phrase) or _NOT_PLAIN.search(phrase):
        return "", ""
    return phrase, line[verb:]


def _kinds(subject: str) -> set[str]:
    """What may stand for a noun phrase: a single name is a person or a thing."""
    head = list(takewhile(lambda word: word.lower() not in PREPOSITIONS, subject.split()))
    lows = [word.lower().strip(".") for word in head]
    if not head:
        return set()
    if "and" in subject.split():
        return {"plural"}
    if lows[-1] in _ROLES or (head[-1][0].isupper() and not _ROLES.isdisjoint(lows)):
        return {"person"}
    if head[-1][0].islower():
        return {"plural"} if is_plural(lows[-1]) else {"thing"}
    if is_plural(lows[-1]) and (lows[0] == "the" or lows[-1].endswith(("ans", "ats", "ers", "ists"))):
        return {"plural"}
    acronym = any(word.isupper() and len(word) > 1 for word in head)
    if acronym or not _THINGS.isdisjoint(lows) or head[0].lower() in ARTICLES:
        return {"thing", "company"}
    return {"person", "thing", "company"} if len(head) == 1 else {"person"}


_IS = word_set("is was are were became remains been")
_PLACING = word_set("across at during entered from in into left near of on reached since through to until visited")


def _competes(rest: str, kind: str) -> bool:
    """Whether the verb and what follows it name something else that the pronoun may stand for.

    What a preposition or "is" leads in does not compete; for a person only those of a place do.
    """
    words, aside = WORD.findall(rest), False
    leading = _IS | (_PLACING if kind == "person" else PREPOSITIONS)
    for n, word in enumerate(words):
        low = word.lower()
        if low in leading:
            aside = True
        elif low in PREPOSITIONS or low in {"and", "but"} or is_finite(words, n):
            aside = False
        elif not aside and _fits(word, kind):
            return True
    return False


def _fits(word: str, kind: str) -> bool:
    """Whether a pronoun of this kind may stand for the word, or for what it begins."""
    if kind == "plural":
        return is_plural(word.lower())
    if word[0].isupper():
        return not re.fullmatch(_DATES, word)
    return word in {"person": _ROLES, "thing": ARTICLES}.get(kind, ())
