"""The public sets of claims with labelled evidence, read from the folder that `--data` names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import detokenised, in_fitting_half, rows

__all__ = ["LABELS", "SETS", "Pair", "pairs"]

SETS = ("vitaminc_real", "fever_symmetric", "scifact", "cad_nli", "lingnli", "summedits")
LABELS = {"SUPPORTED": 0, "REFUTED": 1, "NOT_ENOUGH_EVIDENCE": 2, "NOT_SUPPORTED": 3}  # the last: either of two


@dataclass(frozen=True)
class Pair:
    """A claim, evidence and a label of LABELS; `page` is the Wikipedia page where known."""

    claim: str
    evidence: str
    label: int
    page: str

    @property
    def fitted(self) -> bool:
        """Whether calibration may see it: a fixed half, all pairs of a page or of a claim together."""
        return in_fitting_half(self.page or self.claim)


def pairs(data: Path, name: str) -> list[Pair]:
    """All pairs of a development set, spaced as people write."""
    return [
        Pair(detokenised(row["claim"]), detokenised(row["evidence"]), LABELS[row["label"]], row.get("page") or "")
        for row in rows(data / "verify" / "dev" / f"{name}.jsonl.gz")
    ]
