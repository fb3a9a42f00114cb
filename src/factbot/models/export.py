"""A torch module as an int8 ONNX graph. It loads torch, so only who converts or trains a model imports it."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

__all__ = ["export_int8"]

FLOAT = 1  # ONNX's number for the type of what the quantiser cannot tell the type of


def export_int8(
    module: torch.nn.Module,
    inputs: Mapping[str, torch.Tensor],
    output: str,
    graph: Path,
    kept: Sequence[str] = (),
) -> None:
    """Write a module to the file `graph`, its weights as int8 with one scale for each output channel.

    One scale a channel keeps far more than one a matrix: a cosine of .993 to the original instead of .955.
    `inputs` are examples by name, int64 [texts, tokens], in the order in which the module takes them; both sizes
    stay free. `output` is the name of what it gives, [texts, ...]. Weights whose names end in one of `kept` stay
    as they are. Raises whatever the exporter raises.
    """
    whole = graph.with_suffix(".float32.onnx")
    try:
        with _quietly(), torch.no_grad():
            torch.onnx.export(
                module.eval(),
                tuple(inputs.values()),
                str(whole),
                input_names=list(inputs),
                output_names=[output],
                dynamic_axes={**{name: {0: "text", 1: "token"} for name in inputs}, output: {0: "text"}},
                opset_version=17,
                dynamo=False,  # the newer exporter fixes the number of texts in some models' pooling
            )
            quantize_dynamic(
                whole,
                graph,
                weight_type=QuantType.QInt8,
                per_channel=True,
                nodes_to_exclude=_readers_of(kept, whole) if kept else [],
                extra_options={"DefaultTensorType": FLOAT},
            )
    finally:
        whole.unlink(missing_ok=True)


def _readers_of(weights: Sequence[str], graph: Path) -> list[str]:
    """The names of the nodes that read a weight whose name ends in one of `weights`."""
    nodes = onnx.load(str(graph)).graph.node
    return [node.name for node in nodes if any(name.endswith(tuple(weights)) for name in node.input)]


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the warnings of the exporter and of the quantiser, which help nobody who did not write the model."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.setLevel(level)
