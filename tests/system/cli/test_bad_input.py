"""Bad input: one clear sentence, the right exit code, nothing lost, never a traceback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from factbot import Article, ArticleError, CorpusError, FactBot, UsageError
from factbot.cli.main import main
from tests.support.embedding import Recording
from tests.support.library import (
    ARTICLES,
    LIGHTHOUSE_QUESTION,
    Library,
    assert_even,
    assert_one_sentence,
    command,
    copied,
    write_articles,
)

Capture = pytest.CaptureFixture[str]

HOSTILE = (
    """<script>alert(1)</script><img src=x onerror="alert(2)"> ${7*7} {{7*7}} '; DROP TABLE articles; -- """
    """\\ " ' ` $(reboot)"""
)


@pytest.fixture(scope="module")
def shelf(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A copy of the library for commands that only read."""
    return copied(library, tmp_path_factory.mktemp("shelf"))


# -- questions ------------------------------------------------------------------------------------------

NO_QUESTION = {
    "empty": "",
    "blank": " \t\n ",
    "100,000 characters": "who " * 25_000,
    "control characters": "\x01\x02\x1b",
    "punctuation": "?!",
    "undecodable bytes": os.fsdecode(b"\xff\xfe\x80"),
}


@pytest.mark.parametrize("name", NO_QUESTION)
@pytest.mark.parametrize("asking", ["ask", "search"])
def test_text_without_a_question_is_a_usage_error(shelf: Library, capsys: Capture, asking: str, name: str) -> None:
    assert main([asking, NO_QUESTION[name], *shelf.options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert_one_sentence(err, "question")


@pytest.mark.parametrize(
    "question",
    [
        HOSTILE,
        "Who built \x00the \x1b[31mlighthouse at\u202e Orrin Point?",
        os.fsdecode(b"Who built the lighthouse? \xff\xfe"),
        'lighthouse" AND title:(x OR NOT *) ^5 ~2 [a TO b] /re.*/ \\',
        "Glaces " + "🍨" * 500,
        "a " * 999,
        "👨‍👩‍👧‍👦 e\u0301\u0301\u0301 ﷽ \U0010ffff",
    ],
)
def test_odd_questions_are_answered_like_any_other(bot: FactBot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.text.startswith("The corpus holds no answer") or answer.citations
    assert bot.search(question)
    assert answer.question.isprintable()


@pytest.mark.slow
def test_bytes_that_are_no_text_in_a_process_of_its_own(shelf: Library) -> None:
    done = subprocess.run(
        [*map(os.fsencode, command("ask", *shelf.options)), b"\xff\xfelighthouse\xff"], capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")


# -- articles -------------------------------------------------------------------------------------------

UNREADABLE = {
    "binary.txt": bytes(range(256)) * 40,
    "picture.md": b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 2_000,
    "empty.txt": b"",
    "blank.md": b" \n\t\n ",
    "title-only.txt": b"---\ntitle: Nothing else\n---\n",
    "no-article.html": b"<html><body></body></html>",
    "huge.txt": b"word " * 2_100_000,
}
READABLE = {
    "latin-1.txt": "Café\n\nLe café de Lys a été rénové en 1999.".encode("latin-1"),
    "utf-16.txt": "Sixteen\n\nThe file was written by an old editor.".encode("utf-16"),
    "bom.md": b"\xef\xbb\xbf# Marked\n\nThe file begins with a mark.",
    "crlf.txt": b"Windows\r\n\r\nEvery line ends in two characters.\r\n",
    "front-matter.md": b"---\ntitle: [unclosed\n---\n\nThe text is whole.\n",
    "controls.txt": f"Bells\n\nA\x07 bell\x1b[0m and a \u202etrick\u202c. {'It rang again. ' * 9}".encode(),
    "markup.md": f"# {HOSTILE}\n\n{HOSTILE} is what it said.\n".encode(),
    "broken.html": b"<html><body><p>One <b>two <p>three four five six seven eight nine ten.<div></span>",
    "no-title.txt": b"Only one sentence stands here.",
    "endless-word.txt": b"Word\n\n" + b"a" * 50_000,
}


def test_what_cannot_be_read_is_named_and_the_rest_goes_in(own: Library, capsys: Capture) -> None:
    for name, content in {**UNREADABLE, **READABLE}.items():
        (own.corpus / name).write_bytes(content)
    (own.corpus / "pipe.txt").unlink(missing_ok=True)
    os.mkfifo(own.corpus / "pipe.txt")
    (own.corpus / "dangling.txt").symlink_to("nowhere.txt")
    (own.corpus / "folder.txt").mkdir()
    (own.corpus / os.fsdecode(b"name-\xff.txt")).write_text("Name\n\nA file whose name is no text.")
    assert main(["sync", *own.options]) == 1
    _, err = capsys.readouterr()
    named = {line.removeprefix("factbot: ").split(" ")[0] for line in err.splitlines()}
    assert named - {"pipe.txt"} == set(UNREADABLE)
    for line in err.splitlines():
        assert_one_sentence(line)
    with own.open() as bot:
        indexed = {article.id for article in bot.articles()}
        assert indexed >= {*ARTICLES, *READABLE}
        assert not indexed & set(UNREADABLE)
        for article_id in READABLE:
            assert "\x07" not in bot.article(article_id).text
        for passage in bot.search(f"{HOSTILE} is what it said", k=30):
            text = bot.article(passage.article_id).text
            assert text[passage.start : passage.end] == passage.text
    for name in [*UNREADABLE, "pipe.txt"]:
        (own.corpus / name).unlink()
    with own.open() as bot:
        assert not bot.sync().failed
        assert_even(bot)


@pytest.mark.parametrize("name", ["binary.txt", "empty.txt", "huge.txt", "no-article.html"])
def test_adding_what_cannot_be_read_changes_nothing(own: Library, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(UNREADABLE[name])
    with own.open() as bot:
        before = bot.corpus_version
        with pytest.raises(ArticleError, match=rf"^{name} .*\.$"):
            bot.add(tmp_path / name)
        assert_even(bot)
        assert bot.corpus_version == before
        assert len(bot.articles()) == len(ARTICLES)


@pytest.mark.parametrize(
    "source",
    [
        "no-such-file.txt",
        "",
        "\0",
        "x" * 5_000,
        "http://",
        "http://127.0.0.1:9/",
        "ftp://example.org/x",
        "www.x.org",
    ],
)
def test_adding_what_is_not_there_is_one_sentence(own: Library, source: str) -> None:
    with own.open() as bot:
        with pytest.raises((ArticleError, UsageError), match=r"\.$"):
            bot.add(source)
        assert_even(bot)


def test_an_article_from_python_that_has_no_text_changes_nothing(own: Library) -> None:
    with own.open() as bot:
        for text in ("", " \n", "\x00"):
            with pytest.raises(ArticleError, match=r"no text.*\.$"):
                bot.add(Article(title="Nothing", text=text))
        assert_even(bot)


@pytest.mark.parametrize(
    "article_id", ["", "no-such.md", "../corpus/lighthouse.md", "/etc/passwd", "\0", "lighthouse.md#0-77"]
)
def test_removing_what_is_not_there_changes_nothing(own: Library, article_id: str) -> None:
    with own.open() as bot:
        with pytest.raises(ArticleError, match=r"`factbot articles`"):
            bot.remove(article_id)
        with pytest.raises(ArticleError):
            bot.article(article_id)
        assert_even(bot)


# -- the corpus folder ----------------------------------------------------------------------------------


def test_a_missing_corpus_is_one_sentence(own: Library, capsys: Capture) -> None:
    shutil.rmtree(own.corpus)
    assert main(["sync", *own.options]) == 1
    assert_one_sentence(capsys.readouterr().err, str(own.corpus), "--corpus")


def test_a_file_in_place_of_the_corpus_is_one_sentence(own: Library, tmp_path: Path, capsys: Capture) -> None:
    shutil.rmtree(own.corpus)
    own.corpus.write_text("no folder")
    write_articles(tmp_path, {"x.txt": "X\n\nText."})
    for arguments in (["sync"], ["add", str(tmp_path / "x.txt")]):
        assert main([*arguments, *own.options]) == 1
        assert_one_sentence(capsys.readouterr().err, str(own.corpus))


def test_an_empty_corpus_is_no_failure(tmp_path: Path, recording: Recording, capsys: Capture) -> None:
    (tmp_path / "corpus").mkdir()
    options = ["--corpus", str(tmp_path / "corpus")]
    assert main(["sync", *options]) == 0
    assert capsys.readouterr().out.startswith("0 articles, 0 passages")
    assert main(["ask", LIGHTHOUSE_QUESTION, *options]) == 0
    assert "holds no articles yet" in capsys.readouterr().out
    for arguments in (["search", "lighthouse"], ["articles"]):
        assert main([*arguments, *options]) == 0
        out, err = capsys.readouterr()
        assert (out == "" and "`factbot articles`" in err) or "`factbot add`" in err
    assert main(["doctor", *options]) == 0


def test_a_corpus_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: Capture) -> None:
    write_articles(tmp_path, {"x.txt": "X\n\nText."})
    options = ["--corpus", "/proc/corpus", "--index", str(tmp_path / "index")]
    assert main(["add", str(tmp_path / "x.txt"), *options]) == 1
    assert_one_sentence(capsys.readouterr().err, "/proc/corpus")


def test_the_folder_of_one_article_that_cannot_be_read_forgets_nothing(
    own: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passing over an unreadable subfolder would take its articles for removed."""
    listing = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("election"):
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    with own.open() as bot:
        with monkeypatch.context() as patch:
            patch.setattr(os, "scandir", scandir)
            with pytest.raises(CorpusError, match=r"election.*permissions\.$"):
                bot.sync()
        assert len(bot.articles()) == len(ARTICLES)


# -- settings and the page's address --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("PASSAGE_SIZE", "many"), ("PASSAGE_SIZE", "-1"), ("ANSWER_THRESHOLD", "high")]
)
def test_a_wrong_setting_is_a_usage_error(
    shelf: Library, capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"FACTBOT_{name}", value)
    assert main(["articles", *shelf.options]) == 2
    assert_one_sentence(capsys.readouterr().err, name.lower(), repr(value))


@pytest.mark.parametrize("option", ["--corpus", "--index"])
def test_an_impossible_folder_name_is_a_usage_error(shelf: Library, capsys: Capture, option: str) -> None:
    options = dict(zip(shelf.options[::2], shelf.options[1::2], strict=True))
    options[option] = "a\0b"
    assert main(["articles", *(part for pair in options.items() for part in pair)]) == 2
    assert_one_sentence(capsys.readouterr().err, "NUL")


def test_a_name_that_is_too_long_is_one_sentence(shelf: Library, capsys: Capture) -> None:
    assert main(["articles", *shelf.options[:2], "--index", "x" * 5_000]) == 1
    assert_one_sentence(capsys.readouterr().err, "--index")


def test_a_port_in_use_is_a_usage_error(shelf: Library, capsys: Capture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        assert main(["serve", "--no-browser", "--port", port, *shelf.options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert_one_sentence(err, f"Port {port} is taken", "--port")


@pytest.mark.parametrize("port", ["-1", "65536", "0x50"])
def test_an_impossible_port_is_a_usage_error(shelf: Library, capsys: Capture, port: str) -> None:
    assert main(["serve", "--no-browser", f"--port={port}", *shelf.options]) == 2
    assert_one_sentence(capsys.readouterr().err, "--port" if port != "0x50" else "port")
