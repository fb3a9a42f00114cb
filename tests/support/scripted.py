"""A language model's server on this machine that says what a test has written for it.

It speaks as OpenAI's, Ollama's and Anthropic's do, so that their real clients can be let loose on it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Reply", "Request", "ScriptedServer", "said", "scripted_server", "sentences"]

PIECE = 16  # characters of a reply that are sent at once
MODEL = "scripted"


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    A dict is given as the request wants it, as JSON or as the call of a tool; a text as it is. With a `status`
    of 400 and above, the text is the error's message.
    """

    says: str | Mapping[str, Any] = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    silence: float = 0.0  # seconds before anything is sent
    pause: float = 0.0  # seconds between the pieces
    pings: bool = False  # lines that say nothing, instead of silence
    dropped_after: int | None = None  # pieces, after which the connection is cut
    ends: str = "stop"  # why the reply ends: "length" where it was cut off
    tokens: tuple[int, int] | None = None  # that the server counts; None is about what there are


@dataclass(frozen=True)
class Request:
    """What was asked; the names of `headers` are in small letters."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """Everything that was asked, rules and all."""
        asked = [self.body.get("system", ""), *(m.get("content", "") for m in self.body.get("messages", []))]
        return "\n".join(part if isinstance(part, str) else json.dumps(part) for part in asked)

    @property
    def way(self) -> str:
        if self.body.get("tools"):
            return "function_calling"
        is_schema = any(self.body.get(name) for name in ("response_format", "format", "output_config"))
        return "json_schema" if is_schema else "prose"


class ScriptedServer(ThreadingHTTPServer):
    """`script` is what it does with the requests, one by one; the last again and again."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Request] = []
        self.models = [MODEL]
        self.is_closing = threading.Event()
        self._script: list[Reply] = [Reply()]
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        """Where OpenAI's interface begins."""
        return f"{self.address}/v1"

    @property
    def ways(self) -> list[str]:
        """How each request asked for its reply."""
        return [request.way for request in self.requests]

    def script(self, *replies: Reply | str | Mapping[str, Any]) -> None:
        """Set the next replies, and forget the requests so far."""
        with self._lock:
            self.requests.clear()
            self._script = [reply if isinstance(reply, Reply) else Reply(reply) for reply in replies]

    def reply_to(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are a part of the tests."""


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.is_closing.set()
        server.shutdown()
        server.server_close()


def said(text: object, *passages: object) -> dict[str, Any]:
    """A sentence of an answer as a model gives it."""
    return {"text": text, "passages": list(passages)}


def sentences(*made: object) -> dict[str, Any]:
    """An answer as a model gives it: sentences, or texts that cite the first passage."""
    return {"sentences": [said(one, 1) if isinstance(one, str) else one for one in made]}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ScriptedServer

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._whole({"object": "list", "data": [{"id": name, "object": "model"} for name in self.server.models]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.path, headers, body)
        reply = self.server.reply_to(request)
        if not reply.pings:
            self.server.is_closing.wait(reply.silence)
        if reply.status >= 400:
            self._whole({"error": {"message": reply.says, "type": "invalid_request_error"}}, reply)
            return
        whole = reply.says if isinstance(reply.says, str) else json.dumps(reply.says, ensure_ascii=False)
        counted = reply.tokens or (len(request.text) // 4, len(whole) // 4)
        tool = _tool(body) if whole.startswith("{") else ""
        speak = {"/api/chat": _ollama, "/v1/messages": _anthropic}.get(self.path, _openai)
        if speak is _openai and not body.get("stream"):
            self._whole(_openai_at_once(whole, tool, reply.ends, counted))
            return
        pieces = [whole[i : i + PIECE] for i in range(0, len(whole), PIECE)]
        self._in_pieces(speak(pieces, tool, reply.ends, counted), reply)

    def _whole(self, data: object, reply: Reply = Reply()) -> None:  # it is frozen
        sent = json.dumps(data).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def _in_pieces(self, lines: Iterator[str], reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson" if "/api/" in self.path else "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if reply.pings:
            for _ in range(int(reply.silence / 0.05)):
                self._send(": nothing yet\n\n")
                self.server.is_closing.wait(0.05)
        for number, line in enumerate(lines):
            if number == reply.dropped_after:
                self.close_connection = True
                return
            self.server.is_closing.wait(reply.pause)
            self._send(line)
        self.wfile.write(b"0\r\n\r\n")

    def _send(self, text: str) -> None:
        sent = text.encode()
        self.wfile.write(f"{len(sent):x}\r\n".encode() + sent + b"\r\n")
        self.wfile.flush()


def _tool(body: Mapping[str, Any]) -> str:
    """The name of the tool that a request wants called; "" for none."""
    for tool in body.get("tools") or []:
        return str(tool.get("name") or tool["function"]["name"])
    return ""


def _openai(pieces: Sequence[str], tool: str, ends: str, tokens: tuple[int, int]) -> Iterator[str]:
    def event(delta: Mapping[str, Any], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return _event({**_OPENAI, "object": "chat.completion.chunk", "choices": [choice]})

    yield event({"role": "assistant", "content": None if tool else ""})
    if tool:
        called = {"index": 0, "id": "call_1", "type": "function", "function": {"name": tool, "arguments": ""}}
        yield event({"tool_calls": [called]})
    for piece in pieces:
        if tool:
            yield event({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
        else:
            yield event({"content": piece})
    yield event({}, ends)
    counted = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
    yield _event({**_OPENAI, "object": "chat.completion.chunk", "choices": [], "usage": counted})
    yield "data: [DONE]\n\n"


def _openai_at_once(whole: str, tool: str, ends: str, tokens: tuple[int, int]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": whole}
    if tool:
        called = {"id": "call_1", "type": "function", "function": {"name": tool, "arguments": whole}}
        message = {"role": "assistant", "content": None, "tool_calls": [called]}
    counted = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
    choice = {"index": 0, "message": message, "finish_reason": ends}
    return {**_OPENAI, "object": "chat.completion", "choices": [choice], "usage": counted}


def _anthropic(pieces: Sequence[str], tool: str, ends: str, tokens: tuple[int, int]) -> Iterator[str]:
    def event(kind: str, **data: Any) -> str:
        return f"event: {kind}\n{_event({'type': kind, **data})}"

    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": MODEL}
    yield event("message_start", message={**message, "usage": {"input_tokens": tokens[0], "output_tokens": 0}})
    block = {"type": "tool_use", "id": "t_1", "name": tool, "input": {}} if tool else {"type": "text", "text": ""}
    yield event("content_block_start", index=0, content_block=block)
    for piece in pieces:
        delta = (
            {"type": "input_json_delta", "partial_json": piece} if tool else {"type": "text_delta", "text": piece}
        )
        yield event("content_block_delta", index=0, delta=delta)
    yield event("content_block_stop", index=0)
    reason = "max_tokens" if ends == "length" else "tool_use" if tool else "end_turn"
    yield event(
        "message_delta",
        delta={"stop_reason": reason},
        usage={"input_tokens": tokens[0], "output_tokens": tokens[1]},
    )
    yield event("message_stop")


def _ollama(pieces: Sequence[str], tool: str, ends: str, tokens: tuple[int, int]) -> Iterator[str]:
    def line(message: Mapping[str, Any], **more: Any) -> str:
        told = {"model": MODEL, "created_at": "2026-01-01T00:00:00Z", "message": message, "done": False}
        return json.dumps({**told, **more}) + "\n"

    if tool:
        called = {"function": {"name": tool, "arguments": json.loads("".join(pieces))}}
        yield line({"role": "assistant", "content": "", "tool_calls": [called]})
    else:
        for piece in pieces:
            yield line({"role": "assistant", "content": piece})
    counted = {"prompt_eval_count": tokens[0], "eval_count": tokens[1]}
    yield line({"role": "assistant", "content": ""}, done=True, done_reason=ends, **counted)


_OPENAI = {"id": "chatcmpl-1", "created": 1, "model": MODEL}


def _event(data: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"
