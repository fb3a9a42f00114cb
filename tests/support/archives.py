"""Files that hold many articles: written, unpacked, refused."""

from __future__ import annotations

from pathlib import Path

from factbot.corpus.ingest.archives import unpack
from factbot.corpus.ingest.item import Item
from factbot.results import Failure


def unpacked(path: Path) -> tuple[list[Item], list[Failure]]:
    results = list(unpack(path))
    failures = [result for result in results if isinstance(result, Failure)]
    for failure in failures:
        assert failure.reason.endswith(".") and len(failure.reason.splitlines()) == 1
    return [result for result in results if isinstance(result, Item)], failures


def refusals(path: Path) -> list[str]:
    """The reasons why a file gives no article."""
    items, failures = unpacked(path)
    assert not items
    return [failure.reason for failure in failures]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
