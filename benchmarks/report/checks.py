"""The report's part on claims: the verifier alone, and whole checks."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import results
from benchmarks.metrics import Interval
from benchmarks.report.cells import interval, milliseconds, share, table

__all__ = ["TABLES", "targets"]

# set: (floor, aim) of its metric
SETS = {
    "written": (0.78, 0.86),
    "trial": (0.72, 0.82),
    "vitaminc_real": (0.79, 0.84),
    "fever_symmetric": (0.86, 0.90),
    "scifact": (0.70, 0.76),
    "rte": (0.78, 0.84),
    "wice": (0.70, 0.76),
    "qags": (0.70, 0.76),
    "summedits": (0.66, 0.70),
}
WORST_ECE = (0.10, 0.05)
BASELINES = ("majority class", "word overlap", "embedding cosine")


def targets() -> list[list[str]]:
    """Rows of the table of targets: what, to reach (floor, aim), reached, whether the floor is met."""
    rows: list[list[str]] = []

    def add(what: str, floor: float, aim: float, reached: float, lower: bool = False) -> None:
        met = reached <= floor if lower else reached >= floor
        sign = "≤" if lower else "≥"
        rows.append([what, f"{sign} {share(floor)}, aim {share(aim)}", share(reached), "yes" if met else "**no**"])

    found = results.load("verify")
    for name, (floor, aim) in SETS.items() if found else ():
        figures = found["sets"][name]
        add(f"verifier, {name}: {figures['metric']}", floor, aim, figures["value"])
    if found:
        batch = found["batch_of_16_ms"]["p50"]
        rows.append(["verifier, 16 pairs", "< 300 ms", f"{batch:.0f} ms", "yes" if batch < 300 else "**no**"])
    for part, what in (("calibration", "verifier"), ("confidence", "whole checks")):
        if errors := results.load(part).get("ece_by_others"):
            worst = max(errors, key=lambda name: errors[name])
            add(f"{what}, worst ECE by a fit on other sets ({worst})", *WORST_ECE, errors[worst], lower=True)
    checks = results.load("verdicts")
    if checks:
        trial = checks["sets"]["trial"]
        add("trial, whole checks: right of what is decided", 0.85, 0.92, trial["precision"])
        add("trial, whole checks: share decided", 0.40, 0.60, trial["decided"])
        add("trial, whole checks, none withheld: balanced accuracy", 0.60, 0.72, trial["balanced_accuracy"])
        changed = checks["changed"]
        add("changed facts: caught", 0.85, 0.92, changed["changed_caught"]["mean"])
        add("changed facts: true paraphrases supported", 0.75, 0.85, changed["paraphrases_supported"]["mean"])
    if pace := results.load("pace"):
        p50 = pace["check_ms"]["p50"]
        what = f"one claim against {pace['passages']:,} passages, p50"
        rows.append([what, "≤ 700 ms, aim 400", f"{p50:.0f} ms", "yes" if p50 <= 700 else "**no**"])
    return rows


def _verify() -> str:
    found = results.load("verify")
    if not found:
        return ""
    measured = ("verifier", "unseen half", "ECE, unseen", "Brier")
    head = ["set", "pairs", "metric", *measured, *BASELINES]
    rows = [
        [
            name,
            f"{figures['pairs']:,}",
            figures["metric"],
            f"**{share(figures['value'])}**",
            *(share(figures[key]) for key in ("unseen", "ece_unseen")),
            share(figures["brier"]),
            *(share(figures["baselines"][baseline]) for baseline in BASELINES),
        ]
        for name, figures in found["sets"].items()
    ]
    return table([head, *rows])


def _verdicts() -> str:
    found = results.load("verdicts")
    if not found:
        return ""
    head = [
        *("claims of", "unseen", "right, none withheld", "balanced", "always the same verdict"),
        *("decided as shipped", "of these right", "ECE", "undecided given as refuted"),
    ]
    rows = [
        [
            name,
            f"{figures['claims']:,}",
            share(figures["accuracy"]["mean"]),
            share(figures["balanced_accuracy"]),
            share(figures["majority"]),
            share(figures["decided"]),
            share(figures["precision"]) if figures["precision"] is not None else "–",
            share(figures["ece"]),
            share(figures["silence_as_refuted"]),
        ]
        for name, figures in found["sets"].items()
    ]
    return table([head, *rows])


def _changed() -> str:
    found = results.load("verdicts")
    if not found:
        return ""
    changed = found["changed"]
    rows = [
        ["337 claims on the sample corpus", "value"],
        ["true paraphrases supported", interval(Interval(**changed["paraphrases_supported"]))],
        ["true paraphrases refuted", share(changed["paraphrases_refuted"])],
        ["changed claims caught (not supported)", interval(Interval(**changed["changed_caught"]))],
        ["changed claims refuted", share(changed["changed_refuted"])],
        *([f"caught: {kind}", share(value)] for kind, value in changed["caught_by_kind"].items()),
        ["claims on which the corpus is silent, left undecided", share(changed["silent_not_decided"])],
        ["verdicts exactly right", share(changed["exact"])],
        ["ECE of the confidence", share(changed["ece"])],
    ]
    return table(rows)


def _pace() -> str:
    found, batch = results.load("pace"), results.load("verify")
    if not found or not batch:
        return ""
    what = f"one claim to its verdict, {found['passages']:,} passages, warm, p50 / p95"
    return table(
        [
            ["figure", "value"],
            [what, f"{milliseconds(found['check_ms'])} ms"],
            ["the verifier on 16 pairs, p50 / p95", f"{milliseconds(batch['batch_of_16_ms'])} ms"],
        ]
    )


TABLES: dict[str, Callable[[], str]] = {
    "verify": _verify,
    "verdicts": _verdicts,
    "changed": _changed,
    "pace": _pace,
}
