"""One call of a language model through the providers' real clients: its forms, its failures, its bounds."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from functools import cache
from itertools import pairwise
from typing import Any, cast

import httpx
import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_openai import ChatOpenAI

from factbot.errors import LanguageModelError
from factbot.llm import model as calls
from factbot.llm.budget import Spending, estimated
from factbot.llm.model import LanguageModel, Output, Prompt
from factbot.llm.provider import OUTPUT_TOKENS, open_language_model
from factbot.settings import Settings
from tests.support import scripted as scripting
from tests.support.scripted import Reply, ScriptedServer

PATIENCE = 30.0  # seconds; what goes well takes milliseconds, on a busy machine too
TIMEOUT = 0.9  # seconds, where it is to run out
LATE = 1.0  # seconds more that a busy machine may need
BUDGET = 20_000
COLOURS = {"colours": ["red", "green", "blue", "a very dark and brownish yellow"]}
SCHEMA = {
    "title": "Colours",
    "description": "The colours that are named.",
    "type": "object",
    "properties": {"colours": {"type": "array", "items": {"type": "string"}}},
    "required": ["colours"],
}
PROMPT = Prompt("You name colours.", "Which colours are there?", SCHEMA)
IN_WORDS = Prompt("You name colours.", "Which are there?", SCHEMA, lambda text: {"colours": text.split()})

NO_SCHEMA = Reply("'response_format' of type 'json_schema' is not supported", 400)
NO_TOOLS = Reply("scripted does not support tools", 400)
PROVIDERS = ("openai", "anthropic", "ollama")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "PAUSE", 0.01)


@pytest.fixture(scope="module", autouse=True)
def clients_that_are_loaded(scripted: ScriptedServer) -> None:
    """The first call of each loads modules, which is no part of the times that are measured."""
    scripted.script(COLOURS)
    for provider in PROVIDERS:
        whole(opened(scripted, provider))


@cache
def client(url: str, provider: str, timeout: float) -> LanguageModel:
    model = open_language_model(Settings(llm=f"{provider}:scripted", llm_url=url, llm_timeout=timeout))
    assert model is not None
    return model


def opened(scripted: ScriptedServer, provider: str = "openai", timeout: float = PATIENCE) -> LanguageModel:
    """A model that has not been asked yet, with a client that is made once: that takes longer than a call."""
    return copy(client(scripted.url if provider == "openai" else scripted.address, provider, timeout))


def growing(model: LanguageModel, prompt: Prompt = PROMPT) -> Iterator[Output]:
    return model.stream("test", prompt, Spending(BUDGET))


def whole(model: LanguageModel, prompt: Prompt = PROMPT, spending: Spending | None = None) -> Output:
    return model.call("test", prompt, spending or Spending(BUDGET))


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
def test_what_a_model_cannot_do_is_asked_otherwise_and_not_again(scripted: ScriptedServer, provider: str) -> None:
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
    """In prose, a model may cite what it was not given: for the life of the app, that is no small thing."""
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


def test_a_server_that_fails_at_what_it_cannot_do_has_refused_it(scripted: ScriptedServer) -> None:
    model = opened(scripted)
    scripted.script(NO_SCHEMA, Reply("tools param requires --jinja flag", 500), "red green")
    assert whole(model, IN_WORDS) == {"colours": ["red", "green"]}
    scripted.script("blue")
    assert whole(model, IN_WORDS) == {"colours": ["blue"]}
    assert scripted.ways == ["prose"]


class Schemaless(GenericFakeChatModel):
    """A client that says so before anything is sent."""

    def with_structured_output(self, schema: Any, **options: Any) -> Any:
        raise ValueError(f"Received unsupported arguments {options}")


def test_a_client_that_knows_no_schema_costs_nothing_and_is_asked_in_words() -> None:
    model = LanguageModel(Schemaless(messages=iter(["red", "blue"])), "x", PATIENCE, OUTPUT_TOKENS)  # type: ignore[arg-type]
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


@pytest.mark.parametrize(
    "first",
    [Reply("slowly", 429, {"Retry-After": "0.1"}), Reply("busy", 500), Reply("overloaded", 529), Reply("", 503)],
    ids=lambda reply: str(reply.status),
)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_fails_for_now_is_tried_again(scripted: ScriptedServer, provider: str, first: Reply) -> None:
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


def test_a_client_that_does_not_stream_will_do(scripted: ScriptedServer) -> None:
    chat = ChatOpenAI(model="scripted", base_url=scripted.url, api_key="none", disable_streaming=True)  # type: ignore[arg-type]
    scripted.script(COLOURS)
    assert whole(LanguageModel(chat, "scripted", PATIENCE, OUTPUT_TOKENS)) == COLOURS


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
def test_a_pause_that_is_none_is_a_short_one(scripted: ScriptedServer, wait: str) -> None:
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


def test_what_has_begun_is_given_and_not_begun_again(scripted: ScriptedServer) -> None:
    scripted.script(Reply(COLOURS, dropped_after=4), COLOURS)
    seen: list[Output] = []
    with pytest.raises(LanguageModelError, match="in the middle"):
        for output in growing(opened(scripted)):
            seen.append(output)
    assert seen and seen[-1] != COLOURS
    assert len(scripted.requests) == 1


def test_what_is_dropped_before_it_has_begun_is_tried_again(scripted: ScriptedServer) -> None:
    scripted.script(Reply(COLOURS, dropped_after=1), COLOURS)
    assert whole(opened(scripted)) == COLOURS


def test_who_reads_no_further_has_it_counted(scripted: ScriptedServer) -> None:
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


# -- the budget -------------------------------------------------------------------------------------------------


def test_a_call_that_would_go_over_the_budget_is_not_made(scripted: ScriptedServer) -> None:
    scripted.script(COLOURS)
    model, spending = opened(scripted), Spending(PROMPT.tokens + OUTPUT_TOKENS - 1)
    assert not model.fits(PROMPT, spending)
    with pytest.raises(LanguageModelError, match=r"budget .* is spent"):
        whole(model, spending=spending)
    assert scripted.requests == [] and spending.usage == ()


# Tokens that llama.cpp's /tokenize counts with SmolLM2's tokenizer, which has one for each figure.
COUNTED = {
    "The lighthouse at Orrin Point was built by the engineer Agnes Marlow in 1871.": 21,
    "On 12.03.2024 at 14:35, 1,234,567.89 kg; 45.6 %, 2023-11-30T08:15:00Z, +47 69 12 34 56, 1/2 (2019-2024).": 95,
    "Маяк на мысе Оррин построил инженер Агнес Марлоу, а последний смотритель уехал.": 64,
    "灯台は技師アグネス・マーロウによって建てられ、最後の守り人は去った。": 62,
    "بنى المهندس أغنيس مارلو المنارة في رأس أورين عام ١٨٧١.": 55,
    "लाइटहाउस का निर्माण इंजीनियर एग्नेस मार्लो ने किया था।": 62,
    "Die Donaudampfschifffahrtsgesellschaft verweigerte die Straßenverkehrszulassungsordnung.": 35,
    "Lentokonesuihkuturbiinimoottoriapumekaanikko rakensi majakan Porkkalanniemelle.": 34,
    "Latarnię morską zbudował inżynier, a ostatni latarnik odszedł w Szczebrzeszynie.": 40,
    "Ngọn hải đăng được kỹ sư xây dựng năm nay và người gác cuối cùng đã rời đi.": 67,
    "Mnara wa taa ulijengwa na mhandisi, na mlinzi wa mwisho aliondoka wakati taa ilipofanywa.": 40,
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch ydy enw'r pentref hwnnw.": 40,
    "THE MINISTER OF FOREIGN AFFAIRS ANNOUNCED SANCTIONS AGAINST KYRGYZSTAN.": 31,
    "A B C D E F. U.S.A., F.B.I., e.g. x y z": 26,
    "https://www.example.com/path/to/SomeArticle?id=abcdef0123456789&utm_source=XyZ": 38,
    "🎉🚀👩‍🚀🇳🇴 «“—”» §¶ \t\t\n\n": 31,
    '{"type": "array", "items": {"type": "integer", "enum": [1, 2, 3, 4, 5]}, "maxItems": 4}': 41,
}


@pytest.mark.parametrize("text", COUNTED)
def test_an_estimate_is_no_less_than_what_a_tokenizer_counts(text: str) -> None:
    assert COUNTED[text] <= estimated(text) <= len(text.encode()) + 1


def test_an_estimate_leaves_room_in_plain_words() -> None:
    """Else a budget would be spent at a quarter of it."""
    (text, *_), (counted, *_) = COUNTED, COUNTED.values()
    assert estimated(text) < 2.5 * counted


def test_a_text_that_is_no_utf8_has_an_estimate_too() -> None:
    assert estimated("\ud800") == 4


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_real_tokenizer_counts_what_was_noted(smollm: str) -> None:
    address = f"{smollm.removesuffix('/v1')}/tokenize"
    counted = {text: len(httpx.post(address, json={"content": text}).json()["tokens"]) for text in COUNTED}
    assert counted == COUNTED


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("way", calls.WAYS)
def test_a_real_server_reads_no_more_tokens_than_were_reckoned_with(smollm: str, way: str) -> None:
    """With what its template, and the form, add to the prompt."""
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
