"""`python -m benchmarks PART --data DIR`: run one part of the benchmark, or all; README.md holds the report."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

PARTS = (
    "lexical",
    "peers",
    "ask",
    "verify",
    "verdicts",
    "pace",
    "llm",
    "speed",
    "busy",
    "growth",
    "many",
    "gate",
    "report",
)
SETS = ("squad2", "newsqa_2024")
FRAMEWORKS = ("langchain", "haystack")
NEED_DATA = ("lexical", "peers", "ask", "verify", "verdicts", "pace", "llm", "speed", "busy", "growth")


def main() -> int:
    options = _options()
    parts = PARTS if options.part == "all" else (options.part,)
    if options.data is None and set(parts) & set(NEED_DATA):
        print(
            f"Skipped: {options.part} needs the public data sets; name their folder with --data.", file=sys.stderr
        )
        return 0
    return max(_run(part, options) for part in parts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", choices=[*PARTS, "all"])
    parser.add_argument(
        "--data", type=_folder, metavar="DIR", help="folder of the public data sets (see README.md)"
    )
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        default=Path.home() / ".cache" / "factbot-bench",
        help="folder for embeddings and indexes, kept between runs (default: %(default)s)",
    )
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="of peers, ask and llm")
    parser.add_argument("--frameworks", nargs="+", choices=FRAMEWORKS, default=FRAMEWORKS, help="of peers")
    parser.add_argument(
        "--sample",
        type=int,
        default=0,
        metavar="N",
        help="a trial: about N articles (peers, ask), at most N passages (pace, speed, growth), N claims (verify, "
        "verdicts), N questions (llm), N seconds (busy); saves nothing",
    )
    parser.add_argument(
        "--first",
        type=int,
        default=0,
        metavar="N",
        help="the first N articles of each set only, with their questions (peers, ask)",
    )
    return parser.parse_args()


def _folder(value: str) -> Path | None:
    """A folder; an empty value, as an unset make variable gives it, counts as not given."""
    if value and not Path(value).is_dir():
        raise argparse.ArgumentTypeError(f"{value} is no folder")
    return Path(value) if value else None


def _run(part: str, options: argparse.Namespace) -> int:
    """Each part is imported only when it runs: they need different packages."""
    if part == "verify":
        from benchmarks.checks import verify

        verify.run(options.data, options.cache, options.sample)
    elif part == "verdicts":
        from benchmarks.checks import verdicts

        verdicts.run(options.data, options.cache, options.sample)
    elif part == "pace":
        from benchmarks.checks import pace

        pace.run(options.data, options.cache, options.sample)
    elif part == "llm":
        from benchmarks.answers import llm

        llm.run(options.data, options.cache, options.sets, options.sample)
    elif part == "lexical":
        from benchmarks.lexical import compare

        compare.run(options.data, options.cache)
    elif part == "peers":
        from benchmarks.answers import peers

        peers.run(options.data, options.cache, options.sets, options.frameworks, options.sample, options.first)
    elif part == "ask":
        from benchmarks.answers import ask

        ask.run(options.data, options.cache, options.sets, options.sample, options.first)
    elif part == "speed":
        from benchmarks.scale import speed

        speed.run(options.data, options.cache, options.sample)
    elif part == "busy":
        from benchmarks.scale import busy

        busy.run(options.data, options.cache, options.sample)
    elif part == "growth":
        from benchmarks.scale import growth

        growth.run(options.data, options.cache, options.sample)
    elif part == "many":
        from benchmarks.scale import many

        many.run(options.cache, options.sample)
    elif part == "gate":
        from benchmarks import quality_gate

        return quality_gate.run()
    else:
        from benchmarks.report import write

        write.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
