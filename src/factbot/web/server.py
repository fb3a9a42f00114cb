"""The app is started here: the page on its address, with everything in front of it."""

from __future__ import annotations

import errno
import logging
import os
import socket
import sys
import threading
from importlib.resources import as_file, files
from pathlib import Path

# Gradio must not report anything, nor look for news of itself. Where matplotlib is installed, Gradio asks it for
# its backend at the first event; that loads for seconds unless the answer is known.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("MPLBACKEND", "agg")

import gradio as gr
from starlette.middleware import Middleware

from factbot.bot import FactBot
from factbot.errors import UsageError
from factbot.index.location import take_requests
from factbot.web.api.calls import MethodCalls
from factbot.web.auth.users import Users
from factbot.web.guard.access import is_loopback
from factbot.web.guard.limits import MAX_FILE_SIZE
from factbot.web.middleware import InlineStyle, RequestMiddleware
from factbot.web.page import MAX_ASKING, build
from factbot.web.startup import Startup

__all__ = ["serve", "start"]

MAX_QUEUED = 64  # events that may wait in Gradio's queue; a further one is told to come again
THREADS = 2 * MAX_ASKING  # whoever asks keeps one, waiting or not
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")


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
    """Show on standard error what a language model's calls cost, and why they fail, a line for each."""
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


def _start(bot: FactBot, host: str, port: int, open_browser: bool) -> tuple[gr.Blocks, MethodCalls]:
    port = _free_port(host, port)
    users = None if bot.settings.sign_in == Path() else Users(bot.settings.sign_in)
    startup = Startup(bot)
    page = build(bot, startup)
    page.queue(max_size=MAX_QUEUED, api_open=False)  # nobody skips the queue
    middleware = RequestMiddleware(page, bot, startup.jobs, host, users)
    assets = files("factbot.web") / "static"
    with as_file(assets / "favicon.svg") as favicon:
        page.launch(
            server_name=host,
            server_port=port,
            inbrowser=open_browser,
            favicon_path=favicon,
            theme=gr.themes.Base(font=list(SYSTEM_FONTS), font_mono=["ui-monospace", "monospace"]),
            app_kwargs={
                "middleware": [Middleware(InlineStyle, style=(assets / "style.css").read_bytes())],
                "lifespan": middleware.installed,
                "docs_url": None,
                "redoc_url": None,
            },
            max_file_size=MAX_FILE_SIZE,
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
    middleware.access.is_starting = False
    take_requests(bot.settings.index, page.local_url, middleware.token)
    startup.start()
    return page, middleware.calls


def _free_port(host: str, port: int) -> int:
    """The port to serve at, any free one for 0. Raises UsageError where it cannot be had; binding it tells."""
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
