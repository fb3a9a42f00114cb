"""The report's part on speed and size: to a million passages and a hundred thousand articles."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from benchmarks import results
from benchmarks.report.cells import milliseconds, table

__all__ = ["TABLES", "targets"]


def targets() -> list[list[str]]:
    """Rows of the table of targets: what, to reach, reached, whether it is met."""
    rows: list[list[str]] = []

    def add(what: str, to_reach: str, reached: str, met: bool) -> None:
        rows.append([what, to_reach, reached, "yes" if met else "**no**"])

    speed = results.load("speed")
    if speed:
        ratio = median(speed["indexing"]["ours_per_s"]) / median(speed["indexing"]["langchain_per_s"])
        add("indexing, times langchain's rate", "≥ 2", f"{ratio:.2f}", ratio >= 2)
        times = speed["answering"]["ask_ms"]
        add(
            "question to answer at 50,000 passages, p50 / p95 ms",
            "< 300 / 600",
            milliseconds(times),
            times["p50"] < 300 and times["p95"] < 600,
        )
        help_s, ask_s = median(speed["cold"]["help_s"]), median(speed["cold"]["ask_s"])
        add("`factbot --help`", "< 0.5 s", f"{help_s:.2f} s", help_s < 0.5)
        add("cold `factbot ask` at 1,000 passages", "< 4 s", f"{ask_s:.2f} s", ask_s < 4)
    busy = results.load("busy")
    if busy:
        ratio = busy["incoming"]["beside_ms"]["p95"] / busy["incoming"]["alone_ms"]["p95"]
        add("p95 of an answer while articles go in, times that alone", "≤ 2", f"{ratio:.2f}", ratio <= 2)
        wrong = busy["load"]["errors"] + busy["load"]["anothers"]
        add("50 people for 5 minutes: errors and others' answers", "0", str(wrong), not wrong)
    sizes = results.load("growth").get("sizes", {})
    if {"10000", "1000000"} <= sizes.keys():
        ratio = sizes["1000000"]["ask_ms"]["p95"] / sizes["10000"]["ask_ms"]["p95"]
        add("p95 of an answer at 1,000,000 passages, times that at 10,000", "≤ 2", f"{ratio:.2f}", ratio <= 2)
        opened = sizes["1000000"]["open_s"]
        add("from nothing to the open index at 1,000,000 passages", "< 5 s", f"{opened:.1f} s", opened < 5)
    return rows


def _speed() -> str:
    speed = results.load("speed")
    if not speed:
        return ""
    indexing, answering, cold = speed["indexing"], speed["answering"], speed["cold"]
    ours, theirs = median(indexing["ours_per_s"]), median(indexing["langchain_per_s"])
    return table(
        [
            ["figure", "value"],
            [f"indexing {indexing['passages']:,} passages, files to finished index", f"{ours:.0f} passages/s"],
            ["the same texts by langchain's embeddings into Chroma", f"{theirs:.0f} passages/s"],
            ["ratio", f"{ours / theirs:.2f}"],
            [
                f"question to full answer, {answering['passages']:,} passages, warm, p50 / p95",
                f"{milliseconds(answering['ask_ms'])} ms",
            ],
            ["`factbot --help`, median of 5", f"{median(cold['help_s']):.2f} s"],
            [
                f"`factbot ask`, a cold process on {cold['passages']:,} passages, median of 5",
                f"{median(cold['ask_s']):.2f} s",
            ],
        ]
    )


def _busy() -> str:
    busy = results.load("busy")
    if not busy:
        return ""
    incoming, load = busy["incoming"], busy["load"]
    return table(
        [
            ["figure", "value"],
            [
                "answer at 50,000 passages, alone, p50 / p95",
                f"{milliseconds(incoming['alone_ms'])} ms",
            ],
            [
                f"the same while {incoming['articles']:,} articles go in, {incoming['asked_beside']} questions",
                f"{milliseconds(incoming['beside_ms'])} ms",
            ],
            ["the longest of them", f"{incoming['longest_beside_ms']:,.0f} ms"],
            ["peak memory before and after, MB", " / ".join(f"{mb:,}" for mb in incoming["peak_mb"])],
            [
                f"{load['people']} people asking at once for {load['seconds']:.0f} s: answers",
                f"{load['answers']:,}",
            ],
            ["of them errors / another person's answer", f"{load['errors']} / {load['anothers']}"],
            ["answer over HTTP, one person, p50 / p95", f"{milliseconds(load['one_ms'])} ms"],
            [f"the same, {load['people']} people", f"{milliseconds(load['many_ms'])} ms"],
        ]
    )


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


TABLES: dict[str, Callable[[], str]] = {"speed": _speed, "busy": _busy, "growth": _growth, "many": _many}
