"""Who is kept out of the real app: sign-in, roles, unknown hosts and pages, size and rate limits."""

from __future__ import annotations

import json
import re
import threading
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest

from factbot import Answer, FactBot, UsageError
from factbot.web.auth import sign_in, users
from factbot.web.auth.sign_in import COOKIE, SignIn
from factbot.web.auth.users import Users, save_user
from factbot.web.guard import access
from factbot.web.server import start
from factbot.web.wording import INTERNAL_ERROR
from tests.support.library import LIGHTHOUSE_QUESTION, Library, copied
from tests.support.newsroom import CHROMIUM, CHROMIUM_ARGS

PASSWORDS = {"Eddie": "correct horse", "Rita": "battery staple", "Zoë": "päss wörd ✓"}

ROLES: dict[str, users.Role] = {"Eddie": "editor", "Rita": "reader", "Zoë": "reader"}

EVENT = {"fn_index": 0, "session_hash": "x", "data": []}
PACKAGES = str(Path(gr.__file__).parents[1])


class GatedBot(FactBot):
    """Answers only when the gate is open."""

    gate = threading.Event()

    def ask(self, question: str, history: Sequence[str] = (), date: str = "") -> Answer:
        self.gate.wait(30)
        return super().ask(question, history, date)


@dataclass(frozen=True)
class Site:
    """The app with sign-in, served by this process."""

    url: str
    page: Any
    bot: FactBot
    users: Path

    def client(self, name: str = "", **options: Any) -> httpx.Client:
        """Somebody's program; nobody's without a name."""
        auth = basic(name, PASSWORDS[name]) if name else {}
        return httpx.Client(
            base_url=self.url, headers={**auth, **options.pop("headers", {})}, timeout=30, **options
        )

    def browser(self, name: str, password: str = "") -> httpx.Client:
        """Somebody's browser, signed in by the form."""
        client = self.client(follow_redirects=True)
        client.post("/sign-in", data={"name": name, "password": password or PASSWORDS[name]})
        return client


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}


@pytest.fixture(scope="module")
def users_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("users") / "users"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("factbot.web.auth.users.LOG2_N", 6)  # the hashes are not what is slow here
        for name, password in PASSWORDS.items():
            save_user(path, name, ROLES[name], password)
        yield path


@pytest.fixture(scope="module")
def site(library: Library, users_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    own = copied(library, tmp_path_factory.mktemp("site"))
    with GatedBot.open(own.corpus, index=own.index, sign_in=str(users_file)) as bot:
        page = start(bot, port=0)
        GatedBot.gate.set()
        yield Site(page.local_url.rstrip("/"), page, bot, users_file)
        page.close(verbose=False)


@pytest.fixture(scope="module")
def open_site(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app as it is on one's own machine: nobody signs in."""
    own = copied(library, tmp_path_factory.mktemp("open"))
    with own.open() as bot:
        page = start(bot, port=0)
        yield Site(page.local_url.rstrip("/"), page, bot, Path())
        page.close(verbose=False)


def routes(site: Site) -> list[tuple[str, str]]:
    """Method and path of every route of the app, with something in the place of parameters."""
    found = []
    for route in site.page.server_app.routes:
        inside = getattr(route, "original_router", None)
        for each in inside.routes if inside else [route]:
            found += [(method, re.sub(r"\{[^}]*\}", "x", each.path)) for method in each.methods]
    return sorted(found)


def assert_says_nothing(response: httpx.Response, site: Site) -> None:
    """No traceback, and no path of this machine."""
    for secret in ("Traceback", PACKAGES, str(site.bot.settings.corpus.parent), "root:x:", "scrypt$"):
        assert secret not in response.text, response.url


# -- who is let in --------------------------------------------------------------------------------------


def test_every_route_refuses_whoever_has_not_signed_in(site: Site) -> None:
    every = routes(site)
    assert {("POST", "/gradio_api/upload"), ("POST", "/gradio_api/queue/join"), ("GET", "/config")} <= {*every}
    assert len(every) > 60
    others = [("GET", "/no-such"), ("POST", "/"), ("OPTIONS", "/config"), ("GET", "/sign-in/")]
    with site.client() as client:
        for method, path in [*every, *others]:
            response = client.request(method, path)
            if path == "/" and method != "POST":
                assert (response.status_code, response.headers["location"]) == (303, "/sign-in")
            else:
                assert response.status_code == 401, (method, path)
                assert method == "HEAD" or response.json() == {"error": "Sign in first."}
            assert "default-src" in response.headers["content-security-policy"]
            assert response.headers["x-content-type-options"] == "nosniff"
            assert response.headers["referrer-policy"] == "no-referrer"


def test_the_call_route_is_not_for_users(site: Site) -> None:
    with site.client("Eddie") as client:
        assert client.post("/factbot/call", json={}).status_code == 403


@pytest.mark.parametrize("name", PASSWORDS)
def test_a_user_signs_in_with_the_form_and_out_again(site: Site, name: str) -> None:
    with site.client() as client:
        form = client.get("/", follow_redirects=True)
        assert '<form method="post" action="/sign-in">' in form.text and "<script" not in form.text
        assert "form-action 'self'" in form.headers["content-security-policy"]
        assert form.headers["cache-control"] == "no-store"
        done = client.post("/sign-in", data={"name": name, "password": PASSWORDS[name]})
        assert (done.status_code, done.headers["location"]) == (303, "/")
        cookie = done.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
        assert client.get("/config").status_code == 200
        assert name in client.get("/sign-out").text
        session = client.cookies[COOKIE]
        assert client.post("/sign-out").headers["location"] == "/sign-in"
        assert client.get("/config").status_code == 401
        client.cookies.set(COOKIE, session)
        assert client.get("/config").status_code == 401, (
            "a session that was signed out is over, wherever it is kept"
        )


def test_behind_https_the_cookie_is_for_https_alone(site: Site) -> None:
    with site.client(headers={"X-Forwarded-Proto": "https"}) as client:
        done = client.post("/sign-in", data={"name": "Rita", "password": PASSWORDS["Rita"]})
    assert "; secure" in done.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic !!!", "Basic " + b64encode(b"\xff\xfe").decode(), "Basic Og==", "Bearer x", "basic UmVhZGVy"],
)
def test_wrong_credentials_are_refused(site: Site, header: str) -> None:
    with site.client(headers={"Authorization": header}) as client:
        assert client.get("/config").status_code == 401


def test_the_form_escapes_what_was_typed(site: Site) -> None:
    with site.client() as client:
        wrong = client.post("/sign-in", data={"name": '"><script>alert(1)</script>', "password": "x"})
        assert wrong.status_code == 401
        assert "<script" not in wrong.text and "Name or password is wrong." in wrong.text
        assert client.post("/sign-in", content=b"\xff" * 30_000).status_code == 413
        assert client.post("/sign-in", content=b"\xff&name=&&=").status_code == 401


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(site: Site) -> None:
    save_user(site.users, "Victim", "reader", "right password")
    tries = [{"name": "Victim", "password": f"wrong {n}"} for n in range(5)]
    with site.client() as client:
        assert [client.post("/sign-in", data=data).status_code for data in tries] == [401] * 5
        right = {"name": "Victim", "password": "right password"}
        refused = client.post("/sign-in", data=right)
        assert refused.status_code == 429 and "wait a minute" in refused.text
        assert client.get("/config", headers=basic("Victim", "right password")).status_code == 429
    assert site.browser("Rita").get("/config").status_code == 200, "others come in all the while"


def test_forged_and_old_cookies_let_nobody_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    session = site.browser("Rita").cookies[COOKIE]
    payload, _, signature = session.partition(".")
    other = SignIn(Users(site.users))._begin(Users(site.users).find("Eddie"))  # type: ignore[arg-type]
    as_eddie = other.partition(".")[0]
    monkeypatch.setattr(sign_in, "SESSION_LENGTH", -5)
    with site.client() as client:
        client.post("/sign-in", data={"name": "Rita", "password": PASSWORDS["Rita"]})
        over = [header.partition("=")[2].partition(";")[0] for header in client.cookies.values()]
    forged = [
        f"{as_eddie}.{signature}",
        f"{payload}.",
        payload,
        f"{payload}.{signature[:-1]}{'1' if signature.endswith('0') else '0'}",
        other,
        "",
        ".",
        "e30=.x",
    ]
    for value in [*forged, *over, f"{payload}x.{signature}", "W10=.00", "a" * 5_000]:
        with site.client(cookies={COOKIE: value}) as client:
            assert client.get("/config").status_code == 401, value
    with site.client(cookies={COOKIE: session}) as client:
        assert client.get("/config").status_code == 200


def test_what_changes_in_the_file_of_users_counts_at_once(site: Site) -> None:
    save_user(site.users, "Temp", "reader", "first password")
    browser = site.browser("Temp", "first password")
    assert browser.get("/config").status_code == 200
    save_user(site.users, "Temp", "reader", "second password")
    assert browser.get("/config").status_code == 401, "a new password ends the sessions of the old one"
    browser = site.browser("Temp", "second password")
    assert browser.get("/config").status_code == 200
    lines = site.users.read_text(encoding="utf-8").splitlines(keepends=True)
    site.users.write_text("".join(line for line in lines if not line.startswith("Temp:")), encoding="utf-8")
    assert browser.get("/config").status_code == 401


def test_sessions_outlive_the_app_only_with_a_secret_from_the_user(users_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "users"
    path.write_bytes(users_file.read_bytes())
    rita = Users(path).find("Rita")
    assert rita
    assert SignIn(Users(path))._of_session(SignIn(Users(path))._begin(rita)) is None
    secret = tmp_path / "users.secret"
    secret.write_bytes(b"0123456789abcdef" * 2)
    secret.chmod(0o600)
    assert SignIn(Users(path))._of_session(SignIn(Users(path))._begin(rita)) == rita
    secret.chmod(0o640)
    with pytest.raises(UsageError, match="can be read by others"):
        SignIn(Users(path))
    secret.write_bytes(b"short")
    secret.chmod(0o600)
    with pytest.raises(UsageError, match="too short"):
        SignIn(Users(path))


# -- who may do what ------------------------------------------------------------------------------------


def test_a_reader_asks_and_uploads_nothing(site: Site) -> None:
    from gradio_client import Client

    client = Client(site.url, headers=basic("Rita", PASSWORDS["Rita"]), verbose=False)
    assert client.predict(LIGHTHOUSE_QUESTION, [], api_name="/ask")["answered"]
    files = {"files": ("a.txt", b"An article.")}
    for path in ("/gradio_api/upload", "/gradio_api/upload/", "/gradio_api/process_recording", "/config"):
        with site.client("Rita") as reader:
            refused = reader.post(path, files=files)
            assert (refused.status_code, list(refused.json())) == (403, ["error"])
    with site.client("Eddie") as editor:
        assert editor.post("/gradio_api/upload", files=files).status_code == 200


# -- where requests come from and go to -----------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "localhost:7860", "127.0.0.1:1", "[::1]:80"])
def test_this_machine_by_any_of_its_names_is_answered(open_site: Site, host: str) -> None:
    with open_site.client(headers={"Host": host}) as client:
        assert client.get("/config").status_code == 200


@pytest.mark.parametrize(
    "host", ["attacker.example", "attacker.example:7860", "10.0.0.1", "localhost.attacker.example"]
)
def test_a_name_that_was_made_to_lead_here_is_not_answered(open_site: Site, host: str) -> None:
    with open_site.client(headers={"Host": host}) as client:
        for path in ("/", "/config", "/gradio_api/info", "/sign-in"):
            refused = client.get(path)
            assert (refused.status_code, list(refused.json())) == (403, ["error"])
            assert "default-src" in refused.headers["content-security-policy"]


@pytest.mark.parametrize(
    "origin", ["https://attacker.example", "http://localhost:1", "null", "", "http://[", "file://"]
)
def test_other_pages_are_not_answered(open_site: Site, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    with open_site.client() as client:
        for method, path in (
            ("OPTIONS", "/gradio_api/queue/join"),
            ("POST", "/gradio_api/queue/join"),
            ("GET", "/"),
        ):
            refused = client.request(method, path, headers=headers)
            assert refused.status_code == 403
            assert "access-control-allow-origin" not in refused.headers
        own = client.get("/config", headers={"Origin": open_site.url})
        assert own.status_code == 200


def test_without_sign_in_there_is_no_page_for_it(open_site: Site) -> None:
    with open_site.client() as client:
        assert client.get("/").status_code == 200
        assert client.get("/sign-in").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../etc/passwd",
        "/gradio_api/file=%2e%2e/%2e%2e/etc/passwd",
        "/gradio_api/file=/proc/self/environ",
        "/gradio_api/file=file:///etc/passwd",
        "/gradio_api/file//etc/passwd",
        "/gradio_api/file=USERS",
        "/gradio_api/file=CORPUS/lighthouse.md",
        "/gradio_api/file=INDEX/owner",
        "/static/..%2f..%2f..%2f..%2fetc/passwd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/svelte/..%2f..%2fetc/passwd",
        "/gradio_api/proxy=file:///etc/passwd",
        "/gradio_api/proxy=http://127.0.0.1:1/",
    ],
)
def test_files_of_the_machine_are_not_served_even_to_an_editor(site: Site, path: str) -> None:
    settings = site.bot.settings
    for name, place in (("USERS", site.users), ("CORPUS", settings.corpus), ("INDEX", settings.index)):
        path = path.replace(name, str(place))
    with site.client("Eddie") as client:
        response = client.get(path)
    assert 400 <= response.status_code < 500
    assert "root:x:" not in response.text and "scrypt$" not in response.text and "Agnes" not in response.text


def test_no_answer_tells_a_path_or_a_traceback(site: Site) -> None:
    bodies = [b"", b"{", b"[]", b'{"data": null}', json.dumps(EVENT | {"fn_index": 10_000}).encode()]
    with site.client("Eddie", headers={"Content-Type": "application/json"}) as client:
        for method, path in routes(site):
            if "/heartbeat/" in path:  # which never ends
                continue
            for body in bodies if method == "POST" else [b""]:
                response = client.request(method, path, content=body)
                assert response.status_code < 500
                assert_says_nothing(response, site)
                assert "default-src" in response.headers["content-security-policy"]


# -- how much -------------------------------------------------------------------------------------------


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 50_000):
        yield b"x" * 50_000


@pytest.mark.parametrize(
    "path", ["/gradio_api/queue/join", "/gradio_api/run/ask", "/gradio_api/cancel", "/sign-in"]
)
def test_no_request_brings_more_than_a_megabyte(site: Site, path: str) -> None:
    with site.client("Eddie") as client:
        for body in (b"x" * 1_100_000, chunks(1_100_000)):
            refused = client.post(path, content=body, headers={"Content-Type": "application/json"})
            assert refused.status_code == 413
    assert_says_nothing(refused, site)


NO_JSON = {
    "no JSON": b"{nope",
    "no UTF-8": b'{"data": ["\xff"]}',
    "NaN": b'{"data": [NaN, null]}',
    "endless": b'{"data": [1e999, null]}',
    "long number": b'{"data": [' + b"1" * 5_000 + b"]}",
    "deep": b'{"data": ' + b"[" * 51 + b"]" * 51 + b"}",
    "a thousand deep": b'{"data": ' + b"[" * 1_000 + b"]" * 1_000 + b"}",
    "objects": b'{"a": ' * 1_000 + b"1" + b"}" * 1_000,
}


@pytest.mark.parametrize("path", ["call/ask", "queue/join", "run/ask", "cancel", "reset", "component_server"])
def test_a_body_that_is_not_json_is_refused_in_one_sentence(open_site: Site, path: str) -> None:
    kinds = ["application/json", "text/plain", *(["multipart/form-data; boundary=x"] if "/" in path else [])]
    with open_site.client() as client:
        for body, kind in product(NO_JSON.values(), kinds):
            refused = client.post(f"/gradio_api/{path}", content=body, headers={"Content-Type": kind})
            assert (refused.status_code, refused.json()) == (400, {"error": access.UNREADABLE})
            assert refused.headers["x-content-type-options"] == "nosniff"


def test_an_internal_error_is_logged_and_shown_without_details(
    open_site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*given: Any, **named: Any) -> None:
        raise RuntimeError("out of order at /some/place")

    with open_site.client() as client:
        with monkeypatch.context() as patch:
            patch.setattr(type(open_site.page.server_app), "get_blocks", broken)
            failed = client.get("/theme.css")
        assert (failed.status_code, failed.json()) == (500, {"error": INTERNAL_ERROR})
        assert "default-src" in failed.headers["content-security-policy"]
        assert "out of order at /some/place" in caplog.text
        assert client.get("/theme.css").status_code == 200


def test_what_is_json_is_read_whatever_is_in_it(open_site: Site) -> None:
    question = b'"Who built the lighthouse \\ud800 at Orrin Point?"'
    with open_site.client(headers={"Content-Type": "application/json"}) as client:
        asked = client.post("/gradio_api/call/ask", content=b'{"data": [' + question + b", null]}")
        assert asked.status_code == 200
        assert "Agnes Marlow" in client.get(f"/gradio_api/call/ask/{asked.json()['event_id']}").text
        nested = b"[" * 49 + b"]" * 49
        assert client.post("/gradio_api/cancel", content=nested).status_code == 422
        assert client.post("/gradio_api/cancel", content=b'{"event_id": "\\udfff"}').status_code == 422


def test_an_upload_is_bounded_as_it_comes_and_leaves_nothing(
    open_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "MAX_UPLOAD_SIZE", 300_000)
    folder = Path(open_site.page.server_app.uploaded_file_dir)
    before = {path for path in folder.rglob("*") if path.is_file()}
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    with open_site.client() as client:
        for body in ([head, *chunks(1_000_000), b"\r\n--x--\r\n"], head + b"x" * 1_000_000):
            refused = client.post(
                "/gradio_api/upload", content=body if isinstance(body, bytes) else iter(body), headers=form
            )
            assert (refused.status_code, list(refused.json())) == (413, ["error"])
        kept = client.post("/gradio_api/upload", content=iter([head, b"fine", b"\r\n--x--\r\n"]), headers=form)
        assert kept.status_code == 200
    after = {path for path in folder.rglob("*") if path.is_file()}
    assert {path.name for path in after - before} == {"a.txt"}


def test_six_questions_of_a_client_wait_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MAX_WAITING", 2)
    GatedBot.gate.clear()
    try:
        with site.client("Eddie") as eddie, site.client("Rita") as rita:
            asked = [eddie.post("/gradio_api/call/ask", json={"data": ["Who?", []]}) for _ in range(3)]
            assert [response.status_code for response in asked] == [200, 200, 429]
            assert asked[-1].json() == {
                "error": "2 of your questions are waiting already; wait for their answers."
            }
            assert rita.post("/gradio_api/call/ask", json={"data": ["Who?", []]}).status_code == 200
    finally:
        GatedBot.gate.set()


# -- in a browser ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; install the package chromium")
def test_a_person_signs_in_in_a_browser(site: Site) -> None:
    playwright_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        for has_script in (False, True):
            page = chromium.new_context(java_script_enabled=has_script).new_page()
            page.goto(site.url)
            page.get_by_label("Name").fill("Rita")
            page.get_by_label("Password").fill("wrong password")
            page.get_by_role("button", name="Sign in").click()
            assert page.get_by_role("alert").inner_text() == "Name or password is wrong."
            page.get_by_label("Password").fill(PASSWORDS["Rita"])
            page.keyboard.press("Enter")
            page.wait_for_url(f"{site.url}/")
            if has_script:
                page.get_by_label("Your question").wait_for()
                page.get_by_role("link", name="Sign out").click()
            else:
                page.goto(f"{site.url}/sign-out")
            page.get_by_role("button", name="Sign out").click()
            page.get_by_label("Name").wait_for()
        chromium.close()
