"""What commands beside the running app want of its bot: `POST /factbot/call`, for this user on this machine alone.

The token is in the index folder, where only this user can read it. `remote.py` is the other end, and says what
goes over the wire.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from inspect import signature
from itertools import takewhile
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factbot.bot import FactBot
from factbot.cli.client import PATH, bearing
from factbot.doctor.findings import Finding, inspect, mend
from factbot.errors import CorpusIndexError, FactbotError, IndexLockedError, UsageError
from factbot.results import Article, Failure, SyncProgress, SyncReport
from factbot.web.guard.access import host_name, is_loopback
from factbot.web.guard.limits import TooMuch, read_whole
from factbot.web.jobs import Command, Job, Jobs

__all__ = ["Calls"]

LARGEST_BODY = 4_000_000  # bytes: several times the longest text that can be checked
SIGN_OF_LIFE = 10.0  # seconds of silence after which an empty line says that the work goes on
LAST_WORK = 10.0  # seconds that the work under way has to come to a stop when the app does
STOPPED = "The running app was stopped before this was done; what was done is kept, so try again."
CANCELLED = "This was cancelled in the running app; what was done is kept, so try again."
UNKNOWN = "The running app does not know this call; run it and the command with the same version of factbot."
OWN_ERROR = "factbot could not do that, by an error of its own; the terminal that runs the app shows where."

log = logging.getLogger(__name__)


class Calls:
    """ASGI middleware: answers calls of the bot's methods, and hands everything else on to `app`.

    What takes long goes in among `jobs`, where the page shows it.
    """

    def __init__(self, app: ASGIApp, bot: FactBot, jobs: Jobs, token: str) -> None:
        self._app = app
        self._bot = bot
        self._jobs = jobs
        self._token = token
        self._running: dict[threading.Thread, _Work] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        status, problem = self._refusal(scope)
        body = b""
        try:
            body = b"" if problem else await read_whole(receive, LARGEST_BODY)
        except TooMuch:
            status, problem = 413, "The request is too large."
        if problem:
            await JSONResponse({"error": problem}, status)(scope, receive, send)
            return
        work = _Work(self._bot, self._jobs, body, asyncio.get_running_loop())
        thread = threading.Thread(target=work.run, name="factbot-call", daemon=True)
        self._running[thread] = work
        gone = asyncio.ensure_future(_disconnected(receive))
        gone.add_done_callback(lambda _: work.cancellation.stop())
        try:
            thread.start()
            await _send_lines(work, send)
        finally:
            work.cancellation.stop()
            gone.cancel()
            del self._running[thread]

    def stop(self) -> None:
        """Stop what is under way, after the pieces that it is at, and wait for that."""
        for thread, work in list(self._running.items()):
            work.stopped_because = STOPPED
            work.cancellation.stop()
            thread.join(LAST_WORK)

    def _refusal(self, scope: Scope) -> tuple[int, str]:
        """A status and a sentence for whoever may not call; no sentence for who may."""
        headers = Headers(scope=scope)
        here, peer = (scope.get(name) or ("", 0) for name in ("server", "client"))
        is_near = is_loopback(peer[0]) or peer[0] == here[0]
        names_here = (
            is_loopback(host_name(headers.get("host", ""))) or host_name(headers.get("host", "")) == here[0]
        )
        # A browser says from which page it comes, a proxy for whom: neither has business here.
        if not is_near or not names_here or "origin" in headers or "x-forwarded-for" in headers:
            return 403, "This is for commands on the machine that the app runs on."
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return 403, "The token is wrong."
        if scope["method"] != "POST":
            return 405, "Calls are POSTed."
        return 200, ""


class _Work:
    """One call, done in a thread of its own; `lines` are its events, and None when it is over."""

    def __init__(self, bot: FactBot, jobs: Jobs, body: bytes, loop: asyncio.AbstractEventLoop) -> None:
        self.cancellation = bot.cancellation()  # people who ask in the app go first
        self.stopped_because = CANCELLED
        self.jobs = jobs
        self.lines: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._bot = bot
        self._body = body
        self._loop = loop

    def run(self) -> None:
        try:
            result = self._call()
            if isinstance(result, Iterator):
                for item in result:
                    self._tell({"item": asdict(item)})
                result = None
            self.refuse_stopped()
            self._tell({"result": _plain(result)})
        except FactbotError as error:
            self._tell({"error": type(error).__name__, "text": str(error)})
        except Exception:
            log.exception("A call could not be done")
            self._tell({"error": "FactbotError", "text": OWN_ERROR})
        finally:
            self._tell(None)

    def _call(self) -> Any:
        try:
            request = json.loads(self._body)
            method = METHODS[request["method"]]
            arguments = signature(method).bind(self._bot, self, **request["arguments"])
            settings = dict(request["settings"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UsageError(UNKNOWN) from error
        ours = bearing(self._bot.settings)
        for name, theirs in settings.items():
            if theirs != ours.get(name):
                raise IndexLockedError(
                    f"The app that has the index open runs with `{name}` set to {ours.get(name)!r}, and you ask "
                    f"for {theirs!r}; stop the app, or start it with that."
                )
        return method(*arguments.args, **arguments.kwargs)

    @property
    def command(self) -> Command:
        return Command(self.cancellation, self._told)

    def sync(self) -> SyncReport | None:
        return self.result(self.jobs.sync(self.command))

    def rebuild(self) -> SyncReport | None:
        return self.result(self.jobs.rebuild(self.command))

    def result(self, job: Job) -> SyncReport | None:
        """What comes of a job, when it is over. Raises what it raised, and where it was stopped."""
        job.over.wait()
        if job.error:
            raise job.error
        self.refuse_stopped()
        return job.report

    def refuse_stopped(self) -> None:
        if self.cancellation.stopped:
            raise CorpusIndexError(self.stopped_because)

    def _told(self, event: SyncProgress | Article | Failure) -> None:
        self._tell({"progress" if isinstance(event, SyncProgress) else "item": asdict(event)})

    def until_stopped(self, events: Iterator[Any]) -> Iterator[Any]:
        return takewhile(lambda _: not self.cancellation.stopped, events)

    def last(self, events: Iterator[Any]) -> Any:
        """The last of the events, or None; whoever stopped them is told so."""
        *_, last = None, *self.until_stopped(events)
        return last

    def _tell(self, event: dict[str, Any] | None) -> None:
        with suppress(RuntimeError):  # the app is ending, and nobody listens any more
            self._loop.call_soon_threadsafe(self.lines.put_nowait, event)


METHODS: dict[str, Callable[..., Any]] = {
    "sync": lambda bot, work: work.sync(),
    "rebuild": lambda bot, work: work.rebuild(),
    "add_all": lambda bot, work, source: work.result(
        work.jobs.add(0, lambda cancellation: bot.add_all(source, cancellation), command=work.command)
    ),
    "remove": lambda bot, work, article_id: bot.remove(article_id),
    "restore": lambda bot, work, article_id: bot.restore(article_id),
    "articles": lambda bot, work: bot.articles(),
    "history": lambda bot, work, article_id: bot.history(article_id),
    "withdrawn": lambda bot, work: bot.withdrawn(),
    "doctor": lambda bot, work, fix: _doctor(bot, work, fix),
    "search": lambda bot, work, query, k: bot.search(query, k),
    "ask": lambda bot, work, question, history: bot.ask(question, history),
    "check": lambda bot, work, text: work.last(bot.stream_check(text)),
    "stream_check": lambda bot, work, text: work.until_stopped(bot.stream_check(text)),
}


def _doctor(bot: FactBot, work: _Work, fix: bool) -> list[Finding]:
    try:
        if fix:
            mend(bot, work.sync, work.rebuild)
    except FactbotError as error:
        return [Finding("index", False, str(error))]
    return inspect(bot)


def _plain(result: Any) -> Any:
    """Whole dataclasses: `to_dict` leaves out what only people are shown."""
    if isinstance(result, list):
        return [_plain(item) for item in result]
    return asdict(result) if is_dataclass(result) and not isinstance(result, type) else result


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_lines(work: _Work, send: Send) -> None:
    headers = [(b"content-type", b"application/x-ndjson"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    while True:
        try:
            event = await asyncio.wait_for(work.lines.get(), SIGN_OF_LIFE)
        except TimeoutError:
            line = b"\n"
        else:
            if event is None:
                break
            line = json.dumps(event).encode() + b"\n"
        chunk: Message = {"type": "http.response.body", "body": line, "more_body": True}
        await send(chunk)
    await send({"type": "http.response.body", "body": b"", "more_body": False})
