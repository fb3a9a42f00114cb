"""Reading the data sets, and their texts put back to how people write."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def in_fitting_half(name: str) -> bool:
    """Whether calibration may see this question, page or claim: a fixed half, by a hash of the name.

    The other half is never used for fitting, so that figures on it are honest.
    """
    return hashlib.sha256(name.encode()).digest()[0] < 128


def detokenised(text: str) -> str:
    """FEVER's and VitaminC's spaced-out punctuation put back to how people write."""
    text = re.sub(r"``\s?|\s?''", '"', text.replace("-LRB-", "(").replace("-RRB-", ")"))
    text = re.sub(r"\s+([.,;:?!%)\]])", r"\1", re.sub(r"([(\[$£€#])\s+", r"\1", text))
    return re.sub(r"\s+", " ", re.sub(r"\s('s|n't|'re|'ve|'ll)\b", r"\1", text)).strip()


def sentences(text: str) -> list[str]:
    """Sentences by full stop and capital letter: rough, and enough for training."""
    return [part.strip() for part in re.split(r"(?<=[.!?])[\"”’']?\s+(?=[A-Z\"“‘])|\n+", text) if part.strip()]
