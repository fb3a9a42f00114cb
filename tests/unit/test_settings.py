"""Settings: from where they come, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import factbot
from factbot import (
    FactBot,
)
from factbot.settings import Settings

# -- settings -----------------------------------------------------------------------------------------------


def test_a_keyword_goes_before_the_environment_before_the_file_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.load().passage_size == 350
    (tmp_path / "factbot.toml").write_text('passage_size = 200\ncontext_size = 500\nchroma_collection = "mine"\n')
    monkeypatch.setenv("FACTBOT_CONTEXT_SIZE", "600")
    monkeypatch.setenv("FACTBOT_CHROMA_COLLECTION", "ours")
    settings = Settings.load(chroma_collection="theirs", passage_size=None)
    assert (settings.passage_size, settings.context_size, settings.chroma_collection) == (200, 600, "theirs")


def test_the_index_lies_beside_the_corpus_unless_it_is_told_otherwise(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    assert Settings.load(corpus=corpus).index == tmp_path / ".factbot"
    assert Settings.load(corpus=corpus, index=index).index == index


@pytest.mark.parametrize(
    ("settings", "parts"),
    [
        ({"colour": "red"}, ("'colour'", "passage_size")),
        ({"passage_size": "many"}, ("passage_size", "'many'")),
        ({"passage_size": 0}, ("passage_size", "above zero")),
        ({"answer_threshold": 1.5}, ("answer_threshold", "between 0 and 1")),
        ({"answer_threshold": "nan"}, ("answer_threshold", "between 0 and 1")),
        ({"corpus": "a\0b"}, ("corpus", "NUL")),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], parts: tuple[str, ...]) -> None:
    with pytest.raises(factbot.UsageError) as raised:
        FactBot.open(**settings)
    assert all(part in str(raised.value) for part in parts)


def test_a_broken_settings_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "factbot.toml").write_text("passage_size = ")
    with pytest.raises(factbot.UsageError, match=r"factbot\.toml cannot be read .*; mend it or remove it\.$"):
        Settings.load()
