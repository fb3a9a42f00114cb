"""An article on its way into the corpus: a file to be stored, whatever it was made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from factbot.corpus.formats.article import parse_article
from factbot.corpus.formats.plain_text import as_read, to_text_file
from factbot.corpus.naming import slug
from factbot.results import Article
from factbot.text.addresses import host
from factbot.text.dates import utc

__all__ = ["Item", "article_item", "page_item"]


@dataclass(frozen=True)
class Item:
    """One article to be stored: `data` is a file's content, of the kind that the suffix of `name` says.

    `name` is a safe relative path ("world/quake.md"): "/" between its parts, none of them hidden or "..". Articles
    of the same title have the same name. With `has_own_id`, `name` is made of the article's own id, so a file of
    that name is an earlier text of it. `address` is a web address that only this article has, "" if none is known.
    `is_file` is true of a file that somebody gave, as it is. `article` is what `parse_article` reads in `data`, if
    that is known already.
    """

    name: str
    data: bytes
    has_own_id: bool = False
    address: str = ""
    is_file: bool = False
    article: Article | None = None


def article_item(article: Article) -> Item:
    """An article as plain text under front matter, named after its title."""
    name = f"{slug(article.title) or 'article'}.txt"
    return Item(name, to_text_file(article).encode(), article=as_read(article, name))


def page_item(
    data: bytes, suffix: str, address: str, *, title: str = "", author: str = "", date: str = ""
) -> Item:
    """A page that was fetched just now from `address`; what a feed says of it counts before what it says itself.

    Raises ArticleError where no article can be read in it.
    """
    article = parse_article(data, suffix, address)
    stated = replace(
        article,
        title=title or article.title,
        source=article.source or host(address),
        author=author or article.author,
        date=date or article.date,
        url=address,
        fetched=utc(datetime.now(UTC)),
    )
    return replace(article_item(stated), address=address)
