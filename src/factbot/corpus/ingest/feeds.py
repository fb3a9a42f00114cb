"""Feeds (RSS, Atom) and sitemaps: the pages that they name, each as a file for the corpus.

Pages are fetched by `robots`, which keeps to each site's rules and pace; the parsers here see bytes only. A feed
comes from a stranger. So lxml reads it first, without entities, DTDs or network, and writes it anew, well-formed
and cut to ENTRIES: feedparser would take minutes for a megabyte that is not well-formed.
"""

from __future__ import annotations

import codecs
import html
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import feedparser
from lxml import etree

from factbot.corpus.formats.kinds import SIZE_LIMIT
from factbot.corpus.ingest.fetch import Fetched, NoPageError
from factbot.corpus.ingest.item import Item, page_item
from factbot.corpus.ingest.robots import fetch_allowed, fetch_paced, forget_rules
from factbot.errors import ArticleError
from factbot.results import Failure
from factbot.text.addresses import host, web_address
from factbot.text.normalise import one_line

__all__ = ["Entry", "collect", "entries", "is_feed", "saved"]


ENTRIES = 1_000  # that one feed or sitemap, with those below it, may bring
DEPTH = 3  # sitemaps below each other
SITEMAPS = 100  # that one run reads
FULL = 1_000  # characters of text from which a feed's content is the whole article
HEAD = 65_536  # characters in which the root element begins
ATTRIBUTES = 100  # of an element
ELEMENTS = 200_000  # of a feed: feedparser takes some seconds for them

FEED_ROOTS = ("rss", "feed", "rdf")
SITEMAP_ROOTS = ("urlset", "sitemapindex")


@dataclass(frozen=True)
class Entry:
    """What a feed or a sitemap says of one page; all but `url` may be "".

    `date` is as it is written, `content_html` the full article where the feed carries it.
    """

    url: str
    title: str = ""
    date: str = ""
    author: str = ""
    content_html: str = ""


def is_feed(data: bytes) -> bool:
    """Whether `data` (plain or gzip) is a feed or a sitemap, judged by its root element."""
    return _prolog(_unpacked(data, HEAD))[1] in FEED_ROOTS + SITEMAP_ROOTS


def entries(data: bytes, address: str) -> Iterator[Entry]:
    """The pages that a feed or a sitemap from `address` names: http(s) links, each once, ENTRIES at most.

    Raises ArticleError where it is none or names no pages, and, after the last page, where something is left out.
    """
    yield from _Document(data, address, address or "The feed").entries()


def collect(url: str, fetched: Fetched | None = None) -> Iterator[Item | Failure]:
    """Every page that the feed or sitemap at `url` names, as a text file; never raises.

    `fetched` is what is at `url`, where that is known already; its address is "" for a file. A page is fetched
    where robots.txt lets us, unless the feed carries the full article.
    """
    forget_rules()
    seen: set[str] = set()
    busy: set[str] = set()  # hosts that answered 429 or 503
    for entry in _all_entries(url, set(), fetched):
        if isinstance(entry, Failure):
            yield entry
            continue
        if entry.url in seen:
            continue
        if len(seen) == ENTRIES:
            yield Failure(url, f"{url} names more than {ENTRIES:,} pages; those beyond are left out.")
            return
        seen.add(entry.url)
        try:
            if host(entry.url) in busy:
                raise ArticleError(f"{entry.url} was not asked for, its site being too busy; try again later.")
            yield _item(entry)
        except ArticleError as error:
            if isinstance(error, NoPageError) and error.status in (429, 503):
                busy.add(host(entry.url))
            yield Failure(entry.url, str(error))


def saved(data: bytes, name: str) -> Iterator[Item | Failure]:
    """Every page that a feed or a sitemap from the disk names, as `collect` gives them; `name` is its file's.

    Links without a host are completed with the address that the feed gives as its own. Raises ArticleError where
    the file is no feed.
    """
    if not is_feed(data):
        raise ArticleError(f"{name} is no feed and no sitemap; save the article as HTML or text.")
    if len(data) > SIZE_LIMIT:
        raise ArticleError(f"{name} is larger than {SIZE_LIMIT // 1_000_000} MB; save the part you need.")
    yield from collect(name, (data, ".xml", ""))


def _all_entries(
    url: str, read: set[str], fetched: Fetched | None = None, depth: int = 0
) -> Iterator[Entry | Failure]:
    """The entries of the feed or sitemap at `url` and of the sitemaps below it; `read` are those begun."""
    read.add(url)
    try:
        if depth > DEPTH:
            raise ArticleError(f"{url} is more than {DEPTH} sitemaps deep; give its own address.")
        # The first one a person asked for, whatever robots.txt says.
        data, _, address = fetched or (fetch_allowed(url) if depth else fetch_paced(url))
        document = _Document(data, address, url)
        if document.root != "sitemapindex":
            yield from document.entries()
            return
        for sitemap in document.sitemaps():
            if len(read) > SITEMAPS:
                raise ArticleError(f"{url} leads to more than {SITEMAPS} sitemaps; those beyond are left out.")
            if sitemap not in read:
                yield from _all_entries(sitemap, read, depth=depth + 1)
    except ArticleError as error:
        yield Failure(url, str(error))


def _item(entry: Entry) -> Item:
    """The entry's page as a text file. Raises ArticleError where it cannot be got or read."""
    if entry.content_html:
        page = f"<html><body><article>{entry.content_html}</article></body></html>"
        data, suffix, address = page.encode("utf-8", "replace"), ".html", entry.url
    else:
        data, suffix, address = fetch_allowed(entry.url)
    return page_item(data, suffix, address, title=entry.title, author=entry.author, date=entry.date)


# -- reading --------------------------------------------------------------------------------------------

# What may stand before the root element. No piece is ever given back: that would take for ever.
_PROLOG = re.compile(
    r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?>\[.*?\]\s*)?>)*+<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL | re.IGNORECASE,
)
# Mistakes that lose a character at most: &nbsp;, a bare & and a prefix that nothing declares.
_HARMLESS = ("ERR_UNDECLARED_ENTITY", "WAR_UNDECLARED_ENTITY", "ERR_NAME_REQUIRED", "NS_ERR_UNDEFINED_NAMESPACE")


def _prolog(data: bytes) -> tuple[str, str]:
    """What stands before the root element, and the element's name in lower case; "" where there is none."""
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    head = data[:HEAD].decode("utf-16" if is_wide else "utf-8-sig", "replace")
    found = _PROLOG.match(head)
    return (head[: found.start(1)], found[1].lower()) if found else (head, "")


def _unpacked(data: bytes, limit: int) -> bytes:
    """The first `limit` bytes of `data`, out of its gzip wrapping if it has one."""
    if not data.startswith(b"\x1f\x8b"):
        return data[:limit].lstrip()
    try:
        return zlib.decompressobj(wbits=31).decompress(data, limit)
    except zlib.error:
        return b""


class _Document:
    """A feed or a sitemap as a tree, `root` being its kind; `name` is what sentences about it call it.

    Links are relative to `address`, or to the address that the feed gives as its own if that is "". Raises
    ArticleError where it is none.
    """

    def __init__(self, data: bytes, address: str, name: str) -> None:
        self._name = name
        data = _unpacked(data, SIZE_LIMIT)
        prolog, self.root = _prolog(data)
        if self.root not in FEED_ROOTS + SITEMAP_ROOTS:
            raise ArticleError(f"{self._name} is no feed and no sitemap; add its pages by their own addresses.")
        if "<!ENTITY" in prolog.upper():
            raise ArticleError(
                f"{self._name} declares entities, as XML bombs do; add its pages by their addresses."
            )
        parser = etree.XMLParser(
            recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            self._tree = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise ArticleError(f"{self._name} is broken XML; get it anew.") from error
        if self._tree is None:
            raise ArticleError(f"{self._name} is broken XML; get it anew.")
        self._faults = [error for error in parser.error_log if error.type_name not in _HARMLESS]
        self._address = address or _own_address(self._tree)

    def sitemaps(self) -> Iterator[str]:
        """The sitemaps that an index of sitemaps names."""
        for node in self._tree.iter("{*}sitemap"):
            if address := self._link(node.findtext("{*}loc")):
                yield address

    def entries(self) -> Iterator[Entry]:
        """As `entries` above, for all but an index of sitemaps."""
        nodes = list(self._tree.iter(*(["{*}url"] if self.root == "urlset" else ["{*}item", "{*}entry"])))
        for node in nodes[ENTRIES:]:
            node.getparent().remove(node)
        found = map(self._of_sitemap, nodes[:ENTRIES]) if self.root == "urlset" else self._of_feed()
        seen: set[str] = set()
        for entry in found:
            if entry.url and entry.url not in seen:
                seen.add(entry.url)
                yield entry
        if len(nodes) > ENTRIES:
            raise ArticleError(f"{self._name} names more than {ENTRIES:,} pages; those beyond are left out.")
        if self._faults:
            line = self._faults[0].line
            raise ArticleError(f"{self._name} is broken XML in line {line}; what follows there may be missing.")
        if not seen:
            raise ArticleError(f"{self._name} names no pages; open it in a browser to see what it is.")

    def _of_sitemap(self, node: Any) -> Entry:
        return Entry(
            url=self._link(node.findtext("{*}loc")),
            title=_without_tags(node.findtext("{*}news/{*}title") or ""),
            date=one_line(node.findtext("{*}news/{*}publication_date") or ""),
        )

    def _of_feed(self) -> Iterator[Entry]:
        if self._tree.xpath("count(//*)") > ELEMENTS:
            raise ArticleError(
                f"{self._name} has more than {ELEMENTS:,} elements; add its pages by their addresses."
            )
        for node in self._tree.xpath(f"//*[count(@*) > {ATTRIBUTES}]"):  # over them feedparser takes for ever
            node.attrib.clear()
        text = _ENTITY.sub(_character, etree.tostring(self._tree))
        try:
            feed = feedparser.parse(
                io.BytesIO(text),  # bytes alone would be taken for a file's name
                response_headers={"content-location": self._address},
                sanitize_html=False,  # the page is reduced to text anyway
                resolve_relative_uris=False,  # those inside of it
            )
        except Exception as error:  # no list of a parser's failures is complete
            raise ArticleError(f"{self._name} is a feed that cannot be read; add its pages instead.") from error
        for item in feed.entries:
            yield Entry(
                url=self._link(item.get("link")),
                title=_without_tags(item.get("title", "")),
                date=one_line(item.get("published") or item.get("updated") or ""),
                author=_AUTHOR.sub(r"\1", one_line(item.get("author", ""))),
                content_html=next(filter(_is_full, map(_markup, item.get("content", []))), ""),
            )

    def _link(self, link: str | None) -> str:
        """The address that a link leads to, "" if that is no page."""
        try:
            # geturl() gives the scheme in small letters, so that the same address is known again.
            address = urlsplit(urldefrag(urljoin(self._address, (link or "").strip())).url).geturl()
        except ValueError:
            return ""
        return web_address(address) if address != self._address else ""


_OWN_ADDRESS = etree.XPath(
    "(/*/*[local-name()='link'] | /*/*[local-name()='channel']/*[local-name()='link'])[@rel='self']/@href"
    " | /*/*[local-name()='channel']/*[local-name()='link']/text()"
)


def _own_address(tree: Any) -> str:
    """The address that a feed gives as its own, or as its site's; "" where it gives none."""
    return next((str(address).strip() for address in _OWN_ADDRESS(tree)), "")


_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\w+);)[^\s;&<>]+;")  # HTML's, which XML does not know
_AUTHOR = re.compile(r"^\S+@\S+ \((.+)\)$")  # RSS: ann@news.example (Ann Archer)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def _character(entity: re.Match[bytes]) -> bytes:
    meant = html.unescape(entity[0].decode())
    return meant.encode("ascii", "xmlcharrefreplace") if not meant.startswith("&") else b""


def _without_tags(markup: str) -> str:
    return one_line(html.unescape(_TAG.sub("", markup)))


def _markup(content: dict[str, Any]) -> str:
    is_markup = content.get("type") in ("text/html", "application/xhtml+xml")
    return str(content.get("value") or "") if is_markup else ""


def _is_full(markup: str) -> bool:
    return len(_without_tags(markup)) >= FULL
