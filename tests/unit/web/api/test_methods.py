"""The one list of the bot's methods: what FactBot has, the client sends and the app answers is the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from factbot import FactBot
from factbot.index.location import Owner
from factbot.settings import Settings
from factbot.web.api import calls
from factbot.web.api.client import RemoteBot
from factbot.web.api.methods import METHODS, PROGRESS

OF_THE_APP = {"doctor"}  # which FactBot has not
HEAVY = ("numpy", "httpx", "starlette", "gradio", "torch", "chromadb", "langchain_core", "jinja2")


def arguments(method: Callable[..., Any]) -> dict[str, Any]:
    """Names and defaults of a method's arguments, without `self`."""
    return {name: each.default for name, each in list(signature(method).parameters.items())[1:]}


@pytest.mark.parametrize("name", METHODS)
def test_method_is_the_same_everywhere(name: str) -> None:
    listed = {argument: each.default for argument, each in METHODS[name].parameters.items()}
    assert arguments(getattr(RemoteBot, name)) == listed
    if name not in OF_THE_APP:
        there = arguments(getattr(FactBot, name))
        assert {argument: there[argument] for argument in listed} == listed
    if own := getattr(calls._MethodsOfApp, name, None):
        assert list(arguments(own)) == [argument for argument in listed if argument != PROGRESS]
    else:
        assert name not in OF_THE_APP


def test_call_carries_every_argument_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sent: list[tuple[str, dict[str, Any]]] = []

    def events(bot: RemoteBot, method: str, arguments: dict[str, Any]) -> list[tuple[str, Any]]:
        sent.append((method, dict(arguments)))
        return [("progress", {}), ("result", None if method == "remove" else [])]

    monkeypatch.setattr(RemoteBot, "_events", events)
    bot = RemoteBot(Settings(corpus=tmp_path), Owner(1, "http://127.0.0.1:1/", "token"))
    assert bot.search("ferry") == [] and bot.search("ferry", k=3) == []
    bot.remove("a.md")
    assert sent == [
        ("search", {"query": "ferry", "k": 10}),
        ("search", {"query": "ferry", "k": 3}),
        ("remove", {"article_id": "a.md"}),
    ]
    with pytest.raises(TypeError):
        bot.search()  # type: ignore[call-arg]


def test_list_and_client_load_nothing_heavy() -> None:
    script = f"import sys, factbot.web.api.client; print({set(HEAVY)} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "set()\n"
