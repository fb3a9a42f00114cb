"""`lexical`: which lexical engine? Cost at 10,000 to 1,000,000 synthetic passages, death, and recall on news."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks import data, metrics, results, synthetic
from benchmarks.lexical.engines import ENGINES, Bm25s
from benchmarks.measure import SPAWN, alone, disk_mb, milliseconds, peak_mb

__all__ = ["run"]

SIZES = (10_000, 100_000, 1_000_000)
CHANGED = 1_000
K = 50
QUERIES = 100
KILLS = 10


def run(data_folder: Path, cache: Path) -> None:
    """Measure what `results/lexical.json` does not hold yet."""
    figures = results.load("lexical")
    folder = cache / "lexical"
    for size in SIZES:
        for name in ENGINES:
            cell = figures.setdefault("cost", {}).setdefault(str(size), {})
            if name not in cell:
                cell[name] = _cost(name, size, folder / f"{name}-{size}")
                results.save("lexical", figures)
                print(f"{size:>9,} {name:8} {cell[name]}", flush=True)
    for name in ENGINES:
        if name not in figures.setdefault("death", {}):
            figures["death"][name] = _death(name, folder)
            results.save("lexical", figures)
        if name not in figures.setdefault("recall", {}):
            figures["recall"][name] = _recall(name, data_folder, folder)
            results.save("lexical", figures)
        print(name, figures["death"][name], figures["recall"][name], flush=True)


def _cost(name: str, size: int, folder: Path) -> dict[str, Any]:
    shutil.rmtree(folder, ignore_errors=True)
    cost: dict[str, Any] = alone(_build, name, size, folder)
    cost["disk_mb"] = disk_mb(folder)
    cost |= alone(_query, name, folder, alone(synthetic.queries, QUERIES))
    if name != "bm25s":
        cost |= alone(_change, name, size, folder)
    shutil.rmtree(folder)
    return cost


def _build(name: str, size: int, folder: Path) -> dict[str, Any]:
    making = 0.0

    def batches() -> Iterator[list[str]]:
        nonlocal making
        source = synthetic.passages(size)
        while True:
            start = time.perf_counter()
            batch = next(source, None)
            making += time.perf_counter() - start
            if batch is None:
                return
            yield batch

    start = time.perf_counter()
    ENGINES[name](folder).build(batches())
    return {"build_s": round(time.perf_counter() - start - making, 2), "build_peak_mb": peak_mb()}


def _query(name: str, folder: Path, full: list[str]) -> dict[str, Any]:
    content = [" ".join(w for w in q.split() if w not in synthetic.STOP_WORDS) for q in full]
    engine = ENGINES[name](folder)
    times: dict[str, dict[str, float]] = {}
    for kind, asked in (("query_ms", full), ("content_query_ms", content)):
        for query in asked[:10]:
            engine.search(query, K)
        times[kind] = metrics.percentiles([milliseconds(engine.search, query, K) for query in asked])
    return {**times, "query_peak_mb": peak_mb()}


def _change(name: str, size: int, folder: Path) -> dict[str, float]:
    new = next(synthetic.passages(CHANGED, seed=1))
    gone = random.Random(0).sample(range(size), CHANGED)
    engine = ENGINES[name](folder)

    def add() -> None:
        engine.add(size, new)
        engine.commit()

    def delete() -> None:
        engine.delete(gone)
        engine.commit()

    seconds = {"add_1000_s": milliseconds(add) / 1e3, "delete_1000_s": milliseconds(delete) / 1e3}
    assert engine.count() == size
    return {key: round(value, 3) for key, value in seconds.items()}


def _death(name: str, cache: Path) -> dict[str, Any]:
    """kill -9 once before a commit, then ten times at random moments while batches of 1,000 are committed."""
    folder = cache / f"{name}-death"
    shutil.rmtree(folder, ignore_errors=True)
    base = next(synthetic.passages(10_000))
    alone(_fill, name, folder)
    before = _survivor(name, folder)
    _kill(name, folder, base, commit=False, delay=0.0)
    after = _survivor(name, folder)
    lost = broken = partial = 0
    for trial in range(KILLS):
        acknowledged = _kill(name, folder, base, commit=True, delay=random.Random(trial).uniform(0.1, 3.0))
        state = _survivor(name, folder)
        if "error" in state:
            broken += 1
            shutil.rmtree(folder, ignore_errors=True)
            alone(_fill, name, folder)
        else:
            lost += int(acknowledged is not None and state["count"] < acknowledged)
            partial += int(state["count"] % CHANGED != 0 or state["writes"] is False)
    shutil.rmtree(folder, ignore_errors=True)
    return {
        "before": before,
        "after_kill_before_commit": after,
        "kills": KILLS,
        "broken": broken,
        "acknowledged_lost": lost,
        "partial_batches": partial,
    }


def _fill(name: str, folder: Path) -> None:
    ENGINES[name](folder).build(synthetic.passages(10_000))


def _survivor(name: str, folder: Path) -> dict[str, Any]:
    """What a new process finds: how many passages, whether a search answers and a write goes through."""
    try:
        return dict(alone(_inspect, name, folder))
    except Exception as error:  # whatever an engine raises on a broken index is the result here
        return {"error": f"{type(error).__name__}: {error}"}


def _inspect(name: str, folder: Path) -> dict[str, Any]:
    engine = ENGINES[name](folder)
    count = engine.count()
    hits = len(engine.search(synthetic.queries(1)[0], K))
    if name == "bm25s":
        return {"count": count, "hits": hits, "writes": None}
    engine.add(10_000_000, ["a passage to be removed again"])
    engine.commit()
    added = engine.count() == count + 1
    engine.delete([10_000_000])
    engine.commit()
    return {"count": count, "hits": hits, "writes": added and engine.count() == count}


def _kill(name: str, folder: Path, texts: list[str], *, commit: bool, delay: float) -> int | None:
    """Kill a writing process; the passage count that it acknowledged last, None before the first commit."""
    receiver, sender = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=_write_for_ever, args=(name, folder, texts, commit, sender))
    process.start()
    sender.close()
    last = receiver.recv()
    time.sleep(delay)
    process.kill()
    process.join()
    process.close()
    while receiver.poll():
        try:
            last = receiver.recv()
        except EOFError:
            break
    return last if commit else None


def _write_for_ever(name: str, folder: Path, texts: list[str], commit: bool, acknowledge: Connection) -> None:
    engine = ENGINES[name](folder)
    if isinstance(engine, Bm25s):  # every commit of it is a new build, from what the process holds
        engine.pending = texts
    first = len(engine.pending) if isinstance(engine, Bm25s) else engine.count()
    acknowledge.send(first)
    while True:
        engine.add(first, texts[:CHANGED])
        if not commit:
            acknowledge.send(first)
            time.sleep(60)
        engine.commit()
        first += CHANGED
        acknowledge.send(first)


def _recall(name: str, data_folder: Path, cache: Path) -> dict[str, Any]:
    """Answer-string recall on newsqa_2024: 1,000 linked articles as passages of at most 800 characters."""
    subset, asked = data.linked_subset(
        data.articles(data_folder, "newsqa_2024"), data.questions(data_folder, "newsqa_2024"), 1_000
    )
    split = RecursiveCharacterTextSplitter(chunk_size=800, chunk_overlap=0).split_text
    texts = [text for article in subset for text in split(article.text)]
    folder = cache / f"{name}-recall"
    shutil.rmtree(folder, ignore_errors=True)
    engine = ENGINES[name](folder)
    engine.build([texts])
    ranks = [
        metrics.rank_of_answer([texts[i] for i in engine.search(question.text, 50)], question.answers)
        for question in asked
    ]
    shutil.rmtree(folder)
    shares = {f"recall@{k}": metrics.bootstrap(metrics.recall_at(ranks, k)).to_dict() for k in (1, 5, 10, 50)}
    mrr = metrics.bootstrap(metrics.reciprocal_ranks(ranks)).to_dict()
    return {"questions": len(asked), "articles": len(subset), "passages": len(texts), **shares, "mrr@10": mrr}
