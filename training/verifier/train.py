"""`python -m training.verifier.train`: train from a pack, on a CPU in the background or on a GPU, and export.

Started again, it goes on from its last checkpoint. A file STOP in the run's folder begins the way down to the end.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable
from pathlib import Path

import torch

from training.verifier.batches import load_tokenizer, tokens
from training.verifier.evaluate import accuracy, logits_of
from training.verifier.fit import Settings, State, train
from training.verifier.memory import tune
from training.verifier.model import Network
from training.verifier.packed import SHAPES, Blocks, read_base, read_pairs, rounds

LAYERS = 9  # of MPNet's twelve: with all, the model is neither small nor quick enough
BLOCK = 4_096  # pairs that are sorted by length together
CHECKED = 300  # held-back pairs whose figure is told now and then
CHECK_EVERY = 200  # steps
CPU = Settings(half=torch.ops.mkldnn._is_mkldnn_bf16_supported())  # five times slower where it is not
GPU = Settings(
    frozen=0, room=12_288, parts=1, workers=1, nominal=128, rate=6e-5, warm_up=150, keep_every=500, device="cuda"
)


def run(
    pack: Path, folder: Path, base: str, layers: int, settings: Settings, until: Callable[[State], bool]
) -> Network:
    """Train; the network is left in `folder/network.pt` as well."""
    tokenizer = load_tokenizer(pack / f"{base}.json")
    held = [pair[:3] for pair in read_pairs(pack / "held.jsonl.gz")][:CHECKED]
    held_tokens, labels = tokens(held, tokenizer), [label for _, _, label in held]

    def check(network: Network) -> str:
        found = logits_of(network, held_tokens, settings.device, settings.workers)
        return "held back: accuracy {:.3f}, balanced {:.3f}".format(*accuracy(found, labels))

    network = read_base(pack, base, layers)
    train(network, Blocks(pack, tokenizer, BLOCK), folder, settings, until, check, CHECK_EVERY)
    torch.save(network.state_dict(), folder / "network.pt")
    return network


def main() -> None:
    """Read the pack, train, and export."""
    parser = argparse.ArgumentParser(prog="python -m training.verifier.train", description=__doc__)
    parser.add_argument("--pack", type=Path, default=Path("build/verifier-pack"))
    parser.add_argument("--run", type=Path, default=Path("build/verifier"))
    parser.add_argument("--base", choices=SHAPES, default="mpnet")
    parser.add_argument("--layers", type=int, default=LAYERS)
    parser.add_argument(
        "--device", choices=("cpu", "cuda"), default="cuda" if torch.cuda.is_available() else "cpu"
    )
    parser.add_argument("--rate", type=float, help="learning rate")
    parser.add_argument("--pairs", type=int, help="train on so many in all; without it, on each of the pack once")
    parser.add_argument("--minutes", type=float, help="train about so long in all, if that ends first")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = CPU if arguments.device == "cpu" else GPU
    if arguments.device == "cpu":
        tune()
    if arguments.rate:
        settings = Settings(**{**vars(settings), "rate": arguments.rate})
    pairs = arguments.pairs or sum(1 for path in rounds(arguments.pack) for _ in read_pairs(path))
    flat = 1 - settings.cool_down

    def until(state: State) -> bool:
        late = arguments.minutes is not None and state.seconds >= flat * 60 * arguments.minutes
        return late or state.seen >= flat * pairs

    network = run(arguments.pack, arguments.run, arguments.base, arguments.layers, settings, until)
    try:
        from training.verifier.export import export
    except ModuleNotFoundError as missing:  # a GPU machine need not have ONNX: `network.pt` is what comes back
        logging.info("not exported: %s", missing)
        return
    export(network.cpu(), arguments.pack / f"{arguments.base}.json", arguments.run / "export")


if __name__ == "__main__":
    main()
