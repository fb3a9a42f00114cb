"""`ask`: factbot on the same sets, through its public methods: retrieval, cited answers, abstention, quotes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import data, results
from benchmarks.bot import open_synced, quotes_hold, verbatim_quotes, write_corpus
from benchmarks.metrics import holds_answer, percentiles, rank_of_answer
from benchmarks.rows import in_fitting_half
from factbot import FactBot

__all__ = ["run"]

K = 10
CALIBRATED_ON = "squad2"  # `training.calibration` fits the probability of an answer on a half of it
WIDE = 1_250  # characters of context: passages as long as haystack's by default, for a comparison at equal length


def run(data_folder: Path, cache: Path, sets: list[str], sample: int, first: int) -> None:
    """Measure each set; with `sample`, on that many linked articles, and only print."""
    for set_name in sets:
        articles, questions = data.part_of(data_folder, set_name, first)
        if sample:
            articles, questions = data.linked_subset(articles, questions, sample)
        folder = cache / data.folder_name(set_name, "ours", sample, first)
        write_corpus(folder / "corpus", articles)
        with open_synced(folder / "corpus", folder / "index") as bot:
            figures: dict[str, Any] = {"passages": sum(article.passages for article in bot.articles())}
            figures |= {"retrieval": _retrieval(bot, [q for q in questions if q.answers])}
            figures |= {"shipped": _answers(bot, questions), "threshold": bot.settings.answer_threshold}
        figures["answerable"] = [bool(question.answers) for question in questions]
        figures["articles"] = len(articles)
        figures["fitted_on"] = [set_name == CALIBRATED_ON and in_fitting_half(q.id) for q in questions]
        with open_synced(folder / "corpus", folder / "index", context_size=WIDE) as bot:
            figures |= {"wide": _retrieval(bot, [q for q in questions if q.answers]), "wide_context": WIDE}
        if not all(figures["answerable"]):  # abstention is judged only where some questions have no answer
            with open_synced(folder / "corpus", folder / "index", answer_threshold=0.0) as bot:
                figures |= {"always": _answers(bot, questions)}
        for part in ("retrieval", "wide", "shipped", "always"):
            if part in figures:
                print(set_name, part, _summary(figures[part]), flush=True)
        if not sample:
            results.save("ask", {**results.load("ask"), data.label(set_name, first): figures})


def _retrieval(bot: FactBot, questions: list[data.Question]) -> dict[str, Any]:
    """`ranks` has one rank per answerable question, in the set's order; 0 is below the top 10."""
    ranks, lengths, times = [], [], []
    for question in questions:
        start = time.perf_counter()
        found = bot.search(question.text, k=K)
        times.append((time.perf_counter() - start) * 1e3)
        ranks.append(rank_of_answer([passage.text for passage in found], question.answers))
        lengths += [len(passage.text) for passage in found]
    return {"ranks": ranks, "mean_length": round(float(np.mean(lengths)), 1), "search_ms": percentiles(times)}


def _answers(bot: FactBot, questions: list[data.Question]) -> dict[str, Any]:
    """Per question, in the set's order: answered, the support of its best sentence, whether its quotes hold.

    `sentences` has [support, whether it holds the answer] for each sentence of the question's answer.
    """
    answered, support, holds, sentences, times = [], [], [], [], []
    quotes = verbatim = longest = 0
    for question in questions:
        start = time.perf_counter()
        answer = bot.ask(question.text)
        times.append((time.perf_counter() - start) * 1e3)
        answered.append(answer.answered)
        support.append(max((sentence.support for sentence in answer.sentences), default=0.0))
        holds.append(quotes_hold(answer, question.answers))
        sentences.append([[s.support, holds_answer(s.text, question.answers)] for s in answer.sentences])
        longest = max(longest, len(answer.sentences))
        counted, good = verbatim_quotes(bot, answer)
        quotes, verbatim = quotes + counted, verbatim + good
    return {
        "answered": answered,
        "support": support,
        "holds": holds,
        "sentences": sentences,
        "most_sentences": longest,
        "quotes": quotes,
        "verbatim_quotes": verbatim,
        "ask_ms": percentiles(times),
    }


def _summary(figures: dict[str, Any]) -> dict[str, Any]:
    """Lists as their means, for the eye."""
    return {
        key: round(float(np.mean(value)), 3) if isinstance(value, list) and key != "sentences" else value
        for key, value in figures.items()
        if key != "sentences"
    }
