"""From pairs to tensors: tokens, and parts of like length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor

WIDTHS = 8  # every part's width is a multiple: few shapes keep small what PyTorch remembers of each
MOST_TOKENS = 320  # of claim and evidence together, as factbot reads them


@dataclass(frozen=True)
class Tokens:
    """A pair as the network reads it: token ids, each one's type (0 claim, 1 evidence), and its label."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    label: int


def load_tokenizer(path: Path, most: int = MOST_TOKENS) -> Tokenizer:
    """The tokenizer of a `tokenizer.json`, which cuts the evidence where a pair has over `most` tokens."""
    made = Tokenizer.from_file(str(path))
    made.no_padding()
    made.enable_truncation(most, strategy="only_second")
    return made


def tokens(found: Sequence[tuple[str, str, int]], tokenizer: Tokenizer) -> list[Tokens]:
    """(claim, evidence, label) -> tokens, in the same order."""
    encodings = tokenizer.encode_batch([(claim, evidence) for claim, evidence, _ in found])
    return [
        Tokens(tuple(e.ids), tuple(e.type_ids), label) for e, (_, _, label) in zip(encodings, found, strict=True)
    ]


def width(size: int) -> int:
    """The width of a part whose longest pair has `size` tokens."""
    return -(-size // WIDTHS) * WIDTHS


def parts(found: Sequence[Tokens], room: int) -> list[list[Tokens]]:
    """Parts of like length, each of at most `room` tokens with its padding."""
    made: list[list[Tokens]] = []
    part: list[Tokens] = []
    for pair in sorted(found, key=lambda pair: len(pair.ids)):
        if part and (len(part) + 1) * width(len(pair.ids)) > room:
            made.append(part)
            part = []
        part.append(pair)
    return [*made, part] if part else made


def steps(found: Sequence[Tokens], room: int, parts_a_step: int, random: Random) -> list[list[list[Tokens]]]:
    """Steps of `parts_a_step` parts: each part holds pairs of like length, each step parts of any length."""
    made = parts(found, room)
    random.shuffle(made)
    return [made[start : start + parts_a_step] for start in range(0, len(made), parts_a_step)]


def tensors(part: Sequence[Tokens], pad: int, device: str = "cpu") -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """ids, mask, types [pairs, tokens] and labels [pairs], all int64."""
    ids = torch.full((len(part), width(max(len(pair.ids) for pair in part))), pad)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, pair in enumerate(part):
        size = len(pair.ids)
        ids[row, :size] = torch.tensor(pair.ids)
        types[row, :size] = torch.tensor(pair.types)
        mask[row, :size] = 1
    labels = torch.tensor([pair.label for pair in part])
    return ids.to(device), mask.to(device), types.to(device), labels.to(device)
