"""What a request comes through before it reaches Gradio, and the page's style, put in on the way back."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factbot.bot import FactBot
from factbot.web.api.calls import MethodCalls
from factbot.web.auth.users import Users
from factbot.web.guard.access import CLIENT, Access
from factbot.web.guard.routes import Routes
from factbot.web.jobs import Jobs

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["HEADERS", "InlineStyle", "RequestMiddleware"]

HEADERS = {
    # Gradio needs inline and evaluated scripts; nothing may be fetched from, or sent to, another host.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; form-action 'none'; base-uri 'self'; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class RequestMiddleware:
    """ASGI middleware around the whole of Gradio's app. From outside in: security headers, calls of the bot's
    methods, access, routes.

    `token` is what commands beside the app have to send with their calls.
    """

    def __init__(self, page: gr.Blocks, bot: FactBot, jobs: Jobs, host: str, users: Users | None) -> None:
        self._page = page
        self.token = secrets.token_urlsafe(32)
        self.access = Access(Routes(self._gradio, page), host, users, self._is_question, self._waiting)
        self.calls = MethodCalls(self.access, bot, jobs, self.token)

    @asynccontextmanager
    async def installed(self, app: Starlette) -> AsyncIterator[None]:
        """The app's lifespan: put this around it when it starts, before its first request.

        Middleware that is handed to Gradio comes after its own, which answers some requests, and after
        Starlette's, which answers errors.
        """
        assert app.middleware_stack
        self._inside = app.middleware_stack
        app.middleware_stack = self
        yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.calls(scope, receive, send_with_headers)

    async def _gradio(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gradio's own middleware and routes, which are there only when the app starts."""
        await self._inside(scope, receive, send)

    def _is_question(self, number: int) -> bool:
        event = self._page.fns.get(number)
        return event is None or event.concurrency_id == "ask"

    def _waiting(self, client: str) -> int:
        """How many questions of a client wait in Gradio's queue or are being answered."""
        queue = self._page._queue
        waiting = [event for part in queue.event_queue_per_concurrency_id.values() for event in part.queue]
        running = [event for job in queue.active_jobs for event in job or ()]
        asked = {event._id: event for event in (*waiting, *running) if event.concurrency_id == "ask"}
        return sum(event.request.scope.get(CLIENT) == client for event in asked.values())


class InlineStyle:
    """ASGI middleware: puts the page's style into its head, so that the page has it from the start.

    Gradio would add a style only when its scripts have loaded, and show an empty page until then.
    """

    def __init__(self, app: ASGIApp, style: bytes) -> None:
        self._app = app
        self._style = b"<style>" + style + b"</style></head>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        start: Message = {}

        async def send_with_style(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return  # it states the length of the body, which is to grow
            if start:
                body = message["body"].replace(b"</head>", self._style, 1)
                headers = MutableHeaders(scope=start)
                headers["content-length"] = str(len(body))
                await send(start)
                start, message = {}, {**message, "body": body}
            await send(message)

        await self._app(scope, receive, send_with_style)
