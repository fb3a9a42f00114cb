"""Where the benchmarks find what is in this repository."""

from pathlib import Path

__all__ = ["CLAIMS", "GATE", "PLOTS", "README", "RESULTS", "SAMPLE_CORPUS"]

README = Path(__file__).with_name("README.md")
RESULTS = Path(__file__).with_name("results")  # one JSON file per part
PLOTS = Path(__file__).with_name("plots")
GATE = Path(__file__).with_name("gate")  # questions and claims on the sample corpus, and the floors
CLAIMS = GATE / "claims.jsonl"  # the changed-fact set
SAMPLE_CORPUS = Path(__file__).parents[1] / "corpus"
