"""`python -m training.verifier.pack --data DIR --mpnet DIR`: one folder with all that training needs.

It can be carried to any machine with torch, tokenizers and safetensors, and git ignores it. No file in it is over
60 MB: `NAME-N.safetensors` (stock weights, matrices in 8 bits), `NAME.json` (their tokenizer), `round-N.jsonl.gz`
(pairs in the order in which they are read), `held.jsonl.gz` (pairs to choose with), `training/` and `benchmarks/`
(the code).
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

from safetensors.torch import save_file
from torch import Tensor

from training.verifier.packed import packed
from training.verifier.pairs import Pair, headed, shortened

LARGEST = 55_000_000  # bytes of weights in one file
ROUNDS = 3
SEED = 1
CODE = Path(__file__).parents[1]
READING = ("__init__.py", "rows.py")  # modules of `benchmarks` that the code reads data sets with


def write_base(weights: dict[str, Tensor], name: str, tokenizer: Path, folder: Path) -> None:
    """Stock weights in files of at most LARGEST bytes, and their tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    part: dict[str, Tensor] = {}
    size, number = 0, 0
    for key, weight in packed(weights).items():
        more = weight.numel() * weight.element_size()
        if part and size + more > LARGEST:
            save_file(part, folder / f"{name}-{number}.safetensors")
            part, size, number = {}, 0, number + 1
        part[key] = weight.contiguous()
        size += more
    save_file(part, folder / f"{name}-{number}.safetensors")
    shutil.copyfile(tokenizer, folder / f"{name}.json")


def write_pairs(found: Sequence[Pair], path: Path) -> None:
    """Pairs as gzipped JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with gzip.open(temporary, "wt", encoding="utf-8") as lines:
        for pair in found:
            row = [pair.claim, pair.evidence, pair.label, pair.source]
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    temporary.replace(path)


def write_held(found: Sequence[Pair], folder: Path) -> None:
    """The pairs that are held back, as they are read in training, in random order."""
    random = Random(SEED)
    write_pairs(
        [shortened(headed(p, random), random) for p in random.sample(found, len(found))], folder / "held.jsonl.gz"
    )


def write_code(folder: Path) -> None:
    """The package `training`, and what it needs beside it, so that the pack runs from its own folder."""
    shutil.copytree(CODE, folder / "training", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    (folder / "benchmarks").mkdir(exist_ok=True)
    for name in READING:
        shutil.copyfile(CODE.with_name("benchmarks") / name, folder / "benchmarks" / name)


def main() -> None:
    """Write the pack."""
    from training.verifier.base import minilm, mpnet, mpnet_tokenizer
    from training.verifier.mixture import mostly_short, round_of, written
    from training.weights import stock_folder

    parser = argparse.ArgumentParser(prog="python -m training.verifier.pack", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with verify/train")
    parser.add_argument("--mpnet", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--pack", type=Path, default=Path("build/verifier-pack"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--short", action="store_true", help="mostly short evidence, for a slow machine")
    parser.add_argument("--scale", type=float, default=1.0, help="the share of all sets but `written`, likewise")
    arguments = parser.parse_args()
    sets = arguments.data / "verify" / "train"
    write_base(mpnet(arguments.mpnet)[1], "mpnet", mpnet_tokenizer(arguments.mpnet), arguments.pack)
    write_base(minilm()[1], "minilm", stock_folder() / "tokenizer.json", arguments.pack)
    write_held(written(sets)[1], arguments.pack)
    for number in range(1, arguments.rounds + 1):
        found = round_of(sets, SEED + number, arguments.scale)
        if arguments.short:
            found = mostly_short(found, Random(SEED + number))
        write_pairs(found, arguments.pack / f"round-{number}.jsonl.gz")
        print(f"round {number}: {len(found):,} pairs")
    write_code(arguments.pack)


if __name__ == "__main__":
    main()
