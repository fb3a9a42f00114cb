"""From the settings to a language model; every provider's package is loaded only where its model is set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from factbot.errors import UsageError
from factbot.llm.model import LanguageModel
from factbot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["OUTPUT_TOKENS", "open_language_model"]

OUTPUT_TOKENS = 700  # of one call, at most
CONTEXT = 8_192  # tokens; Ollama cuts prompts off at far fewer unless it is told
EXTRAS = ("openai", "anthropic", "ollama")  # providers whose packages are extras of factbot's own
KEY = "FACTBOT_LLM_KEY"  # for a server of one's own; the providers' keys have their usual names
DIALECTS: Mapping[str, str] = {"ollama": "num_predict"}  # what a provider calls the bound on its output


def open_language_model(settings: Settings) -> LanguageModel | None:
    """The language model that the settings name, None where they name none; nothing is asked of it yet.

    Raises UsageError where its package is missing, its key is, or nobody knows the provider.
    """
    if not settings.llm and not settings.llm_url:
        return None
    provider, _, name = settings.llm.rpartition(":") if not settings.llm_url else ("openai", "", settings.llm)
    if not settings.llm_url and not (provider and name):
        raise UsageError(
            f"llm is {settings.llm!r}; write it as provider:model, such as ollama:llama3.2, or give llm_url."
        )
    where = _place(settings.llm_url) if settings.llm_url else provider
    label = f"{name.removeprefix('openai:') or 'the model'} at {where}" if settings.llm_url else settings.llm
    chat = _chat(provider, name.removeprefix("openai:"), settings)
    return LanguageModel(chat, label, settings.llm_timeout, OUTPUT_TOKENS)


def _chat(provider: str, name: str, settings: Settings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {
        "temperature": 0,
        "timeout": settings.llm_timeout,
        "max_retries": 0,  # they are counted in LanguageModel
        DIALECTS.get(provider, "max_tokens"): OUTPUT_TOKENS,
    }
    if provider == "ollama":
        options |= {"client_kwargs": {"timeout": options.pop("timeout")}, "num_ctx": CONTEXT}
        del options["max_retries"]
    if provider == "openai":
        options["stream_usage"] = True
    if settings.llm_url:
        options |= {"base_url": settings.llm_url, "api_key": os.environ.get(KEY) or "none"}
    try:
        return cast("BaseChatModel", init_chat_model(name or "default", model_provider=provider, **options))
    except ImportError as error:
        package = f'"factbot[{provider}]"' if provider in EXTRAS else (error.name or f"langchain-{provider}")
        raise UsageError(f"The language model {settings.llm!r} needs a package: pip install {package}") from error
    except Exception as error:  # each provider's client has its own kinds
        if "api_key" in str(error).lower():
            raise UsageError(
                f"The language model {settings.llm!r} needs a key; "
                f"set {provider.upper()}_API_KEY in the environment."
            ) from None
        raise UsageError(
            f"The language model {settings.llm!r} cannot be set up; docs/language-models.md says how to name one."
        ) from error


def _place(url: str) -> str:
    """Host and port of an address, and nothing of a name or a key that may stand in it."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        pass
    raise UsageError("llm_url is no http or https address; write it as http://127.0.0.1:8080/v1.")
