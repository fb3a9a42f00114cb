"""JSON lines in, JSON lines out, in any encoding that can be told."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

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
    """The lines of a file, or of standard input for "-", as they come.

    Raises UsageError where they cannot be read as text.
    """
    if path == "-":
        yield _as_they_come(sys.stdin.buffer)
        return
    from factbot.corpus.formats.content import Unreadable
    from factbot.corpus.formats.text_stream import open_text

    try:
        with Path(path).open("rb") as file, open_text(file) as text:
            yield map(_without_broken_bytes, text)
    except Unreadable as problem:
        raise UsageError(f"The file {path} {problem}.") from problem
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read ({error.strerror}).") from error


def _as_they_come(lines: BinaryIO) -> Iterator[str]:
    """The lines of a stream that cannot be read twice: each is answered before the next one is there."""
    from factbot.corpus.formats.content import Unreadable
    from factbot.corpus.formats.plain_text import decode

    first = lines.readline()
    if first.startswith(WIDE_MARKS):
        yield from decode(first + lines.read()).splitlines()
        return
    while first:
        try:
            yield decode(first)
        except Unreadable:
            yield first.decode("utf-8", "replace")
        first = lines.readline()


def _without_broken_bytes(line: str) -> str:
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
