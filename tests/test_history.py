"""What an article said before it changed or went is kept in the corpus folder, and comes back."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factbot import ArticleError, FactBot
from factbot.articles import to_text_file
from factbot.corpus import Corpus
from factbot.history import History
from factbot.results import Article
from library import ARTICLES, Library, assert_even, write_articles

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
        assert states(bot, "science/comet.html") == ["current"]
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
        assert_even(bot)


def test_what_has_come_back_is_not_written_over(own: Library) -> None:
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
        (own.corpus / ".history").write_text("no folder")
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
    monkeypatch.setattr("factbot.history.datetime", Clock)
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
