"""Rows of tables as lines of text: " | " between cells, and a cell over several rows in each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Cell", "Rows", "joined"]


@dataclass(frozen=True)
class Cell:
    """A cell's text, over how many columns and rows it reaches, and whether it only goes on with the one above."""

    text: str
    columns: int = 1
    rows: int = 1
    goes_on: bool = False


@dataclass
class Rows:
    """The rows of one table, given from the top."""

    _held: dict[int, tuple[int, str]] = field(default_factory=dict)  # column -> (rows still to come, text)
    _above: dict[int, str] = field(default_factory=dict)

    def line(self, cells: Iterable[Cell]) -> str:
        """The next row as one line, "" if nothing stands in it."""
        texts: dict[int, str] = {}
        column = 0
        given = list(cells)
        for cell in given:
            column = self._fill(texts, column)
            texts[column] = self._above.get(column, "") if cell.goes_on else cell.text
            if cell.rows > 1:
                self._held[column] = (cell.rows - 1, cell.text)
            column += max(cell.columns, 1)
        self._fill(texts, column)
        self._above = texts
        is_empty = not any(cell.text for cell in given)
        return "" if is_empty else " | ".join(texts.values())

    def _fill(self, texts: dict[int, str], column: int) -> int:
        """Write what reaches down into the row from `column` on; the next column that is free."""
        while column in self._held and column not in texts:
            left, text = self._held.pop(column)
            texts[column] = text
            if left > 1:
                self._held[column] = (left - 1, text)
            column += 1
        return column


def joined(blocks: Iterable[str]) -> str:
    """The blocks of a cell on one line, told apart where no sentence ends."""
    line = ""
    for block in blocks:
        gap = "" if not line else " " if line.endswith(tuple(".!?:;,")) else "; "
        line += gap + block
    return line
