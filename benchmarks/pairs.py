"""The public sets of claims with labelled evidence, read from the folder that `--data` names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.rows import detokenised, in_fitting_half, rows

__all__ = ["LABELS", "MOST", "SETS", "TRIAL", "Pair", "drawn", "pairs", "trial_claims"]

TRIAL = "trial"  # claims of an editor on real news; nothing is fitted on it
SETS = (
    "written",
    TRIAL,
    "vitaminc_real",
    "fever_symmetric",
    "scifact",
    "cad_nli",
    "lingnli",
    "rte",
    "wice",
    "qags",
    "summedits",
)
MOST = 1_000  # pairs of a set that are read: a share of them has a margin of 3 points
LABELS = {"SUPPORTED": 0, "REFUTED": 1, "NOT_ENOUGH_EVIDENCE": 2, "NOT_SUPPORTED": 3}  # the last: either of two


@dataclass(frozen=True)
class Pair:
    """A claim, evidence and a label of LABELS; `page` is the article or Wikipedia page where known.

    `title` and `date` (ISO) are the article's, "" where they are not known.
    """

    claim: str
    evidence: str
    label: int
    page: str
    title: str = ""
    date: str = ""
    open: bool = True  # whether anything may be fitted on its set

    @property
    def fitted(self) -> bool:
        """Whether calibration may see it: a fixed half, all pairs of a page or of a claim together."""
        return self.open and in_fitting_half(self.page or self.claim)


def pairs(data: Path, name: str) -> list[Pair]:
    """All pairs of a development set, spaced as people write."""
    if name == TRIAL:
        return list(_trial(data))
    return [
        Pair(
            detokenised(row["claim"]),
            detokenised(row["evidence"]),
            LABELS[row["label"]],
            row.get("article") or row.get("page") or "",
            row.get("title") or "",
            row.get("date") or "",
        )
        for row in rows(data / "verify" / "dev" / f"{name}.jsonl.gz")
    ]


def drawn(found: list[Pair], most: int = MOST) -> list[Pair]:
    """At most `most` of the pairs, always the same ones, in their order."""
    chosen = Random(0).sample(range(len(found)), min(most, len(found)))
    return [found[i] for i in sorted(chosen)]


def trial_claims(data: Path) -> Iterator[dict[str, Any]]:
    """The rows of the trial that make one claim each: `claim`, `label`, `article_ids`, `evidence` (sentences)."""
    for line in (data / "trial" / "claims.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] != "compound":
            yield row


def _trial(data: Path) -> Iterator[Pair]:
    """Each single claim with the sentences that decide it, or that come nearest to it."""
    for row in trial_claims(data):
        page = row["article_ids"][0]
        yield Pair(row["claim"], " ".join(row["evidence"]), LABELS[row["label"]], page, open=False)
