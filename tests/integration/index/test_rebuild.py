"""The settings that an index was built with, and a new index that takes the place of an old one."""

from __future__ import annotations

from pathlib import Path

import pytest

from factbot import (
    IndexMismatchError,
    SyncProgress,
)
from factbot.cli.main import main
from factbot.scheduling import Cancellation
from tests.support.embedding import Recording
from tests.support.library import (
    ARTICLES,
    LIGHTHOUSE_QUESTION,
    Library,
    assert_even,
    assert_one_sentence,
    findings,
)

Capture = pytest.CaptureFixture[str]


# -- the settings it was built with --------------------------------------------------------------------


def test_another_passage_size_asks_for_a_rebuild_that_mends_it(
    own: Library, recording: Recording, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTBOT_PASSAGE_SIZE", "120")
    for command in (["sync"], ["add", str(own.corpus / "lighthouse.md")], ["remove", "lighthouse.md"]):
        assert main([*command, *own.options]) == 1
        assert_one_sentence(capsys.readouterr().err, "'350'", "'120'", "`factbot sync --rebuild`")
    assert recording.texts == []
    assert main(["ask", LIGHTHOUSE_QUESTION, *own.options]) == 0, "the index as it is goes on answering"
    assert main(["sync", "--rebuild", *own.options]) == 0
    assert main(["sync", *own.options]) == 0
    with own.open(passage_size=120) as bot:
        assert_even(bot)
        assert max(len(t) for t in recording.texts) <= 120 or len(recording.texts) > 2 * len(ARTICLES)


def test_another_embedding_model_asks_for_a_rebuild_that_mends_it(own: Library, static_model: Path) -> None:
    with own.open(embedding_model=str(static_model)) as bot:
        before = findings(bot)
        for use in (bot.sync, lambda: bot.add(own.corpus / "lighthouse.md"), lambda: bot.remove("lighthouse.md")):
            with pytest.raises(IndexMismatchError, match=r"embedding model.*`factbot sync --rebuild`"):
                use()
        assert (own.corpus / "lighthouse.md").exists()
        assert bot.checker.finder.retriever.embedder.name != str(static_model)
    with own.open() as bot:
        assert findings(bot) == before, "questions are embedded with the model of the index"
    with own.open(embedding_model=str(static_model), rebuild=True) as bot:
        assert bot.sync().added == tuple(sorted(ARTICLES))
        assert_even(bot)
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"
        assert bot.index.embedding_model == str(static_model)
    with own.open() as bot, pytest.raises(IndexMismatchError):
        bot.sync()


def test_the_old_index_answers_until_the_new_one_is_whole(
    own: Library, static_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factbot.index.sync.BATCH", 4)
    with own.open(embedding_model=str(static_model)) as bot:
        old = findings(bot)
        answers: list[object] = []

        def ask_meanwhile(progress: SyncProgress) -> None:
            if progress.articles_done < progress.articles_total:
                answers.append(findings(bot))

        report = bot.rebuild(ask_meanwhile)
        assert report.added == tuple(sorted(ARTICLES))
        assert len(answers) >= 2 and all(answer == old for answer in answers)
        assert bot.index.embedding_model == str(static_model)
        assert_even(bot)
    assert [path.name for path in own.index.glob("index-*")] == [own.parts.name], "the old one is gone"


def test_a_stopped_rebuild_keeps_the_old_index_and_can_go_on(
    own: Library, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factbot.index.sync.BATCH", 4)
    with own.open(passage_size=120) as bot:
        cancellation = Cancellation()
        stopped = bot.rebuild(lambda progress: cancellation.stop(), cancellation)
        assert stopped.stopped and len(stopped.added) < len(ARTICLES)
        with pytest.raises(IndexMismatchError):
            bot.sync()
    done = set(recording.texts)
    recording.texts.clear()
    with own.open(passage_size=120) as bot:
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"
        report = bot.rebuild()
        assert report.unchanged == stopped.added and not report.stopped
        assert not done & set(recording.texts), "what was embedded is not embedded again"
        assert_even(bot)


def test_a_cancel_that_comes_too_late_does_not_part_the_index_from_its_folder(
    own: Library, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own.open() as bot:
        cancellation = bot.cancellation()
        switch = bot._engines.location.switch_to
        monkeypatch.setattr(bot._engines.location, "switch_to", lambda new: (cancellation.stop(), switch(new)))
        report = bot.rebuild(cancellation=cancellation)
        assert not report.stopped
        assert bot.index.folder.name == bot._engines.location.current() == own.parts.name
        assert_even(bot)


def test_a_rebuild_leaves_an_index_alone_that_a_question_is_still_asked_of(
    own: Library, recording: Recording
) -> None:
    with own.open() as bot:
        with bot._engines.using() as asked:
            bot.rebuild()
            bot.rebuild()
            assert bot.index.folder != asked.index.folder
            assert asked.index.folder.is_dir() and asked.index.catalog.counts()[0] == len(ARTICLES)
        assert [path.name for path in own.index.glob("index-*")] == [bot.index.folder.name]
        assert_even(bot)


def test_an_index_of_an_earlier_version_is_made_anew(own: Library, recording: Recording) -> None:
    for part in own.parts.iterdir():  # where they lay before there was a folder for each index
        part.rename(own.index / part.name)
    (own.index / "current").unlink()
    with own.open() as bot:
        assert bot.sync().added == tuple(sorted(ARTICLES))
        assert_even(bot)
    assert not (own.index / "catalog.db").exists()


def test_a_changed_form_of_the_index_asks_for_a_rebuild(own: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factbot.index.index.FORMAT", "3")
    with own.open() as bot:
        for use in (bot.sync, lambda: bot.ask(LIGHTHOUSE_QUESTION)):
            with pytest.raises(IndexMismatchError, match=r"`factbot sync --rebuild`"):
                use()
        bot.rebuild()
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"


def test_a_rebuild_leaves_what_is_not_the_index_alone(own: Library, recording: Recording) -> None:
    (own.index / "notes.txt").write_text("mine")
    with own.open(rebuild=True) as bot:
        bot.sync()
    assert (own.index / "notes.txt").read_text() == "mine"
    assert {path.name for path in own.index.iterdir()} == {"notes.txt", "lock", "owner", "current", own.parts.name}
