"""The report's part on language models: their answers beside the quoted ones, and as judges."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import results
from benchmarks.metrics import Interval
from benchmarks.paths import GATE
from benchmarks.report.cells import interval, share, table

__all__ = ["TABLES", "printed", "targets"]

BY_HAND = GATE / "by_hand.json"
INTRODUCTION = """# Answers on the sample corpus, with a language model set

`python -m benchmarks report` writes this file from `llm.json` and `../gate/by_hand.json`. "Words" names the model
whose words are shown, or says "quoted" where the quotes took their place. "Borne out" is how many of the answer's
sentences its quotes bear out, read by hand.
"""


def _models() -> dict[str, dict[str, Any]]:
    return {name: found for name, found in results.load("llm").items() if name != "machine"}


def targets() -> list[list[str]]:
    """Rows of the table of targets: what, to reach, reached, whether it is met."""
    rows: list[list[str]] = []
    for name, sets in _models().items():
        written = [figures["written"] for set_name, figures in sets.items() if set_name != "printed"]
        citations, verbatim = (sum(w[key] for w in written) for key in ("citations", "verbatim"))
        shown = sum(w["sentences"] for w in written)
        strictly = sum(w["sentences"] * w["strictly"] for w in written) / max(1, shown)
        own = sum(w["own_sentences"] for w in written)
        own_strictly = sum(w["own_sentences"] * w["own_strictly"] for w in written) / max(1, own)
        first = max(w["first_stage_ms"]["p95"] for w in written)
        for what, floor, reached, is_met in (
            (
                "citations that exist, quotes verbatim",
                "100 %",
                f"{verbatim} of {citations}",
                verbatim == citations,
            ),
            ("shown sentences strictly supported", "≥ .950", f"{share(strictly)} of {shown}", strictly >= 0.95),
            ("of them in its own words", "≥ .950", f"{share(own_strictly)} of {own}", own_strictly >= 0.95),
            ("first visible stage, p95", "< 300 ms", f"{first:.1f} ms", first < 300),
        ):
            rows.append([f"{name}: {what}", floor, reached, "yes" if is_met else "**no**"])
    read = [(asked, borne_out) for _, asked, borne_out in _each_printed() if borne_out is not None]
    for what, kept in (
        ("shown sentences", read),
        ("of them in a model's words", [r for r in read if r[0]["written"]]),
    ):
        judged = sum(asked["sentences"] for asked, _ in kept)
        value = sum(borne_out for _, borne_out in kept) / max(1, judged)
        met = "yes" if value >= 0.95 else "**no**"
        rows.append(
            [f"read by hand, {len(kept)} answers: {what} borne out", "≥ .950", f"{share(value)} of {judged}", met]
        )
    return rows


def _answers() -> str:
    rows = []
    for name, sets in _models().items():
        for set_name, figures in sets.items():
            if set_name == "printed":
                continue
            for how in ("quoted", "written"):
                found = figures[how]
                if how == "quoted" and any(row[0] == f"{set_name}, quoted" for row in rows):
                    continue
                rows.append(
                    [
                        f"{set_name}, {'quoted' if how == 'quoted' else name}",
                        f"{found['answered']} of {found['questions']}",
                        f"{found['written']}",
                        share(found["strictly"]),
                        share(found["recall"]["mean"]),
                        share(found["precision"]["mean"]),
                        interval(Interval(**found["holds"])),
                        f"{found['first_words_ms']['p50'] / 1e3:.1f} / {found['first_words_ms']['p95'] / 1e3:.1f}",
                        f"{found['tokens']:,.0f}",
                    ]
                )
    if not rows:
        return ""
    head = ["set, words", "answered", "worded", "strictly supported", "citation recall", "citation precision"]
    return table([[*head, "holds the answer", "first words s", "tokens"], *rows])


def printed() -> str:
    """A Markdown page: each answer on the sample corpus, its quotes, and what reading it by hand came to."""
    lines = []
    for name, asked, known in _each_printed():
        quotes = "<br>".join(asked["quotes"]).replace("|", "\\|")
        text = asked["text"].replace("|", "\\|")
        borne_out = f"{known} of {asked['sentences']}" if known is not None else "not read"
        words = name if asked["written"] else "quoted"
        lines.append(f"| {len(lines) + 1} | {words} | {asked['question']} | {text} | {quotes} | {borne_out} |")
    head = [
        INTRODUCTION,
        "| | words | question | answer | quotes | borne out |",
        "| ---: | --- | --- | --- | --- | ---: |",
    ]
    return "\n".join([*head, *lines]) + "\n"


def _each_printed() -> Iterator[tuple[str, dict[str, Any], int | None]]:
    """The model, the answer, and how many of its sentences its quotes bear out; None where nobody has read it."""
    known = json.loads(BY_HAND.read_text(encoding="utf-8")) if BY_HAND.exists() else {}
    for name, sets in _models().items():
        for asked in sets.get("printed", ()):
            yield name, asked, known.get(asked["text"])


def _judge() -> str:
    rows = [
        [
            name,
            f"{found['claims']}",
            share(found["model_alone"]),
            *(interval(Interval(**found[who]["accuracy"])) for who in ("verifier", "together")),
            *(share(found[who]["ece"]) for who in ("verifier", "together")),
        ]
        for name, found in results.load("judge").items()
        if name != "machine"
    ]
    head = ["model", "unseen claims", "model alone", "verifier", "together", "ECE, verifier", "ECE, together"]
    return table([head, *rows]) if rows else ""


TABLES: dict[str, Callable[[], str]] = {"llm": _answers, "judge": _judge}
