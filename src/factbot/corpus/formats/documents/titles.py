"""Titles and authors that programs write into a file's properties when nobody has given any."""

from __future__ import annotations

import re

__all__ = ["TITLE_LIMIT", "is_junk_title", "is_maker", "is_nobody"]

TITLE_LIMIT = 200  # characters
NOBODY = {"", "administrator", "admin", "user", "owner", "root", "unknown", "author", "python-docx"}
NOBODY |= {"anonymous", "(anonymous)", "unspecified"}
NOBODY |= {"microsoft office user", "windows user"}
MAKERS = {
    "microsoft",
    "microsoft corporation",
    "hewlett-packard",
    "hewlett-packard company",
    "dell",
    "company",
    "home",
}

_JUNK = re.compile(
    r"""(?ix) untitled.* | (?:microsoft\s(?:word|powerpoint|excel)\b|powerpoint\spresentation|print\b).*
    | (?:word\s)?(?:document|dokument|layout|slide|page|book|blank|title|presentation|sheet)\s?\d*
    | .*\s(?:layout|page)\s\d+ | \S+\.[a-z]{2,5}\d? | \S*[\\/_]\S* | \(?anonymous\)?
    | .*\.(?:docx?|pdf|indd|tex|dvi|qx[pd]|rtf|odt|pages|pptx?|xlsx?|html?|ps|eps)"""
)


def is_junk_title(title: str) -> bool:
    """Whether a title that a file states is a program's or a file's name, or nothing at all."""
    return sum(c.isalpha() for c in title) < 3 or len(title) > TITLE_LIMIT or bool(_JUNK.fullmatch(title))


def is_nobody(author: str) -> bool:
    """Whether an author that a file states is nobody's name."""
    return author.strip().casefold() in NOBODY


def is_maker(company: str) -> bool:
    """Whether a company that a file states is the computer's maker, or what an installer writes."""
    return company.strip().casefold() in MAKERS
