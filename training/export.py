"""The trained model as an int8 ONNX file."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertForSequenceClassification

from factbot.models.export import export_int8

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


class _Logits(nn.Module):
    def __init__(self, model: BertForSequenceClassification) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        output = self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        logits: Tensor = output.logits
        return logits


def export(model: BertForSequenceClassification, folder: Path, name: str) -> Path:
    """Write `NAME.onnx` into `folder`. It reads the stock tokenizer, which is `factbot/models/tokenizer.json`.

    Inputs input_ids, attention_mask, token_type_ids, all int64 [pairs, tokens]; output logits [pairs, labels].
    """
    folder.mkdir(parents=True, exist_ok=True)
    model.set_attn_implementation("eager")
    sample = torch.ones((2, 8), dtype=torch.long)
    inputs = dict(zip(INPUTS, (sample, sample, torch.zeros_like(sample)), strict=True))
    graph = folder / f"{name}.onnx"
    export_int8(_Logits(model), inputs, "logits", graph)
    return graph
