"""A report as a Word document."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from factbot.reports.document import Document, ReviewedClaim, about, address_of
from factbot.reports.wording import STANCES, VERDICTS, read_as
from factbot.results import Evidence, Review, Verdict
from factbot.text.dates import readable_moment
from factbot.text.normalise import clean_text, single_spaced

__all__ = ["as_docx"]

COLOURS: dict[Verdict, RGBColor] = {
    "supported": RGBColor(0x22, 0x66, 0x3A),
    "refuted": RGBColor(0x9B, 0x1C, 0x1C),
    "conflicting": RGBColor(0x7A, 0x4A, 0x00),
    "not_enough_evidence": RGBColor(0x57, 0x5D, 0x66),
}
SOFT = RGBColor(0x57, 0x5D, 0x66)
LINK = RGBColor(0x1F, 0x4E, 0x79)


def as_docx(document: Document) -> bytes:
    """The report as a DOCX file. It holds no fields, macros or pictures, and links only to articles' addresses."""
    word = new_document()
    word.core_properties.title = document.heading
    word.core_properties.author = "factbot"
    word.core_properties.created = word.core_properties.modified = _time(document.at)
    for section in word.sections:
        section.left_margin = section.right_margin = Mm(22)
        section.top_margin = section.bottom_margin = Mm(20)
    word.add_heading(document.heading, 0)
    _add(word.add_paragraph(), f"Fact-check report, checked {readable_moment(document.at)}", colour=SOFT)
    _add(word.add_paragraph(), document.summary).bold = True
    word.add_heading("The text", 1)
    for pieces in document.paragraphs:
        paragraph = word.add_paragraph()
        for piece in pieces:
            run = _add(paragraph, piece.text, colour=COLOURS[piece.verdict] if piece.claims else None)
            run.underline = bool(piece.claims)
            for claim in piece.claims:
                mark = _add(paragraph, f" [{claim.number} {claim.sign}]", colour=COLOURS[claim.verdict])
                mark.bold, mark.font.size = True, Pt(8)
    if document.claims:
        word.add_heading("The claims", 1)
    for claim in document.claims:
        _add_claim(word, claim)
    _add_ending(word, document)
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _add_claim(word: WordDocument, claim: ReviewedClaim) -> None:
    word.add_heading(f"{claim.number}. {_line(claim.check.claim)}", 2)
    verdict = word.add_paragraph()
    verdict.paragraph_format.keep_with_next = True
    _add(verdict, f"{claim.sign} {claim.heading}", colour=COLOURS[claim.verdict]).bold = True
    _add(verdict, f"  {claim.finding}", colour=SOFT)
    if read_as(claim.check):
        _add(word.add_paragraph(), f"Read as: {_line(read_as(claim.check))}", colour=SOFT)
    _add(word.add_paragraph(), _line(claim.check.explanation))
    for review in claim.reviews:
        _add_review(word, review)
    for number, piece in enumerate(claim.check.evidence, 1):
        _add_evidence(word, number, piece)


def _add_review(word: WordDocument, review: Review) -> None:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.left_indent = Mm(6)
    verdict = f": {VERDICTS[review.verdict][1]}" if review.verdict else ""
    _add(paragraph, f"Reviewer{verdict}").bold = True
    by = _line(review.by) or "unnamed"
    _add(paragraph, f" ({by}, {_line(readable_moment(review.at))}, {review.status})", colour=SOFT)
    if review.note:
        _add(paragraph, f"\n{review.note}")


def _add_evidence(word: WordDocument, number: int, piece: Evidence) -> None:
    quoted = word.add_paragraph()
    quoted.paragraph_format.left_indent = Mm(6)
    quoted.paragraph_format.keep_with_next = quoted.paragraph_format.keep_together = True
    _add(quoted, f"[{number}] {STANCES[piece.stance][0]}: ", colour=SOFT).bold = True
    _add(quoted, f"“{_line(piece.quote)}”").italic = True
    source = word.add_paragraph()
    source.paragraph_format.left_indent = Mm(6)
    source.paragraph_format.keep_together = True
    _add(source, ", ".join(filter(None, (_line(piece.passage.title) or "Untitled", about(piece)))), colour=SOFT)
    if address := address_of(piece):
        _add(source, "\n")
        _add_link(source, address)


def _add_ending(word: WordDocument, document: Document) -> None:
    if document.left_out:
        word.add_heading("Left out", 1)
    for each in document.left_out:
        _add(word.add_paragraph(style="List Bullet"), f"{_line(each.claim)} ({_line(each.explanation)})")
    word.add_heading("How it was made", 1)
    _add(word.add_paragraph(), " ".join(document.method))
    if document.report.note:
        _add(word.add_paragraph(), _line(document.report.note))
    for name, value in document.made_with:
        _add(word.add_paragraph(style="List Bullet"), f"{name}: {value}")


def _add(paragraph: Paragraph, text: str, colour: RGBColor | None = None) -> Run:
    """A run of text; XML takes no control characters, and nobody sees them."""
    run = paragraph.add_run(clean_text(text))
    if colour is not None:
        run.font.color.rgb = colour
    return run


def _add_link(paragraph: Paragraph, address: str) -> None:
    """A run that leads to an address, which python-docx has no method for."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = _add(paragraph, address, colour=LINK)
    run.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _line(text: str) -> str:
    return single_spaced(clean_text(text))


def _time(iso: str) -> datetime:
    return datetime.fromisoformat(iso).replace(tzinfo=None)
