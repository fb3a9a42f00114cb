"""Who may do what: one ASGI middleware in front of every route of the app.

Without sign-in, everybody who reaches the page is an editor. With it, a request needs a user, by cookie or HTTP
Basic. Without one, a browser is sent to the page to sign in, and any other request is refused. A reader may ask,
check and look; only an editor may change the corpus. The page's events find out with `role(request)`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from factbot.web.auth.sign_in import SIGN_IN, SIGN_OUT, SignIn, TooManyTries
from factbot.web.auth.users import Role, Users
from factbot.web.guard.limits import (
    EVENTS_A_MINUTE,
    MAX_BODY_SIZE,
    MAX_DEPTH,
    MAX_UPLOAD_SIZE,
    MAX_WAITING,
    QUESTIONS_A_MINUTE,
    UPLOADS_A_MINUTE,
    NoJson,
    Rate,
    TooMuch,
    given,
    plain_json,
    read_whole,
    within,
)
from factbot.web.wording import EDITORS_ONLY

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["API", "ASKED", "CLIENT", "JOIN", "UPLOAD", "Access", "host_name", "is_loopback", "role"]

ROLE, CLIENT = "factbot.role", "factbot.client"  # in the ASGI scope of every request that is let through
ASKED = "factbot.asked"  # in the scope too: the JSON of a request to the API
API = "/gradio_api"
UPLOAD, JOIN = f"{API}/upload", f"{API}/queue/join"
EVENTS = (JOIN, f"{API}/call/", f"{API}/run/", f"{API}/api/")
UNREADABLE = (
    f"The request is no JSON; send one value in UTF-8, without NaN, at most {MAX_DEPTH} lists or objects deep."
)


def role(request: gr.Request | None) -> Role:
    """The role of the person behind an event of the page: "reader", or "editor", who may change the corpus too.

    Where nobody has to sign in, everybody is an editor. An event gets the request by a parameter
    `request: gr.Request`.
    """
    found: Role = request.request.scope.get(ROLE, "editor") if request and request.request else "editor"
    return found


class Access:
    """Lets requests through to `app`, with their ROLE and CLIENT in the scope, or answers them itself.

    `host` is what the app listens on. `is_question` says of an event of the page, by its number, whether it is a
    question or a text to check. `waiting` says how many of those a client has in the queue.
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        users: Users | None,
        is_question: Callable[[int], bool],
        waiting: Callable[[str], int],
    ) -> None:
        self._app = app
        self._is_local = is_loopback(host)
        self._sign_in = SignIn(users) if users else None
        self._is_question = is_question
        self._waiting = waiting
        self._questions = Rate(QUESTIONS_A_MINUTE)
        self._events = Rate(EVENTS_A_MINUTE)
        self._uploads = Rate(UPLOADS_A_MINUTE)
        self.is_starting = True  # then Gradio sends requests to itself, without signing in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing of the app uses them
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            try:
                response = await self._answer(scope, receive, send)
            except TooMuch:
                response = _refusal(413, "The request is too large; send less at a time.")
            if response:
                await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> Response | None:
        """Pass the request on to the app, and return None; or the answer to it."""
        headers = Headers(scope=scope)
        if problem := self._wrong_origin(headers):
            return _refusal(403, problem)
        scope[CLIENT] = client = _client(scope)
        scope[ROLE] = "editor"
        is_startup = self.is_starting and scope["path"] == "/gradio_api/startup-events"
        if self._sign_in and not is_startup:
            if scope["path"] in (SIGN_IN, SIGN_OUT):
                return await self._sign_in.answer(scope, receive, client)
            try:
                user = await self._sign_in.user(scope, client)
            except TooManyTries:
                return _refusal(429, "Too many tries to sign in; wait a minute and try again.")
            if user is None:
                return _unknown(scope, headers)
            scope[ROLE] = user.role
            scope[CLIENT] = f"user {user.name}"
        return await self._passed_on(scope, receive, send, headers)

    async def _passed_on(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> Response | None:
        path, is_post = scope["path"].rstrip("/"), scope["method"] == "POST"
        is_form = headers.get("content-type", "").lower().startswith("multipart/")
        is_upload = path == UPLOAD
        if scope[ROLE] != "editor" and (is_upload or is_form):
            return _refusal(403, EDITORS_ONLY)
        limit = MAX_UPLOAD_SIZE if is_upload else MAX_BODY_SIZE
        if _length(headers) > limit:
            raise TooMuch
        is_counted = self._sign_in is not None or not is_loopback(scope[CLIENT])
        if is_post and is_upload and is_counted and not self._uploads.take(scope[CLIENT]):
            return _refusal(429, "Too many uploads; wait a minute and go on.")
        is_event = path.startswith(EVENTS)
        if is_post and not is_upload and path.startswith(f"{API}/") and (is_event or not is_form):
            body = await read_whole(receive, limit)
            asked, is_read = None, True
            try:
                asked, body = plain_json(body) if body else (None, body)
            except NoJson:
                is_read = False
            if is_counted and is_event and (problem := self._too_many(scope[CLIENT], path, asked)):
                return _refusal(429, problem)
            if not is_read:
                return _refusal(400, UNREADABLE)
            scope[ASKED] = asked
            receive = given(body, receive)
        await within(limit, self._app, scope, receive, send)
        return None

    def _wrong_origin(self, headers: Headers) -> str:
        """What is wrong with the host that a request names, or with the page it comes from; "" for nothing."""
        host = headers.get("host", "")
        if self._is_local and not is_loopback(host_name(host)):  # an attacker's name that leads here
            return "This page answers at localhost only; open it at the address that `factbot serve` shows."
        site = (
            headers.get("origin", "").lower().partition("://")[2]
        )  # "" of a page that has none, whose origin is "null"
        if "origin" in headers and (
            not site or site not in (host.lower(), headers.get("x-forwarded-host", "").lower())
        ):
            return "This page answers no requests of other pages."
        return ""

    def _too_many(self, client: str, path: str, asked: Any) -> str:
        """A sentence for a client that asks too much; "" for one that does not."""
        if not self._is_asking(path, asked):
            return "" if self._events.take(client) else "Too many clicks at once; wait a minute and go on."
        if self._waiting(client) >= MAX_WAITING:
            return f"{MAX_WAITING} of your questions are waiting already; wait for their answers."
        if not self._questions.take(client):
            return f"More than {QUESTIONS_A_MINUTE} questions in a minute; wait a moment and go on."
        return ""

    def _is_asking(self, path: str, asked: Any) -> bool:
        """Whether an event is a question; where that cannot be told, it counts as one."""
        number = asked.get("fn_index") if isinstance(asked, dict) and path == JOIN else None
        return not isinstance(number, int) or self._is_question(number)


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine and nothing that another could reach."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_name(host: str) -> str:
    """A Host header without its port: "[::1]:7860" is "::1"."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _client(scope: Scope) -> str:
    """The address a request comes from; of IPv6 the /64 network, which belongs to one person or house."""
    host = str((scope.get("client") or ("unknown",))[0])
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6 and not address.is_loopback:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def _length(headers: Headers) -> int:
    try:
        return int(headers.get("content-length", "0"))
    except ValueError:
        return 0


def _unknown(scope: Scope, headers: Headers) -> Response:
    """The answer to somebody who has to sign in first. A browser must not open its own window for a password."""
    if scope["path"] == "/" and scope["method"] in ("GET", "HEAD"):
        return RedirectResponse(SIGN_IN, 303, {"Cache-Control": "no-store"})
    response = _refusal(401, "Sign in first.")
    if "sec-fetch-mode" not in headers:
        response.headers["WWW-Authenticate"] = 'Basic realm="factbot", charset="UTF-8"'
    return response


def _refusal(status: int, problem: str) -> Response:
    return JSONResponse({"error": problem}, status, {"Cache-Control": "no-store"})
