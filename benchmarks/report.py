"""`report`: the tables and plots of README.md, made from the figures in `results/`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import plots, report_checks, report_growth, report_llm, results
from benchmarks.cells import interval, milliseconds, share, table
from benchmarks.metrics import (
    Interval,
    auc,
    balanced_accuracy,
    bootstrap,
    calibration_error,
    paired_bootstrap,
    recall_at,
    reciprocal_ranks,
)

__all__ = ["run", "tables"]

README = Path(__file__).parent / "README.md"
MISSING = "Not measured yet."
NEWS = "newsqa_2024"
OURS = "**factbot**"
SYSTEMS = {
    "langchain": "langchain: RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings, Chroma",
    "haystack": "haystack: DocumentSplitter, SentenceTransformersDocumentEmbedder, in-memory store",
}


def run() -> None:
    """Fill the marked places of README.md and draw the plots whose figures are there."""
    text = README.read_text(encoding="utf-8")
    for name, made in tables().items():
        place = re.compile(f"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        text, count = place.subn(rf"\1\n{made}\n\n\2", text)
        assert count == 1, f"README.md has {count} places for {name}"
    README.write_text(text, encoding="utf-8")
    plots.draw_all()


def tables() -> dict[str, str]:
    """Markdown by the name of its place."""
    made: dict[str, Callable[[], str]] = {
        "targets": _targets,
        "retrieval": _retrieval,
        "answers": _answers,
        "speed": _speed,
        "busy": _busy,
        "lexical": _lexical,
        "lexical-death": _lexical_death,
        "lexical-recall": _lexical_recall,
        "machine": _machine,
        **report_growth.TABLES,
        **report_checks.TABLES,
        **report_llm.TABLES,
    }
    return {name: make() or MISSING for name, make in made.items()}


# -- retrieval ------------------------------------------------------------------------------------


def _measures(ranks: list[int]) -> dict[str, Any]:
    return {
        "@1": recall_at(ranks, 1),
        "@5": recall_at(ranks, 5),
        "@10": recall_at(ranks, 10),
        "MRR@10": reciprocal_ranks(ranks),
    }


def _ranked(set_name: str) -> dict[str, dict[str, Any]]:
    """Everything that was measured on a set: name of the system -> its figures."""
    peers, ours = results.load("peers").get(set_name, {}), results.load("ask").get(set_name)
    found = {SYSTEMS[name]: peers[name] for name in SYSTEMS if name in peers}
    if ours:
        found[OURS] = {**ours["retrieval"], "passages": ours["passages"]}
        if "wide" in ours:
            found[f"**factbot**, `context_size` {ours['wide_context']:,}"] = {
                **ours["wide"],
                "passages": ours["passages"],
            }
    return found


def _longest(found: dict[str, dict[str, Any]], limit: float) -> tuple[str, dict[str, Any]]:
    """Of our own, the one with the longest passages that are no longer on average than `limit`."""
    ours = {name: f for name, f in found.items() if name.startswith(OURS) and f["mean_length"] <= limit}
    return max(ours.items(), key=lambda item: item[1]["mean_length"])


def _retrieval() -> str:
    parts = []
    for set_name in sorted(_asked()):
        found = _ranked(set_name)
        if not found:
            continue
        asked = len(next(iter(found.values()))["ranks"])
        articles = results.load("ask").get(set_name, {}).get("articles")
        held = f"{set_name}, {asked} questions" + (f", {articles:,} articles" if articles else "")
        rows = [[held, "@1", "@5", "@10", "MRR@10", "mean length", "passages"]]
        for name, figures in found.items():
            shares = [interval(bootstrap(values)) for values in _measures(figures["ranks"]).values()]
            rows.append([name, *shares, f"{figures['mean_length']:.0f}", f"{figures['passages']:,}"])
        gain = _gains(set_name)
        if gain:
            rows.append(["factbot − langchain, paired", *(interval(g, "+") for g in gain.values()), "", ""])
        parts.append(table(rows))
    return "\n\n".join(parts)


def _gains(set_name: str) -> dict[str, Interval]:
    peers, ours = results.load("peers").get(set_name, {}), results.load("ask").get(set_name)
    if not ours or "langchain" not in peers:
        return {}
    theirs = _measures(peers["langchain"]["ranks"])
    return {
        name: paired_bootstrap(mine, theirs[name]) for name, mine in _measures(ours["retrieval"]["ranks"]).items()
    }


# -- answers --------------------------------------------------------------------------------------


def _asked() -> dict[str, dict[str, Any]]:
    """What `ask` measured, set by set."""
    return {name: figures for name, figures in results.load("ask").items() if "retrieval" in figures}


def _news(peer: str = "") -> str:
    """The largest part of the news set that was measured, of `peer` too where one is named."""
    peers = results.load("peers")
    parts = {
        name: figures["articles"]
        for name, figures in _asked().items()
        if name.startswith(NEWS) and (not peer or peer in peers.get(name, {}))
    }
    return max(parts, key=lambda name: parts[name], default=NEWS)


def _held(figures: dict[str, Any], part: str) -> Interval:
    """Over the answerable questions."""
    return bootstrap([h for h, a in zip(figures[part]["holds"], figures["answerable"], strict=True) if a])


def _answers() -> str:
    ask = results.load("ask")
    if "squad2" not in ask:
        return ""
    sides = [ask["squad2"], results.unseen(ask["squad2"])]
    lines: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        ("questions, answerable / unanswerable", _counts),
        ("quotes hold the answer, of the answerable, always answering", lambda s: interval(_held(s, "always"))),
        ("the same at the shipped threshold", lambda s: interval(_held(s, "shipped"))),
        ("abstention, balanced accuracy at the shipped threshold", lambda s: share(_abstention(s))),
        ("answered, of the answerable / of the unanswerable", lambda s: " / ".join(map(share, _answered(s)))),
        ("area under the ROC curve", lambda s: share(auc(s["answerable"], s["always"]["support"]))),
        ("calibration of sentence support, ECE in ten bins", lambda s: share(_calibration(s))),
    ]
    rows = [["squad2", "all questions", "the half that calibration did not see"]]
    rows += [[label, *map(figure, sides)] for label, figure in lines]
    good, counted = _quotes()
    text = (
        f"{table(rows)}\n\nQuotes verbatim at their offsets, over all sets and answers: {good:,} of {counted:,}."
    )
    if _news() in ask:
        held = interval(_held(ask[_news()], "shipped"))
        text += f" newsqa_2024, answered with quotes that hold the answer, at the shipped threshold: {held}."
    return text


def _counts(squad: dict[str, Any]) -> str:
    return f"{sum(squad['answerable'])} / {len(squad['answerable']) - sum(squad['answerable'])}"


def _calibration(squad: dict[str, Any]) -> float:
    pairs = [pair for sentences in squad["always"]["sentences"] for pair in sentences]
    return calibration_error([right for _, right in pairs], [support for support, _ in pairs])


def _abstention(squad: dict[str, Any]) -> float:
    return balanced_accuracy(squad["answerable"], squad["shipped"]["answered"])


def _answered(squad: dict[str, Any]) -> list[float]:
    """Shares answered: of the answerable, of the unanswerable."""
    pairs = list(zip(squad["answerable"], squad["shipped"]["answered"], strict=True))
    return [bootstrap([said for can, said in pairs if can is kind]).mean for kind in (True, False)]


def _quotes() -> tuple[int, int]:
    sets = _sets(results.load("ask"))
    parts = [figures[part] for figures in sets for part in ("shipped", "always") if part in figures]
    return sum(p["verbatim_quotes"] for p in parts), sum(p["quotes"] for p in parts)


def _sets(ask: dict[str, Any]) -> list[dict[str, Any]]:
    return [figures for figures in ask.values() if "retrieval" in figures]


# -- speed and growth -----------------------------------------------------------------------------


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


# -- lexical --------------------------------------------------------------------------------------


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


# -- the whole ------------------------------------------------------------------------------------


def _targets() -> str:
    """What was set out to be reached, and whether it is."""
    rows = [["what", "to reach", "reached", "met"]]

    def add(what: str, to_reach: str, reached: str, met: bool) -> None:
        rows.append([what, to_reach, reached, "yes" if met else "**no**"])

    gain = _gains(_news("langchain"))
    if gain:
        for name, what in (("@1", "answer string in the top 1"), ("MRR@10", "MRR@10")):
            add(
                f"{_news('langchain')}: {what}, gain on langchain",
                "+.080",
                interval(gain[name], "+"),
                gain[name].mean >= 0.08,
            )
    for peer, shown in SYSTEMS.items():
        found = _ranked(_news(peer))
        if shown not in found or OURS not in found:
            continue
        theirs = found[shown]
        name, mine = _longest(found, theirs["mean_length"])
        means = {k: value.mean() for k, value in _measures(mine["ranks"]).items()}
        ahead = [k for k, value in _measures(theirs["ranks"]).items() if means[k] > value.mean()]
        lengths = f"{mine['mean_length']:.0f} characters against {theirs['mean_length']:.0f}"
        add(
            f"{_news(peer)}: {name.replace('*', '')} ahead of {peer}, with passages no longer",
            "@1, @5, @10, MRR@10",
            f"{', '.join(ahead) or 'nowhere'} ({lengths})",
            len(ahead) == 4,
        )
    ask = results.load("ask")
    if "squad2" in ask:
        for note, side in (("", ask["squad2"]), (", unseen half", results.unseen(ask["squad2"]))):
            for kind, part in (("always answering", "always"), ("as shipped", "shipped")):
                held = _held(side, part)
                add(f"squad2{note}: quotes hold the answer, {kind}", "≥ .800", interval(held), held.mean >= 0.8)
            abstained = _abstention(side)
            add(f"squad2{note}: abstention, balanced accuracy", "≥ .650", share(abstained), abstained >= 0.65)
        good, counted = _quotes()
        add("quotes verbatim at their offsets", "100 %", f"{100 * good / counted:.1f} %", good == counted)
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
    rows += report_checks.targets()
    rows += report_llm.targets()
    return table(rows) if len(rows) > 1 else ""


def _machine() -> str:
    """The processors with the parts that ran on them, and what else was there, as the last of these tells it."""
    parts: dict[str, list[str]] = {}
    machine: dict[str, Any] = {}
    for path in sorted(results.RESULTS.glob("*.json")):
        machine = results.load(path.stem).get("machine", machine)
        if machine:
            parts.setdefault(machine["cpu"], []).append(f"`{path.stem}`")
    if not machine:
        return ""
    processors = "; ".join(f"{cpu} ({', '.join(found)})" for cpu, found in parts.items())
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return (
        f"{processors}: {machine['cores']} cores, {machine['memory_gb']} GB of memory, {machine['system']}, "
        f"Python {machine['python']}; {packages}."
    )
