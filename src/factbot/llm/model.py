"""One call of a language model: structured where it can be, bounded in time and tokens, and tried again.

Nothing of what a provider says of a failure is repeated, since it may hold a key: failures are put into words
here.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from factbot.errors import LanguageModelError
from factbot.llm.spending import Spending, estimated

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

__all__ = ["LanguageModel", "Output", "Prompt"]

RETRIES = 2  # of a call that failed for now
PAUSE = 0.5  # seconds before the first of them, twice as long before the second
LONGEST_PAUSE = 5.0  # that a server which limits requests can ask for
TRANSIENT = {408, 409, 425, 429, 500, 502, 503, 504, 529}
WAYS = ("json_schema", "function_calling", "prose")  # best first; what a model cannot do is not asked of it again
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
        """About how many tokens it has, rather too many than too few."""
        return estimated(self.rules) + estimated(self.text) + estimated(json.dumps(self.schema))


class LanguageModel:
    """A chat model of langchain. `name` is what people call it; it holds no key.

    `timeout` is the seconds that one call may take, with what is tried again; `output_tokens` bounds its reply.
    """

    def __init__(self, chat: BaseChatModel, name: str, timeout: float, output_tokens: int) -> None:
        self.name = name
        self._chat = chat
        self._timeout = timeout
        self._output_tokens = output_tokens
        self._ways = list(WAYS)

    def fits(self, prompt: Prompt, spending: Spending) -> bool:
        """Whether the call is within what is left to spend."""
        return prompt.tokens + self._output_tokens <= spending.left

    def call(self, stage: str, prompt: Prompt, spending: Spending) -> Output:
        """The whole reply. Raises LanguageModelError."""
        *_, output = self.stream(stage, prompt, spending)
        return output

    def stream(self, stage: str, prompt: Prompt, spending: Spending) -> Iterator[Output]:
        """The reply as it grows, the last one whole. Raises LanguageModelError, also in the middle.

        What has begun is not tried again: whoever reads it may have shown it already.
        """
        until = time.monotonic() + self._timeout
        tries = 0
        while True:
            if not self.fits(prompt, spending):
                raise LanguageModelError("The question's budget for the language model is spent.")
            way, has_begun = self._ways[0], False
            try:
                for output in self._attempt(way, stage, prompt, spending, until):
                    has_begun = True
                    yield output
                if has_begun:
                    return
                failure = Failure("The language model gave an empty reply.", is_transient=True)
            except LanguageModelError:
                raise
            except Exception as error:  # every provider's client has kinds of its own
                failure = _failure(error, self._timeout)
                log.warning("%s: %s (%s, status %s)", stage, failure.text, type(error).__name__, _status(error))
                if has_begun:
                    raise LanguageModelError("The language model stopped in the middle of its reply.") from None
            if failure.is_temperature and getattr(self._chat, "temperature", None) is not None:
                self._chat = self._chat.model_copy(update={"temperature": None})
                continue
            if failure.is_way and len(self._ways) > 1:
                if way in self._ways:
                    self._ways.remove(way)
                continue
            pause = min(LONGEST_PAUSE, max(PAUSE * 2**tries, failure.wait))
            tries += 1
            if not failure.is_transient or tries > RETRIES or time.monotonic() + pause > until:
                raise LanguageModelError(failure.text)
            time.sleep(pause)

    def _attempt(self, way: str, stage: str, prompt: Prompt, spending: Spending, until: float) -> Iterator[Output]:
        """One try. What it cost is counted, also where it fails: by the server's count, else by an estimate."""
        from langchain_core.callbacks import UsageMetadataCallbackHandler

        began, counted, output = time.monotonic(), UsageMetadataCallbackHandler(), {}
        messages = [("system", prompt.rules), ("human", prompt.text)]
        try:
            for output in self._outputs(way, prompt).stream(messages, config={"callbacks": [counted]}):
                if time.monotonic() > until:
                    raise TimeoutError
                if output:
                    yield output
        finally:
            told = list(counted.usage_metadata.values())
            read = sum(u["input_tokens"] for u in told) or prompt.tokens
            written = sum(u["output_tokens"] for u in told) or estimated(json.dumps(output))
            spending.add(stage, read, written, time.monotonic() - began)

    def _outputs(self, way: str, prompt: Prompt) -> Runnable[Any, Output]:
        """Messages to growing output. Raises NotImplementedError where the model does not know this way."""
        if way == "prose":
            from langchain_core.output_parsers import StrOutputParser
            from langchain_core.runnables import RunnableLambda

            read = prompt.prose or _json_object
            ask: Callable[[Any], Any] = lambda messages: [*messages, ("human", _form(prompt))]  # noqa: E731
            asked: Any = RunnableLambda(ask) if prompt.prose is None else RunnableLambda(lambda m: m)
            made: Runnable[Any, Output] = asked | self._chat | StrOutputParser() | RunnableLambda(read)
            return made
        structured: Any = self._chat.with_structured_output(dict(prompt.schema), method=way)
        return cast("Runnable[Any, Output]", structured)


def _form(prompt: Prompt) -> str:
    return f"Reply with one JSON object of this schema and nothing else: {json.dumps(prompt.schema)}"


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
class Failure:
    """Why there is no reply, in one sentence, and what may help: another try after `wait` seconds, another way of
    asking, or to leave the temperature to the model."""

    text: str
    is_transient: bool = False
    is_way: bool = False
    is_temperature: bool = False
    wait: float = 0.0


def _failure(error: Exception, timeout: float) -> Failure:
    status, said = _status(error), str(error).lower()
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
    if isinstance(error, NotImplementedError):
        return Failure("The language model cannot give structured replies.", is_way=True)
    if status in (401, 403):
        return Failure("The language model's server refuses the key; set the right one in the environment.")
    if status == 404:
        return Failure("The language model's server does not know this model, or the address is wrong.")
    if status == 429:
        text = "The language model's server takes no more requests for now."
        return Failure(text, is_transient=True, wait=_retry_after(error))
    if "context" in said and re.search(r"exceed|length|window|too long|size", said):
        return Failure("The passages are too long for the language model.")
    if status in (400, 405, 415, 422, 501):
        text = "The language model's server does not accept the request."
        return Failure(text, is_way=True, is_temperature="temperature" in said)
    if status in TRANSIENT:
        return Failure("The language model's server failed.", is_transient=True)
    if isinstance(error, TimeoutError) or "Timeout" in kinds:
        return Failure(f"The language model did not answer within {timeout:g} seconds.")
    if isinstance(error, OSError) or re.search(r"Connect|Network|Protocol|Transport|ReadError", kinds):
        return Failure("The language model's server cannot be reached.", is_transient=True)
    if isinstance(error, (ValueError, KeyError, TypeError)):  # langchain's OutputParserException is a ValueError
        return Failure("The language model's reply is not of the form that was asked for.", is_transient=True)
    return Failure("The language model failed.")


def _status(error: BaseException) -> int | None:
    """The HTTP status that a client's error carries, or its cause does."""
    for found in (error, error.__cause__):
        for holder in (found, getattr(found, "response", None)):
            status = getattr(holder, "status_code", None)
            if isinstance(status, int) and status > 0:
                return status
    return None


def _retry_after(error: BaseException) -> float:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return float(headers.get("retry-after", 0))
    except (TypeError, ValueError):
        return 0.0
