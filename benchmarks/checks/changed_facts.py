"""The changed-fact set: claims on the sample corpus, of which nothing was trained on or fitted to."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bot import open_synced
from benchmarks.metrics import bootstrap, calibration_error
from benchmarks.paths import CLAIMS, SAMPLE_CORPUS

__all__ = ["changed_facts"]


def changed_facts(cache: Path, sample: int = 0) -> dict[str, Any]:
    """Check every claim of the changed-fact set against the sample corpus, through the public methods."""
    rows = [json.loads(line) for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
    said: dict[str, list[str]] = defaultdict(list)
    right, sure = [], []
    with open_synced(SAMPLE_CORPUS, cache / "sample-index") as bot:
        for row in rows[: sample or None]:
            check = next(c for c in bot.check(row["claim"]).claims)
            said[row["kind"]].append(check.verdict)
            right.append(check.verdict == row["label"])
            sure.append(check.confidence)
    true = said.pop("paraphrase")
    silent = said.pop("silent", [])
    changed = {
        kind: float(np.mean([v != "supported" for v in verdicts])) for kind, verdicts in sorted(said.items())
    }
    together = [v for found in said.values() for v in found]
    return {
        "claims": len(right),
        "paraphrases_supported": bootstrap([v == "supported" for v in true]).to_dict(),
        "changed_caught": bootstrap([v != "supported" for v in together]).to_dict(),
        "changed_refuted": float(np.mean([v == "refuted" for v in together])),
        "caught_by_kind": changed,
        "silent_not_decided": float(np.mean([v == "not_enough_evidence" for v in silent])) if silent else None,
        "paraphrases_refuted": float(np.mean([v == "refuted" for v in true])),
        "exact": float(np.mean(right)),
        "ece": calibration_error(np.array(right), np.array(sure)),
    }
