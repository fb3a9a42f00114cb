"""Mailboxes (mbox): every message is an article of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import PurePosixPath
from typing import IO

from factbot.corpus.formats.content import Unreadable
from factbot.corpus.formats.kinds import size_limit, too_large
from factbot.corpus.ingest.item import Item
from factbot.corpus.naming import slug
from factbot.results import Failure
from factbot.text.normalise import one_line

__all__ = ["read_mailbox"]

LINE = 1_000_000  # bytes of a line that are read at once
HEAD = 100_000  # bytes of a message in which its subject stands
# The line before each message: who sent it, and when it was put into the mailbox. Its date is not the message's.
_BEGINS = re.compile(rb"From .*\d{1,2}:\d\d")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:")
_QUOTED = re.compile(rb">+From ")  # how a line that begins with "From " is written inside a message


def read_mailbox(file: IO[bytes], name: str) -> Iterator[Item | Failure]:
    """The messages of a mailbox as .eml files, named after their subjects. Raises Unreadable where it is none."""
    number = 0
    for number, data in enumerate(_messages(file), 1):
        where = f"{name}, message {number}"
        if len(data) > size_limit(".eml"):
            yield Failure(where, f"{where} {too_large('.eml')}.")
        else:
            stem = _subject(data) or slug(f"{PurePosixPath(name).stem} {number}") or "message"
            yield Item(f"{stem}.eml", data)
    if not number:
        raise Unreadable("is no mailbox; export it from the mail program as mbox, or its messages as .eml")


def _messages(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of each message; of one that is too large, a byte more than it may have."""
    limit = size_limit(".eml") + 1
    lines: list[bytes] = []
    size = 0
    is_inside, is_blank, separator = False, True, b""
    while line := file.readline(LINE).removeprefix(b"\xef\xbb\xbf" if is_blank else b""):
        if separator:  # the line after "From …": a message begins with a header
            if _HEADER.match(line):
                if is_inside:
                    yield b"".join(lines)[:limit]
                lines, size, is_inside = [], 0, True
            elif is_inside:
                lines.append(separator)
                size += len(separator)
            separator = b""
        if is_blank and _BEGINS.match(line):
            separator = line
            continue
        is_blank = not line.strip(b"\xef\xbb\xbf\r\n")
        if is_inside and size < limit:
            lines.append(line[1:] if _QUOTED.match(line) else line)
            size += len(line)
    if is_inside:
        yield b"".join(lines)[:limit]


def _subject(data: bytes) -> str:
    try:
        return slug(one_line(str(message_from_bytes(data[:HEAD], policy=policy.default).get("Subject", ""))))
    except Exception:  # a header so broken that the standard library fails on it
        return ""
