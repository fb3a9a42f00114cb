"""The corpus view as HTML: its frame, the table, an article, what is to be added, and the state of the index."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from string import Template
from urllib.parse import quote

from factbot.results import Article, Failure, Version
from factbot.text.dates import readable_date
from factbot.web.jobs import Job, counted
from factbot.web.library.article_table import COLUMNS, FILTERS, PAGE, Query, Row
from factbot.web.library.drafts import ADDRESSES_AT_ONCE, FILES_AT_ONCE, KINDS, Draft, Part
from factbot.web.markup import byline, cut, escape, link_host

__all__ = [
    "NOT_READ_YET",
    "NO_ARTICLES",
    "actions",
    "article",
    "draft",
    "empty",
    "failures",
    "frame",
    "history",
    "notice",
    "table",
    "text_from",
]

TEXT_AT_ONCE = 20_000  # characters
BEGINNING = 280  # characters of an article's text in a preview
FAILURES_SHOWN = 50
NO_ARTICLES = "There are no articles yet. Add some: files, web addresses, or a text that you paste."
NOT_READ_YET = "The articles are being read; they stand here when that is done."
NONE_WITHDRAWN = "No article has been withdrawn."
NOTHING_FOUND = "No article matches. Search for fewer words, or show all articles."
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch"}


def frame(largest: int) -> str:
    """What stays in place: headings, boxes and buttons, with slots that the rest is put into.

    `largest` is how many bytes a file may have; the browser refuses a larger one before it is sent.
    """
    page = Template((files("factbot.web") / "templates" / "corpus.html").read_text(encoding="utf-8"))
    return page.substitute(
        filters="".join(f'<option value="{name}">{label}</option>' for name, label in FILTERS.items()),
        accepted=",".join(KINDS),
        kinds=_kinds(),
        most=FILES_AT_ONCE,
        addresses=ADDRESSES_AT_ONCE,
        largest=largest,
        megabytes=largest >> 20,  # as Gradio counts them
    )


def _kinds() -> str:
    names = ["Markdown", "text", "HTML"]
    names += [suffix.removeprefix(".").upper() for suffix in KINDS if suffix in (".pdf", ".docx", ".epub", ".eml")]
    return ", ".join([*names, "a table (CSV, TSV, JSON, JSON lines), a zip of them, or a saved feed"])


# -- the table ------------------------------------------------------------------------------------------


def table(rows: Sequence[Row], query: Query, page: int, total: int, *, nothing: str = "") -> str:
    """One page of the table. `nothing` is what to say of a corpus without any article."""
    if not total:
        if query.shown == "withdrawn" and not query.words:
            nothing = NONE_WITHDRAWN
        return f'<p class="nothing">{nothing or NOTHING_FOUND}</p>'
    heads = "".join(_head(name, query) for name in COLUMNS)
    body = "".join(map(_row, rows))
    first = page * PAGE + 1
    pages = ""
    if total > PAGE:
        pages = (
            f'<button type="button" class="quiet" data-page="{page - 1}" data-key="before"{_off(page == 0)}>'
            f'Previous</button><button type="button" class="quiet" data-page="{page + 1}" data-key="after"'
            f"{_off(first + PAGE > total)}>Next</button>"
        )
    return (
        f'<table role="table"><caption class="spoken">Articles</caption><thead role="rowgroup">'
        f'<tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
        f'<div class="pager"><span>{first:,}–{first + len(rows) - 1:,} of {total:,}</span>{pages}</div>'
    )


def _head(name: str, query: Query) -> str:
    label = COLUMNS[name][0]
    order, sign = "none", ""
    if query.sort == name:
        order, sign = ("descending", "▼") if query.descending else ("ascending", "▲")
    return (
        f'<th role="columnheader" scope="col" class="{name}" aria-sort="{order}"><button type="button"'
        f' data-sort="{name}" data-key="sort {name}">{label}<span aria-hidden="true"> {sign}</span></button></th>'
    )


def _row(row: Row) -> str:
    title = escape(row.title.strip()) or _missing("no title")
    date = escape(readable_date(row.date)) or _missing("no date")
    source = escape(row.source) or _missing("no source")
    unit = f'<span class="unit"> passage{"" if row.passages == 1 else "s"}</span>'
    passages = "" if row.withdrawn else f"{row.passages:,}{unit}"
    return (
        f'<tr role="row"><td role="cell" class="title"><button type="button" dir="auto" {_opens(row.id)}>{title}'
        f'</button></td><td role="cell" class="source" dir="auto">{source}</td>'
        f'<td role="cell" class="date">{date}</td><td role="cell" class="kind">{escape(row.kind)}</td>'
        f'<td role="cell" class="passages">{passages}</td>'
        f'<td role="cell" class="state">{_state(row)}</td></tr>'
    )


def _state(row: Row) -> str:
    if row.withdrawn:
        return f'<span class="odd">withdrawn</span> {moment(row.withdrawn)}'
    if row.copies:
        more = f" and {len(row.copies) - 1:,} more" if len(row.copies) > 1 else ""
        return f'<span class="odd">near copy</span> of {escape(cut(row.copy_title or row.copies[0], 60))}{more}'
    return "ok"


def _opens(article_id: str) -> str:
    """An id may hold what no page shows: it goes there and back as in an address."""
    return f'data-open="{quote(article_id)}" data-key="open {quote(article_id)}"'


def _missing(words: str) -> str:
    return f'<span class="missing">{words}</span>'


def _off(is_off: bool) -> str:
    return " disabled" if is_off else ""


# -- an article -----------------------------------------------------------------------------------------


def article(
    found: Article, near: Sequence[Row], *, version: int | None = None, state: str = "", until: str = ""
) -> str:
    """An article with all that is known of it, or an earlier `version` of it; `near` are its near copies."""
    language = f' lang="{escape(found.language)}"' if found.language else ""
    title, kept = escape(found.title.strip()) or _missing("no title"), ""
    if version is not None:
        kept = f'<p class="note">{_until(state, until)}</p>'
        kept += f'<p><button type="button" class="quiet" {_opens(found.id)}>Show it as it is now</button></p>'
    tools = f'<button type="button" class="quiet danger" data-remove="{quote(found.id)}">Remove</button>'
    if state == "withdrawn":
        kept = f'<p class="note">{_until(state, until)}</p>'
        tools = f'<button type="button" class="quiet strong" data-restore="{quote(found.id)}">Restore</button>'
    return (
        f'<header><h2 tabindex="-1" dir="auto"{language}>{title}</h2>'
        f'{kept}{_facts(found, near)}<section class="history" data-slot="history"></section>'
        f'<div class="tools">{"" if version is not None and state != "withdrawn" else tools}</div></header>'
        f'<div class="article" dir="auto"{language} tabindex="0" role="region" aria-label="The article\'s text">'
        f"{text_from(found, 0, version)}</div>"
    )


def _facts(found: Article, near: Sequence[Row]) -> str:
    host = link_host(found.url)
    address = _missing("no address")
    if host:
        address = (
            f'<a href="{escape(found.url)}" target="_blank" rel="noopener noreferrer">{escape(cut(found.url, 80))}'
            ' <span aria-hidden="true">↗</span></a>'
        )
    elif found.url:
        address = escape(cut(found.url, 80))
    facts = {
        "Source": escape(found.source) or _missing("no source"),
        "Author": escape(found.author) or _missing("no author"),
        "Date": escape(readable_date(found.date)) or _missing("no date"),
        "Language": escape(LANGUAGES.get(found.language[:2], found.language)) or _missing("not stated"),
        "Address": address,
    }
    if found.fetched:
        facts["Fetched"] = moment(found.fetched)
    facts["File"] = f"<code>{escape(found.id)}</code>"
    if found.pages:
        facts["Pages"] = f"{len(found.pages):,}"
    if found.passages:
        facts["Passages"] = f"{found.passages:,}"
    if near:
        links = "".join(
            f'<li><button type="button" class="link" dir="auto" {_opens(row.id)}>{escape(row.title) or "Untitled"}'
            f"</button> <span>{byline(row.source, row.date)}</span></li>"
            for row in near
        )
        facts["Near copies"] = f"<ul>{links}</ul>"
    return f'<dl class="facts">{"".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())}</dl>'


def text_from(found: Article, start: int, version: int | None) -> str:
    """A part of an article's text, and a button for the next."""
    end = start + TEXT_AT_ONCE
    more = ""
    if end < len(found.text):
        of = "" if version is None else f' data-version="{version}"'
        left = len(found.text) - end
        more = (
            f'<button type="button" class="quiet more" data-more="{quote(found.id)}" data-start="{end}"{of}>'
            f"Show more ({counted(left, 'character')} left)</button>"
        )
    return f"<span>{escape(found.text[start:end])}</span>{more}"


def history(article_id: str, versions: Sequence[Version]) -> str:
    """What an article was before, version by version."""
    earlier = [(number, version) for number, version in enumerate(versions) if version.state != "current"]
    if not earlier:
        return '<p class="note">No earlier version.</p>'
    items = "".join(
        f'<li><button type="button" class="link" data-version="{number}" data-of="{quote(article_id)}">'
        f"{_until(version.state, version.until)}</button></li>"
        for number, version in earlier
    )
    return f"<h3>History</h3><ul>{items}</ul>"


def _until(state: str, until: str) -> str:
    return f"Removed on {moment(until)}" if state == "withdrawn" else f"As it was until {moment(until)}"


def moment(iso: str) -> str:
    """A time in UTC for people: "6 March 2021, 14:05 UTC"."""
    return escape(f"{readable_date(iso[:10])}, {iso[11:16]} UTC")


# -- what is to be added --------------------------------------------------------------------------------


def draft(found: Draft) -> str:
    """What was read so far of what a person wants to add."""
    failed = sum(part.failed for part in found.parts)
    words = f"{counted(found.count, 'article')} can be added"
    if found.reading:
        words = f"Reading… {counted(found.count, 'article')} so far"
    if failed:
        words += f", {failed:,} {'is' if failed == 1 else 'are'} left out"
    add = ""
    if found.count and not found.reading:
        add = (
            '<button type="button" class="strong" data-do="add" data-key="add">'
            f"Add {counted(found.count, 'article')}</button>"
        )
    spinner = '<span class="spinner" aria-hidden="true"></span>' if found.reading else ""
    parts = "".join(map(_part, found.parts))
    return (
        '<header class="deciding"><h2 tabindex="-1" data-key="draft">Look it over</h2>'
        f'<p class="counted" role="status">{spinner}{words}</p>'
        f'<div class="tools">{add}{_button("discard", "Cancel" if found.reading else "Discard")}</div>'
        f"</header>{parts}"
    )


def _part(part: Part) -> str:
    articles = "".join(_preview(article, known) for article, known in part.articles)
    more = part.count - len(part.articles)
    if more > 0:
        articles += f'<li class="note">and {counted(more, "more article")}</li>'
    refused = "".join(f"<li>{escape(failure.reason)}</li>" for failure in part.failures)
    if part.failed > len(part.failures):
        refused += f"<li>and {part.failed - len(part.failures):,} more</li>"
    shown = f'<ul class="refused">{refused}</ul>' if refused else ""
    previews = f'<ul class="previews">{articles}</ul>' if articles else ""
    number = f' <span class="note">{counted(part.count, "article")}</span>' if part.count > 1 else ""
    return (
        f'<section class="part"><h3 dir="auto">{escape(cut(part.name, 120)) or "A text"}{number}</h3>'
        f"{shown}{previews}</section>"
    )


def _preview(found: Article, known: Article | None) -> str:
    facts = [
        *([_standing(found, known)] if known else []),
        escape(found.source) or _missing("no source"),
        escape(found.author) or _missing("no author"),
        escape(readable_date(found.date)) or _missing("no date"),
        escape(LANGUAGES.get(found.language[:2], found.language)) or _missing("language not stated"),
        counted(len(found.text.split()), "word"),
    ]
    return (
        f'<li><p class="title" dir="auto">{escape(found.title.strip()) or _missing("no title")}</p>'
        f'<p class="byline">{" · ".join(facts)}</p>'
        f'<p class="beginning" dir="auto">{escape(cut(found.text, BEGINNING))}</p></li>'
    )


def _standing(found: Article, known: Article) -> str:
    """How an article stands to the one in the corpus that has its text, or its address."""
    words = "already in the corpus" if found.text == known.text else "newer text of an article that is there"
    title = "" if found.title == known.title else f", “{escape(cut(known.title, 80)) or 'Untitled'}”"
    return f'<span class="odd">{words}{title}</span>'


# -- the state of the index -----------------------------------------------------------------------------


def actions(job: Job | None, last: Job | None, *, is_ready: bool) -> str:
    """What can be done with the index now; it stays the same HTML while a job runs."""
    if job is not None:
        return _button("cancel", "Cancel") if is_ready else ""
    if not is_ready:
        return ""
    resume = _button("resume", "Resume") if last is not None and last.state in ("stopped", "failed") else ""
    return f"{resume}{_button('sync', 'Look for changes')}{_button('confirm', 'Re-embed everything')}"


def failures(heading: str, found: Sequence[Failure], number: int) -> str:
    """The files that did not go in, and why, folded."""
    if not number:
        return ""
    reasons = "".join(f"<li>{escape(failure.reason)}</li>" for failure in found[:FAILURES_SHOWN])
    if number > FAILURES_SHOWN:
        reasons += f"<li>and {number - FAILURES_SHOWN:,} more</li>"
    return f"<details><summary>{heading}</summary><ul>{reasons}</ul></details>"


def notice(words: str, *, undo: str = "", is_problem: bool = False) -> str:
    """A sentence on what was done; `undo` is the id of an article that can be brought back."""
    back = (
        f'<button type="button" class="quiet" data-restore="{quote(undo)}" data-key="undo">Undo</button>'
        if undo
        else ""
    )
    return (
        f'<div class="notice{" problem" if is_problem else ""}"><span dir="auto">{escape(words)}</span>{back}'
        '<button type="button" class="quiet bare" data-do="dismiss" aria-label="Dismiss">×</button></div>'
    )


def empty() -> str:
    """The chat's welcome where the corpus holds nothing yet."""
    return """<section class="welcome"><h1>There are no articles yet</h1>
<p>Answers and checks come out of your own articles.
<a href="#corpus">Add some in the corpus</a>: files, web addresses, or a text that you paste.</p></section>"""


def _button(name: str, label: str) -> str:
    return f'<button type="button" class="quiet" data-do="{name}" data-key="{name}">{label}</button>'
