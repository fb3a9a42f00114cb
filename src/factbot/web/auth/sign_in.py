"""Signing in and out: a plain page with a form, a signed cookie, and HTTP Basic for programs."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import parse_qs

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope

from factbot.web.auth.users import User, Users
from factbot.web.guard.limits import Rate, TooMuch, read_whole
from factbot.web.rendering import render

__all__ = ["SIGN_IN", "SIGN_OUT", "SignIn", "TooManyTries"]

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
COOKIE = "factbot-session"
SESSION_LENGTH = 7 * 24 * 3600  # seconds
TRIES = 5  # that may fail in a minute, for each client and name
TRIES_OF_ALL = 30  # the same for each client, over all names
HASHED_AT_ONCE = 2  # hashing takes memory and time, which people who ask need too
MAX_FORM_SIZE = 20_000  # bytes
NAME_SHOWN = 100  # characters of a name that was wrong
REMEMBERED = 1_000  # passwords of programs, which need not be hashed again at every request
WRONG = "Name or password is wrong."
WAIT = "Too many tries; wait a minute and try again."
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # with "no-referrer", a browser would not send a form's Origin either
    "Cache-Control": "no-store",
}


class TooManyTries(Exception):
    """A name was tried too often, whether or not the password is right this time."""


class SignIn:
    """Who a request comes from, and the pages to sign in and out. Raises UsageError like Users."""

    def __init__(self, users: Users) -> None:
        self._users = users
        self._secret = users.secret()
        self._ended: dict[str, float] = {}  # sessions that were signed out, and when they would have ended
        self._known: dict[bytes, None] = {}  # right passwords of programs, as keyed hashes
        self._failed = Rate(TRIES)
        self._failed_of_all = Rate(TRIES_OF_ALL)
        self._hashing = anyio.CapacityLimiter(HASHED_AT_ONCE)

    async def user(self, scope: Scope, client: str) -> User | None:
        """Who sends the request, by cookie or HTTP Basic. Raises TooManyTries."""
        request = Request(scope)
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return self._of_session(request.cookies.get(COOKIE, ""))
        try:
            name, _, password = b64decode(given, validate=True).decode().partition(":")
        except ValueError:
            return None
        user = self._users.find(name)
        seen = self._digest("basic", name, password, user.hash if user else "")
        if user and seen in self._known:
            return user
        user = await self._verified(name, password, client)
        if user:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[seen] = None
        return user

    async def answer(self, scope: Scope, receive: Receive, client: str) -> Response:
        """The pages SIGN_IN and SIGN_OUT, and what their forms send."""
        request = Request(scope)
        is_sent = scope["method"] == "POST"
        session = request.cookies.get(COOKIE, "")
        user = self._of_session(session)
        if scope["path"] == SIGN_OUT:
            if is_sent:
                self._end(session)
                response: Response = RedirectResponse(SIGN_IN, 303)
                response.delete_cookie(COOKIE)
                return response
            return _page("auth/sign_out.html", name=user.name) if user else RedirectResponse(SIGN_IN, 303)
        if not is_sent:
            return RedirectResponse("/", 303) if user else _form()
        try:
            body = await read_whole(receive, MAX_FORM_SIZE)
        except TooMuch:
            return _form(WRONG, status=413)
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        name, password = (form.get(field, [""])[0] for field in ("name", "password"))
        try:
            user = await self._verified(name, password, client)
        except TooManyTries:
            return _form(WAIT, name, 429)
        if user is None:
            return _form(WRONG, name, 401)
        response = RedirectResponse("/", 303)
        response.set_cookie(
            COOKIE,
            self._begin(user),
            max_age=SESSION_LENGTH,
            httponly=True,
            samesite="lax",
            secure=scope["scheme"] == "https",
        )
        return response

    async def _verified(self, name: str, password: str, client: str) -> User | None:
        key = hashlib.sha256(f"{client}\0{name}".encode("utf-8", "surrogatepass")).hexdigest()
        if not self._failed.take(key):
            raise TooManyTries
        if not self._failed_of_all.take(client):
            self._failed.give_back(key)
            raise TooManyTries
        user = await anyio.to_thread.run_sync(self._users.verified, name, password, limiter=self._hashing)
        if user:
            self._failed.give_back(key)
            self._failed_of_all.give_back(client)
        return user

    # -- sessions ---------------------------------------------------------------------------------

    def _begin(self, user: User) -> str:
        claims = {"name": user.name, "until": int(time.time()) + SESSION_LENGTH, "id": secrets.token_hex(8)}
        payload = urlsafe_b64encode(json.dumps(claims).encode()).decode()
        return f"{payload}.{self._signature(payload, user)}"

    def _of_session(self, session: str) -> User | None:
        payload, _, signature = session.partition(".")
        try:
            claims = json.loads(urlsafe_b64decode(payload))
            name, until = str(claims["name"]), float(claims["until"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        user = self._users.find(name)
        if user is None or not hmac.compare_digest(signature.encode(), self._signature(payload, user).encode()):
            return None
        return user if time.time() < until and signature not in self._ended else None

    def _end(self, session: str) -> None:
        if self._of_session(session):
            now = time.time()
            self._ended = {known: until for known, until in self._ended.items() if until > now}
            self._ended[session.partition(".")[2]] = now + SESSION_LENGTH

    def _signature(self, payload: str, user: User) -> str:
        """Made with the password's hash, so that a new password ends all sessions."""
        return self._digest("session", payload, user.hash).hex()

    def _digest(self, *parts: str) -> bytes:
        text = json.dumps(parts)  # so that ("ab", "c") and ("a", "bc") differ
        return hmac.new(self._secret, text.encode(), hashlib.sha256).digest()


def _form(problem: str = "", name: str = "", status: int = 200) -> Response:
    return _page("auth/sign_in.html", status, problem=problem, name=name[:NAME_SHOWN])


def _page(template: str, status: int = 200, **values: str) -> Response:
    return HTMLResponse(render(template, **values), status, HEADERS)
