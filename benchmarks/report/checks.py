"""The report's part on claims: the verifier alone, and whole checks."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import results
from benchmarks.metrics import Interval
from benchmarks.report.cells import interval, milliseconds, share, table

__all__ = ["TABLES", "targets"]

# set: (floor, aim) of its metric
SETS = {
    "vitaminc_real": (0.72, 0.82),
    "fever_symmetric": (0.76, 0.86),
    "scifact": (0.56, 0.68),
    "summedits": (0.58, 0.70),
}
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
        add(
            "verifier, all sets together: ECE, unseen half",
            0.06,
            0.03,
            found["together"]["ece_unseen"],
            lower=True,
        )
        batch = found["batch_of_16_ms"]["p50"]
        rows.append(["verifier, 16 pairs", "< 300 ms", f"{batch:.0f} ms", "yes" if batch < 300 else "**no**"])
    checks = results.load("verdicts")
    if checks:
        changed, speed = checks["changed"], checks["speed"]["check_ms"]
        add("changed facts: caught", 0.88, 0.95, changed["changed_caught"]["mean"])
        add("changed facts: true paraphrases supported", 0.85, 0.92, changed["paraphrases_supported"]["mean"])
        met = "yes" if speed["p50"] < 1_000 else "**no**"
        passages = f"{checks['speed']['passages']:,}"
        rows.append(
            [f"one claim against {passages} passages, p50", "< 1,000 ms, aim 400", f"{speed['p50']:.0f} ms", met]
        )
    return rows


def _verify() -> str:
    found = results.load("verify")
    if not found:
        return ""
    head = ["set", "pairs", "metric", "verifier", "unseen half", "ECE", "ECE, unseen", "Brier", *BASELINES]
    rows = [
        [
            name,
            f"{figures['pairs']:,}",
            figures["metric"],
            f"**{share(figures['value'])}**",
            *(share(figures[key]) for key in ("unseen", "ece", "ece_unseen", "brier")),
            *(share(figures["baselines"][baseline]) for baseline in BASELINES),
        ]
        for name, figures in found["sets"].items()
    ]
    return table([head, *rows])


def _verdicts() -> str:
    found = results.load("verdicts")
    if not found:
        return ""
    corpora = found["corpora"]
    rows = [
        ["whole checks over corpora made of vitaminc_real, unseen pages", "value"],
        ["claims", f"{corpora['claims']:,}"],
        ["accuracy, three verdicts", interval(Interval(**corpora["accuracy"]))],
        ["the majority verdict", share(corpora["majority"])],
        ["balanced accuracy", share(corpora["balanced_accuracy"])],
        ["ECE in ten bins / Brier score", f"{share(corpora['ece'])} / {share(corpora['brier'])}"],
        ["claims that nothing decides, given as refuted", share(corpora["silence_as_refuted"])],
    ]
    rows += [
        [f"at `risk` {bound:.0%}: wrong of the decided / still decided", f"{share(wrong)} / {share(kept)}"]
        for bound, wrong, kept in corpora["risks"]
    ]
    rows += [
        [
            f"{name}, {other['claims']} unseen claims: accuracy / majority / ECE",
            " / ".join([interval(Interval(**other["accuracy"])), share(other["majority"]), share(other["ece"])]),
        ]
        for name, other in found.get("others", {}).items()
    ]
    return table(rows)


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


def _check_speed() -> str:
    found = results.load("verdicts")
    if not found:
        return ""
    speed = found["speed"]
    what = f"one claim to its verdict, {speed['passages']:,} passages, warm, p50 / p95"
    batch = results.load("verify")["batch_of_16_ms"]
    return table(
        [
            ["figure", "value"],
            [what, f"{milliseconds(speed['check_ms'])} ms"],
            ["the verifier on 16 pairs, p50 / p95", f"{milliseconds(batch)} ms"],
        ]
    )


TABLES: dict[str, Callable[[], str]] = {
    "verify": _verify,
    "verdicts": _verdicts,
    "changed": _changed,
    "check-speed": _check_speed,
}
