"""Where the sentences of a text begin and end.

sentencex (Wikimedia) knows the abbreviations and the punctuation of some 300 languages. This module takes its
offsets, corrects what it gets wrong in news texts, ends a sentence at a blank line, and cuts endless ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

__all__ = ["SENTENCE_LIMIT", "Span", "sentence_spans"]

Span = tuple[int, int]

SENTENCE_LIMIT = 600  # characters; anything longer is cut at the best place in its second half
WINDOW = 4_000  # characters given to sentencex at once, whose time grows with their square


def sentence_spans(text: str, language: str) -> list[Span]:
    """(start, end) of every sentence of `text`, in order, as `text[start:end]`.

    `language` is an ISO 639 code such as "en" or "pt-BR"; "" counts as English, whose rules suit most
    scripts. Spans are without white space at their ends, do not overlap, never cross a blank line, have
    at most SENTENCE_LIMIT characters, and together hold every character that is not white space.
    """
    language = re.split("[-_]", language.strip().lower())[0] or "en"
    spans: list[Span] = []
    for start, end in _blocks(text):
        block = text[start:end]
        for first, last in pairwise([*_starts(block, language), len(block)]):
            spans.extend(_cut(text, start + first, start + last))
    return spans


def _blocks(text: str) -> Iterator[Span]:
    """The stretches between blank lines: paragraphs, headings, list items."""
    start = 0
    for gap in re.finditer(r"\n[^\S\n]*\n\s*|\Z", text):
        yield _trimmed(text, start, gap.start())
        start = gap.end()


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


_WORD = re.compile(r"\w")
# Not the end of a sentence: inside initials (D-N.Y.), before the zone or day of a time (5 p.m. ET), M. Macron.
_INITIALS = re.compile(r"\b[A-Z]\.\Z")
_TIME = re.compile(r"\b[ap]\.m\.\s+\Z", re.IGNORECASE)
_TIME_GOES_ON = re.compile(
    r"(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|Eastern|Central|Mountain|Pacific|local|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"(?:Jan|Feb|March|April|May|June|July|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2})(?!\w)"
)
_MONSIEUR = re.compile(r"(?<!\w)M\.\s+\Z")
_QUOTE_OPENS = re.compile(r"(?<=\s)[\"“‘«„]+\s*\Z")
_REACH = 16  # characters that the patterns above look at on either side


def _starts(block: str, language: str) -> list[int]:
    """Offsets in `block` at which a sentence starts; the first is 0."""
    starts = [0]
    piece_has_word = False
    for start, end in pairwise([*_raw_starts(block, language), len(block)]):
        has_word = bool(_WORD.search(block, start, end))
        reach = max(starts[-1], start - _REACH)
        before = block[reach:start]
        if piece_has_word and has_word and not _goes_on(before, block[start : start + _REACH]):
            quote = _QUOTE_OPENS.search(before)  # a quotation mark that opens belongs to what follows
            starts.append(reach + quote.start() if quote else start)
            piece_has_word = False
        piece_has_word = piece_has_word or has_word
    return starts


def _goes_on(before: str, after: str) -> bool:
    return bool(
        _INITIALS.search(before)
        or (_TIME.search(before) and _TIME_GOES_ON.match(after))
        or (_MONSIEUR.search(before) and after[:1].isupper())
    )


def _raw_starts(block: str, language: str) -> list[int]:
    """sentencex's own sentence starts, from windows that begin where a sentence begins."""
    # It panics on white space that is neither a space nor \n, and takes no lone surrogates.
    plain = re.sub(r"[^\S\n ]|[\ud800-\udfff]", " ", block)
    starts = [0]
    while True:
        window = plain[starts[-1] : starts[-1] + WINDOW]
        found = [starts[-1] + offset for offset in _boundaries(window, language) if offset > 0]
        if starts[-1] + len(window) == len(plain):
            return starts + found
        starts += found or [starts[-1] + WINDOW]


def _boundaries(window: str, language: str) -> list[int]:
    try:
        return [boundary["start_index"] for boundary in get_sentence_boundaries(language, window)]
    except BaseException as error:
        # A panic in Rust code is no Exception, and would end a sync for the sake of one paragraph.
        if type(error).__name__ != "PanicException":
            raise
        return [0]


# Where to cut what is too long, best first; each match ends where the next part begins.
_CUTS = [
    re.compile(rf"(?s:.{{{SENTENCE_LIMIT // 2},}}){place}")
    for place in (
        r"\n",
        r"(?:[.!?…][\"'”’»)\]]*\s|[。！？।؟۔])",
        r"(?:[;:]\s|[；：؛])",
        r"(?:,\s|[，、،])",
        r"\s",
    )
]


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """The span without white space at its ends, in parts of at most SENTENCE_LIMIT characters."""
    start, end = _trimmed(text, start, end)
    while end - start > SENTENCE_LIMIT:
        places = (pattern.match(text, start, start + SENTENCE_LIMIT) for pattern in _CUTS)
        cut = next((found.end() for found in places if found), start + SENTENCE_LIMIT)
        while unicodedata.category(text[cut]).startswith("M") and cut > start + SENTENCE_LIMIT // 2:
            cut -= 1  # never between a letter and its marks
        yield _trimmed(text, start, cut)
        start, end = _trimmed(text, cut, end)
    if start < end:
        yield start, end
