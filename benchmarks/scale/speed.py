"""`speed`: indexing against langchain, question to full answer at 50,000 passages, and cold starts."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import data, results
from benchmarks.answers.frameworks import Langchain
from benchmarks.bot import open_synced, write_corpus
from benchmarks.measure import alone
from benchmarks.metrics import percentiles
from factbot import FactBot
from factbot.corpus.formats.article import read_article
from factbot.settings import Settings
from factbot.text.passages import passage_spans
from factbot.text.sentences import sentence_spans

__all__ = ["articles_up_to", "run"]

SET = "newsqa_2024"
INDEXED = 3_000  # passages
RUNS = 3
ANSWERED_AT = 50_000  # passages
COLD_AT = 1_000  # passages
COLD_RUNS = 5


def run(data_folder: Path, cache: Path, sample: int) -> None:
    """With `sample` passages in place of each size above, and only printed."""
    figures = {
        "indexing": _indexing(data_folder, cache / "speed", sample or INDEXED),
        "answering": _answering(data_folder, cache / "speed", sample or ANSWERED_AT),
        "cold": _cold(data_folder, cache / "speed", sample or COLD_AT),
    }
    print(figures)
    if not sample:
        results.save("speed", figures)


def articles_up_to(data_folder: Path, passages: int) -> list[data.Article]:
    """The first articles of the set whose passages, at the shipped size, number at least `passages`."""
    taken, count = [], 0
    for article in data.articles(data_folder, SET):
        if count >= passages:
            break
        taken.append(article)
        count += len(passage_spans(article.text, sentence_spans(article.text, ""), Settings().passage_size))
    return taken


def _indexing(data_folder: Path, folder: Path, passages: int) -> dict[str, Any]:
    """Passages per second of files to a finished index, and of the same texts through langchain and Chroma."""
    corpus = folder / f"corpus-{passages}"
    write_corpus(corpus, articles_up_to(data_folder, passages))
    texts = list(_texts(corpus))
    ours, theirs = [], []
    for number in range(RUNS):
        ours.append(len(texts) / alone(_sync_seconds, corpus, folder / f"run-{number}"))
        theirs.append(len(texts) / alone(_langchain_seconds, texts, folder / f"run-{number}"))
        shutil.rmtree(folder / f"run-{number}")
        print(f"indexing {len(texts):,}: ours {ours[-1]:.0f}/s, langchain {theirs[-1]:.0f}/s", flush=True)
    return {
        "passages": len(texts),
        "mean_length": round(statistics.mean(map(len, texts))),
        "ours_per_s": [round(rate, 1) for rate in ours],
        "langchain_per_s": [round(rate, 1) for rate in theirs],
    }


def _texts(corpus: Path) -> Iterator[str]:
    """The passages that factbot embeds of a corpus (it embeds the articles' titles as well)."""
    for path in sorted(corpus.iterdir()):
        article = read_article(path, path.name)
        sentences = sentence_spans(article.text, article.language)
        for start, end in passage_spans(article.text, sentences, Settings().passage_size):
            yield article.text[start:end]


def _sync_seconds(corpus: Path, folder: Path) -> float:
    """Reading, splitting, embedding and storing; the model is loaded before."""
    with FactBot.open(corpus, index=folder / "ours") as bot:
        bot.warm_up()
        start = time.perf_counter()
        bot.sync()
        return time.perf_counter() - start


def _langchain_seconds(texts: list[str], folder: Path) -> float:
    """Embedding and storing; the model is loaded before."""
    from langchain_chroma import Chroma

    embeddings = Langchain().embeddings
    embeddings.embed_documents(texts[:8])
    start = time.perf_counter()
    store = Chroma(embedding_function=embeddings, persist_directory=str(folder / "langchain"))
    for first in range(0, len(texts), 5_000):  # Chroma takes 5,461 at a time
        store.add_texts(texts[first : first + 5_000])
    return time.perf_counter() - start


def _answering(data_folder: Path, folder: Path, passages: int) -> dict[str, Any]:
    """Question to full answer, models loaded, one question at a time."""
    corpus = folder / f"corpus-{passages}"
    write_corpus(corpus, articles_up_to(data_folder, passages))
    questions = [question.text for question in data.questions(data_folder, SET)]
    with open_synced(corpus, folder / f"index-{passages}") as bot:
        for question in questions[-10:]:
            bot.ask(question)
        times = []
        for question in questions[:200]:
            start = time.perf_counter()
            bot.ask(question)
            times.append((time.perf_counter() - start) * 1e3)
        return {
            "passages": sum(article.passages for article in bot.articles()),
            "questions": len(times),
            "ask_ms": percentiles(times),
        }


def _cold(data_folder: Path, folder: Path, passages: int) -> dict[str, Any]:
    """Whole processes: `--help`, and `ask` on an existing index; medians in seconds."""
    corpus, index = folder / f"corpus-{passages}", folder / f"index-{passages}"
    write_corpus(corpus, articles_up_to(data_folder, passages))
    with open_synced(corpus, index) as bot:
        count = sum(article.passages for article in bot.articles())
    question = data.questions(data_folder, SET)[0].text
    return {
        "passages": count,
        "help_s": _process_seconds("--help"),
        "ask_s": _process_seconds("ask", question, "--corpus", str(corpus), "--index", str(index)),
    }


def _process_seconds(*arguments: str) -> list[float]:
    times = []
    for _ in range(COLD_RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "factbot", *arguments], check=True, capture_output=True)
        times.append(round(time.perf_counter() - start, 3))
    return times
