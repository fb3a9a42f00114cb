"""The corpus folder keeps what an article said before it changed or was removed, and gives it back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factbot import ArticleError, FactBot
from factbot.corpus.folder import Corpus
from factbot.corpus.formats.article import read_article
from factbot.corpus.formats.plain_text import to_text_file
from factbot.corpus.history import CurrentTexts, History
from factbot.doctor.findings import examine
from factbot.results import Article
from tests.support.library import ARTICLES, Library, assert_even, write_articles

PAINTED = "The lighthouse at Orrin Point was painted green in 2025."


def states(bot: FactBot, article_id: str) -> list[str]:
    return [version.state for version in bot.history(article_id)]


def is_recent(time: str) -> bool:
    return abs((datetime.now(UTC) - datetime.fromisoformat(time)).total_seconds()) < 600


def test_a_changed_article_keeps_its_id_and_its_earlier_text(own: Library) -> None:
    with own.open() as bot:
        before = bot.article("lighthouse.md")
        write_articles(own.corpus, {"lighthouse.md": f"# Green\n\n{PAINTED}"})
        assert bot.sync().updated == ("lighthouse.md",)
        now, earlier = bot.history("lighthouse.md")
        assert (now.state, now.until, now.article.text) == ("current", "", PAINTED)
        assert (earlier.state, earlier.article.text) == ("changed", before.text)
        assert (earlier.article.title, earlier.article.author) == (before.title, before.author)
        assert is_recent(earlier.until)
        assert len(bot.sync().unchanged) == len(ARTICLES), "history is no part of the corpus"
        assert len(bot.history("lighthouse.md")) == 2
        assert_even(bot)


def test_the_history_is_in_the_corpus_folder_not_in_the_index(own: Library) -> None:
    with own.open() as bot:
        write_articles(own.corpus, {"lighthouse.md": f"# Green\n\n{PAINTED}"})
        bot.sync()
        bot.remove("ferry-inquiry.txt")
    shutil.rmtree(own.index)
    with own.open() as bot:
        bot.sync()
        assert states(bot, "lighthouse.md") == ["current", "changed"]
        assert states(bot, "ferry-inquiry.txt") == ["withdrawn"]
        assert bot.restore("ferry-inquiry.txt").title == "Inquiry blames a worn cable"


def test_a_removed_article_stays_known_and_comes_back_byte_for_byte(own: Library) -> None:
    file = own.corpus / "science" / "comet.html"
    content = file.read_bytes()
    with own.open() as bot:
        bot.remove("science/comet.html")
        assert not file.exists()
        assert list(bot.withdrawn()) == ["science/comet.html"]
        assert is_recent(bot.withdrawn()["science/comet.html"])
        assert states(bot, "science/comet.html") == ["withdrawn"]
        assert_even(bot)
        assert bot.restore("science/comet.html").id == "science/comet.html"
        assert file.read_bytes() == content
        assert bot.withdrawn() == {}
        assert states(bot, "science/comet.html") == ["current", "withdrawn"], "what happened stays known"
        assert_even(bot)
        with pytest.raises(ArticleError, match=r"No article 'science/comet\.html' was removed"):
            bot.restore("science/comet.html")


def test_a_file_that_is_deleted_by_hand_leaves_its_text(own: Library) -> None:
    with own.open() as bot:
        text = bot.article("science/comet.html").text
        (own.corpus / "science" / "comet.html").unlink()
        assert bot.sync().removed == ("science/comet.html",)
        (version,) = bot.history("science/comet.html")
        assert (version.state, version.article.text) == ("withdrawn", text)
        restored = bot.restore("science/comet.html")
        assert (restored.id, restored.text) == ("science/comet.html.txt", text), "only its text was kept"
        assert bot.withdrawn() == {}
        assert_even(bot)


def test_an_article_may_go_and_come_back_time_and_again(own: Library) -> None:
    file = own.corpus / "lighthouse.md"
    file.chmod(0o600)
    with own.open() as bot:
        for _ in range(2):
            bot.remove("lighthouse.md")
            bot.restore("lighthouse.md")
        write_articles(own.corpus, {"lighthouse.md": f"# Green\n\n{PAINTED}"})
        bot.sync()
        assert states(bot, "lighthouse.md") == ["current", "changed", "withdrawn", "withdrawn"]
        times = [version.until for version in bot.history("lighthouse.md")]
        assert times == ["", *sorted(times[1:], reverse=True)]
    assert file.stat().st_mode & 0o777 == 0o600


def lose_catalog(library: Library) -> None:
    os.truncate(library.parts / "catalog.db", 0)


def lose_index(library: Library) -> None:
    shutil.rmtree(library.index)


@pytest.mark.parametrize("lose", [lose_catalog, lose_index])
def test_what_changes_while_the_index_is_lost_keeps_its_earlier_text(
    own: Library, lose: Callable[[Library], None]
) -> None:
    with own.open() as bot:
        before = {name: bot.article(name).text for name in ("lighthouse.md", "science/comet.html")}
        bot.sync()
    write_articles(own.corpus, {"lighthouse.md": f"# Green\n\n{PAINTED}"})
    (own.corpus / "science" / "comet.html").unlink()
    lose(own)
    for _ in range(2):
        assert all(finding.healthy for finding in examine(str(own.corpus), str(own.index), fix=True))
    with own.open() as bot:
        now, earlier = bot.history("lighthouse.md")
        assert (now.article.text, earlier.article.text) == (PAINTED, before["lighthouse.md"])
        (gone,) = bot.history("science/comet.html")
        assert (gone.state, gone.article.text) == ("withdrawn", before["science/comet.html"])
        assert states(bot, "ferry-inquiry.txt") == ["current"], "what did not change has no earlier text"
        assert bot.rebuild().failed == ()
        assert states(bot, "lighthouse.md") == ["current", "changed"]


def test_an_index_without_notes_and_a_damaged_note_are_repaired(own: Library) -> None:
    note = own.corpus / ".history" / ".current.db"
    note.unlink()
    with own.open() as bot:
        assert len(bot.sync().unchanged) == len(ARTICLES)
        assert bot._corpus.history.current.hashes() == bot.index.catalog.hashes()
        note.write_bytes(b"garbage" * 3000)
        write_articles(own.corpus, {"lighthouse.md": f"# Green\n\n{PAINTED}"})
        bot.remove("ferry-inquiry.txt")
        assert bot.sync().failed == ()
        assert states(bot, "lighthouse.md") == ["current", "changed"]
        assert bot._corpus.history.current.hashes() == bot.index.catalog.hashes()


def test_a_corpus_that_cannot_be_written_is_indexed_all_the_same(tmp_path: Path) -> None:
    library = Library(write_articles(tmp_path / "corpus"), tmp_path / "index")
    (library.corpus / ".history").write_text("no folder")
    with library.open() as bot:
        report = bot.sync()
        assert (len(report.added), report.failed) == (len(ARTICLES), ())
        assert len(bot.sync().unchanged) == len(ARTICLES)


def test_the_noted_texts_are_small(own: Library) -> None:
    texts = CurrentTexts(own.corpus / ".history" / ".many.db")
    text = " ".join(read_article(path, i).text for i, path in Corpus(own.corpus).files().items())
    texts.put((Article("T", text, id=f"{n}.txt"), "0" * 64) for n in range(300))
    assert (own.corpus / ".history" / ".many.db").stat().st_size < 0.75 * 300 * len(text.encode())


def test_an_article_that_was_edited_and_removed_comes_back_as_it_was_edited(own: Library) -> None:
    with own.open() as bot:
        write_articles(own.corpus, {"lighthouse.md": f"# Green\n\n{PAINTED}"})
        bot.remove("lighthouse.md")
        assert states(bot, "lighthouse.md") == ["withdrawn", "changed"]
        assert (bot.restore("lighthouse.md").id, bot.article("lighthouse.md").text) == ("lighthouse.md", PAINTED)
        assert_even(bot)


def test_folders_and_files_of_others_in_the_history_are_passed_over(own: Library) -> None:
    write_articles(own.corpus, {"world/asia/quake.md": "# Quake\n\nThe earth shook."})
    with own.open() as bot:
        bot.sync()
        bot.remove("world/asia/quake.md")
        (own.corpus / ".history" / "README").write_text("Do not touch.", encoding="utf-8")
        assert list(bot.withdrawn()) == ["world/asia/quake.md"]
        with pytest.raises(ArticleError, match="No article 'world' was removed"):
            bot.restore("world")
        with pytest.raises(ArticleError, match="No article has, or had"):
            bot.history("world")


def test_an_article_that_has_come_back_is_not_overwritten(own: Library) -> None:
    with own.open() as bot:
        bot.remove("lighthouse.md")
        write_articles(own.corpus, {"lighthouse.md": f"# Green\n\n{PAINTED}"})
        bot.sync()
        with pytest.raises(ArticleError, match=r"has an article 'lighthouse\.md' again"):
            bot.restore("lighthouse.md")
        assert bot.article("lighthouse.md").text == PAINTED
        assert states(bot, "lighthouse.md") == ["current", "withdrawn"]
        assert bot.withdrawn() == {}


def test_a_rebuild_keeps_what_changed_since_the_last_sync(own: Library) -> None:
    with own.open(passage_size=120) as bot:
        write_articles(own.corpus, {"lighthouse.md": f"# Green\n\n{PAINTED}"})
        (own.corpus / "ferry-grounded.txt").unlink()
        bot.rebuild()
        assert states(bot, "lighthouse.md") == ["current", "changed"]
        assert states(bot, "ferry-grounded.txt") == ["withdrawn"]
        assert_even(bot)


def test_a_rebuild_says_which_earlier_text_it_could_not_keep(own: Library) -> None:
    with own.open(passage_size=120) as bot:
        write_articles(own.corpus, {"lighthouse.md": f"# Green\n\n{PAINTED}"})
        (own.corpus / ".history" / "lighthouse.md").write_text("no folder")
        (failure,) = bot.rebuild().failed
        assert failure.path == "lighthouse.md"
        assert "cannot be kept" in failure.reason
        assert_even(bot)


@pytest.mark.parametrize(
    "article_id", ["gone.md", "", "..", "../secret.md", "/etc/passwd", "a/../b.md", ".history"]
)
def test_an_id_that_never_was_has_no_history(own: Library, article_id: str) -> None:
    (own.corpus.parent / "secret.md").mkdir()
    with own.open() as bot:
        for ask in (bot.history, bot.restore):
            with pytest.raises(ArticleError):
                ask(article_id)


def test_a_process_that_dies_between_history_and_index_keeps_one_version(tmp_path: Path) -> None:
    history, article = History(tmp_path), Article("T", "Some text.", id="a/b.md")
    for _ in range(2):
        history.keep(article, "0" * 64, "changed")
    assert len(list(history.versions("a/b.md"))) == 1


def test_versions_stand_in_their_order_even_where_the_clock_is_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            times.append(times[-1].replace(year=times[-1].year - 1))
            return times[-1]

    times = [datetime(2025, 1, 1, tzinfo=UTC)]
    monkeypatch.setattr("factbot.corpus.history.datetime", Clock)
    history = History(tmp_path)
    for number in range(3):
        history.keep(Article("T", f"Text {number}.", id="a.md"), "0" * 64, "changed")
    assert [version.article.text for version in history.versions("a.md")] == ["Text 2.", "Text 1.", "Text 0."]


NAMES = st.sampled_from(["a.md", "b/c.txt", "d.markdown", "ü 東.md"])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["remove", "restore", "change"]), NAMES), max_size=12))
def test_no_text_is_lost_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    corpus = Corpus(tmp_path_factory.mktemp("corpus"))
    written: dict[str, set[str]] = {}
    for number, (step, name) in enumerate(steps):
        if step == "change":
            path = corpus.folder / name
            path.parent.mkdir(exist_ok=True)
            if path.exists():
                old = Article("T", path.read_text(), id=name)
                corpus.history.keep(old, "0" * 64, "changed")
            path.write_text(f"Text {number}.")
            written.setdefault(name, set()).add(f"Text {number}.")
            continue
        try:
            getattr(corpus, step)(name)
        except ArticleError:
            continue
    for name, texts in written.items():
        kept = {version.article.text for version in corpus.history.versions(name)}
        files = {path.read_text() for i, path in corpus.files().items() if i.startswith(name)}
        assert texts <= {text.strip() for text in kept} | files


def test_front_matter_keeps_when_a_page_was_fetched() -> None:
    assert "fetched: '2025-01-02T03:04:05Z'" in to_text_file(Article("T", "X.", fetched="2025-01-02T03:04:05Z"))
