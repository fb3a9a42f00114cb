"""Fetching a page: the public web only, whatever the address, the name or a redirect says."""

import gzip
import http.server
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from factbot import __version__
from factbot.corpus.ingest.fetch import NoPageError, _fetch, fetch
from factbot.errors import ArticleError
from tests.support.fetch import get, refusal

PAGE = "<html><body><p>Où est le café ?</p></body></html>"


class Handler(http.server.BaseHTTPRequestHandler):
    """A server that answers by path and keeps the requests in `seen`."""

    seen: list[dict[str, str]]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.seen.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
        name, _, argument = self.path.strip("/").partition("/")
        getattr(self, f"give_{name}")(argument)

    def reply(self, body: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def give_page(self, _: str) -> None:
        self.reply(PAGE.encode(), "text/html; charset=utf-8")

    def give_latin(self, _: str) -> None:
        self.reply(PAGE.encode("latin-1"), "text/html; charset=iso-8859-1")

    def give_mislabelled(self, _: str) -> None:
        self.reply(PAGE.encode("latin-1"), "text/html; charset=no-such-thing")

    def give_kind(self, kind: str) -> None:
        self.reply(b"Text.", kind)

    def give_untold(self, _: str) -> None:
        self.reply(b"Text.", "application/octet-stream")

    def give_sized(self, argument: str) -> None:
        size, _, kind = argument.partition("/")
        self.reply(bytes(int(size)), kind)

    def give_busy(self, argument: str) -> None:
        status, _, when = argument.partition("/")
        self.reply(b"", "text/html", int(status), Retry_After=when.replace("_", " "))

    def give_xml(self, _: str) -> None:
        self.reply("<?xml version='1.0' encoding='utf-8'?><rss>é</rss>".encode(), "text/xml; charset=iso-8859-1")

    def give_status(self, status: str) -> None:
        self.reply(PAGE.encode(), "text/html", int(status))

    def give_gzip(self, _: str) -> None:
        self.reply(gzip.compress(PAGE.encode()), "text/html", Content_Encoding="gzip")

    def give_bomb(self, _: str) -> None:
        self.reply(gzip.compress(b"a" * 30_000_000), "text/html", Content_Encoding="gzip")

    def give_brotli(self, _: str) -> None:
        self.reply(b"\x0b\x02\x80", "text/html", Content_Encoding="br")

    def give_broken(self, _: str) -> None:
        self.reply(b"no gzip at all", "text/html", Content_Encoding="gzip")

    def give_large(self, _: str) -> None:
        self.reply(b"a" * 10_000_001, "text/html")

    def give_to(self, target: str) -> None:
        self.reply(b"", "", 302, Location=target)

    def give_hops(self, count: str) -> None:
        target = f"/hops/{int(count) - 1}" if int(count) else "/page"
        self.reply(b"", "", 301, Location=target)

    def give_slowly(self, _: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.drip()

    def give_headers_slowly(self, _: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.drip()

    def drip(self) -> None:
        try:
            for _ in range(100):
                self.wfile.write(b"a")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:  # the reader gave up
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Handler.seen = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "LOCALHOST.",
            "localhost.",
            "2130706433",
            "0177.0.0.1",
            "0x7f.1",
            "127.1",
            "0",
        ),
        *(
            "0x7f000001",
            "017700000001",
            "127.0.0.1.",
            "１２７.0.0.1",
            "127。0。0。1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::]",
        ),
    ],
)
def test_this_machine_is_refused_whatever_it_is_called(server: str, host: str) -> None:
    with pytest.raises(ArticleError, match=r"public Internet|not found|no valid"):
        fetch(server.replace("127.0.0.1", host) + "/page")
    assert Handler.seen == []


@pytest.mark.parametrize("host", ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "10.0.0.1", "169.254.169.254"])
def test_other_addresses_are_refused_before_anything_is_sent(host: str) -> None:
    with pytest.raises(ArticleError, match="public Internet"):
        fetch(f"http://{host}/latest/meta-data")


def test_a_redirect_into_this_machine_is_refused(server: str) -> None:
    """127.0.0.1 stands for the public server here, and localhost for the private one."""
    private = server.replace("127.0.0.1", "localhost") + "/page"
    addresses = iter([True, False])
    with pytest.raises(ArticleError, match=r"localhost is not on the public Internet"):
        _fetch(f"{server}/to/{private}", lambda address: next(addresses), 5)
    assert len(Handler.seen) == 1


def test_one_private_address_among_a_names_addresses_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 0)) for ip in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(ArticleError, match="public Internet"):
        fetch("http://two-faced.example/")


def test_the_connection_goes_to_the_address_that_was_checked(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that would resolve to something else the next time is not asked a second time."""
    port = server.rpartition(":")[2]
    look_up, asked = socket.getaddrinfo, []

    def resolve(host: str, *rest: object, **more: object) -> object:
        if host == "news.example":
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]
        return look_up(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    _, _, address = get(f"http://news.example:{port}/page")
    assert address == f"http://news.example:{port}/page"
    assert asked == ["news.example"]
    assert Handler.seen[0]["host"] == f"news.example:{port}"


def test_tls_asks_for_the_certificate_of_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda connection, name, _: asked.append(name)
    look_up = socket.getaddrinfo
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: here if host == "news.example" else look_up(host, *rest, **more),
    )

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with closing(connection), pytest.raises(OSError):
            context.wrap_socket(connection, server_side=True)

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        refusal(f"https://news.example:{listener.getsockname()[1]}/")
    assert asked == ["news.example"]


def test_proxies_of_the_environment_are_not_used(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    assert get(f"{server}/page")[0] == PAGE.encode()


# -- what it brings --------------------------------------------------------------------------------


def test_a_page_is_fetched_under_factbots_own_name(server: str) -> None:
    assert get(f" {server}/page#part ") == (PAGE.encode(), ".html", f"{server}/page")
    assert Handler.seen[0]["user-agent"] == f"factbot/{__version__}"


def test_redirects_are_followed_five_times(server: str) -> None:
    body, suffix, address = get(f"{server}/hops/4")
    assert (body, suffix, address) == (PAGE.encode(), ".html", f"{server}/page")
    assert "5 times" in refusal(f"{server}/hops/5")
    assert "ftp://" in refusal(f"{server}/to/ftp://a.example/x")


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [
        ("text/html", ".html"),
        ("Application/XHTML+xml; charset=utf-8", ".html"),
        ("text/plain", ".txt"),
        ("text/markdown", ".md"),
    ],
)
def test_the_kind_of_a_page_gives_its_suffix(server: str, kind: str, suffix: str) -> None:
    assert get(f"{server}/kind/{kind.replace(' ', '')}")[1] == suffix


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [
        ("application/pdf", ".pdf"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
        ("application/epub+zip", ".epub"),
        *((f"application/{name}", ".xml") for name in ("rss+xml", "atom+xml", "rdf+xml", "xml", "gzip", "x-gzip")),
        ("text/xml;charset=utf-8", ".xml"),
        ("text/csv; charset=utf-8", ".csv"),
        *((f"application/{name}", suffix) for name, suffix in (("zip", ".zip"), ("json", ".json"))),
        *(("application/x-ndjson", ".jsonl"), ("message/rfc822", ".eml")),
    ],
)
def test_files_and_feeds(server: str, kind: str, suffix: str) -> None:
    assert get(f"{server}/kind/{kind}")[:2] == (b"Text.", suffix)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.PDF", ".pdf"),
        ("a.epub", ".epub"),
        ("a.md?x=1", ".md"),
        ("a.xml", ".xml"),
        ("sitemap.xml.gz", ".xml"),
        ("a.csv", ".csv"),
    ],
)
def test_without_a_content_type_the_suffix_of_the_address_counts(server: str, name: str, suffix: str) -> None:
    assert get(f"{server}/untold/{name}")[1] == suffix


@pytest.mark.parametrize("name", ["", "a", "a.exe", "a.tar.gz", "a.md.gz", "pdf", "a.html/b"])
def test_without_a_content_type_other_suffixes_are_refused(server: str, name: str) -> None:
    assert "octet-stream" in refusal(f"{server}/untold/{name}")


def test_each_kind_has_its_own_limit(server: str) -> None:
    assert len(get(f"{server}/sized/20000000/application/pdf")[0]) == 20_000_000
    assert "50 MB" in refusal(f"{server}/sized/50000001/application/epub+zip", seconds=30)
    assert "10 MB" in refusal(f"{server}/sized/10000001/text/xml")


def test_a_feeds_own_declaration_of_its_encoding_counts(server: str) -> None:
    assert "é".encode() in get(f"{server}/xml")[0]


@pytest.mark.parametrize("kind", ["image/png", "application/msword", ""])
def test_other_kinds_are_refused(server: str, kind: str) -> None:
    assert (kind or "no stated kind") in refusal(f"{server}/kind/{kind}")


def test_a_page_in_its_servers_encoding_comes_in_utf8(server: str) -> None:
    assert get(f"{server}/latin")[0] == PAGE.encode()
    assert get(f"{server}/mislabelled")[0] == PAGE.encode("latin-1")


def test_compressed_pages(server: str) -> None:
    assert get(f"{server}/gzip")[0] == PAGE.encode()
    assert "10 MB" in refusal(f"{server}/bomb")
    refusal(f"{server}/brotli")
    refusal(f"{server}/broken")


def test_a_page_that_is_too_large(server: str) -> None:
    assert "10 MB" in refusal(f"{server}/large")


@pytest.mark.parametrize("status", ["404", "403", "500", "204", "304"])
def test_a_server_that_gives_no_page(server: str, status: str) -> None:
    assert status in refusal(f"{server}/status/{status}")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_says_when_to_try_again(server: str, status: int) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=3600)
    sentence = refusal(f"{server}/busy/{status}/3600")
    told = datetime.strptime(sentence[-21:], "%Y-%m-%d %H:%M UTC.").replace(tzinfo=UTC)
    assert str(status) in sentence and timedelta() <= told - soon < timedelta(seconds=75)
    date = format_datetime(datetime(2031, 3, 5, 10, 0, tzinfo=UTC), usegmt=True).replace(" ", "_")
    assert refusal(f"{server}/busy/{status}/{date}").endswith("try again after 2031-03-05 10:00 UTC.")
    with pytest.raises(NoPageError) as caught:
        get(f"{server}/busy/{status}/1")
    assert caught.value.status == status


@pytest.mark.parametrize("when", ["", "soon", "-1", "9" * 30, "9" * 5_000, "Tue,_99_Mar_2031_10:00:00_GMT"])
def test_a_busy_server_that_does_not_say_when(server: str, when: str) -> None:
    assert "check the address in a browser" in refusal(f"{server}/busy/429/{when}")


def test_a_compressed_bomb_is_never_whole_in_memory(server: str, traced: Callable[[], int]) -> None:
    assert "10 MB" in refusal(f"{server}/bomb")
    assert traced() < 110_000_000


@pytest.mark.parametrize(
    "target",
    [
        *(
            "http://localhost:{port}/page",
            "//localhost:{port}/page",
            "http://[::1]:{port}/page",
            "http://2130706433/",
        ),
        *(
            "http://user:secret@127.0.0.1:{port}/page",
            "file:///etc/passwd",
            "http://[",
            "gopher://127.0.0.1:{port}/",
        ),
    ],
)
def test_redirects_are_judged_like_addresses(server: str, target: str) -> None:
    """The first host counts as public here; the redirect's target is never asked."""
    addresses = iter([True])
    with pytest.raises(ArticleError) as caught:
        _fetch(f"{server}/to/{target.format(port=server.rpartition(':')[2])}", lambda _: next(addresses, False), 5)
    assert "secret" not in str(caught.value)
    assert len(Handler.seen) == 1


@pytest.mark.parametrize("path", ["slowly", "headers_slowly"])
def test_a_server_that_never_ends_is_left(server: str, path: str) -> None:
    started = time.monotonic()
    refusal(f"{server}/{path}", seconds=0.7)
    assert time.monotonic() - started < 3


def test_a_server_that_is_not_there() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    assert "check the address" in refusal(f"http://127.0.0.1:{port}/")
    assert "not found" in refusal("http://no-such-host.invalid/")
