"""The hash by which a file's content is known: it changes whenever the file does."""

from __future__ import annotations

import hashlib
from pathlib import Path

from factbot.corpus.formats.article import read_bytes
from factbot.errors import ArticleError

__all__ = ["content_hash", "file_hash"]


def content_hash(data: bytes) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def file_hash(path: Path) -> str:
    """The `content_hash` of the file at `path`; "" where it cannot be read, which no article has."""
    try:
        return content_hash(read_bytes(path, path.name))
    except ArticleError:
        return ""
