"""`factbot doctor`: what is wrong, which command mends it, and `--fix`, which does it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conftest import Recording
from damage import DAMAGES
from factbot import FactBot
from factbot.cli import main
from factbot.doctor import Finding, examine
from library import ARTICLES, Library, assert_even, findings

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
    (bad,) = [line for line in out.splitlines() if line.startswith("bad")]
    assert "1 not indexed yet" in bad and f"{len(ARTICLES)} half indexed" in bad and "`factbot sync`" in bad
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
            from factbot.doctor import inspect

            (search,) = [finding for finding in inspect(bot) if finding.subject == "search"]
    assert not search.healthy and "`factbot sync --rebuild`" in search.text


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
