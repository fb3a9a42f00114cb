"""Opening zip files that come from strangers, so that neither their lists nor their entries fill the memory."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from factbot.corpus.formats.content import Unreadable

__all__ = ["is_encrypted", "is_ordinary", "open_zip"]

LISTED = 200  # bytes that the list may take for each entry that is allowed


class _Listing(io.BufferedReader):
    """The archive's file. zipfile reads the list of entries in one go, however long the archive says it is."""

    limit: int | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        if self.limit is not None and size is not None and size > self.limit:
            raise _TooLong
        return super().read(size)


class _TooLong(Exception):
    """The list of entries is longer than that of as many entries as are allowed."""


def open_zip(file: io.RawIOBase | io.BytesIO, entries: int, too_many: str) -> ZipFile:
    """The zip file in `file`, with at most `entries` entries; what it declares of them may still be a lie.

    Raises Unreadable, with the sentence `too_many`, for a longer list, and whatever zipfile raises for a damaged
    one: its own errors, struct's, the codecs' and the system's.
    """
    listing = _Listing(file)
    listing.limit = LISTED * entries
    try:
        archive = ZipFile(listing)
    except _TooLong:
        raise Unreadable(too_many) from None
    listing.limit = None  # an entry may be longer than that
    if len(archive.infolist()) > entries:
        raise Unreadable(too_many)
    return archive


def is_encrypted(entry: ZipInfo) -> bool:
    """Whether reading the entry needs a password."""
    return bool(entry.flag_bits & 0x1)


def is_ordinary(entry: ZipInfo) -> bool:
    """Whether the entry is packed so that zipfile gives no more than the size that it declares.

    zipfile unpacks those of other methods without a bound.
    """
    return entry.compress_type in (ZIP_STORED, ZIP_DEFLATED)
