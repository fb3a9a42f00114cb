"""Running int8 graphs: the same numbers on every processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, load, numpy_helper, save
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from factbot.models.inference import BYTE, SUMS, TERMS, WEIGHT, OnnxModel
from training import sums


def test_large_products_are_summed_whole_on_processors_without_instructions_for_them(tmp_path: Path) -> None:
    """Without VNNI a processor adds two products in 16 bits, where they are cut off, unless it is told not to."""
    weights = numpy_helper.from_array(np.full((TERMS, 3), WEIGHT, np.int8), "weights")
    nodes = [
        helper.make_node("Cast", ["input_ids"], ["bytes"], to=TensorProto.UINT8),
        helper.make_node("MatMulInteger", ["bytes", "weights"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["sums"], to=TensorProto.FLOAT),
    ]
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, TERMS])]
    inputs.append(helper.make_tensor_value_info("attention_mask", TensorProto.INT64, [1, TERMS]))
    outputs = [helper.make_tensor_value_info("sums", TensorProto.FLOAT, [1, 3])]
    graph = helper.make_graph(nodes, "sums", inputs, outputs, [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    save(model, tmp_path / "sums.onnx")
    tokenizer = Tokenizer(WordLevel({"word": BYTE, "?": 0}, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))

    made = OnnxModel(tmp_path / "sums.onnx", tmp_path / "tokenizer.json", TERMS)([" ".join(["word"] * TERMS)])

    assert made.tolist() == [[TERMS * BYTE * WEIGHT] * 3]


def test_the_shipped_test_graph_is_what_its_script_makes() -> None:
    assert load(str(SUMS)).graph == sums.graph().graph
