"""`python -m training.verifier.export`: the trained network as an int8 ONNX file."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch

from factbot.models.export import export_int8
from training.verifier.model import Network, trained

INPUTS = ["input_ids", "attention_mask"]  # no token types: MPNet has none


def export(network: Network, tokenizer: Path, folder: Path) -> Path:
    """Write `verifier.onnx` and `tokenizer.json` into `folder`.

    Inputs input_ids and attention_mask, int64 [pairs, tokens], at most 320 tokens as trained; output logits
    [pairs, 3]: supported, refuted, not enough.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "verifier.onnx"
    sample = torch.ones((2, 8), dtype=torch.long)
    export_int8(network, dict.fromkeys(INPUTS, sample), "logits", made, kept=("distances.weight",))
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    (folder / "tokenizer.json").chmod(0o644)
    return made


def main() -> None:
    """Read a finished run and write the model."""
    parser = argparse.ArgumentParser(prog="python -m training.verifier.export", description=__doc__)
    parser.add_argument("--run", type=Path, default=Path("build/verifier"))
    parser.add_argument("--pack", type=Path, default=Path("build/verifier-pack"))
    parser.add_argument("--model", type=Path, default=Path("build/verifier/export"))
    arguments = parser.parse_args()
    path = export(trained(arguments.run / "network.pt"), arguments.pack / "mpnet.json", arguments.model)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
