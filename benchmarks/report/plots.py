"""The report's pictures, as PNG files in `plots/`."""

from __future__ import annotations

from typing import Any

import matplotlib
import numpy as np

from benchmarks import results
from benchmarks.metrics import balanced_accuracy, bootstrap, recall_at, reciprocal_ranks, risk_coverage, roc
from benchmarks.paths import PLOTS

matplotlib.use("Agg")

from matplotlib import pyplot as plt  # after the choice of a backend without a screen

__all__ = ["draw_all"]

COLOURS = {"factbot": "#0b5fa5", "langchain": "#c8690a", "haystack": "#5b8c5a"}
ENGINE_COLOURS = {"tantivy": "#0b5fa5", "fts5": "#c8690a", "bm25s": "#5b8c5a"}

plt.rcParams.update(
    {
        "figure.dpi": 110,
        "savefig.bbox": "tight",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.alpha": 0.3,
        "legend.frameon": False,
    }
)


def draw_all() -> None:
    """Draw every plot whose figures are in `results/`."""
    PLOTS.mkdir(exist_ok=True)
    ask, peers = results.load("ask"), results.load("peers")
    if ask and peers:
        _retrieval(ask, peers)
    if "squad2" in ask:
        _abstention(results.unseen(ask["squad2"]))
    if results.load("verify") and results.load("verdicts"):
        _checks(results.load("verify")["together"]["reliability"], results.load("verdicts")["sets"]["written"])
    if sizes := results.load("growth").get("sizes"):
        _growth(sizes)
    if cost := results.load("lexical").get("cost"):
        _lexical(cost)


def _save(name: str) -> None:
    plt.savefig(PLOTS / f"{name}.png")
    plt.close()


def _retrieval(ask: dict[str, Any], peers: dict[str, Any]) -> None:
    sets = [name for name in sorted(ask) if name in peers and name != "machine"]
    figure, panels = plt.subplots(
        1, len(sets), figsize=(5 * len(sets), 3.8), sharey=True, squeeze=False, layout="constrained"
    )
    for panel, set_name in zip(panels[0], sets, strict=True):
        systems = {"factbot": ask[set_name]["retrieval"]["ranks"]}
        systems |= {name: figures["ranks"] for name, figures in peers[set_name].items()}
        for place, (name, ranks) in enumerate(systems.items()):
            shown = [bootstrap(recall_at(ranks, k)) for k in (1, 5, 10)] + [bootstrap(reciprocal_ranks(ranks))]
            means = np.array([i.mean for i in shown])
            errors = [means - [i.low for i in shown], [i.high for i in shown] - means]
            at = np.arange(4) + (place - (len(systems) - 1) / 2) * 0.25
            panel.bar(at, means, 0.23, yerr=errors, capsize=3, color=COLOURS[name], label=name)
        panel.set_xticks(range(4), ["recall@1", "recall@5", "recall@10", "MRR@10"])
        panel.set_title(set_name)
        panel.grid(axis="x", visible=False)
    panels[0][0].set_ylabel("the answer's words stand in the passage")
    panels[0][0].set_ylim(0, 1)
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    _save("retrieval")


def _abstention(squad: dict[str, Any]) -> None:
    """ROC, risk against coverage, balanced accuracy by threshold, and the calibration of support."""
    answerable, support, holds = squad["answerable"], squad["always"]["support"], squad["always"]["holds"]
    _, ((first, second), (third, fourth)) = plt.subplots(2, 2, figsize=(9, 7.4), layout="constrained")
    _, false_positive, true_positive = roc(answerable, support)
    first.plot(false_positive, true_positive, color=COLOURS["factbot"])
    first.plot([0, 1], [0, 1], color="grey", linestyle=":")
    said = np.array(squad["shipped"]["answered"])
    truth = np.array(answerable)
    first.plot(said[~truth].mean(), said[truth].mean(), "o", color=COLOURS["langchain"], label="as shipped")
    first.set(title="ROC", xlabel="answered of the unanswerable", ylabel="answered of the answerable")
    first.legend()
    coverage, risk = risk_coverage(holds, support)
    second.plot(coverage, risk, color=COLOURS["factbot"])
    second.set(title="Risk and coverage", xlabel="questions answered", ylabel="of those, without the answer")
    second.set_ylim(0, None)
    thresholds = np.linspace(0, 1, 101)
    third.plot(
        thresholds,
        [balanced_accuracy(answerable, np.array(support) >= t) for t in thresholds],
        color=COLOURS["factbot"],
    )
    third.axvline(squad["threshold"], color=COLOURS["langchain"], linestyle="--", label="as shipped")
    third.set(title="Abstention by threshold", xlabel="threshold", ylabel="balanced accuracy")
    third.legend()
    pairs = [pair for sentences in squad["always"]["sentences"] for pair in sentences]
    sure, right = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    which = np.minimum((sure * 10).astype(int), 9)
    bins = [b for b in range(10) if (which == b).any()]
    fourth.plot(
        [sure[which == b].mean() for b in bins],
        [right[which == b].mean() for b in bins],
        "o-",
        color=COLOURS["factbot"],
    )
    fourth.plot([0, 1], [0, 1], color="grey", linestyle=":")
    fourth.set(title="Calibration of sentences", xlabel="support", ylabel="holds the answer")
    _save("abstention")


def _checks(reliability: list[tuple[float, float, int]], written: dict[str, Any]) -> None:
    """The calibration of the verifier, and how often verdicts on free words are wrong, the surest first."""
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
    sure, share, _ = zip(*reliability, strict=True)
    left.plot(sure, share, "o-", color=COLOURS["factbot"])
    left.plot([0, 1], [0, 1], color="grey", linestyle=":")
    left.set(title="Calibration of the verifier, unseen halves", xlabel="confidence", ylabel="right")
    coverage, risk = zip(*written["risk_coverage"], strict=True)
    right.plot(coverage, risk, color=COLOURS["factbot"])
    right.set(title="Verdicts on free words, surest first", xlabel="still decided", ylabel="of those, wrong")
    right.set_ylim(0, None)
    _save("checks")


def _growth(sizes: dict[str, Any]) -> None:
    counts = [cell["passages"] for cell in sizes.values()]
    _, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    left.plot(counts, [cell["insert_per_s"] for cell in sizes.values()], "o-", color=COLOURS["factbot"])
    left.set(title="Indexing without embedding", xlabel="passages", ylabel="passages/s", xscale="log")
    left.set_ylim(0, None)
    for key, label, colour in (
        ("ask_ms", "whole answer", COLOURS["factbot"]),
        ("dense_ms", "vectors", COLOURS["langchain"]),
        ("lexical_ms", "words", COLOURS["haystack"]),
    ):
        middle, high = ([cell[key][p] for cell in sizes.values()] for p in ("p50", "p95"))
        right.plot(counts, middle, "o-", color=colour, label=label)
        right.fill_between(counts, middle, high, color=colour, alpha=0.2)
    right.set(
        title="A question: median, and up to p95", xlabel="passages", ylabel="ms", xscale="log", yscale="log"
    )
    right.legend()
    _save("growth")


def _lexical(cost: dict[str, Any]) -> None:
    _, panel = plt.subplots(figsize=(8, 3.8), layout="constrained")
    for name, colour in ENGINE_COLOURS.items():
        sizes = [size for size in cost if name in cost[size]]
        for key, style, note in (("query_ms", "-", ""), ("content_query_ms", "--", ", without stop words")):
            times = [cost[size][name][key]["p50"] for size in sizes]
            panel.plot([int(s) for s in sizes], times, f"o{style}", color=colour, label=name + note)
    panel.set(title="A lexical query, median", xlabel="passages", ylabel="ms", xscale="log", yscale="log")
    panel.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=8)
    _save("lexical")
