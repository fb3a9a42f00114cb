"""The pack: all that training needs, in one folder that git ignores, to be carried to any machine.

`base-N.safetensors` (stock weights, matrices in 8 bits), `tokenizer.json`, `round-N.jsonl.gz` (pairs in the order in
which they are read: claim, evidence, label, set), `held.jsonl.gz` (pairs to choose with).
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor

from training.verifier.base import network, packed, unpacked
from training.verifier.batches import Tokens, tokens
from training.verifier.model import MPNET, Network
from training.verifier.pairs import Pair

LARGEST = 55_000_000  # bytes of one part


def write_base(weights: dict[str, Tensor], tokenizer: Path, folder: Path) -> None:
    """The stock weights in parts of at most LARGEST bytes, and their tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    part: dict[str, Tensor] = {}
    size, number = 0, 0
    for name, weight in packed(weights).items():
        bytes_ = weight.numel() * weight.element_size()
        if part and size + bytes_ > LARGEST:
            save_file(part, folder / f"base-{number}.safetensors")
            part, size, number = {}, 0, number + 1
        part[name] = weight.contiguous()
        size += bytes_
    save_file(part, folder / f"base-{number}.safetensors")
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


def read_base(folder: Path, layers: int, seed: int = 0) -> Network:
    """The network that training starts from."""
    found: dict[str, Tensor] = {}
    for path in sorted(folder.glob("base-*.safetensors")):
        found.update(load_file(path))
    return network(MPNET, unpacked(found), layers, seed)


def write_pairs(found: Sequence[Pair], path: Path) -> None:
    """Pairs as gzipped JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with gzip.open(temporary, "wt", encoding="utf-8") as lines:
        for pair in found:
            lines.write(json.dumps([pair.claim, pair.evidence, pair.label, pair.source], ensure_ascii=False) + "\n")
    temporary.replace(path)


def read_pairs(path: Path) -> Iterator[tuple[str, str, int, str]]:
    """(claim, evidence, label, set) of each pair."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            claim, evidence, label, source = json.loads(line)
            yield claim, evidence, label, source


class Blocks:
    """The pairs of a pack's rounds in blocks of `size`, as tokens; after the last round comes the first."""

    def __init__(self, folder: Path, tokenizer: Tokenizer, size: int) -> None:
        self.folder, self.tokenizer, self.size = folder, tokenizer, size
        self._round, self._before = 0, 0  # the round that is read, and how many blocks came before it
        self._found: list[tuple[str, str, int, str]] = []

    def __call__(self, block: int) -> list[Tokens]:
        while block >= self._before + self._count():
            path = self.folder / f"round-{self._round + 1}.jsonl.gz"
            self._before += self._count()
            self._round = self._round + 1 if path.exists() else 1
            path = self.folder / f"round-{self._round}.jsonl.gz"
            self._found = list(read_pairs(path))
        start = (block - self._before) * self.size
        return tokens([pair[:3] for pair in self._found[start : start + self.size]], self.tokenizer)

    def _count(self) -> int:
        return -(-len(self._found) // self.size)
