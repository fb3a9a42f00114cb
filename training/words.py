"""Word lists (`words/*.txt`) and patterns of English that the question rules need."""

from __future__ import annotations

import re
from pathlib import Path


def _words(name: str) -> list[str]:
    return (Path(__file__).parent / "words" / f"{name}.txt").read_text(encoding="utf-8").split()


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(a, b) for a, _, b in (pair.partition(":") for pair in _words(name))]


AUXILIARIES = frozenset(_words("auxiliaries"))
FUNCTION = frozenset(_words("function")) | AUXILIARIES
PLACE_BEFORE = frozenset(_words("places"))
IRREGULAR = dict(_pairs("verbs"))  # past to base form
ANTONYM = dict(_pairs("antonyms")) | {b: a for a, b in reversed(_pairs("antonyms"))}
HAVE = {"has": "does", "have": "do", "had": "did"}

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_HEDGE = (
    r"(?:(?:more|less|fewer|greater|higher|lower) than|over|under|about|around|nearly|almost|at least|"
    r"at most|approximately|exactly|only|just|up to|below|above|between|after|before)\s+"
)
_NUMBER = r"[$£€]?\d[\d,]*(?:\.\d+)?(?:\s?%|(?:\s(?:hundred|thousand|million|billion|trillion|percent))*)"
_DATE = (
    rf"(?:(?:{_MONTHS})(?:\s\d{{1,2}})?(?:,?\s\d{{4}})?|\d{{1,2}}\s(?:{_MONTHS})(?:\s\d{{4}})?|"
    r"(?:1[5-9]|20)\d\d)(?!\d)"
)
# Group 1 of both is the value without its hedge ("more than 600" -> "600").
DATE = re.compile(rf"\b(?:{_HEDGE})?({_DATE})(?![\w%.,]*\d)")
NUMBER = re.compile(rf"(?<![\w.,$/-])(?:{_HEDGE})?({_NUMBER})(?![\w/-])")
_CAPITALISED = r"[A-Z]\w*(?:[.&-]\w+)*"
NAME = re.compile(rf"\b{_CAPITALISED}(?:\s(?:of the|of|de|van|von|for)(?=\s[A-Z])|\s{_CAPITALISED})*")

# What is counted: the run of words after the number, up to the first function word.
COUNTED = re.compile(rf"(?:\s(?!(?:{'|'.join(sorted(FUNCTION))})\b)[a-z][a-z-]+){{1,4}}")
# "In 1947, X did Y": (adjunct, statement).
LEADING = re.compile(
    r"^((?:On|In|After|Before|As of|By|At|Since|During|From|According to|With|Until|Based on) [^,]+"
    r"(?:, \d{4})?), (.+)$"
)
GENERIC_SUBJECT = re.compile(r"(?:There|It|He|She|They|This|That|These|Those)\b")
OF_A_PERSON = re.compile(
    r"\b(?:he|she|his|her|born|actor|actress|singer|player|politician|writer|author|director|footballer|"
    r"rapper|musician|wrestler|boxer|president|minister|coach|model|king|queen|sang|starred|married)\b",
    re.IGNORECASE,
)


def content_words(text: str) -> set[str]:
    """The words that carry meaning, in lower case."""
    return {word for word in re.findall(r"\w+", text.lower()) if word not in FUNCTION and len(word) > 1}
