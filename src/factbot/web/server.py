"""Where the chat is served, within which limits and with which headers."""

from __future__ import annotations

import errno
import os
import socket
import threading
from importlib.resources import as_file, files

# Gradio must neither report anything nor look for news of itself; and where there is a matplotlib, it asks it
# for its backend at the first event, which takes seconds of loading unless the answer is known.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("MPLBACKEND", "agg")

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factbot.bot import FactBot
from factbot.errors import UsageError
from factbot.web.app import build
from factbot.web.preparation import Preparation

__all__ = ["serve", "start"]

LONGEST_QUEUE = 64  # events that may wait; a further one is told to come again
LARGEST_UPLOAD = "1kb"  # the page takes no files, but Gradio's route for them cannot be closed
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

    Raises UsageError where the port is taken or this machine does not have the host.
    """
    page = start(bot, host, port, open_browser)
    print(f"The chat is at {page.local_url} (stop it with Ctrl-C)", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        page.close(verbose=False)


def start(bot: FactBot, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False) -> gr.Blocks:
    """Start serving and return at once: models load and the index is synced while the page is up.

    `port` 0 takes any free one; the page's `local_url` says which. Raises UsageError like `serve`.
    """
    port = _claim(host, port)
    preparation = Preparation(bot)
    page = build(bot, preparation)
    page.queue(max_size=LONGEST_QUEUE)
    assets = files("factbot.web")
    with as_file(assets / "favicon.svg") as favicon:
        page.launch(
            server_name=host,
            server_port=port,
            inbrowser=open_browser,
            favicon_path=favicon,
            theme=gr.themes.Base(font=list(SYSTEM_FONTS), font_mono=["ui-monospace", "monospace"]),
            app_kwargs={
                "middleware": [Middleware(_Dress, style=(assets / "style.css").read_bytes())],
                "docs_url": None,
                "redoc_url": None,
            },
            max_file_size=LARGEST_UPLOAD,
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
    preparation.start()
    return page


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
    """ASGI middleware: HEADERS on every response, streams included, and the page in its style from the start.

    Gradio would add a style only when its scripts have loaded, and show an empty page until then.
    """

    def __init__(self, app: ASGIApp, style: bytes) -> None:
        self._app = app
        self._style = b"<style>" + style + b"</style></head>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["path"] == "/"
        start: Message = {}

        async def dressed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                MutableHeaders(scope=start).update(HEADERS)
                if is_page:
                    return  # it states the length of the body, which is to grow
            elif start and is_page:
                body = message["body"].replace(b"</head>", self._style, 1)
                headers = MutableHeaders(scope=start)
                headers["content-length"] = str(len(body))
                await send(start)
                start, message = {}, {**message, "body": body}
            await send(message)

        await self._app(scope, receive, dressed)
