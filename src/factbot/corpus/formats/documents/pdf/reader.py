"""PDF: the text of each page as a person sees it, by PDFium."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from ctypes import c_double, c_ushort
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import groupby
from operator import itemgetter
from typing import Literal

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from factbot.corpus.formats.content import CHARACTER_LIMIT, Content, Unreadable
from factbot.corpus.formats.documents.pdf.forms import fields, filled_in
from factbot.corpus.formats.documents.pdf.layout import Line, flowed, largest
from factbot.corpus.formats.documents.pdf.scans import can_read, is_picture, listed_pages, read_picture
from factbot.corpus.formats.documents.titles import is_junk_title, is_nobody
from factbot.corpus.formats.markup.raised import written_out
from factbot.text.normalise import one_line

__all__ = ["read"]

PAGE_LIMIT = 5_000
OCR_SECONDS = 40.0  # for all pages that are pictures: a file has to be read within a minute
CELL_GAP = 2.0  # times the size of the letters: more than justified lines have between words


def read(data: bytes) -> Content:
    """The document's text with its pages, and what it says about itself. Raises Unreadable."""
    if b"%PDF-" not in data[:1024]:
        raise Unreadable("is no PDF, whatever its name says; give it the ending of what it is, such as .html")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Unreadable("is encrypted; save a copy without a password") from error
        raise Unreadable("is a damaged PDF; open it in another program and save it anew") from error
    try:
        if len(document) > PAGE_LIMIT:
            raise Unreadable(f"has more than {PAGE_LIMIT:,} pages; split it into several files")
        if document.get_formtype() != raw.FORMTYPE_NONE:
            document.init_forms()
        read_pages = list(_pages(document))
        pages = [page.lines for page in read_pages]
        note = _note(read_pages, document.get_formtype())
        stated = document.get_metadata_dict()
        language = _language(document)
    finally:
        document.close()
    _check_letters("".join(line.text for page in pages for line in page))
    stated_title = one_line(stated.get("Title", ""))
    title, text, starts = flowed(pages, largest(pages) if is_junk_title(stated_title) else stated_title)
    author = one_line(stated.get("Author", ""))
    metadata = {
        "author": "" if is_nobody(author) else author,
        "date": _date(stated.get("CreationDate", "")),
        "language": language,
        "source": _publisher(data),
    }
    return Content(title, text, metadata, starts, note)


@dataclass(frozen=True)
class _Page:
    """A page's lines, and how they were read: as "text" or by "ocr"; "picture" and "damaged" ones were not."""

    lines: list[Line]
    how: Literal["text", "ocr", "picture", "damaged"] = "text"


def _note(pages: list[_Page], form: int) -> str:
    """What was not read, or not read surely, in sentences."""
    notes = []
    for how, what in UNREAD.items():
        numbers = [number for number, page in enumerate(pages, 1) if page.how == how]
        if numbers:
            one, more = what
            notes.append(f"{listed_pages(numbers)} {more if len(numbers) > 1 else one}.")
    if form in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND):
        notes.append("It is an XFA form, of which only a part can be read; print it to a PDF and add that.")
    return " ".join(notes)


UNREAD = {
    "picture": (
        "holds no text (a scan?) and was not read; run OCR on it, or install factbot[ocr] and Tesseract",
        "hold no text (scans?) and were not read; run OCR on them, or install factbot[ocr] and Tesseract",
    ),
    "ocr": (
        "is a picture and was read by OCR, which makes mistakes",
        "are pictures and were read by OCR, which makes mistakes",
    ),
    "damaged": ("is damaged and was not read", "are damaged and were not read"),
}


def _pages(document: pdfium.PdfDocument) -> Iterator[_Page]:
    characters = 0
    until = time.monotonic() + OCR_SECONDS
    reads_pictures = can_read()
    for index in range(len(document)):
        try:
            page = document[index]
            text = page.get_textpage()
        except pdfium.PdfiumError:  # a damaged page among whole ones: as a viewer shows it, blank
            yield _Page([], "damaged")
            continue
        characters += text.count_chars()
        if characters > CHARACTER_LIMIT:
            raise Unreadable(
                f"has more than {CHARACTER_LIMIT // 10**6} million characters; split it into several files"
            )
        lines = filled_in(list(_lines(text)), fields(page, document.formenv))
        how: Literal["text", "ocr", "picture"] = "text"
        if is_picture(page, sum(c.isalnum() for line in lines for c in line.text)):
            left = until - time.monotonic()
            seen = read_picture(page, left) if reads_pictures and left > 0 else []
            lines, how = (seen, "ocr") if seen else (lines, "picture")
        yield _Page(lines, how)
        text.close()
        page.close()


SMALLER = 0.9  # times the size of its line: a raised or lowered figure is at most that large
SHIFTED = 0.08  # times the size of its line, by which such a figure stands higher or lower at least
FIGURES = frozenset(map(ord, "0123456789+-−–*†‡§,"))  # what is raised as a note's number or a power
NOTHING = -1  # in the place of a character that is none
HYPHENS = (0x02, 0xFFFE)  # PDFium's marks for a hyphen that ends a line
BREAKS = (0x0A, 0x0D, *HYPHENS)
SPACES = (0x09, 0x20, 0xA0)


def _lines(text: pdfium.PdfTextPage) -> Iterator[Line]:
    """The pieces of text that stand together, in the order the page draws them: lines, or cells of a row."""
    codes = [raw.FPDFText_GetUnicode(text, i) for i in range(text.count_chars())]
    _join_around_raised(text, codes)
    words: list[tuple[int, int]] = []
    begin = end = 0
    for i, code in enumerate([*codes, BREAKS[0]]):
        if code == NOTHING:
            continue
        if code not in BREAKS and code not in SPACES:
            begin = i if begin == end else begin
            end = i + 1
            continue
        if end > begin:
            words.append((begin, end))
        begin = end = i + 1
        if code in BREAKS and words:
            yield from _pieces(text, codes, words, "-" if code in HYPHENS else "")
            words = []


def _join_around_raised(text: pdfium.PdfTextPage, codes: list[int]) -> None:
    """Take out the breaks that PDFium puts where a raised or lowered figure ends and its line goes on."""
    breaks = [i for i, code in enumerate(codes) if code in BREAKS[:2]]
    for _, group in groupby(enumerate(breaks), key=lambda pair: pair[1] - pair[0]):
        run = [i for _, i in group]
        before, after = run[0] - 1, run[-1] + 1
        if before < 0 or after >= len(codes) or codes[before] in BREAKS:
            continue
        (size, turn), (next_size, next_turn) = _size(text, before), _size(text, after)
        largest = max(size, next_size)
        if turn != next_turn or min(size, next_size) > SMALLER * largest:
            continue
        rise = abs(_place(text, before, turn) - _place(text, after, turn))
        gap = _extent(text, after, after + 1, turn)[0] - _extent(text, before, before + 1, turn)[1]
        if SHIFTED * largest < rise < largest and -0.3 * largest < gap < CELL_GAP * largest:
            for i in run:
                codes[i] = NOTHING


def _pieces(text: pdfium.PdfTextPage, codes: list[int], words: list[tuple[int, int]], tail: str) -> Iterator[Line]:
    """A line's words as one piece, or as several where gaps between them are too wide for spaces."""
    (size, turn), usual = sorted((_size(text, words[n][0]), words[n][0]) for n in (0, len(words) // 2, -1))[1]
    line_base = _place(text, usual, turn)
    first = 0
    left, right = _extent(text, *words[0], turn)
    for k, (begin, end) in enumerate([*words[1:], (-1, -1)], 1):
        is_last = k == len(words)
        word_left, word_right = (0.0, 0.0) if is_last else _extent(text, begin, end, turn)
        if is_last or word_left - right > CELL_GAP * size:
            base = _place(text, words[first][0], turn)
            if abs(base - line_base) < size:  # of the same line, but the first word may be a raised number
                base = line_base if _shift(text, words[first][0], line_base, size, turn) else base
            marked: list[tuple[int, int]] = []
            for start, stop in words[first:k]:
                for i, code in enumerate(codes[start:stop], start):
                    if code != NOTHING:
                        marked.append((code, _shift(text, i, base, size, turn) if code in FIGURES else 0))
                marked.append((SPACES[1], 0))
            runs = groupby(marked, key=itemgetter(1))
            letters = one_line(written_out((_string([code for code, _ in run]), shift) for shift, run in runs))
            if letters:
                yield Line(letters + (tail if is_last else ""), left, right, base, size, turn)
            first, left = k, word_left
        right = word_right


def _shift(text: pdfium.PdfTextPage, index: int, base: float, size: float, turn: int) -> int:
    """1 for a character that is raised over its line's `base`, -1 for one that is lowered, else 0."""
    rise = _place(text, index, turn) - base
    if not SHIFTED * size < abs(rise) < size or _size(text, index)[0] > SMALLER * size:
        return 0
    return 1 if rise > 0 else -1


def _string(codes: list[int]) -> str:
    """Where C's wide characters have 16 bits, PDFium gives UTF-16."""
    text = "".join(map(chr, codes))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _size(text: pdfium.PdfTextPage, index: int) -> tuple[float, int]:
    """How large a character is shown, in points, and by how many quarters of a turn its line is turned."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text, index, matrix):
        return 1.0, 0
    size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    return max(size, 0.1), round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4


def _extent(text: pdfium.PdfTextPage, begin: int, end: int, turn: int) -> tuple[float, float]:
    """From where to where a word goes along its line."""
    box = raw.FS_RECTF()
    edges: list[float] = []
    for index in (begin, end - 1):
        raw.FPDFText_GetLooseCharBox(text, index, box)
        edges += [(box.left, box.right), (box.bottom, box.top), (-box.right, -box.left), (-box.top, -box.bottom)][
            turn
        ]
    return min(edges), max(edges)


def _place(text: pdfium.PdfTextPage, index: int, turn: int) -> float:
    """How high a character's line stands, seen upright."""
    x, y = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    return float((y.value, -x.value, -y.value, x.value)[turn])


def _check_letters(text: str) -> None:
    """Refuse a document without text, and one whose fonts do not tell which letters they draw."""
    unknown = sum(1 for c in text if "\ue000" <= c <= "\uf8ff" or c == "\ufffd")
    if not any(c.isalnum() for c in text):
        raise Unreadable("has no text layer (a scan?); run OCR on it first, or install factbot[ocr] and Tesseract")
    if unknown > 0.3 * len(text):
        raise Unreadable("does not tell which letters its fonts draw; run OCR on it first")


def _language(document: pdfium.PdfDocument) -> str:
    length = raw.FPDFCatalog_GetLanguage(document, None, 0)
    if not 2 < length <= 100:
        return ""
    units = (c_ushort * (length // 2))()  # the length is in bytes of UTF-16
    raw.FPDFCatalog_GetLanguage(document, units, length)
    return bytes(units).decode("utf-16-le", "replace").rstrip("\0")


# In XMP, which is not compressed so that others than PDF readers find it; PDF's own properties have no publisher.
_PUBLISHER = re.compile(rb"<dc:publisher>\s*<rdf:Bag>\s*<rdf:li[^>]{0,99}>([^<]{1,200})</rdf:li>")


def _publisher(data: bytes) -> str:
    found = _PUBLISHER.search(data)
    return one_line(unescape(found[1].decode("utf-8", "replace"))) if found else ""


def _date(value: str) -> str:
    """The day in "D:20240305120000+01'00'", if it is one on which a PDF can have been made."""
    found = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", value)
    if not found or not 1990 <= int(found[1]) <= date.today().year:
        return ""
    return "-".join(found.groups())
