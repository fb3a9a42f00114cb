"""`busy`: questions while many articles go in, and fifty people at once against the running app."""

from __future__ import annotations

import json
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from benchmarks import data, results
from benchmarks.bot import open_synced, write_corpus
from benchmarks.measure import peak_mb
from benchmarks.metrics import percentiles
from benchmarks.paths import GATE, SAMPLE_CORPUS
from benchmarks.scale.speed import ANSWERED_AT, SET, articles_up_to
from factbot import Article, FactBot
from factbot.scheduling import Cancellation

__all__ = ["run"]

ALONE = 200  # questions asked before anything goes in
INCOMING = 10_000  # articles that go in; as many as the time allows
ASKED_FOR = 240.0  # seconds of asking while they do
PAUSE = 1.0  # seconds between questions
PEOPLE = 50
LOAD = 300.0  # seconds


def run(data_folder: Path, cache: Path, sample: int) -> None:
    """With `sample`, seconds in place of both times above, and only printed."""
    figures = {
        "incoming": _incoming(data_folder, cache / "speed", sample or ASKED_FOR),
        "load": _load(cache / "busy", sample or LOAD),
    }
    print(figures)
    if not sample:
        results.save("busy", figures)


def _incoming(data_folder: Path, folder: Path, seconds: float) -> dict[str, Any]:
    """Times of questions over 50,000 passages, alone and while articles go in through the same FactBot.

    On a copy: what came in and went again would leave its traces in the graph, and slow the next run down.
    """
    held = articles_up_to(data_folder, ANSWERED_AT)
    write_corpus(folder / f"corpus-{ANSWERED_AT}", held)
    open_synced(folder / f"corpus-{ANSWERED_AT}", folder / f"index-{ANSWERED_AT}").close()
    questions = [question.text for question in data.questions(data_folder, SET)]
    incoming = folder / "incoming-new"
    write_corpus(incoming, data.articles(data_folder, SET)[len(held) :][:INCOMING])
    with TemporaryDirectory(dir=folder) as copy:
        for kind in ("corpus", "index"):
            shutil.copytree(folder / f"{kind}-{ANSWERED_AT}", Path(copy, kind))
        with open_synced(Path(copy, "corpus"), Path(copy, "index")) as bot:
            return _asked_beside(bot, incoming, questions, seconds)


def _asked_beside(bot: FactBot, incoming: Path, questions: list[str], seconds: float) -> dict[str, Any]:
    for question in questions[-10:]:
        bot.ask(question)
    alone = [_ask_ms(bot, question) for question in questions[:ALONE]]
    before = peak_mb()
    cancellation, added = Cancellation(), []
    adding = threading.Thread(target=lambda: added.extend(bot.add_all(incoming, cancellation)), daemon=True)
    started = time.monotonic()
    adding.start()
    beside = []
    due = time.perf_counter()  # to come up late because something holds Python's lock is to wait as well
    while time.monotonic() - started < seconds and adding.is_alive():
        bot.ask(questions[len(beside) % len(questions)])
        beside.append((time.perf_counter() - due) * 1e3)
        due = time.perf_counter() + PAUSE
        time.sleep(PAUSE)
    cancellation.stop()
    adding.join()
    return {
        "alone_ms": percentiles(alone),
        "beside_ms": percentiles(beside),
        "longest_beside_ms": round(max(beside), 1),
        "asked_beside": len(beside),
        "articles": sum(isinstance(article, Article) for article in added),
        "peak_mb": [before, peak_mb()],
    }


def _ask_ms(bot: FactBot, question: str) -> float:
    start = time.perf_counter()
    bot.ask(question)
    return (time.perf_counter() - start) * 1e3


def _load(folder: Path, seconds: float) -> dict[str, Any]:
    """Fifty people who ask `factbot serve` one question after another, and the same by one person before."""
    questions = [
        json.loads(line)["question"] for line in (GATE / "part_a.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    with _Served(folder) as ask:
        for question in questions[:5]:
            ask(question)
        one = [_answered(ask, question) for question in questions]
        right = {question: answer["said"] for question, answer in zip(questions, one, strict=True)}
        until = time.monotonic() + seconds

        def person(number: int) -> list[dict[str, Any]]:
            chosen = random.Random(number)
            said = []
            while time.monotonic() < until:
                question = chosen.choice(questions)
                said.append(_answered(ask, question) | {"right": right[question]})
            return said

        with ThreadPoolExecutor(PEOPLE) as people:
            many = [answer for said in people.map(person, range(PEOPLE)) for answer in said]
    return {
        "people": PEOPLE,
        "seconds": seconds,
        "answers": len(many),
        "errors": sum(answer["error"] for answer in many),
        "anothers": sum(not answer["error"] and answer["said"] != answer["right"] for answer in many),
        "one_ms": percentiles([answer["ms"] for answer in one]),
        "many_ms": percentiles([answer["ms"] for answer in many]),
    }


def _answered(ask: Callable[[str], dict[str, Any]], question: str) -> dict[str, Any]:
    """How long an answer took, and what it said to which question; what failed said nothing."""
    start = time.perf_counter()
    try:
        answer = ask(question)
        said = (answer["question"], answer["text"])
    except Exception:
        said = None
    return {"ms": (time.perf_counter() - start) * 1e3, "error": said is None, "said": said}


class _Served:
    """`factbot serve` on the sample corpus, asked over HTTP as any program would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Callable[[str], dict[str, Any]]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        options = ["--corpus", str(SAMPLE_CORPUS), "--index", str(self._folder / "index"), "--no-browser"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "factbot", "serve", "--port", str(self._port), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{self._port}",
            timeout=300,
            trust_env=False,
            limits=httpx.Limits(max_connections=2 * PEOPLE),
        )
        patience = time.monotonic() + 120
        while True:
            try:
                self._client.get("/")
                return self._ask
            except httpx.TransportError:
                if time.monotonic() > patience:
                    raise
                time.sleep(0.2)

    def _ask(self, question: str) -> dict[str, Any]:
        event = (
            self._client.post("/gradio_api/call/ask", json={"data": [question, None]}).raise_for_status().json()
        )
        with self._client.stream("GET", f"/gradio_api/call/ask/{event['event_id']}") as lines:
            kind = ""
            for line in lines.iter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: ") and kind == "complete":
                    answer: dict[str, Any] = json.loads(line.removeprefix("data: "))[0]
                    return answer
                elif kind == "error":
                    raise RuntimeError(line)
        raise RuntimeError("the stream ended without an answer")

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._process.terminate()
        self._process.wait(30)
