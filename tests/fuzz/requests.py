"""Requests of any kind to the app's HTTP API, and those that once broke it; `test_http.py` sends them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

__all__ = ["KEPT", "Sent", "any_request"]


@dataclass(frozen=True)
class Sent:
    """A request; `path` is what is sent, with its query."""

    method: str
    path: str
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def posted(path: str, asked: Any) -> Sent:
    return Sent("POST", path, json.dumps(asked).encode(), {"Content-Type": "application/json"})


def form(path: str, content: bytes, boundary: str = "x") -> Sent:
    return Sent("POST", path, content, {"Content-Type": f"multipart/form-data; boundary={boundary}"})


API = "/gradio_api"
EVENT = {"data": [], "fn_index": 0, "session_hash": "s"}
PART = {"data": 1, "component_id": 2, "session_hash": "s", "fn_name": "act"}
DISPOSITION = b"--x\r\nContent-Disposition: form-data; "

# What ended in a 500 or a broken connection once, and the status that it gets now.
KEPT: list[tuple[Sent, int]] = [
    # Events and calls that there are not.
    *((posted(f"{API}/queue/join", EVENT | {"fn_index": number}), 404) for number in (99, -1, 7537, 10**30)),
    (posted(f"{API}/queue/join", EVENT | {"session_hash": ""}), 400),
    (posted(f"{API}/call/ask", {"data": ["a", None], "session_hash": ""}), 400),
    (posted(f"{API}/call/nothing", {"data": []}), 404),
    (posted(f"{API}/call/reply", {"data": ["a", None]}), 404),
    (posted(f"{API}/call/v2/nothing", {}), 404),
    (posted(f"{API}/call/v2/ask", {}), 422),
    (posted(f"{API}/call/v2/ask", {"question": "a", "other": 1}), 422),
    (posted(f"{API}/run/nothing", {"data": []}), 404),
    (posted(f"{API}/run/ask", {"data": ["a", None], "fn_index": 99}), 404),
    (posted(f"{API}/api/nothing/", {"data": []}), 404),
    (Sent("GET", f"{API}/call/ask/nothing"), 404),
    (Sent("GET", f"{API}/call/ask/%00"), 404),
    (Sent("GET", f"{API}/call/v2/ask/nothing"), 404),
    (Sent("GET", f"{API}/queue/data?session_hash=nobody"), 200),  # the page's own protocol tells it in the stream
    # Parts of the page that there are not, and forms where none belongs.
    (posted(f"{API}/component_server", PART | {"component_id": 999}), 404),
    (posted(f"{API}/component_server/", PART | {"component_id": -1}), 404),
    (form(f"{API}/component_server", b"--x--\r\n"), 415),
    # Uploads that are none.
    (form(f"{API}/upload", DISPOSITION + b'name="files"\r\n\r\nno file\r\n--x--\r\n'), 400),
    (form(f"{API}/upload", b"a", boundary="x" * 300), 400),
    # Names of files that no file system bears, and pages and pictures that there are not.
    (Sent("GET", "/assets/" + "a" * 300), 404),
    (Sent("GET", "/static/" + "a/" * 3_000), 404),
    (Sent("GET", "/pwa_icon/5"), 404),
    (Sent("GET", "/pwa_icon/-1"), 404),
    (Sent("GET", "/pwa_icon?size=5"), 200),
    (Sent("GET", "/?page=0"), 200),
    (Sent("HEAD", "/?page=none"), 200),
    # Hosts that are none, of which Gradio makes addresses.
    *(
        (Sent("GET", path, headers={"X-Forwarded-Host": host}), 400)
        for path in ("/", "/config")
        for host in ("::", "[1", "[:1::2::]", "a/b", "a@b", "a b", ",a")
    ),
    (Sent("GET", "/", headers={"X-Forwarded-Host": "news.example:443, proxy"}), 200),
    (Sent("GET", "/", headers={"X-Forwarded-Host": "[2001:db8::1]:443"}), 200),
    (Sent("GET", "/config", headers={"X-Gradio-Server": "http://a:b"}), 200),
    # Routes of Gradio's that the product does not use.
    (Sent("GET", f"{API}/proxy=%11"), 404),
    (Sent("GET", f"{API}/proxy=http://127.0.0.1:1/"), 404),
    (Sent("GET", f"{API}/deep_link?session_hash=s"), 404),
    (Sent("GET", f"{API}/custom_component/0/client/component/index.js"), 404),
    (Sent("GET", f"{API}/stream/s/1/2/playlist.m3u8"), 404),
    (posted(f"{API}/stream/nothing", {}), 404),
    (posted(f"{API}/stream/nothing/close", {}), 404),
    (Sent("GET", f"{API}/vibe-code"), 404),
    (posted(f"{API}/vibe-code", {"code": "x"}), 404),
    (posted(f"{API}/vibe-edit", {"prompt": "x"}), 404),
    (posted(f"{API}/undo-vibe-edit/", {"hash": "x"}), 404),
    (posted(f"{API}/vibe-starter-queries", {"code": "x"}), 404),
    (form(f"{API}/process_recording", DISPOSITION + b'name="a"\r\n\r\na\r\n--x--\r\n'), 404),
    (Sent("GET", f"{API}/dev/reload"), 404),
    (Sent("GET", f"{API}/upload_progress?upload_id=x"), 404),
]

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner)
)
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "data": st.lists(VALUES, max_size=3)
    | st.fixed_dictionaries({"do": st.sampled_from(["look", "rows", "read"])}),
    "fn_index": st.integers(-1, 9),
    "component_id": st.integers(-1, 16),
    "fn_name": st.sampled_from(["act", "__class__", "upload", ""]),
    "session_hash": st.sampled_from(["s", "", "../s", "s" * 300]) | st.text(max_size=9),
    "event_id": st.text(max_size=9),
    "event_data": VALUES,
    "trigger_id": st.integers(),
    "batched": st.booleans(),
    "simple_format": st.booleans(),
    "question": st.text(max_size=40),
    "text": st.text(max_size=40),
    "history": st.lists(st.text(max_size=9), max_size=2),
    "method": st.sampled_from(["ask", "sync", ""]),
    "arguments": VALUES,
}
OBJECTS = st.fixed_dictionaries({}, optional={name: each | VALUES for name, each in LIKELY.items()})
ASKED = st.fixed_dictionaries(
    {name: LIKELY[name] for name in ("data", "fn_index", "session_hash", "component_id", "fn_name")}
)
JSON = (OBJECTS | ASKED | VALUES).map(lambda value: json.dumps(value).encode())
FORMS = st.builds(
    lambda head, body: DISPOSITION + head + b"\r\n\r\n" + body + b"\r\n--x--\r\n",
    st.sampled_from([b'name="files"; filename="a.txt"', b'name="files"', b'name="files"; filename=".."', b"x"])
    | st.binary(max_size=40),
    st.binary(max_size=60),
)
BODIES = JSON | FORMS | st.binary(max_size=300) | st.just(b"")
PIECES = ["a", "Z", "0", ".", "_", "-", "~", "%25", "%00", "%2f", "%0a", "%ff", "=", ":", "@", "a" * 300]
NAMES = ["..", "%2e%2e", "ask", "check", "v2", "file=", "proxy=http:", "etc", "passwd", "s", "2", "client"]
SEGMENTS = st.sampled_from(NAMES) | st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
ANY_PATH = st.lists(SEGMENTS | st.just("gradio_api"), max_size=6).map(lambda parts: "/" + "/".join(parts))
PARAMETERS = ["session_hash", "deep_link", "page", "size", "upload_id", "all_endpoints", "view", "__theme", "x"]
QUERIES = st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=20), max_size=3).map(
    lambda given: "&".join(f"{name}={quote(value, errors='replace')}" for name, value in given.items())
)
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30).map(str.strip)
KINDS = [
    "application/json",
    "text/plain",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "application/json; charset=nope",
]
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(KINDS) | WORDS,
        "Accept": WORDS,
        "Accept-Encoding": st.sampled_from(["identity", "gzip", "x", "*;q=0"]),
        "Authorization": st.sampled_from(["Bearer x", "Basic Og==", "Basic !"]) | WORDS,
        "Cookie": st.sampled_from(["factbot-session=W10=.00", "access-token-x=1"]) | WORDS,
        "If-None-Match": WORDS,
        "Range": st.sampled_from(["bytes=0-1", "bytes=9-1", "bytes=-", "bytes=99999999-", "x"]) | WORDS,
        "Host": WORDS,
        "X-Forwarded-Host": WORDS,
        "X-Gradio-Server": WORDS,
        "X-Forwarded-Proto": st.sampled_from(["https", "javascript"]) | WORDS,
        "X-Forwarded-Prefix": WORDS,
        "Last-Event-ID": WORDS,
    },
)
METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]


def any_request(routes: Sequence[tuple[str, str]]) -> st.SearchStrategy[Sent]:
    """Requests to `routes`, which are methods and paths with {parameters}, and to what is no route."""
    paths = st.sampled_from(routes).flatmap(
        lambda route: st.tuples(st.just(route[0]) | st.sampled_from(METHODS), _filled(route[1]))
    )
    places = paths | st.tuples(st.sampled_from(METHODS), ANY_PATH)
    return st.builds(_request, places, QUERIES, BODIES, HEADERS)


def _filled(path: str) -> st.SearchStrategy[str]:
    """`path` with something in the place of each {parameter}."""
    fixed = [piece.partition("}")[2] if n else piece for n, piece in enumerate(path.split("{"))]
    return st.lists(SEGMENTS, min_size=len(fixed) - 1, max_size=len(fixed) - 1).map(
        lambda parts: "".join(before + part for before, part in zip(fixed, [*parts, ""], strict=True))
    )


def _request(place: tuple[str, str], query: str, content: bytes, headers: dict[str, str]) -> Sent:
    method, path = place
    has_body = method in ("POST", "PUT", "PATCH", "DELETE")
    return Sent(method, f"{path}?{query}" if query else path, content if has_body else b"", headers)
