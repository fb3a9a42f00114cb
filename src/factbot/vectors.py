"""The passages' vectors in Chroma: local files, or a Chroma server over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from factbot.errors import UsageError, VectorStoreError

__all__ = ["VectorStore"]

PAGE = 10_000  # ids read from Chroma at a time


class VectorStore:
    """One Chroma collection in cosine space, ids and vectors only: the text stays in the catalog.

    `url` names a Chroma server; without it the collection lies in `folder`, which one process at a
    time may own. Every method raises VectorStoreError where Chroma cannot be used.
    """

    def __init__(self, folder: Path, url: str, collection: str) -> None:
        self._where = f"the Chroma server at {url}" if url else f"the Chroma files in {folder}"
        self._remedy = (
            "start it with `chroma run`, or unset FACTBOT_CHROMA_URL to use local files"
            if url
            else "free disk space where it is full, else run `factbot sync --rebuild`"
        )
        self._name = collection
        with self._errors(), ExitStack() as opened:
            self._client = _server(url) if url else _local(folder)
            opened.callback(self.close)
            self._open()
            opened.pop_all()  # opened whole: it stays open

    def _open(self) -> None:
        self._collection = self._client.get_or_create_collection(
            self._name, configuration={"hnsw": {"space": "cosine", "ef_search": 128}}, embedding_function=None
        )
        self._batch = self._client.get_max_batch_size()

    def upsert(self, ids: Sequence[str], vectors: NDArray[np.float32], article_ids: Sequence[str]) -> None:
        """Write vectors, shape (len(ids), dimension), replacing those whose id exists."""
        with self._errors():
            for i in range(0, len(ids), self._batch):
                part = slice(i, i + self._batch)
                self._collection.upsert(
                    ids=list(ids[part]),
                    embeddings=vectors[part],
                    metadatas=[{"article_id": a} for a in article_ids[part]],
                )

    def delete_articles(self, article_ids: Sequence[str]) -> None:
        """Remove every vector of these articles, whichever passages they had."""
        with self._errors():
            for i in range(0, len(article_ids), 100):
                self._collection.delete(where={"article_id": {"$in": list(article_ids[i : i + 100])}})

    def query(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """The k nearest passages as (id, cosine similarity), best first."""
        with self._errors():
            found: Any = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
            return [(i, 1 - d) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def count(self) -> int:
        with self._errors():
            return int(self._collection.count())

    def ids(self) -> Iterator[tuple[str, str]]:
        """Every (passage id, article id) that is stored."""
        offset = 0
        while True:
            with self._errors():
                page = self._collection.get(include=["metadatas"], limit=PAGE, offset=offset)
            for passage_id, metadata in zip(page["ids"], page["metadatas"] or [], strict=True):
                yield passage_id, str((metadata or {}).get("article_id", ""))
            if len(page["ids"]) < PAGE:
                return
            offset += PAGE

    def owner(self) -> str:
        """Which index the collection belongs to; empty while it belongs to none."""
        return str((self._collection.metadata or {}).get("index_id", ""))

    def claim(self, index_id: str) -> None:
        with self._errors():
            self._collection.modify(metadata={"index_id": index_id})

    def clear(self) -> None:
        """Start again with an empty collection."""
        with self._errors():
            self._client.delete_collection(self._name)
            self._open()

    def close(self) -> None:
        """Let go of the files or the connection."""
        close = getattr(self._client, "close", None)
        if close:
            close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (KeyboardInterrupt, SystemExit, GeneratorExit, UsageError):
            raise
        except BaseException as error:  # a panic in Chroma's Rust core is no Exception
            raise VectorStoreError(
                f"{self._where[0].upper()}{self._where[1:]} cannot be used ({_first_line(error)}); {self._remedy}."
            ) from error


def _client_settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _local(folder: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    folder.mkdir(parents=True, exist_ok=True)
    try:
        return chromadb.PersistentClient(path=str(folder), settings=_client_settings())
    except BaseException:
        # Chroma keeps what failed to start, and would hand it out again when the files are mended.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise


def _server(url: str) -> Any:
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 8000)
    except ValueError:
        port = 0
    if parts.scheme not in ("http", "https") or not parts.hostname or not port:
        raise UsageError(f"FACTBOT_CHROMA_URL is {url!r}; give an address like http://127.0.0.1:8000.")
    import chromadb

    return chromadb.HttpClient(
        host=parts.hostname, port=port, ssl=parts.scheme == "https", settings=_client_settings()
    )


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return (text[0] if text else type(error).__name__)[:200]
