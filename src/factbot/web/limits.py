"""How often and how much: rates for each client, and bounds on what a request may bring."""

from __future__ import annotations

import time
from collections import deque

from starlette.formparsers import MultiPartException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Rate", "TooMuch", "read_whole", "within"]

CLIENTS_KEPT = 10_000


class TooMuch(Exception):
    """A request that brings more than it may."""


class Rate:
    """At most `number` times in any `seconds`, for each key; used by one thread."""

    def __init__(self, number: int, seconds: float = 60.0) -> None:
        self._number = number
        self._seconds = seconds
        self._times: dict[str, deque[float]] = {}

    def take(self, key: str) -> bool:
        """Count one time more, if the number is not reached."""
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
        """Take back the last time."""
        if times := self._times.get(key):
            times.pop()

    def _forget(self, now: float) -> None:
        """Keys whose times are over; where there is none, the one that was counted first."""
        over = [key for key, times in self._times.items() if not times or times[-1] <= now - self._seconds]
        for key in over or [next(iter(self._times))]:
            del self._times[key]


async def read_whole(receive: Receive, limit: int) -> tuple[bytes, Receive]:
    """A request's body, and a `receive` that gives it once more. Raises TooMuch beyond `limit` bytes."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise TooMuch
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return body, again


async def within(limit: int, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run `app` on a request whose body is counted as it comes. Raises TooMuch where it is cut off, unanswered."""
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
