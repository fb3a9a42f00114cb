"""Texts to vectors: close to the original model, the same alone and in a batch, without torch, by any model."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from factbot import CorpusIndexError, FactbotError
from factbot.cli.main import main
from factbot.models.embedding import DEFAULT_MODEL, Embedder, OnnxEmbedder, load_embedder
from tests.support.library import ARTICLES, LIGHTHOUSE_QUESTION, Library, assert_one_sentence, write_articles

TEXTS = [
    "Who built the lighthouse at Orrin Point?",
    "The lighthouse at Orrin Point was built by the engineer Agnes Marlow in 1871.",
    "A museum opened in the old oil store two years later and has had 210,000 visitors since.",
    "Le café Été de Lys a servi 1 200 glaces 🍨🍨 le 25 juillet 2019.",
    "東京の店は2018年に開店した。",
    "x",
    "She said so again, and again, and again. " * 60,  # longer than the model reads
]

pytestmark = pytest.mark.usefixtures("models_that_read_anew")


def test_the_default_model_runs_as_onnx(embedder: Embedder) -> None:
    assert isinstance(embedder, OnnxEmbedder)
    assert embedder.name == DEFAULT_MODEL


def test_vectors_have_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed_documents(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    query = embedder.embed_query(TEXTS[0])
    assert query.shape == (384,)
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_any_batch(embedder: Embedder) -> None:
    together = embedder.embed_documents(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        np.testing.assert_array_equal(embedder.embed_documents([text])[0], vector)
    np.testing.assert_array_equal(embedder.embed_documents(TEXTS[::-1])[::-1], together)


def test_questions_and_passages_lie_together_by_meaning(embedder: Embedder) -> None:
    question = embedder.embed_query("Who built the lighthouse?")
    near, far = embedder.embed_documents([TEXTS[1], "The librarian lent a cider press."]) @ question
    assert near > far + 0.3


@pytest.mark.slow
def test_int8_vectors_stay_close_to_the_original_model(embedder: Embedder) -> None:
    """Against the model as sentence-transformers runs it, in float32."""
    from sentence_transformers import SentenceTransformer

    from factbot.models.embedding import _resolve

    original = SentenceTransformer(_resolve(DEFAULT_MODEL), device="cpu").encode_document(
        TEXTS, normalize_embeddings=True, show_progress_bar=False
    )
    cosines = np.sum(original * embedder.embed_documents(TEXTS), axis=1)
    assert cosines.min() > 0.95
    assert cosines.mean() > 0.98


# -- models of one's own ---------------------------------------------------------------------------------


def test_any_sentence_transformers_model_can_be_named(static_model: Path, tmp_path: Path) -> None:
    library = Library(write_articles(tmp_path / "corpus", ARTICLES), tmp_path / "index")
    with library.open(embedding_model=str(static_model), cache=tmp_path / "cache") as bot:
        assert not bot.sync().failed
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"
        assert bot.ask(LIGHTHOUSE_QUESTION).models["embedding"] == str(static_model)


def test_a_named_model_gives_its_own_vectors(static_model: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["the lighthouse was built by the engineer", "ferry votes"]
    embedder = load_embedder(str(static_model), tmp_path)
    expected = SentenceTransformer(str(static_model), device="cpu").encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(embedder.embed_documents(texts), expected, atol=0.05)
    np.testing.assert_allclose(embedder.embed_query(texts[0]), expected[0], atol=0.05)


def test_a_model_that_does_not_exist_is_one_sentence_without_a_wait(
    own: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sentence_transformers")  # imported before the clock runs
    missing = tmp_path / "no-such-model"
    started = time.monotonic()
    with pytest.raises(CorpusIndexError, match=rf"{re.escape(str(missing))}.*cannot be loaded.*\.$"):
        load_embedder(str(missing), tmp_path)
    assert time.monotonic() - started < 5
    monkeypatch.setenv("FACTBOT_EMBEDDING_MODEL", str(missing))
    assert main(["sync", "--corpus", str(own.corpus), "--index", str(tmp_path / "new")]) == 1
    assert_one_sentence(capsys.readouterr().err, str(missing))


def test_a_folder_that_holds_no_model_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FactbotError, match=r"cannot be loaded; give the folder of a sentence-transformers model"):
        load_embedder(str(tmp_path / "empty"), tmp_path / "cache")


def test_a_model_loads_without_a_writable_cache(static_model: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    embedder = load_embedder(str(static_model), tmp_path / "file")
    assert embedder.embed_query("lighthouse").shape == (32,)


# -- without torch ------------------------------------------------------------------------------------------


def test_torch_is_not_imported_once_the_model_is_converted(own: Library, embedder: Embedder) -> None:
    script = (
        "import sys\n"
        "from factbot import FactBot\n"
        "with FactBot.open(sys.argv[1], index=sys.argv[2]) as bot:\n"
        "    (bot.settings.corpus / 'new.txt').write_text('New\\n\\nA new article.')\n"
        "    assert bot.sync().added == ('new.txt',)\n"
        "    assert bot.ask(sys.argv[3]).question\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'gradio'} & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(own.corpus), str(own.index), LIGHTHOUSE_QUESTION],
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.stdout == "[]\n", done.stderr
