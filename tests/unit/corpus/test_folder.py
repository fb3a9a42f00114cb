"""The corpus folder: which files are articles, and how articles are added and removed whole."""

import errno
import os
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from factbot.corpus.folder import Corpus
from factbot.corpus.formats.article import read_article
from factbot.corpus.formats.kinds import SUFFIXES
from factbot.corpus.ingest.item import article_item
from factbot.errors import ArticleError, CorpusError
from factbot.results import Article


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path / "corpus")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, text: str = "Some text.") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def add_file(corpus: Corpus, path: Path) -> str:
    return corpus.add(path.name, path.read_bytes())


def add_article(corpus: Corpus, article: Article) -> str:
    item = article_item(article)
    return corpus.add(item.name, item.data)


def everything(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


# -- what it holds ---------------------------------------------------------------------------------


def test_files_are_found_in_all_subfolders_in_order(corpus: Corpus) -> None:
    names = [*(f"a{suffix}" for suffix in SUFFIXES), "B.TXT", "world/asia/quake.md", "world/vote.md"]
    for name in names:
        put(corpus.folder, name)
    for name in (
        "photo.png",
        "noend",
        ".hidden.md",
        ".git/x.md",
        "a/.b/c.md",
        ".md",
        "~$open.md",
        "a/~$open.docx",
    ):
        put(corpus.folder, name)
    assert list(corpus.files()) == sorted(names)
    assert corpus.files()["world/vote.md"] == corpus.folder / "world" / "vote.md"


def test_ids_are_in_one_unicode_form(corpus: Corpus) -> None:
    put(corpus.folder, unicodedata.normalize("NFD", "café/été.md"))
    (composed,) = corpus.files()
    assert composed == unicodedata.normalize("NFC", "café/été.md")
    assert corpus.files()[composed].read_text() == "Some text."
    assert corpus.find(composed) == corpus.files()
    corpus.remove(composed)
    assert corpus.files() == {}


@pytest.mark.skipif(os.name != "posix", reason="only POSIX allows names that are not Unicode")
def test_one_article_is_found_without_looking_through_the_whole_folder(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    decomposed = unicodedata.normalize("NFD", "élan/ça.md")
    for name in ("a/b.md", "a/deep/c.md", "other/d.md", decomposed):
        put(corpus.folder, name)
    (corpus.folder / "a" / "near.md").symlink_to(corpus.folder / "other" / "d.md")
    looked_at: list[str] = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda folder: looked_at.append(Path(folder).name) or scandir(folder))
    for name in ("a/b.md", "a/near.md", unicodedata.normalize("NFC", decomposed)):
        assert list(corpus.find(name)) == [name]
    for gone in (
        "a/x.md",
        "x.md",
        "",
        "a",
        "a/",
        ".",
        "..",
        "../corpus/a/b.md",
        "a/../a/b.md",
        "/a/b.md",
        "A/B.md",
    ):
        assert corpus.find(gone) == {}, "one that is not there, and least of all every one"
    assert "deep" not in looked_at and "other" not in looked_at


def test_a_name_that_is_not_unicode_gives_an_id_that_is(corpus: Corpus) -> None:
    corpus.folder.mkdir()
    try:
        Path(os.fsdecode(os.fsencode(corpus.folder) + b"/caf\xe9.txt")).write_text("Text.")
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    (article_id,) = corpus.files()
    article_id.encode()
    corpus.remove(article_id)
    assert corpus.files() == {}


def test_links_are_followed_inside_the_folder_only(corpus: Corpus, outside: Path) -> None:
    inside = put(corpus.folder, "real.md")
    secret = put(outside, "secret.md")
    (corpus.folder / "near.md").symlink_to(inside)
    (corpus.folder / "far.md").symlink_to(secret)
    (corpus.folder / "gone.md").symlink_to(outside / "gone.md")
    (corpus.folder / "folder").symlink_to(outside)
    (corpus.folder / "loop").symlink_to(corpus.folder)
    assert list(corpus.files()) == ["near.md", "real.md"]
    for name in ("far.md", "gone.md", "folder/secret.md", "loop/real.md"):
        assert corpus.find(name) == {}
    assert list(corpus.find("near.md")) == ["near.md"]
    left_out = {failure.path: failure.reason for failure in corpus.look().left_out}
    assert sorted(left_out) == ["far.md", "folder", "gone.md"], "what a link inside leads to is read where it lies"
    assert all("is a link that leads out of its folder" in reason for reason in left_out.values())


def test_of_two_names_that_look_alike_the_second_is_named(corpus: Corpus) -> None:
    for folder in ("", "é/"):
        for form in ("NFD", "NFC"):
            put(corpus.folder, unicodedata.normalize(form, f"{folder}brücke.md"), f"{form} text.")
    if len(everything(corpus.folder)) < 6:
        pytest.skip("this file system takes the two names for one")
    files, left_out = corpus.look()
    assert list(files) == ["brücke.md", "é/brücke.md"]
    assert [failure.path for failure in left_out] == list(files)
    assert all("two ways that look the same; rename one" in failure.reason for failure in left_out)
    for article_id, path in files.items():
        assert path.read_text() == "NFC text."
        assert corpus.find(article_id) == {article_id: path}


def test_a_missing_folder_and_a_file_in_its_place_say_what_to_do(corpus: Corpus) -> None:
    with pytest.raises(CorpusError, match="create it"):
        corpus.files()
    corpus.folder.write_text("I am a file.")
    with pytest.raises(CorpusError, match="--corpus"):
        corpus.files()


def test_an_unreadable_subfolder_is_not_taken_for_an_empty_one(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(corpus.folder, "a.md")
    put(corpus.folder, "closed/b.md")
    scandir = os.scandir

    def refuse(folder: str) -> object:
        if folder.endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(CorpusError, match=r"closed .*Permission denied"):
        corpus.files()


# -- coming in -------------------------------------------------------------------------------------


def test_a_file_is_copied_in_byte_for_byte(corpus: Corpus, outside: Path) -> None:
    source = put(outside, "Ünder way.MD", "# T\r\n\r\nText.\n")
    article_id = add_file(corpus, source)
    assert article_id == "Ünder way.md"
    assert corpus.files()[article_id].read_bytes() == source.read_bytes()
    assert everything(corpus.folder) == ["Ünder way.md"], "nothing is left beside it"


def test_the_same_bytes_are_stored_once_wherever_they_are(corpus: Corpus, outside: Path) -> None:
    put(corpus.folder, "world/vote.md", "Vote text.")
    assert add_file(corpus, put(outside, "other.md", "Vote text.")) == "world/vote.md"
    assert add_file(corpus, corpus.folder / "world" / "vote.md") == "world/vote.md"
    first = add_file(corpus, put(outside, "new.md", "New text."))
    assert add_file(corpus, put(outside, "newer.md", "New text.")) == first == "new.md"
    (corpus.folder / "new.md").unlink()
    assert add_file(corpus, put(outside, "newer.md", "New text.")) == "newer.md", "what is gone is no copy"
    assert everything(corpus.folder) == ["newer.md", "vote.md", "world"]


def test_another_file_of_the_same_name_is_never_overwritten(corpus: Corpus, outside: Path) -> None:
    assert add_file(corpus, put(outside, "a.md", "One.")) == "a.md"
    assert add_file(corpus, put(outside, "a.md", "Two.")) == "a-2.md"
    assert add_file(corpus, put(outside, "a.md", "Three.")) == "a-3.md"
    assert [path.read_text() for path in corpus.files().values()] == ["Two.", "Three.", "One."]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.md", b"---\ntitle: No words\n---\n"), ("b.txt", b"\0\1\2"), ("c.txt", b" "), ("d.pdf", b"%PDF-1.7")],
)
def test_a_file_that_cannot_be_read_stays_out(corpus: Corpus, outside: Path, name: str, content: bytes) -> None:
    (outside / name).write_bytes(content)
    with pytest.raises(ArticleError, match=name):
        add_file(corpus, outside / name)
    assert not corpus.folder.exists()


def test_hidden_and_odd_names_become_visible_ones(corpus: Corpus, outside: Path) -> None:
    assert add_file(corpus, put(outside, ".secret.md", "One.")) == "secret.md"
    assert add_file(corpus, put(outside, "two\nlines\u202e.md", "Two.")) == "two lines.md"
    assert add_file(corpus, put(outside, "多" * 80 + ".md", "Three.")) == "多" * 60 + ".md"
    assert len(corpus.files()) == 3


def test_an_article_is_stored_under_its_title_and_read_back(corpus: Corpus) -> None:
    text = "# no heading\n\n* 5 * 4 = 20\n\nEnd."
    article = Article("Who won: the “vote”?", text, source="Daily", date="2024-03-05", url="https://a.example/")
    article_id = add_article(corpus, article)
    assert article_id == "who-won-the-vote.txt"
    back = read_article(corpus.files()[article_id], article_id)
    assert (back.title, back.text, back.source) == (article.title, article.text, article.source)
    assert (back.date, back.url) == (article.date, article.url)
    assert add_article(corpus, article) == article_id
    assert add_article(corpus, Article("Who won the vote", "Other.")) == "who-won-the-vote-2.txt"
    assert add_article(corpus, Article("会议 十二月", "Text.")) == "会议-十二月.txt"
    assert add_article(corpus, Article("../../etc/passwd", "Text.")) == "etc-passwd.txt"
    assert add_article(corpus, Article("!?", "Text.")) == "article.txt"


def test_an_article_without_text_stays_out(corpus: Corpus) -> None:
    with pytest.raises(ArticleError, match="no text"):
        add_article(corpus, Article("T", " \n"))


def test_many_threads_adding_lose_nothing(corpus: Corpus) -> None:
    def add(number: int) -> None:
        add_article(corpus, Article("Same title", f"Text {number}."))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({path.read_text() for path in corpus.files().values()}) == 20


@pytest.mark.parametrize(
    ("call", "number"), [("fsync", errno.ENOSPC), ("mkstemp", errno.EROFS), ("replace", errno.EACCES)]
)
def test_a_full_or_read_only_disk_leaves_the_corpus_as_it_was(
    corpus: Corpus, outside: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    put(corpus.folder, "a.md")

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    owner = {"fsync": "os.fsync", "mkstemp": "tempfile.mkstemp", "replace": "pathlib.Path.replace"}
    monkeypatch.setattr(owner[call], fail)
    with pytest.raises(CorpusError, match=os.strerror(number)):
        add_file(corpus, put(outside, "b.md", "New."))
    assert everything(corpus.folder) == ["a.md"]


def test_a_corpus_that_is_a_file_takes_no_article(corpus: Corpus) -> None:
    corpus.folder.write_text("I am a file.")
    with pytest.raises(CorpusError):
        add_article(corpus, Article("T", "Text."))


# -- going out -------------------------------------------------------------------------------------


def test_an_article_is_removed(corpus: Corpus) -> None:
    put(corpus.folder, "world/a.md")
    put(corpus.folder, "b.md")
    corpus.remove("world/a.md")
    assert list(corpus.files()) == ["b.md"]
    with pytest.raises(ArticleError, match="factbot articles"):
        corpus.remove("world/a.md")


def test_nothing_but_an_article_is_removed(corpus: Corpus, outside: Path) -> None:
    kept = [
        put(outside, "x.md"),
        put(corpus.folder, "a/b.md"),
        put(corpus.folder, ".h.md"),
        put(corpus.folder, "c.png"),
    ]
    absolute: Callable[[Path], str] = str
    for name in [
        "../outside/x.md",
        absolute(outside / "x.md"),
        absolute(corpus.folder / "a/b.md"),
        "a/../a/b.md",
    ]:
        with pytest.raises(ArticleError):
            corpus.remove(name)
    for name in ["", ".", "a", "a//b.md", "./a/b.md", ".h.md", "c.png", "a\0.md", "a" * 5000 + ".md"]:
        with pytest.raises(ArticleError):
            corpus.remove(name)
    assert all(path.exists() for path in kept)
