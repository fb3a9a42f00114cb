"""`factbot doctor` says what is wrong and which command repairs it; `--fix` repairs it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from factbot import FactBot
from factbot.cli.main import main
from factbot.doctor.findings import Finding, examine
from factbot.index.vectors import VectorStore
from tests.support.damage import DAMAGES
from tests.support.embedding import Recording
from tests.support.library import ARTICLES, Library, assert_even, findings, write_articles

Capture = pytest.CaptureFixture[str]


def look(library: Library, *, fix: bool = False) -> dict[str, Finding]:
    found = examine(str(library.corpus), str(library.index), fix=fix)
    for finding in found:
        assert finding.text.endswith(".") and "\n" not in finding.text
    return {finding.subject: finding for finding in found}


def test_doctor_sees_damage_and_says_what_to_do(own: Library, capsys: Capture) -> None:
    assert main(["doctor", *own.options]) == 0
    capsys.readouterr()
    shutil.rmtree(own.parts / "chroma")
    (own.corpus / "new.txt").write_text("New\n\nNot yet indexed.", encoding="utf-8")
    assert main(["doctor", *own.options]) == 1
    out, err = capsys.readouterr()
    bad, search = [line for line in out.splitlines() if line.startswith("bad")]
    assert "1 not indexed yet" in bad and f"{len(ARTICLES)} half indexed" in bad and "`factbot sync`" in bad
    assert search.startswith("bad  search: 9 of 9 passages looked for have no vector"), "none is there to be found"
    assert err == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_is_mended_by_fix(own: Library, bot: FactBot, recording: Recording, name: str) -> None:
    DAMAGES[name](own.parts)
    mended = look(own, fix=True)
    assert all(finding.healthy for finding in mended.values()), mended
    with own.open() as whole:
        assert len(whole.sync().unchanged) == len(ARTICLES)
        assert_even(whole)
        assert findings(whole) == findings(bot)


def test_looking_changes_nothing(own: Library) -> None:
    (own.corpus / "new.txt").write_text("New\n\nNot yet indexed.", encoding="utf-8")
    for _ in range(2):
        assert "1 not indexed yet" in look(own)["index"].text
    assert look(own, fix=True)["index"].healthy
    assert look(own)["index"].healthy


def test_fix_embeds_again_where_the_settings_name_another_size(
    own: Library, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTBOT_PASSAGE_SIZE", "120")
    found = look(own)
    assert "`factbot sync --rebuild`" in found["settings"].text and not found["settings"].healthy
    assert found["index"].healthy and found["models"].healthy
    assert all(finding.healthy for finding in look(own, fix=True).values())


def test_passages_that_are_counted_and_not_found_are_missed(own: Library, recording: Recording) -> None:
    with own.open() as bot:
        store = type(bot.index.vectors)
        original = store.query
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "query", lambda self, vector, k: original(self, -vector, 1))
            from factbot.doctor.findings import inspect

            (search,) = [finding for finding in inspect(bot) if finding.subject == "search"]
    assert not search.healthy and "`factbot sync --rebuild`" in search.text


def test_passages_that_an_approximate_search_passes_by_are_no_damage(
    own: Library, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def passing_by(self: VectorStore, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        return query(self, vector, k) if k > 5 * 128 else query(self, -vector, 1)

    query = VectorStore.query
    monkeypatch.setattr(VectorStore, "query", passing_by)
    found = look(own, fix=True)["search"]
    assert found.healthy and "all found" in found.text
    assert recording.texts == [], "nothing was damaged, so nothing is made again"


@pytest.mark.parametrize(("share", "is_healthy"), [(0.015, True), (0.06, False)])
def test_a_few_passages_that_no_search_comes_to_are_no_damage(
    own: Library, monkeypatch: pytest.MonkeyPatch, share: float, is_healthy: bool
) -> None:
    def missing_some(self: VectorStore, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        return query(self, vector, k) if vector.tobytes() not in lost else query(self, -vector, 1)

    numbers = range(150)
    ships = "\n\n".join(f"The ship number {n} lay in the harbour of Quillon for {n + 3} days." for n in numbers)
    write_articles(own.corpus, {"ships.txt": f"Ships\n\n{ships}"})
    monkeypatch.setenv("FACTBOT_PASSAGE_SIZE", "60")
    with own.open() as bot:
        bot.rebuild()
        ids = [i for _, passages in bot.index.catalog.passage_ids() for i in passages]
        vectors = list(bot.index.vectors.vectors_of(ids).values())
    assert 150 < len(vectors) <= 200
    lost = {vector.tobytes() for vector in vectors[: round(share * len(vectors))]}
    query = VectorStore.query
    monkeypatch.setattr(VectorStore, "query", missing_some)
    search = look(own)["search"]
    assert search.healthy is is_healthy
    assert f"all but {len(lost)} found" in search.text if is_healthy else "--rebuild" in search.text


def test_an_edited_article_is_noticed_and_read_again_by_fix(own: Library, capsys: Capture) -> None:
    (own.corpus / "lighthouse.md").write_text("# Green\n\nIt was painted green in 2025.", encoding="utf-8")
    for _ in range(2):
        index = look(own)["index"]
        assert not index.healthy
        assert index.text == "Articles: 1 changed since the last sync; run `factbot sync`, which repairs that."
    assert look(own, fix=True)["index"].healthy
    with own.open() as bot:
        assert "green" in bot.article("lighthouse.md").text


def test_a_file_that_no_sync_can_read_is_named_with_the_reason(own: Library, recording: Recording) -> None:
    (own.corpus / "broken.pdf").write_bytes(b"%PDF-1.7 cut off")
    (own.corpus / "lighthouse.md").write_bytes(b"\x00\xff" * 900)
    (own.corpus / "new.txt").write_text("New\n\nNot yet indexed.", encoding="utf-8")
    before = look(own)["index"].text
    assert before.startswith(
        "Articles: 1 not indexed yet; run `factbot sync`, which repairs that. 2 files cannot be"
    )
    after = look(own, fix=True)["index"]
    assert not after.healthy and "`factbot sync`" not in after.text, "no sync repairs that"
    assert "2 files cannot be read; repair or remove them: broken.pdf " in after.text
    assert "lighthouse.md is not text in an encoding" in after.text
    assert len(recording.texts) == 2, "the new article, and its title"
    for name in "abc":
        (own.corpus / f"{name}.txt").write_bytes(b"")
    more = look(own)["index"].text
    assert "5 files" in more and "a.txt has no text" in more and more.endswith(" 2 more are like that.")
    for name in ("a.txt", "b.txt", "c.txt", "broken.pdf", "lighthouse.md"):
        (own.corpus / name).unlink()
    assert look(own, fix=True)["index"].healthy


def test_lost_vectors_of_an_unreadable_file_do_not_cause_a_rebuild(own: Library, recording: Recording) -> None:
    (own.corpus / "lighthouse.md").write_bytes(b"\x00\xff" * 900)
    with own.open() as bot:
        bot.index.vectors.delete_articles(["lighthouse.md"])
    found = look(own, fix=True)
    assert "lighthouse.md" in found["index"].text and "half indexed" not in found["index"].text
    assert not found["search"].healthy
    assert recording.texts == []


def test_a_missing_corpus_leaves_the_other_parts_to_be_looked_at(own: Library) -> None:
    shutil.move(own.corpus, own.corpus.with_name("elsewhere"))
    found = look(own, fix=True)
    assert not found["corpus"].healthy and "create it" in found["corpus"].text
    assert Path(own.index).is_dir()
    assert own.parts.is_dir(), "nothing is forgotten because a folder is not there"


def test_what_was_removed_is_told(own: Library) -> None:
    with own.open() as bot:
        bot.remove("lighthouse.md")
    assert "1 removed, kept in its history" in look(own)["corpus"].text


def test_what_was_removed_and_added_again_is_not_told_as_removed(own: Library) -> None:
    content = (own.corpus / "lighthouse.md").read_bytes()
    with own.open() as bot:
        bot.remove("lighthouse.md")
        (own.corpus / "lighthouse.md").write_bytes(content)
        bot.sync()
        assert bot.withdrawn() == {}
    assert " removed, kept" not in look(own)["corpus"].text
