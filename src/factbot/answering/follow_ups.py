"""What a person typed, as a question that stands on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from factbot.errors import UsageError
from factbot.text.normalise import typed_line
from factbot.text.words import names_and_numbers

__all__ = ["MAX_QUESTION", "clean", "is_follow_up", "self_contained"]

MAX_QUESTION = 2_000  # characters

OPENERS = re.compile(r"^(and|but|so|or|also|then|what about|how about|why not|why|how come|since when)\b", re.I)
POINTERS = re.compile(
    r"\b(he|him|his|she|her|hers|it|its|they|them|their|theirs|this|that|these|those|there|then|"
    r"the same|the latter|the former|the other one)\b",
    re.I,
)
QUESTION_WORDS = re.compile(
    r"^(and |but |so )*(who|whom|whose|what|which|when|where|why|how( many| much| long| old| far| often| big)?)\b"
    r"(\s+(is|are|was|were|did|does|do|has|have|had|will|would|can|could))?\s*",
    re.I,
)
SENTENCE_ENDS = re.compile(r"(?<=[.?!]) ")
SHORT = 4  # words: "and the second?" leans on what came before even without a pointer


def clean(question: str) -> str:
    """The question on one line without control characters.

    Raises UsageError where nothing is left to ask, or more than MAX_QUESTION characters are.
    """
    if not isinstance(question, str):
        raise UsageError("A question is a text; give it as one string.")
    line = typed_line(question)
    if not line:
        raise UsageError("The question is empty; write what you want to know from the articles.")
    if len(line) > MAX_QUESTION:
        raise UsageError(f"The question has {len(line):,} characters; ask in at most {MAX_QUESTION:,}.")
    if not any(c.isalnum() for c in line):
        raise UsageError("The question holds no words; write what you want to know from the articles.")
    return line


def is_follow_up(question: str) -> bool:
    """Whether a question leans on the one before: an opener, a pointing word without a name, or very short."""
    if OPENERS.search(question):
        return True
    words = question.split()
    named = any(map(names_and_numbers, SENTENCE_ENDS.split(question)))
    return not named and (bool(POINTERS.search(question)) or len(words) <= SHORT)


def self_contained(question: str, history: Sequence[str]) -> str:
    """A follow-up with the topic of the question that it leans on; any other question as it is.

    `history` holds the earlier questions, oldest first. "and when was that?" after "Who invited the
    activists?" becomes "when was that (invited the activists)?".
    """
    standing = ""
    for earlier in [*history, question]:
        line = clean(earlier)
        standing = f"{_body(line)} ({_topic(standing)})?" if standing and is_follow_up(line) else line
    return standing


def _body(question: str) -> str:
    return re.sub(r"^(and|but|so|or|also|then)\b[\s,]*", "", question, flags=re.I).rstrip(" ?.!")


def _topic(question: str) -> str:
    """What an earlier question was about: without its question word, or its own topic if it was a follow-up."""
    inner = re.search(r"\(([^()]*)\)\?$", question)
    if inner:
        return inner.group(1)
    return QUESTION_WORDS.sub("", question).rstrip(" ?.!") or question.rstrip(" ?.!")
