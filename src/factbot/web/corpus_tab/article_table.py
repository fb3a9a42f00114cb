"""The corpus as a table: searched, sorted and cut into pages here, so that the browser never has it whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import PurePosixPath
from posixpath import splitext
from threading import Lock
from typing import Any

from factbot.bot import FactBot
from factbot.results import Article

__all__ = ["COLUMNS", "FILTERS", "PAGE", "ArticleTable", "Query", "Row", "TableCache"]

PAGE = 50  # rows
FILTERS = {"all": "All articles", "copies": "Near copies", "withdrawn": "Removed"}


@dataclass(frozen=True)
class Row:
    """One article in the table; `copy_title` is its first near copy's title, `withdrawn` when it was removed."""

    id: str
    title: str
    source: str = ""
    author: str = ""
    date: str = ""
    passages: int = 0
    copies: tuple[str, ...] = ()
    copy_title: str = ""
    withdrawn: str = ""

    @property
    def kind(self) -> str:
        return splitext(self.id)[1].lower().removeprefix(".")  # making a Path for each row would take a second

    @property
    def state(self) -> int:
        """For sorting: what there is to say about an article comes before what is as it should be."""
        return 0 if self.withdrawn else 1 if self.copies else 2


@dataclass(frozen=True)
class Query:
    """What a person wants to see of the table; `page` counts from 0."""

    words: str = ""
    shown: str = "all"
    sort: str = "title"
    descending: bool = False
    page: int = 0


# Column, its head, and what it is sorted by; what is missing comes last either way.
COLUMNS: dict[str, tuple[str, Callable[[Row], Any]]] = {
    "title": ("Title", lambda row: row.title.casefold()),
    "source": ("Source", lambda row: row.source.casefold()),
    "date": ("Date", lambda row: row.date),
    "kind": ("Kind", lambda row: row.kind),
    "passages": ("Passages", lambda row: row.passages),
    "state": ("State", lambda row: row.state),
}


class ArticleTable:
    """The articles of one state of the corpus, a row each; it keeps every order that was asked for."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = list(rows)
        self.by_id = {row.id: row for row in self.rows}
        self.passages = sum(row.passages for row in self.rows)
        self._words = {
            row.id: f"{row.title}\n{row.source}\n{row.author}\n{row.id}".casefold() for row in self.rows
        }
        self._orders: dict[str, list[Row]] = {}

    def page(self, query: Query) -> tuple[Sequence[Row], int, int]:
        """The rows of a page, which page that is (the last where there are fewer), and how many rows all have."""
        words = query.words.casefold().split()
        found = self._ordered(query.sort, query.descending)
        if query.shown == "copies":
            found = [row for row in found if row.copies]
        for word in words:
            found = [row for row in found if word in self._words[row.id]]
        page = max(0, min(query.page, (len(found) - 1) // PAGE))
        return found[page * PAGE : (page + 1) * PAGE], page, len(found)

    def _ordered(self, column: str, descending: bool) -> list[Row]:
        order = f"{column} {descending}"
        if order not in self._orders:
            value = COLUMNS[column][1]
            keyed = [(value(row), row) for row in self.rows]
            given = sorted((pair for pair in keyed if pair[0] != ""), key=itemgetter(0), reverse=descending)
            missing = [row for key, row in keyed if key == ""]
            self._orders[order] = [row for _, row in given] + missing
        return self._orders[order]


class TableCache:
    """The table of the bot's articles, made anew only when the corpus or its index has changed."""

    def __init__(self, bot: FactBot) -> None:
        self._bot = bot
        self._lock = Lock()
        self._table = ArticleTable([])
        self._shown = ""  # the version that `_table` shows
        self._removed: dict[str, Row] = {}  # rows that were in the table once

    def version(self) -> str:
        """Changes with any article, and with the index."""
        return f"{self._bot.index.folder.name} {self._bot.corpus_version}"

    def current(self) -> ArticleTable:
        with self._lock:
            version = self.version()
            if version != self._shown:
                table = ArticleTable(_rows(self._bot.articles()))
                self._removed.update({i: row for i, row in self._table.by_id.items() if i not in table.by_id})
                self._table, self._shown = table, version
            return self._table

    def withdrawn(self) -> ArticleTable:
        """Removed articles, under their titles where these are still known, else under their files' names."""
        self.current()
        rows = []
        for article_id, when in self._bot.withdrawn().items():
            known = self._removed.get(article_id) or Row(article_id, PurePosixPath(article_id).name)
            rows.append(replace(known, passages=0, copies=(), withdrawn=when))
        return ArticleTable(rows)


def _rows(articles: Sequence[Article]) -> list[Row]:
    titles = {article.id: article.title for article in articles}
    return [
        Row(
            id=a.id,
            title=a.title,
            source=a.source,
            author=a.author,
            date=a.date,
            passages=a.passages,
            copies=a.copies,
            copy_title=titles.get(a.copies[0], "") if a.copies else "",
        )
        for a in articles
    ]
