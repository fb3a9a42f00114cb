"""One owner, the settings it was built with, damage, full and read-only disks, and a Chroma server."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import Recording, copied
from factbot import (
    CorpusIndexError,
    FactBot,
    IndexLockedError,
    IndexMismatchError,
    SyncProgress,
    UsageError,
    VectorStoreError,
)
from factbot.cli import main
from library import (
    ARTICLES,
    COUNT_QUESTION,
    LIGHTHOUSE_QUESTION,
    SHARED_QUESTION,
    Library,
    assert_even,
    assert_one_sentence,
    run_factbot,
    write_articles,
)

QUESTIONS = [LIGHTHOUSE_QUESTION, COUNT_QUESTION, SHARED_QUESTION, "comet Adeyemi", "東京の店"]

Capture = pytest.CaptureFixture[str]


def findings(bot: FactBot) -> list[list[tuple[str, float]]]:
    return [[(p.id, p.score) for p in bot.search(question, k=5)] for question in QUESTIONS]


# -- one owner ---------------------------------------------------------------------------------------


def test_a_second_process_is_told_who_has_the_index(own: Library) -> None:
    with own.open() as bot:
        bot.search("lighthouse")
        second = run_factbot("search", "lighthouse", *own.options)
        assert (second.returncode, second.stdout) == (1, "")
        assert_one_sentence(second.stderr, str(own.index), f"in use by process {os.getpid()}", "--index")
        with pytest.raises(IndexLockedError):
            own.open()
        assert bot.search("lighthouse")  # the first is not harmed by it
    assert run_factbot("articles", *own.options).returncode == 0


def test_a_killed_owner_leaves_no_lock_behind(own: Library) -> None:
    script = (
        "import sys, time\n"
        "from factbot import FactBot\n"
        "bot = FactBot.open(sys.argv[1], index=sys.argv[2])\n"
        "print('open', flush=True)\n"
        "time.sleep(600)\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(own.corpus), str(own.index)], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout and owner.stdout.readline() == "open\n"
    with pytest.raises(IndexLockedError, match=f"process {owner.pid}"):
        own.open()
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    with own.open() as bot:
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"


def test_a_failed_opening_leaves_no_lock_behind(own: Library) -> None:
    (own.index / "catalog.db").write_bytes(b"garbage " * 1000)
    for _ in range(2):
        with pytest.raises(CorpusIndexError) as raised:
            own.open()
        assert not isinstance(raised.value, IndexLockedError)


def test_two_indexes_of_one_corpus_can_be_open_at_once(own: Library, library: Library, tmp_path: Path) -> None:
    other = copied(library, tmp_path / "other")
    with own.open() as bot, FactBot.open(own.corpus, index=other.index) as second:
        assert findings(bot) == findings(second)


# -- the settings it was built with --------------------------------------------------------------------


def test_another_passage_size_asks_for_a_rebuild_that_mends_it(
    own: Library, recording: Recording, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTBOT_PASSAGE_SIZE", "120")
    for command in (["sync"], ["ask", LIGHTHOUSE_QUESTION], ["search", "lighthouse"], ["add", __file__]):
        assert main([*command, *own.options]) == 1
        assert_one_sentence(capsys.readouterr().err, "'350'", "'120'", "`factbot sync --rebuild`")
    assert recording.texts == []
    assert main(["sync", "--rebuild", *own.options]) == 0
    assert main(["sync", *own.options]) == 0
    with own.open(passage_size=120) as bot:
        assert_even(bot)
        assert max(len(t) for t in recording.texts) <= 120 or len(recording.texts) > 2 * len(ARTICLES)


def test_another_embedding_model_asks_for_a_rebuild_that_mends_it(own: Library, static_model: Path) -> None:
    with own.open(embedding_model=str(static_model)) as bot:
        for use in (
            bot.sync,
            lambda: bot.search("lighthouse"),
            lambda: bot.ask(LIGHTHOUSE_QUESTION),
            lambda: bot.as_retriever().invoke("lighthouse"),
            lambda: bot.as_runnable().invoke(LIGHTHOUSE_QUESTION),
            lambda: bot.add(own.corpus / "lighthouse.md"),
            lambda: bot.remove("lighthouse.md"),
        ):
            with pytest.raises(IndexMismatchError, match=r"embedding model.*`factbot sync --rebuild`"):
                use()
        assert (own.corpus / "lighthouse.md").exists()
    with own.open(embedding_model=str(static_model), rebuild=True) as bot:
        assert bot.sync().added == tuple(sorted(ARTICLES))
        assert_even(bot)
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"
    with own.open() as bot, pytest.raises(IndexMismatchError):
        bot.search("lighthouse")


# -- damage ----------------------------------------------------------------------------------------------


def overwritten(name: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        (index / name).write_bytes(b"\x00\xffgarbage" * 3000)

    return damage


def cut(name: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        os.truncate(index / name, (index / name).stat().st_size // 2)

    return damage


def removed(*patterns: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        for path in [path for pattern in patterns for path in index.glob(pattern)]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    return damage


def file_in_place_of(name: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        removed(name)(index)
        (index / name).write_text("not a folder")

    return damage


DAMAGES = {
    "catalog overwritten": overwritten("catalog.db"),
    "catalog cut in half": cut("catalog.db"),
    "catalog emptied": lambda index: os.truncate(index / "catalog.db", 0),
    "catalog removed": removed("catalog.db*"),
    "vectors removed": removed("chroma"),
    "vectors overwritten": overwritten("chroma/chroma.sqlite3"),
    "vectors cut in half": cut("chroma/chroma.sqlite3"),
    "vectors' graph removed": removed("chroma/*-*"),
    "vectors a file": file_in_place_of("chroma"),
    "words removed": removed("words"),
    "words overwritten": overwritten("words/meta.json"),
    "words' segments removed": removed("words/*.store", "words/*.term", "words/*.idx", "words/*.pos"),
    "words a file": file_in_place_of("words"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_one_sentence_that_names_the_command_which_mends_it(
    own: Library, bot: FactBot, recording: Recording, capsys: Capture, name: str
) -> None:
    DAMAGES[name](own.index)
    ask = ["search", LIGHTHOUSE_QUESTION, *own.options]
    code = main(ask)
    out, err = capsys.readouterr()
    if code == 0:  # words stand in for lost vectors and the other way round, until the next sync
        command = ["sync"]
    else:
        assert (code, out) == (1, "")
        assert_one_sentence(err)
        commands = re.findall(r"`factbot ([^`]+)`", err)
        assert commands, err
        command = commands[-1].split()
    assert command[0] == "sync"
    assert main([*command, *own.options]) == 0, capsys.readouterr().err
    capsys.readouterr()
    assert main(["sync", *own.options]) == 0
    assert f"{len(ARTICLES)} unchanged" in capsys.readouterr().out
    assert main(ask) == 0
    assert main(["doctor", *own.options]) == 0, capsys.readouterr().out
    with own.open() as mended:
        assert_even(mended)
        assert findings(mended) == findings(bot)


def test_doctor_sees_damage_and_says_what_to_do(own: Library, capsys: Capture) -> None:
    assert main(["doctor", *own.options]) == 0
    capsys.readouterr()
    shutil.rmtree(own.index / "chroma")
    (own.corpus / "new.txt").write_text("New\n\nNot yet indexed.", encoding="utf-8")
    assert main(["doctor", *own.options]) == 1
    out, err = capsys.readouterr()
    (bad,) = [line for line in out.splitlines() if line.startswith("bad")]
    assert "1 not indexed yet" in bad and f"{len(ARTICLES)} half indexed" in bad and "`factbot sync`" in bad
    assert err == ""


def test_a_rebuild_leaves_what_is_not_the_index_alone(own: Library, recording: Recording) -> None:
    (own.index / "notes.txt").write_text("mine")
    with own.open(rebuild=True) as bot:
        bot.sync()
    assert (own.index / "notes.txt").read_text() == "mine"
    assert {path.name for path in own.index.iterdir()} <= {
        "notes.txt",
        "catalog.db",
        "catalog.db-wal",
        "catalog.db-shm",
        "chroma",
        "words",
        "lock",
        "owner",
    }


# -- places that cannot be written -------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/factbot", "/dev/null", "/sys/factbot"])
def test_an_index_folder_that_cannot_be_made_is_one_sentence(
    library: Library, tmp_path: Path, capsys: Capture, place: str
) -> None:
    (tmp_path / "file").write_text("no folder")
    index = tmp_path / place
    assert main(["sync", "--corpus", str(library.corpus), "--index", str(index)]) == 1
    assert_one_sentence(capsys.readouterr().err, str(index), "--index")


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A file system of that size, held in memory; gives a way to mount it again with other options."""
    folder.mkdir()

    def mount(options: str) -> None:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")

    if not shutil.which("mount"):
        pytest.skip("there is no mount here")
    mount(f"size={size}")
    try:
        yield lambda options: mount(f"remount,{options}")
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("command", [["sync"], ["search", "lighthouse"], ["sync", "--rebuild"], ["articles"]])
def test_a_read_only_index_is_one_sentence(
    library: Library, tmp_path: Path, capsys: Capture, command: list[str]
) -> None:
    with mounted(tmp_path / "disk", "64m") as remount:
        shutil.copytree(library.index, tmp_path / "disk" / "index")
        remount("ro")
        options = ["--corpus", str(library.corpus), "--index", str(tmp_path / "disk" / "index")]
        assert main([*command, *options]) == 1
        assert_one_sentence(capsys.readouterr().err, "Read-only file system", "--index")


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8])
def test_a_full_disk_is_one_sentence_and_space_is_all_it_takes(
    library: Library, bot: FactBot, recording: Recording, tmp_path: Path, capsys: Capture, part: float
) -> None:
    needed = sum(path.stat().st_size for path in library.index.rglob("*") if path.is_file())
    with mounted(tmp_path / "disk", f"{int(part * needed)}") as remount:
        onto = Library(library.corpus, tmp_path / "disk" / "index")
        assert main(["sync", *onto.options]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert_one_sentence(err, "space")
        remount("size=64m")
        assert main(["sync", *onto.options]) == 0, capsys.readouterr().err
        with onto.open() as mended:
            assert_even(mended)
            assert findings(mended) == findings(bot)


def test_a_limit_on_file_sizes_is_one_sentence_too(own: Library) -> None:
    """Where no disk can be filled, a process that may not write large files meets much the same errors."""
    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "from factbot.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    write_articles(own.corpus, {f"{n}.txt": f"Number {n}\n\n{'It rained all day. ' * 40}" for n in range(30)})
    done = subprocess.run(
        [sys.executable, "-c", script, "sync", *own.options], capture_output=True, encoding="utf-8", timeout=200
    )
    assert done.returncode == 1
    assert_one_sentence(done.stderr)
    with own.open() as bot:
        bot.sync()
        assert_even(bot)


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
