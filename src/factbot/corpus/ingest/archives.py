"""Files that hold many articles, unpacked into single files that the corpus folder can store.

In JSON, JSON lines, CSV and TSV every row is an article, and in a mailbox every message; a ZIP archive holds
files, and may hold tables and mailboxes.
An archive comes from a stranger: its names, its sizes and its list of entries are checked first, and only one
entry at a time is in memory. An entry that cannot be taken is a `Failure`, and the rest goes on.
"""

from __future__ import annotations

import io
import re
import stat
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from factbot.corpus.formats.content import Unreadable
from factbot.corpus.formats.kinds import CONTAINERS, HTML, MAILBOX, OTHER_KIND, SUFFIXES, size_limit, too_large
from factbot.corpus.formats.zip_guard import is_encrypted, is_ordinary, open_zip
from factbot.corpus.ingest.item import Item
from factbot.corpus.ingest.mailboxes import read_mailbox
from factbot.corpus.ingest.tables import read_csv, read_json, read_json_lines
from factbot.corpus.naming import is_hidden
from factbot.results import Failure
from factbot.text.normalise import clean_text, one_line, single_spaced

__all__ = ["BESIDE_PAGES", "is_junk", "unpack", "unpack_bytes"]

ENTRIES = 100_000  # of an archive
TOO_MANY = f"lists more than {ENTRIES:,} entries; split it into several archives"
TOTAL_LIMIT = 20_000_000_000  # bytes that an archive may unpack to
RATIO = 1_000  # packed a thousand to one, an entry of more than RATIO_FROM bytes is a zip bomb; text is ten to one
RATIO_FROM = 1_000_000
DEPTH = 16  # folders inside each other; with long names more would not fit a file system's paths


def unpack(path: Path) -> Iterator[Item | Failure]:
    """Every article in the file at `path`, whose suffix is one of CONTAINERS; never raises."""
    name = path.name
    try:
        if not path.is_file():  # opening a pipe or a device would wait for ever
            raise Unreadable("is not a file that can be read; check the name")
        with path.open("rb") as file:
            yield from _READERS[path.suffix.lower()](file, name)
    except Unreadable as problem:
        yield Failure(str(path), f"{name} {problem}.")
    except OSError as error:
        yield Failure(str(path), f"{name} cannot be read ({error.strerror}); check its permissions.")


def unpack_bytes(data: bytes, suffix: str, name: str) -> Iterator[Item | Failure]:
    """Every article in a container that was fetched; `name` is what failures call it. Never raises."""
    try:
        with tempfile.TemporaryFile() as file:  # the list of entries is read from a real one
            file.write(data)
            file.seek(0)
            yield from _READERS[suffix](file, name)
    except Unreadable as problem:
        yield Failure(name, f"{name} {problem}.")


JUNK = ("__macosx", "thumbs.db", "desktop.ini")
BESIDE_PAGES = (
    ".css",
    ".js",
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".svg",
    ".webp",
    ".avif",
    ".ico",
    ".woff",
    ".woff2",
)


def _archive(file: IO[bytes], name: str) -> Iterator[Item | Failure]:
    try:
        archive = open_zip(io.FileIO(file.fileno(), closefd=False), ENTRIES, TOO_MANY)
    except Unreadable:
        raise
    except Exception as error:  # zipfile lets struct's, the codecs' and the system's errors through
        raise Unreadable("is no zip archive, or a damaged one; make it again") from error
    with archive:
        entries = archive.infolist()
        if _overlap(entries, archive.start_dir):
            raise Unreadable("has entries that overlap, as in a zip bomb; make it again from its files")
        has_pages = any(entry.filename.lower().endswith(HTML) for entry in entries)
        seen: set[str] = set()
        total = 0
        for entry in entries:
            shown = one_line(_entry_name(entry))[:200]
            where = f"{name}, {shown}"
            total += entry.file_size
            if total > TOTAL_LIMIT:
                raise Unreadable(f"holds more than {TOTAL_LIMIT // 10**9} GB; all from {shown} on is left out")
            try:
                path = _safe_path(_entry_name(entry))
                if entry.is_dir() or is_junk(path) or (has_pages and path.suffix.lower() in BESIDE_PAGES):
                    continue
                _check(entry, path)
                if str(path) in seen:
                    raise Unreadable("is in the archive twice; the first one is taken")
                seen.add(str(path))
                yield from _entry(archive, entry, path, where)
            except Unreadable as problem:
                yield Failure(where, f"{where} {problem}.")
            except Exception:  # as above, and the decompressor's
                yield Failure(where, f"{where} is damaged; make the archive again.")


def _overlap(entries: list[ZipInfo], end: int) -> bool:
    """Whether a part of the archive belongs to two entries: 10 MB could unpack to 281 TB (Fifield, 2019)."""
    header = 30  # bytes, and the name, whose length only the header itself knows
    starts = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    following = [*(start for start, _ in starts[1:]), end]
    return any(start + header + size > after for (start, size), after in zip(starts, following, strict=False))


def _entry_name(entry: ZipInfo) -> str:
    """The entry's name as it was meant: many programs write UTF-8 without the flag for it."""
    name = entry.orig_filename
    if entry.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _safe_path(name: str) -> PurePosixPath:
    """The entry's name as a path inside a folder. Invisible characters go first: they could hide two dots."""
    name = unicodedata.normalize("NFC", clean_text(name))
    parts = [single_spaced(part) for part in name.split("/")]
    if name.startswith("/") or "\\" in name or ".." in parts or re.match(r"\s*[A-Za-z]:", name):
        raise Unreadable("has a name that leads out of the archive; name it anew")
    if len(parts) > DEPTH:
        raise Unreadable(f"is more than {DEPTH} folders deep; move it up")
    return PurePosixPath("/".join(part for part in parts if part not in ("", ".")))


def is_junk(path: PurePosixPath) -> bool:
    """Whether a file of that name is hidden, or a system's own."""
    return not path.name or any(is_hidden(part) or part.lower() in JUNK for part in path.parts)


def _check(entry: ZipInfo, path: PurePosixPath) -> None:
    suffix = path.suffix.lower()
    if suffix == ".zip":
        raise Unreadable("is an archive inside an archive; unpack it and add what is in it")
    if suffix not in SUFFIXES and suffix not in CONTAINERS:
        raise Unreadable(OTHER_KIND)
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise Unreadable("is a link or a device and no file; put the file itself into the archive")
    if is_encrypted(entry):
        raise Unreadable("is encrypted; make the archive again without a password")
    if not is_ordinary(entry):
        raise Unreadable("is packed in an unusual way; make the archive again with ordinary compression (Deflate)")
    if entry.file_size > RATIO_FROM and entry.file_size > RATIO * entry.compress_size:
        raise Unreadable(f"unpacks to more than {RATIO:,} times its size, as a zip bomb does; add it as a file")
    if suffix in SUFFIXES and entry.file_size > size_limit(suffix):
        raise Unreadable(too_large(suffix))


def _entry(archive: ZipFile, entry: ZipInfo, path: PurePosixPath, where: str) -> Iterator[Item | Failure]:
    """What the entry holds. zipfile gives no more than the declared size, which was checked."""
    with archive.open(entry) as file:
        if path.suffix.lower() in CONTAINERS:
            for item in _READERS[path.suffix.lower()](file, where):
                yield item if isinstance(item, Failure) else replace(item, name=str(path.parent / item.name))
            return
        data = file.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise BadZipFile
    yield Item(str(path), data)


_READERS: dict[str, Callable[[IO[bytes], str], Iterator[Item | Failure]]] = {
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_csv,
    ".tsv": read_csv,
    MAILBOX: read_mailbox,
    ".zip": _archive,
}
