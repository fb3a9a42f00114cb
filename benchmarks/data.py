"""The public question sets, read from the folder that `--data` names; nothing of them is kept here."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from benchmarks.metrics import holds_answer
from benchmarks.rows import rows

__all__ = ["Article", "Question", "articles", "folder_name", "label", "linked_subset", "part_of", "questions"]


@dataclass(frozen=True)
class Question:
    """A question with its accepted answers (none: unanswerable) and the ids of its articles."""

    id: str
    text: str
    answers: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """An article as the set publishes it."""

    id: str
    title: str
    text: str
    source: str
    date: str
    url: str


def questions(data: Path, name: str) -> list[Question]:
    """All questions of the set `name` ("newsqa_2024", "squad2"), in the file's order."""
    return [
        Question(row["id"], row["question"], tuple(row["answer"]), tuple(row["articles"]))
        for row in rows(data / "ask" / "dev" / f"{name}.questions.jsonl.gz")
    ]


def articles(data: Path, name: str, part: str = "dev") -> list[Article]:
    """All articles of the set `name` of `part` ("dev" or "train"), in the file's order."""
    return [
        Article(*(row.get(field) or "" for field in ("id", "title", "text", "source", "date", "url")))
        for row in rows(data / "ask" / part / f"{name}.articles.jsonl.gz")
    ]


def part_of(data: Path, name: str, first: int) -> tuple[list[Article], list[Question]]:
    """The set, or its first articles: a random sample, since they stand in the order of hashed ids.

    With `first` above zero and below the number of articles, a question stays where one of its linked articles
    is among the first and holds an accepted answer.
    """
    everything, asked = articles(data, name), questions(data, name)
    if not 0 < first < len(everything):
        return everything, asked
    kept = {article.id: article.text for article in everything[:first]}
    return everything[:first], [
        question
        for question in asked
        if any(holds_answer(kept[i], question.answers) for i in question.articles if i in kept)
    ]


def label(set_name: str, first: int) -> str:
    """What a set's figures are kept under."""
    return f"{set_name}, first {first:,}" if first else set_name


def folder_name(set_name: str, whose: str, sample: int, first: int) -> str:
    """Of a cache folder: each part of a set has its own."""
    return f"{set_name}-{whose}" + (f"-{sample}" if sample else "") + (f"-first-{first}" if first else "")


def linked_subset(
    everything: list[Article], asked: list[Question], limit: int, seed: int = 0
) -> tuple[list[Article], list[Question]]:
    """A smaller set: random questions until their linked articles number at least `limit`."""
    wanted: set[str] = set()
    chosen: list[Question] = []
    for question in random.Random(seed).sample(asked, len(asked)):
        if len(wanted) >= limit:
            break
        chosen.append(question)
        wanted.update(question.articles)
    return [article for article in everything if article.id in wanted], chosen
