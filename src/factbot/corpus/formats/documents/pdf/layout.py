"""From lines at places on pages to running text: columns, paragraphs, what pages repeat, words cut at line ends.

Nothing here knows PDF. Lines come in the order in which their page draws them, which is nearly always the order
to read them in, and far safer than one guessed from where they stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from factbot.corpus.formats.documents.titles import TITLE_LIMIT
from factbot.text.normalise import one_line

__all__ = ["Line", "flowed", "largest"]

REPEATS = 3  # pages that must have the same line at the same place before it is left out
SAME_PLACE = 3.0  # points


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text on a page: from `left` to `right`, on a baseline `base` points up, letters of `size`.

    All as it is seen upright: `turn` is how many quarters of a turn the line is turned. A line that is a row of a
    table has its cells in it and `is_row`.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    turn: int = 0
    is_row: bool = False


def flowed(pages: Sequence[list[Line]], title: str) -> tuple[str | None, str, tuple[int, ...]]:
    """(title, text, offset in the text at which each page starts).

    Paragraphs stand apart by a blank line; one that runs over a page's end stays whole. A first one that repeats
    the title is left out; without a title, a short first line that stands alone and is no sentence is it.
    """
    own = list(_without_repeats(pages))
    ordered = [_ordered(page) for page in (own if any(own) else pages)]
    lines = [(number, line) for number, page in enumerate(ordered) for line in page]
    if not lines:
        return title or None, "", (0,) * len(pages)
    joints = [*_joints(lines), ""]
    first = next((i + 1 for i, joint in enumerate(joints) if joint == BREAK), len(lines))
    head = " ".join(line.text for _, line in lines[:first])
    if not title:
        is_title = first == 1 < len(lines) and len(head) <= TITLE_LIMIT and not ENDS_SENTENCE.search(head)
        title = head if is_title else ""
    if first < len(lines) and one_line(head).casefold() == title.casefold():
        lines, joints = lines[first:], joints[first:]
    starts: list[int] = []
    parts: list[str] = []
    offset = 0
    for (number, line), joint in zip(lines, joints, strict=True):
        starts += [offset] * (number + 1 - len(starts))
        part = (line.text[:-1] if joint == CUT else line.text) + ("" if joint in (CUT, KEPT) else joint)
        parts.append(part)
        offset += len(part)
    starts += [offset] * (len(pages) - len(starts))
    return title or None, "".join(parts), tuple(starts)


def largest(pages: Sequence[list[Line]]) -> str:
    """The text in the largest letters of the first page with text, if they stand out, else ""."""
    page = next((page for page in pages if page), [])
    sizes = [line.size for line in page if sum(c.isalpha() for c in line.text) >= 4]
    if not sizes or max(sizes) < 1.15 * _body_size(pages):
        return ""
    runs = groupby(page, key=lambda line: line.size > 0.95 * max(sizes))
    text = " ".join(line.text for line in next(list(run) for is_large, run in runs if is_large))
    return text if len(text) <= TITLE_LIMIT else ""


def _body_size(pages: Sequence[list[Line]]) -> float:
    """The size that most letters have."""
    letters: Counter[float] = Counter()
    for page in pages:
        for line in page:
            letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0]


# -- what pages repeat -----------------------------------------------------------------------------


def _without_repeats(pages: Sequence[list[Line]]) -> Iterator[list[Line]]:
    """The pages without headers, footers and page numbers.

    Only a page's two highest and two lowest rows can be one, and only if other pages have the same words at the
    same place, but for a number that counts the pages. What stands beside a page number goes with it.
    """
    edges = [[(line, _keys(line, number)) for line in _edges(page)] for number, page in enumerate(pages)]
    seen = Counter(key for edge in edges for key in set().union(*(keys for _, keys in edge)))
    for page, edge in zip(pages, edges, strict=True):
        repeated = {
            (line.turn, round(line.base)) for line, keys in edge if any(seen[key] >= REPEATS for key in keys)
        }
        yield [line for line in page if (line.turn, round(line.base)) not in repeated]


def _edges(page: list[Line]) -> list[Line]:
    turn = _turn(page)
    heights = sorted({round(line.base) for line in page if line.turn == turn})
    outer = {*heights[:2], *heights[-2:]}
    return [line for line in page if line.turn == turn and round(line.base) in outer]


def _keys(line: Line, page: int) -> set[tuple[str, int, int]]:
    """What the line has in common with its like on other pages: as it is, or with one number less the page's.

    The height is in two overlapping rasters, so that lines which are near each other meet in one of them.
    """
    texts = {line.text}
    for found in _NUMBER.finditer(line.text):
        texts.add(f"{line.text[: found.start()]}#{int(found[0]) - page}{line.text[found.end() :]}")
    heights = [(shift, round(line.base / (2 * SAME_PLACE) + shift / 2)) for shift in (0, 1)]
    return {(text, *height) for text in texts for height in heights}


_NUMBER = re.compile(r"[0-9]{1,4}")


def _turn(page: list[Line]) -> int:
    """How most of a page is turned."""
    letters: Counter[int] = Counter()
    for line in page:
        letters[line.turn] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0


# -- the order of a page ---------------------------------------------------------------------------


def _ordered(page: list[Line]) -> list[Line]:
    """Pieces side by side as rows of a table, or, where they are two columns of prose, one after the other.

    What stands turned at the margin comes last.
    """
    turn = _turn(page)
    upright = [line for line in page if line.turn == turn]
    rows = [[upright[0]]] if upright else []
    for before, line in pairwise(upright):
        beside = abs(before.base - line.base) < 0.3 * line.size and line.left > before.right
        if beside:
            rows[-1].append(line)
        else:
            rows.append([line])
    ordered: list[Line] = []
    for group in _aligned(rows):
        if _are_columns(group):
            ordered += [row[0] for row in group] + [row[1] for row in group]
        else:
            ordered += [_row(row, is_table=len(group) > 1) for row in group]
    return ordered + [line for line in page if line.turn != turn]


def _aligned(rows: list[list[Line]]) -> Iterator[list[list[Line]]]:
    """The rows in groups: those of one table, whose gaps lie above each other, or else one alone."""
    group: list[list[Line]] = []
    for row in rows:
        if group and not _continue_table(group[-1], row):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _continue_table(row: list[Line], following: list[Line]) -> bool:
    few, many = sorted(([(a.right, b.left) for a, b in pairwise(pieces)] for pieces in (row, following)), key=len)
    meet = (any(max(a[0], b[0]) < min(a[1], b[1]) for b in many) for a in few)
    return bool(few) and all(meet) and abs(row[0].base - following[0].base) < 4 * row[0].size


def _are_columns(rows: list[list[Line]]) -> bool:
    """Whether rows of two pieces are prose to the left and right of a gutter."""
    if len(rows) < 4 or any(len(row) != 2 for row in rows):
        return False
    return median(min(len(piece.text) for piece in row) for row in rows) >= 25


LEADER = re.compile(r"(?: ?\.){5,} ?")  # the dots of a table of contents


def _row(pieces: list[Line], is_table: bool) -> Line:
    """Pieces as one line. Alone, and without a really wide gap, they are a line of prose that was stretched."""
    text = (" | " if is_table else " ").join(piece.text for piece in pieces)
    shortened = LEADER.sub(" … ", text).strip()
    widest = max((b.left - a.right for a, b in pairwise(pieces)), default=0.0)
    is_row = is_table or any(piece.is_row for piece in pieces) or shortened != text or widest > 4 * pieces[0].size
    return replace(pieces[0], text=shortened, right=pieces[-1].right, is_row=is_row)


# -- paragraphs ------------------------------------------------------------------------------------

BREAK = "\n\n"  # between paragraphs
CUT = "\0cut"  # a word goes on in the next line, without the hyphen
KEPT = "\0kept"  # and here with it
ENDS_SENTENCE = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*\Z")
DOTS = "•▪◦‣●○■□"
BULLET = re.compile(rf"[{DOTS}]|(?:\d{{1,2}}[.)]|\([a-z\d]{{1,2}}\)) ")
HYPHENS = ("-", "\u2010")
_COMPOUND = re.compile(r"\w+[-\u2010]\w+")


def _joints(lines: list[tuple[int, Line]]) -> Iterator[str]:
    """What stands between each line and the next: a space, a paragraph's break, or nothing inside a word."""
    compounds = {word.casefold() for _, line in lines for word in _COMPOUND.findall(line.text)}
    pitches = _pitches([line for _, line in lines])
    margins = _margins(lines, pitches)
    block_starts = True
    for i, ((page, line), (next_page, following)) in enumerate(pairwise(lines)):
        if page == next_page and _is_below(line, following):
            goes_on = not _is_apart(line, following, pitches) and _goes_on(
                line, following, margins[i], block_starts
            )
        else:
            goes_on = _goes_over(line, following, margins[i])
        block_starts = not goes_on
        yield _joint(line.text, following.text, compounds) if goes_on else BREAK


def _is_below(line: Line, following: Line) -> bool:
    """Whether the next line is the next one of the same column."""
    drop = line.base - following.base
    return 0 < drop < 2 * line.size and following.left < line.right and line.left < following.right


def _pitches(lines: list[Line]) -> dict[int, float]:
    """The usual distance between lines, in points, for each size of letters."""
    drops: dict[int, Counter[float]] = {}
    for line, following in pairwise(lines):
        if _is_below(line, following) and _are_alike(line, following):
            drops.setdefault(round(line.size), Counter())[round(line.base - following.base, 1)] += 1
    return {size: counted.most_common(1)[0][0] for size, counted in drops.items()}


def _is_apart(line: Line, following: Line, pitches: dict[int, float]) -> bool:
    """Whether there is more room between two lines than between those of a paragraph."""
    return line.base - following.base > 1.2 * pitches.get(round(line.size), 2 * line.size)


def _margins(lines: list[tuple[int, Line]], pitches: dict[int, float]) -> list[tuple[float, int]]:
    """For each line, the right edge of the run of like lines around it, and how many they are."""
    runs: list[list[Line]] = []
    for i, (page, line) in enumerate(lines):
        before_page, before = lines[i - 1]
        is_like = i > 0 and page == before_page and _is_below(before, line) and _are_alike(before, line)
        if is_like and not _is_apart(before, line, pitches):
            runs[-1].append(line)
        else:
            runs.append([line])
    return [(max(line.right for line in run), len(run)) for run in runs for _ in run]


def _are_alike(line: Line, following: Line) -> bool:
    is_close = abs(line.size - following.size) < 0.1 * max(line.size, following.size)
    return is_close and line.turn == following.turn and not line.is_row and not following.is_row


def _goes_on(line: Line, following: Line, margin: tuple[float, int], starts: bool) -> bool:
    """Whether a paragraph runs from a line into the one below it. `starts`: the line is the paragraph's first."""
    if not _are_alike(line, following) or BULLET.match(following.text):
        return False
    is_full = _is_full(line, following, margin) or _is_cut(line, following)
    indent = (following.left - line.left) / line.size
    ends = bool(ENDS_SENTENCE.search(line.text))
    if starts and line.text[0] in DOTS and indent < 0.2 and (ends or not is_full):
        return False  # under the dot, not under what it stands before
    if indent > 0.8 and not (starts and (BULLET.match(line.text) or (is_full and not ends))):
        return False
    if indent < -0.8 and not starts:
        return False
    return is_full or (margin[1] < 3 and not ends)


def _goes_over(line: Line, following: Line, margin: tuple[float, int]) -> bool:
    """Whether a paragraph runs from the end of a column or a page to the top of the next."""
    if not _are_alike(line, following) or BULLET.match(following.text) or ENDS_SENTENCE.search(line.text):
        return False
    return following.text[0].islower() or (margin[1] > 1 and _is_full(line, following, margin))


def _is_cut(line: Line, following: Line) -> bool:
    """Whether a word begins at the end of a line and ends in the next."""
    return line.text.endswith(HYPHENS) and line.text[-2:-1].isalpha() and following.text[0].islower()


def _is_full(line: Line, following: Line, margin: tuple[float, int]) -> bool:
    """Whether the next line's first word would not have found room at the end of this one."""
    word = following.text.split(" ", 1)[0]
    width = len(word) * (following.right - following.left) / max(len(following.text), 1)
    return line.right + width + 0.2 * line.size > margin[0] - 0.5 * line.size


def _joint(text: str, following: str, compounds: set[str]) -> str:
    if not text.endswith(HYPHENS) or len(text) < 2 or not text[-2].isalpha() or not following[:1].isalnum():
        return " "
    head = re.search(r"\w+.\Z", text)
    tail = re.match(r"\w+", following)
    assert head and tail
    is_compound = (head[0] + tail[0]).casefold() in compounds
    return CUT if following[0].islower() and not is_compound else KEPT
