"""Whatever is sent to the HTTP API, the app goes on answering and shows no internal detail."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from factbot.web.auth.users import save_user
from factbot.web.guard.routes import methods
from factbot.web.middleware import HEADERS
from factbot.web.server import start
from tests.fuzz.requests import KEPT, Sent, any_request
from tests.support import ROOT
from tests.support.library import LIGHTHOUSE_QUESTION, Library, copied

SECRET = "chroma-token-that-nobody-may-see"
PASSWORD = "a long password"
SLOWEST = 10.0  # seconds; the routes that take their time send something at once
FIRST_PART = 2_000  # bytes of an answer that never ends

quick = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
long = settings(quick, max_examples=1_000, derandomize=False)
few = settings(quick, max_examples=25, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Seen:
    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Site:
    """The app, served by this process, and the words that none of its answers may hold."""

    url: str
    page: gr.Blocks
    hidden: tuple[str, ...]

    def answer(self, client: httpx.Client, sent: Sent) -> Seen:
        """Send a request and look at its answer, of one that never ends at the beginning."""
        url = httpx.URL(self.url).copy_with(raw_path=sent.path.encode())
        began = time.monotonic()
        with client.stream(sent.method, url, content=sent.content, headers=sent.headers) as response:
            is_stream = response.headers.get("content-type", "").startswith("text/event-stream")
            chunks = response.iter_bytes()
            body = next(chunks, b"")[:FIRST_PART] if is_stream else b"".join(chunks)
        assert time.monotonic() - began < SLOWEST, sent
        seen = Seen(response.status_code, response.headers, body.decode("utf-8", "replace"))
        self.check(seen, is_error_json="/sign-" not in sent.path, has_body=sent.method != "HEAD")
        return seen

    def check(self, seen: Seen, *, is_error_json: bool = True, has_body: bool = True) -> None:
        assert seen.status < 500
        told = seen.text + "\n".join(seen.headers.values())
        assert not [words for words in self.hidden if words in told]
        for name, value in HEADERS.items():
            assert seen.headers.get(name) == value or (name in seen.headers and not is_error_json), name
        if seen.status >= 400 and has_body and is_error_json:
            assert list(problem := json.loads(seen.text)) == ["error"]
            assert problem["error"].endswith(".") and len(problem["error"].splitlines()) == 1


def serving(library: Library, folder: Path, **options: Any) -> Iterator[Site]:
    own = copied(library, folder)
    with own.open(**options) as bot:
        page = start(bot, port=0)
        project = str(ROOT)
        packages = str(Path(gr.__file__).parents[1])
        inside = (
            "Traceback",
            'File "',
            project,
            packages,
            str(folder),
            str(Path.home() / ""),
            "root:x:",
            "scrypt$",
        )
        tokens = re.findall(r'"token": "([^"]+)"', (own.index / "owner").read_text())
        assert tokens
        yield Site(page.local_url, page, (*inside, SECRET, *tokens))
        page.close(verbose=False)


@pytest.fixture(scope="module")
def site(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from serving(library, tmp_path_factory.mktemp("fuzzed"), chroma_token=SECRET)


@pytest.fixture(scope="module")
def signing_in(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("signing-in")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("factbot.web.auth.users.LOG2_N", 6)  # the hashes are not what is tried here
        save_user(folder / "users", "Ann", "editor", PASSWORD)
        yield from serving(library, folder, sign_in=str(folder / "users"))


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=SLOWEST) as client:
        yield client


@pytest.fixture(scope="module")
def routes(site: Site) -> list[tuple[str, str]]:
    """Method and path of every route of Gradio's, open or closed, and of our own."""
    found = [("POST", "/factbot/call"), ("POST", "/sign-in"), ("POST", "/sign-out")]
    for route in site.page.server_app.routes:
        inside = getattr(route, "original_router", None)
        for each in inside.routes if inside else [route]:
            found += [(method, re.sub(r":path\}", "}", each.path)) for method in each.methods]
    assert len(found) > 60
    return sorted(found)


# -- what was found, and what must stay open ------------------------------------------------------------


@pytest.mark.parametrize(("sent", "status"), KEPT, ids=[f"{each.method} {each.path[:60]}" for each, _ in KEPT])
def test_requests_that_broke_the_app_once_get_one_sentence(
    site: Site, client: httpx.Client, sent: Sent, status: int
) -> None:
    assert site.answer(client, sent).status == status


def test_what_programs_are_told_of_is_open(site: Site, client: httpx.Client) -> None:
    described = json.loads(site.answer(client, Sent("GET", "/gradio_api/openapi.json")).text)["paths"]
    assert {"/gradio_api/call/v2/ask", "/gradio_api/call/v2/check", "/gradio_api/upload"} <= {*described}
    for path, each in described.items():
        assert {method.upper() for method in each} <= {*methods(path)}, path


def test_every_file_of_the_page_is_open() -> None:
    folder = Path(gr.__file__).parent / "templates" / "frontend"
    for kind in ("assets", "static"):
        for file in (folder / kind).rglob("*"):
            assert not file.is_file() or methods(f"/{file.relative_to(folder).as_posix()}") == ("GET",), file


def test_a_wrong_http_method_is_answered_with_the_right_one(site: Site, client: httpx.Client) -> None:
    seen = site.answer(client, Sent("DELETE", "/"))
    assert (seen.status, seen.headers["allow"]) == (405, "GET, HEAD")


# -- whatever else --------------------------------------------------------------------------------------


def anything(site: Site, client: httpx.Client, routes: list[tuple[str, str]], data: st.DataObject) -> None:
    sent = data.draw(any_request(routes))
    site.answer(client, sent)


test_any_request = quick(given(data=st.data())(anything))
test_many_requests = pytest.mark.slow(pytest.mark.timeout(1_200)(long(given(data=st.data())(anything))))


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@given(name=st.text(max_size=20), password=st.text(max_size=20), cookie=st.binary(max_size=30), raw=st.binary())
@settings(quick, max_examples=100)
def test_any_way_to_sign_in(
    signing_in: Site, client: httpx.Client, name: str, password: str, cookie: bytes, raw: bytes
) -> None:
    form = httpx.Request("POST", signing_in.url, data={"name": name, "password": password})
    session = {"Cookie": f"factbot-session={cookie.hex()}.{cookie.hex()}"}
    kind = {"Content-Type": form.headers["content-type"]}
    for content in (form.read(), raw):
        assert signing_in.answer(client, Sent("POST", "/sign-in", content, kind | session)).status in (401, 429)
    assert signing_in.answer(client, Sent("GET", "/config", headers=session)).status == 401


@pytest.fixture(scope="module")
def described(site: Site) -> Any:
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    return schemathesis.openapi.from_dict(site.page.server_app.openapi())


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_requests_that_schemathesis_makes(site: Site, described: Any) -> None:
    requests = pytest.importorskip("requests")
    from schemathesis import GenerationMode

    session = requests.Session()
    session.trust_env = False

    def send(case: Any) -> None:
        wanted = case.as_transport_kwargs(base_url=site.url.rstrip("/"))
        with session.request(**wanted, stream=True, timeout=SLOWEST, allow_redirects=False) as response:
            is_stream = response.headers.get("content-type", "").startswith("text/event-stream")
            chunks = response.iter_content(FIRST_PART if not is_stream else None)
            body = next(chunks, b"") if is_stream else b"".join(chunks)
        seen = Seen(response.status_code, response.headers, body.decode("utf-8", "replace"))
        site.check(seen, has_body=case.method.upper() != "HEAD")

    for result in described.get_all_operations():
        for mode in GenerationMode:
            cases = result.ok().as_strategy(generation_mode=mode)
            with suppress(Unsatisfiable):  # a route that takes nothing cannot be asked wrongly
                few(given(case=cases)(send))()


def test_afterwards_it_answers(site: Site, client: httpx.Client) -> None:
    url = f"{site.url}gradio_api/call/ask"
    event = client.post(url, json={"data": [LIGHTHOUSE_QUESTION, None]}).json()["event_id"]
    answer = client.get(f"{url}/{event}")
    assert "event: complete" in answer.text and "Agnes Marlow" in answer.text
