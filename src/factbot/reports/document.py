"""What a report holds, whatever file it becomes: the text with its marks, the claims, and how it was made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version

from factbot.reports.wording import (
    NO_CLAIM,
    VERDICTS,
    counts,
    how_sure,
    is_checked,
    left_out,
    sources,
    verdict_in_words,
)
from factbot.results import Article, ClaimCheck, Evidence, Report, Review, Verdict
from factbot.settings import Settings
from factbot.text.addresses import web_address
from factbot.text.dates import readable_date, readable_moment
from factbot.text.normalise import clean_text, one_line, shortened
from factbot.text.plurals import counted

__all__ = ["Document", "Piece", "ReviewedClaim", "about", "address_of"]

HEADING_LENGTH = 80  # characters of a title, or of the text that names a report without one
WORST_FIRST: tuple[Verdict, ...] = ("refuted", "conflicting", "not_enough_evidence", "supported")


@dataclass(frozen=True)
class ReviewedClaim:
    """A claim that was checked, under its number in the report, with what people said of it, the newest last."""

    number: int
    check: ClaimCheck
    reviews: tuple[Review, ...]

    @property
    def verdict(self) -> Verdict:
        """The last reviewer's verdict, or else factbot's own."""
        return next((review.verdict for review in reversed(self.reviews) if review.verdict), self.check.verdict)

    @property
    def is_overruled(self) -> bool:
        return self.verdict != self.check.verdict

    @property
    def sign(self) -> str:
        return VERDICTS[self.verdict][0]

    @property
    def heading(self) -> str:
        """The verdict that counts, in words."""
        return VERDICTS[self.verdict][1] if self.is_overruled else verdict_in_words(self.check)

    @property
    def finding(self) -> str:
        """How sure factbot is, with its own verdict where a reviewer gave another."""
        found = f"factbot found: {verdict_in_words(self.check)}" if self.is_overruled else ""
        return ", ".join(filter(None, (found, how_sure(self.check.confidence), sources(self.check))))


@dataclass(frozen=True)
class Piece:
    """A part of the checked text, and the claims in it; none between the claims."""

    text: str
    claims: tuple[ReviewedClaim, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the claims in it, by which it is coloured."""
        return min((claim.verdict for claim in self.claims), key=WORST_FIRST.index)


@dataclass(frozen=True)
class Document:
    """A check that is to become a file.

    `at` is when it was made (UTC, ISO 8601), `settings` are those it was made with. A report without a `title` is
    named by the first words of its text. `articles` are needed for a bundle only (`factbot.reports.bundle`): the
    texts that were read.
    """

    report: Report
    at: str
    settings: Settings
    title: str = ""
    reviews: Sequence[Review] = ()
    articles: Sequence[Article] = ()

    @property
    def heading(self) -> str:
        return shortened(one_line(self.title) or clean_text(self.report.text), HEADING_LENGTH)

    @cached_property
    def claims(self) -> list[ReviewedClaim]:
        """The claims that were checked, numbered from 1; a review counts those that were left out, too."""
        made: list[ReviewedClaim] = []
        for place, check in enumerate(self.report.claims, 1):
            if is_checked(check):
                reviews = tuple(review for review in self.reviews if review.claim == place)
                made.append(ReviewedClaim(len(made) + 1, check, reviews))
        return made

    @property
    def left_out(self) -> list[ClaimCheck]:
        """The sentences that are no claims which could be checked."""
        return left_out(self.report)

    @property
    def summary(self) -> str:
        """How many claims have which verdict, and how many of them people looked at."""
        if not self.claims:
            return NO_CLAIM
        found = f"{counted(len(self.claims), 'claim')}: {counts(claim.verdict for claim in self.claims)}"
        reviewed = sum(bool(claim.reviews) for claim in self.claims)
        overruled = sum(claim.is_overruled for claim in self.claims)
        return f"{found}. People reviewed {reviewed} and overruled {overruled}." if reviewed else f"{found}."

    @property
    def paragraphs(self) -> list[list[Piece]]:
        """The checked text, paragraph by paragraph, cut at the claims in it."""
        paragraphs: list[list[Piece]] = [[]]
        for piece in self._pieces():
            parts = [piece] if piece.claims else [Piece(part) for part in re.split(r"\n[^\S\n]*\n\s*", piece.text)]
            for place, part in enumerate(parts):
                paragraphs += [[]] if place else []
                paragraphs[-1] += [part] if part.text else []
        return [pieces for pieces in paragraphs if any(piece.text.strip() for piece in pieces)]

    def _pieces(self) -> Iterator[Piece]:
        """The whole text in order; claims that overlap, such as parts of one sentence, share a piece."""
        text, at = self.report.text, 0
        groups: list[tuple[int, int, tuple[ReviewedClaim, ...]]] = []
        for claim in sorted(self.claims, key=lambda claim: (claim.check.start, claim.check.end)):
            start, end = claim.check.start, claim.check.end
            if groups and start < groups[-1][1]:
                first, last, claims = groups.pop()
                groups.append((first, max(last, end), (*claims, claim)))
            else:
                groups.append((start, end, (claim,)))
        for start, end, claims in groups:
            yield Piece(clean_text(text[at:start]))
            yield Piece(clean_text(text[start:end]), claims)
            at = end
        yield Piece(clean_text(text[at:]))

    @property
    def method(self) -> tuple[str, ...]:
        """How the verdicts came about, in five sentences."""
        risk = self.settings.risk
        withheld = (
            f"a verdict less sure than a risk of {100 * risk:.0f} % allows was withheld as not enough evidence"
            if risk < 1
            else "no limit was set to the risk, so none was withheld as too unsure"
        )
        return (
            "factbot took the text apart into claims, and left out what cannot be checked, such as questions and "
            "opinions.",
            "For each claim it looked for passages in its articles, by their words and by their meaning.",
            "A model read the claim beside each passage, and numbers, dates and names were compared one by one.",
            f"A formula fitted on checks with known verdicts made one verdict of all that, and {withheld}.",
            "A verdict says what the articles say, which need not be true, so read the quoted words before you "
            "rely on it.",
        )

    @property
    def made_with(self) -> list[tuple[str, str]]:
        """Date, corpus, models and thresholds, each under its name."""
        risk = self.settings.risk
        return [
            ("Checked", readable_moment(self.at)),
            ("Version of the articles", self.report.corpus_version or "none"),
            *((f"Model ({use})", one_line(name)) for use, name in self.report.models.items()),
            ("Risk", f"{100 * risk:.0f} % of decided verdicts may be wrong" if risk < 1 else "no limit"),
            ("Language model as judge", "yes" if self.settings.judge else "no"),
            ("factbot", version("factbot")),
        ]


def about(evidence: Evidence) -> str:
    """Where and when the quoted article appeared, and the page of the quote: "The Vane, 1 June 2021, page 3"."""
    passage = evidence.passage
    page = passage.page_at(evidence.quote_start)
    parts = (one_line(passage.source), readable_date(one_line(passage.date)), f"page {page}" if page else "")
    return ", ".join(filter(None, parts))


def address_of(evidence: Evidence) -> str:
    """The http(s) address of the article, "" for anything that no link may lead to."""
    url = evidence.passage.url
    return web_address(url) if url.isprintable() else ""
