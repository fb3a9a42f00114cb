"""Items into the corpus folder: what is new under a free name, a newer text in its article's place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit

from factbot.corpus.folder import Corpus
from factbot.corpus.formats.article import parse_article
from factbot.corpus.ingest.item import Item, stem_of
from factbot.index.catalog import Catalog
from factbot.results import Article

__all__ = ["Storage"]


class Storage:
    """Puts the items of one run into the corpus folder; `index_one` indexes an article's file as it stands."""

    def __init__(
        self, corpus: Corpus, articles: Callable[[], Iterable[Article]], index_one: Callable[[str], object]
    ) -> None:
        self._corpus = corpus
        self._known = Known(articles)
        self._index_one = index_one

    def put(self, item: Item, catalog: Catalog) -> str:
        """Store an item and give its article's id; the earlier text of an article goes into the history.

        Raises ArticleError where it cannot be read as an article, CorpusError where it cannot be stored.
        """
        if not item.name.endswith(".txt"):
            return self._corpus.add(item.name, item.data, warn=item.is_file)
        article = parse_article(item.data, ".txt", item.name)
        earlier = self.earlier(item, article, catalog)
        if earlier:
            self._renew(earlier, item, article, catalog)
        else:
            earlier = self._corpus.add(item.name, item.data, warn=item.is_file and not article.fetched)
        self._known.note(replace(article, id=earlier))
        return earlier

    def earlier(self, item: Item, article: Article, catalog: Catalog) -> str:
        """The id of the article that an item is a newer text of, "" if it is of none, or nothing tells."""
        if item.is_named and self._corpus.find(self._corpus.named(item.name)):
            return self._corpus.named(item.name)
        found = catalog.at(article.url) if article.url and (article.fetched or item.address) else ""
        found = found or self._known.find(item, article)
        return found if found.endswith(".txt") and self._corpus.find(found) else ""

    def _renew(self, article_id: str, item: Item, article: Article, catalog: Catalog) -> None:
        """Put an item that says something new in the place of an article, whose text goes into the history."""
        old, held = catalog.article(article_id), self._corpus.sha256(article_id)
        was_fetched = bool(article.fetched or (old and old.fetched))  # then it differs in when, if in nothing else
        if was_fetched and old and (old.title, old.text) == (article.title, article.text):
            return
        if held != sha256(item.data).hexdigest():
            if held != catalog.sha256(article_id):  # else its text would not be in the history
                self._index_one(article_id)
            self._corpus.replace(article_id, item.data)


class Known:
    """Which article of a corpus an item is a newer text of, as its address or its id, title and source tell.

    What several articles share tells nothing. Only text files are looked at: a newer text can take their place.
    """

    def __init__(self, articles: Callable[[], Iterable[Article]]) -> None:
        self._articles = articles  # read when they are first needed, which for most items they are not
        self._ids: dict[str, str] | None = None

    def note(self, article: Article) -> None:
        """Know this article, which has just got its id, as well."""
        if self._ids is not None:
            self._put(self._ids, article)

    def find(self, item: Item, article: Article) -> str:
        """The id of the article that `item`, which holds `article`, is a newer text of; "" if that is not told."""
        if not item.is_named and not item.address:
            return ""
        if self._ids is None:
            self._ids = {}
            for stored in self._articles():
                self._put(self._ids, stored)
        found = self._ids.get(_name_key(item.name, article), "") if item.is_named else ""
        return found or self._ids.get(_address_key(item.address), "")

    @staticmethod
    def _put(ids: dict[str, str], article: Article) -> None:
        if article.id.endswith(".txt"):
            for key in filter(None, (_address_key(article.url), _name_key(article.id, article))):
                ids[key] = article.id if ids.get(key, article.id) == article.id else ""


def _address_key(url: str) -> str:
    """The same for the ways to write one address; "" for a site's own, which its articles may name."""
    parts = urlsplit(url)
    if not parts.path.strip("/") and not parts.query:
        return ""
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{parts.query}#{parts.fragment}"


def _name_key(name: str, article: Article) -> str:
    """Without the table's name, as a later export is called after its day; "" for a title that is only the id."""
    name = name.rpartition("/")[2]
    return "" if name == f"{stem_of(article.title)}.txt" else "\n".join((name, article.title, article.source))
