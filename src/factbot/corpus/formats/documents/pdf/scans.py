"""Pages of a PDF that are pictures: which they are, and what OCR reads in them where it is installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import groupby

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from factbot.corpus.formats.documents.pdf.layout import Line
from factbot.text.normalise import one_line

__all__ = ["can_read", "is_picture", "listed_pages", "read_picture"]

FEW = 25  # letters: a stamp or a page number beside the picture of a page
HALF, PART = 0.5, 0.1  # of a page's area
DRAWN = 100  # lines and curves: a page whose letters are drawn
RESOLUTION = 300 / 72  # pixels for a point, which OCR reads best
LARGEST = 5_000  # pixels along a page's longer side
SURE = 40  # percent from which a word counts as read
WORDS = 3  # of a page, under which it counts as a picture without words
SIZE, STEP = 10.0, 12.0  # points: of letters that were read, and from line to line


def is_picture(page: pdfium.PdfPage, letters: int) -> bool:
    """Whether a page with so many letters of text is a picture of a page."""
    if letters >= FEW:
        return False
    width, height = page.get_size()
    covered, drawn = 0.0, 0
    for part in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH], max_depth=3):
        if part.type == raw.FPDF_PAGEOBJ_PATH:
            drawn += 1
            continue
        left, bottom, right, top = part.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    share = covered / max(width * height, 1.0)
    return share >= HALF or (not letters and (share >= PART or drawn >= DRAWN))


def listed_pages(numbers: Sequence[int]) -> str:
    """Page numbers, in order, as the beginning of a sentence: "Page 2", "Pages 2, 4 to 9 and 12"."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    shown = [part for run in runs for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    words = f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
    return f"Page{'s' if len(numbers) > 1 else ''} {words}"


def can_read() -> bool:
    """Whether OCR is installed: the extra `ocr` and the program tesseract."""
    return find_spec("pytesseract") is not None and shutil.which("tesseract") is not None


def read_picture(page: pdfium.PdfPage, seconds: float) -> list[Line]:
    """The lines that OCR reads in a page, one under the other, within `seconds`; none where it reads nothing."""
    import pytesseract

    scale = min(RESOLUTION, LARGEST / max(*page.get_size(), 1.0))
    image = page.render(scale=scale).to_pil()
    languages = [name for name in pytesseract.get_languages() if name != "osd"]
    try:
        found = pytesseract.image_to_data(
            image, lang="+".join(languages) or None, timeout=seconds, output_type=pytesseract.Output.DICT
        )
    except (pytesseract.TesseractError, RuntimeError, OSError):  # RuntimeError: it took too long
        return []
    places = zip(found["block_num"], found["par_num"], found["line_num"], strict=True)
    boxes = zip(found["left"], found["width"], strict=True)
    words = [
        (place, one_line(text), left / scale, (left + width) / scale)
        for place, text, sure, (left, width) in zip(places, found["text"], found["conf"], boxes, strict=True)
        if float(sure) >= SURE and one_line(text)
    ]
    return list(_lines(words)) if len(words) >= WORDS else []


def _lines(words: Iterable[tuple[tuple[int, int, int], str, float, float]]) -> Iterator[Line]:
    """The words of each line, with the room between paragraphs that OCR saw, on even lines: a scan's are not."""
    base, paragraph = 0.0, (0, 0)
    for place, line in groupby(words, key=lambda word: word[0]):
        base -= STEP if place[:2] == paragraph else 3 * STEP
        paragraph = place[:2]
        pieces = list(line)
        yield Line(" ".join(text for _, text, _, _ in pieces), pieces[0][2], pieces[-1][3], base, SIZE)
