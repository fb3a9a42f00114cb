"""`gate`: the quality of answers and checks on the project's own sample may not fall under `gate/floors.json`.

A floor is lowered only by hand, in that file. `tests/system/test_quality_gate.py` runs the same.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bot import open_synced, quotes_hold, verbatim_quotes
from benchmarks.metrics import balanced_accuracy, rank_of_answer
from benchmarks.paths import GATE, SAMPLE_CORPUS

__all__ = ["Quality", "floors", "measure", "run", "shortfalls"]

EVERY = 2  # every second question: half a minute on two cores
EVERY_CLAIM = 6  # and every sixth claim


@dataclass(frozen=True)
class Quality:
    """Shares from 0 to 1, over the questions of `gate/part_*.jsonl` and the claims of `gate/claims.jsonl`.

    A changed claim is caught where its verdict is anything but supported.
    """

    recall_at_5: float
    quotes_hold_answer: float
    abstention_balanced_accuracy: float
    verbatim_quotes: float
    paraphrases_supported: float
    changed_claims_caught: float


def measure() -> Quality:
    """Index the sample corpus in a temporary folder, ask the questions and check the claims."""
    questions = _rows("part_*.jsonl")[::EVERY]
    claims = [row for row in _rows("claims.jsonl") if row["kind"] != "silent"][::EVERY_CLAIM]
    found, held, answerable, answered = [], [], [], []
    quotes = verbatim = 0
    with tempfile.TemporaryDirectory() as index, open_synced(SAMPLE_CORPUS, Path(index)) as bot:
        chain = bot.chain  # step by step, so that the passages and the answer cost one reading and not two
        for question in questions:
            working = chain.read(chain.find(chain.understand(question["question"])))
            *_, answer = chain.compose(chain.select(working))
            answerable.append(bool(question["answer"]))
            answered.append(answer.answered)
            counted, good = verbatim_quotes(bot, answer)
            quotes, verbatim = quotes + counted, verbatim + good
            if question["answer"]:
                found.append(0 < rank_of_answer([p.text for p in working.passages], question["answer"]) <= 5)
                held.append(quotes_hold(answer, question["answer"]))
        said = {row["id"]: bot.check(row["claim"]).claims[0].verdict for row in claims}
    true = [said[row["id"]] == "supported" for row in claims if row["kind"] == "paraphrase"]
    changed = [said[row["id"]] != "supported" for row in claims if row["kind"] != "paraphrase"]
    return Quality(
        sum(found) / len(found),
        sum(held) / len(held),
        balanced_accuracy(answerable, answered),
        verbatim / quotes,
        sum(true) / len(true),
        sum(changed) / len(changed),
    )


def _rows(pattern: str) -> list[dict[str, Any]]:
    paths = sorted(GATE.glob(pattern))
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def floors() -> Quality:
    return Quality(**json.loads((GATE / "floors.json").read_text(encoding="utf-8")))


def shortfalls(quality: Quality, least: Quality) -> list[str]:
    """One line for each figure under its floor."""
    return [
        f"{name} is {value:.3f}, under its floor of {getattr(least, name):.3f}"
        for name, value in vars(quality).items()
        if value < getattr(least, name)
    ]


def run() -> int:
    """Print the figures; 1 where one is under its floor."""
    quality = measure()
    print(json.dumps(vars(quality), indent=1))
    short = shortfalls(quality, floors())
    print("\n".join(short))
    return int(bool(short))
