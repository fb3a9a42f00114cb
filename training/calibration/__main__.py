"""Fit one of the probabilities that ship with factbot, on one half of the public data sets.

answers: whether a sentence answers. verifier: what evidence says of a claim. verdicts: what many readings say
together. judge: how much a language model's word on a verdict is worth; it needs FACTBOT_LLM or
FACTBOT_LLM_URL.
"""

from __future__ import annotations

import argparse
from pathlib import Path

PARTS = ("answers", "verifier", "verdicts", "judge")


def main() -> None:
    """Each part is imported only when it runs: loading the models takes seconds."""
    options = _options()
    if options.part == "answers":
        from training.calibration import answers

        answers.calibrate(options.data, options.cache)
    elif options.part == "verifier":
        from training.calibration import verifier

        verifier.calibrate(options.data, options.cache)
    elif options.part == "verdicts":
        from training.calibration import verdicts

        verdicts.calibrate(options.data, options.cache)
    else:
        from training.calibration import judge

        judge.calibrate(options.data, options.cache, options.sample)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.calibration", description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument(
        "--data", type=Path, metavar="DIR", required=True, help="folder of the public sets (benchmarks/README.md)"
    )
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        default=Path.home() / ".cache" / "factbot-bench",
        help="folder for embeddings and indexes, shared with the benchmarks (default: %(default)s)",
    )
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="judge alone: a trial on N claims of each half"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
