"""A language model that fails, hangs or sends nonsense: it costs little time, and a sentence says so."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from factbot.errors import LanguageModelError
from factbot.llm import model as calls
from factbot.llm.budget import Spending
from factbot.llm.model import LanguageModel, Output, Prompt
from factbot.llm.provider import open_language_model
from factbot.settings import Settings
from tests.support import scripted as scripting
from tests.support.language_model import (
    BUDGET,
    COLOURS,
    PATIENCE,
    PROMPT,
    PROVIDERS,
    opened,
    whole,
)
from tests.support.scripted import Reply, ScriptedServer

pytestmark = pytest.mark.usefixtures("short_pauses", "clients_that_are_loaded")


TIMEOUT = 0.9  # seconds, where it is to run out
LATE = 1.0  # seconds more that a busy machine may need


def growing(model: LanguageModel, prompt: Prompt = PROMPT) -> Iterator[Output]:
    return model.stream("test", prompt, Spending(BUDGET))


@pytest.mark.parametrize(
    "first",
    [Reply("slowly", 429, {"Retry-After": "0.1"}), Reply("busy", 500), Reply("overloaded", 529), Reply("", 503)],
    ids=lambda reply: str(reply.status),
)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_passing_failure_is_tried_again(scripted: ScriptedServer, provider: str, first: Reply) -> None:
    scripted.script(first, COLOURS)
    spending = Spending(BUDGET)
    assert whole(opened(scripted, provider), spending=spending) == COLOURS
    assert scripted.ways == ["json_schema"] * 2
    assert spending.usage[0].calls == 2


ERRORS: dict[str, dict[str, Any]] = {  # as they come in a reply that began well
    "llama.cpp": {"code": 503, "message": "loading", "type": "unavailable_error"},
    "openai": {"code": "rate_limit_exceeded", "message": "slowly", "type": "requests"},
    "vllm": {"code": 500, "message": "broken", "type": "InternalServerError"},
    "anthropic": {"type": "overloaded_error", "message": "Overloaded"},
}


@pytest.fixture
def failing_within(scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Lets the next replies begin with 200, and give these errors in their streams, before anything else."""
    errors: list[dict[str, Any]] = []
    for name, begins in (("_openai", ""), ("_anthropic", "event: error\n")):
        usual = getattr(scripting, name)

        def speak(*given: Any, usual: Any = usual, begins: str = begins) -> Iterator[str]:
            if not errors:
                return cast("Iterator[str]", usual(*given))
            return iter([f"{begins}data: {json.dumps({'type': 'error', 'error': errors.pop(0)})}\n\n"])

        monkeypatch.setattr(scripting, name, speak)
    scripted.script(COLOURS)
    yield lambda *some: errors.extend(some)


@pytest.mark.parametrize("server", ERRORS)
def test_an_error_within_a_reply_is_tried_again_where_it_is_passing(
    scripted: ScriptedServer, failing_within: Callable[..., None], server: str
) -> None:
    failing_within(ERRORS[server])
    spending = Spending(BUDGET)
    assert (
        whole(opened(scripted, "anthropic" if server == "anthropic" else "openai"), spending=spending) == COLOURS
    )
    assert scripted.ways == ["json_schema"] * 2
    assert spending.usage[0].calls == 2


@pytest.mark.parametrize(
    "error", [{"code": 401, "message": "no"}, {"message": "no"}, {"code": "x", "type": ["y"], "message": "no"}]
)
def test_an_error_within_a_reply_that_stays_is_not(
    scripted: ScriptedServer, failing_within: Callable[..., None], error: dict[str, Any]
) -> None:
    failing_within(error)
    with pytest.raises(LanguageModelError):
        whole(opened(scripted))
    assert len(scripted.requests) == 1


# -- what fails -------------------------------------------------------------------------------------------------

UNREADABLE = r"no reply that can be read"

FAILURES: dict[str, tuple[Reply, int, str]] = {  # what the server does, how often it is asked, what is said of it
    "key": (Reply("Incorrect API key provided: sk-123", 401), 1, r"refuses the key"),
    "model": (Reply("The model does not exist", 404), 1, r"does not know this model"),
    "limit": (Reply("Rate limit reached", 429), 3, r"takes no more requests for now"),
    "error": (Reply("Something broke", 500), 3, r"server failed"),
    "overloaded": (Reply("Overloaded", 529), 3, r"server failed"),
    "refusal": (Reply("No", 400), 3, r"does not accept the request"),
    "context": (Reply("This model's maximum context length is 512 tokens.", 400), 1, r"too long"),
    "context of llama.cpp": (Reply("the request exceeds the available context size", 400), 1, r"too long"),
    "silence": (Reply(COLOURS, silence=9), 1, r"did not answer within 0\.9 seconds"),
    "slowly": (Reply(COLOURS, pause=0.24), 1, r"in the middle"),
    "dropped": (Reply(COLOURS, dropped_after=4), 1, r"in the middle"),
    "cut off": (Reply(COLOURS, ends="length"), 1, r"in the middle"),
    "empty": (Reply(""), 3, UNREADABLE),
    "a list": (Reply("[1, 2]"), 3, UNREADABLE),
    "a number": (Reply("7"), 3, UNREADABLE),
    "words": (Reply("There are red and green."), 3, UNREADABLE),
    "no JSON": (Reply("<<<>>>"), 3, UNREADABLE),
}

LATE_ONES = ("silence", "slowly")

# What depends on a provider's own client, and not on what stands in the reply.
OF_EACH = ["key", "model", "limit", "error", "context", "silence", "dropped", "cut off", "empty"]


@pytest.mark.parametrize(
    ("provider", "failure"),
    [("openai", f) for f in FAILURES] + [(p, f) for p in ("anthropic", "ollama") for f in OF_EACH],
)
def test_a_failure_is_in_words_in_time_and_bounded(scripted: ScriptedServer, provider: str, failure: str) -> None:
    reply, asked, words = FAILURES[failure]
    scripted.script(reply)
    timeout = TIMEOUT if failure in LATE_ONES else PATIENCE
    model, spending, began = opened(scripted, provider, timeout), Spending(BUDGET), time.monotonic()
    with pytest.raises(LanguageModelError, match=words) as caught:
        whole(model, spending=spending)
    assert time.monotonic() - began < TIMEOUT + LATE  # the others too: nothing is waited for that does not come
    assert len(scripted.requests) == asked
    (usage,) = spending.usage
    assert usage.calls == asked
    assert re.fullmatch(r"[A-Z][^.]*(\d\.\d[^.]*)?\.", str(caught.value))
    assert "sk-123" not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    if reply.status >= 400:
        assert usage.input_tokens == usage.output_tokens == 0  # what is refused costs nothing


@pytest.mark.parametrize("provider", ["openai", "anthropic"])  # Ollama's lines have nothing of the kind
def test_a_server_that_only_keeps_the_line_open_is_not_waited_for(scripted: ScriptedServer, provider: str) -> None:
    """A client's own timeout begins anew with every byte."""
    scripted.script(Reply(COLOURS, silence=9, pings=True))
    began = time.monotonic()
    with pytest.raises(LanguageModelError, match="did not answer within"):
        whole(opened(scripted, provider, timeout=TIMEOUT))
    assert time.monotonic() - began < TIMEOUT + LATE


@pytest.mark.alone
def test_failures_and_pauses_together_keep_the_time(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "PAUSE", 0.2)
    scripted.script(Reply("busy", 503, silence=0.5))
    began = time.monotonic()
    with pytest.raises(LanguageModelError, match=r"server failed|did not answer"):
        whole(opened(scripted, timeout=TIMEOUT))
    assert time.monotonic() - began < TIMEOUT + LATE
    assert len(scripted.requests) == 2


@pytest.mark.parametrize("wait", ["30", "inf", "1e9"])
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_server_that_wants_a_long_pause_is_left_alone(
    scripted: ScriptedServer, provider: str, wait: str
) -> None:
    scripted.script(Reply("slowly", 429, {"Retry-After": wait}))
    began = time.monotonic()
    with pytest.raises(LanguageModelError, match="takes no more requests"):
        whole(opened(scripted, provider))
    assert time.monotonic() - began < PATIENCE / 4
    assert len(scripted.requests) == 1


@pytest.mark.parametrize("wait", ["-1", "nan", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_an_unreadable_pause_becomes_a_short_one(scripted: ScriptedServer, wait: str) -> None:
    scripted.script(Reply("slowly", 429, {"Retry-After": wait}), COLOURS)
    assert whole(opened(scripted)) == COLOURS


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_server_that_is_not_there(provider: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        address = f"http://127.0.0.1:{once.getsockname()[1]}"
    model = open_language_model(Settings(llm=f"{provider}:x", llm_url=address, llm_timeout=PATIENCE))
    assert model is not None
    spending = Spending(BUDGET)
    with pytest.raises(LanguageModelError, match="cannot be reached"):
        whole(model, spending=spending)
    assert (spending.usage[0].calls, spending.left) == (3, BUDGET)


def test_a_reply_that_has_begun_is_not_asked_for_again(scripted: ScriptedServer) -> None:
    scripted.script(Reply(COLOURS, dropped_after=4), COLOURS)
    seen: list[Output] = []
    with pytest.raises(LanguageModelError, match="in the middle"):
        for output in growing(opened(scripted)):
            seen.append(output)
    assert seen and seen[-1] != COLOURS
    assert len(scripted.requests) == 1


def test_a_reply_dropped_before_it_began_is_tried_again(scripted: ScriptedServer) -> None:
    scripted.script(Reply(COLOURS, dropped_after=1), COLOURS)
    assert whole(opened(scripted)) == COLOURS


def test_a_reply_that_is_not_read_to_its_end_is_counted(scripted: ScriptedServer) -> None:
    scripted.script(Reply(COLOURS, pause=0.02))
    spending = Spending(BUDGET)
    stream = opened(scripted).stream("test", PROMPT, spending)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert spending.usage[0].input_tokens == PROMPT.tokens


@pytest.mark.parametrize("reply", ['{"a":' * 2_000, "[" * 3_000, '{"colours": "' + "x" * 10_000, "\0\x07" * 500])
def test_a_reply_that_is_not_sane_is_only_a_failure(scripted: ScriptedServer, reply: str) -> None:
    scripted.script(reply)
    output: Any = None
    try:
        output = whole(opened(scripted))
    except LanguageModelError:
        assert len(scripted.requests) <= 3
    assert output is None or isinstance(output, dict)
