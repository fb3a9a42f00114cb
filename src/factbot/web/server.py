"""Where the chat is served, and what stands in front of it."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import as_file, files
from pathlib import Path

# Gradio must neither report anything nor look for news of itself; and where there is a matplotlib, it asks it
# for its backend at the first event, which takes seconds of loading unless the answer is known.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("MPLBACKEND", "agg")

import gradio as gr
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factbot.bot import FactBot
from factbot.errors import UsageError
from factbot.index.location import take_requests
from factbot.web.api.calls import Calls
from factbot.web.auth.users import Users
from factbot.web.chat.page import LONGEST_LINE, build
from factbot.web.guard.access import CLIENT, Access, is_loopback
from factbot.web.guard.limits import LARGEST_FILE
from factbot.web.guard.routes import Routes
from factbot.web.jobs import Jobs
from factbot.web.preparation import Preparation

__all__ = ["serve", "start"]

LONGEST_QUEUE = 64  # events that may wait; a further one is told to come again
THREADS = 2 * LONGEST_LINE  # those who wait in line each keep one
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
HEADERS = {
    # Gradio needs inline and evaluated scripts; nothing may be fetched from, or sent to, another host.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; form-action 'none'; base-uri 'self'; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def serve(bot: FactBot, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False) -> None:
    """Show the chat at http://host:port until interrupted.

    Raises UsageError where the port is taken, this machine does not have the host, or the file of users is bad.
    """
    _show_costs()
    page, calls = _start(bot, host, port, open_browser)
    print(f"The chat is at {page.local_url} (stop it with Ctrl-C)", flush=True)
    if not is_loopback(host) and bot.settings.sign_in == Path():
        print(
            f"factbot: whoever can reach {host} may ask, read and change your articles; let people sign in by the "
            "setting `sign_in`, or serve on this machine alone.",
            file=sys.stderr,
            flush=True,
        )
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        take_requests(bot.settings.index, "", "")
        calls.stop()
        page.close(verbose=False)


def _show_costs() -> None:
    """Let what a language model's calls cost, and why they fail, be seen on standard error, in a line each."""
    log = logging.getLogger("factbot.llm")
    if log.hasHandlers():
        return  # whoever runs the app from their own code shows logs as they like
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("factbot: language model: %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)


def start(bot: FactBot, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False) -> gr.Blocks:
    """Start serving and return at once: models load and the index is synced while the page is up.

    `port` 0 takes any free one; the page's `local_url` says which. Raises UsageError like `serve`.
    """
    return _start(bot, host, port, open_browser)[0]


def _start(bot: FactBot, host: str, port: int, open_browser: bool) -> tuple[gr.Blocks, Calls]:
    port = _claim(host, port)
    users = None if bot.settings.sign_in == Path() else Users(bot.settings.sign_in)
    preparation = Preparation(bot)
    page = build(bot, preparation)
    page.queue(max_size=LONGEST_QUEUE, api_open=False)  # nobody skips the queue
    door = _Door(page, bot, preparation.jobs, host, users)
    assets = files("factbot.web") / "static"
    with as_file(assets / "favicon.svg") as favicon:
        page.launch(
            server_name=host,
            server_port=port,
            inbrowser=open_browser,
            favicon_path=favicon,
            theme=gr.themes.Base(font=list(SYSTEM_FONTS), font_mono=["ui-monospace", "monospace"]),
            app_kwargs={
                "middleware": [Middleware(_Dress, style=(assets / "style.css").read_bytes())],
                "lifespan": door.hung,
                "docs_url": None,
                "redoc_url": None,
            },
            max_file_size=LARGEST_FILE,
            max_threads=THREADS,
            allowed_paths=[],
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            share=False,
            mcp_server=False,
            ssr_mode=False,
            pwa=False,
            prevent_thread_lock=True,
            quiet=True,
        )
    door.access.is_starting = False
    take_requests(bot.settings.index, page.local_url, door.token)
    preparation.start()
    return page, door.calls


class _Door:
    """What a request comes through before it reaches Gradio, outermost first: headers, calls, access, routes."""

    def __init__(self, page: gr.Blocks, bot: FactBot, jobs: Jobs, host: str, users: Users | None) -> None:
        self._page = page
        self.token = secrets.token_urlsafe(32)
        self.access = Access(Routes(self._gradio, page), host, users, self._is_question, self._waiting)
        self.calls = Calls(self.access, bot, jobs, self.token)

    @asynccontextmanager
    async def hung(self, app: Starlette) -> AsyncIterator[None]:
        """Hang the door when the app starts, before its first request.

        Middleware that is handed to Gradio stands behind its own, which answers some requests, and behind
        Starlette's, which answers errors.
        """
        assert app.middleware_stack
        self._inside = app.middleware_stack
        app.middleware_stack = self
        yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.calls(scope, receive, dressed)

    async def _gradio(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gradio's own middleware and routes, which are there only when the app starts."""
        await self._inside(scope, receive, send)

    def _is_question(self, number: int) -> bool:
        event = self._page.fns.get(number)
        return event is None or event.concurrency_id == "ask"

    def _waiting(self, client: str) -> int:
        """How many questions of a client wait in Gradio's queue or are being answered."""
        queue = self._page._queue
        waiting = [event for line in queue.event_queue_per_concurrency_id.values() for event in line.queue]
        running = [event for job in queue.active_jobs for event in job or ()]
        asked = {event._id: event for event in (*waiting, *running) if event.concurrency_id == "ask"}
        return sum(event.request.scope.get(CLIENT) == client for event in asked.values())


def _claim(host: str, port: int) -> int:
    """Find out by binding whether the address can be had. Raises UsageError where it cannot."""
    if not 0 <= port <= 65535:
        raise UsageError(f"There is no port {port}; choose one from 1 to 65535 with --port.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"Port {port} is taken; choose another with --port.") from error
        if error.errno == errno.EACCES:
            raise UsageError(f"Port {port} is not yours to use; choose one above 1023 with --port.") from error
        raise UsageError(f"The chat cannot be served at {host!r}; name this machine with --host.") from error


class _Dress:
    """ASGI middleware: the page in its style from the start.

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

        async def dressed(message: Message) -> None:
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

        await self._app(scope, receive, dressed)
