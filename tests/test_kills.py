"""Stopped at any moment, a sync is finished by the next one: nothing is lost and nothing stands twice."""

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
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from conftest import Recording
from library import (
    LIGHTHOUSE_QUESTION,
    Library,
    assert_even,
    assert_one_sentence,
    command,
    run_factbot,
    write_articles,
)

SMALL = {"FACTBOT_PASSAGE_SIZE": "40"}  # a sentence a passage: many of them, quickly embedded
QUESTIONS = ["Who repaired boat 7?", "What did the skipper of boat 10 find?", "Where was boat 9 painted?"]


def boats(count: int, days: int, colour: str = "red") -> dict[str, str]:
    """Articles of `days` + 3 sentences each."""
    return {
        f"boat-{n:02}.txt": f"Boat {n}\n\nThe skipper of boat {n} found {n + 3} crates of oranges.\n\n"
        + f"Boat {n} was painted {colour} in yard {n % 7}.\n\n"
        + f"Agda Holm repaired boat {n} in week {n}.\n\n"
        + "\n\n".join(f"On day {day} boat {n} caught {n * day} herrings." for day in range(days))
        for n in range(count)
    }


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


@dataclass(frozen=True)
class Findings:
    """All that an index holds, and what it finds for QUESTIONS by vectors and by words, each whole.

    Not the fused ranking: BM25 counts deleted passages until tantivy has merged them away, which can move a
    rank, but what is found, and how near it is, may not differ.
    """

    corpus_version: str
    passages: list[str]
    near: list[list[str]]
    said: list[list[str]]
    cosines: NDArray[np.float64]

    @classmethod
    def of(cls, library: Library) -> Findings:
        with library.open(passage_size=40) as bot:
            assert_even(bot)
            retriever = bot.as_retriever()
            near = [sorted(bot.index.vectors.query(retriever.embedder.embed_query(q), 1_000)) for q in QUESTIONS]
            return cls(
                bot.corpus_version,
                sorted(i for i, _ in bot.index.vectors.ids()),
                [[i for i, _ in found] for found in near],
                [sorted(i for i, _ in bot.index.words.search(q, 1_000)) for q in QUESTIONS],
                np.array([[cosine for _, cosine in found] for found in near]),
            )

    def assert_same(self, other: Findings) -> None:
        assert self.corpus_version == other.corpus_version
        assert self.passages == other.passages
        assert self.near == other.near == [self.passages] * len(QUESTIONS)
        assert self.said == other.said
        np.testing.assert_allclose(self.cosines, other.cosines, atol=1e-5)


KILLED_BEFORE = """
import importlib, os, signal, sys
import factbot.sync
from factbot.cli import main

step, call, *arguments = sys.argv[1:]
module, kind, method = step.split(".")
kind = getattr(importlib.import_module("factbot." + module), kind)
real, calls = getattr(kind, method), []

def killed(self, *given, **named):
    calls.append(step)
    if len(calls) == int(call):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, *given, **named)

factbot.sync.BATCH = 30
setattr(kind, method, killed)
sys.exit(main(arguments))
"""


@pytest.fixture(scope="module")
def outdated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, Findings]:
    """An index whose corpus has since lost, changed and gained articles, and what it should become."""
    folder = tmp_path_factory.mktemp("outdated")
    library = built_afresh(Library(write_articles(folder / "corpus", boats(9, 7)), folder), folder / "index")
    for n in range(2):
        (library.corpus / f"boat-{n:02}.txt").unlink()
    blue, more = boats(7, 7, "blue"), boats(12, 7)
    write_articles(library.corpus, {name: text for name, text in blue.items() if name >= "boat-02"})
    write_articles(library.corpus, {name: text for name, text in more.items() if name >= "boat-09"})
    return library, Findings.of(built_afresh(library, folder / "fresh"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "call"),
    [
        ("vectors.VectorStore.delete_articles", 1),  # of the articles that are gone
        ("vectors.VectorStore.delete_articles", 2),
        ("vectors.VectorStore.upsert", 2),
        ("lexical.LexicalIndex.add", 2),
        ("lexical.LexicalIndex.commit", 2),
        ("catalog.Catalog.finish", 2),
        ("catalog.Catalog.begin", 3),
        ("catalog.Catalog.set_meta", 1),  # all is written but the corpus's version
    ],
)
def test_a_kill_at_any_step_is_mended_by_the_next_sync(
    outdated: tuple[Library, Findings], recording: Recording, tmp_path: Path, step: str, call: int
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
    Findings.of(library).assert_same(expected)


@pytest.mark.slow
def test_kills_at_random_moments_lose_nothing_and_double_nothing(
    harbour: Library, recording: Recording, tmp_path: Path
) -> None:
    """`factbot sync` itself, killed with -9 six times, while files go and change in between."""
    moments = random.Random(20171222)
    kills, patience = 0, 0.0
    for attempt in range(20):
        syncing = subprocess.Popen(
            command("sync", *harbour.options),
            env={**os.environ, **SMALL},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        while not owned_by(harbour.index, syncing.pid):
            time.sleep(0.005)
        started = time.monotonic()
        try:
            syncing.wait(moments.uniform(0.2, 0.9) * patience if patience else 200)
            patience = time.monotonic() - started  # how long a whole sync takes, on a machine that may be busy
        except subprocess.TimeoutExpired:
            syncing.kill()
            kills += 1
        _, said = syncing.communicate()
        assert said == b""
        (harbour.corpus / f"boat-{29 - attempt:02}.txt").unlink()
        write_articles(harbour.corpus, boats(29 - attempt, 17, f"shade {attempt}"))
        if kills == 6:
            break
    assert kills == 6
    done = run_factbot("sync", *harbour.options, **SMALL)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{29 - attempt} articles, {20 * (29 - attempt)} passages")
    doctor = run_factbot("doctor", *harbour.options, **SMALL)
    assert doctor.returncode == 0, doctor.stdout
    Findings.of(harbour).assert_same(Findings.of(built_afresh(harbour, tmp_path / "fresh")))


def owned_by(index: Path, process: int) -> bool:
    try:
        return (index / "owner").read_text() == f"process {process}"
    except FileNotFoundError:
        return False


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
    while syncing.poll() is None and not indexed_articles(harbour.index / "catalog.db"):
        time.sleep(0.01)
    yield syncing
    if syncing.poll() is None:
        syncing.kill()
        syncing.communicate()


def indexed_articles(catalog: Path) -> int:
    try:
        with closing(sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0


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


def test_a_killed_rebuild_is_finished_by_the_next_sync(own: Library, tmp_path: Path) -> None:
    script = (
        "import os, signal, shutil, sys\n"
        "import factbot.index\n"
        "real = shutil.rmtree\n"
        "def rmtree(*a, **k):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "factbot.index.shutil.rmtree = rmtree\n"
        "from factbot.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, "sync", "--rebuild", *own.options], capture_output=True, timeout=200
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with own.open() as bot:
        assert not bot.sync().failed
        assert_even(bot)
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"
