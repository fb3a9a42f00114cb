"""Commands while the app runs: the same output, the same errors, and nothing lost."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest

from factbot import Answer, FactBot, Report
from factbot.cli.main import main
from factbot.index.location import Owner, read_owner, take_requests
from factbot.settings import Settings
from factbot.web.api.calls import MethodCalls
from factbot.web.api.client import RemoteBot, _made
from factbot.web.api.methods import PATH
from factbot.web.jobs import Jobs
from tests.support.library import (
    LIGHTHOUSE_QUESTION,
    UNANSWERABLE,
    Library,
    assert_even,
    assert_one_sentence,
    command,
    copied,
    run_factbot,
    write_articles,
)

pytestmark = pytest.mark.slow  # a process for every command

FALSE = "The lighthouse at Orrin Point was built in 1962. Is this so?"
Alone = Callable[..., tuple[int, str, str]]


class App:
    """`factbot serve` in a process of its own, ready to take requests."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.process = subprocess.Popen(
            command("serve", "--no-browser", "--port", "0", *library.options),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert self.process.stdout
        self.shown = self.process.stdout.readline()
        assert self.shown.startswith("The chat is at http://127.0.0.1:"), self.shown
        owner = read_owner(library.index)
        assert owner and owner.pid == self.process.pid and owner.address in self.shown
        self.owner: Owner = owner

    def run(self, *arguments: str | Path, stdin: str = "", cwd: Path | None = None) -> tuple[int, str, str]:
        """A command beside the app, in a process of its own: its exit code, standard output and error."""
        done = subprocess.run(
            command(*arguments, *self.library.options),
            input=stdin,
            cwd=cwd,
            capture_output=True,
            encoding="utf-8",
            timeout=100,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done.returncode, comparable(done.stdout, self.library), comparable(done.stderr, self.library)


def comparable(text: str, library: Library) -> str:
    """An output without what differs from one run, and one place, to the next."""
    text = text.replace(str(library.corpus), "CORPUS").replace(str(library.index), "INDEX")
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", text)
    return re.sub(r'"elapsed_ms": \d+', '"elapsed_ms": 0', text)


@pytest.fixture(scope="module")
def app(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = App(copied(library, tmp_path_factory.mktemp("served")))
    yield app
    app.process.kill()
    assert "Traceback" not in app.process.communicate()[0]


@pytest.fixture(scope="module")
def twin(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The same corpus and index, without an app."""
    return copied(library, tmp_path_factory.mktemp("twin"))


@pytest.fixture
def alone(twin: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Alone:
    """Run a command on the twin, in this process."""

    def run(*arguments: str | Path, cwd: Path | None = None) -> tuple[int, str, str]:
        if cwd:
            monkeypatch.chdir(cwd)
        code = main([*map(str, arguments), *twin.options])
        out, err = capsys.readouterr()
        return code, comparable(out, twin), comparable(err, twin)

    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ["articles"],
        ["articles", "--json"],
        ["articles", "--history", "lighthouse.md"],
        ["articles", "--history", "no-such.md"],
        ["articles", "--withdrawn", "--json"],
        ["search", LIGHTHOUSE_QUESTION, "-k", "2"],
        ["search", "ferry", "-k", "0"],
        ["ask", LIGHTHOUSE_QUESTION, "--json"],
        ["ask", UNANSWERABLE],
        ["ask", ""],
        ["check", FALSE],
        ["check", FALSE, "--json"],
        ["sync"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_what_is_read_is_the_same_as_without_the_app(app: App, alone: Alone, arguments: list[str]) -> None:
    assert app.run(*arguments) == alone(*arguments)


def test_a_batch_is_the_same_as_without_the_app(app: App, alone: Alone, tmp_path: Path) -> None:
    rows = [
        {"question": LIGHTHOUSE_QUESTION, "id": 1},
        {"question": ""},
        {"question": "Who\ud800 built it? \u2028"},
    ]
    (tmp_path / "lines.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows) + "no json\n")
    arguments: list[str | Path] = ["ask", "--batch", tmp_path / "lines.jsonl"]
    assert app.run(*arguments) == alone(*arguments)


def test_a_life_of_articles_is_the_same_as_without_the_app(app: App, alone: Alone, tmp_path: Path) -> None:
    write_articles(tmp_path, {"one.txt": "One\n\nThe first.", "more/two.md": "# Two\n\nThe second."})
    (tmp_path / "more" / "broken.md").write_bytes(b"\x00\xff" * 900)
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        archive.writestr("three.txt", "Three\n\nThe third.")
        archive.writestr("../four.txt", "Four\n\nThe fourth.")
    (tmp_path / "rows.jsonl").write_text('{"title": "Five", "text": "The fifth."}\n{"title": "Six"}\n')
    steps: list[list[str]] = [
        [
            "add",
            "no-such.txt",
            "ftp://a.example/x.txt",
            "www.a.example",
            "one.txt",
            "more",
            "pack.zip",
            "rows.jsonl",
        ],
        ["add", "no-such.txt", "one.txt", "--json"],
        ["remove", "no-such.md", "../outside.md", "one.txt"],
        ["remove", "two.md", "--json"],
        ["articles", "--withdrawn"],
        ["articles", "--history", "one.txt", "--json"],
        ["restore", "no-such.md", "one.txt"],
        ["restore", "two.md", "--json"],
        ["articles", "--history", "one.txt"],
        ["sync", "--rebuild"],
        ["sync", "--rebuild", "--json"],
        ["doctor", "--fix", "--json"],
        ["articles"],
    ]
    for step in steps:
        beside = app.run(*step, cwd=tmp_path)
        assert beside == alone(*step, cwd=tmp_path), step
        assert beside[0] == (1 if "no-such" in " ".join(step) else 0), step


def test_a_life_of_kept_checks_is_the_same_as_without_the_app(app: App, alone: Alone, tmp_path: Path) -> None:
    review = {
        "@type": "ClaimReview",
        "claimReviewed": "A comet will strike in 2030.",
        "reviewRating": {"alternateName": "False"},
        "author": {"name": "Sky Facts"},
    }
    (tmp_path / "reviews.json").write_text(json.dumps([review, {**review, "claimReviewed": ""}]), encoding="utf-8")

    def said(done: tuple[int, str, str]) -> tuple[int, str, str]:
        """Without what is another one each time: ids, times, and how long a check took."""
        code, *texts = done
        out, err = (
            re.sub(r'\b[0-9a-f]{16}\b|[0-9-]+T[0-9:]+Z|(?<="elapsed_ms": )\d+', "*", text) for text in texts
        )
        return code, out, err

    ids = [re.findall("[0-9a-f]{16}", run("check", "--keep", FALSE)[2])[0] for run in (app.run, alone)]
    for step in (
        ["checks"],
        ["checks", "ID"],
        ["checks", "ID", "--json"],
        ["checks", "ID", "--rename", "Orrin Point"],
        ["checks", "ID", "--rename", " "],
        ["checks", "ID", "--resume"],
        ["checks", "--import", "reviews.json"],
        ["checks", "--import", "no-such.json"],
        ["recheck", "ID"],
        ["recheck", "--log", "--json"],
        ["checks", "ID", "--delete"],
        ["checks", "ID"],
    ):
        beside, by_itself = (
            said(run(*(check_id if word == "ID" else word for word in step), cwd=tmp_path))
            for run, check_id in zip((app.run, alone), ids, strict=True)
        )
        if "no-such.json" in step:  # which the app names with its folder
            assert beside[0] == by_itself[0] == 2
            assert_one_sentence(beside[2], "no-such.json cannot be read")
        else:
            assert beside == by_itself, step


def test_a_review_and_an_earlier_claim_come_back_from_the_app(app: App) -> None:
    owner = read_owner(app.library.index)
    assert owner
    with RemoteBot(Settings.load(corpus=app.library.corpus, index=app.library.index), owner) as bot:
        check_id = bot.check(FALSE, keep=True).check_id
        review = bot.review(check_id, 1, verdict="refuted", by="Ida Cole")
        assert bot.kept(check_id).reviews == (review,)
        earlier, *_ = bot.earlier("The lighthouse at Orrin Point was built in 1871.")
        assert (earlier.check_id, earlier.by, earlier.verdict) == (check_id, "Ida Cole", "refuted")
        assert "1962" in earlier.differs
        assert bot.delete_check(check_id).id == check_id


def test_a_sync_that_fails_in_parts_says_so_beside_the_app(app: App, alone: Alone, twin: Library) -> None:
    for library in (app.library, twin):
        (library.corpus / "broken.md").write_bytes(b"\x00\xff" * 900)
    beside = app.run("sync")
    assert beside == alone("sync")
    assert beside[0] == 1
    assert_one_sentence(beside[2], "broken.md")
    for library in (app.library, twin):
        (library.corpus / "broken.md").unlink()
    assert app.run("sync")[0] == alone("sync")[0] == 0


@pytest.mark.alone
def test_an_answer_beside_the_app_is_quick_and_loads_no_models(app: App) -> None:
    script = (
        "import sys\n"
        "from factbot.cli.main import main\n"
        "assert main(['ask', 'Who built the lighthouse?', *sys.argv[1:5]]) == 0\n"
        "print({m.partition('.')[0] for m in sys.modules} & set(sys.argv[5:]), file=sys.stderr)\n"
    )
    heavy = [
        "torch",
        "numpy",
        "httpx",
        "chromadb",
        "onnxruntime",
        "tantivy",
        "langchain_core",
        "gradio",
        "trafilatura",
        "tokenizers",
    ]
    done = subprocess.run(
        [sys.executable, "-c", script, *app.library.options, *heavy], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "set()\n")
    seconds = []
    for _ in range(3):  # of processor time, the best of several: the machine may be busy with other things
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert app.run("ask", LIGHTHOUSE_QUESTION)[0] == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) < 0.7


def test_two_who_add_at_once_beside_the_chat_lose_nothing(app: App, tmp_path: Path) -> None:
    names = {name: [f"{name}-{n}.txt" for n in range(40)] for name in ("left", "right")}
    for name, files in names.items():
        write_articles(tmp_path / name, {f: f"Report {f}\n\nThe {f} report says {f}." for f in files})
    adders = [
        subprocess.Popen(command("add", tmp_path / n, *app.library.options), stdout=subprocess.PIPE, text=True)
        for n in names
    ]
    while any(adder.poll() is None for adder in adders):
        assert app.run("ask", LIGHTHOUSE_QUESTION)[0] == 0
    for adder, files in zip(adders, names.values(), strict=True):
        out, _ = adder.communicate()
        assert sorted(line.split("\t")[0] for line in out.splitlines()) == sorted(files)
        assert adder.returncode == 0
    listed = {article["id"] for article in json.loads(app.run("articles", "--json")[1])}
    assert {file for files in names.values() for file in files} <= listed
    assert app.run("doctor")[0] == 0


def test_a_command_that_is_stopped_leaves_the_app_sound(app: App, tmp_path: Path) -> None:
    write_articles(tmp_path / "many", {f"many-{n}.txt": f"Many {n}\n\nNumber {n} of many." for n in range(400)})
    with subprocess.Popen(
        command("add", tmp_path / "many", *app.library.options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as adder:
        assert adder.stdout and adder.stderr
        assert adder.stdout.readline().startswith("many-")
        adder.send_signal(signal.SIGINT)
        assert_one_sentence(adder.stderr.read(), "stopped", "what was done is kept")
        assert adder.wait(30) == 1
    assert app.run("sync")[0] == 0
    held = [article["id"] for article in json.loads(app.run("articles", "--json")[1])]
    added = sum(article_id.startswith("many-") for article_id in held)
    assert 0 < added < 400, "the app went on with what nobody waits for"
    assert app.run("doctor")[0] == 0


# -- who may call ---------------------------------------------------------------------------------------


def call(owner: Owner, **changes: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {owner.token}", **changes.pop("headers", {})}
    body = {"method": "articles", "arguments": {}, "settings": {}, **changes.pop("body", {})}
    url = owner.address.rstrip("/") + PATH
    return httpx.request(**{"method": "POST", "url": url, "headers": headers, "json": body, **changes})


def test_only_who_has_the_token_may_call(app: App) -> None:
    assert call(app.owner).status_code == 200
    for token in ("x", "wrong", app.owner.token[:-1], "é"):
        refused = call(app.owner, headers={"Authorization": f"Bearer {token}".encode()})
        assert (refused.status_code, list(refused.json())) == (403, ["error"])


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "attacker.example"},
        {"Host": "attacker.example:7860"},
        {"Origin": "http://127.0.0.1:7860"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "10.1.2.3"},
    ],
    ids=str,
)
def test_no_browser_and_no_proxy_may_call(app: App, headers: dict[str, str]) -> None:
    refused = call(app.owner, headers=headers)
    assert refused.status_code == 403
    assert "access-control-allow-origin" not in refused.headers


def test_calls_are_bounded_and_name_a_method_of_the_table(app: App) -> None:
    assert call(app.owner, method="GET").status_code == 405
    assert call(app.owner, body={"filler": "x" * 5_000_000}).status_code == 413
    bodies: tuple[Any, ...] = (
        {"method": "close"},
        {"method": "__class__"},
        {"method": "ask", "arguments": {"k": 1}},
        {"method": []},
    )
    for body in bodies:
        (line,) = call(app.owner, body=body).text.splitlines()
        assert json.loads(line)["error"] == "UsageError"
        assert "Traceback" not in line and "/" not in line


def test_no_other_machine_may_call(bot: FactBot) -> None:
    async def refused(peer: str) -> int:
        statuses: list[int] = []

        async def send(message: Any) -> None:
            statuses.append(message.get("status", 0))

        scope = {
            "type": "http",
            "method": "POST",
            "path": PATH,
            "headers": [(b"host", b"127.0.0.1:7860"), (b"authorization", b"Bearer secret")],
            "client": (peer, 50_000),
            "server": ("127.0.0.1", 7860),
        }
        await MethodCalls(MethodCalls, bot, Jobs(bot), "secret")(scope, no_body, send)  # type: ignore[arg-type]
        return statuses[0]

    async def no_body() -> Any:
        return {"type": "http.disconnect"}

    for peer in ("192.168.1.7", "10.0.0.1", "2001:db8::1", "not an address"):
        assert asyncio.run(refused(peer)) == 403
    assert asyncio.run(refused("127.0.0.1")) == 200


# -- results on the wire --------------------------------------------------------------------------------


def test_results_come_back_as_they_were(bot: FactBot) -> None:
    answer, report = bot.ask(LIGHTHOUSE_QUESTION), bot.check(f'{FALSE} "It is 38 metres high", he said.')
    assert any(claim.quotations for claim in report.claims)
    for kind, result in ((Answer, answer), (Answer, bot.ask(UNANSWERABLE)), (Report, report)):
        assert _made(kind, json.loads(json.dumps(asdict(result)))) == result


# -- an owner that is no help ---------------------------------------------------------------------------


def test_an_owner_that_takes_no_requests_is_named(own: Library) -> None:
    with own.open():
        done = run_factbot("articles", *own.options)
    assert (done.returncode, done.stdout) == (1, "")
    assert_one_sentence(done.stderr, f"in use by process {os.getpid()}", "stop it first")


def test_an_owner_that_does_not_answer_is_one_sentence(own: Library) -> None:
    with own.open():
        take_requests(own.index, "http://127.0.0.1:9/", "token")
        done = run_factbot("articles", *own.options)
    assert (done.returncode, done.stdout) == (1, "")
    assert_one_sentence(done.stderr, f"process {os.getpid()}", "does not answer")


def test_an_app_with_other_settings_does_not_answer_for_them(app: App, tmp_path: Path) -> None:
    done = run_factbot("ask", LIGHTHOUSE_QUESTION, *app.library.options, FACTBOT_ANSWER_THRESHOLD="0.9")
    assert (done.returncode, done.stdout) == (1, "")
    assert_one_sentence(done.stderr, "`answer_threshold` set to '0.35'", "'0.9'")
    done = run_factbot("ask", LIGHTHOUSE_QUESTION, *app.library.options, FACTBOT_LLM="ollama:llama3.2")
    assert_one_sentence(done.stderr, "`llm` set to ''", "'ollama:llama3.2'")
    other = ["--corpus", str(tmp_path), "--index", str(app.library.index)]
    assert_one_sentence(run_factbot("remove", "lighthouse.md", *other).stderr, "corpus", str(tmp_path))


def test_after_the_app_was_killed_the_next_command_has_the_index(app: App) -> None:
    """The last test here: it ends the app."""
    with subprocess.Popen(
        command("sync", "--rebuild", *app.library.options),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as waiting:
        time.sleep(1.5)
        app.process.send_signal(signal.SIGKILL)
        app.process.wait()
        assert waiting.stderr
        with suppress(AssertionError):  # it may have been done in time
            assert_one_sentence(waiting.stderr.read(), "what was done is kept")
    assert read_owner(app.library.index) == app.owner, "a killed process cannot take its word back"
    done = run_factbot("ask", LIGHTHOUSE_QUESTION, *app.library.options)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Agnes Marlow" in done.stdout
    with app.library.open() as bot:
        bot.sync()
        assert_even(bot)
