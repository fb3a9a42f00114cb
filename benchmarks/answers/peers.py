"""`peers`: how far up the frameworks' default retrieval brings a passage that holds the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import data, results
from benchmarks.answers.embedded import Row, Vectors, embedded
from benchmarks.answers.frameworks import FRAMEWORKS, Framework
from benchmarks.metrics import rank_of_answer

__all__ = ["run"]

SETS = ("squad2", "newsqa_2024")
K = 10
CHECKED = 25  # questions put to the framework's own store as well
CHECKED_ROWS = 5_000
CHECKED_VECTORS = 500  # embedded once more by the framework itself: a cache may have been filled another way


def run(data_folder: Path, cache: Path, sets: list[str], names: list[str], sample: int, first: int) -> None:
    """Measure each framework on each set; with `sample`, on that many linked articles, and only print."""
    for set_name in sets:
        articles, questions = data.part_of(data_folder, set_name, first)
        questions = [question for question in questions if question.answers]
        if sample:
            articles, questions = data.linked_subset(articles, questions, sample)
        for name in names:
            folder = cache / data.folder_name(set_name, name, sample, first)
            figures = _measure(name, folder, articles, questions)
            print(set_name, name, {key: value for key, value in figures.items() if key != "ranks"}, flush=True)
            if not sample:
                everything = results.load("peers")
                everything.setdefault(data.label(set_name, first), {})[name] = figures
                results.save("peers", everything)


def _measure(
    name: str, folder: Path, articles: list[data.Article], questions: list[data.Question]
) -> dict[str, Any]:
    """`ranks` has one rank per answerable question, in the set's order; 0 is below the top 10."""
    framework = FRAMEWORKS[name]()
    rows = framework.split(articles)
    vectors = embedded(folder, rows, framework.embed)
    found: list[list[str]] = []
    for question in questions:
        nearest = np.argsort(-(vectors @ framework.embed_query(question.text)), kind="stable")[:K]
        found.append([rows[i][1] for i in nearest])
    return {
        "ranks": [rank_of_answer(top, question.answers) for top, question in zip(found, questions, strict=True)],
        "passages": len(rows),
        "mean_length": round(float(np.mean([len(text) for top in found for text in top])), 1),
        "mean_length_indexed": round(float(np.mean([len(text) for _, text in rows])), 1),
        "least_cosine_to_own_vectors": _least_cosine(framework, rows, vectors),
        "same_as_own_store": _agreement(framework, rows, vectors, questions[:CHECKED]),
    }


def _least_cosine(framework: Framework, rows: list[Row], vectors: Vectors) -> float:
    """The smallest cosine of stored vectors to those that the framework makes now, over a spread of rows."""
    spread = np.linspace(0, len(rows) - 1, min(CHECKED_VECTORS, len(rows)), dtype=int)
    own = framework.embed([rows[i][1] for i in spread])
    return round(float(np.sum(own * vectors[spread], axis=1).min()), 6)


def _agreement(framework: Framework, rows: list[Row], vectors: Vectors, questions: list[data.Question]) -> float:
    """The share of the framework's own top 10 that exact search gives too, on the first rows."""
    rows, vectors = rows[:CHECKED_ROWS], vectors[:CHECKED_ROWS]
    asked = [question.text for question in questions]
    shared = total = 0
    for question, theirs in zip(asked, framework.own_search(rows, vectors, asked, K), strict=True):
        order = np.argsort(-(vectors @ framework.embed_query(question)), kind="stable")[:K]
        shared += len({rows[i][1] for i in order} & set(theirs))
        total += len(set(theirs))
    return round(shared / total, 4)
