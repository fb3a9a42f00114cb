"""A scripted language model that is asked to name colours."""

from __future__ import annotations

from copy import copy
from functools import cache

from factbot.llm.budget import Spending
from factbot.llm.model import LanguageModel, Output, Prompt
from factbot.llm.provider import open_language_model
from factbot.settings import Settings
from tests.support.scripted import ScriptedServer

PATIENCE = 30.0  # seconds; what goes well takes milliseconds, on a busy machine too
BUDGET = 20_000
COLOURS = {"colours": ["red", "green", "blue", "a very dark and brownish yellow"]}
SCHEMA = {
    "title": "Colours",
    "description": "The colours that are named.",
    "type": "object",
    "properties": {"colours": {"type": "array", "items": {"type": "string"}}},
    "required": ["colours"],
}

SIGN_SCHEMA = {
    "title": "Sign",
    "description": "A sign.",
    "type": "object",
    "properties": {"ready": {"type": "boolean"}},
}

PROMPT = Prompt("You name colours.", "Which colours are there?", SCHEMA)
PROVIDERS = ("openai", "anthropic", "ollama")


@cache
def client(url: str, provider: str, timeout: float) -> LanguageModel:
    model = open_language_model(Settings(llm=f"{provider}:scripted", llm_url=url, llm_timeout=timeout))
    assert model is not None
    return model


def opened(scripted: ScriptedServer, provider: str = "openai", timeout: float = PATIENCE) -> LanguageModel:
    """A model that has not been asked yet, with a client that is made once: that takes longer than a call."""
    return copy(client(scripted.url if provider == "openai" else scripted.address, provider, timeout))


def asked_for_a_sign(model: LanguageModel) -> object:
    """What a model says when it is asked whether it is ready."""
    return model.call("test", Prompt("Say whether you are ready.", "Are you?", SIGN_SCHEMA), Spending(10_000))


def whole(model: LanguageModel, prompt: Prompt = PROMPT, spending: Spending | None = None) -> Output:
    return model.call("test", prompt, spending or Spending(BUDGET))
