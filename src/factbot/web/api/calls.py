"""Calls of the bot's methods by commands beside the running app: `POST /factbot/call`.

Only the same user of the same machine may call: the token is in the index folder, where only this user can read
it. Which methods there are is in `methods.py`; `client.py` is the other end, and says what goes over the wire.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from itertools import takewhile
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factbot.bot import FactBot
from factbot.doctor.findings import Finding, inspect, repair
from factbot.errors import CorpusIndexError, FactbotError, IndexLockedError, UsageError
from factbot.results import Article, Change, Failure, Report, Stage, SyncProgress, SyncReport
from factbot.web.api.methods import METHODS, PATH, PROGRESS, settings_for_results
from factbot.web.guard.access import host_name, is_loopback
from factbot.web.guard.limits import MAX_CALL_SIZE, TooMuch, read_whole
from factbot.web.jobs import Command, Job, Jobs
from factbot.web.wording import INTERNAL_ERROR

__all__ = ["MethodCalls"]

KEEP_ALIVE = 10.0  # seconds without an event, after which an empty line says that the work goes on
STOPPING = 10.0  # seconds that running calls have to stop when the app stops
STOPPED = "The running app was stopped before this was done; what was done is kept, so try again."
CANCELLED = "This was cancelled in the running app; what was done is kept, so try again."
UNKNOWN = "The running app does not know this call; run it and the command with the same version of factbot."

log = logging.getLogger(__name__)


class MethodCalls:
    """ASGI middleware: answers calls of the bot's methods, and passes everything else on to `app`.

    Long work is done as one of the `jobs`, which the page shows.
    """

    def __init__(self, app: ASGIApp, bot: FactBot, jobs: Jobs, token: str) -> None:
        self._app = app
        self._bot = bot
        self._jobs = jobs
        self._token = token
        self._running: dict[threading.Thread, _Call] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        status, problem = self._refusal(scope)
        body = b""
        try:
            body = b"" if problem else await read_whole(receive, MAX_CALL_SIZE)
        except TooMuch:
            status, problem = 413, "The request is too large."
        if problem:
            await JSONResponse({"error": problem}, status)(scope, receive, send)
            return
        call = _Call(self._bot, self._jobs, body, asyncio.get_running_loop())
        thread = threading.Thread(target=call.run, name="factbot-call", daemon=True)
        self._running[thread] = call
        gone = asyncio.ensure_future(_disconnected(receive))
        gone.add_done_callback(lambda _: call.cancellation.stop())
        try:
            thread.start()
            await _send_lines(call, send)
        finally:
            call.cancellation.stop()
            gone.cancel()
            del self._running[thread]

    def stop(self) -> None:
        """Stop the running calls after their current pieces of work, and wait for that."""
        for thread, call in list(self._running.items()):
            call.stopped_because = STOPPED
            call.cancellation.stop()
            thread.join(STOPPING)

    def _refusal(self, scope: Scope) -> tuple[int, str]:
        """A status and a sentence for a client that may not call; no sentence for one that may."""
        headers = Headers(scope=scope)
        here, peer = (scope.get(name) or ("", 0) for name in ("server", "client"))
        is_near = is_loopback(peer[0]) or peer[0] == here[0]
        names_here = (
            is_loopback(host_name(headers.get("host", ""))) or host_name(headers.get("host", "")) == here[0]
        )
        # A browser sends the page that it comes from, a proxy whom it asks for: neither may call.
        if not is_near or not names_here or "origin" in headers or "x-forwarded-for" in headers:
            return 403, "This is for commands on the machine that the app runs on."
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return 403, "The token is wrong."
        if scope["method"] != "POST":
            return 405, "Calls are POSTed."
        return 200, ""


class _Call:
    """One call, done in a thread of its own; `lines` are its events, and None when it is over."""

    def __init__(self, bot: FactBot, jobs: Jobs, body: bytes, loop: asyncio.AbstractEventLoop) -> None:
        self.cancellation = bot.cancellation()  # people who ask in the app go first
        self.stopped_because = CANCELLED
        self.lines: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._bot = bot
        self._jobs = jobs
        self._body = body
        self._loop = loop

    def run(self) -> None:
        try:
            result = self._result()
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
            self._tell({"error": "FactbotError", "text": INTERNAL_ERROR})
        finally:
            self._tell(None)

    def _result(self) -> Any:
        """What the method that is called returns. Raises UsageError for a call that is none of METHODS."""
        try:
            request = json.loads(self._body)
            name, given = request["method"], dict(request["arguments"])
            if PROGRESS in given:
                raise UsageError(UNKNOWN)
            arguments = METHODS[name].bind(**given)
            settings = dict(request["settings"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UsageError(UNKNOWN) from error
        ours = settings_for_results(self._bot.settings)
        for setting, theirs in settings.items():
            if theirs != ours.get(setting):
                raise IndexLockedError(
                    f"The app that has the index open runs with `{setting}` set to {ours.get(setting)!r}, and you "
                    f"ask for {theirs!r}; stop the app, or start it with that."
                )
        own = _MethodsOfApp(self._bot, self._jobs, self)
        method = getattr(own, name, None) or getattr(self._bot, name)
        return method(*arguments.args, **arguments.kwargs)

    def refuse_stopped(self) -> None:
        """Raises CorpusIndexError where the call was stopped."""
        if self.cancellation.stopped:
            raise CorpusIndexError(self.stopped_because)

    def tell(self, event: SyncProgress | Article | Failure) -> None:
        """Send how far a job is, or what came of an article."""
        self._tell({"progress" if isinstance(event, SyncProgress) else "item": asdict(event)})

    def _tell(self, event: dict[str, Any] | None) -> None:
        with suppress(RuntimeError):  # the event loop of an app that is ending
            self._loop.call_soon_threadsafe(self.lines.put_nowait, event)


class _MethodsOfApp:
    """Those of METHODS that the app does in another way than its bot: long work takes its turn among the jobs, and
    what nobody waits for any more is stopped."""

    def __init__(self, bot: FactBot, jobs: Jobs, call: _Call) -> None:
        self._bot = bot
        self._jobs = jobs
        self._call = call
        self._command = Command(call.cancellation, call.tell)

    def sync(self) -> SyncReport | None:
        return self._report(self._jobs.sync(self._command))

    def rebuild(self) -> SyncReport | None:
        return self._report(self._jobs.rebuild(self._command))

    def add_all(self, given: str) -> None:
        """Its articles and failures are sent by the job, one by one."""
        self._report(
            self._jobs.add(0, lambda cancellation: self._bot.add_all(given, cancellation), command=self._command)
        )

    def check(self, text: str, keep: bool = False) -> Report | None:
        *_, last = None, *self.stream_check(text, keep)
        return last if isinstance(last, Report) else None

    def stream_check(self, text: str, keep: bool = False) -> Iterator[Stage | Report]:
        return self._while_asked(self._bot.stream_check(text, keep=keep))

    def resume_check(self, check_id: str) -> Report | None:
        *_, last = None, *self._while_asked(self._bot.desk.run(check_id))
        return last if isinstance(last, Report) else None

    def recheck(self, ids: list[str] | None) -> list[Change]:
        return self._bot.recheck(ids, self._call.cancellation)

    def doctor(self, fix: bool) -> list[Finding]:
        try:
            if fix:
                repair(self._bot, self.sync, self.rebuild)
        except FactbotError as error:
            return [Finding("index", False, str(error))]
        return inspect(self._bot)

    def _while_asked(self, events: Iterator[Stage | Report]) -> Iterator[Stage | Report]:
        return takewhile(lambda _: not self._call.cancellation.stopped, events)

    def _report(self, job: Job) -> SyncReport | None:
        """What comes of a job, when it is over. Raises what it raised, and where the call was stopped."""
        job.finished.wait()
        if job.error:
            raise job.error
        self._call.refuse_stopped()
        return job.report


def _plain(result: Any) -> Any:
    """A result as JSON values, whole: `to_dict` would leave out what only people are shown."""
    if isinstance(result, list):
        return [_plain(item) for item in result]
    return asdict(result) if is_dataclass(result) and not isinstance(result, type) else result


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_lines(call: _Call, send: Send) -> None:
    headers = [(b"content-type", b"application/x-ndjson"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    while True:
        try:
            event = await asyncio.wait_for(call.lines.get(), KEEP_ALIVE)
        except TimeoutError:
            line = b"\n"
        else:
            if event is None:
                break
            line = json.dumps(event).encode() + b"\n"
        chunk: Message = {"type": "http.response.body", "body": line, "more_body": True}
        await send(chunk)
    await send({"type": "http.response.body", "body": b"", "more_body": False})
