"""A report as Markdown, in which no text from articles or people makes a link, a picture, a heading or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from factbot.reports.document import Document, Piece, ReviewedClaim, about, address_of
from factbot.reports.wording import STANCES, VERDICTS, read_as
from factbot.results import Evidence, Review
from factbot.text.dates import readable_moment
from factbot.text.normalise import clean_text, single_spaced

__all__ = ["as_markdown", "escaped"]

# What Markdown reads as markup anywhere in a line, in CommonMark and in what GitHub adds to it. A colon makes a
# link of the address that it stands in, or a picture of the word between two of them.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&@]|:(?=\S)|(?i:(?<=www)\.))")
# Where a list begins, or the line under a heading.
_LINE_START = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))")
_URL_SAFE = "/:?#[]@!$&'*+,;=%~"  # what an address may hold as it is; brackets and quotes could end a link


def as_markdown(document: Document) -> bytes:
    """The report as Markdown, in UTF-8."""
    return ("\n\n".join(_blocks(document)) + "\n").encode()


def escaped(text: str) -> str:
    """The text on one line, so that Markdown shows it as it is."""
    return _at_line_start(_within_line(single_spaced(clean_text(text))))


def _within_line(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def _at_line_start(line: str) -> str:
    return _LINE_START.sub(r"\1\\", line)


def _blocks(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.heading)}"
    yield f"Fact-check report, checked {readable_moment(document.at)}"
    yield f"**{escaped(document.summary)}**"
    yield "## The text"
    yield "\n>\n".join(map(_paragraph, document.paragraphs))
    if document.claims:
        yield "## The claims"
    for claim in document.claims:
        yield from _claim(claim)
    if document.left_out:
        yield "## Left out"
        yield "\n".join(f"- {escaped(each.claim)} ({escaped(each.explanation)})" for each in document.left_out)
    yield "## How it was made"
    yield " ".join(map(escaped, document.method))
    if document.report.note:
        yield escaped(document.report.note)
    yield "\n".join(f"- {escaped(name)}: {escaped(value)}" for name, value in document.made_with)


def _paragraph(pieces: list[Piece]) -> str:
    """A paragraph of the text as a quotation; each claim is followed by its number and sign."""
    marked = ""
    for piece in pieces:
        marks = "".join(f" \\[{claim.number} {claim.sign}\\]" for claim in piece.claims)
        marked += f"{_within_line(piece.text)}{marks}"
    lines = (_at_line_start(single_spaced(line)) for line in marked.split("\n"))
    return "  \n".join(f"> {line}" for line in lines if line)  # two spaces keep the line break


def _claim(claim: ReviewedClaim) -> Iterator[str]:
    yield f"### {claim.number}. {escaped(claim.check.claim)}"
    yield f"{claim.sign} **{escaped(claim.heading)}** ({escaped(claim.finding)})"
    if read_as(claim.check):
        yield f"Read as: {escaped(read_as(claim.check))}"
    yield escaped(claim.check.explanation)
    yield from map(_review, claim.reviews)
    if claim.check.evidence:
        yield "\n".join(_evidence(number, piece) for number, piece in enumerate(claim.check.evidence, 1))


def _review(review: Review) -> str:
    verdict = f": {VERDICTS[review.verdict][1]}" if review.verdict else ""
    by = f"{escaped(review.by) or 'unnamed'}, {escaped(readable_moment(review.at))}, {review.status}"
    note = f": {escaped(review.note)}" if review.note else ""
    return f"**Reviewer{verdict}** ({by}){note}"


def _evidence(number: int, piece: Evidence) -> str:
    title, address = escaped(piece.passage.title) or "Untitled", address_of(piece)
    linked = f"[{title}](<{quote(address, safe=_URL_SAFE)}>)" if address else title
    where = ", ".join(filter(None, (linked, escaped(about(piece)))))
    return f"- \\[{number}\\] {STANCES[piece.stance][0]}: “{escaped(piece.quote)}” {where}"
