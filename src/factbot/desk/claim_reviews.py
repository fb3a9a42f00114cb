"""Claims that others checked, out of ClaimReview (schema.org): JSON, JSON lines, JSON-LD in a page, and feeds.

A file comes from a stranger. Its size, its depth and the length of every text are bounded, and what it says is
cleaned of everything that nobody sees. A verdict stays in the publisher's own words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from factbot.errors import UsageError
from factbot.results import Failure
from factbot.text.addresses import web_address
from factbot.text.dates import iso_date
from factbot.text.normalise import one_line, visible_text

__all__ = ["ClaimReview", "read_claim_reviews"]

MAX_SIZE = 100_000_000  # bytes of a file
MAX_REVIEWS = 100_000  # of a file: as many claims as are searched one by one
MAX_DEPTH = 30  # lists and objects inside each other, below which nothing is looked for
LONGEST_CLAIM = 1_000  # characters
LONGEST_NAME = 200
TYPE = re.compile(r"(?:https?://schema\.org/|schema:)?ClaimReview$")


@dataclass(frozen=True)
class ClaimReview:
    """A claim, the verdict of a publisher `by` name, its day `at` (ISO 8601) and the review's address; each may be
    "" but the claim and the verdict."""

    claim: str
    verdict: str
    by: str
    at: str
    url: str


def read_claim_reviews(path: str | Path) -> Iterator[ClaimReview | Failure]:
    """Each ClaimReview of a file, in order, or why one is left out.

    Raises UsageError for a file that cannot be read, that is too large, or that holds none.
    """
    path = Path(path)
    found = 0
    for node in _nodes(_documents(_text(path), path)):
        for review in _reviews(node):
            found += 1
            if found > MAX_REVIEWS:
                yield Failure(
                    path.name, f"{path.name} holds more than {MAX_REVIEWS:,} reviews; the rest is left out."
                )
                return
            reason = _refusal(review)
            yield Failure(f"{path.name}, review {found}", f"Review {found} {reason}.") if reason else review
    if not found:
        raise UsageError(f"{path} holds no ClaimReview; give JSON or JSON-LD as schema.org describes it.")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_SIZE:
            raise UsageError(f"{path} has more than {MAX_SIZE // 1_000_000} MB; split it.")
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read ({error.strerror}).") from error


def _documents(text: str, path: Path) -> list[Any]:
    """The JSON documents of a file: itself, its lines, or the scripts of a page."""
    if text.lstrip().startswith("<"):
        return [made for script in _scripts(text) if (made := _parsed(script)) is not None]
    whole = _parsed(text)
    if whole is not None:
        return [whole]
    lines = [_parsed(line) for line in text.splitlines() if line.strip()]
    made = [line for line in lines if line is not None]
    if not made:
        raise UsageError(f"{path} is neither JSON nor a page with JSON-LD; mend it, or give another file.")
    return made


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):  # also an endless number, or a thousand brackets
        return None


def _scripts(page: str) -> list[str]:
    from lxml import etree, html

    try:
        tree = html.document_fromstring(page.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return []
    return [str(script.text or "") for script in tree.iter("script") if "ld+json" in (script.get("type") or "")]


def _nodes(documents: list[Any]) -> Iterator[dict[str, Any]]:
    """Every object of the documents, the outer before the inner, in order; nothing inside a review."""
    waiting = [(document, 0) for document in reversed(documents)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, dict):
            yield node
            inner = [] if _is_review(node) else list(node.values())
        else:
            inner = node if isinstance(node, list) else []
        if depth < MAX_DEPTH:
            waiting.extend((value, depth + 1) for value in reversed(inner) if isinstance(value, dict | list))


def _is_review(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and TYPE.match(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _reviews(node: dict[str, Any]) -> Iterator[ClaimReview]:
    """The review that a node is, or those of a claim as the Fact Check Tools API gives it."""
    if _is_review(node):
        day = _said(node, "datePublished", "dateCreated", "dateModified", "sdDatePublished")
        yield ClaimReview(
            claim=_said(node, "claimReviewed") or _said(node.get("itemReviewed"), "name", "text", "headline"),
            verdict=_rating(node.get("reviewRating")),
            by=_named(node.get("author")) or _named(node.get("publisher")),
            at=_day(day),
            url=web_address(_said(node, "url", "@id", "mainEntityOfPage")),
        )
    elif isinstance(node.get("text"), str) and isinstance(node.get("claimReview"), list):
        for review in node["claimReview"]:
            yield ClaimReview(
                claim=_said(node, "text"),
                verdict=_said(review, "textualRating"),
                by=_named(_first(review).get("publisher")),
                at=_day(_said(review, "reviewDate")),
                url=web_address(_said(review, "url")),
            )


def _refusal(review: ClaimReview) -> str:
    """Why a review cannot be used, as the end of a sentence; "" where it can."""
    if not any(c.isalnum() for c in review.claim):
        return "names no claim"
    if len(review.claim) > LONGEST_CLAIM:
        return f"has a claim of more than {LONGEST_CLAIM:,} characters"
    return "" if review.verdict else "gives no rating in words or numbers"


def _rating(value: Any) -> str:
    rating = _first(value)
    words = _short(_said(rating, "alternateName", "name", "ratingExplanation"))
    number, best = _said(rating, "ratingValue"), _said(rating, "bestRating")
    return words or _short(f"{number} of {best}" if number and best else number)


def _named(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    name = _line(first) if isinstance(first, str) else _said(first, "name", "alternateName", "site", "url")
    return _short(name)


def _first(value: Any) -> dict[str, Any]:
    """An object, or the first of a list of them; empty for anything else."""
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, dict) else {}


def _said(value: Any, *names: str) -> str:
    """What the first of these fields that says something says, on one line."""
    node = _first(value)
    for name in names:
        field = node.get(name)
        if isinstance(field, int | float) and not isinstance(field, bool):
            field = f"{field:g}"
        if isinstance(field, str) and (line := _line(field)):
            return line
    return ""


def _line(text: str) -> str:
    return one_line(visible_text(text))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"


def _day(text: str) -> str:
    """A day in ISO 8601, "" for what is none."""
    try:
        return date.fromisoformat(iso_date(text)[:10]).isoformat()
    except ValueError:
        return ""
