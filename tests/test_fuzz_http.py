"""Whatever is sent to the app's HTTP API, it goes on answering and shows nothing of its inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom import MAYOR_QUESTION, Served, serving, write_corpus

pytestmark = pytest.mark.slow

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner)
)
FIELDS = ["data", "fn_index", "session_hash", "event_id", "event_data", "trigger_id", "method", "arguments"]
BODIES = JSON | st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5)
ROUTES = st.sampled_from(
    [
        "/gradio_api/call/ask",
        "/gradio_api/call/check",
        "/gradio_api/queue/join",
        "/gradio_api/run/ask",
        "/gradio_api/upload",
        "/gradio_api/heartbeat/x",
        "/factbot/call",
        "/sign-in",
        "/",
    ]
)
PIECES = ["a", "Z", "0", ".", "_", "-", "~", "%25", "%00", "%2f", "%0a", "=", ":", "@"]
SEGMENTS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
PATHS = st.lists(SEGMENTS | st.sampled_from(["..", "%2e%2e", "gradio_api", "file=", "etc", "passwd"]), max_size=6)
INSIDE = ("Traceback", "site-packages", 'File "', str(Path(__file__).parents[1]))

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("fuzzed")
    with serving(write_corpus(folder / "corpus"), folder / "index") as served:
        yield served


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, trust_env=False, timeout=60) as client:
        yield client


def shows_nothing(answer: httpx.Response) -> None:
    assert answer.status_code < 500
    for words in INSIDE:
        assert words not in answer.text


@few
@given(route=ROUTES, body=BODIES)
def test_any_json_to_any_route(client: httpx.Client, route: str, body: Any) -> None:
    content = json.dumps(body).encode()
    shows_nothing(client.post(route, content=content, headers={"Content-Type": "application/json"}))


@few
@given(route=ROUTES, content=st.binary(max_size=300), kind=st.sampled_from(["application/json", "text/plain"]))
def test_any_bytes_to_any_route(client: httpx.Client, route: str, content: bytes, kind: str) -> None:
    shows_nothing(client.post(route, content=content, headers={"Content-Type": kind}))


@few
@given(parts=PATHS)
def test_any_path(client: httpx.Client, parts: list[str]) -> None:
    answer = client.get(httpx.URL(client.base_url).copy_with(raw_path="/".join(["", *parts]).encode() or b"/"))
    shows_nothing(answer)
    assert "root:" not in answer.text


def test_afterwards_it_answers(client: httpx.Client) -> None:
    event = client.post("/gradio_api/call/ask", json={"data": [MAYOR_QUESTION, None]}).json()["event_id"]
    answer = client.get(f"/gradio_api/call/ask/{event}")
    assert "event: complete" in answer.text and MAYOR_QUESTION in answer.text
