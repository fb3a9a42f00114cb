"""The index folder: its one owner, damage, full disks and read-only disks."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from factbot import (
    CorpusIndexError,
    FactBot,
    IndexLockedError,
)
from factbot.cli.main import main
from tests.support.damage import DAMAGES
from tests.support.embedding import Recording
from tests.support.library import (
    ARTICLES,
    LIGHTHOUSE_QUESTION,
    Library,
    assert_even,
    assert_one_sentence,
    copied,
    findings,
    run_factbot,
    write_articles,
)

Capture = pytest.CaptureFixture[str]


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
    (own.parts / "catalog.db").write_bytes(b"garbage " * 1000)
    for _ in range(2):
        with pytest.raises(CorpusIndexError) as raised:
            own.open()
        assert not isinstance(raised.value, IndexLockedError)


def test_two_indexes_of_one_corpus_can_be_open_at_once(own: Library, library: Library, tmp_path: Path) -> None:
    other = copied(library, tmp_path / "other")
    with own.open() as bot, FactBot.open(own.corpus, index=other.index) as second:
        assert findings(bot) == findings(second)


# -- damage ----------------------------------------------------------------------------------------------


OF_EACH_STORE = ("catalog overwritten", "vectors overwritten", "words overwritten")  # the others are slow tests


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n in OF_EACH_STORE else pytest.mark.slow) for n in DAMAGES]
)
def test_damage_is_one_sentence_that_names_the_command_which_mends_it(
    own: Library, bot: FactBot, recording: Recording, capsys: Capture, name: str
) -> None:
    DAMAGES[name](own.parts)
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


@pytest.mark.slow
def test_a_limit_on_file_sizes_is_one_sentence_too(own: Library) -> None:
    """Where no disk can be filled, a process that may not write large files meets much the same errors."""
    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "from factbot.cli.main import main\n"
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


def test_the_index_is_its_owners_alone(library: Library, tmp_path: Path) -> None:
    """What was in memory may stand in Chroma's files."""
    with FactBot.open(library.corpus, index=tmp_path / "new" / "index"):
        assert (tmp_path / "new" / "index").stat().st_mode & 0o077 == 0
