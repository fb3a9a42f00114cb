"""An index on a Chroma server: several processes read while one writes, and the server may stop."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from factbot import (
    CorpusIndexError,
    FactBot,
    IndexLockedError,
    SyncProgress,
    UsageError,
    VectorStoreError,
)
from factbot.cli.main import main
from tests.support.embedding import Recording
from tests.support.library import (
    ARTICLES,
    LIGHTHOUSE_QUESTION,
    Library,
    assert_even,
    assert_one_sentence,
    command,
    findings,
    write_articles,
)

Capture = pytest.CaptureFixture[str]


# -- a Chroma server ----------------------------------------------------------------------------------------


class Server:
    """`chroma run`, for real, on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        chroma = Path(sys.executable).with_name("chroma")
        if not chroma.exists():
            pytest.skip(f"there is no {chroma}")
        self._process = subprocess.Popen(
            [str(chroma), "run", "--path", str(self._folder), "--port", str(self._port)],
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        patience = time.monotonic() + 100
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port)).close()
                return
            except OSError:
                assert self._process.poll() is None and time.monotonic() < patience, "chroma run does not start"
                time.sleep(0.05)

    def collections(self, name: str) -> list[str]:
        """The names of the collections that begin with `name`."""
        import chromadb

        client = chromadb.HttpClient(host="127.0.0.1", port=self._port)
        return [c.name for c in client.list_collections() if c.name.startswith(name)]

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One that the test may stop."""
    server = Server(tmp_path / "server")
    server.start()
    yield server
    server.stop()


def test_a_chroma_server_gives_the_same_results_as_local_files(
    own: Library, bot: FactBot, recording: Recording, shared_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTBOT_CHROMA_URL", shared_server.url)
    monkeypatch.setenv("FACTBOT_CHROMA_COLLECTION", "same-results")
    shutil.rmtree(own.index)
    with own.open() as served:
        assert served.sync().added == tuple(sorted(ARTICLES))
        assert_even(served)
        assert findings(served) == findings(bot)
        assert not (own.parts / "chroma").exists()
    recording.texts.clear()
    with own.open() as again:
        assert len(again.sync().unchanged) == len(ARTICLES)
        assert recording.texts == []
        again.remove("lighthouse.md")
        assert_even(again)


def test_an_index_moves_to_a_server_by_a_sync(
    own: Library, bot: FactBot, recording: Recording, shared_server: Server
) -> None:
    with own.open(chroma_url=shared_server.url, chroma_collection="moved") as served:
        served.sync()
        assert_even(served)
        assert findings(served) == findings(bot)


def test_two_corpora_never_share_a_collection(
    own: Library, recording: Recording, shared_server: Server, tmp_path: Path
) -> None:
    settings = {"chroma_url": shared_server.url, "chroma_collection": "contested"}
    other = Library(write_articles(tmp_path / "other", {"x.txt": "X\n\nA text of its own."}), tmp_path / "index")
    with own.open(**settings) as bot, other.open(**settings) as second:
        bot.sync()
        second.sync()
        assert_even(bot)
        assert_even(second)
    collections = shared_server.collections("contested")
    assert len(collections) == 2
    with other.open(**settings, rebuild=True) as second:
        second.sync()
        assert_even(second)
    assert len(shared_server.collections("contested")) == 2, "the old one is removed"
    with own.open(**settings) as bot:
        assert_even(bot)


@pytest.mark.parametrize("command", [["sync"], ["ask", LIGHTHOUSE_QUESTION], ["articles"], ["doctor"]])
def test_a_server_that_is_down_is_one_sentence(
    own: Library, capsys: Capture, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, so that nobody else takes it, but not listening
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        monkeypatch.setenv("FACTBOT_CHROMA_URL", url)
        assert main([*command, *own.options]) == 1
    out, err = capsys.readouterr()
    if command == ["doctor"]:
        (err,) = [line.replace("bad  index", "factbot") for line in out.splitlines() if line.startswith("bad")]
    assert_one_sentence(err, url, "`chroma run`", "FACTBOT_CHROMA_URL")


@pytest.mark.parametrize("url", ["localhost", "http://", "http://127.0.0.1:port", "ftp://127.0.0.1:8000"])
def test_an_impossible_address_is_a_usage_error(own: Library, url: str) -> None:
    with pytest.raises(UsageError, match=r"FACTBOT_CHROMA_URL.*like http://127\.0\.0\.1:8000\.$"):
        own.open(chroma_url=url)


def test_a_server_that_is_not_chroma_is_one_sentence(own: Library) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        import threading

        def answer() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(10_000)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(VectorStoreError, match=r"`chroma run`.*\.$"):
            own.open(chroma_url=f"http://127.0.0.1:{listener.getsockname()[1]}")


def test_a_server_that_goes_away_is_one_sentence_and_nothing_is_lost(
    own: Library, recording: Recording, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factbot.index.sync.BATCH", 4)

    def pull_the_plug(progress: SyncProgress) -> None:
        server.stop()

    with own.open(chroma_url=server.url) as bot:
        with pytest.raises(VectorStoreError, match=r"^The Chroma server at http\S+ cannot be used .*\.$"):
            bot.sync(pull_the_plug)
        with pytest.raises(VectorStoreError, match="`chroma run`"):
            bot.search(LIGHTHOUSE_QUESTION)
        server.start()
        assert not bot.sync().failed
        assert_even(bot)
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"


# -- several processes ---------------------------------------------------------------------------------


def test_a_second_process_reads_what_the_first_one_writes(
    own: Library, recording: Recording, shared_server: Server, tmp_path: Path
) -> None:
    settings = {"chroma_url": shared_server.url, "chroma_collection": "beside"}
    with own.open(**settings) as writer:
        writer.sync()
        with own.open(**settings) as reader:
            assert findings(reader) == findings(writer)
            for change in (
                lambda: reader.add(own.corpus / "lighthouse.md"),
                lambda: reader.remove("lighthouse.md"),
                reader.sync,
                reader.rebuild,
            ):
                with pytest.raises(IndexLockedError, match=f"process {os.getpid()}"):
                    change()
            write_articles(tmp_path, {"owl.txt": "Owl\n\nA snowy owl was seen on the roof of the Orrin museum."})
            writer.add(tmp_path / "owl.txt")
            assert reader.search("snowy owl")[0].article_id == "owl.txt"
            writer.rebuild()
            assert reader.search("snowy owl")[0].article_id == "owl.txt", "it follows to the index that took over"
            assert len(reader.articles()) == len(ARTICLES) + 1
        with own.open(**settings) as reader:
            writer.close()
            reader.remove("owl.txt")  # it is alone now, so that it may write
            assert len(reader.articles()) == len(ARTICLES)


def test_a_rebuild_beside_the_one_that_writes_leaves_its_index_alone(own: Library, shared_server: Server) -> None:
    settings = {"chroma_url": shared_server.url, "chroma_collection": "left-alone"}
    with own.open(**settings) as writer:
        writer.sync()
        (own.index / "current").unlink()
        with pytest.raises(CorpusIndexError):
            own.open(**settings, rebuild=True)
        assert writer.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"
        assert own.index / writer.index.folder.name in own.index.iterdir()


@pytest.mark.slow
def test_a_rebuild_beside_the_app_is_done_by_the_app(
    own: Library, shared_server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FACTBOT_CHROMA_URL", shared_server.url)
    monkeypatch.setenv("FACTBOT_CHROMA_COLLECTION", "of-the-app")
    app = subprocess.Popen(
        command("serve", "--no-browser", "--port", "0", *own.options), stdout=subprocess.PIPE, text=True
    )
    try:
        assert app.stdout and app.stdout.readline().startswith("The chat is at ")
        (own.index / "current").unlink()
        assert main(["sync", "--rebuild", *own.options]) == 0, capsys.readouterr().err
        assert main(["ask", LIGHTHOUSE_QUESTION, *own.options]) == 0
        assert "Agnes Marlow" in capsys.readouterr().out
    finally:
        app.kill()
        app.communicate()


READ = """
import sys, time
from factbot import FactBot, FactbotError

with FactBot.open(sys.argv[1], index=sys.argv[2]) as bot:
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            found = bot.search("Who built the lighthouse at Orrin Point?", k=1)
            print(found[0].article_id if found else "nothing", len(bot.articles()), flush=True)
        except FactbotError as error:
            print("error", error, flush=True)
"""


@pytest.mark.slow
def test_four_processes_read_while_one_writes_and_the_server_dies_under_them(
    own: Library, server: Server, tmp_path: Path
) -> None:
    environment = {**os.environ, "FACTBOT_CHROMA_URL": server.url}
    with own.open(chroma_url=server.url) as writer:
        writer.sync()
        readers = [
            subprocess.Popen(
                [sys.executable, "-c", READ, str(own.corpus), str(own.index)],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]

        def said() -> list[str]:
            for reader in readers:
                assert reader.stdin is not None
                print("ask", file=reader.stdin, flush=True)
            return [reader.stdout.readline().strip() for reader in readers if reader.stdout]

        assert [reader.stdout.readline().strip() for reader in readers if reader.stdout] == ["ready"] * 4
        for number in range(8):
            write_articles(tmp_path, {f"{number}.txt": f"Number {number}\n\nIt rained on day {number}."})
            writer.add(tmp_path / f"{number}.txt")
            assert said() == [f"lighthouse.md {len(ARTICLES) + number + 1}"] * 4
        server.stop()
        assert all(line.startswith("error The Chroma server at ") for line in said())
        with pytest.raises(VectorStoreError):
            writer.add(own.corpus / "lighthouse.md")
            writer.remove("lighthouse.md")
        server.start()
        assert not writer.sync().failed
        writer.restore("lighthouse.md")
        assert said() == [f"lighthouse.md {len(ARTICLES) + 8}"] * 4
        assert_even(writer)
        for reader in readers:
            reader.communicate(timeout=60)
            assert reader.returncode == 0


# -- behind a proxy --------------------------------------------------------------------------------------


TOKEN = "open-sesame"


class Proxy(BaseHTTPRequestHandler):
    """Passes on to the Chroma server at `target` what shows the token."""

    protocol_version = "HTTP/1.1"
    target = ""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401, b'{"error": "AuthError", "message": "no token"}')
            return
        headers = {"Content-Type": self.headers.get("Content-Type", "application/json")}
        passed = httpx.request(
            self.command, f"{self.target}{self.path}", content=body, headers=headers, timeout=60
        )
        self._answer(passed.status_code, passed.content)

    do_POST = do_PUT = do_DELETE = do_GET

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxy(shared_server: Server, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a TLS proxy in front of the Chroma server, and its certificate."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate")
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    make += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    handler = type("To", (Proxy,), {"target": shared_server.url})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://localhost:{server.server_port}", certificate
        server.shutdown()


@pytest.mark.slow
def test_a_server_behind_tls_and_a_token(
    own: Library, bot: FactBot, recording: Recording, proxy: tuple[str, Path]
) -> None:
    url, certificate = proxy
    settings = {"chroma_url": url, "chroma_collection": "behind-proxy", "chroma_ca": str(certificate)}
    with own.open(**settings, chroma_token=TOKEN) as served:
        served.sync()
        assert_even(served)
        assert findings(served) == findings(bot)
    for wrong in ({**settings, "chroma_token": "guessed"}, {**settings, "chroma_token": TOKEN, "chroma_ca": ""}):
        with pytest.raises(VectorStoreError) as refused:
            own.open(**wrong)
        assert TOKEN not in str(refused.value) and "guessed" not in str(refused.value)
