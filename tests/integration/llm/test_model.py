"""One call of a language model through the providers' real clients: its formats, failures and limits."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import pairwise
from typing import Any

import httpx
import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_openai import ChatOpenAI

from factbot.errors import LanguageModelError
from factbot.llm import model as calls
from factbot.llm.budget import Spending
from factbot.llm.model import LanguageModel, Prompt
from factbot.llm.provider import OUTPUT_TOKENS, open_language_model
from factbot.settings import Settings
from tests.support.language_model import (
    BUDGET,
    COLOURS,
    PATIENCE,
    PROMPT,
    PROVIDERS,
    SCHEMA,
    opened,
    whole,
)
from tests.support.scripted import Reply, ScriptedServer
from tests.support.tokens import COUNTED

pytestmark = pytest.mark.usefixtures("short_pauses", "clients_that_are_loaded")


IN_WORDS = Prompt("You name colours.", "Which are there?", SCHEMA, lambda text: {"colours": text.split()})
NO_SCHEMA = Reply("'response_format' of type 'json_schema' is not supported", 400)
NO_TOOLS = Reply("scripted does not support tools", 400)


# -- what goes well ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_reply_grows_and_what_it_cost_is_counted(scripted: ScriptedServer, provider: str) -> None:
    scripted.script(Reply(COLOURS, tokens=(123, 45)))
    spending, began = Spending(BUDGET), time.monotonic()
    outputs = list(opened(scripted, provider).stream("test", PROMPT, spending))
    took = time.monotonic() - began
    assert outputs[-1] == COLOURS
    assert len(outputs) > 2
    for fewer, more in pairwise(output.get("colours", []) for output in outputs):
        assert fewer[:-1] == more[: len(fewer) - 1]
    (usage,) = spending.usage
    assert (usage.stage, usage.calls, usage.input_tokens, usage.output_tokens) == ("test", 1, 123, 45)
    assert 0 < usage.seconds < took + 0.001  # rounded
    assert spending.left == BUDGET - 123 - 45


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_request_asks_for_the_form_and_bounds_the_reply(scripted: ScriptedServer, provider: str) -> None:
    scripted.script(COLOURS)
    whole(opened(scripted, provider))
    (request,) = scripted.requests
    assert request.way == "json_schema"
    assert PROMPT.rules in request.text and PROMPT.text in request.text
    options = request.body.get("options", request.body)  # Ollama has them together
    assert options["temperature"] == 0
    assert OUTPUT_TOKENS in [options.get(n) for n in ("max_tokens", "max_completion_tokens", "num_predict")]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_a_model_refuses_is_asked_in_another_way_from_then_on(
    scripted: ScriptedServer, provider: str
) -> None:
    model = opened(scripted, provider)
    scripted.script(NO_SCHEMA, COLOURS)
    assert whole(model) == COLOURS
    assert scripted.ways == ["json_schema", "function_calling"]
    scripted.script(COLOURS)
    assert whole(model) == COLOURS
    assert scripted.ways == ["function_calling"]
    scripted.script(NO_TOOLS, "red green")
    assert whole(model, IN_WORDS) == {"colours": ["red", "green"]}
    assert scripted.ways == ["function_calling", "prose"]


def test_words_instead_of_json_are_read_as_words(scripted: ScriptedServer) -> None:
    scripted.script("red green")
    assert whole(opened(scripted), IN_WORDS) == {"colours": ["red", "green"]}
    assert scripted.ways == ["json_schema", "function_calling", "prose"]


@pytest.mark.parametrize(
    "reply",
    [
        'Here you are:\n```json\n{"colours": ["red"]}\n```',
        '<think>{"colours": ["none"]} would be wrong.</think>\n\n{"colours": ["red"]}',
    ],
)
def test_json_is_found_among_words(scripted: ScriptedServer, reply: str) -> None:
    scripted.script(NO_SCHEMA, NO_TOOLS, reply)
    assert whole(opened(scripted)) == {"colours": ["red"]}
    assert str(SCHEMA["title"]) in scripted.requests[-1].text


def test_thoughts_are_no_part_of_a_reply_in_words(scripted: ScriptedServer) -> None:
    scripted.script(NO_SCHEMA, NO_TOOLS, "<think>Is it blue?\nNo.</think>red")
    assert whole(opened(scripted), IN_WORDS) == {"colours": ["red"]}


def test_one_odd_refusal_does_not_spoil_the_form_for_good(scripted: ScriptedServer) -> None:
    model = opened(scripted)
    scripted.script(Reply("no", 400))
    with pytest.raises(LanguageModelError):
        whole(model)
    scripted.script(COLOURS)
    assert whole(model) == COLOURS
    assert scripted.ways == ["json_schema"]


@pytest.mark.parametrize(
    "odd",
    [
        Reply(""),
        Reply("There are red and green."),
        Reply("no", 400),
        Reply("our tool server and its function schemas are away", 503),
    ],
    ids=["empty", "unreadable", "refused without a reason", "away"],
)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_odd_reply_does_not_change_how_later_calls_ask(
    scripted: ScriptedServer, provider: str, odd: Reply
) -> None:
    """The way of asking is kept for the life of the app, so one odd refusal must not change it."""
    model = opened(scripted, provider)
    scripted.script(odd, COLOURS)
    assert whole(model) == COLOURS
    scripted.script(COLOURS)
    assert whole(model) == COLOURS
    assert scripted.ways == ["json_schema"]


def test_only_the_way_that_was_refused_is_given_up(scripted: ScriptedServer) -> None:
    model = opened(scripted)
    scripted.script(NO_SCHEMA, Reply(""), "red green")
    assert whole(model, IN_WORDS) == {"colours": ["red", "green"]}
    scripted.script(COLOURS)
    assert whole(model) == COLOURS
    assert scripted.ways == ["function_calling"]


def test_a_server_error_on_a_schema_counts_as_a_refusal_of_it(scripted: ScriptedServer) -> None:
    model = opened(scripted)
    scripted.script(NO_SCHEMA, Reply("tools param requires --jinja flag", 500), "red green")
    assert whole(model, IN_WORDS) == {"colours": ["red", "green"]}
    scripted.script("blue")
    assert whole(model, IN_WORDS) == {"colours": ["blue"]}
    assert scripted.ways == ["prose"]


class Schemaless(GenericFakeChatModel):
    """A client that refuses schemas before it sends anything."""

    def with_structured_output(self, schema: Any, **options: Any) -> Any:
        raise ValueError(f"Received unsupported arguments {options}")


def test_a_client_without_schemas_is_asked_in_words_without_a_failed_call() -> None:
    model = LanguageModel(Schemaless(messages=iter(["red", "blue"])), "x", PATIENCE, OUTPUT_TOKENS)
    for colour, calls_made in (("red", 3), ("blue", 1)):
        spending = Spending(BUDGET)
        assert whole(model, IN_WORDS, spending) == {"colours": [colour]}
        assert spending.usage[0].calls == calls_made
        assert spending.usage[0].input_tokens == IN_WORDS.tokens  # only once


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_temperature_that_is_refused_is_left_out(scripted: ScriptedServer, provider: str) -> None:
    model = opened(scripted, provider)
    scripted.script(Reply("Unsupported value: 'temperature' does not support 0 with this model.", 400), COLOURS)
    assert whole(model) == whole(model) == COLOURS
    temperatures = [r.body.get("options", r.body).get("temperature") for r in scripted.requests]
    assert temperatures == [0, None, None]
    assert set(scripted.ways) == {"json_schema"}


def test_a_client_that_does_not_stream_will_do(scripted: ScriptedServer) -> None:
    chat = ChatOpenAI(model="scripted", base_url=scripted.url, api_key="none", disable_streaming=True)  # type: ignore[arg-type]
    scripted.script(COLOURS)
    assert whole(LanguageModel(chat, "scripted", PATIENCE, OUTPUT_TOKENS)) == COLOURS


# -- the budget -------------------------------------------------------------------------------------------------


def test_a_call_that_would_go_over_the_budget_is_not_made(scripted: ScriptedServer) -> None:
    scripted.script(COLOURS)
    model, spending = opened(scripted), Spending(PROMPT.tokens + OUTPUT_TOKENS - 1)
    assert not model.fits(PROMPT, spending)
    with pytest.raises(LanguageModelError, match=r"budget .* is spent"):
        whole(model, spending=spending)
    assert scripted.requests == [] and spending.usage == ()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_real_tokenizer_counts_what_was_noted(smollm: str) -> None:
    address = f"{smollm.removesuffix('/v1')}/tokenize"
    counted = {text: len(httpx.post(address, json={"content": text}).json()["tokens"]) for text in COUNTED}
    assert counted == COUNTED


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("way", calls.WAYS)
def test_a_real_server_reads_no_more_tokens_than_estimated(smollm: str, way: str) -> None:
    """The model's template and the schema add to the prompt; the estimate includes them."""
    model = open_language_model(Settings(llm_url=smollm, llm_timeout=240))
    assert model is not None
    model._ways = (way,)
    figures = Prompt("You name colours.", " ".join(COUNTED), SCHEMA, lambda text: {"said": text})
    spending = Spending(BUDGET)
    with suppress(LanguageModelError):  # a reply of tools that it does not know
        whole(model, figures, spending)
    assert sum(COUNTED.values()) < spending.usage[0].input_tokens <= figures.tokens


def test_other_tries_stay_within_the_budget(scripted: ScriptedServer) -> None:
    scripted.script(Reply("no colours", tokens=(300, 700)))
    spending = Spending(2 * (PROMPT.tokens + OUTPUT_TOKENS))
    with pytest.raises(LanguageModelError, match="budget"):
        whole(opened(scripted), spending=spending)
    assert len(scripted.requests) == 1
    assert spending.left >= 0
