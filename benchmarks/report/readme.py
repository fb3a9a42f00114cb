"""The figures in the project's README.md, from the same results as the report."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from benchmarks import results
from benchmarks.metrics import bootstrap, recall_at
from benchmarks.paths import CLAIMS
from benchmarks.report.answers import abstained, news, quotes, shipped_holds
from benchmarks.report.cells import table

__all__ = ["figures"]

NONE = "–"


def figures() -> str:
    """A Markdown table: what was measured, a simple way of doing it, factbot."""
    return table([["what was measured", "a simple way", "factbot"], *_answers(), *_claims(), *_speed()])


def _answers() -> list[list[str]]:
    squad = results.load("ask")["squad2"]
    kinds = zip(squad["answerable"], squad["shipped"]["answered"], strict=True)
    unanswerable = [answered for answerable, answered in kinds if not answerable]
    good, counted = quotes()
    return [
        *_found(news("langchain"), "News", {1: "first passage", 5: "first five passages"}),
        *_found("squad2", "Wikipedia", {1: "first passage"}),
        ["the same: the quotes that are shown hold the answer", NONE, _percent(shipped_holds(squad))],
        [
            f"{len(unanswerable)} misleading questions that the articles do not answer: factbot says so",
            NONE,
            _percent(1 - bootstrap(unanswerable).mean),
        ],
        [
            "tells answerable from unanswerable questions (mean of both)",
            "50 % (guessing)",
            _percent(abstained(squad)),
        ],
        [f"quotes that stand word for word in their article, of {counted:,}", NONE, _percent(good / counted)],
    ]


def _found(name: str, kind: str, places: dict[int, str]) -> list[list[str]]:
    """In how many cases an accepted answer stands in the first passages that are found."""
    ask = results.load("ask")[name]
    ours, theirs = ask["retrieval"]["ranks"], results.load("peers")[name]["langchain"]["ranks"]
    asked = f"{kind}, {len(ours)} questions over {ask['articles']:,} articles"
    return [
        [
            f"{asked if k == 1 else 'the same'}: the answer is in the {place}",
            f"{_percent(recall_at(theirs, k).mean())} (langchain)",
            _percent(recall_at(ours, k).mean()),
        ]
        for k, place in places.items()
    ]


def _claims() -> list[list[str]]:
    verify, checks = results.load("verify")["sets"], results.load("verdicts")
    sets, changed = checks["sets"], checks["changed"]

    def alone(name: str, what: str) -> list[str]:
        simple = verify[name]["baselines"]["word overlap"]
        return [what, f"{_percent(simple)} (word overlap)", _percent(verify[name]["value"])]

    def whole(name: str, what: str) -> list[str]:
        found = sets[name]
        claims = f"{found['claims']} claims {what}, whole checks: verdict right"
        return [claims, f"{_percent(found['majority'])} {same}", _percent(found["accuracy"]["mean"])]

    labels = Counter(json.loads(line)["label"] for line in CLAIMS.read_text(encoding="utf-8").splitlines())
    same = "(always the same verdict)"
    trial = sets["trial"]
    return [
        alone("written", "claims in free words beside given evidence, news: judged right"),
        alone("vitaminc_real", "claims beside given evidence, small changes (VitaminC): judged right"),
        alone("summedits", "summaries beside their text, one detail changed (SummEdits): balanced accuracy"),
        whole("written", "in free words over news"),
        whole("trial", "of an editor over other news"),
        ["the same: decided as shipped, and of these right", NONE, _decided(trial)],
        whole("vitaminc_real", "close to the articles' wording (VitaminC)"),
        [
            f"**{changed['claims']} claims in other words, on the sample corpus, whole checks: verdict right**",
            f"{_percent(labels.most_common(1)[0][1] / labels.total())} {same}",
            f"**{_percent(changed['exact'])}**",
        ],
        ["the same: true claims called supported", NONE, _percent(changed["paraphrases_supported"]["mean"])],
        [
            "the same: claims with one fact changed, called supported all the same",
            NONE,
            _percent(1 - changed["changed_caught"]["mean"]),
        ],
    ]


def _decided(figures: dict[str, Any]) -> str:
    right = figures["precision"]
    return f"{_percent(figures['decided'])}, {NONE if right is None else _percent(right)}"


def _speed() -> list[list[str]]:
    answering, checking = results.load("speed")["answering"], results.load("pace")

    def timed(what: str, found: dict[str, Any], key: str) -> list[str]:
        return [
            f"{what}, {found['passages']:,} passages, two cores: median",
            NONE,
            f"{found[key]['p50'] / 1e3:.2f} s",
        ]

    return [timed("question to answer", answering, "ask_ms"), timed("claim to verdict", checking, "check_ms")]


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
