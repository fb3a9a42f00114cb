"""`python -m training.verifier.export --run FOLDER --pack FOLDER --model FOLDER`: the trained network, int8 ONNX."""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from training.export import int8
from training.verifier.batches import MOST_TOKENS
from training.verifier.model import MPNET, Network, Shape
from training.verifier.train import LAYERS

INPUTS = ["input_ids", "attention_mask"]  # no token types: MPNet has none


class _Exported(nn.Module):
    """The network with how much each distance counts looked up beforehand: a table [distances, heads]."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        logits: Tensor = self.network(input_ids, attention_mask)
        return logits


def export(network: Network, tokenizer: Path, folder: Path) -> Path:
    """Write `verifier.onnx` and `tokenizer.json` into `folder`.

    Inputs input_ids and attention_mask, int64 [pairs, tokens], at most MOST_TOKENS tokens; output logits [pairs, 3]:
    supported, refuted, not enough.
    """
    made = int8(_Exported(network), folder / "verifier.onnx", INPUTS, "logits", whole=("distances.weight",))
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    (folder / "tokenizer.json").chmod(0o644)
    return made


def trained(path: Path, shape: Shape = MPNET) -> Network:
    """The network of a run's `network.pt` or `checkpoint.pt`, float32."""
    state = torch.load(path, weights_only=True, map_location="cpu")
    state = state.get("network", state)
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    made = Network(replace(shape, layers=layers))
    made.load_state_dict(state)
    return made.eval()


def main() -> None:
    """Read a finished run and write the model."""
    parser = argparse.ArgumentParser(prog="python -m training.verifier.export", description=__doc__)
    parser.add_argument("--run", type=Path, default=Path("build/verifier"))
    parser.add_argument("--pack", type=Path, default=Path("build/verifier-pack"))
    parser.add_argument("--model", type=Path, default=Path("build/verifier/export"))
    arguments = parser.parse_args()
    path = export(trained(arguments.run / "network.pt"), arguments.pack / "tokenizer.json", arguments.model)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
