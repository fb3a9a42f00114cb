"""Files, folders, archives, tables and addresses are added; whatever cannot be added is named."""

from __future__ import annotations

import json
import logging
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from factbot import Article, ArticleError, FactBot, Failure, SyncReport
from factbot.cli.main import main
from factbot.corpus.formats import article
from factbot.corpus.formats.article import read_article
from factbot.corpus.ingest.article_writer import Stored
from factbot.corpus.ingest.given import items
from factbot.corpus.ingest.item import Item
from factbot.doctor.findings import inspect
from tests.support.documents import pdf, prose, zipped
from tests.support.embedding import Recording
from tests.support.library import Library, assert_even, write_articles

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
    write_articles(folder, {".hidden.md": "Hidden.", "photo.png": "no article", "~$a.md": "\0"})
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


def test_an_added_article_is_parsed_once(
    empty: Library, recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = PAGE.format(head="", last="Nobody was hurt.")
    folder = tmp_path / "inbox"
    write_articles(folder, {"a.md": "First text.", "deep/B b.txt": "B\n\nSecond text.", "c.html": page})
    rows = [{"title": f"Row {n}", "text": f"Text {n}."} for n in range(3)]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    monkeypatch.setattr(
        "factbot.corpus.ingest.fetch.fetch", lambda url: (page.encode(), ".html", "https://a.example/quake")
    )
    parsed: list[str] = []
    read = article._read
    monkeypatch.setattr(article, "_read", lambda data, suffix: parsed.append(suffix) or read(data, suffix))
    with empty.open() as bot:
        ids, failures = added(bot, folder)
        assert (len(ids), failures) == (6, [])
        assert sorted(parsed) == [".html", ".md", ".txt"], "rows are articles before they are files"
        parsed.clear()
        bot.add("https://a.example/quake")
        assert parsed == [".html"]
        parsed.clear()
        bot.add(Article("Typed", "By hand."))
        assert parsed == []
        for stored in bot.articles():
            held = bot.article(stored.id)
            file = read_article(empty.corpus / stored.id, stored.id)
            assert (held.title, held.text, held.url) == (file.title, file.text, file.url)
        assert len(bot.sync().unchanged) == 8


def test_a_file_that_changes_before_it_is_indexed_is_read_again(
    empty: Library, recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(tmp_path, {"a.txt": "A\n\nBefore."})
    with empty.open() as bot:
        sync = bot._sync

        def beside(*given: Any, **named: Any) -> SyncReport:
            (empty.corpus / "a.txt").write_text("A\n\nAfter.", encoding="utf-8")
            return sync(*given, **named)

        monkeypatch.setattr(bot, "_sync", beside)
        assert bot.add(tmp_path / "a.txt").text == "After."


def test_a_second_file_of_a_name_is_titled_after_its_own(
    empty: Library, recording: Recording, tmp_path: Path
) -> None:
    write_articles(tmp_path, {"one/old_news.txt": "Ice.", "two/old_news.txt": "Snow."})
    with empty.open() as bot:
        assert bot.add(tmp_path / "one/old_news.txt").title == "old news"
        second = bot.add(tmp_path / "two/old_news.txt")
        assert (second.id, second.title) == ("old_news-2.txt", "old news 2")


def test_the_same_bytes_as_another_kind_are_read_as_that_kind(
    empty: Library, recording: Recording, tmp_path: Path
) -> None:
    write_articles(tmp_path / "inbox", {"a.md": "# Ice\n\nIt *melts*.", "b.txt": "# Ice\n\nIt *melts*."})
    with empty.open() as bot:
        ids, _ = added(bot, tmp_path / "inbox")
        assert ids == ["a.md"] and bot.article("a.md").text == "It melts."


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
        whole, broken = (item for item in items(tmp_path / "inbox") if isinstance(item, Item))
        article, earlier = bot.preview(whole, bot.store())
        assert (article.title, article.text, earlier) == ("A", "First text.", None)
        with pytest.raises(ArticleError, match=r"broken\.txt"):
            bot.preview(broken, bot.store())
        assert bot.articles() == [] and not list(empty.corpus.iterdir())


def test_an_edit_that_cannot_be_read_is_not_written_over(
    empty: Library, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(last: str) -> None:
        fetched = (PAGE.format(head="", last=last).encode(), ".html", "https://news.example/quake")
        monkeypatch.setattr("factbot.corpus.ingest.fetch.fetch", lambda url: fetched)

    page("Nobody was hurt.")
    with empty.open() as bot:
        article = bot.add("https://news.example/quake")
        broken = "\0\1\2 What I found out."
        (empty.corpus / article.id).write_text(broken, encoding="utf-8")
        page("Two people were hurt.")
        with pytest.raises(ArticleError, match=article.id):
            bot.add("https://news.example/quake")
        assert (empty.corpus / article.id).read_text(encoding="utf-8") == broken


def test_an_article_that_is_removed_while_others_go_in_does_not_end_that(
    empty: Library, recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(tmp_path / "inbox", {f"{n}.txt": f"Number {n}\n\nText {n}." for n in range(3)})
    with empty.open() as bot:
        indexed = bot._indexed

        def beside(waiting: list[Stored]) -> Iterator[Article | Failure]:
            bot.remove(waiting[0].article_id)
            return indexed(waiting)

        monkeypatch.setattr(bot, "_indexed", beside)
        gone, *others = bot.add_all(tmp_path / "inbox")
        assert gone == Failure("0.txt", "0.txt was removed before it was indexed.")
        assert [article.id for article in others if isinstance(article, Article)] == ["1.txt", "2.txt"]
        assert_even(bot)


def test_stopping_keeps_what_was_done(empty: Library, recording: Recording, tmp_path: Path) -> None:
    from factbot.scheduling import Cancellation

    write_articles(tmp_path / "inbox", {f"{n:02}.txt": f"Number {n}\n\nText {n}." for n in range(50)})
    with empty.open() as bot:
        cancellation = Cancellation()
        done = []
        for result in bot.add_all(tmp_path / "inbox", cancellation):
            done.append(result)
            cancellation.stop()
        assert 0 < len(done) < 50
        assert len(bot.articles()) == len(done)
        assert_even(bot)


def test_a_page_keeps_its_id_and_what_it_said_before(
    empty: Library, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(last: str, head: str = "") -> None:
        fetched = (PAGE.format(head=head, last=last).encode(), ".html", "https://news.example/quake")
        monkeypatch.setattr("factbot.corpus.ingest.fetch.fetch", lambda url: fetched)

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


# -- a newer text of an article ----------------------------------------------------------------------------


def table(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_a_later_export_replaces_the_articles_of_the_same_ids(
    empty: Library, recording: Recording, tmp_path: Path
) -> None:
    plan = {"id": "A-17", "title": "Quay plan", "text": "The quay will be 90 metres long."}
    other = {"id": "a/17", "title": "Another", "text": "It rained in Lys."}
    with empty.open() as bot:
        first, failures = added(bot, table(tmp_path / "news.jsonl", plan, other))
        assert first[0] == "news/A-17.txt" and first[1].startswith("news/a-17-") and not failures
        later = plan | {"title": "Quay plan, again", "text": "The quay will be 120 metres long."}
        assert added(bot, table(tmp_path / "news.jsonl", later, other)) == (first, [])
        assert "120" in bot.article(first[0]).text
        [_, old] = bot.history(first[0])
        assert old.state == "changed" and "90" in old.article.text
        # An export that is called after its day, and whose title is still the same.
        newest = later | {"text": "The quay will not be built."}
        assert added(bot, table(tmp_path / "news-may.jsonl", newest)) == (first[:1], [])
        assert [len(bot.history(i)) for i in first] == [3, 1] and len(bot.articles()) == 2
        assert_even(bot)


def test_the_same_id_in_another_table_is_another_article(
    empty: Library, recording: Recording, tmp_path: Path
) -> None:
    with empty.open() as bot:
        added(bot, table(tmp_path / "one.jsonl", {"id": 1, "title": "Quay", "text": "The quay is long."}))
        added(bot, table(tmp_path / "two.jsonl", {"id": 1, "title": "Rain", "text": "It rained."}))
        added(bot, table(tmp_path / "three.jsonl", {"id": 2, "text": "It snowed."}))
        added(bot, table(tmp_path / "four.jsonl", {"id": 2, "text": "It hailed."}))
        assert {a.id for a in bot.articles()} == {"one/1.txt", "two/1.txt", "three/2.txt", "four/2.txt"}


def test_rows_that_share_ids_and_addresses_are_all_kept(
    empty: Library, recording: Recording, tmp_path: Path
) -> None:
    rows = [{"id": 7, "url": "https://n.example/all", "title": f"T{i}", "text": f"Text {i}."} for i in range(3)]
    rows += [{"url": "https://n.example/", "title": f"U{i}", "text": f"More {i}."} for i in range(2)]
    with empty.open() as bot:
        articles, failures = added(bot, table(tmp_path / "news.jsonl", *rows))
        assert len(set(articles)) == 5 and not failures
        assert added(bot, table(tmp_path / "news.jsonl", *rows)) == (articles, [])
        assert len(bot.articles()) == 5 and all(len(bot.history(i)) == 1 for i in articles)


def test_two_texts_of_one_row_in_one_go_both_stay(empty: Library, recording: Recording, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "news.csv").write_text("id,title,text\n1,Quay,It is long.\n", encoding="utf-8")
    table(folder / "news.jsonl", {"id": 1, "title": "Quay", "text": "It is short."})
    with empty.open() as bot:
        articles, _ = added(bot, folder)
        assert set(articles) == {"news/1.txt"}
        assert [v.article.text for v in bot.history("news/1.txt")] == ["It is short.", "It is long."]


def test_a_row_and_a_page_of_one_address_are_one_article(
    empty: Library, recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://news.example/quake"
    fetched = (PAGE.format(head="", last="Nobody was hurt.").encode(), ".html", url)
    monkeypatch.setattr("factbot.corpus.ingest.fetch.fetch", lambda url: fetched)
    with empty.open() as bot:
        first = bot.add(url)
        row = {
            "headline": "A quake",
            "articleBody": "Two were hurt.",
            "canonical_url": "https://News.example/quake/",
        }
        assert added(bot, table(tmp_path / "news.jsonl", row)) == ([first.id], [])
        assert bot.article(first.id).text == "Two were hurt."
        assert bot.add("https://News.example/quake/").id == first.id
        assert [v.state for v in bot.history(first.id)] == ["current", "changed", "changed"]
        assert len(bot.articles()) == 1


def test_a_file_of_a_taken_name_says_where_it_went(
    empty: Library, recording: Recording, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def named(caplog: pytest.LogCaptureFixture) -> list[str]:
        return [record.getMessage() for record in caplog.records if record.name == "factbot.corpus.folder"]

    with empty.open() as bot, caplog.at_level(logging.WARNING):
        for text in ("The quay is long.", "The quay is short."):
            write_articles(tmp_path, {"quay-plan.txt": text})
            last = bot.add(tmp_path / "quay-plan.txt")
        assert last.id == "quay-plan-2.txt" == bot.add(tmp_path / "quay-plan.txt").id
        [message] = named(caplog)
        assert message.startswith("quay-plan.txt ") and "quay-plan-2.txt" in message and "edit its file" in message
        caplog.clear()
        added(bot, table(tmp_path / "rows.jsonl", *({"title": "T", "text": f"{n}."} for n in range(2))))
        assert not named(caplog)


# -- what is not taken --------------------------------------------------------------------------------------

MAIL = b"""From: Ann Lee <ann@pier.example>
Subject: The pier
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain

The pier opens on Friday.
--x
Content-Type: application/pdf
Content-Disposition: attachment; filename=plan.pdf

%PDF
--x--
"""
NOT_READ = "1 attachment was not read: plan.pdf."


def test_what_was_not_read_of_a_file_stays_known(
    empty: Library, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "letter.eml").write_bytes(MAIL)
    (tmp_path / "whole.txt").write_text("The mole stays shut.")
    places = ["--corpus", str(empty.corpus), "--index", str(empty.index)]
    with empty.open() as bot:
        first, second = (bot.add(tmp_path / name) for name in ("letter.eml", "whole.txt"))
        assert (first.note, second.note) == (NOT_READ, "")
        assert [article.note for article in bot.articles()] == [NOT_READ, ""]
        assert bot.rebuild().notes == (f"letter.eml: {NOT_READ}",)
        assert bot.sync().notes == (), "only what was read anew is told of"
        reading = next(finding for finding in inspect(bot) if finding.subject == "reading")
        assert reading.healthy and reading.text == f"1 article not read as a whole: letter.eml: {NOT_READ}"
        bot.remove("letter.eml")
        assert "reading" not in {finding.subject for finding in inspect(bot)}
    assert main(["add", str(tmp_path / "letter.eml"), *places]) == 0
    assert f"factbot: letter.eml: {NOT_READ}\n" in capsys.readouterr().err
    assert main(["articles", *places]) == 0
    assert NOT_READ in capsys.readouterr().out


def test_what_was_not_read_of_a_page_goes_into_its_file(empty: Library) -> None:
    article = Article("The pier", "It opens on Friday.", note=NOT_READ)
    with empty.open() as bot:
        assert bot.add(article).note == NOT_READ
        shutil.rmtree(bot.settings.index, ignore_errors=True)
    with empty.open() as bot:
        bot.sync()
        assert [a.note for a in bot.articles()] == [NOT_READ]


def test_links_that_are_not_followed_are_named(empty: Library, tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    write_articles(inbox, {"a.md": "# A\n\nFirst text."})
    write_articles(outside, {"b.md": "# B\n\nSecond text."})
    for name, target in (("again.md", inbox / "a.md"), ("b.md", outside / "b.md"), ("folder", outside)):
        (inbox / name).symlink_to(target)
    (inbox / "loop").symlink_to(inbox)
    for name, target in (("b.md", outside / "b.md"), ("photo.png", outside)):
        (empty.corpus / name).symlink_to(target)
    with empty.open() as bot:
        articles, failures = added(bot, inbox)
        assert articles == ["a.md"]
        assert sorted(failure.split(" is a link")[0] for failure in failures) == [
            str(inbox / "b.md"),
            str(inbox / "folder"),
        ]
        assert [failure.path for failure in bot.sync().failed] == ["b.md", "photo.png"]
        corpus = next(finding for finding in inspect(bot) if finding.subject == "corpus")
        assert not corpus.healthy and "2 files left out: b.md is a link" in corpus.text


def test_other_kinds_in_a_folder_are_named_or_counted(tmp_path: Path) -> None:
    names = ["report.doc", "letter.wpd", "feed.xml", "Makefile", "photo.jpg", "Thumbs.db", ".hidden.doc"]
    write_articles(tmp_path, dict.fromkeys([*names, *(f"{n}.pages" for n in range(1200))], "x"))
    reasons = [item.reason for item in items(tmp_path) if isinstance(item, Failure)]
    assert len(reasons) == 5
    for words in (
        "report.doc is of a kind",
        "letter.wpd is",
        "Makefile is",
        "feed.xml is left out",
        "1,200 files",
    ):
        assert sum(words in reason for reason in reasons) == 1, words
    [kinds] = (reason for reason in reasons if "report.doc" in reason)
    assert all(suffix in kinds for suffix in (".docx", ".csv", ".tsv", ".jsonl", ".json", ".zip"))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "ftp://example.org/a.txt",
            "ftp://example.org/a.txt is no web address; factbot fetches http:// and https://",
        ),
        (
            "www.example.org",
            "www.example.org is no file here; to fetch it from the web write https://www.example.org.",
        ),
        ("file:///home/me/a.txt", "file:///home/me/a.txt is an address; give the file's path, /home/me/a.txt."),
    ],
)
def test_addresses_of_other_kinds(source: str, words: str) -> None:
    with pytest.raises(ArticleError) as caught:
        list(items(source))
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".zip"])
def test_a_table_or_an_archive_from_the_web(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {".csv": b"title|text|url\nA|One.|\n", ".jsonl": b'{"title": "A", "text": "One."}\n{\n'}.get(suffix)
    data = data or zipped({"a.txt": "A\n\nOne."})
    monkeypatch.setattr("factbot.corpus.ingest.fetch.fetch", lambda url: (data, suffix, f"{url}?x=1"))
    [item, *failures] = items(f"https://news.example/data/May news{suffix}")
    assert isinstance(item, Item) and item.name == "may-news/a.txt"
    assert len(failures) == (suffix == ".jsonl")
