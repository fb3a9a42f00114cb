"""Which of two events came first: "A before B" against "B before A", where one sentence of each says it."""

from __future__ import annotations

from collections.abc import Iterator

from factbot.checking.facts.statements.wording import Sentence, sentences
from factbot.text.tokens import word_set

__all__ = ["reversed_order"]

FIRST_IS_LEFT = word_set("before until till preceded precedes preceding")
FIRST_IS_RIGHT = word_set("after since following followed once")
FOLLOWED_BY = frozenset({"followed", "preceded"})  # "A was followed by B"
ENDS = frozenset('.;:!?()"“”')
FEWEST = 2  # words of each event
ALIKE = 0.5  # the share of the claim's words for an event that have to stand there

Events = tuple[frozenset[str], frozenset[str]]  # the words of the earlier one, those of the later one


def reversed_order(claim: str, evidence: str) -> str:
    """The sentence of the evidence that gives two events in the other order than the claim; "" where none does.

    Only where both say it with "before", "after" or a word like these between the two, and the two share no more
    words as the claim orders them than half as many.
    """
    ours = [events for sentence in sentences(claim) for events in _ordered(sentence)]
    if len(ours) != 1:
        return ""
    earlier, later = ours[0]
    for sentence in sentences(evidence):
        for first, second in _ordered(sentence):
            swapped = min(_share(earlier, second), _share(later, first))
            kept = min(_share(earlier, first), _share(later, second))
            if swapped >= ALIKE and kept <= swapped / 2:
                return sentence.text
    return ""


def _share(ours: frozenset[str], theirs: frozenset[str]) -> float:
    return len(ours & theirs) / len(ours)


def _ordered(sentence: Sentence) -> Iterator[Events]:
    """The two events on both sides of each word of order; it may also stand first: "After B, A"."""
    words = sentence.words
    for at, word in enumerate(words):
        low = word.lower()
        if low not in FIRST_IS_LEFT and low not in FIRST_IS_RIGHT:
            continue
        end = next((n for n in range(at + 1, len(words)) if words[n] in ENDS), len(words))
        if at == 0:
            comma = next((n for n in range(1, end) if words[n] == ","), end)
            left, right = _stems(sentence, comma, end), _stems(sentence, 1, comma)
        else:
            begin = next((n + 1 for n in range(at - 1, -1, -1) if words[n] in ENDS), 0)
            left, right = _stems(sentence, begin, at), _stems(sentence, at + 1, end)
        if len(left) < FEWEST or len(right) < FEWEST:
            continue
        is_left = low in FIRST_IS_LEFT
        if low in FOLLOWED_BY and at + 1 < len(words) and words[at + 1] == "by":
            is_left = not is_left
        yield (left, right) if is_left else (right, left)


def _stems(sentence: Sentence, begin: int, end: int) -> frozenset[str]:
    return frozenset(stem for stem in sentence.stems[begin:end] if stem)
