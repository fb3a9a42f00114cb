"""`python -m training.verifier.export`: the trained network as an int8 ONNX file."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch

from factbot.models.export import export_int8
from training.verifier.model import Network, trained
from training.verifier.packed import SHAPES

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]  # the last where the network tells types apart


def export(network: Network, tokenizer: Path, folder: Path) -> Path:
    """Write `verifier.onnx` and `tokenizer.json` into `folder`.

    Inputs input_ids, attention_mask and, but for MPNet, token_type_ids, int64 [pairs, tokens], at most 320 tokens
    as trained; output logits [pairs, 3]: supported, refuted, not enough.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "verifier.onnx"
    sample = torch.ones((2, 8), dtype=torch.long)
    inputs = dict.fromkeys(INPUTS if network.types is not None else INPUTS[:2], sample)
    export_int8(network, inputs, "logits", made, kept=("distances.weight",))
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    (folder / "tokenizer.json").chmod(0o644)
    return made


def main() -> None:
    """Read a finished run and write the model."""
    parser = argparse.ArgumentParser(prog="python -m training.verifier.export", description=__doc__)
    parser.add_argument("--run", type=Path, default=Path("build/verifier"))
    parser.add_argument("--pack", type=Path, default=Path("build/verifier-pack"))
    parser.add_argument("--base", choices=SHAPES, default="mpnet")
    parser.add_argument("--model", type=Path, default=Path("build/verifier/export"))
    arguments = parser.parse_args()
    tokenizer = arguments.pack / f"{arguments.base}.json"
    path = export(trained(arguments.run / "network.pt"), tokenizer, arguments.model)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
