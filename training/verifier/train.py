"""`python -m training.verifier.train --pack FOLDER --run FOLDER`: train from a pack, on a CPU or a GPU."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import torch

from training.verifier.batches import load_tokenizer, tokens
from training.verifier.evaluate import accuracy, logits_of
from training.verifier.fit import Settings, State, train
from training.verifier.model import Network
from training.verifier.pack import Blocks, read_base, read_pairs

LAYERS = 9
BLOCK = 4_096  # pairs that are sorted by length together
CHECKED = 300  # held-back pairs whose figure is told now and then


def main() -> None:
    """Read the pack, train, and leave `network.pt` in the run's folder."""
    parser = argparse.ArgumentParser(prog="python -m training.verifier.train", description=__doc__)
    parser.add_argument("--pack", type=Path, default=Path("build/verifier-pack"))
    parser.add_argument("--run", type=Path, default=Path("build/verifier"))
    parser.add_argument("--layers", type=int, default=LAYERS)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--pairs", type=int, default=10**9, help="begin the way down after so many pairs")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin the way down after so many minutes")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    tokenizer = load_tokenizer(arguments.pack / "tokenizer.json")
    held = [pair[:3] for pair in read_pairs(arguments.pack / "held.jsonl.gz")][:CHECKED]
    held_tokens, labels = tokens(held, tokenizer), [label for _, _, label in held]

    def check(network: Network) -> str:
        return "held back: accuracy {:.3f}, balanced {:.3f}".format(*accuracy(logits_of(network, held_tokens), labels))

    def until(state: State) -> bool:
        return state.seen >= arguments.pairs or state.seconds >= 60 * arguments.minutes

    network = read_base(arguments.pack, arguments.layers)
    blocks = Blocks(arguments.pack, tokenizer, BLOCK)
    train(network, blocks, arguments.run, Settings(rate=arguments.rate), until, check, check_every=200)
    torch.save(network.state_dict(), arguments.run / "network.pt")


if __name__ == "__main__":
    main()
