"""A Chroma server in place of local files: the same results, and a sentence when it is not there."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Recording
from factbot import (
    FactBot,
    IndexMismatchError,
    SyncProgress,
    UsageError,
    VectorStoreError,
)
from factbot.cli import main
from library import (
    ARTICLES,
    LIGHTHOUSE_QUESTION,
    Library,
    assert_even,
    assert_one_sentence,
    write_articles,
)

Capture = pytest.CaptureFixture[str]


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
        assert not (own.index / "chroma").exists()
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
    own: Library, recording: Recording, shared_server: Server, tmp_path: Path, capsys: Capture
) -> None:
    settings = {"chroma_url": shared_server.url, "chroma_collection": "contested"}
    other = Library(write_articles(tmp_path / "other", {"x.txt": "X\n\nA text of its own."}), tmp_path / "index")
    with own.open(**settings) as bot:
        bot.sync()
    with pytest.raises(IndexMismatchError, match=r"FACTBOT_CHROMA_COLLECTION.*`factbot sync --rebuild`"):
        other.open(**settings)
    with own.open(**settings) as bot:
        assert_even(bot)
    with other.open(**settings, rebuild=True) as bot:  # knowingly taken over
        bot.sync()
        assert_even(bot)
    with pytest.raises(IndexMismatchError):
        own.open(**settings)


def test_a_collection_that_something_else_filled_is_left_alone(own: Library, shared_server: Server) -> None:
    import chromadb

    client = chromadb.HttpClient(host="127.0.0.1", port=int(shared_server.url.rpartition(":")[2]))
    client.create_collection("foreign", embedding_function=None).add(ids=["1"], embeddings=[[1.0, 0.0]])
    with pytest.raises(IndexMismatchError, match="FACTBOT_CHROMA_COLLECTION"):
        own.open(chroma_url=shared_server.url, chroma_collection="foreign")
    assert client.get_collection("foreign", embedding_function=None).count() == 1


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
def test_an_address_that_is_none_is_called_wrongly(own: Library, url: str) -> None:
    with pytest.raises(UsageError, match=r"FACTBOT_CHROMA_URL.*like http://127\.0\.0\.1:8000\.$"):
        own.open(chroma_url=url)


def test_a_server_of_something_else_is_one_sentence(own: Library) -> None:
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
    monkeypatch.setattr("factbot.sync.BATCH", 4)

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
