"""Trained models as int8 ONNX files."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from training.weights import stock_folder

if TYPE_CHECKING:
    from transformers import BertForSequenceClassification

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


def int8(
    module: nn.Module,
    path: Path,
    inputs: Sequence[str],
    output: str,
    whole: Sequence[str] = (),
) -> Path:
    """Write the module as an int8 graph to `path`, matrices with one scale for each output channel.

    `inputs` are int64 [pairs, tokens], in the order that the module takes them; `output` [pairs, ...]. Weights
    whose names end in one of `whole` stay float32.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    floats = path.with_suffix(".float32.onnx")
    sample = torch.ones((2, 8), dtype=torch.long)
    axes = {name: {0: "pairs", 1: "tokens"} for name in inputs} | {output: {0: "pairs"}}
    torch.onnx.export(
        module.eval(),
        tuple(sample for _ in inputs),
        str(floats),
        input_names=list(inputs),
        output_names=[output],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    # One scale a channel keeps far more than one a matrix: cosine .993 instead of .955 on a like encoder.
    quantize_dynamic(
        floats,
        path,
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=_users(floats, whole),
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    floats.unlink()
    return path


def _users(graph: Path, whole: Sequence[str]) -> list[str]:
    """The names of the nodes that read a weight whose name ends in one of `whole`."""
    if not whole:
        return []
    nodes = onnx.load(str(graph)).graph.node
    return [node.name for node in nodes if any(name.endswith(tuple(whole)) for name in node.input)]


class _Named(nn.Module):
    """A model of transformers as a function of its three inputs."""

    def __init__(self, model: BertForSequenceClassification) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        given: Mapping[str, Tensor] = dict(zip(INPUTS, (input_ids, attention_mask, token_type_ids), strict=True))
        logits: Tensor = self.model(**given).logits
        return logits


def export(model: BertForSequenceClassification, folder: Path, name: str) -> Path:
    """Write a cross-encoder of transformers as `NAME.onnx` with the stock `tokenizer.json` into `folder`.

    Inputs input_ids, attention_mask, token_type_ids, all int64 [pairs, tokens]; output logits [pairs, labels].
    """
    model.set_attn_implementation("eager")
    made = int8(_Named(model), folder / f"{name}.onnx", INPUTS, "logits")
    shutil.copyfile(stock_folder() / "tokenizer.json", folder / "tokenizer.json")
    (folder / "tokenizer.json").chmod(0o644)
    return made
