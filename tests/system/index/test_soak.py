"""A process that writes and answers is killed with -9 at random moments: nothing is lost.

Six kills by default; `make soak` sets FACTBOT_SOAK to fifty.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from factbot.corpus.folder import Corpus
from tests.support.embedding import Recording
from tests.support.library import Library, assert_even, findings, write_articles

KILLS = int(os.environ.get("FACTBOT_SOAK", "3"))
SEED = 20171222
LONGEST = 6.0  # seconds at work before a kill
STORY = "The trawler {name} landed {count} crates of herring at Lys. Its skipper sold them to {name} & Sons."

# It does one thing after another, says on standard output what it begins and what is done, and asks all the while.
WORKER = """
import random, sys, threading, time
from pathlib import Path
from factbot import Article, FactBot
import factbot.index.sync

factbot.index.sync.BATCH = 8
corpus, index, seed, story = sys.argv[1:]
chance = random.Random(int(seed))

def ask(bot):
    while True:
        bot.search("Who landed crates of herring at Lys?", k=3)
        time.sleep(0.2)

def say(*words):
    print(*words, flush=True)

with FactBot.open(corpus, index=index, rebuild=chance.random() < 0.3) as bot:
    bot.sync()
    say("open")
    threading.Thread(target=ask, args=(bot,), daemon=True).start()
    while True:
        ids = [article.id for article in bot.articles()]
        step = chance.choice(["add", "add", "add", "remove", "restore", "write", "rebuild"])
        name = f"boat {chance.randrange(10**9)}"
        if step == "add":
            say("begin", "add", name.replace(" ", "-") + ".txt")
            article = bot.add(Article(name, story.format(name=name, count=chance.randrange(900))))
            say("done", "add", article.id)
        elif step == "remove" and len(ids) > 5:
            say("begin", "remove", chosen := chance.choice(ids))
            bot.remove(chosen)
            say("done", "remove", chosen)
        elif step == "restore" and (gone := list(bot.withdrawn())):
            say("begin", "restore", chosen := chance.choice(gone))
            bot.restore(chosen)
            say("done", "restore", chosen)
        elif step == "write":
            say("begin", "write", chosen := name.replace(" ", "-") + ".md")
            (Path(corpus) / chosen).write_text(story.format(name=name, count=7))
            bot.sync()
            say("done", "write", chosen)
        elif step == "rebuild":
            say("begin", "rebuild", "-")
            bot.rebuild()
            say("done", "rebuild", "-")
"""


class Expected:
    """What the corpus must hold, by what was acknowledged; what was only begun may have happened or not."""

    def __init__(self, ids: set[str]) -> None:
        self.held = set(ids)
        self.open: set[str] = set()

    def hear(self, lines: list[str]) -> None:
        self.open = set()
        for line in lines:
            state, step, article_id = line.split(" ", 2)
            if state == "begin":
                self.open = {article_id}
                continue
            self.open = set()
            if step in ("add", "write", "restore"):
                self.held.add(article_id)
            elif step == "remove":
                self.held.discard(article_id)

    def settle(self, found: set[str]) -> None:
        assert self.held - self.open <= found, f"acknowledged and lost: {sorted(self.held - self.open - found)}"
        assert found <= self.held | self.open, f"nobody put them there: {sorted(found - self.held - self.open)}"
        self.held = found


@pytest.mark.slow
@pytest.mark.timeout(60 + 40 * KILLS)
def test_kills_at_random_moments_of_everything(tmp_path: Path, recording: Recording) -> None:
    chance = random.Random(SEED)
    library = Library(tmp_path / "corpus", tmp_path / "index")
    first = {f"boat-{n}.txt": STORY.format(name=f"Boat {n}", count=n) for n in range(20)}
    write_articles(library.corpus, first)
    expected = Expected(set(first))
    done = 0
    for kill in range(KILLS):
        lines = work(library, kill, chance.uniform(0, LONGEST))
        done += sum(line.startswith("done") for line in lines)
        expected.hear(lines)
        expected.settle(set(Corpus(library.corpus).files()))
        if kill % 3 == 2:  # in between, the next process finds what the one before left
            with library.open() as bot:
                assert not bot.sync().failed
                assert_even(bot)
    assert done > KILLS, "the worker was killed before it did anything"
    with library.open() as bot:
        assert not bot.sync().failed
        assert_even(bot)
        mended = findings(bot)
    with Library(library.corpus, tmp_path / "fresh").open() as fresh:
        fresh.sync()
        assert findings(fresh) == mended


def work(library: Library, seed: int, seconds: float) -> list[str]:
    """What a worker said until it was killed, `seconds` after it had opened the corpus."""
    arguments = [str(library.corpus), str(library.index), str(seed), STORY]
    worker = subprocess.Popen([sys.executable, "-c", WORKER, *arguments], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    opened = worker.stdout.readline()
    assert opened == "open\n", "the worker could not open what the one before it left"
    threading.Thread(target=lambda: (time.sleep(seconds), worker.kill()), daemon=True).start()
    return worker.communicate()[0].splitlines()
