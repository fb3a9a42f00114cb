"""Models of the Hugging Face hub, which sentence-transformers loads."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["prepare_hub"]


def prepare_hub(name: str) -> None:
    """Before sentence-transformers is imported for the model `name`: no telemetry, and no network for a folder."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if Path(name).is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
