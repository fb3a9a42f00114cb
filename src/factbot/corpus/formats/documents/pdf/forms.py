"""What was written into a PDF's form, and onto its pages, each beside the words that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from ctypes import c_ushort
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from factbot.corpus.formats.documents.pdf.layout import Line
from factbot.text.normalise import one_line

__all__ = ["Field", "fields", "filled_in"]

FIELD_LIMIT = 5_000  # on one page
VALUE_LIMIT = 200_000  # bytes of UTF-16
FAR = 200.0  # points between the words to the left of a field and the field
NEAR = 24.0  # points between a box to tick and the words to its right, or between a field and words above it
SIZE = 11.0  # points: of letters in a field without words beside it
TICKED = {True: "[x]", False: "[ ]"}
CHOICES = (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
BOXES = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)


@dataclass(frozen=True)
class Field:
    """A filled-in field and its place in points; `is_ticked` is None for one that holds words.

    `name` is what the form calls it for people who cannot see it, or "".
    """

    text: str
    name: str
    left: float
    right: float
    bottom: float
    top: float
    is_ticked: bool | None = None


def fields(page: pdfium.PdfPage, form: pdfium.PdfFormEnv | None) -> list[Field]:
    """The fields of a page that hold something, and its boxes to tick; from the top down."""
    found: list[Field] = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), FIELD_LIMIT)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if not raw.FPDFAnnot_GetFlags(annotation) & (raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW):
                found += _read(annotation, form)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return sorted(found, key=lambda field: (-round(field.top / SIZE), field.left))


def _read(annotation: object, form: pdfium.PdfFormEnv | None) -> Iterator[Field]:
    box = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, box)
    place = (
        min(box.left, box.right),
        max(box.left, box.right),
        min(box.bottom, box.top),
        max(box.bottom, box.top),
    )
    subtype = raw.FPDFAnnot_GetSubtype(annotation)
    if subtype == raw.FPDF_ANNOT_FREETEXT:  # words typed onto a page, where the form has no fields
        words = one_line(
            _string(lambda into, size: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", into, size))
        )
        if words:
            yield Field(words, "", *place)
    if subtype != raw.FPDF_ANNOT_WIDGET or form is None:
        return
    name = one_line(
        _string(lambda into, size: raw.FPDFAnnot_GetFormFieldAlternateName(form, annotation, into, size))
    )
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in BOXES:
        yield Field("", name, *place, is_ticked=bool(raw.FPDFAnnot_IsChecked(form, annotation)))
    elif kind in CHOICES or kind == raw.FPDF_FORMFIELD_TEXTFIELD:
        words = ", ".join(_chosen(annotation, form)) if kind in CHOICES else ""
        words = words or one_line(
            _string(lambda into, size: raw.FPDFAnnot_GetFormFieldValue(form, annotation, into, size))
        )
        if words and not _is_password(annotation, form, kind):
            yield Field(words, name, *place)


def _is_password(annotation: object, form: pdfium.PdfFormEnv, kind: int) -> bool:
    flags = raw.FPDFAnnot_GetFormFieldFlags(form, annotation)
    return kind == raw.FPDF_FORMFIELD_TEXTFIELD and bool(flags & raw.FPDF_FORMFLAG_TEXT_PASSWORD)


def _chosen(annotation: object, form: pdfium.PdfFormEnv) -> Iterator[str]:
    """The options that were chosen, as the form shows them."""
    for index in range(min(max(raw.FPDFAnnot_GetOptionCount(form, annotation), 0), FIELD_LIMIT)):
        if raw.FPDFAnnot_IsOptionSelected(form, annotation, index):
            at = index
            yield one_line(
                _string(lambda into, size: raw.FPDFAnnot_GetOptionLabel(form, annotation, at, into, size))  # noqa: B023
            )


def _string(call: Callable[[object, int], int]) -> str:
    """What one of PDFium's functions writes into a buffer: it is asked for the length first, in bytes."""
    length = call(None, 0)
    if not 2 < length <= VALUE_LIMIT:
        return ""
    units = (c_ushort * (length // 2 + 1))()
    call(units, length)
    return bytes(units).decode("utf-16-le", "replace").split("\0", 1)[0]


# -- beside their labels ---------------------------------------------------------------------------


def filled_in(lines: Sequence[Line], found: Sequence[Field]) -> list[Line]:
    """A page's lines with its fields in them: after the words beside or above each, else at its place."""
    words = list(lines)
    for field in found:
        labels = [(i, line) for i, line in enumerate(words) if line.turn == 0]
        if field.is_ticked is not None:
            _tick(words, labels, field)
            continue
        at = _label(labels, field)
        if at is None:
            text = _told(field.name, field.text) if field.name else field.text
            place = next((i for i, line in labels if line.base < field.bottom), len(words))
            words.insert(place, Line(text, field.left, field.right, field.bottom, SIZE, is_row=True))
            continue
        label = words[at]
        goes_on = any(_is_level(line, field) and 0 <= line.left - field.right < NEAR for _, line in labels)
        text = f"{label.text} {field.text}" if goes_on or label.is_row else _told(label.text, field.text)
        right = max(label.right, field.right if _is_level(label, field) else label.right)
        words[at] = replace(label, text=text, right=right, is_row=not goes_on)
    return words


def _tick(words: list[Line], labels: Sequence[tuple[int, Line]], field: Field) -> None:
    """Put the sign of a box before the words to its right, or say at those to its left whether it is ticked."""
    level = [(i, line) for i, line in labels if _is_level(line, field)]
    right = [(line.left, i) for i, line in level if -2 <= line.left - field.right < NEAR]
    if right:
        at = min(right)[1]
        words[at] = replace(words[at], text=f"{TICKED[bool(field.is_ticked)]} {words[at].text}", is_row=True)
        return
    left = [(line.right, i) for i, line in level if -2 <= field.left - line.right < FAR]
    if left:
        at = max(left)[1]
        words[at] = replace(words[at], text=f"{words[at].text} {TICKED[bool(field.is_ticked)]}", is_row=True)
    elif field.name and field.is_ticked:
        place = next((i for i, line in labels if line.base < field.bottom), len(words))
        text = f"{TICKED[True]} {field.name}"
        words.insert(place, Line(text, field.left, field.right, field.bottom, SIZE, is_row=True))


def _label(labels: Sequence[tuple[int, Line]], field: Field) -> int | None:
    """Which line names the field: the nearest to its left, else the one above it or at the top inside it."""
    left = [(line.right, i) for i, line in labels if _is_level(line, field) and line.left < field.left]
    if left and field.left - max(left)[0] < FAR:
        return max(left)[1]
    above = [
        (line.base, i)
        for i, line in labels
        if line.left < field.right and field.left < line.right and field.bottom < line.base < field.top + NEAR
    ]
    return min(above)[1] if above else None


def _is_level(line: Line, field: Field) -> bool:
    """Whether half of a line's height lies beside the field."""
    return min(line.base + line.size, field.top) - max(line.base, field.bottom) > 0.4 * line.size


def _told(label: str, value: str) -> str:
    return f"{label} {value}" if label[-1:] in ":?：？" else f"{label}: {value}"
