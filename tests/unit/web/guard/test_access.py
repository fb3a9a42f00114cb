"""Rate limits for each client, and the role that events learn."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import gradio as gr
import httpx
from starlette.requests import Request

from factbot.web.guard import access
from factbot.web.guard.access import Access, role


def test_events_are_told_the_role() -> None:
    def asked_by(scope: dict[str, Any]) -> str:
        return role(gr.Request(Request({"type": "http", **scope})))

    assert asked_by({access.ROLE: "reader"}) == "reader"
    assert asked_by({access.ROLE: "editor"}) == asked_by({}) == role(None) == "editor"


def post(app: Access, path: str, address: str, times: int, body: Any = None) -> list[int]:
    async def posted() -> list[int]:
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://page.example") as client:
            content = json.dumps(body or {})
            return [(await client.post(path, content=content)).status_code for _ in range(times)]

    return asyncio.run(posted())


def test_rates_are_for_each_client_from_elsewhere() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def fresh() -> Access:
        return Access(app, "0.0.0.0", None, lambda number: number == 1, lambda client: 0)

    door = fresh()
    assert post(door, "/gradio_api/call/ask", "10.0.0.1", 62) == [200] * 60 + [429] * 2
    assert post(door, "/gradio_api/call/ask", "10.0.0.2", 2) == [200] * 2, "another client"
    assert post(door, "/gradio_api/call/ask", "127.0.0.1", 70) == [200] * 70, "this machine's own"
    assert post(door, "/gradio_api/queue/join", "10.0.0.1", 20, {"fn_index": 2}) == [200] * 20, "clicks"
    assert post(door, "/gradio_api/queue/join", "10.0.0.1", 1, {"fn_index": 1}) == [429]
    assert post(door, "/gradio_api/queue/join", "10.0.0.1", 1, {"fn_index": "2"}) == [429], "what cannot be told"
    assert post(door, "/gradio_api/queue/join", "10.0.0.1", 1, float("nan")) == [429], "nor this"
    assert post(door, "/gradio_api/upload", "10.0.0.3", 32) == [200] * 30 + [429] * 2
    door = fresh()
    for n in range(60):
        assert post(door, "/gradio_api/run/ask", f"2001:db8::{n:x}", 1) == [200]
    assert post(door, "/gradio_api/run/ask", "2001:db8::ffff", 1) == [429], "one network of IPv6 is one client"
