"""The passages' vectors in Chroma: local files, or a Chroma server over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from factbot.errors import UsageError, VectorStoreError, first_line
from factbot.index.steady import EXACT_UP_TO, TOLERANCE, best_first
from factbot.settings import Settings
from factbot.text.addresses import web_address

__all__ = ["VectorStore", "drop_collection"]

PAGE = 10_000  # ids read from Chroma at a time
# Chroma's local core holds Python's lock while it writes, so every other thread waits. It is given little at a
# time: a tenth of a second of work, even where its graph is not in its best shape.
VECTORS_AT_ONCE = 32
ARTICLES_AT_ONCE = 20


class _Held(NamedTuple):
    """All vectors of a small collection after a write, shape (len(ids), dimension); none of a larger one."""

    write: int
    ids: list[str]
    vectors: NDArray[np.float32]

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        alike = np.einsum("ij,j->i", self.vectors, vector)  # on this thread: `@` would wake others for a moment
        least = np.sort(alike)[-k:][0] - TOLERANCE  # equals of the last one too: their ids decide
        return best_first((self.ids[i], float(alike[i])) for i in np.flatnonzero(alike >= least))[:k]


class VectorStore:
    """One Chroma collection in cosine space, ids and vectors only: the text stays in the catalog.

    Where the settings name a Chroma server, the collection lies there; otherwise in `folder`, which one process
    at a time may own. Every method raises VectorStoreError where Chroma cannot be used.
    """

    def __init__(self, folder: Path, settings: Settings, collection: str) -> None:
        self._errors = partial(_errors, settings.chroma_url, folder)
        with self._errors(), ExitStack() as opened:
            self._client = _server(settings) if settings.chroma_url else _local(folder)
            opened.callback(self.close)
            self._collection = self._client.get_or_create_collection(
                collection, configuration={"hnsw": {"space": "cosine", "ef_search": 128}}, embedding_function=None
            )
            is_local = not settings.chroma_url
            self._vectors_at_once = VECTORS_AT_ONCE if is_local else self._client.get_max_batch_size()
            self._articles_at_once = ARTICLES_AT_ONCE if is_local else 100
            self._held = _Held(-1, [], np.empty((0, 0), np.float32))
            opened.pop_all()  # opened whole: it stays open

    def upsert(
        self,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        article_ids: Sequence[str],
        before_each: Callable[[], None] = lambda: None,
    ) -> None:
        """Write vectors, shape (len(ids), dimension), replacing those whose id exists.

        `before_each` is called before every few of them.
        """
        with self._errors():
            for i in range(0, len(ids), self._vectors_at_once):
                before_each()
                part = slice(i, i + self._vectors_at_once)
                self._collection.upsert(
                    ids=list(ids[part]),
                    embeddings=vectors[part],
                    metadatas=[{"article_id": a} for a in article_ids[part]],
                )

    def delete_articles(self, article_ids: Sequence[str], before_each: Callable[[], None] = lambda: None) -> None:
        """Remove every vector of these articles, whichever passages they had; `before_each` as in `upsert`."""
        with self._errors():
            for i in range(0, len(article_ids), self._articles_at_once):
                before_each()
                part = list(article_ids[i : i + self._articles_at_once])
                self._collection.delete(where={"article_id": {"$in": part}})

    def query(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """The k nearest passages as (id, cosine similarity), best first and equals by id.

        Chroma's graph is approximate: which passages it overlooks depends on the order in which they came and on
        those that went, most of all among near-equal ones. So in a small collection all are compared, as they were
        after the last write that was noted.
        """
        with self._errors():
            held = self._all_of_few()
            if held.ids:
                return held.nearest(vector, k)
            found: Any = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
            return best_first((i, 1 - d) for i, d in zip(found["ids"][0], found["distances"][0], strict=True))

    def _all_of_few(self) -> _Held:
        """What to compare one by one, read again after each write that this process or another noted."""
        now = self._client.get_collection(self._collection.name, embedding_function=None)
        write = int((now.metadata or {}).get("writes", 0))
        if self._held.write != write:
            few: Any = {"ids": [], "embeddings": []}
            if now.count() <= EXACT_UP_TO:
                few = now.get(include=["embeddings"], limit=EXACT_UP_TO)
            self._held = _Held(write, few["ids"], np.asarray(few["embeddings"], np.float32))
        return self._held

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

    def vectors_of(self, passage_ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Passage id -> its vector, for those that are stored."""
        with self._errors():
            found: Any = self._collection.get(ids=list(passage_ids), include=["embeddings"])
            return {i: np.asarray(v, np.float32) for i, v in zip(found["ids"], found["embeddings"], strict=True)}

    def writes(self) -> int:
        """The number of the last write that was noted; 0 before the first."""
        return int((self._collection.metadata or {}).get("writes", 0))

    def note_write(self, number: int) -> None:
        with self._errors():
            self._collection.modify(metadata={"writes": number})

    def close(self) -> None:
        """Close the files or the connection."""
        close = getattr(self._client, "close", None)
        if close:
            close()


def drop_collection(settings: Settings, name: str) -> None:
    """Delete a collection on the settings' Chroma server, if it is there. Raises VectorStoreError."""
    with _errors(settings.chroma_url, Path()):
        client = _server(settings)
        if name in {collection.name for collection in client.list_collections()}:
            client.delete_collection(name)


@contextmanager
def _errors(url: str, folder: Path) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, UsageError):
        raise
    except BaseException as error:  # a panic in Chroma's Rust core is no Exception
        where, remedy = f"files in {folder}", "free disk space where it is full, else run `factbot sync --rebuild`"
        if url:
            where = f"server at {url}"
            remedy = "start it with `chroma run`, or unset FACTBOT_CHROMA_URL to use local files"
        raise VectorStoreError(f"The Chroma {where} cannot be used ({first_line(error)}); {remedy}.") from error


def _local(folder: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings as ChromaSettings

    folder.mkdir(parents=True, exist_ok=True)
    try:
        return chromadb.PersistentClient(path=str(folder), settings=ChromaSettings(anonymized_telemetry=False))
    except BaseException:
        # Chroma keeps what failed to start, and would hand it out again when the files are mended.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise


def _server(settings: Settings) -> Any:
    try:
        parts = urlsplit(settings.chroma_url)
        port = parts.port or (443 if parts.scheme == "https" else 8000)
    except ValueError:
        port = 0
    if not port or not web_address(settings.chroma_url):
        raise UsageError(
            f"FACTBOT_CHROMA_URL is {settings.chroma_url!r}; give an address like http://127.0.0.1:8000."
        )
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    token = settings.chroma_token
    return chromadb.HttpClient(
        host=parts.hostname,
        port=port,
        ssl=parts.scheme == "https",
        # What a proxy in front of a server asks for, and what Chroma Cloud does.
        headers={"Authorization": f"Bearer {token}", "X-Chroma-Token": token} if token else {},
        tenant=settings.chroma_tenant,
        database=settings.chroma_database,
        settings=ChromaSettings(anonymized_telemetry=False, chroma_server_ssl_verify=settings.chroma_ca or None),
    )
