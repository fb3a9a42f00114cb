"""JSON lines in, JSON lines out; and texts from files or standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from factbot.cli.output import plain
from factbot.errors import FactbotError, UsageError

__all__ = ["answer_lines", "lines_of", "text_field", "text_of"]


def answer_lines(lines: TextIO, call: Callable[[dict[str, Any]], Any]) -> int:
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


def text_of(path: str) -> str:
    """The text of a file, or of standard input for "-". Raises UsageError where it cannot be read."""
    with lines_of(path or "-") as lines:
        return lines.read()


@contextmanager
def lines_of(path: str) -> Iterator[TextIO]:
    """A file as UTF-8 text, or standard input for "-". Raises UsageError where it cannot be opened."""
    if path == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        file = Path(path).open(encoding="utf-8-sig", errors="replace")  # noqa: SIM115  # closed below
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read ({error.strerror}).") from error
    with file:
        yield file


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # also an endless number, or a thousand brackets
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise UsageError(f"The line is not JSON ({reason}); write one object on each line.") from error
    if not isinstance(row, dict):
        raise UsageError("The line is JSON but not an object; write one object, {...}, on each line.")
    return row
