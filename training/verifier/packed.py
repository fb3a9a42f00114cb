"""Reading a pack: the folder with all that training needs (see `pack.py`)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from training.verifier.batches import Tokens, tokens
from training.verifier.model import MINILM, MPNET, Network, Shape, new_head

SHAPES = {"mpnet": MPNET, "minilm": MINILM}
Row = tuple[str, str, int, str]  # claim, evidence, label, set


def packed(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Matrices as int8 with a float32 scale a row (`NAME.scale`); all else in float32."""
    made = {}
    for name, weight in weights.items():
        if weight.dim() == 2:
            scale = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / 127
            made[name], made[f"{name}.scale"] = (weight / scale).round().to(torch.int8), scale[:, 0]
        else:
            made[name] = weight
    return made


def unpacked(found: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The way back from `packed`, to float32."""
    return {
        name: weight.float() * found[f"{name}.scale"][:, None] if weight.dtype == torch.int8 else weight
        for name, weight in found.items()
        if not name.endswith(".scale")
    }


def network(shape: Shape, weights: Mapping[str, Tensor], layers: int, seed: int = 0) -> Network:
    """A network with the lowest `layers` of the weights, and untrained logits."""
    made = Network(shape.cut(layers))
    new_head(made, seed)
    fitting = {name: weight for name, weight in weights.items() if name in made.state_dict()}
    missing, _ = made.load_state_dict(fitting, strict=False)
    if any(not name.startswith("logits.") for name in missing):
        raise ValueError(f"the weights do not fit: {missing} missing")
    return made


def read_base(folder: Path, base: str, layers: int) -> Network:
    """The network that training starts from; `base` is one of SHAPES."""
    found: dict[str, Tensor] = {}
    for path in sorted(folder.glob(f"{base}-*.safetensors")):
        found.update(load_file(path))
    return network(SHAPES[base], unpacked(found), layers)


def read_pairs(path: Path) -> Iterator[Row]:
    """The pairs of a `round-N.jsonl.gz` or of `held.jsonl.gz`."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            claim, evidence, label, source = json.loads(line)
            yield claim, evidence, label, source


def rounds(folder: Path) -> list[Path]:
    """The pack's rounds, in the order in which they are read."""
    return sorted(folder.glob("round-*.jsonl.gz"))


class Blocks:
    """The pairs of a pack's rounds in blocks of `size`, as tokens; after the last round comes the first."""

    def __init__(self, folder: Path, tokenizer: Tokenizer, size: int) -> None:
        self.rounds, self.tokenizer, self.size = rounds(folder), tokenizer, size
        self._next, self._before = 0, 0  # the round after the one that is read; the blocks before that one
        self._found: list[Row] = []

    def __call__(self, block: int) -> list[Tokens]:
        while block >= self._before + self._count():
            self._before += self._count()
            self._found = list(read_pairs(self.rounds[self._next % len(self.rounds)]))
            self._next += 1
        start = (block - self._before) * self.size
        return tokens([pair[:3] for pair in self._found[start : start + self.size]], self.tokenizer)

    def _count(self) -> int:
        return -(-len(self._found) // self.size)
