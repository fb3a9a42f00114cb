"""Results as people and programs read them on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from factbot.answering.abstention import advice
from factbot.corpus.formats.content import METADATA
from factbot.doctor.findings import Finding
from factbot.results import (
    Answer,
    Article,
    Citation,
    ClaimCheck,
    Evidence,
    Passage,
    Report,
    Review,
    SyncReport,
    Version,
)
from factbot.text.normalise import shortened, single_spaced

if TYPE_CHECKING:
    from factbot.reports.replay import ReplayedClaim

__all__ = [
    "plain",
    "print_answer",
    "print_articles",
    "print_check",
    "print_findings",
    "print_history",
    "print_json",
    "print_passages",
    "print_replayed",
    "print_report",
    "print_sync",
    "print_withdrawn",
    "say",
    "where",
]

DIFFERENCES_SHOWN = 20  # lines that differ between two versions of an article
DIFFERENCE_LENGTH = 500  # characters shown of such a line
WORDS_SHOWN = 240  # characters of the words of an article that came nearest
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def print_passages(passages: Sequence[Passage]) -> None:
    for number, p in enumerate(passages, start=1):
        print(f"[{number}] {p.title} ({_about(p) or p.article_id}), score {p.score:.2f}")
        print(f"    {' '.join(p.text.split())}\n")
    if not passages:
        say("Nothing found; the index may be empty: `factbot articles` lists what it holds.")


def print_answer(answer: Answer) -> None:
    print(_in_bold(answer) if sys.stdout.isatty() else answer.text)
    if answer.note:
        print(f"({answer.note})")
    if answer.citations:
        print()
    for citation in answer.citations:
        print(f"[{citation.number}] {where(citation, indent=4)}")
    if answer.nearest:
        print("The nearest articles are:")
    for p in answer.nearest:
        about = ", ".join(filter(None, (p.article_id, p.source, p.date)))
        print(f"  {p.title} ({about})\n    “{shortened(p.text, WORDS_SHOWN)}”")
    if further := advice(answer):
        print(further)


def _in_bold(answer: Answer) -> str:
    """The answer's text for a terminal, with the words that answer in bold."""
    if not answer.sentences:
        return answer.text
    shown = []
    for sentence in answer.sentences:
        text, (start, end) = sentence.text, sentence.span or (0, 0)
        marked = f"{text[:start]}{BOLD}{text[start:end]}{PLAIN}{text[end:]}" if end else text
        shown.append(marked + "".join(f" [{number}]" for number in sentence.citations))
    return " ".join(shown)


def print_report(report: Report) -> None:
    for check in report.claims:
        print_check(check)
    if report.note:
        print(f"({report.note})")


def print_check(check: ClaimCheck, number: int | None = None, reviews: Sequence[Review] = ()) -> None:
    """A claim with its verdict and evidence; of a kept check, with its number and what people said of it."""
    claim, place = single_spaced(check.claim), f"{number}. " if number else ""
    if check.reason == "not_checkable":
        print(f"{place}LEFT OUT  {claim}\n    {check.explanation}")
        _print_reviews(reviews)
        return
    print(f"{place}{check.verdict.replace('_', ' ').upper()}  {check.confidence:.0%}  {claim}")
    if check.standalone.rstrip(".") != claim.rstrip("."):
        print(f"    read as: {check.standalone}")
    print(f"    {check.explanation}")
    for number, evidence in enumerate(check.evidence, start=1):
        print(f"    [{number}] {evidence.stance}: {where(evidence, indent=8)}")
    _print_reviews(reviews)


def _print_reviews(reviews: Sequence[Review]) -> None:
    """The reviews of a claim, oldest first: the last one holds. Then the empty line after a claim."""
    for review in reviews:
        verdict = review.verdict.replace("_", " ").upper() if review.verdict else "no verdict"
        by = f", by {review.by}" if review.by else ""
        note = f": {single_spaced(review.note)}" if review.note else ""
        print(f"    review: {verdict}, {review.status}{by}, {review.at}{note}")
    print()


def print_replayed(claim: ReplayedClaim) -> None:
    said, read_as = single_spaced(claim.claim), single_spaced(claim.read_as)
    print(f"{'DIFFERS' if claim.differences else 'same'}  {claim.was.replace('_', ' ').upper()}  {said}")
    if read_as.rstrip(".") != said.rstrip("."):
        print(f"    read as: {read_as}")
    for difference in claim.differences:
        print(f"    {difference}")


def print_sync(report: SyncReport, articles: Sequence[Article]) -> None:
    print(
        f"{len(articles)} articles, {sum(a.passages for a in articles):,} passages: "
        f"{len(report.added)} added, {len(report.updated)} changed, {len(report.removed)} removed, "
        f"{len(report.unchanged)} unchanged, {len(report.failed)} failed."
    )


def print_articles(articles: Sequence[Article]) -> None:
    for a in articles:
        print(f"{a.id}\t{a.date or '-'}\t{a.source or '-'}\t{a.title}\t{a.passages} passages{_noted(a)}")
    if not articles:
        say("The index holds no articles; `factbot add` adds some, `factbot sync` reads the corpus folder.")


def _noted(article: Article) -> str:
    return f"\t{article.note}" if article.note else ""


def print_history(versions: Sequence[Version]) -> None:
    """Each version with its time, newest first; under an older one what it said (-) and the newer one says (+)."""
    first, *earlier = versions
    print(f"{first.until or _since(first, earlier)}\t{_state(first)}\t{first.article.title}")
    for newer, older in pairwise(versions):
        print(f"{older.until}\t{_state(older)}\t{older.article.title}")
        for line in _differences(older.article, newer.article):
            print(f"    {line}")


def _state(version: Version) -> str:
    """A version's state in a word for people."""
    return "removed" if version.state == "withdrawn" else version.state


def _since(current: Version, earlier: Sequence[Version]) -> str:
    """Since when an article says what it does; "-" where unknown, as for one that was removed and restored."""
    since = earlier[0].until if earlier and earlier[0].state == "changed" else current.article.fetched
    return f"since {since}" if since else "-"


def _differences(older: Article, newer: Article) -> Iterator[str]:
    """The first sentences and metadata that only one of two versions has."""
    lines = list(unified_diff(_said(older), _said(newer), lineterm="", n=0))[2:]  # without its two headings
    differing = [f"{line[0]} {line[1:]}" for line in lines if not line.startswith("@@")]
    for line in differing[:DIFFERENCES_SHOWN]:
        yield line if len(line) <= DIFFERENCE_LENGTH else f"{line[:DIFFERENCE_LENGTH]}…"
    if len(differing) > DIFFERENCES_SHOWN:
        yield f"… and {len(differing) - DIFFERENCES_SHOWN:,} more"
    if not differing:
        yield "the same words"


def _said(article: Article) -> list[str]:
    """An article line by line: its metadata, then its sentences, since its text may be a single paragraph."""
    from factbot.text.sentences import sentence_spans

    known = [f"{name}: {getattr(article, name)}" for name in METADATA if getattr(article, name)]
    sentences = [article.text[start:end] for start, end in sentence_spans(article.text, article.language)]
    return [*known, *(single_spaced(sentence) for sentence in sentences)]


def print_withdrawn(withdrawn: Mapping[str, str]) -> None:
    for article_id, until in withdrawn.items():
        print(f"{article_id}\t{until}")
    if not withdrawn:
        say("No article was removed, or all came back.")


def print_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        print(f"{'ok  ' if finding.healthy else 'bad '} {finding.subject}: {finding.text}")


def plain(result: Any) -> Any:
    """The contract's JSON for a result or a list of them."""
    return [item.to_dict() for item in result] if isinstance(result, list) else result.to_dict()


def print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    print(text, file=sys.stderr)


def where(quoted: Citation | Evidence, indent: int) -> str:
    """The passage's title and source, and under it where the quote stands."""
    about = _about(quoted.passage)
    title = f"{quoted.passage.title} ({about})" if about else quoted.passage.title
    span = f"characters {quoted.quote_start} to {quoted.quote_end}"
    page = quoted.passage.page_at(quoted.quote_start)
    span = f"page {page}, {span}" if page else span
    return f"{title}\n{' ' * indent}{quoted.passage.article_id}, {span}"


def _about(passage: Passage) -> str:
    return ", ".join(part for part in (passage.source, passage.date, passage.url) if part)
