"""The report's part on retrieval and answers, beside other frameworks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import results
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
from benchmarks.report.cells import interval, share, table

__all__ = ["TABLES", "abstained", "news", "quotes", "shipped_holds", "targets"]

NEWS = "newsqa_2024"
OURS = "**factbot**"
SYSTEMS = {
    "langchain": "langchain: RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings, Chroma",
    "haystack": "haystack: DocumentSplitter, SentenceTransformersDocumentEmbedder, in-memory store",
}


def targets() -> list[list[str]]:
    """Rows of the table of targets: what, to reach, reached, whether it is met."""
    rows: list[list[str]] = []

    def add(what: str, to_reach: str, reached: str, met: bool) -> None:
        rows.append([what, to_reach, reached, "yes" if met else "**no**"])

    gain = _gains(news("langchain"))
    if gain:
        for name, what in (("@1", "answer string in the top 1"), ("MRR@10", "MRR@10")):
            add(
                f"{news('langchain')}: {what}, gain on langchain",
                "+.080",
                interval(gain[name], "+"),
                gain[name].mean >= 0.08,
            )
    for peer, shown in SYSTEMS.items():
        found = _ranked(news(peer))
        if shown not in found or OURS not in found:
            continue
        theirs = found[shown]
        name, mine = _longest(found, theirs["mean_length"])
        means = {k: value.mean() for k, value in _measures(mine["ranks"]).items()}
        ahead = [k for k, value in _measures(theirs["ranks"]).items() if means[k] > value.mean()]
        lengths = f"{mine['mean_length']:.0f} characters against {theirs['mean_length']:.0f}"
        add(
            f"{news(peer)}: {name.replace('*', '')} ahead of {peer}, with passages no longer",
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
            reached = abstained(side)
            add(f"squad2{note}: abstention, balanced accuracy", "≥ .650", share(reached), reached >= 0.65)
        good, counted = quotes()
        add("quotes verbatim at their offsets", "100 %", f"{100 * good / counted:.1f} %", good == counted)
    return rows


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


def _asked() -> dict[str, dict[str, Any]]:
    """What `ask` measured, set by set."""
    return {name: figures for name, figures in results.load("ask").items() if "retrieval" in figures}


def news(peer: str = "") -> str:
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


def shipped_holds(figures: dict[str, Any]) -> float:
    """The share (0 to 1) of answerable questions that are answered by quotes which hold the answer."""
    return _held(figures, "shipped").mean


def _answers() -> str:
    ask = results.load("ask")
    if "squad2" not in ask:
        return ""
    sides = [ask["squad2"], results.unseen(ask["squad2"])]
    lines: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        ("questions, answerable / unanswerable", _counts),
        ("quotes hold the answer, of the answerable, always answering", lambda s: interval(_held(s, "always"))),
        ("the same at the shipped threshold", lambda s: interval(_held(s, "shipped"))),
        ("abstention, balanced accuracy at the shipped threshold", lambda s: share(abstained(s))),
        ("answered, of the answerable / of the unanswerable", lambda s: " / ".join(map(share, _answered(s)))),
        ("area under the ROC curve", lambda s: share(auc(s["answerable"], s["always"]["support"]))),
        ("calibration of sentence support, ECE in ten bins", lambda s: share(_calibration(s))),
    ]
    rows = [["squad2", "all questions", "the half that calibration did not see"]]
    rows += [[label, *map(figure, sides)] for label, figure in lines]
    good, counted = quotes()
    text = (
        f"{table(rows)}\n\nQuotes verbatim at their offsets, over all sets and answers: {good:,} of {counted:,}."
    )
    if news() in ask:
        held = interval(_held(ask[news()], "shipped"))
        text += f" newsqa_2024, answered with quotes that hold the answer, at the shipped threshold: {held}."
    return text


def _counts(squad: dict[str, Any]) -> str:
    return f"{sum(squad['answerable'])} / {len(squad['answerable']) - sum(squad['answerable'])}"


def _calibration(squad: dict[str, Any]) -> float:
    pairs = [pair for sentences in squad["always"]["sentences"] for pair in sentences]
    return calibration_error([right for _, right in pairs], [support for support, _ in pairs])


def abstained(squad: dict[str, Any]) -> float:
    """Balanced accuracy (0 to 1) of telling answerable questions from others, as shipped."""
    return balanced_accuracy(squad["answerable"], squad["shipped"]["answered"])


def _answered(squad: dict[str, Any]) -> list[float]:
    """Shares answered: of the answerable, of the unanswerable."""
    pairs = list(zip(squad["answerable"], squad["shipped"]["answered"], strict=True))
    return [bootstrap([said for can, said in pairs if can is kind]).mean for kind in (True, False)]


def quotes() -> tuple[int, int]:
    """Over all sets and answers: quotes that are verbatim at their offsets, and all quotes."""
    sets = _sets(results.load("ask"))
    parts = [figures[part] for figures in sets for part in ("shipped", "always") if part in figures]
    return sum(p["verbatim_quotes"] for p in parts), sum(p["quotes"] for p in parts)


def _sets(ask: dict[str, Any]) -> list[dict[str, Any]]:
    return [figures for figures in ask.values() if "retrieval" in figures]


TABLES: dict[str, Callable[[], str]] = {"retrieval": _retrieval, "answers": _answers}
