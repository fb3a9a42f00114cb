"""How often and how much: rates for each client, and bounds on what a request may bring."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterable
from typing import Any

from starlette.formparsers import MultiPartException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = [
    "EVENTS_A_MINUTE",
    "MAX_BODY_SIZE",
    "MAX_CALL_SIZE",
    "MAX_DEPTH",
    "MAX_FILE_SIZE",
    "MAX_UPLOAD_SIZE",
    "MAX_WAITING",
    "QUESTIONS_A_MINUTE",
    "UPLOADS_A_MINUTE",
    "NoJson",
    "Rate",
    "TooMuch",
    "given",
    "plain_json",
    "read_whole",
    "within",
]

# Sizes are in bytes. `corpus/formats/kinds.py` sets a limit for each kind of article, at most MAX_FILE_SIZE.
# To take in larger articles, raise both, and say so in docs/http-api.md.
MAX_BODY_SIZE = 1_000_000  # of a request that uploads nothing
MAX_CALL_SIZE = 4_000_000  # of a command's call: several times the longest text that can be checked
MAX_FILE_SIZE = 100_000_000  # of one file that is uploaded
MAX_UPLOAD_SIZE = 1_000_000_000  # of a request that uploads: some 200 files

# Of one client.
QUESTIONS_A_MINUTE = 60
EVENTS_A_MINUTE = 600  # clicks and other events that ask nothing
UPLOADS_A_MINUTE = 30
MAX_WAITING = 6  # questions that wait or are being answered

CLIENTS_KEPT = 10_000
MAX_DEPTH = 50  # lists and objects inside each other: later code recurses into them


class TooMuch(Exception):
    """A request that brings more than it may."""


class NoJson(Exception):
    """A body that is not JSON, or that parsers read in different ways."""


class Rate:
    """A limit for each key: `number` times in any `seconds`. For one thread."""

    def __init__(self, number: int, seconds: float = 60.0) -> None:
        self._number = number
        self._seconds = seconds
        self._times: dict[str, deque[float]] = {}

    def take(self, key: str) -> bool:
        """Count one time more. False where the limit is reached already."""
        now = time.monotonic()
        if key not in self._times and len(self._times) >= CLIENTS_KEPT:
            self._forget(now)
        times = self._times.setdefault(key, deque())
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._number:
            return False
        times.append(now)
        return True

    def give_back(self, key: str) -> None:
        """Uncount the last time."""
        if times := self._times.get(key):
            times.pop()

    def _forget(self, now: float) -> None:
        """Drop the keys whose times are over; where there are none, the key that was counted first."""
        over = [key for key, times in self._times.items() if not times or times[-1] <= now - self._seconds]
        for key in over or [next(iter(self._times))]:
            del self._times[key]


async def read_whole(receive: Receive, limit: int) -> bytes:
    """A request's body. Raises TooMuch beyond `limit` bytes."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise TooMuch
    return body


def given(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body that was read before, and then whatever comes after it."""
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def plain_json(body: bytes) -> tuple[Any, bytes]:
    """The value of a JSON body, and the value written again as JSON that every parser reads alike. Raises NoJson.

    Lone surrogates, which UTF-8 cannot hold, are replaced. NaN, which Python would read, is refused.
    """
    try:
        value = json.loads(body)
        written = json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    except (ValueError, RecursionError) as error:
        raise NoJson from error
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
    if level:
        raise NoJson
    return value, written


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


async def within(limit: int, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run `app` on a request, and cut its body off after `limit` bytes.

    Raises TooMuch where it was cut off before the app had answered.
    """
    taken = 0
    more = True
    has_begun = False

    async def counted() -> Message:
        nonlocal taken, more
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit or (more and message["type"] == "http.disconnect"):
            # This error, because Gradio removes what it has stored of an upload for no other one.
            raise MultiPartException("The body is cut off.")
        more = more and message.get("more_body", False)
        return message

    async def sent(message: Message) -> None:
        nonlocal has_begun
        if taken <= limit or has_begun:  # else it is the app's own words on a body that was cut off
            has_begun = True
            await send(message)

    try:
        await app(scope, counted, sent)
    except Exception:
        if taken <= limit:
            raise
    if taken > limit and not has_begun:
        raise TooMuch
