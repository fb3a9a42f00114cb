"""The next sync repairs what a killed sync left."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from factbot.index.location import read_owner
from tests.support.embedding import Recording
from tests.support.library import (
    ARTICLES,
    LIGHTHOUSE_QUESTION,
    Library,
    assert_even,
    assert_one_sentence,
    boats,
    command,
    run_factbot,
    write_articles,
)

# -- stopped at any moment ---------------------------------------------------------------------------

SMALL: dict[str, Any] = {"FACTBOT_PASSAGE_SIZE": "40"}  # a sentence a passage: many of them, quickly embedded
QUESTIONS = ["Who repaired boat 7?", "What did the skipper of boat 10 find?", "Where was boat 9 painted?"]


@pytest.fixture
def harbour(tmp_path: Path) -> Library:
    """600 passages, which a sync writes in three batches."""
    return Library(write_articles(tmp_path / "corpus", boats(30, 17)), tmp_path / "index")


def built_afresh(library: Library, folder: Path) -> Library:
    """The same corpus with an index that has never been interrupted."""
    fresh = Library(library.corpus, folder)
    with fresh.open(passage_size=40) as bot:
        assert not bot.sync().failed
    return fresh


def findings(library: Library) -> tuple[object, ...]:
    """All that an index holds, and what it finds by words, in order. Vectors are compared as they are stored."""
    with library.open(passage_size=40) as bot:
        assert_even(bot)
        ids = sorted(i for i, _ in bot.index.vectors.ids())
        vectors = {i: vector.tobytes() for i, vector in bot.index.vectors.vectors_of(ids).items()}
        said = [[i for i, _ in bot.index.words.search(question, 1_000)] for question in QUESTIONS]
        return ids, vectors, said, bot.corpus_version


KILLED_BEFORE = """
import importlib, os, signal, sys
import factbot.index.sync
from factbot.cli.main import main

step, call, *arguments = sys.argv[1:]
module, kind, method = step.rsplit(".", 2)
kind = getattr(importlib.import_module("factbot." + module), kind)
real, calls = getattr(kind, method), []

def killed(self, *given, **named):
    calls.append(step)
    if len(calls) == int(call):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, *given, **named)

factbot.index.sync.BATCH = 30
setattr(kind, method, killed)
sys.exit(main(arguments))
"""


@pytest.fixture(scope="module")
def outdated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, tuple[object, ...]]:
    """An index whose corpus has since lost, changed and gained articles, and what it should become."""
    folder = tmp_path_factory.mktemp("outdated")
    library = built_afresh(Library(write_articles(folder / "corpus", boats(9, 7)), folder), folder / "index")
    for n in range(2):
        (library.corpus / f"boat-{n:02}.txt").unlink()
    blue, more = boats(7, 7, "blue"), boats(12, 7)
    write_articles(library.corpus, {name: text for name, text in blue.items() if name >= "boat-02"})
    write_articles(library.corpus, {name: text for name, text in more.items() if name >= "boat-09"})
    return library, findings(built_afresh(library, folder / "fresh"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "call"),
    [
        ("index.vectors.VectorStore.delete_articles", 1),  # of the articles that are gone
        ("index.vectors.VectorStore.delete_articles", 2),
        ("index.vectors.VectorStore.upsert", 2),
        ("index.lexical.LexicalIndex.add", 2),
        ("index.lexical.LexicalIndex.commit", 2),
        ("index.catalog.Catalog.finish", 2),
        ("index.catalog.Catalog.begin", 3),
        ("index.catalog.Catalog.set_meta", 1),  # all is written but the corpus's version
    ],
)
def test_a_kill_at_any_step_is_mended_by_the_next_sync(
    outdated: tuple[Library, tuple[object, ...]], recording: Recording, tmp_path: Path, step: str, call: int
) -> None:
    old, expected = outdated
    shutil.copytree(old.index, tmp_path / "index")
    library = Library(old.corpus, tmp_path / "index")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BEFORE, step, str(call), "sync", *library.options],
        env={**os.environ, **SMALL},
        capture_output=True,
        timeout=200,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with library.open(passage_size=40) as bot:
        assert not bot.sync().failed
        assert len(bot.sync().unchanged) == len(bot.articles()) == 10
    assert findings(library) == expected


@pytest.mark.slow
def test_kills_at_random_moments_lose_nothing_and_double_nothing(
    harbour: Library, recording: Recording, tmp_path: Path
) -> None:
    """`factbot sync` itself, killed with -9 up to three times, while files change in between."""
    moments = random.Random(20171222)
    works = 0.0  # seconds from having the index to the end
    kills = 0
    for attempt in range(4):
        index = harbour.index if works else tmp_path / "first"
        syncing = subprocess.Popen(
            command("sync", "--corpus", harbour.corpus, "--index", index),
            env={**os.environ, **SMALL},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        while not owned_by(index, syncing.pid):
            time.sleep(0.005)
        started = time.monotonic()
        try:
            syncing.wait(works * moments.uniform(0.2, 0.9) if works else 200)
        except subprocess.TimeoutExpired:
            syncing.kill()
            kills += 1
        _, said = syncing.communicate()
        assert said == b""
        if not works:
            works = time.monotonic() - started
        else:
            green = f"boat-{attempt:02}.txt"
            write_articles(harbour.corpus, {green: boats(30, 17, "green")[green]})
            (harbour.corpus / f"boat-{29 - attempt:02}.txt").unlink()
    assert kills
    done = run_factbot("sync", *harbour.options, **SMALL)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("27 articles, 540 passages")
    doctor = run_factbot("doctor", *harbour.options, **SMALL)
    assert doctor.returncode == 0, doctor.stdout
    assert findings(harbour) == findings(built_afresh(harbour, tmp_path / "fresh"))


def owned_by(index: Path, process: int) -> bool:
    owner = read_owner(index)
    return owner is not None and owner.pid == process


@pytest.fixture
def halfway(harbour: Library) -> Iterator[subprocess.Popen[str]]:
    """A `factbot sync` that has written its first batch and is at work on the next."""
    syncing = subprocess.Popen(
        command("sync", *harbour.options),
        env={**os.environ, **SMALL},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    while syncing.poll() is None and not indexed_articles(harbour):
        time.sleep(0.01)
    yield syncing
    if syncing.poll() is None:
        syncing.kill()
        syncing.communicate()


def indexed_articles(library: Library) -> int:
    try:
        with closing(sqlite3.connect(f"{(library.parts / 'catalog.db').as_uri()}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
    except (sqlite3.OperationalError, OSError):  # not there yet
        return 0


@pytest.mark.slow
def test_ctrl_c_stops_with_a_sentence_and_keeps_what_was_done(
    harbour: Library, halfway: subprocess.Popen[str]
) -> None:
    halfway.send_signal(signal.SIGINT)
    out, said = halfway.communicate(timeout=100)
    assert (halfway.returncode, out) == (1, "")
    assert_one_sentence(said, "stopped", "`factbot sync` goes on from there")
    done = run_factbot("sync", "--json", *harbour.options, **SMALL)
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert report["unchanged"], "the batches before the interruption were thrown away"
    assert len(report["unchanged"]) + len(report["added"]) + len(report["updated"]) == 30
    with harbour.open(passage_size=40) as bot:
        assert_even(bot)


@pytest.mark.slow
@pytest.mark.parametrize(
    "step", ["factbot.index.location.IndexLocation.switch_to", "factbot.index.location.IndexLocation.remove"]
)
def test_a_rebuild_killed_where_it_takes_over_loses_nothing(own: Library, step: str) -> None:
    script = (
        "import importlib, os, signal, sys\n"
        "module, kind, method = sys.argv.pop(1).rsplit('.', 2)\n"
        "kill = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "setattr(getattr(importlib.import_module(module), kind), method, kill)\n"
        "from factbot.cli.main import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    before = own.parts.name
    killed = subprocess.run(
        [sys.executable, "-c", script, step, "sync", "--rebuild", *own.options], capture_output=True, timeout=200
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (own.parts.name == before) == step.endswith("switch_to")
    with own.open() as bot:
        assert len(bot.sync().unchanged) == len(ARTICLES), "whichever answers is whole"
        assert_even(bot)
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"
        bot.rebuild()
    assert [path.name for path in own.index.glob("index-*")] == [own.parts.name]
