"""Measure a scorer: does it rank answering passages first, and does it know when there is no answer?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score

from benchmarks.rows import rows, sentences
from training.reranker.examples import Score, holds, windows
from training.words import DATE, NUMBER, content_words

FloatArray = npt.NDArray[np.float64]
PASSAGES_READ = 3  # sentences are scored in the best passages only
CANDIDATES = 12
CANDIDATE_WINDOWS = 30
FEATURES = ("passage", "sentence", "margin", "words", "names", "kind")


@dataclass(frozen=True)
class Reading:
    """What a scorer makes of one question: its passages and sentences, best first."""

    passages: list[tuple[str, float]]
    sentences: list[tuple[str, float]]

    def features(self, question: str) -> list[float]:
        """The numbers named in FEATURES, for telling answerable from not."""
        best = self.passages[0][0]
        asked, read = content_words(question), content_words(best)
        capitals = {w.lower() for w in re.findall(r"(?<=\s)(?:[A-Z]\w+|\d[\d,.]*)", question)}
        second = self.passages[1][1] if len(self.passages) > 1 else self.passages[0][1] - 5
        return [
            self.passages[0][1],
            self.sentences[0][1],
            self.passages[0][1] - second,
            len(asked & read) / max(1, len(asked)),
            1.0 if not capitals else len({w for w in capitals if w in best.lower()}) / len(capitals),
            kind_matches(question, self.sentences[0][0]),
        ]


def kind_matches(question: str, sentence: str) -> float:
    """1 where the sentence holds the kind of thing that is asked for (number, date, name), else 0."""
    asked = question.lower()
    unasked = " ".join(w for w in sentence.split() if w.strip(".,;:!?").lower() not in asked)
    if re.search(r"\bhow (?:many|much|long|old|far|often)\b|\bpercent", asked):
        return float(
            bool(NUMBER.search(unasked)) or bool(re.search(r"\b(?:two|three|four|five|six|ten)\b", unasked))
        )
    if re.search(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month)\b", asked):
        return float(bool(DATE.search(unasked)))
    if re.search(r"\bwho(?:m|se)?\b|\bwhere\b", asked):
        return float(bool(re.search(r"[A-Z]\w+", unasked)))
    return 1.0


def read_all(score: Score, questions: Sequence[str], candidates: Sequence[Sequence[str]]) -> list[Reading]:
    """Score each question's candidate passages, then the sentences of the best of them."""
    made = []
    for question, passages in zip(questions, candidates, strict=True):
        scores = score([(question, passage) for passage in passages])
        order = sorted(range(len(passages)), key=lambda i: -scores[i])
        inside = [s for i in order[:PASSAGES_READ] for s in sentences(passages[i])]
        ranked = sorted(
            zip(inside, score([(question, s) for s in inside]), strict=True), key=lambda pair: -pair[1]
        )
        made.append(Reading([(passages[i], scores[i]) for i in order], ranked))
    return made


def nearest(questions: Sequence[str], texts: Sequence[str], count: int) -> list[list[str]]:
    """The `count` texts nearest to each question by tf-idf."""
    index = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), stop_words="english")
    matrix = index.fit_transform(texts)
    similarity = (index.transform(questions) @ matrix.T).toarray()
    return [[texts[i] for i in np.argsort(-row, kind="stable")[:count]] for row in similarity]


def balanced_accuracy(values: FloatArray, answerable: npt.NDArray[np.bool_], threshold: float) -> float:
    """The mean of the share of answerable questions answered and of unanswerable ones left alone."""
    said = values >= threshold
    return float((said[answerable].mean() + (~said[~answerable]).mean()) / 2)


def best_threshold(values: FloatArray, answerable: npt.NDArray[np.bool_]) -> float:
    """The threshold with the best balanced accuracy."""
    return float(max(np.unique(values), key=lambda t: balanced_accuracy(values, answerable, t)))


def abstention(values: FloatArray, answerable: npt.NDArray[np.bool_], threshold: float) -> dict[str, float]:
    """AUC, balanced accuracy at a threshold chosen elsewhere, and the best that any threshold gives."""
    best = best_threshold(values, answerable)
    return {
        "auc": float(roc_auc_score(answerable, values)),
        "balanced_accuracy": balanced_accuracy(values, answerable, threshold),
        "best_balanced_accuracy": balanced_accuracy(values, answerable, best),
        "best_threshold": best,
    }


def quotes_hold(readings: Sequence[Reading], questions: Sequence[dict[str, Any]], count: int = 3) -> float:
    """Share of answerable questions whose best sentences hold the answer."""
    asked = [(r, q["answer"]) for r, q in zip(readings, questions, strict=True) if q["answer"]]
    found = [
        any(a.lower() in " ".join(s for s, _ in r.sentences[:count]).lower() for a in wanted)
        for r, wanted in asked
    ]
    return float(np.mean(found))


def quiz_candidates(
    data: Path, name: str, questions: Sequence[dict[str, Any]], others: int, titled: bool, seed: int
) -> list[list[str]]:
    """For each quiz question the nearest windows of its linked articles and of `others` random ones."""
    articles = {row["id"]: row for row in rows(data / "ask" / f"{name}.articles.jsonl.gz")}
    random = Random(seed)
    made = []
    for question in questions:
        names = dict.fromkeys([*question["articles"], *random.sample(sorted(articles), others)])
        texts = [
            f"{articles[n]['title']}. {window}" if titled else window
            for n in names
            for window in windows(articles[n]["text"])
        ]
        made.append(nearest([question["question"]], list(dict.fromkeys(texts)), CANDIDATE_WINDOWS)[0])
    return made


def ranking(
    score: Score, questions: Sequence[dict[str, Any]], candidates: Sequence[Sequence[str]]
) -> dict[str, float]:
    """MRR@10 and the share of questions with the answer's words in the first 1, 5 and 10 windows."""
    ranks = []
    for question, texts in zip(questions, candidates, strict=True):
        scores = score([(question["question"], text) for text in texts])
        order = sorted(range(len(texts)), key=lambda i: -scores[i])
        ranks.append(next((r for r, i in enumerate(order, 1) if holds(texts[i], question["answer"])), 10**6))
    found = np.array(ranks)
    at = {f"recall@{k}": float((found <= k).mean()) for k in (1, 5, 10)}
    return {**at, "mrr@10": float(np.where(found <= 10, 1 / found, 0).mean())}


def squad_candidates(questions: Sequence[dict[str, Any]], articles: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The nearest paragraphs of all for each question."""
    return nearest([q["question"] for q in questions], [a["text"] for a in articles], CANDIDATES)
