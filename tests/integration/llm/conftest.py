"""What tests of language models share."""

from __future__ import annotations

import pytest

from factbot.llm import model as calls
from tests.support.language_model import (
    COLOURS,
    PROVIDERS,
    opened,
    whole,
)
from tests.support.scripted import ScriptedServer


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "PAUSE", 0.01)


@pytest.fixture(scope="session")
def clients_that_are_loaded(scripted: ScriptedServer) -> None:
    """Call each client once: the first call loads modules, and the tests measure time."""
    scripted.script(COLOURS)
    for provider in PROVIDERS:
        whole(opened(scripted, provider))
