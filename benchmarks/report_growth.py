"""The report's part on size: passages to a million, and articles to a hundred thousand."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import results
from benchmarks.cells import milliseconds, table

__all__ = ["TABLES"]


def _growth() -> str:
    sizes = results.load("growth").get("sizes", {})
    if not sizes:
        return ""
    head = [
        "passages",
        "inserted/s",
        "vectors ms",
        "words ms",
        "whole answer ms",
        "disk, KB a passage",
        "open s",
        "peak MB",
    ]
    rows = [
        [
            f"{cell['passages']:,}",
            f"{cell['insert_per_s']:,.0f}",
            milliseconds(cell["dense_ms"]),
            milliseconds(cell["lexical_ms"]),
            milliseconds(cell["ask_ms"]),
            f"{cell['disk_mb'] * 1e3 / cell['passages']:.1f}",
            f"{cell['open_s']:.1f}",
            f"{cell['peak_mb']:,}",
        ]
        for cell in sizes.values()
    ]
    return table([head, *rows])


def _many() -> str:
    found = results.load("many")
    if not found:
        return ""
    sorting = found["sorted_ms"].values()
    of_memory = ("first_sync_mb", "second_sync_mb", "opening_mb", "table_mb", "changes_mb")
    return table(
        [
            [f"{found['articles']:,} articles, {found['passages']:,} passages", "value"],
            ["first sync, without embedding", f"{found['first_sync_s']:,.0f} s"],
            [
                "memory at its start, then after each fifth of the articles",
                f"{', '.join(f'{mb:,}' for mb in [found['memory_mb'][0], *found['memory_mb'][3::2]])} MB",
            ],
            ["sync of an unchanged folder", f"{found['unchanged_sync_s']:.1f} s"],
            [
                "from nothing to the open index / to the list of articles",
                f"{found['open_s']:.1f} / {found['listing_s']:.1f} s",
            ],
            ["a page of the table, sorted anew by any column", f"{min(sorting)} to {max(sorting)} ms"],
            [
                "searched for the first time / again",
                f"{found['searched_ms']} / {found['searched_again_ms']:.1f} ms",
            ],
            ["an article added / removed", f"{found['added_ms']} / {found['removed_ms']} ms"],
            ["peak memory of all", f"{max(found[name] for name in of_memory):,} MB"],
            ["corpus / index on disk", f"{found['corpus_mb']:,.0f} / {found['index_mb']:,.0f} MB"],
        ]
    )


TABLES: dict[str, Callable[[], str]] = {"growth": _growth, "many": _many}
