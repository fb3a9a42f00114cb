"""Which requests Gradio gets to see, and how its errors go out.

Gradio has many more routes than the page and programs use: a proxy, a code editor, streams, recordings. They are
closed, since a route that nobody uses is only one more to attack. Requests to an open route are checked first
where Gradio would fail with an error of its own.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factbot.text.normalise import single_spaced
from factbot.web.guard.access import API, ASKED, JOIN, UPLOAD
from factbot.web.wording import INTERNAL_ERROR

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["Routes", "methods"]

log = logging.getLogger(__name__)

FILE = r"\w[\w.@+~-]{0,199}"  # the name of one of Gradio's own files
ID = r"[^/]{1,200}"  # of an event or a session, which clients choose
DATA = f"{API}/queue/data"  # the only route that needs its query; others would name pages in it that do not exist
OPEN = {
    re.compile(path, re.ASCII): methods
    for path, methods in {
        "/": ("GET", "HEAD"),
        "/config/?": ("GET",),
        "/(theme.css|favicon.ico|robots.txt|manifest.json|pwa_icon)": ("GET",),
        f"/assets/{FILE}": ("GET",),
        f"/static/{FILE}(/{FILE}){{0,5}}": ("GET",),
        f"{API}/info/?": ("GET",),
        f"{API}/openapi.json": ("GET",),
        f"{API}/startup-events": ("GET",),
        f"{API}/heartbeat/{ID}": ("GET",),
        DATA: ("GET",),
        JOIN: ("POST",),
        f"{API}/call(/v2)?/{ID}/?": ("POST",),
        f"{API}/call(/v2)?/{ID}/{ID}": ("GET",),
        f"{API}/(cancel|reset/?)": ("POST",),
        f"{API}/component_server/?": ("POST",),
        UPLOAD: ("POST",),
    }.items()
}
CALL = re.compile(f"{API}/call/(?P<v2>v2/)?(?P<name>[^/]+)(/(?P<event>[^/]+))?/?")
HOST = re.compile(r"([\w.-]+|\[[\w:.]+\])(:\d+)?", re.ASCII)
HOSTS = ("host", "x-forwarded-host")  # from which Gradio makes the addresses that the page uses
UNTRUSTED = b"x-gradio-server"  # a whole address, which Gradio would prefer to them
MAX_SENTENCE = 300  # characters of an error of Gradio's that are passed on
NOTHING_HERE = "There is nothing at this address; /gradio_api/openapi.json describes what programs may call."
NO_EVENT_HERE = "The page has no event of this number; give one of /config as `fn_index`."
NO_HOST = "The request's Host or X-Forwarded-Host is not a valid host; send a name or an address."
NOT_CALLABLE = "There is no call of this name; /gradio_api/info names those that there are."
NO_ANSWER_HERE = "There is no such event, or its answer was fetched already; ask again."
NO_PART_HERE = "The page has no part of this number; load the page again."
NO_SESSION = "Give the session any name but an empty one as `session_hash`."
UNREADABLE_FORM = "The form cannot be read; send files as multipart/form-data, in fields named `files`."
NO_FORM = "Only files are sent as a form, to /gradio_api/upload; send JSON."
QUEUE_FULL = "Too many questions are waiting; come again in a minute."
Problem = tuple[int, str]  # a status and a sentence


def methods(path: str) -> tuple[str, ...]:
    """The HTTP methods of `path`; empty where it is closed, or does not exist."""
    return tuple(method for pattern, each in OPEN.items() if pattern.fullmatch(path) for method in each)


class Routes:
    """ASGI middleware: lets Gradio's `app` answer what it can, and says what is wrong with everything else.

    Every error is JSON of one sentence, {"error": ...}, without details that only concern whoever runs the app.
    """

    def __init__(self, app: ASGIApp, page: gr.Blocks) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        allowed = methods(scope["path"])
        if not allowed:
            await _error(404, NOTHING_HERE)(scope, receive, send)
        elif scope["method"] not in allowed:
            response = _error(405, f"This address takes {' and '.join(allowed)} only.")
            response.headers["Allow"] = ", ".join(allowed)
            await response(scope, receive, send)
        elif problem := self._problem(scope):
            await _error(*problem)(scope, receive, send)
        else:
            query = scope["query_string"] if scope["path"] == DATA else b""
            headers = [each for each in scope["headers"] if each[0] != UNTRUSTED]
            await self._answered({**scope, "query_string": query, "headers": headers}, receive, send)

    # -- what is asked ------------------------------------------------------------------------------

    def _problem(self, scope: Scope) -> Problem | None:
        """What is wrong with a request that Gradio would fail over; None for a request that it can answer."""
        path, asked, headers = scope["path"].rstrip("/"), scope.get(ASKED), Headers(scope=scope)
        if not all(_is_host(headers.get(name, "")) for name in HOSTS):
            return 400, NO_HOST
        if isinstance(asked, dict) and asked.get("session_hash") == "":
            return 400, NO_SESSION
        if path == JOIN:
            return self._problem_of_event(asked)
        if path == f"{API}/component_server":
            return self._problem_of_part(asked, headers)
        if call := CALL.fullmatch(path):
            if scope["method"] == "GET":
                return None if self._is_known(call["event"]) else (404, NO_ANSWER_HERE)
            return self._problem_of_call(call["name"], asked, is_by_name=bool(call["v2"]))
        return None

    def _problem_of_event(self, asked: Any) -> Problem | None:
        number = asked.get("fn_index") if isinstance(asked, dict) else None
        if type(number) is not int:
            return 400, "Give the number of an event as `fn_index`."
        return None if number in self._page.fns else (404, NO_EVENT_HERE)

    def _problem_of_part(self, asked: Any, headers: Headers) -> Problem | None:
        if headers.get("content-type", "").lower().startswith("multipart/"):
            return 415, NO_FORM
        number = asked.get("component_id") if isinstance(asked, dict) else None
        if type(number) is not int:
            return 400, "Give the number of a part of the page as `component_id`."
        return None if number in self._page.blocks else (404, NO_PART_HERE)

    def _problem_of_call(self, name: str, asked: Any, *, is_by_name: bool) -> Problem | None:
        parameters = self._calls.get(name)
        if parameters is None:
            return 404, NOT_CALLABLE
        if not is_by_name or not isinstance(asked, dict):
            return None
        needed = [parameter for parameter, has_default in parameters.items() if not has_default]
        if not set(needed) <= set(asked) <= set(parameters):
            return 422, f"This call takes {_listed(parameters)}, of which {_listed(needed)} must be given."
        return None

    @cached_property
    def _calls(self) -> dict[str, dict[str, bool]]:
        """The parameters of every call that programs may make, and whether each may be left out."""
        return {
            name.removeprefix("/"): {
                each["parameter_name"]: each["parameter_has_default"] for each in endpoint["parameters"]
            }
            for name, endpoint in self._page.get_api_info()["named_endpoints"].items()
        }

    def _is_known(self, event: str) -> bool:
        """Whether the answer to an event is still to be fetched."""
        queue = self._page._queue
        return event in queue.event_ids_to_events or any(
            event in events for events in queue.pending_event_ids_session.values()
        )

    # -- what is answered ---------------------------------------------------------------------------

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Gradio answer. Its errors are put in our words; an unexpected one is logged."""
        status = 0
        is_stream = is_over = False
        error_body = b""

        async def sent(message: Message) -> None:
            nonlocal status, is_stream, is_over, error_body
            if message["type"] == "http.response.start":
                status = message["status"]
                is_stream = Headers(raw=message["headers"]).get("content-type", "").startswith("text/event-stream")
            elif status >= 400:
                error_body += message.get("body", b"")
            is_over = message["type"] == "http.response.body" and not message.get("more_body", False)
            if status < 400:
                await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            if status and status < 400:
                # An event of a session that is gone ends like this, after the stream has said so.
                log.warning("The answer to %r broke off: %r", scope["path"], error)
                if is_stream and not is_over:
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            # An OSError is not the form's fault.
            if scope["path"] == UPLOAD and not isinstance(error, OSError):
                log.warning("An upload could not be read: %r", error)
                await _error(400, UNREADABLE_FORM)(scope, receive, send)
                return
            log.error("A request to %r failed", scope["path"], exc_info=error)
            status = 500
        if status >= 400:
            await _error(status, _sentence(status, error_body))(scope, receive, send)


def _is_host(sent: str) -> bool:
    """Whether the first value of a header names a host, or the header is empty."""
    first = sent.partition(",")[0].strip()
    if not HOST.fullmatch(first):
        return not sent
    try:
        httpx.URL(f"http://{first}")  # as Gradio does
    except httpx.InvalidURL:
        return False
    return True


def _sentence(status: int, body: bytes) -> str:
    """An error of Gradio's in one sentence; where it is not the client's fault, nothing of what Gradio says."""
    if status >= 500:
        return QUEUE_FULL if status == 503 else INTERNAL_ERROR
    try:
        detail = json.loads(body)["detail"]
    except (ValueError, KeyError, TypeError):
        detail = body.decode("utf-8", "replace")
    if isinstance(detail, list) and detail and isinstance(first := detail[0], dict):
        place = ".".join(str(part) for part in first.get("loc", ()))
        detail = f"The request is not right at {place}: {first.get('msg', 'it cannot be read')}"
    text = single_spaced(str(detail))[:MAX_SENTENCE].rstrip(".")
    return f"{text or 'The request cannot be answered'}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


def _error(status: int, problem: str) -> JSONResponse:
    return JSONResponse({"error": problem}, status, {"Cache-Control": "no-store"})
