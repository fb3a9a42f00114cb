"""Figures on disk: one JSON file per part in `results/`, with the machine that made them."""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.paths import RESULTS

__all__ = ["load", "save", "unseen"]


_PACKAGES = (
    *("chromadb", "sentence-transformers", "torch", "onnxruntime", "tantivy", "bm25s"),
    *("langchain-chroma", "langchain-huggingface", "langchain-text-splitters", "haystack-ai"),
)


def load(name: str) -> dict[str, Any]:
    """The figures of a part; empty where it has not run yet."""
    path = RESULTS / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def save(name: str, figures: dict[str, Any]) -> None:
    """Write a part's figures, with the machine and the versions that made them."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({**figures, "machine": _machine()}, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def unseen(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures of `ask` on a set, for the questions that `calibrate` was not fitted on."""
    kept = [not fitted for fitted in figures["fitted_on"]]

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: cut(inner) for key, inner in value.items()}
        per_question = isinstance(value, list) and len(value) == len(kept)
        return [item for item, keep in zip(value, kept, strict=True) if keep] if per_question else value

    return {key: cut(value) for key, value in figures.items() if key != "retrieval"}


def _machine() -> dict[str, Any]:
    return {
        "cpu": _first_line("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(int((_first_line("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 1e6),
        "system": platform.system(),
        "python": sys.version.split()[0],
        "packages": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except ModuleNotFoundError:
        return ""


def _first_line(path: str, label: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(label)), "")
