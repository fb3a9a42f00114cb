"""From the settings to a language model: its server, its key, which is never shown, and missing packages."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import GenericFakeChatModel
from pydantic import BaseModel, ConfigDict

from factbot.errors import LanguageModelError, UsageError
from factbot.llm import judge as judging
from factbot.llm.budget import Spending
from factbot.llm.model import LanguageModel, Prompt, fields
from factbot.llm.provider import open_language_model
from factbot.settings import Settings
from tests.support.language_model import asked_for_a_sign
from tests.support.library import assert_one_sentence
from tests.support.scripted import Reply, ScriptedServer

SECRET = "sk-tell-nobody-8f3a2c"

SIGN = {"ready": True}


def opened(**settings: Any) -> LanguageModel:
    model = open_language_model(Settings(**{"llm_timeout": 20.0, **settings}))
    assert model is not None
    return model


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
def test_the_users_own_server_is_asked_for_its_model(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch, name: str, path: str, model: str
) -> None:
    """It speaks as OpenAI's does, unless another provider is named; no provider's key is sent there."""
    for provider in ("OPENAI", "ANTHROPIC"):
        monkeypatch.setenv(f"{provider}_API_KEY", SECRET)
    monkeypatch.setattr(scripted, "models", ["first-of-many", "second"])
    scripted.script(SIGN)
    language = opened(llm=name, llm_url=scripted.url if "completions" in path else scripted.address)
    assert asked_for_a_sign(language) == SIGN
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
    assert asked_for_a_sign(language) == SIGN
    assert scripted.requests[0].body["model"] == "llama3.2:3b"
    assert language.name == "ollama:llama3.2:3b"


@pytest.mark.parametrize("models", [[], ["x"]])
def test_a_server_that_lists_no_models_has_one_of_any_name(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch, models: list[str]
) -> None:
    monkeypatch.setattr(scripted, "models", models)
    scripted.script(SIGN)
    assert asked_for_a_sign(opened(llm_url=scripted.url + "/")) == SIGN
    assert scripted.requests[0].body["model"] == (models or ["default"])[0]


def test_a_server_that_is_away_is_only_missed_when_it_is_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        url = f"http://127.0.0.1:{once.getsockname()[1]}/v1"
    with pytest.raises(LanguageModelError, match="cannot be reached"):
        asked_for_a_sign(opened(llm_url=url, llm_timeout=0.3))


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
    """OpenAI's service guarantees a schema only if it is strict, and a strict schema has no length limits."""
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
    """Also where the setting gives only the server's address."""
    measured = {"weights": [[0.0] * 6] * 3, "bias": [0.0] * 3}
    monkeypatch.setattr(judging, "JUDGES", tmp_path / "judges.json")
    judging.JUDGES.write_text(json.dumps({"": measured, "the model at 127.0.0.1:9": measured}))
    known, unknown = (opened(llm_url=f"http://127.0.0.1:{port}/v1") for port in (9, 10))
    assert judging.Judge.calibrated(known).model is known
    with pytest.raises(UsageError, match=r"the model at 127\.0\.0\.1:10 can be trusted was not measured"):
        judging.Judge.calibrated(unknown)


class Strict(BaseModel):
    """A client whose constructor takes no limits."""

    model_config = ConfigDict(extra="forbid")

    model: str
    model_provider: str
    temperature: float


@pytest.mark.parametrize("kind", [Strict, lambda model, *, model_provider, temperature: None])
def test_a_client_that_knows_no_bounds_is_made_without(
    monkeypatch: pytest.MonkeyPatch, kind: Callable[..., object]
) -> None:
    """Time limits and retries are factbot's own, so a client without them will do."""

    def made(model: str, **options: Any) -> GenericFakeChatModel:
        kind(model=model, **options)
        return GenericFakeChatModel(messages=iter([json.dumps(SIGN)]))

    monkeypatch.setattr("langchain.chat_models.init_chat_model", made)
    assert asked_for_a_sign(opened(llm="bedrock_converse:x")) == SIGN


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
def test_a_query_or_fragment_of_the_address_is_refused_and_not_repeated(behind: str) -> None:
    """A client appends its paths to the address, and writes the whole into its logs."""
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
