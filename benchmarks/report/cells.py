"""Figures as cells of Markdown tables, and parts of a document between two marks."""

from __future__ import annotations

import re

from benchmarks.metrics import Interval

__all__ = ["between_marks", "interval", "milliseconds", "share", "table"]


def share(value: float, sign: str = "") -> str:
    """.513, or +.080 with a sign."""
    return re.sub(r"(?<!\d)0\.", ".", f"{value:{sign}.3f}")


def interval(found: Interval, sign: str = "") -> str:
    low, high = share(found.low, sign), share(found.high, sign)
    return f"{share(found.mean, sign)} ({low} to {high})"


def milliseconds(times: dict[str, float]) -> str:
    return " / ".join(f"{value:,.0f}" if value >= 10 else f"{value:.1f}" for value in times.values())


def table(rows: list[list[str]]) -> str:
    head, *body = rows
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *body])


def between_marks(text: str, name: str, part: str) -> str:
    """`text` with `part` between its two marks. Raises ValueError where they are not there."""
    before, begin, rest = text.partition(f"<!-- begin {name} -->\n")
    _, end, after = rest.partition(f"<!-- end {name} -->")
    if not end:
        raise ValueError(f"there are no marks `begin {name}` and `end {name}`")
    return f"{before}{begin}\n{part}\n\n{end}{after}"
