"""Checks that are kept, and what becomes of them: reviews, changes, and claims that are found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from factbot.results.answers import Citation, Report, Result, Verdict, plain
from factbot.results.corpus import Failure

__all__ = ["Change", "Check", "Earlier", "ImportReport", "Review", "Status"]

Status = Literal["open", "done"]  # of a review


@dataclass(frozen=True)
class Review(Result):
    """What a person says of a claim of a kept check, whose number `claim` is its place in the report, from 1.

    `verdict` is the person's own, None where they gave none; `at` is a time in UTC (ISO 8601).
    """

    claim: int
    verdict: Verdict | None
    note: str
    status: Status
    by: str
    at: str


@dataclass(frozen=True)
class Check(Result):
    """A kept check: its report, and what people said of its claims since.

    `at` is when it was begun (UTC, ISO 8601). `scope` says which articles were asked, as JSON; None: all.
    `reviews` has every review, oldest first: an overruled one stays. `owner` is whose check it is, "" on one's own
    machine. A check that is not `finished` has the claims that were checked so far.
    """

    id: str
    title: str
    at: str
    text: str
    report: Report
    scope: dict[str, Any] | None = None
    reviews: tuple[Review, ...] = ()
    owner: str = ""
    finished: bool = True

    def review_of(self, claim: int) -> Review | None:
        """The review that holds of the claim with this number: the last one."""
        return next((review for review in reversed(self.reviews) if review.claim == claim), None)

    def to_dict(self) -> dict[str, Any]:
        return {**plain(self), "report": self.report.to_dict()}


@dataclass(frozen=True)
class Change(Result):
    """A kept verdict that came out otherwise later: claim number `claim` (from 1) `was` and is `now`.

    `because` cites the evidence that did it: new quotes, and the earlier ones that no article says any more, whose
    numbers are in `gone`. `at` is when it was found (UTC, ISO 8601).
    """

    check_id: str
    claim: int
    was: Verdict
    now: Verdict
    because: tuple[Citation, ...]
    at: str
    gone: tuple[int, ...] = ()


@dataclass(frozen=True)
class Earlier(Result):
    """A claim that was checked before and is like the one that is asked about, by `similarity` (0 to 1).

    `by` is the person or the publisher whose `verdict` it is, "" where it is factbot's own. A publisher's verdict
    is in its own words, and `url` is its address; `check_id` is the kept check. `differs` says in a sentence how
    the two claims part (another number, date or name; a denial), "" where they do not.
    """

    claim: str
    verdict: str
    by: str
    at: str
    url: str
    similarity: float
    check_id: str = ""
    differs: str = ""


@dataclass(frozen=True)
class ImportReport(Result):
    """What became of a file of claims that others checked: how many are new, were known, and what failed."""

    added: int
    known: int
    failed: tuple[Failure, ...]
