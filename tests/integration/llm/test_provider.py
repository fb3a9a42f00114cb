"""From the settings to a language model: its server, its key, which nobody sees again, and what may be missing."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import re
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import GenericFakeChatModel
from pydantic import BaseModel, ConfigDict

from factbot.cli.main import main
from factbot.errors import LanguageModelError, UsageError
from factbot.llm import judge as judging
from factbot.llm.budget import Spending
from factbot.llm.model import LanguageModel, Prompt, fields
from factbot.llm.provider import open_language_model
from factbot.settings import Settings
from tests.support.library import LIGHTHOUSE_QUESTION, Library, assert_one_sentence, command, run_factbot
from tests.support.scripted import Reply, ScriptedServer, sentences

SECRET = "sk-tell-nobody-8f3a2c"
SCHEMA = {
    "title": "Sign",
    "description": "A sign.",
    "type": "object",
    "properties": {"ready": {"type": "boolean"}},
}
SIGN = {"ready": True}


def opened(**settings: Any) -> LanguageModel:
    model = open_language_model(Settings(**{"llm_timeout": 20.0, **settings}))
    assert model is not None
    return model


def asked(model: LanguageModel) -> object:
    return model.call("test", Prompt("Say whether you are ready.", "Are you?", SCHEMA), Spending(10_000))


# -- which model ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "path", "model"),
    [
        ("qwen3:4b", "/v1/chat/completions", "qwen3:4b"),
        ("openai:qwen3:4b", "/v1/chat/completions", "qwen3:4b"),
        ("", "/v1/chat/completions", "first-of-many"),
        ("openai:", "/v1/chat/completions", "first-of-many"),
        ("ollama:qwen3:4b", "/api/chat", "qwen3:4b"),
        ("anthropic:claude", "/v1/messages", "claude"),
    ],
)
def test_a_server_of_ones_own_is_asked_for_the_model(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch, name: str, path: str, model: str
) -> None:
    """It speaks as OpenAI's does, unless another provider is named; no provider's key is sent there."""
    for provider in ("OPENAI", "ANTHROPIC"):
        monkeypatch.setenv(f"{provider}_API_KEY", SECRET)
    monkeypatch.setattr(scripted, "models", ["first-of-many", "second"])
    scripted.script(SIGN)
    language = opened(llm=name, llm_url=scripted.url if "completions" in path else scripted.address)
    assert asked(language) == SIGN
    (request,) = scripted.requests
    assert (request.path, request.body["model"]) == (path, model)
    assert SECRET not in json.dumps(dict(request.headers))
    is_named = name.partition(":")[2] or (name and ":" not in name)
    assert language.name == (model if is_named else f"the model at 127.0.0.1:{scripted.server_port}")


def test_a_provider_is_found_where_its_name_says(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", scripted.address)
    scripted.script(SIGN)
    language = opened(llm="ollama:llama3.2:3b")
    assert asked(language) == SIGN
    assert scripted.requests[0].body["model"] == "llama3.2:3b"
    assert language.name == "ollama:llama3.2:3b"


@pytest.mark.parametrize("models", [[], ["x"]])
def test_a_server_that_lists_no_models_has_one_of_any_name(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch, models: list[str]
) -> None:
    monkeypatch.setattr(scripted, "models", models)
    scripted.script(SIGN)
    assert asked(opened(llm_url=scripted.url + "/")) == SIGN
    assert scripted.requests[0].body["model"] == (models or ["default"])[0]


def test_a_server_that_is_away_is_only_missed_when_it_is_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        url = f"http://127.0.0.1:{once.getsockname()[1]}/v1"
    with pytest.raises(LanguageModelError, match="cannot be reached"):
        asked(opened(llm_url=url, llm_timeout=0.3))


LIMITED = fields(
    "Names",
    "Names.",
    names={
        "type": "array",
        "maxItems": 3,
        "items": fields(name={"type": "string", "minLength": 1, "maxLength": 9}),
    },
)


@pytest.mark.parametrize("refused", [False, True], ids=["json_schema", "function_calling"])
@pytest.mark.parametrize("is_own", [False, True], ids=["openai", "own server"])
def test_openai_is_told_to_hold_to_the_schema_and_other_servers_get_its_limits(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch, is_own: bool, refused: bool
) -> None:
    """OpenAI's service guarantees a form only if it is strict, and then knows no limits of length."""
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("OPENAI_BASE_URL", scripted.url)
    names = {"names": [{"name": "Marlow"}]}
    scripted.script(*([Reply("response_format is not supported", 400)] if refused else []), names)
    model = opened(llm="openai:x", **({"llm_url": scripted.url} if is_own else {}))
    assert model.call("test", Prompt("Names.", "Which?", LIMITED), Spending(10_000)) == names
    body = scripted.requests[-1].body
    asked = body["tools"][0]["function"] if refused else body["response_format"]["json_schema"]
    assert asked.get("strict", False) is not is_own
    sent = json.dumps(asked)
    assert '"additionalProperties": false' in sent and '"required": ["names"]' in sent
    for limit in ("minLength", "maxLength", "maxItems"):
        assert (limit in sent) is is_own


def test_each_server_has_a_judges_calibration_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also where it is named by its address alone."""
    measured = {"weights": [[0.0] * 6] * 3, "bias": [0.0] * 3}
    monkeypatch.setattr(judging, "JUDGES", tmp_path / "judges.json")
    judging.JUDGES.write_text(json.dumps({"": measured, "the model at 127.0.0.1:9": measured}))
    known, unknown = (opened(llm_url=f"http://127.0.0.1:{port}/v1") for port in (9, 10))
    assert judging.Judge.calibrated(known).model is known
    with pytest.raises(UsageError, match=r"the model at 127\.0\.0\.1:10 can be trusted was not measured"):
        judging.Judge.calibrated(unknown)


class Strict(BaseModel):
    """What a client's constructor is that knows no bounds."""

    model_config = ConfigDict(extra="forbid")

    model: str
    model_provider: str
    temperature: float


@pytest.mark.parametrize("kind", [Strict, lambda model, *, model_provider, temperature: None])
def test_a_client_that_knows_no_bounds_is_made_without(
    monkeypatch: pytest.MonkeyPatch, kind: Callable[..., object]
) -> None:
    """The language model keeps time and counts tries by itself."""

    def made(model: str, **options: Any) -> GenericFakeChatModel:
        kind(model=model, **options)
        return GenericFakeChatModel(messages=iter([json.dumps(SIGN)]))

    monkeypatch.setattr("langchain.chat_models.init_chat_model", made)
    assert asked(opened(llm="bedrock_converse:x")) == SIGN


# -- what may be missing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "parts"),
    [
        ({"llm": "llama3.2"}, ("provider:model",)),
        ({"llm": ":x"}, ("provider:model",)),
        ({"llm": "ollama:"}, ("provider:model",)),
        ({"llm": "nosuch:x"}, ("nosuch:x", "provider that is not known")),
        ({"llm": "../evil:x"}, ("provider that is not known",)),
        ({"llm": "mistralai:x"}, ("`pip install langchain-mistralai`",)),
        ({"llm": "google_genai:x"}, ("`pip install langchain-google-genai`",)),
        ({"llm": "bedrock:x"}, ("`pip install langchain-aws`",)),
        ({"llm": "openai:x"}, ("needs a key", "OPENAI_API_KEY")),
        ({"llm": "anthropic:x"}, ("needs a key", "ANTHROPIC_API_KEY")),
        *(
            ({"llm_url": url}, ("llm_url is no http or https address", "http://127.0.0.1:8080/v1"))
            for url in (
                "127.0.0.1:8080/v1",
                "localhost",
                "ftp://h/v1",
                "http://",
                "http://[bad",
                "http://h:x/v1",
                f"me:{SECRET}@h/v1",
            )
        ),
    ],
    ids=lambda value: "-".join(value.values()).replace(SECRET, "") if isinstance(value, dict) else "",
)
def test_what_is_set_wrongly_is_said_in_one_sentence(settings: dict[str, str], parts: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        opened(**settings)
    assert_one_sentence(f"factbot: {caught.value}", *parts)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("behind", [f"?api_key={SECRET}", f"#{SECRET}", f"/?{SECRET}#x", "?", "#"])
def test_what_stands_behind_the_address_is_refused_and_not_repeated(behind: str) -> None:
    """The paths that are asked for would come behind it, and it would stand in clients' logs."""
    with pytest.raises(UsageError) as caught:
        opened(llm_url=f"http://127.0.0.1:8080/v1{behind}")
    assert_one_sentence(f"factbot: {caught.value}", "behind a ? or #", "FACTBOT_LLM_KEY")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_package_that_is_not_installed_is_named() -> None:
    code = """
import sys
from factbot.errors import UsageError
from factbot.llm.provider import open_language_model
from factbot.settings import Settings
for provider in ("openai", "anthropic", "ollama"):
    sys.modules[f"langchain_{provider}"] = None
    try:
        open_language_model(Settings(llm=f"{provider}:x"))
    except UsageError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=100)
    assert done.stdout.splitlines() == [
        f"The language model '{provider}:x' needs a package; "
        f'install it with `pip install "factbot[{provider}]"`.'
        for provider in ("openai", "anthropic", "ollama")
    ], done.stderr


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
        assert bot.language is not None
        scripted.script(Reply(f"no such field {SECRET}", 400))
        with pytest.raises(LanguageModelError) as caught:
            asked(bot.language)
        shown += ["".join(traceback.format_exception(caught.value)), repr(bot.language), bot.language.name]
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
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(serving, env=named, encoding="utf-8", **pipes) as app:
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
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main(arguments)
    return code, printed.buffer.getvalue().decode()  # type: ignore[attr-defined]
