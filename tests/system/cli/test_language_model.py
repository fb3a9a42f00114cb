"""A language model in a command and in the app: what is refused, and where its key is never shown."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import re
import subprocess
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout

import pytest

from factbot.cli.main import main
from factbot.errors import LanguageModelError
from tests.support.language_model import asked_for_a_sign
from tests.support.library import LIGHTHOUSE_QUESTION, Library, assert_one_sentence, command, run_factbot
from tests.support.scripted import Reply, ScriptedServer, sentences

SECRET = "sk-tell-nobody-8f3a2c"


@pytest.mark.parametrize(
    ("variable", "value", "part"),
    [
        ("FACTBOT_LLM", "nosuch:x", "provider that is not known"),
        ("FACTBOT_LLM", "openai:x", "OPENAI_API_KEY"),
        ("FACTBOT_LLM", "mistralai:x", "pip install langchain-mistralai"),
        ("FACTBOT_LLM_URL", f"me:{SECRET}@h", "llm_url is no http"),
    ],
)
def test_the_command_line_says_so_and_exits_with_2(
    own: Library, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, part: str
) -> None:
    monkeypatch.setenv(variable, value)
    code, shown = run("ask", LIGHTHOUSE_QUESTION, *own.options)
    assert code == 2
    assert_one_sentence(shown, part)
    assert SECRET not in shown


# -- keys -------------------------------------------------------------------------------------------------------

KEYS: dict[str, Callable[[ScriptedServer], dict[str, str]]] = {
    "openai": lambda server: {
        "OPENAI_API_KEY": SECRET,
        "OPENAI_BASE_URL": server.url,
        "FACTBOT_LLM": "openai:x",
    },
    "anthropic": lambda server: {
        "ANTHROPIC_API_KEY": SECRET,
        "ANTHROPIC_BASE_URL": server.address,
        "FACTBOT_LLM": "anthropic:x",
    },
    "own server": lambda server: {"FACTBOT_LLM_KEY": SECRET, "FACTBOT_LLM_URL": server.url},
    "own ollama": lambda server: {
        "FACTBOT_LLM_KEY": SECRET,
        "FACTBOT_LLM_URL": server.address,
        "FACTBOT_LLM": "ollama:x",
    },
    "in the address": lambda server: {"FACTBOT_LLM_URL": server.url.replace("//", f"//me:{SECRET}@")},
}

COMMANDS = {"own server": ["doctor"], "in the address": ["ask", LIGHTHOUSE_QUESTION, "--json"]}
BASIC = base64.b64encode(f"me:{SECRET}".encode()).decode()


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_is_sent_and_shown_nowhere(
    scripted: ScriptedServer,
    own: Library,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    for name, value in KEYS[kind](scripted).items():
        monkeypatch.setenv(name, value)
    shown: list[str] = []
    with own.open() as bot:
        for reply in (sentences(), Reply(f"Incorrect API key provided: {SECRET}", 401)):
            scripted.script(reply)
            answer = bot.ask(LIGHTHOUSE_QUESTION)
            assert answer.answered and answer.usage
            shown += [repr(answer), json.dumps(answer.to_dict())]
        assert bot.language_model is not None
        scripted.script(Reply(f"no such field {SECRET}", 400))
        with pytest.raises(LanguageModelError) as caught:
            asked_for_a_sign(bot.language_model)
        shown += [
            "".join(traceback.format_exception(caught.value)),
            repr(bot.language_model),
            bot.language_model.name,
        ]
        shown += map(repr, chained(caught.value))
        assert_sent(scripted)
    if kind in COMMANDS:
        scripted.script(Reply(f"Incorrect API key provided: {SECRET}", 401))
        shown.append(run(*COMMANDS[kind], *own.options)[1])
        assert "refuses the key" in shown[-1]
    # Other packages' logs at DEBUG hold what a server sends, whatever that is.
    logged = [r for r in caplog.records if r.name.startswith("factbot") or r.levelno >= logging.INFO]
    assert any(record.name.startswith("factbot") for record in logged)
    shown += [record.getMessage() for record in logged]
    # Chroma saves its graph (*.bin) with memory that it has not initialised, and which may hold anything.
    files = [path for path in own.index.rglob("*") if path.is_file() and path.suffix != ".bin"]
    assert files
    for text in shown:
        assert SECRET not in text and BASIC not in text
    secrets = (SECRET.encode(), BASIC.encode())
    assert [path for path in files if any(secret in path.read_bytes() for secret in secrets)] == []


# -- what the app shows -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_app_shows_what_calls_cost_on_standard_error(scripted: ScriptedServer, own: Library) -> None:
    scripted.script(Reply(sentences(), tokens=(900, 40)))
    serving = command("serve", "--no-browser", "--port", "0", *own.options)
    named = {**os.environ, "FACTBOT_LLM_URL": scripted.url, "FACTBOT_LLM": "scripted"}
    pipe = subprocess.PIPE
    with subprocess.Popen(serving, env=named, encoding="utf-8", stdout=pipe, stderr=pipe) as app:
        try:
            assert app.stdout and app.stdout.readline().startswith("The chat is at")
            assert run_factbot("ask", LIGHTHOUSE_QUESTION, *own.options).returncode == 0
        finally:
            app.kill()
        assert app.stderr
        shown = app.stderr.read()
    assert re.search(r"^factbot: language model: write: 900 tokens in, 40 out, \d+\.\d\d s$", shown, re.MULTILINE)
    assert LIGHTHOUSE_QUESTION not in shown


def chained(error: BaseException | None) -> list[BaseException]:
    """An error with what caused it, and what it came up in."""
    found: list[BaseException] = []
    while error is not None:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def assert_sent(scripted: ScriptedServer) -> None:
    """The server was given the key: else it would be no wonder that nobody sees it."""
    assert scripted.requests
    for request in scripted.requests:
        sent = json.dumps(dict(request.headers))
        assert SECRET in sent or BASIC in sent


def run(*arguments: str) -> tuple[int, str]:
    """A command in this process, and all that it prints."""
    written = io.BytesIO()
    printed = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main(arguments)
    return code, written.getvalue().decode()
