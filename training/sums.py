"""The graph that shows `factbot.models.inference` how a processor adds int8 products: `python -m training.sums`.

As many products as the 64 bytes of a row, of the largest values there are: any two of them pass 16 bits.
"""

from __future__ import annotations

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper, save

from factbot.models.inference import SUMS, TERMS, WEIGHT

COLUMNS = 16


def graph() -> ModelProto:
    """`bytes`, uint8 [rows, 64], times int8 weights that are all 127 -> `sums`, int32 [rows, 16]."""
    weights = numpy_helper.from_array(np.full((TERMS, COLUMNS), WEIGHT, np.int8), "weights")
    product = helper.make_node("MatMulInteger", ["bytes", "weights"], ["sums"])
    taken = helper.make_tensor_value_info("bytes", TensorProto.UINT8, ["rows", TERMS])
    given = helper.make_tensor_value_info("sums", TensorProto.INT32, ["rows", COLUMNS])
    made = helper.make_graph([product], "sums", [taken], [given], [weights])
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


if __name__ == "__main__":
    save(graph(), SUMS)
