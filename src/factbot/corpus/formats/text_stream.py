"""Large files as text: UTF-8 bit by bit, and any other encoding that can be told."""

from __future__ import annotations

import codecs
import io
import re
from typing import IO, TextIO

from factbot.corpus.formats.content import Unreadable
from factbot.corpus.formats.plain_text import decode

__all__ = ["BROKEN", "CHUNK", "open_text"]

CHUNK = 262_144  # characters read at a time
OTHER_ENCODING_LIMIT = 50_000_000  # bytes of a file that is not UTF-8, which is read at once

BROKEN = re.compile("[\udc80-\udcff]")  # as Python marks bytes that are not UTF-8


def open_text(file: IO[bytes]) -> TextIO:
    """The text of a large file: UTF-8 chunk by chunk; in another encoding, as old exports are, all at once.

    Where most characters beyond ASCII are valid UTF-8, it counts as UTF-8, and bytes that are none stay as
    surrogates. Raises Unreadable for what is no text.
    """
    chunk = _first_that_is_not_utf8(file).decode("utf-8", "surrogateescape")
    file.seek(0)
    broken = len(BROKEN.findall(chunk))
    if broken <= sum(character > "\x7f" for character in chunk) - broken:
        return io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    data = file.read(OTHER_ENCODING_LIMIT + 1)
    if len(data) > OTHER_ENCODING_LIMIT:
        limit = f"{OTHER_ENCODING_LIMIT // 1_000_000} MB"
        raise Unreadable(f"is larger than {limit} and not UTF-8; save it as UTF-8 text")
    return io.StringIO(decode(data), newline="")


def _first_that_is_not_utf8(file: IO[bytes]) -> bytes:
    decoder = codecs.getincrementaldecoder("utf-8")()
    latest = b""
    try:
        while chunk := file.read(CHUNK):
            latest = chunk
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return latest
    return b""
