"""Where the files of the packaged models lie: graphs, and what was fitted for them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

__all__ = ["RERANKER_FOLDER", "VERIFIER_FOLDER"]

_MODELS = Path(str(files("factbot") / "models"))
RERANKER_FOLDER = _MODELS / "reranker"  # the reranker, the answerability model and their calibration
VERIFIER_FOLDER = _MODELS / "verifier"  # the verifier, its calibration, the aggregator, and the LLM judges
