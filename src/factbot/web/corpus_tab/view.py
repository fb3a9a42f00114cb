"""The Corpus tab as HTML: its frame, the table, an article, what is to be added, and notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from factbot.corpus.formats.kinds import DOCUMENTS, size_limit
from factbot.results import Article, Failure, Version
from factbot.web.corpus_tab.article_table import COLUMNS, FILTERS, PAGE, Query, Row
from factbot.web.corpus_tab.drafts import ACCEPTED_SUFFIXES, ADDRESSES_AT_ONCE, FILES_AT_ONCE, Draft
from factbot.web.rendering import render
from factbot.web.wording import listed

__all__ = [
    "NOT_READ_YET",
    "NO_ARTICLES",
    "article",
    "draft",
    "failures",
    "frame",
    "history",
    "notice",
    "table",
    "text_from",
]

TEXT_AT_ONCE = 20_000  # characters
FAILURES_SHOWN = 50
NO_ARTICLES = "There are no articles yet. Add some: files, web addresses, or a text that you paste."
NOT_READ_YET = "The articles are being read; they stand here when that is done."
NONE_REMOVED = "No article has been removed."
NOTHING_FOUND = "No article matches. Search for fewer words, or show all articles."
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch"}


def frame(max_file_size: int) -> str:
    """What stays in place: headings, boxes and buttons, with slots that the rest is put into.

    `max_file_size` is in bytes; the browser refuses a larger file before it is sent.
    """
    return render(
        "corpus_tab/frame.html",
        filters=FILTERS,
        accepted=",".join(ACCEPTED_SUFFIXES),
        kinds=_kinds(),
        most=FILES_AT_ONCE,
        addresses=ADDRESSES_AT_ONCE,
        largest=max_file_size,
        sizes=_sizes(max_file_size),
    )


def table(rows: Sequence[Row], query: Query, page: int, total: int, *, nothing: str = "") -> str:
    """One page of the table. `nothing` is what to say of a corpus without any article."""
    if query.shown == "withdrawn" and not query.words:
        nothing = NONE_REMOVED
    return render(
        "corpus_tab/table.html",
        rows=rows if total else (),
        columns=[(name, label, _order(name, query)) for name, (label, _) in COLUMNS.items()],
        nothing=nothing or NOTHING_FOUND,
        page=page,
        page_size=PAGE,
        first=page * PAGE + 1,
        total=total,
    )


def article(
    found: Article, near: Sequence[Row], *, version: int | None = None, state: str = "", until: str = ""
) -> str:
    """An article with all that is known of it, or an earlier `version` of it; `near` are its near copies."""
    return render(
        "corpus_tab/article.html",
        article=found,
        language=_language(found),
        near=near,
        part=_part_of_text(found, 0, version),
        is_earlier=version is not None or state == "withdrawn",
        is_withdrawn=state == "withdrawn",
        state=state,
        until=until,
    )


def text_from(found: Article, start: int, version: int | None) -> str:
    """A part of an article's text, and a button for the next."""
    return render("corpus_tab/text_part.html", part=_part_of_text(found, start, version))


def history(article_id: str, versions: Sequence[Version]) -> str:
    """What an article was before, version by version."""
    earlier = [(number, version) for number, version in enumerate(versions) if version.state != "current"]
    return render("corpus_tab/history.html", article_id=article_id, versions=earlier)


def draft(found: Draft) -> str:
    """What was read so far of what a person wants to add."""
    is_reading = found.reading  # first: it may end while the rest is looked at
    parts = list(found.parts)
    return render(
        "corpus_tab/draft.html",
        is_reading=is_reading,
        parts=parts,
        count=sum(part.count for part in parts),
        failed=sum(part.failed for part in parts),
        language_name=_language,
    )


def failures(heading: str, found: Sequence[Failure], number: int) -> str:
    """The files that did not go in, and why, folded; `number` counts also those that are not in `found`."""
    return render("corpus_tab/failures.html", heading=heading, failures=found[:FAILURES_SHOWN], number=number)


def notice(words: str, *, undo: str = "", is_problem: bool = False) -> str:
    """A sentence on what was done; `undo` is the id of an article that can be brought back."""
    return render("corpus_tab/notice.html", words=words, undo=undo, is_problem=is_problem)


def _kinds() -> str:
    """The kinds of files that can be added, in words."""
    names = ["Markdown", "text", "HTML", "transcripts (SRT, WebVTT)"]
    names += [kind.name for kind in DOCUMENTS.values()]
    return ", ".join(
        [*names, "a table (CSV, TSV, JSON, JSON lines), a mailbox (mbox), a zip of them, or a saved feed"]
    )


def _sizes(largest: int) -> str:
    """How large each kind of file may be, in words: "texts up to 10 MB; PDF and zips up to 100 MB"."""
    limits = {"texts": size_limit(".txt"), **{kind.name: kind.size_limit for kind in DOCUMENTS.values()}}
    limits |= {"tables": largest, "mailboxes": largest, "zips": largest}
    return "; ".join(
        f"{listed([name for name, limit in limits.items() if limit == each])} up to {each // 1_000_000} MB"
        for each in sorted(set(limits.values()))
    )


def _order(column: str, query: Query) -> str:
    if query.sort != column:
        return "none"
    return "descending" if query.descending else "ascending"


def _part_of_text(found: Article, start: int, version: int | None) -> dict[str, Any]:
    end = start + TEXT_AT_ONCE
    return {
        "article_id": found.id,
        "version": version,
        "text": found.text[start:end],
        "end": end,
        "left": max(0, len(found.text) - end),
    }


def _language(found: Article) -> str:
    return LANGUAGES.get(found.language[:2], found.language)
