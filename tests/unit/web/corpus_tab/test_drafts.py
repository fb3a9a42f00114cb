"""Drafts: what is uploaded and looked over before it is added."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from factbot import (
    ArticleError,
    Failure,
)
from factbot.corpus.ingest.item import Item
from factbot.web.corpus_tab.drafts import Draft, Upload, _upload_name


def test_refused_upload_is_deleted_and_its_place_is_not_told(tmp_path: Path) -> None:
    folder = tmp_path / "draft"
    folder.mkdir()
    elsewhere = tmp_path / "story.txt"
    elsewhere.write_text("Story\n\nText.", encoding="utf-8")

    def refusing(item: Item, storage: None) -> None:
        raise ArticleError(f"{folder / item.name} is bad.")

    bot = SimpleNamespace(preview=refusing, store=lambda: None)
    draft = Draft(bot, folder)  # type: ignore[arg-type]
    draft.read([Upload(elsewhere, "story.txt")], [], None)
    assert draft.parts[0].failures == [Failure("story.txt", "story.txt is bad.")]
    assert not elsewhere.exists() and list(folder.iterdir()) == []


def test_discarded_draft_begins_nothing_more_and_refuses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []
    monkeypatch.setattr("factbot.corpus.ingest.fetch.fetch", fetched.append)
    folder = tmp_path / "draft"
    folder.mkdir()
    elsewhere = tmp_path / "story.txt"
    elsewhere.write_text("Story\n\nText.", encoding="utf-8")
    draft = Draft(SimpleNamespace(store=lambda: None), folder)  # type: ignore[arg-type]
    draft.discard()
    draft.read([Upload(elsewhere, "story.txt")], ["https://a.example/1"], None)
    assert fetched == [] and not [part for part in draft.parts if part.failures]
    assert not elsewhere.exists() and not folder.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Über (2).md", "Über (2).md"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\story.txt", "story.txt"),
        (".hidden.md", "hidden.md"),
        ("x" * 400 + ".md", "x" * 177 + ".md"),
        ("ж" * 400 + ".md", "ж" * 88 + ".md"),
        ("a\u202e\x00b.txt", "ab.txt"),
    ],
)
def test_uploaded_file_keeps_its_name_as_far_as_a_file_system_takes_it(name: str, kept: str) -> None:
    assert _upload_name(name) == kept
