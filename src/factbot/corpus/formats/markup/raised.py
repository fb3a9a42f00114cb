"""Raised and lowered figures as plain text: a note's number never runs into another, and a power stays one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import groupby
from operator import itemgetter

__all__ = ["LONGEST", "REMEMBERED", "lowered", "power", "raised", "written_out"]

LONGEST = 60  # characters that a mark has at most; what is longer is text that was set smaller
REMEMBERED = 120  # characters before a mark, of the same line or block, that say what it is

# The rule. A raised sign points to a note, and is left out, where it links to one, stands in brackets, is a list,
# a star or a dagger; and so is a number after a word, a sentence or a figure. It is a power, and is written ² or
# ^n, where it has a minus, or stands after 10, a unit of length, a single letter, a formula or a sign of
# multiplying. It is a part of the word in ordinals and shortened words (21st, Mme), of the figure in prices and
# fractions, and of the sign in isotopes and ions (¹⁴C, Ca²⁺). At the head of a block it is the note's own number,
# and stays apart. `is_listed` (a note with this number stands on the page) outweighs what is only likely: 10², R².

_RAISED = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_TRADE = {"TM": "™", "SM": "℠", "(R)": "®", "R": "®", "(C)": "©"}
_SLASH = re.compile(r"\s*[/⁄∕]\s*\d")
_BRACKETED = re.compile(r"\[[^\]]*\]|\([^)]*\)|\d{1,3}\)")
_NOTE_MARK = r"(?:(?:notes?|nb|n|fn|ref)\.?\s*)?(?:\d{1,3}|[a-z]|[ivxlc]{1,5}|[*†‡§¶#]+)"
_BETWEEN_MARKS = r"\s*(?:[,;–-]|[\])]\s*[,;–-]?\s*[\[(])\s*"
_NOTE = re.compile(rf"[\[(]?\s*{_NOTE_MARK}(?:{_BETWEEN_MARKS}{_NOTE_MARK})*\s*[\])]?", re.IGNORECASE)
_SIGNS = re.compile(r"[*†‡§¶#,;\s]+")
_NUMBER = re.compile(r"[+\-−–]?\d+(?:[.,/]\d+)?")
_ION = re.compile(r"\d?[+\-−–]")
_ELEMENT = re.compile(r"(?:[A-Z][a-z]?)(?![a-z])")
_ORDINAL = re.compile(
    r"(?:st|nds?|rd|th|ers?|res?|[èe]re|es?|[èe]mes?|de|ste|te|os?|as?|г?о|[еяйм])\.?", re.IGNORECASE
)
_ROMAN = re.compile(r"\b[IVXLC]+\Z")
_VARIABLES = frozenset("nkxytijmp")
_FORMULA = re.compile(r"[\w.,+\-−–*/()]+")
_SMALL = re.compile(r"(?<![\d.,])\d{1,3}\Z")
_PRICE = re.compile(r"[$€£¥₹]\s?\d+[.,]?\Z")
_TIMES = re.compile(r"[×xX*·⋅=^]\s*\d+\Z")
_SUM = re.compile(r"\s*[×*·⋅=+−^]")
_LENGTHS = r"[mkcdnµμh]?m|dam|ft|yd|mi|[кдс]?м|мм"
_UNIT = re.compile(rf"(?:^|[\s\d(/·⋅*×.])(?:{_LENGTHS}|(?<=\d )in|(?<=[/·⋅])s)\Z")
_MONEY = re.compile(r"[$€£¥₹]\s?[\d.,]+\s?[a-z]+\Z")
_LETTER = re.compile(r"(?<![\w.’'])[^\W\d_]\Z")
_EQUATION = re.compile(r"=\s*[^\W\d_]{1,3}\Z")
_SUM_IN_BRACKETS = re.compile(r"\([^()]*(?:[+*/=^·×−]|\b[a-z]\b)[^()]*\)\Z")


def written_out(pieces: Iterable[tuple[str, int]], listed: Collection[str] = ()) -> str:
    """A line of pieces of text as plain text; with each, 1 if it is raised, -1 if lowered, else 0.

    `listed` has the numbers of the notes that stand in the document.
    """
    runs = [(shift, "".join(text for text, _ in run)) for shift, run in groupby(pieces, key=itemgetter(1))]
    line = ""
    for n, (shift, text) in enumerate(runs):
        after = "".join(later for _, later in runs[n + 1 : n + 4])
        if shift == 0 or len(text) > LONGEST or not text.strip():
            line += text
        elif shift > 0:
            line += raised(text, line[-REMEMBERED:], after, is_listed=text.strip() in listed)
        else:
            line += lowered(text, line[-REMEMBERED:], after)
    return line


def raised(figure: str, before: str, after: str, *, is_link: bool = False, is_listed: bool = False) -> str:
    """What to write for a raised `figure` between the texts `before` and `after` of the same block.

    `is_link`: it links to another place of the document. `is_listed`: a note with this number stands there.
    """
    figure = " ".join(figure.split())
    before, gap = before.rstrip(), before[-1:].isspace()
    if not figure:
        return ""
    is_apart = not before or (gap and before[-1] not in ".!?:;,") or before[-1] in "(-–/"
    if is_apart and not is_link and re.fullmatch(r"\d+m?", figure) and _ELEMENT.match(after):  # an isotope
        return figure.translate(_RAISED)
    if not before:  # of a fraction, or the number of the note that follows
        return figure if _SLASH.match(after) or after[:1].isspace() else f"{figure} "
    if gap and not before[-1].isalnum() and _SLASH.match(after):
        return figure
    if is_link and _NOTE.fullmatch(figure):
        return ""
    if figure.upper() in _TRADE and not figure.islower():
        return _TRADE[figure.upper()]
    if _BRACKETED.fullmatch(figure) or _SIGNS.fullmatch(figure):
        return "" if _NOTE.fullmatch(figure) or _SIGNS.fullmatch(figure) else f" {figure}"
    if figure.isalpha() or figure in ("°", "º", "ª"):
        return _raised_letters(figure, before, after, is_listed)
    if _NUMBER.fullmatch(figure):
        return _raised_number(figure, before, after, gap, is_listed)
    if _ION.fullmatch(figure):
        is_ion = before[-1].isalpha() or len(figure) > 1 or before[-1] in ")]"
        return figure.translate(_RAISED) if is_ion else figure
    if _NOTE.fullmatch(figure):  # several: 2,3
        return ""
    if _FORMULA.fullmatch(figure) and before[-1].isalnum():
        return power(figure)
    return f" {figure}" + (" " if after[:1].isalnum() else "")


def lowered(figure: str, before: str, after: str) -> str:
    """What to write for a lowered `figure`: CO2, PM2.5, NOx, x_max, and log₂8, where 2 would run into the 8."""
    figure = " ".join(figure.split())
    if not before.strip() or not figure or re.search(r"[/⁄∕]\s*\Z", before):
        return figure
    if _NUMBER.fullmatch(figure) or _ION.fullmatch(figure):
        runs_on = before[-1].isdigit() or after[:1].isdigit()
        return figure.translate(_LOWERED) if runs_on else figure
    if " " in figure:
        return f" {figure}"
    is_formula = re.search(r"[A-Z]\Z", before) and figure in ("x", "y", "n")
    return figure if is_formula or not before[-1].isalnum() else f"_{figure}"


def _raised_letters(figure: str, before: str, after: str, is_listed: bool) -> str:
    if before[-1].isdigit():
        if figure in ("o", "°", "º") and re.match(r"\s?[CF]\b", after):
            return "°"
        if is_listed:
            return ""
        is_ordinal = _ORDINAL.fullmatch(figure) and (len(figure) > 1 or _SMALL.search(before))
        if is_ordinal or figure in ("°", "º", "ª"):
            return figure
        if figure.lower() in _VARIABLES and re.search(r"(?<![\d.,])(?:2|10)\Z", before):
            return power(figure)
        return "" if _NOTE.fullmatch(figure) else f" {figure}"
    word = re.search(r"[^\W\d_]*\Z", before)
    length = len(word[0]) if word else 0
    if _ROMAN.search(before) and _ORDINAL.fullmatch(figure):
        return figure
    if length == 1 and len(figure) == 1 and (figure in _VARIABLES or figure.isupper()):
        return power(figure)
    if 0 < length <= 2:  # Mr, Dr, No, Mme
        return figure
    return "" if len(figure) == 1 else f" {figure}" + (" " if after[:1].isalnum() else "")


def _raised_number(figure: str, before: str, after: str, gap: bool, is_listed: bool) -> str:
    if figure[0] in "-−–":
        return power(figure)
    if not gap and len(figure) <= 2 and _SMALL.search(before) and _SLASH.match(after):
        return f" {figure}"
    if re.fullmatch(r"\d\d", figure) and _PRICE.search(before) and not is_listed:
        return figure if before[-1] in ".," else f".{figure}"
    if re.fullmatch(r"0\d", figure) and _SMALL.search(before):
        return f":{figure}"
    return power(figure) if _is_power(figure, before, after, is_listed) else ""


def _is_power(figure: str, before: str, after: str, is_listed: bool) -> bool:
    if _UNIT.search(before) and figure in "23" and not _MONEY.search(before):
        return True
    small = _SMALL.search(before)
    if (small and _TIMES.search(before)) or re.search(r"(?<![\w.’'])[b-df-hj-np-tvxz]\Z", before):
        return True
    if is_listed:
        return False
    if small:
        is_label = figure in "123" and re.search(r"[A-Z][a-z]+\.? 10\Z", before)  # May 10, Article 10
        is_base = (small[0] == "10" and not is_label) or (small[0] == "2" and len(figure) > 1)
        return is_base or bool(_SUM.match(after))
    return any(sign.search(before) for sign in (_LETTER, _EQUATION, _SUM_IN_BRACKETS))


def power(figure: str) -> str:
    """A power as a sign: ², or ^n where Unicode has no such sign."""
    written = figure.translate(_RAISED)
    return written if not re.search(r"[^⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ]", written) else f"^{figure}"
