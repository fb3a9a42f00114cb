"""From the settings to a language model; every provider's package is loaded only where its model is set."""

from __future__ import annotations

import base64
import os
import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote_to_bytes

import httpx
from pydantic import SecretStr, ValidationError

from factbot.errors import UsageError
from factbot.llm.model import LanguageModel
from factbot.settings import Settings
from factbot.text.addresses import web_address

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["OUTPUT_TOKENS", "open_language_model"]

OUTPUT_TOKENS = 700  # of one call, at most
CONTEXT = 8_192  # tokens; Ollama cuts prompts off at far fewer unless it is told
EXTRAS = ("openai", "anthropic", "ollama")  # providers whose packages are extras of factbot's own
KEY = "FACTBOT_LLM_KEY"  # for a server of one's own; the providers' keys have their usual names
ANY_MODEL = "default"  # a name that servers of a single model, such as llama.cpp's, take for it
LISTING = 3.0  # seconds to wait for a server's list of models


def open_language_model(settings: Settings) -> LanguageModel:
    """The language model that the settings name by `llm`, `llm_url` or both.

    A server of one's own is asked which model it has, where none is named; else nothing is asked yet.
    Raises UsageError where a package or a key is missing, or nobody knows the provider.
    """
    provider, name = _named(settings)
    if not settings.llm_url:
        is_strict = provider == "openai"  # servers that speak like OpenAI's hold to a schema, or not, as they are
        return _opened(provider, name, settings, settings.llm, {}, is_strict)
    url = _address(settings.llm_url)
    headers = _headers(url)
    label = name or f"the model at {url.netloc.decode()}"
    return _opened(provider, name or _first_model(url, headers), settings, label, _own(provider, url, headers))


def _named(settings: Settings) -> tuple[str, str]:
    """Provider and model. A server of one's own speaks as OpenAI's does, if no other provider is named."""
    provider, colon, name = settings.llm.partition(":")
    if settings.llm_url:
        return (provider, name) if colon and provider in EXTRAS else ("openai", settings.llm)
    if not (provider and name):
        raise UsageError(
            f"llm is {settings.llm!r}; write it as provider:model, such as ollama:llama3.2, or give llm_url."
        )
    return provider, name


def _opened(
    provider: str, name: str, settings: Settings, label: str, own: dict[str, Any], is_strict: bool = False
) -> LanguageModel:
    try:
        chat = _chat(provider, name, settings.llm_timeout, own)
    except ImportError as error:
        missing = getattr(error.__cause__, "name", None) or f"langchain-{provider}"
        package = f'"factbot[{provider}]"' if provider in EXTRAS else missing.partition(".")[0].replace("_", "-")
        raise UsageError(
            f"The language model {label!r} needs a package; install it with `pip install {package}`."
        ) from error
    except Exception as error:  # each provider's client has its own kinds
        raise _not_set_up(provider, label, str(error)) from None
    if any(isinstance(value, SecretStr) and not value.get_secret_value() for _, value in chat):
        raise _not_set_up(provider, label, "no api_key")
    return LanguageModel(chat, label, settings.llm_timeout, OUTPUT_TOKENS, is_strict)


def _chat(provider: str, name: str, timeout: float, own: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    bounds: dict[str, Any] = {"max_tokens": OUTPUT_TOKENS, "timeout": timeout, "max_retries": 0}
    if provider == "ollama":
        bounds = {"num_predict": OUTPUT_TOKENS, "num_ctx": CONTEXT, "sync_client_kwargs": {"timeout": timeout}}
    if provider == "openai":
        bounds["stream_usage"] = True
    try:
        made = init_chat_model(name, model_provider=provider, temperature=0, **own, **bounds)
    except (TypeError, ValidationError):  # not every client knows these; LanguageModel has bounds of its own
        made = init_chat_model(name, model_provider=provider, temperature=0, **own)
    return cast("BaseChatModel", made)


def _not_set_up(provider: str, label: str, said: str) -> UsageError:
    """Why a client cannot be made, by what it says, of which nothing but a variable's name is repeated."""
    if "unsupported provider" in said.lower():
        return UsageError(
            f"The language model {label!r} is of a provider that is not known; "
            "write it as provider:model, such as ollama:llama3.2."
        )
    if "api_key" in said.lower():
        found = re.search(r"\b[A-Z_]+_API_KEY\b", said)
        variable = found.group() if found else f"{provider.upper()}_API_KEY"
        return UsageError(f"The language model {label!r} needs a key; set {variable} in the environment.")
    return UsageError(
        f"The language model {label!r} cannot be set up; docs/language-models.md says how to name one."
    )


# -- a server of one's own ------------------------------------------------------------------------------------


def _address(url: str) -> httpx.URL:
    """The address, of which nothing is repeated where it is wrong: it may hold a key."""
    if "?" in url or "#" in url:  # the paths that are asked for are put behind the address
        raise UsageError(
            f"llm_url has something behind a ? or #; leave that out, and give a key as {KEY} in the environment."
        )
    try:
        if web_address(url) == url:
            return httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        pass
    raise UsageError("llm_url is no http or https address; write it as http://127.0.0.1:8080/v1.")


def _headers(url: httpx.URL) -> dict[str, str]:
    """The headers that identify us: a key, or the name and password in the address, which clients would log."""
    if url.userinfo:
        return {"Authorization": f"Basic {base64.b64encode(unquote_to_bytes(url.userinfo)).decode()}"}
    return {"Authorization": f"Bearer {os.environ[KEY]}"} if os.environ.get(KEY) else {}


def _own(provider: str, url: httpx.URL, headers: dict[str, str]) -> dict[str, Any]:
    """What a client is told about the server; no provider's key is sent there."""
    address = {"base_url": str(url.copy_with(userinfo=b""))}
    if provider == "ollama":
        return {**address, "client_kwargs": {"headers": headers}}
    return {**address, "api_key": os.environ.get(KEY) or "none", "default_headers": headers}


def _first_model(url: httpx.URL, headers: dict[str, str]) -> str:
    """The first model that a server lists: some need its name, those that list none take any."""
    address = f"{str(url.copy_with(userinfo=b'')).rstrip('/')}/models"
    try:
        return str(httpx.get(address, headers=headers, timeout=LISTING).json()["data"][0]["id"])
    except (httpx.HTTPError, ValueError, LookupError, TypeError):
        return ANY_MODEL
