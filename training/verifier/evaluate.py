"""Figures of the logits alone on the development sets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.verifier.batches import Tokens, parts, tensors, tokens
from training.verifier.model import Network
from training.verifier.pairs import LABELS, NOT_SUPPORTED, REFUTED, SUPPORTED, Pair

AT_ONCE = 2_048  # tokens


def logits_of(network: Network, found: Sequence[Tokens], device: str = "cpu", workers: int = 2) -> NDArray[np.float32]:
    """[pairs, 3], in the order of `found`."""
    order = sorted(range(len(found)), key=lambda i: len(found[i].ids))
    made = np.zeros((len(found), 3), dtype=np.float32)

    def run(part: Sequence[Tokens]) -> NDArray[np.float32]:
        ids, mask, types, _ = tensors(part, network.shape.pad, device)
        with torch.no_grad():
            return network(ids, mask, types).float().cpu().numpy()  # type: ignore[no-any-return]

    with ThreadPoolExecutor(workers) as pool:
        rows = np.concatenate(list(pool.map(run, parts([found[i] for i in order], AT_ONCE))))
    made[order] = rows
    return made


def accuracy(logits: NDArray[np.float32], labels: Sequence[int]) -> tuple[float, float]:
    """(accuracy, label-balanced accuracy) of the surest class.

    Where labels are only REFUTED and SUPPORTED, the third class is not asked for; where some only say NOT_SUPPORTED,
    the two other classes count as one.
    """
    truth = np.array(labels)
    if NOT_SUPPORTED in truth:
        odds = logits[:, 0] - np.logaddexp(logits[:, 1], logits[:, 2])
        said, truth = np.where(odds > 0, 0, 1), np.where(truth == SUPPORTED, 0, 1)
    elif set(truth) == {SUPPORTED, REFUTED}:
        said = logits[:, :2].argmax(axis=1)
    else:
        said = logits.argmax(axis=1)
    right = said == truth
    return float(right.mean()), float(np.mean([right[truth == label].mean() for label in np.unique(truth)]))


def trial(folder: Path) -> list[Pair]:
    """The trial's single claims, each with the sentences that decide it."""
    found = []
    for line in (folder / "claims.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row.get("parts"):
            found.append(Pair(row["claim"], " ".join(row["evidence"]), LABELS[row["label"]], "trial"))
    return found


def as_tokens(found: Sequence[Pair], tokenizer: Tokenizer) -> list[Tokens]:
    """The pairs as the network reads them."""
    return tokens([(pair.claim, pair.evidence, pair.label) for pair in found], tokenizer)
