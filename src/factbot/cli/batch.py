"""JSON lines in, JSON lines out, in any encoding that can be told."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from factbot.cli.output import plain
from factbot.errors import FactbotError, UsageError

__all__ = ["answer_lines", "lines_of", "text_field"]

WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, whose line breaks are no single bytes


def answer_lines(lines: Iterable[str], call: Callable[[dict[str, Any]], Any]) -> int:
    """Print each JSON line with the `result` of `call`, in the same order; a bad line is an error in its place.

    Returns the command's exit code.
    """
    for line in lines:
        try:
            row = _row(line)
            output = {**row, "result": plain(call(row))}
        except FactbotError as error:
            output = {"error": str(error)}
        print(json.dumps(output, ensure_ascii=False), flush=True)
    return 0


def text_field(row: dict[str, Any], name: str) -> str:
    """The text in a field of a line. Raises UsageError where there is none."""
    if not isinstance(row.get(name), str):
        raise UsageError(f"The line has no text in the field {name!r}; add it.")
    return str(row[name])


@contextmanager
def lines_of(path: str) -> Iterator[Iterable[str]]:
    """The lines of a file, or of standard input for "-" as they come; a byte that is no text is shown as such.

    Raises UsageError where the file cannot be opened.
    """
    if path == "-":
        yield _as_they_come(sys.stdin.buffer)
        return
    try:
        with Path(path).open("rb") as file:
            yield map(_shown, _text(file))
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read ({error.strerror}).") from error


def _text(file: BinaryIO) -> TextIO:
    from factbot.corpus.formats.content import Unreadable
    from factbot.corpus.formats.text_stream import open_text

    try:
        return open_text(file)
    except Unreadable:  # only some of its lines, perhaps: each of them is told
        file.seek(0)
        return TextIOWrapper(file, "utf-8-sig", "replace")


def _as_they_come(lines: BinaryIO) -> Iterator[str]:
    """The lines of a stream that cannot be read twice: each is answered before the next one is there."""
    first = lines.readline()
    if first.startswith(WIDE_MARKS):
        yield from _decoded(first + lines.read()).splitlines()
        return
    while first:
        yield _decoded(first)
        first = lines.readline()


def _decoded(data: bytes) -> str:
    from factbot.corpus.formats.content import Unreadable
    from factbot.corpus.formats.plain_text import decode

    try:
        return decode(data)
    except Unreadable:
        return data.decode("utf-8", "replace")


def _shown(line: str) -> str:
    """A line whose bytes that are no UTF-8 stand as surrogates, with a sign in the place of each."""
    return line if line.isascii() else line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # also an endless number, or a thousand brackets
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise UsageError(f"The line is not JSON ({reason}); write one object on each line.") from error
    if not isinstance(row, dict):
        raise UsageError("The line is JSON but not an object; write one object, {...}, on each line.")
    return row
