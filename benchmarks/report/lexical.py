"""The report's part on lexical engines."""

from __future__ import annotations

import re
from collections.abc import Callable

from benchmarks import results
from benchmarks.metrics import Interval
from benchmarks.report.cells import interval, milliseconds, table

__all__ = ["TABLES"]


def _lexical() -> str:
    cost = results.load("lexical").get("cost", {})
    head = (
        "passages,engine,build s,add 1,000 s,delete 1,000 s,query ms,query without stop words ms,disk MB,peak MB"
    )
    rows = [re.split(r",(?!000)", head)]
    for size, engines in cost.items():
        for name, cell in engines.items():
            rows.append(
                [
                    f"{int(size):,}",
                    name,
                    f"{cell['build_s']:.1f}",
                    f"{cell['add_1000_s']:.2f}" if "add_1000_s" in cell else "new build",
                    f"{cell['delete_1000_s']:.2f}" if "delete_1000_s" in cell else "new build",
                    milliseconds(cell["query_ms"]),
                    milliseconds(cell["content_query_ms"]),
                    f"{cell['disk_mb']:,.0f}",
                    f"{cell['build_peak_mb']:,} / {cell['query_peak_mb']:,}",
                ]
            )
    return table(rows) if cost else ""


def _lexical_death() -> str:
    rows = [["engine", "killed before a commit of 1,000", "kills while committing", "broken", "lost", "partial"]]
    for name, cell in results.load("lexical").get("death", {}).items():
        before, after = cell["before"], cell["after_kill_before_commit"]
        state = "reopens with what was committed" if after.get("count") == before["count"] else str(after)
        counts = [str(cell[key]) for key in ("kills", "broken", "acknowledged_lost", "partial_batches")]
        rows.append([name, state, *counts])
    return table(rows) if len(rows) > 1 else ""


def _lexical_recall() -> str:
    rows = [["engine", "@1", "@5", "@10", "@50", "MRR@10"]]
    keys = ("recall@1", "recall@5", "recall@10", "recall@50", "mrr@10")
    for name, cell in results.load("lexical").get("recall", {}).items():
        rows.append([name, *(interval(Interval(**cell[key])) for key in keys)])
    return table(rows) if len(rows) > 1 else ""


TABLES: dict[str, Callable[[], str]] = {
    "lexical": _lexical,
    "lexical-death": _lexical_death,
    "lexical-recall": _lexical_recall,
}
