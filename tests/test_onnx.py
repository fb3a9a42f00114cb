"""Running int8 graphs: the same numbers on every processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from factbot.onnx import OnnxModel

TOKENS, LARGEST, WEIGHT = 64, 255, 127  # the largest values of 8 bits, so that sums of two pass 16 bits


def test_large_products_are_summed_whole_on_processors_without_instructions_for_them(tmp_path: Path) -> None:
    """Without VNNI a processor adds two products in 16 bits, where they are cut off, unless it is told not to."""
    weights = numpy_helper.from_array(np.full((TOKENS, 3), WEIGHT, np.int8), "weights")
    nodes = [
        helper.make_node("Cast", ["input_ids"], ["bytes"], to=TensorProto.UINT8),
        helper.make_node("MatMulInteger", ["bytes", "weights"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["sums"], to=TensorProto.FLOAT),
    ]
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, TOKENS])]
    inputs.append(helper.make_tensor_value_info("attention_mask", TensorProto.INT64, [1, TOKENS]))
    outputs = [helper.make_tensor_value_info("sums", TensorProto.FLOAT, [1, 3])]
    graph = helper.make_graph(nodes, "sums", inputs, outputs, [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    save(model, tmp_path / "sums.onnx")
    tokenizer = Tokenizer(WordLevel({"word": LARGEST, "?": 0}, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))

    made = OnnxModel(tmp_path / "sums.onnx", TOKENS)([" ".join(["word"] * TOKENS)])

    assert made.tolist() == [[TOKENS * LARGEST * WEIGHT] * 3]
