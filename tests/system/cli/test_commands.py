"""The command line: every command, its JSON, its exit codes, and what goes to which stream."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from factbot import FactBot, __version__
from factbot.cli.main import main
from tests.support.contract import ANSWER, PASSAGE
from tests.support.embedding import Recording
from tests.support.library import (
    ARTICLES,
    LIGHTHOUSE_QUESTION,
    UNANSWERABLE,
    Library,
    assert_one_sentence,
    command,
    run_factbot,
    write_articles,
)

Capture = pytest.CaptureFixture[str]


CITATION = ["number", "passage", "quote", "quote_start", "quote_end"]
COMMANDS = [
    *(
        "sync",
        "add",
        "remove",
        "restore",
        "articles",
        "search",
        "ask",
        "check",
        "verify",
        "serve",
        "doctor",
        "user",
    ),
]


def run_json(capsys: Capture, *arguments: str, code: int = 0) -> Any:
    """Run a command in this process; its standard output is one JSON value."""
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


# -- help and version -----------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--help", "--version"])
@pytest.mark.alone
def test_help_and_version_take_less_than_half_a_second(option: str) -> None:
    """Of processor time, the best of several: the machine may be busy with other things."""
    seconds = []
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = run_factbot(option)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert (done.returncode, done.stderr) == (0, "")
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) < 0.5


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from factbot.cli.main import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "finally:\n"
        "    print({m.partition('.')[0] for m in sys.modules} & set(sys.argv[1:]), file=sys.stderr)\n"
    )
    heavy = ["numpy", "chromadb", "tantivy", "langchain_core", "onnxruntime", "torch", "gradio", "httpx", "yaml"]
    done = subprocess.run([sys.executable, "-c", script, *heavy], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "set()\n")


def test_commands_that_read_load_neither_langchain_nor_gradio_nor_torch(shelf: Library) -> None:
    script = (
        "import sys\n"
        "from factbot import FactBot\n"
        "from factbot.cli.main import main\n"
        "for command in ('search', 'ask', 'check'):\n"
        "    assert main([command, 'Agnes Marlow built the lighthouse.', *sys.argv[1:]]) == 0\n"
        "heavy = {'langchain', 'langchain_core', 'gradio', 'torch', 'transformers'}\n"
        "print({m.partition('.')[0] for m in sys.modules} & heavy, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, *shelf.options], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "set()\n")


def test_help_names_every_command() -> None:
    listed = run_factbot("--help").stdout
    assert all(f"\n    {name} " in listed for name in COMMANDS)
    assert run_factbot("--version").stdout == f"factbot {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(capsys: Capture, name: str) -> None:
    with pytest.raises(SystemExit) as raised:
        main([name, "--help"])
    assert raised.value.code == 0
    explained = capsys.readouterr().out
    assert all(option in explained for option in ("--corpus DIR", "--index DIR", "--json"))
    assert ("--batch FILE" in explained) == (name in ("search", "ask", "check", "verify"))


def test_the_installed_command_is_this_one(shelf: Library) -> None:
    script = Path(sys.executable).with_name("factbot")
    if not script.exists():
        pytest.skip(f"there is no {script}")
    done = subprocess.run([str(script), "articles", *shelf.options], capture_output=True, encoding="utf-8")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, len(ARTICLES))


# -- called wrongly -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["sync", "--no-such-option"],
        ["search", "x", "-k", "many"],
        ["search", "x", "-k", "0"],
        ["search"],
        ["ask"],
        ["ask", "one question", "--batch", "-"],
        ["ask", "--batch", "no-such-file.jsonl"],
        ["ask", "--batch", "/"],
        ["ask", ""],
        ["add"],
        ["remove"],
        ["restore"],
        ["articles", "--history", "x", "--withdrawn"],
        ["user", "Ann"],
        ["user", "Ann", "--role", "king"],
        ["serve", "--port", "http"],
        ["check"],
        ["check", ""],
        ["check", "@no-such-file.txt"],
        ["check", "one claim", "--batch", "-"],
        ["verify"],
        ["verify", "--batch", "no-such-file.jsonl"],
    ],
    ids=" ".join,
)
def test_a_usage_error_is_exit_2_and_one_sentence(shelf: Library, capsys: Capture, arguments: list[str]) -> None:
    options = [] if arguments[0] == "frobnicate" else shelf.options
    assert main([*arguments, *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert_one_sentence(err)


def test_without_a_command_the_help_goes_to_standard_error() -> None:
    done = run_factbot()
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: factbot" in done.stderr


# -- every command --------------------------------------------------------------------------------------


def test_a_life_from_the_first_article_to_an_answer(tmp_path: Path) -> None:
    """Every step a process of its own, as a person would do it."""
    library = Library(tmp_path / "corpus", tmp_path / ".factbot")
    corpus = ["--corpus", str(library.corpus)]
    write_articles(tmp_path, {"new/lighthouse.md": ARTICLES["lighthouse.md"]})

    added = run_factbot("add", tmp_path / "new", *corpus)
    assert (added.returncode, added.stderr) == (0, "")
    assert added.stdout == "lighthouse.md\tOrrin Point lighthouse turns 150 (1 passages)\n"
    assert library.index.is_dir(), "the index lies beside the corpus unless it is told otherwise"

    asked = run_factbot("ask", LIGHTHOUSE_QUESTION, *corpus)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "Agnes Marlow in 1871. [1]" in asked.stdout
    assert "\n[1] Orrin Point lighthouse turns 150 (The Vane, 2021-06-01, https://vane.example/" in asked.stdout

    removed = run_factbot("remove", "lighthouse.md", *corpus)
    assert (removed.returncode, removed.stdout, removed.stderr) == (0, "Removed lighthouse.md.\n", "")
    assert [path.name for path in library.corpus.iterdir()] == [".history"]


def test_sync(own: Library, recording: Recording, capsys: Capture) -> None:
    write_articles(own.corpus, {"new.txt": "New\n\nA new article."})
    (own.corpus / "lighthouse.md").unlink()
    (own.corpus / "broken.md").write_bytes(b"\x00\xff" * 900)
    assert main(["sync", *own.options]) == 1
    out, err = capsys.readouterr()
    assert out == "8 articles, 9 passages: 1 added, 0 changed, 1 removed, 7 unchanged, 1 failed.\n"
    assert_one_sentence(err, "broken.md")
    (own.corpus / "broken.md").unlink()
    report = run_json(capsys, "sync", *own.options)
    lists = ["added", "updated", "removed", "unchanged", "failed"]
    assert list(report) == [*lists, "elapsed_ms", "corpus_version", "stopped", "notes"]
    assert report["failed"] == [] and len(report["unchanged"]) == 8


def test_sync_as_json_names_what_failed(own: Library, capsys: Capture) -> None:
    (own.corpus / "broken.md").write_bytes(b"\x00\xff" * 900)
    report = run_json(capsys, "sync", *own.options, code=1)
    (failure,) = report["failed"]
    assert list(failure) == ["path", "reason"]
    assert failure["path"] == "broken.md"


def test_add_takes_files_and_folders_and_goes_on_after_a_bad_one(
    own: Library, recording: Recording, tmp_path: Path, capsys: Capture
) -> None:
    write_articles(tmp_path, {"one.txt": "One\n\nThe first.", "more/two.md": "# Two\n\nThe second."})
    sources = [str(tmp_path / "no-such.txt"), str(tmp_path / "one.txt"), str(tmp_path / "more")]
    assert main(["add", *sources, *own.options]) == 1
    out, err = capsys.readouterr()
    assert out == "one.txt\tOne (1 passages)\ntwo.md\tTwo (1 passages)\n"
    assert_one_sentence(err, "no-such.txt")
    assert main(["add", *sources, "--json", *own.options]) == 1
    bad, *good = json.loads(capsys.readouterr().out)
    assert list(bad) == ["source", "error"] and bad["source"] == sources[0]
    assert [row["result"]["id"] for row in good] == ["one.txt", "two.md"]
    assert good[0]["result"]["text"] == "The first."


def test_remove_goes_on_after_a_bad_one(own: Library, capsys: Capture) -> None:
    assert main(["remove", "no-such.md", "../outside.md", "lighthouse.md", *own.options]) == 1
    out, err = capsys.readouterr()
    assert out == "Removed lighthouse.md.\n"
    assert len(err.splitlines()) == 2 and all("`factbot articles`" in line for line in err.splitlines())
    assert not (own.corpus / "lighthouse.md").exists()


def test_removed_articles_come_back_and_what_they_said_is_listed(own: Library, capsys: Capture) -> None:
    assert main(["articles", "--withdrawn", *own.options]) == 0
    assert capsys.readouterr().out == ""
    assert main(["remove", "lighthouse.md", *own.options]) == 0
    capsys.readouterr()
    assert main(["articles", "--withdrawn", *own.options]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(r"lighthouse\.md\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n", out) and err == ""
    withdrawn = run_json(capsys, "articles", "--withdrawn", *own.options)
    assert main(["articles", "--history", "lighthouse.md", *own.options]) == 0
    title = "Orrin Point lighthouse turns 150"
    assert capsys.readouterr().out == f"{withdrawn['lighthouse.md']}\tremoved\t{title}\n"

    assert main(["restore", "no-such.md", "lighthouse.md", *own.options]) == 1
    out, err = capsys.readouterr()
    assert out == "Restored lighthouse.md.\n"
    assert_one_sentence(err, "no-such.md")
    bad, twice = run_json(capsys, "restore", "no-such.md", "lighthouse.md", *own.options, code=1)
    assert list(bad) == list(twice) == ["id", "error"]
    version, removed = run_json(capsys, "articles", "--history", "lighthouse.md", *own.options)
    assert (removed["state"], removed["until"]) == ("withdrawn", withdrawn["lighthouse.md"])
    assert list(version) == ["article", "state", "until"] and version["state"] == "current"
    assert version["article"]["text"].startswith("The lighthouse at Orrin Point was built")
    assert run_json(capsys, "articles", "--withdrawn", *own.options) == {}


def test_history_shows_what_each_version_said_otherwise(
    own: Library, recording: Recording, capsys: Capture
) -> None:
    numbers = " ".join(f"Ship {n} lay in the harbour." for n in range(40))
    for content in (ARTICLES["lighthouse.md"].replace("38 metres", "41 metres"), f"# Ships\n\n{numbers}"):
        write_articles(own.corpus, {"lighthouse.md": content})
        assert main(["sync", *own.options]) == 0
    capsys.readouterr()
    assert main(["articles", "--history", "lighthouse.md", *own.options]) == 0
    now, harbour, *rest = capsys.readouterr().out.splitlines()
    cut, lighthouse = rest[:21], rest[21:]
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    assert re.fullmatch(rf"since {time}\tcurrent\tShips", now)
    assert re.fullmatch(rf"{time}\tchanged\tOrrin Point lighthouse turns 150", harbour)
    assert "    - title: Orrin Point lighthouse turns 150" in cut and "    + title: Ships" in cut
    assert re.fullmatch(r"    … and \d+ more", cut[-1])
    assert re.fullmatch(rf"{time}\tchanged\tOrrin Point lighthouse turns 150", lighthouse[0])
    assert lighthouse[1:] == [
        "    - It is 38 metres high and was painted white and red after the war.",
        "    + It is 41 metres high and was painted white and red after the war.",
    ]


def test_doctor_mends_what_it_can(own: Library, capsys: Capture) -> None:
    write_articles(own.corpus, {"new.txt": "New\n\nA new article."})
    assert main(["doctor", *own.options]) == 1
    assert "bad  index: Articles: 1 not indexed yet" in capsys.readouterr().out
    assert main(["doctor", "--fix", *own.options]) == 0
    assert main(["doctor", *own.options]) == 0
    assert "9 articles" in capsys.readouterr().out


def test_articles(shelf: Library, capsys: Capture) -> None:
    assert main(["articles", *shelf.options]) == 0
    out, err = capsys.readouterr()
    assert [line.split("\t")[0] for line in out.splitlines()] == sorted(ARTICLES)
    assert "lighthouse.md\t2021-06-01\tThe Vane\tOrrin Point lighthouse turns 150\t1 passages\n" in out
    assert err == ""
    listed = run_json(capsys, "articles", *shelf.options)
    names = [
        "title",
        "id",
        "source",
        "author",
        "date",
        "url",
        "language",
        "passages",
        "fetched",
        "pages",
        "copies",
        "note",
    ]
    assert [list(article) for article in listed] == [names] * len(ARTICLES)


def test_search(shelf: Library, bot: FactBot, capsys: Capture) -> None:
    assert main(["search", LIGHTHOUSE_QUESTION, "-k", "2", *shelf.options]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("[1] Orrin Point lighthouse turns 150 (The Vane, 2021-06-01, https://vane.example/")
    assert "\n[2] " in out and "\n[3] " not in out
    assert err == ""
    found = run_json(capsys, "search", LIGHTHOUSE_QUESTION, "-k", "2", *shelf.options)
    assert found == [p.to_dict() for p in bot.search(LIGHTHOUSE_QUESTION, k=2)]
    assert [list(p) for p in found] == [PASSAGE] * 2
    assert len(run_json(capsys, "search", LIGHTHOUSE_QUESTION, *shelf.options)) == len(ARTICLES)  # 10 at most


def test_ask(shelf: Library, bot: FactBot, capsys: Capture) -> None:
    assert main(["ask", LIGHTHOUSE_QUESTION, *shelf.options]) == 0
    out, err = capsys.readouterr()
    assert "Agnes Marlow in 1871. [1]" in out.splitlines()[0]
    assert "\n[1] Orrin Point lighthouse turns 150 (The Vane" in out
    assert "\n    lighthouse.md, characters 0 to 77" in out
    assert err == ""
    answer = run_json(capsys, "ask", LIGHTHOUSE_QUESTION, *shelf.options)
    expected = json.loads(json.dumps(bot.ask(LIGHTHOUSE_QUESTION).to_dict()))
    assert {**answer, "elapsed_ms": 0} == {**expected, "elapsed_ms": 0}
    assert list(answer) == ANSWER
    assert [list(c) for c in answer["citations"]] == [CITATION] * len(answer["citations"])
    assert all(list(c["passage"]) == PASSAGE for c in answer["citations"])
    assert all(list(s) == ["text", "citations", "support", "span"] for s in answer["sentences"])


def test_an_abstention_is_done_not_failed_and_offers_the_nearest(shelf: Library, capsys: Capture) -> None:
    assert main(["ask", UNANSWERABLE, *shelf.options]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("The corpus holds no answer to this.\nThe nearest articles are:\n  ")
    assert err == ""
    answer = run_json(capsys, "ask", UNANSWERABLE, *shelf.options)
    assert list(answer) == ANSWER
    assert (answer["answered"], answer["citations"], answer["sentences"]) == (False, [], [])
    assert answer["reason"] in ("corpus_silent", "not_supported")


def test_doctor(shelf: Library, capsys: Capture) -> None:
    assert main(["doctor", *shelf.options]) == 0
    out, err = capsys.readouterr()
    assert out and all(line.startswith("ok ") for line in out.splitlines())
    assert err == ""
    findings = run_json(capsys, "doctor", *shelf.options)
    assert all(list(finding) == ["subject", "healthy", "text"] for finding in findings)
    assert {"corpus", "index", "settings", "models"} <= {finding["subject"] for finding in findings}


# -- streams --------------------------------------------------------------------------------------------


def test_a_closed_pipe_on_standard_output_is_no_error(shelf: Library) -> None:
    for arguments in (["articles", *shelf.options], ["--help"]):
        with subprocess.Popen(
            command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            assert process.stdout and process.stderr
            process.stdout.close()
            assert process.stderr.read() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_results_that_cannot_be_written_are_a_failure_in_one_sentence(shelf: Library) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command("articles", *shelf.options), stdout=full, stderr=subprocess.PIPE, encoding="utf-8"
        )
    assert done.returncode == 1
    assert_one_sentence(done.stderr, "No space left on device")


def test_results_are_utf_8_whatever_the_locale(shelf: Library) -> None:
    done = run_factbot("articles", "--json", *shelf.options, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert any(article["title"] == "Café «Été» à Lys 🌦 — 東京から" for article in json.loads(done.stdout))


def test_an_internal_error_is_one_line_and_a_traceback_on_request(
    shelf: Library, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: Any, **named: Any) -> None:
        raise ZeroDivisionError("first line\nsecond line")

    monkeypatch.setattr(FactBot, "articles", fail)
    assert main(["articles", *shelf.options]) == 1
    assert_one_sentence(capsys.readouterr().err, "ZeroDivisionError", "FACTBOT_DEBUG=1")
    monkeypatch.setenv("FACTBOT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["articles", *shelf.options])
