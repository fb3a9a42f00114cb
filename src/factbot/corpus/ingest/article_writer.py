"""Storing articles in the corpus folder: new ones under free names, newer texts in the place of earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Protocol
from urllib.parse import urlsplit

from factbot.corpus.folder import Corpus
from factbot.corpus.formats.article import parse_article
from factbot.corpus.hashing import content_hash
from factbot.corpus.ingest.item import Item
from factbot.corpus.naming import stem_of, stored_name
from factbot.results import Article
from factbot.text.addresses import leads_to_page

__all__ = ["ArticleWriter", "CatalogView", "Stored"]


class CatalogView(Protocol):
    """What the writer asks of the index's catalog, which lies above the corpus."""

    def at(self, url: str) -> str | None:
        """The id of the article that was fetched from an address."""
        ...

    def article(self, article_id: str) -> Article | None:
        """An article as it was last indexed."""
        ...

    def sha256(self, article_id: str) -> str:
        """The hash of the file that was last indexed, "" if there is none."""
        ...


@dataclass(frozen=True)
class Stored:
    """An item's article in the corpus folder: its id, and what was read in the bytes of this hash.

    The file under the id may hold other bytes: another process may have changed it since, or it said the same
    already.
    """

    article_id: str
    sha256: str
    article: Article


class ArticleWriter:
    """Puts the items of one run into the corpus folder; `index_one` indexes an article's file as it stands."""

    def __init__(
        self, corpus: Corpus, articles: Callable[[], Iterable[Article]], index_one: Callable[[str], object]
    ) -> None:
        self._corpus = corpus
        self._known = KnownArticles(articles)
        self._index_one = index_one

    def add(self, item: Item, catalog: CatalogView) -> Stored:
        """Store an item; if it is a newer text of an article, the earlier text goes into the history.

        Raises ArticleError where it cannot be read as an article, CorpusError where it cannot be stored.
        """
        article = article_in(item)
        earlier = self.find_earlier(item, article, catalog)
        if earlier:
            self._renew(earlier, item, article, catalog)
        warn = item.is_file and not article.fetched
        article_id = earlier or self._corpus.add(item.name, item.data, warn=warn, parsed=article)
        self._known.note(replace(article, id=article_id))
        return Stored(article_id, content_hash(item.data), article)

    def find_earlier(self, item: Item, article: Article, catalog: CatalogView) -> str:
        """The id of the article of which an item is a newer text; "" if it is of none, or nothing tells."""
        if not item.name.endswith(".txt"):
            return ""
        if item.has_own_id and self._corpus.find(stored_name(item.name)):
            return stored_name(item.name)
        found = catalog.at(article.url) if article.url and (article.fetched or item.address) else ""
        found = found or self._known.find(item, article)
        return found if found.endswith(".txt") and self._corpus.find(found) else ""

    def _renew(self, article_id: str, item: Item, article: Article, catalog: CatalogView) -> None:
        """Put an item that says something new in the place of an article, whose text goes into the history."""
        old, held = catalog.article(article_id), self._corpus.sha256(article_id)
        was_fetched = bool(article.fetched or (old and old.fetched))  # then at least the time differs
        if was_fetched and old and (old.title, old.text) == (article.title, article.text):
            return
        if held != content_hash(item.data):
            if held != catalog.sha256(article_id):  # else its text would not be in the history
                self._index_one(article_id)
            self._corpus.replace(article_id, item.data, parsed=article)


def article_in(item: Item) -> Article:
    """The article that an item holds. Raises ArticleError where it cannot be read."""
    return item.article or parse_article(item.data, PurePath(item.name).suffix, item.name)


class KnownArticles:
    """Tells of which article of a corpus an item is a newer text, by its address, or by its id, title and source.

    What several articles share tells nothing. Only text files count: a newer text can take their place.
    """

    def __init__(self, articles: Callable[[], Iterable[Article]]) -> None:
        self._articles = articles  # read when they are first needed, which for most items they are not
        self._ids: dict[str, str] | None = None

    def note(self, article: Article) -> None:
        """Know this article, which has just got its id, as well."""
        if self._ids is not None:
            self._put(self._ids, article)

    def find(self, item: Item, article: Article) -> str:
        """The id of the article of which `item`, which holds `article`, is a newer text; "" if nothing tells."""
        if not item.has_own_id and not item.address:
            return ""
        if self._ids is None:
            self._ids = {}
            for stored in self._articles():
                self._put(self._ids, stored)
        found = self._ids.get(_name_key(item.name, article), "") if item.has_own_id else ""
        return found or self._ids.get(_address_key(item.address), "")

    @staticmethod
    def _put(ids: dict[str, str], article: Article) -> None:
        if article.id.endswith(".txt"):
            for key in filter(None, (_address_key(article.url), _name_key(article.id, article))):
                ids[key] = article.id if ids.get(key, article.id) == article.id else ""


def _address_key(url: str) -> str:
    """The same for the ways to write one address; "" for a site's own, which its articles may name."""
    if not leads_to_page(url):
        return ""
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{parts.query}#{parts.fragment}"


def _name_key(name: str, article: Article) -> str:
    """Name, title and source; "" for a title that is only the id.

    The table's name is left out of the name, as a later export is called after its day.
    """
    name = name.rpartition("/")[2]
    return "" if name == f"{stem_of(article.title)}.txt" else "\n".join((name, article.title, article.source))
