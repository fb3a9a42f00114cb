"""What a claim puts between quotation marks, held against the words of passages.

Words are compared without case, white space, punctuation and the shapes of apostrophes and dashes. "%", "$" and
their like are parts of the numbers beside them, and words where they stand alone: they change what is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

from factbot.results import ExplanationPart, Passage, Quotation
from factbot.text.normalise import INSIDE_WORDS, fold_signs, single_spaced
from factbot.text.sentences import Span
from factbot.text.tokens import word_set

__all__ = ["check_quotation", "quotation_note", "quoted_spans"]

FEWEST = 2  # words: one between marks is irony
SMALL = word_set("a an the of in on at to for and or with by from as but")  # in titles: "The Grapes of Wrath"
TURNS = word_set(
    "not never no none nobody nothing neither nor without unless hardly cannot"
)  # and what ends in n't
ALIKE = 0.6  # least share of the quoted words, and of their letters, in order, for a quotation that differs
ALIGNED = 5  # passages aligned word by word, those that share the most words

_MARKED = re.compile(
    r"“([^“”]+)”"
    r'|"([^"]+)"'
    r"|«([^«»]+)»"
    r"|„([^„“”]+)[“”]"
    r"|(?<!\w)‘(?!\d\ds?\b)((?:[^‘’]|’(?=\w))+)’(?!\w)"  # neither an apostrophe nor the ‘60s
)
_WITHIN = rf"[\w\u0300-\u036f{INSIDE_WORDS}]"  # with accents that stand apart
_SIGN = r"(?:(?<![\w-])[-−–](?=[$€£¥₹\d]))?(?:[$€£¥₹]\s?(?=\d)|[#@])?"
_UNIT = r"(?:(?<=\d)\s?[%‰°])?"
_WORD = re.compile(rf"{_SIGN}{_WITHIN}+(?:['’ʼ.,:]{_WITHIN}+)*{_UNIT}|[%‰$€£¥₹§&@#+=°]")
_ELLIPSIS = re.compile(r"[\[(]?(?:…|\.(?:\s?\.){2,})[\])]?")


class _Word(NamedTuple):
    """A word as it is compared, at start:end of its text."""

    folded: str
    start: int
    end: int


Pair = tuple[_Word | None, _Word | None]  # a word of the quotation and the one beside it in the passage


def quoted_spans(text: str) -> list[Span]:
    """(start, end) of the words between quotation marks, in order, without the marks; two words or more.

    Known are “…”, "…", «…», „…“ and ‘…’. A quotation inside another is a part of it. Names and titles are none.
    """
    spans = []
    for found in _MARKED.finditer(text):
        quoted = found[found.lastindex or 0]
        if len(_words(quoted)) >= FEWEST and not _is_title(quoted):
            start = found.start(found.lastindex or 0) + len(quoted) - len(quoted.lstrip())
            spans.append((start, start + len(quoted.strip())))
    return spans


def _is_title(quoted: str) -> bool:
    """Whether words are written as a name or the title of a work: "Top Gun", "The Old Man and the Sea"."""
    first, *others = quoted.split()
    telling = [word for word in others if word not in SMALL and word[0].isalpha()]
    return bool(telling) and all(word[0].isupper() for word in (first, *telling))


def check_quotation(quoted: str, passages: Sequence[Passage]) -> Quotation:
    """The quoted words beside the nearest words of the passages.

    "verbatim": they stand in one passage, one after another; around an ellipsis, its parts in order, and no word
    left out that turns what is said ("not", "unless"). "differs": at
    least ALIKE of them stand there in order, and `words` holds the difference; the best passage counts.
    `start` and `end` count in the article's text.
    """
    words = _words(quoted)
    parts = [part for part in map(_words, _ELLIPSIS.split(quoted)) if part]
    held = [(passage, _words(passage.text)) for passage in passages]
    turned: Quotation | None = None
    for passage, there in held:
        spans = _in_order(parts, there)
        if not spans:
            continue
        run = there[spans[0][0] : spans[-1][1]]
        if not any(_turns(there[a:b]) for (_, a), (b, _) in pairwise(spans)):
            return _quotation(quoted, "verbatim", passage, run)
        turned = turned or _quotation(quoted, "differs", passage, run, _left_out(spans, there, passage.text))
    if turned:
        return turned
    held.sort(key=lambda pair: -_shared(words, pair[1]))
    fits = [
        (passage, _aligned(words, there)) for passage, there in held[:ALIGNED] if _shared(words, there) >= ALIKE
    ]
    alike = [fit for fit in fits if _alike(fit[1])]
    if not alike:
        return Quotation(text=quoted, found="missing")
    passage, pairs = max(alike, key=lambda fit: len(_same(fit[1])))
    run = [there for _, there in pairs if there]
    return _quotation(quoted, "differs", passage, run, tuple(_difference(pairs, quoted, passage.text)))


def quotation_note(quotation: Quotation) -> ExplanationPart:
    """A note on a quotation, of one sentence; a difference reads "[the claim's words → the article's]"."""
    if quotation.passage is None:
        return ExplanationPart("note", f"The words “{quotation.text}” stand in none of the passages found.")
    title = quotation.passage.title or "an article without a title"
    if quotation.found == "verbatim":
        return ExplanationPart("note", f"The words “{quotation.text}” stand word for word in “{title}”.")
    difference = f"The quotation differs from “{title}” [claim → article]: “{_marked(quotation.words)}”."
    return ExplanationPart("note", difference)


def _marked(words: Sequence[tuple[str, str]]) -> str:
    pieces = []
    for same, run in groupby(words, key=lambda pair: pair[0] == " "):
        by_mark = dict(run)
        pieces.append(by_mark[" "] if same else f"[{by_mark.get('-', '—')} → {by_mark.get('+', '—')}]")
    return " ".join(pieces)


def _words(text: str) -> list[_Word]:
    found = (_Word(fold_signs(match[0]), *match.span()) for match in _WORD.finditer(text))
    return [word for word in found if word.folded]  # what is all invisible folds to nothing


def _in_order(parts: Sequence[Sequence[_Word]], there: Sequence[_Word]) -> list[Span]:
    """Where each part stands whole and after the one before, as (first, last + 1) of the words; else nothing."""
    line = _line(there)
    at, spans = 0, []
    for part in parts:
        place = line.find(_line(part), at)
        if place < 0:
            return []
        first = line.count(" ", 0, place)
        spans.append((first, first + len(part)))
        at = place + len(_line(part)) - 1
    return spans


def _turns(left_out: Sequence[_Word]) -> bool:
    """Whether words that an ellipsis leaves out turn what is said."""
    return any(word.folded in TURNS or word.folded.endswith("n't") for word in left_out)


def _left_out(spans: Sequence[Span], there: Sequence[_Word], text: str) -> tuple[tuple[str, str], ...]:
    """The parts around an ellipsis and what stands between them, as in Quotation.words."""
    made = [(" ", _slice(text, there[slice(*spans[0])]))]
    for (_, end), (begin, after) in pairwise(spans):
        made += [("+", _slice(text, there[end:begin]))] if begin > end else []
        made.append((" ", _slice(text, there[begin:after])))
    return tuple(made)


def _line(words: Sequence[_Word]) -> str:
    return f" {' '.join(word.folded for word in words)} "


def _quotation(
    quoted: str,
    found: Literal["verbatim", "differs"],
    passage: Passage,
    run: Sequence[_Word],
    words: tuple[tuple[str, str], ...] = (),
) -> Quotation:
    start, end = passage.start + run[0].start, passage.start + run[-1].end
    return Quotation(text=quoted, found=found, words=words, passage=passage, start=start, end=end)


def _shared(words: Sequence[_Word], there: Sequence[_Word]) -> float:
    """The share of the words that also stand there, in whatever order: no alignment holds more."""
    both = Counter(word.folded for word in words) & Counter(word.folded for word in there)
    return both.total() / max(1, len(words))


def _aligned(words: Sequence[_Word], there: Sequence[_Word]) -> list[Pair]:
    """All the words beside the run of the passage that fits them best (Needleman and Wunsch, ends there free).

    A word in its place counts 2; one replaced, left out or put in costs 1.
    """
    scores = [0] * (len(there) + 1)
    steps = []
    for word in words:
        above, scores, row = scores, [scores[0] - 1], ["up"]
        for n, other in enumerate(there, 1):
            score, step = above[n - 1] + (2 if word.folded == other.folded else -1), "both"
            if above[n] - 1 > score:
                score, step = above[n] - 1, "up"
            if scores[-1] - 1 > score:
                score, step = scores[-1] - 1, "left"
            scores.append(score)
            row.append(step)
        steps.append(row)
    return list(_traced(words, there, steps, scores.index(max(scores))))[::-1]


def _traced(
    words: Sequence[_Word], there: Sequence[_Word], steps: Sequence[Sequence[str]], n: int
) -> Iterator[Pair]:
    """The pairs that the steps lead through, from the last to the first."""
    m = len(words)
    while m:
        step = steps[m - 1][n]
        yield (words[m - 1] if step != "left" else None, there[n - 1] if step != "up" else None)
        m -= step != "left"
        n -= step != "up"


def _is_same(pair: Pair) -> bool:
    return bool(pair[0] and pair[1] and pair[0].folded == pair[1].folded)


def _same(pairs: Sequence[Pair]) -> list[str]:
    return [pair[0].folded for pair in pairs if pair[0] and _is_same(pair)]


def _alike(pairs: Sequence[Pair]) -> bool:
    same, words = _same(pairs), [word.folded for word, _ in pairs if word]
    enough = len(same) >= ALIKE * len(words)
    return enough and len("".join(same)) >= ALIKE * len("".join(words))


def _difference(pairs: Sequence[Pair], quoted: str, passage: str) -> Iterator[tuple[str, str]]:
    """(mark, words) as in Quotation.words; in a replacement the claim's words come first."""
    for same, run in groupby(pairs, key=_is_same):
        left, right = zip(*run, strict=True)
        ours, theirs = [word for word in left if word], [word for word in right if word]
        if ours:
            yield (" " if same else "-", _slice(quoted, ours))
        if theirs and not same:
            yield ("+", _slice(passage, theirs))


def _slice(text: str, words: Sequence[_Word]) -> str:
    return single_spaced(text[words[0].start : words[-1].end])
