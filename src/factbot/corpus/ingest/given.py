"""From what a person points at (a file, a folder, an archive, a table, an address) to files for the corpus."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from factbot.corpus.folder import unfollowed
from factbot.corpus.formats.article import read_bytes
from factbot.corpus.formats.kinds import CONTAINERS, KINDS_IN_WORDS, OTHER_KIND, SUFFIXES
from factbot.corpus.ingest.archives import BESIDE_PAGES, is_junk, unpack, unpack_bytes
from factbot.corpus.ingest.item import Item, page_item
from factbot.corpus.naming import LOCKED, is_hidden, slug
from factbot.errors import ArticleError
from factbot.results import Failure
from factbot.text.addresses import begins_as_address, host

__all__ = ["FEEDS", "is_address", "items", "refuse_other_address"]

FEEDS = (".xml", ".rss", ".atom", ".rdf")  # suffixes of feeds and sitemaps that somebody saved
NAMED = 5  # files of one other kind in a folder that are named; of more, how many there are


def is_address(given: str | Path) -> bool:
    """Whether what is given is an address to fetch from the web."""
    return isinstance(given, str) and begins_as_address(given)


def items(given: str | Path) -> Iterator[Item | Failure]:
    """Every article at a path or an address as a file to store; what cannot be read is a Failure.

    A folder stands for all files in it, an archive or a table for its entries, a feed or a sitemap, by its address
    or as a file that was saved, for its pages.
    Raises ArticleError where the whole cannot be read.
    """
    if is_address(given):
        yield from _from_address(str(given).strip())
        return
    refuse_other_address(given)
    if Path(given).name.startswith(LOCKED):  # it comes along where somebody gives all files of a folder
        return
    if os.path.isdir(given):  # noqa: PTH112  # unlike Path's, False for a name that cannot be
        yield from _from_folder(Path(given))
    elif Path(given).suffix.lower() in FEEDS:
        yield from _from_feed(Path(given))
    else:
        yield from _from_file(Path(given), Path(given).name)


def refuse_other_address(given: str | Path) -> None:
    """Raise ArticleError for an address of any other kind, with what to do about it."""
    text = str(given).strip() if isinstance(given, str) else ""
    scheme, separator, rest = text.partition("://")
    if separator and scheme.lower() == "file":
        raise ArticleError(f"{given} is an address; give the file's path, /{rest.partition('/')[2]}.")
    if separator and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]+", scheme):
        raise ArticleError(
            f"{given} is no web address; factbot fetches http:// and https:// only, so save it and add the file."
        )
    if text.lower().startswith("www.") and not os.path.lexists(text):
        raise ArticleError(f"{given} is no file here; to fetch it from the web write https://{given}.")


def _from_file(path: Path, name: str) -> Iterator[Item | Failure]:
    if path.suffix.lower() in CONTAINERS:
        yield from _inside(PurePosixPath(name).with_suffix("").as_posix(), unpack(path))
    else:
        yield Item(name, read_bytes(path, str(path)), is_file=True)


def _from_folder(folder: Path) -> Iterator[Item | Failure]:
    """The files in all subfolders, named by their paths, without hidden ones and parts of web pages.

    Other kinds are Failures, and so are feeds: fetching what they name is something that a person has to ask for.
    A link is not followed: what it leads to is read where it lies, or else the link is a Failure.
    """
    others: dict[str, _Others] = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in folders:
            if (Path(parent) / name).is_symlink() and _leads_out(Path(parent) / name, folder):
                yield unfollowed(str(Path(parent) / name))
        for name in sorted(names):
            path = Path(parent) / name
            suffix = path.suffix.lower()
            if is_junk(PurePosixPath(name)) or suffix in BESIDE_PAGES:
                continue
            if path.is_symlink():
                if suffix in SUFFIXES + CONTAINERS and _leads_out(path, folder):
                    yield unfollowed(str(path))
                continue
            if suffix not in SUFFIXES and suffix not in CONTAINERS:
                others.setdefault(suffix, _Others()).put(path)
                continue
            try:
                yield from _from_file(path, path.relative_to(folder).as_posix())
            except ArticleError as error:
                yield Failure(str(path), str(error))
    for suffix, kind in others.items():
        yield from kind.failures(folder, suffix)


def _leads_out(link: Path, folder: Path) -> bool:
    """Whether a link leads to where the files of the folder are not."""
    return not link.exists() or not link.resolve().is_relative_to(folder.resolve())


@dataclass
class _Others:
    """The files of one kind that factbot does not read: the first few, and how many."""

    first: list[Path] = field(default_factory=list)
    count: int = 0

    def put(self, path: Path) -> None:
        self.count += 1
        if self.count <= NAMED:
            self.first.append(path)

    def failures(self, folder: Path, suffix: str) -> Iterator[Failure]:
        is_feed = suffix in FEEDS
        if self.count > NAMED:
            files = (
                f"{folder} holds {self.count:,} files {f'of the kind {suffix}' if suffix else 'without a kind'}"
            )
            advice = "a saved feed is added by its own name" if is_feed else f"give articles as {KINDS_IN_WORDS}"
            yield Failure(str(folder), f"{files}, which were left out; {advice}.")
            return
        problem = "is left out; if it is a saved feed, add it by its own name" if is_feed else OTHER_KIND
        for path in self.first:
            yield Failure(str(path), f"{path} {problem}.")


def _from_feed(path: Path) -> Iterator[Item | Failure]:
    from factbot.corpus.ingest.feeds import saved

    yield from saved(read_bytes(path, str(path)), str(path))


def _from_address(url: str) -> Iterator[Item | Failure]:
    from factbot.corpus.ingest.feeds import collect, is_feed
    from factbot.corpus.ingest.fetch import fetch

    fetched = data, suffix, address = fetch(url)
    if suffix in CONTAINERS:
        folder = _stem(address)
        yield from _inside(folder, unpack_bytes(data, suffix, address))
    elif is_feed(data):
        yield from collect(url, fetched)
    else:
        yield page_item(*fetched)


def _inside(folder: str, found: Iterable[Item | Failure]) -> Iterator[Item | Failure]:
    """A container's articles in a folder that is called after it."""
    for item in found:
        yield item if isinstance(item, Failure) else replace(item, name=f"{folder}/{item.name}")


def _stem(address: str) -> str:
    """The folder for what is in a container from an address: its file's name there, or else its site's."""
    parts = urlsplit(address)
    return slug(PurePosixPath(parts.path).stem) or slug(host(address)) or "articles"
