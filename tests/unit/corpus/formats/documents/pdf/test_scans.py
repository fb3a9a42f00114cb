"""Pages that are pictures are named, and read where OCR is installed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.corpus.formats.documents.pdf import reader, scans
from factbot.corpus.formats.documents.pdf.scans import can_read, listed_pages
from tests.support.documents import Placed, pdf, prose

STORY = prose(["The harbour office of Skagen counted the ships that came in during the year."])
PICTURE = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "can_read", lambda: False)


@pytest.mark.usefixtures("without_ocr")
def test_pages_that_are_pictures_are_named() -> None:
    stamp: list[Placed] = [(500, 20, 8, "page 3")]
    content = reader.read(pdf([STORY, [], stamp, STORY, []], drawn=["", PICTURE, PICTURE, PICTURE, ""]))
    assert content.note.startswith("Pages 2 and 3 hold no text (scans?) and were not read; run OCR on them")
    assert len(content.pages) == 5, "the last page is blank, and the one before has a text over its picture"


@pytest.mark.usefixtures("without_ocr")
def test_a_document_that_was_read_whole_has_no_note() -> None:
    assert reader.read(pdf([STORY, STORY])).note == ""


@given(st.sets(st.integers(1, 40), min_size=1))
def test_page_numbers_in_words_name_each_page(numbers: set[int]) -> None:
    words = listed_pages(sorted(numbers))
    named: set[int] = set()
    for part in words.removeprefix("Pages").removeprefix("Page").replace(" and ", ", ").split(", "):
        first, _, last = part.strip().partition(" to ")
        named |= set(range(int(first), int(last or first) + 1))
    assert named == numbers and words.startswith("Pages ") == (len(numbers) > 1)


def scanned(words: list[Placed]) -> bytes:
    """A PDF of one page of text and of a picture of another."""
    with pdfium.PdfDocument(pdf([words])) as document:
        picture = document[0].render(scale=3).to_pil()
    buffer = BytesIO()
    picture.save(buffer, "PDF", resolution=216)
    whole = pdfium.PdfDocument(pdf([STORY]))
    with pdfium.PdfDocument(buffer.getvalue()) as scan:
        whole.import_pages(scan)
        out = BytesIO()
        whole.save(out)
    whole.close()
    return out.getvalue()


SCAN = prose(["The lighthouse keeper wrote that nine ships", "were lost in the storm."])


@pytest.mark.skipif(not can_read(), reason="Tesseract is not installed")
def test_ocr_reads_a_picture_as_the_page_that_it_is() -> None:
    content = reader.read(scanned(SCAN))
    assert content.text.endswith("The lighthouse keeper wrote that nine ships were lost in the storm.")
    assert content.text[content.pages[1] :].startswith("The lighthouse")
    assert content.note == "Page 2 is a picture and was read by OCR, which makes mistakes."


@pytest.mark.skipif(not can_read(), reason="Tesseract is not installed")
def test_pages_for_which_no_time_is_left_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "OCR_SECONDS", 0.0)
    assert "Page 2 holds no text (a scan?) and was not read" in reader.read(scanned(SCAN)).note


def test_without_the_program_nothing_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not scans.can_read()
