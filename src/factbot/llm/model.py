"""One call of a language model: structured where it can be, bounded in time and tokens, and tried again.

Nothing of what a provider says of a failure is repeated, since it may hold a key: failures are put into words
here.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, cast

from factbot.errors import LanguageModelError
from factbot.llm.budget import Spending, estimated

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

    from factbot.llm.recorder import ReplyRecorder

__all__ = ["LanguageModel", "Output", "Prompt", "fields"]

RETRIES = 2  # of a call that failed for now
PAUSE = 0.5  # seconds before the first of them, twice as long before the second
LONGEST_PAUSE = 5.0  # seconds that a server which limits requests may ask for; nobody waits for a longer one
TRANSIENT = {408, 409, 425, 429, 500, 502, 503, 504, 529}
WAYS = ("json_schema", "function_calling", "prose")  # best first; what a model cannot do is not asked of it again
NOT_THIS_WAY = re.compile(r"\btools?\b|function|grammar|schema|response_format|output.(?:config|format)|jinja")
REFUSES = re.compile(r"not (?:support|implement|allow|enabled)|unsupported|requires?\b")  # not only for now
REFUSALS = (400, 404, 405, 415, 422, 501)  # of what is asked for, as their statuses say already
ERRORS = {  # what an error within a reply is called, and the status that it would have had before it
    "api_error": 500,
    "server_error": 500,
    "overloaded_error": 529,
    "unavailable_error": 503,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "timeout_error": 504,
}
LIMITS = {"minLength", "maxLength", "maxItems"}  # in a schema, which OpenAI's strict form refuses
TOO_LONG = re.compile(r"context.*(?:length|window|size|exceed)|exceed.*context|too long", re.DOTALL)
FRAME = 60  # tokens of a chat's template, and of what is said about the schema
THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
OBJECT = re.compile(r"\{.*", re.DOTALL)

log = logging.getLogger(__name__)

Output = dict[str, Any]


@dataclass(frozen=True)
class Prompt:
    """What is asked: the rules, the material with the question, and the JSON schema that the reply must follow.

    `schema` needs a title. `prose` makes the output of a reply in plain words, for a model that knows no schema.
    """

    rules: str
    text: str
    schema: Mapping[str, Any]
    prose: Callable[[str], Output] | None = None

    @property
    def tokens(self) -> int:
        """As many tokens as it can have, in whichever way it is asked."""
        return FRAME + estimated(self.rules) + estimated(self.text) + estimated(json.dumps(self.schema))


def fields(title: str = "", description: str = "", /, **properties: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of an object that has these fields, all of them and no others."""
    named = {"title": title, "description": description} if title else {}
    required = {"required": list(properties), "additionalProperties": False}
    return {**named, "type": "object", "properties": properties, **required}


class LanguageModel:
    """A chat model of langchain. `name` is what people call it; it holds no key.

    `timeout` is the seconds that one call may take, with what is tried again; `output_tokens` bounds its reply.
    `is_strict` is for OpenAI's own service, which holds a reply to its schema only where it is told to.
    """

    def __init__(
        self, chat: BaseChatModel, name: str, timeout: float, output_tokens: int, is_strict: bool = False
    ) -> None:
        self.name = name
        self._chat = chat
        self._timeout = timeout
        self._output_tokens = output_tokens
        self._is_strict = is_strict
        self._ways: Sequence[str] = WAYS

    def fits(self, prompt: Prompt, spending: Spending) -> bool:
        """Whether the call is within what is left to spend."""
        return prompt.tokens + self._output_tokens <= spending.left

    def call(self, stage: str, prompt: Prompt, spending: Spending) -> Output:
        """The whole reply. Raises LanguageModelError."""
        *_, output = self.stream(stage, prompt, spending)
        return output

    def stream(self, stage: str, prompt: Prompt, spending: Spending) -> Iterator[Output]:
        """The reply as it grows, the last one whole. Raises LanguageModelError, also in the middle.

        A reply that has begun is not asked for again: it may have been shown already. A failed call costs
        too, by the server's count or else by an estimate.
        """
        from factbot.llm.recorder import ReplyRecorder  # it loads langchain

        until = time.monotonic() + self._timeout
        ways, tries = self._ways, 0
        refused: set[str] = set()
        while True:
            if not self.fits(prompt, spending):
                raise LanguageModelError("The question's budget for the language model is spent.")
            began, reply = time.monotonic(), ReplyRecorder()
            output: Output = {}
            failure: CallFailure | None = None
            try:
                for output in self._outputs(ways[0], prompt, reply, until):
                    yield output
                if not output or reply.is_cut:
                    failure = EMPTY
            except Exception as error:  # every provider's client has kinds of its own
                failure = _failure(error, self._timeout)
                log.info("%s: %s (%s, status %s)", stage, failure.text, type(error).__name__, _status(error))
            finally:
                read, written = reply.tokens
                if not read and (output or not (failure and failure.is_free)):
                    read, written = prompt.tokens, self._written(output)
                spending.add(stage, read, written, time.monotonic() - began)
            if failure is None:
                self._ways = [way for way in self._ways if way not in refused]
                return
            if output:
                raise LanguageModelError("The language model stopped in the middle of its reply.")
            if failure.is_temperature and getattr(self._chat, "temperature", None) is not None:
                self._chat = self._chat.model_copy(update={"temperature": None})
            elif failure.is_way and len(ways) > 1:
                if failure.is_refusal:
                    refused.add(ways[0])
                ways = ways[1:]
            else:
                pause = max(PAUSE * 2**tries, failure.wait)
                tries += 1
                is_late = pause > LONGEST_PAUSE or time.monotonic() + pause > until
                if not failure.is_transient or tries > RETRIES or is_late:
                    raise LanguageModelError(failure.text)
                time.sleep(pause)

    def _outputs(self, way: str, prompt: Prompt, reply: ReplyRecorder, until: float) -> Iterator[Output]:
        """One try. Raises TimeoutError, or what the provider's client raises."""
        messages = [("system", prompt.rules), ("human", prompt.text)]
        if way == "prose":  # in one message: some models know no system, and no two messages of one person
            form = "" if prompt.prose else f"\n\n{_form(prompt)}"
            messages = [("human", f"{prompt.rules}\n\n{prompt.text}{form}")]
        asked = self._runnable(way, prompt)
        for output in _in_time(asked.stream(messages, config={"callbacks": [reply]}), until):
            if output and isinstance(output, dict):
                yield output

    def _written(self, output: Output) -> int:
        """About how many tokens a reply took, as far as it came."""
        try:
            return estimated(json.dumps(output, ensure_ascii=False))
        except RecursionError:  # brackets in brackets in brackets
            return self._output_tokens

    def _runnable(self, way: str, prompt: Prompt) -> Runnable[Any, Any]:
        """Messages to growing output. Raises NotImplementedError where the model does not know this way."""
        if way == "prose":
            from langchain_core.output_parsers import StrOutputParser
            from langchain_core.runnables import RunnableLambda

            read = prompt.prose or _json_object

            def output(text: str) -> Output:
                said = THOUGHTS.sub("", text).strip()
                return read(said) if said else {}

            return self._chat | StrOutputParser() | RunnableLambda(output)
        schema = _without_limits(prompt.schema) if self._is_strict else dict(prompt.schema)
        options: dict[str, Any] = {"strict": True} if self._is_strict else {}
        try:
            structured: Any = self._chat.with_structured_output(schema, method=way, **options)
        except (TypeError, ValueError) as error:  # as some clients say that they do not know the way
            raise NotImplementedError from error
        return cast("Runnable[Any, Any]", structured)


def _in_time(outputs: Iterator[Any], until: float) -> Iterator[Any]:
    """The outputs, read in a thread of their own: a client's own time limit begins anew with every byte.

    Raises TimeoutError at `until`, and otherwise what the client raises.
    """
    drawn: SimpleQueue[Any] = SimpleQueue()
    is_over, end = Event(), object()

    def draw() -> None:
        try:
            for output in outputs:
                drawn.put((output, None))
                if is_over.is_set():
                    return
            drawn.put((end, None))
        except BaseException as error:  # it is raised where somebody waits for it
            drawn.put((end, error))
        finally:
            with suppress(Exception):  # what a client says at its end, nobody waits for any more
                cast("Generator[Any, None, None]", outputs).close()

    Thread(target=copy_context().run, args=(draw,), daemon=True).start()
    try:
        while True:
            output, error = drawn.get(timeout=max(0.0, until - time.monotonic()))
            if error:
                raise error
            if output is end:
                return
            yield output
    except Empty:
        raise TimeoutError from None
    finally:
        is_over.set()


def _form(prompt: Prompt) -> str:
    return f"Reply with one JSON object of this schema and nothing else: {json.dumps(prompt.schema)}"


def _without_limits(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema for a service that knows no limits of length; whoever reads the reply has their own."""
    return {
        name: _without_limits(value) if isinstance(value, Mapping) else value
        for name, value in schema.items()
        if name not in LIMITS
    }


def _json_object(text: str) -> Output:
    """The JSON object in a reply that may have words or marks of code around it. Raises ValueError for none."""
    from langchain_core.utils.json import parse_partial_json

    found = OBJECT.search(text)
    output = parse_partial_json(found.group().rstrip("` \n")) if found else None
    if not isinstance(output, dict):
        raise ValueError("no JSON object")
    return output


# -- failures -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CallFailure:
    """Why there is no reply, in one sentence, and what may help.

    `is_transient`: another try after `wait` seconds. `is_way`: another way of asking; with `is_refusal` the way
    itself is refused, and is not tried in later calls either. `is_temperature`: leaving the temperature to the
    model. `is_free`: the call cost no tokens.
    """

    text: str
    is_transient: bool = False
    is_way: bool = False
    is_refusal: bool = False
    is_temperature: bool = False
    is_free: bool = False
    wait: float = 0.0


# Asked in the same way again, a model without temperature would say the same again.
EMPTY = CallFailure("The language model gave no reply that can be read.", is_way=True)


def _failure(error: Exception, timeout: float) -> CallFailure:
    status, said = _status(error), str(error).lower()
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
    if isinstance(error, NotImplementedError):
        text = "The language model cannot give structured replies."
        return CallFailure(text, is_way=True, is_refusal=True, is_free=True)
    if status is not None and status >= 400:
        return _refusal(status, said, _retry_after(error))
    if "Timeout" in kinds:
        return CallFailure(f"The language model did not answer within {timeout:g} seconds.")
    if isinstance(error, OSError) or re.search(r"Connect|Network|Protocol|Transport|ReadError", kinds):
        is_free = "Connect" in kinds
        return CallFailure("The language model's server cannot be reached.", is_transient=True, is_free=is_free)
    if isinstance(error, (ValueError, KeyError, TypeError)):  # langchain's OutputParserException is a ValueError
        return EMPTY
    return CallFailure("The language model failed.")


def _refusal(status: int, said: str, wait: float) -> CallFailure:
    """What a server means by an HTTP status and what it says with it."""
    is_refusal = bool(NOT_THIS_WAY.search(said) and (status in REFUSALS or REFUSES.search(said)))
    if status in (401, 403):
        text = "The language model's server refuses the key; set the right one in the environment."
        return CallFailure(text, is_free=True)
    if status == 404:
        text = "The language model's server does not know this model, or the address is wrong."
        return CallFailure(text, is_way=is_refusal, is_refusal=is_refusal, is_free=True)
    if status == 429:
        text = "The language model's server takes no more requests for now."
        return CallFailure(text, is_transient=True, is_free=True, wait=wait)
    if status in (400, 413, 422, 500) and TOO_LONG.search(said):
        return CallFailure("The passages are too long for the language model.", is_free=True)
    if status in TRANSIENT:
        text = "The language model's server failed."
        return CallFailure(
            text, is_transient=True, is_way=is_refusal, is_refusal=is_refusal, is_free=True, wait=wait
        )
    return CallFailure(
        "The language model's server does not accept the request.",
        is_way=status in REFUSALS,  # some say nothing of what it is that they refuse
        is_refusal=is_refusal,
        is_temperature="temperature" in said,
        is_free=True,
    )


def _status(error: BaseException) -> int | None:
    """The HTTP status of a failure that a client's error carries, or its cause does; None for none.

    Where a reply had begun well, with 200, the error in it may say which status it would have had.
    """
    for found in (error, error.__cause__):
        for holder in (found, getattr(found, "response", None)):
            status = getattr(holder, "status_code", None)
            if isinstance(status, int) and status >= 400:
                return status
        if status := _status_within(getattr(found, "body", None)):
            return status
    return None


def _status_within(body: object) -> int | None:
    """The status that the error in a stream stands for, by its code or its type."""
    told = body.get("error", body) if isinstance(body, dict) else None
    if not isinstance(told, dict):
        return None
    for said in (str(told.get("code")), str(told.get("type"))):
        if said in ERRORS or re.fullmatch(r"[45]\d\d", said):
            return ERRORS.get(said) or int(said)
    return None


def _retry_after(error: BaseException) -> float:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return float(headers.get("retry-after", 0))
    except (TypeError, ValueError):
        return 0.0
