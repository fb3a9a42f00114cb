"""What a person typed, as a question that stands on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from factbot.answering.small_talk import reply_to
from factbot.errors import UsageError
from factbot.text.english import ARTICLES, AUXILIARIES, PREPOSITIONS, PRONOUNS, any_of
from factbot.text.normalise import typed_line
from factbot.text.tokens import word_set
from factbot.text.words import names_and_numbers, words

__all__ = ["MAX_QUESTION", "clean", "is_follow_up", "may_be_follow_up", "self_contained"]

MAX_QUESTION = 2_000  # characters

JOINED = re.compile(r"^(?:and|but|so|or|also|then)\b[\s,]*", re.I)
OTHER_ONE = re.compile(r"^(?:what about|how about|why not|how come|since when)\b", re.I)
# Words that point back to what was said: "he", "after that", "were there?"; not "said that", "this week".
_OVER_TIME = "week|weeks|month|year|season|morning|summer|winter|spring|autumn|fall|century|decade"
POINTERS = re.compile(
    r"\b(?:he|him|his|she|her|hers|they|them|their|theirs|its|the same|the latter|the former|the other one)\b"
    r"|\bit\b(?!\s+(?:\w+\s+)?(?:that|to)\b|\s+(?:true|possible|likely|legal|safe|take|takes|cost|costs|rain)\b)"
    rf"|(?:^|\b(?:{any_of(' '.join(sorted(AUXILIARIES - {'that', 'there'} | PREPOSITIONS)))})\s+)"
    rf"that\b|\b(?:this|these|those)\b(?!\s+(?:who|{_OVER_TIME})\b)"
    r"|\b(?:there|then)(?=\W*$)",
    re.I,
)
# "When did he leave Moscow?": nobody whom the question names can be meant.
POINTING_SUBJECT = re.compile(
    rf"\b(?:{any_of('did does do is was are were has had have will would can could')})\s+(?:he|she|they)\b", re.I
)
MAY_POINT = re.compile(r"^(?:why|and|but|so|or|also|then)\b|\b(?:it|that|there|then)\b", re.I)
QUESTION_WORDS = re.compile(
    r"^(and |but |so )*(who|whom|whose|what|which|when|where|why|how( many| much| long| old| far| often| big)?)\b"
    r"(\s+(is|are|was|were|did|does|do|has|have|had|will|would|can|could))?\s*",
    re.I,
)
SENTENCE_ENDS = re.compile(r"(?<=[.?!]) ")
GRAMMAR = (
    ARTICLES
    | AUXILIARIES
    | PREPOSITIONS
    | PRONOUNS
    | word_set("who whom whose what which when where why how many much else exactly not")
)
SHORT = 4  # words: "who won?" leans on what came before even without a pointer, where it says so little


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
    """Whether a question surely leans on the one before.

    It goes on ("and the second?", "what about May?"), points back without a name of its own ("when was that?"), or
    says next to nothing ("who won?").
    """
    if OTHER_ONE.search(question):
        return True
    rest = JOINED.sub("", question)
    name = _first_name(rest)
    subject = POINTING_SUBJECT.search(rest)
    if subject and (name is None or subject.end() <= name):
        return True
    if name is not None:
        return rest != question and QUESTION_WORDS.match(rest) is None  # "and in 2018?"
    return rest != question or bool(POINTERS.search(rest)) or _says_little(rest)


def may_be_follow_up(question: str) -> bool:
    """Whether a question might lean on the one before, surely or not."""
    return is_follow_up(question) or (_first_name(question) is None and bool(MAY_POINT.search(question)))


def _first_name(question: str) -> int | None:
    """Where the first name or number of a question stands, None where it has none."""
    at = 0
    for sentence in SENTENCE_ENDS.split(question):
        if names := names_and_numbers(sentence):
            return at + min(sentence.find(name, 1) if name in sentence[1:] else 0 for name in names)
        at += len(sentence) + 1
    return None


def _says_little(question: str) -> bool:
    told = [word for word in words(question) if word not in GRAMMAR]
    return len(question.split()) <= SHORT and len(told) <= 1


def self_contained(question: str, history: Sequence[str]) -> str:
    """A follow-up with the topic of the question that it leans on; any other question as it is.

    `history` holds the earlier questions, oldest first. "and when was that?" after "Who invited the
    activists?" becomes "when was that (invited the activists)?".
    """
    standing = ""
    for earlier in [*history, question]:
        line = clean(earlier)
        if earlier is not question and reply_to(line):
            continue  # thanks, or "what can you do?", has no topic
        standing = f"{_body(line)} ({_topic(standing)})?" if standing and is_follow_up(line) else line
    return standing


def _body(question: str) -> str:
    return JOINED.sub("", question).rstrip(" ?.!")


def _topic(question: str) -> str:
    """What an earlier question was about: without its question word, or its own topic if it was a follow-up."""
    inner = re.search(r"\(([^()]*)\)\?$", question)
    if inner:
        return inner.group(1)
    return QUESTION_WORDS.sub("", question).rstrip(" ?.!") or question.rstrip(" ?.!")
