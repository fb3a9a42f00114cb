"""The trained model as an int8 ONNX file."""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import BertForSequenceClassification

from training.weights import stock_folder

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
    """Write `NAME.onnx` (int8, one scale for each output channel) and `tokenizer.json` into `folder`.

    Inputs input_ids, attention_mask, token_type_ids, all int64 [pairs, tokens]; output logits [pairs, 1].
    """
    folder.mkdir(parents=True, exist_ok=True)
    model.set_attn_implementation("eager")
    whole = folder / "float32.onnx"
    sample = torch.ones((2, 8), dtype=torch.long)
    axes = {name: {0: "pairs", 1: "tokens"} for name in INPUTS} | {"logits": {0: "pairs"}}
    torch.onnx.export(
        _Logits(model).eval(),
        (sample, sample, torch.zeros_like(sample)),
        str(whole),
        input_names=INPUTS,
        output_names=["logits"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    # One scale a channel keeps far more than one a matrix: cosine .993 instead of .955 on a like encoder.
    options = {"DefaultTensorType": 1}
    quantize_dynamic(
        whole, folder / f"{name}.onnx", per_channel=True, weight_type=QuantType.QInt8, extra_options=options
    )
    whole.unlink()
    shutil.copyfile(stock_folder() / "tokenizer.json", folder / "tokenizer.json")
    (folder / "tokenizer.json").chmod(0o644)
    return folder / f"{name}.onnx"
