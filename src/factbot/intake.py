"""From what a person points at (a file, a folder, an archive, a table, an address) to files for the corpus."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from factbot.articles import SUFFIXES, read_bytes
from factbot.containers import CONTAINERS, unpack
from factbot.errors import ArticleError
from factbot.items import Item, page_item
from factbot.results import Failure

__all__ = ["FEEDS", "is_address", "items"]

FEEDS = (".xml", ".rss", ".atom", ".rdf")  # suffixes of feeds and sitemaps that somebody saved


def is_address(source: str | Path) -> bool:
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))


def items(source: str | Path) -> Iterator[Item | Failure]:
    """Every article at a path or an address as a file to store; what cannot be read is a Failure.

    A folder stands for all files in it, an archive or a table for its entries, a feed or a sitemap, by its address
    or as a file that was saved, for its pages.
    Raises ArticleError where the whole cannot be read.
    """
    if is_address(source):
        yield from _from_address(str(source))
    elif os.path.isdir(source):  # noqa: PTH112  # unlike Path's, False for a name that cannot be
        yield from _from_folder(Path(source))
    elif Path(source).suffix.lower() in FEEDS:
        yield from _from_feed(Path(source))
    else:
        yield from _from_file(Path(source), Path(source).name)


def _from_file(path: Path, name: str) -> Iterator[Item | Failure]:
    if path.suffix.lower() in CONTAINERS:
        folder = PurePosixPath(name).with_suffix("")
        for item in unpack(path):
            yield item if isinstance(item, Failure) else replace(item, name=f"{folder}/{item.name}")
    else:
        yield Item(name, read_bytes(path, str(path)))


def _from_folder(folder: Path) -> Iterator[Item | Failure]:
    """Files in all subfolders under their paths, without links and hidden ones; other kinds are passed over.

    So are feeds: what they name is fetched, which somebody has to ask for.
    """
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent) / name
            is_read = path.suffix.lower() in (*SUFFIXES, *CONTAINERS)
            if name.startswith(".") or path.is_symlink() or not is_read:
                continue
            try:
                yield from _from_file(path, path.relative_to(folder).as_posix())
            except ArticleError as error:
                yield Failure(str(path), str(error))


def _from_feed(path: Path) -> Iterator[Item | Failure]:
    from factbot.feeds import saved

    yield from saved(read_bytes(path, str(path)), str(path))


def _from_address(url: str) -> Iterator[Item | Failure]:
    from factbot.feeds import collect, is_feed
    from factbot.fetch import fetch

    page = fetch(url)
    if is_feed(page[0]):
        yield from collect(url, page)
    else:
        yield page_item(*page)
