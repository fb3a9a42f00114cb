"""Passages: whole sentences, packed to a size that suits an embedding model, and widened for reading."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from factbot.text.sentences import Span

__all__ = ["passage_spans", "spans_within", "widen"]


def passage_spans(text: str, sentences: Sequence[Span], size: int) -> list[Span]:
    """(start, end) of consecutive passages of at most `size` characters, made of whole sentences.

    `sentences` are the `sentence_spans` of `text`. A sentence longer than `size` stands alone. A passage
    that is at least half full ends with its paragraph. Passages do not overlap and leave no sentence out.
    """
    passages: list[Span] = []
    for start, end in sentences:
        if passages:
            first, last = passages[-1]
            paragraph_ends = text.count("\n", last, start) > 1
            half_full = 2 * (last - first) >= size
            if end - first <= size and not (paragraph_ends and half_full):
                passages[-1] = (first, end)
                continue
        passages.append((start, end))
    return passages


def spans_within(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Those of the spans that lie whole between `start` and `end`."""
    return [span for span in spans if start <= span[0] and span[1] <= end]


def widen(sentences: Sequence[Span], start: int, end: int, size: int) -> Span:
    """The passage start..end grown by whole sentences, after and before in turn, within `size` characters.

    `sentences` are the article's, in order. A passage that is longer than `size` stays as it is.
    """
    before = bisect_right(sentences, start, key=lambda span: span[1]) - 1  # the last that ends by start
    after = bisect_left(sentences, end, key=lambda span: span[0])  # the first that starts from end on
    grew = True
    while grew:
        grew = False
        if after < len(sentences) and sentences[after][1] - start <= size:
            end = sentences[after][1]
            after += 1
            grew = True
        if before >= 0 and end - sentences[before][0] <= size:
            start = sentences[before][0]
            before -= 1
            grew = True
    return start, end
