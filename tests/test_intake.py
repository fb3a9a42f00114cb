"""What a person points at goes in, be it file, folder, archive, table or address; what cannot is named."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from conftest import Recording
from documents import pdf, prose
from factbot import Article, ArticleError, FactBot, Failure
from library import Library, assert_even, write_articles

PAGE = """<html lang="en"><head><title>Quake</title>
<meta property="article:published_time" content="2024-03-05">{head}</head>
<body><article><h1>Quake</h1><p>A quake shook the town on Monday, officials said.</p><p>{last}</p></article>
</body></html>"""


@pytest.fixture
def empty(tmp_path: Path) -> Library:
    (tmp_path / "corpus").mkdir()
    return Library(tmp_path / "corpus", tmp_path / "index")


def added(bot: FactBot, source: str | Path) -> tuple[list[str], list[str]]:
    results = list(bot.add_all(source))
    articles = [result.id for result in results if isinstance(result, Article)]
    return articles, [result.reason for result in results if isinstance(result, Failure)]


def test_a_folder_of_everything_goes_in_and_the_rest_is_named(
    empty: Library, recording: Recording, tmp_path: Path
) -> None:
    folder = tmp_path / "inbox"
    write_articles(
        folder, {"a.md": "# A\n\nFirst text.", "deep/b.txt": "B\n\nSecond text.", "broken.txt": "\0\1\2"}
    )
    write_articles(folder, {".hidden.md": "Hidden.", "photo.png": "no article"})
    table = [
        {"title": "Row one", "text": "Third text."},
        {"title": "No text"},
        {"headline": "Row two", "body": "Fourth."},
    ]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, table)), encoding="utf-8")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("inner/c.html", PAGE.format(head="", last="Nobody was hurt."))
        archive.writestr("../escape.md", "Out.")
    with empty.open() as bot:
        articles, failures = added(bot, folder)
        rows = ["rows/row-one.txt", "rows/row-two.txt"]
        assert sorted(articles) == ["a.md", "deep/b.txt", "more/inner/c.html", *rows]
        assert len(failures) == 3
        for name in ("broken.txt", "escape.md", "rows.jsonl"):
            assert any(name in failure for failure in failures)
        assert_even(bot)
        again, failures = added(bot, folder)
        assert (again, len(failures)) == (articles, 3), "what is there already is not stored again"
        assert len(bot.articles()) == 5


def test_a_file_that_holds_several_is_not_one_article(
    empty: Library, recording: Recording, tmp_path: Path
) -> None:
    rows = [{"title": "One", "text": "First."}, {"title": "Two", "text": "Second."}]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with empty.open() as bot:
        with pytest.raises(ArticleError, match="several articles; use add_all"):
            bot.add(tmp_path / "rows.jsonl")
        assert bot.articles() == [] and not list(empty.corpus.iterdir())
        assert bot.add(Article("Three", "Third.")).id == "three.txt"


def test_a_preview_stores_nothing(empty: Library, tmp_path: Path) -> None:
    write_articles(tmp_path / "inbox", {"a.md": "# A\n\nFirst text.", "broken.txt": "\0"})
    with empty.open() as bot:
        article, failure = bot.preview(tmp_path / "inbox")
        assert isinstance(article, Article) and (article.title, article.text) == ("A", "First text.")
        assert isinstance(failure, Failure) and "broken.txt" in failure.reason
        assert bot.articles() == [] and not list(empty.corpus.iterdir())


def test_stopping_keeps_what_was_done(empty: Library, recording: Recording, tmp_path: Path) -> None:
    from factbot.control import Control

    write_articles(tmp_path / "inbox", {f"{n:02}.txt": f"Number {n}\n\nText {n}." for n in range(50)})
    with empty.open() as bot:
        control = Control()
        done = []
        for result in bot.add_all(tmp_path / "inbox", control):
            done.append(result)
            control.stop()
        assert 0 < len(done) < 50
        assert len(bot.articles()) == len(done)
        assert_even(bot)


def test_a_page_keeps_its_id_and_what_it_said_before(
    empty: Library, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(last: str, head: str = "") -> None:
        fetched = (PAGE.format(head=head, last=last).encode(), ".html", "https://news.example/quake")
        monkeypatch.setattr("factbot.fetch.fetch", lambda url: fetched)

    with empty.open() as bot:
        page("Nobody was hurt.", '<link rel="canonical" href="https://elsewhere.example/">')
        first = bot.add("https://short.example/q")
        assert (first.id, first.date) == ("quake.txt", "2024-03-05")
        assert first.url == "https://news.example/quake", "where it was found, not where it says it belongs"
        assert datetime.fromisoformat(first.fetched).tzinfo
        assert bot.add("https://short.example/q") == first, "nothing new: nothing is stored"
        page("One person was hurt.")
        second = bot.add("https://short.example/q")
        assert second.id == first.id and "One person" in second.text
        assert [v.state for v in bot.history(first.id)] == ["current", "changed"]
        assert "Nobody" in bot.history(first.id)[1].article.text
        assert len(bot.articles()) == 1
        page("One person was hurt.", '<meta property="og:site_name" content="The News">')
        bot.remove(first.id)
        assert bot.add("https://short.example/q").source == "The News"


def test_a_citation_of_a_pdf_names_its_page(empty: Library, recording: Recording, tmp_path: Path) -> None:
    pages = ["The lighthouse at Orrin Point was built in 1871.", "The last keeper, Tom Brandt, left in 1994."]
    (tmp_path / "orrin.pdf").write_bytes(pdf([prose([page]) for page in pages]))
    with empty.open(passage_size=60, context_size=60) as bot:
        assert len(bot.add(tmp_path / "orrin.pdf").pages) == 2
        (found,) = (p for p in bot.search("When did the last keeper leave?", k=2) if "keeper" in p.text[:20])
        assert found.page == 2 and found.to_dict()["page"] == 2
    with empty.open(passage_size=200, rebuild=True) as bot:
        bot.sync()
        (whole,) = bot.search("When did the last keeper leave?", k=1)
        assert (whole.page, len(whole.page_breaks)) == (1, 1)
        assert whole.page_at(whole.text.index("built")) == 1 and whole.page_at(whole.text.index("keeper")) == 2
        assert "page_breaks" not in whole.to_dict()
        (citation,) = bot.ask("When did the last keeper leave?").citations
        assert citation.passage.page_at(citation.quote_start) == 2
        bot.add(Article("Another", "It rained all day in Lys."))
        (other,) = (p for p in bot.search("Did it rain in Lys?", k=3) if "rained" in p.text)
        assert other.page is None and "page" not in other.to_dict()
