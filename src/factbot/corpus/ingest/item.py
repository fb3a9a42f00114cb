"""Articles on their way into the corpus: each a file to be stored, whatever it was before."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from factbot.corpus.formats.article import parse_article, to_text_file, utc
from factbot.results import Article

__all__ = ["NAME_LIMIT", "Item", "article_item", "page_item", "slug", "stem_of"]

NAME_LIMIT = 60  # characters of a file's name; at four bytes each they still fit a file system's 255


@dataclass(frozen=True)
class Item:
    """One article to be stored: `data` is a file's content, of the kind that the suffix of `name` says.

    `name` is a safe relative path ("world/quake.md"): "/" between its parts, none of them hidden or "..". Articles
    of the same title have the same name; but with `is_named` the name is out of the article's own id, and what
    is stored under it is its earlier text. `address` is a web address that is this article's alone, "" if none is
    known. `is_file` is true of a file that somebody gave, as it is.
    """

    name: str
    data: bytes
    is_named: bool = False
    address: str = ""
    is_file: bool = False


def slug(title: str) -> str:
    """The words of a title as a file's name without suffix; "" where it has none."""
    words = "-".join(re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold()))
    return unicodedata.normalize("NFC", words)[:NAME_LIMIT].strip("-")


def stem_of(given: str) -> str:
    """An article's own id ("" if it has none) as a file's name without suffix: as it is where that can be.

    No two ids have the same name: what has to be changed gets a mark of its own.
    """
    if not given:
        return ""
    if len(given) <= NAME_LIMIT and re.fullmatch(r"\w(?:[\w.-]*\w)?", given) and _is_nfc(given):
        return given
    mark = hashlib.sha256(given.encode("utf-8", "replace")).hexdigest()[:10]
    return "-".join(filter(None, (slug(given)[: NAME_LIMIT - 11], mark)))


def _is_nfc(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)


def article_item(article: Article) -> Item:
    """An article as plain text under front matter, named after its title."""
    return Item(f"{slug(article.title) or 'article'}.txt", to_text_file(article).encode())


def page_item(
    data: bytes, suffix: str, address: str, *, title: str = "", author: str = "", date: str = ""
) -> Item:
    """A page that was fetched just now from `address`, with what a feed says of it before what it says itself.

    Raises ArticleError where no article can be read in it.
    """
    article = parse_article(data, suffix, address)
    stated = replace(
        article,
        title=title or article.title,
        source=article.source or urlsplit(address).hostname or "",
        author=author or article.author,
        date=date or article.date,
        url=address,
        fetched=utc(datetime.now(UTC)),
    )
    return replace(article_item(stated), address=address)
