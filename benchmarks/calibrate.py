"""`calibrate`: fit the probability that a sentence answers, on one half of squad2; the other half stays unseen.

Writes src/factbot/models/reranker/calibration.json and prints the threshold for settings.py.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import factbot
from benchmarks import data
from benchmarks.metrics import holds_answer
from benchmarks.ours import open_synced, write_corpus
from factbot.answerability import evidence, missing_names
from factbot.bot import FactBot

__all__ = ["in_fitting_half", "run"]

SET = "squad2"
HOLDS = 0.80  # of the fitting half's answerable questions: the quotes must still hold the answer


@dataclass(frozen=True)
class Observation:
    """Of one question: whether it is answerable, and each read sentence as (evidence, missing, holds)."""

    answerable: bool
    sentences: list[tuple[float, int, bool]]


def in_fitting_half(question_id: str) -> bool:
    """A fixed half of the questions, by a hash of their ids."""
    return hashlib.sha256(question_id.encode()).digest()[0] < 128


def run(data_folder: Path, cache: Path) -> None:
    """Observe, fit, write, and report on both halves."""
    questions = data.questions(data_folder, SET)
    folder = cache / f"{SET}-ours"
    write_corpus(folder / "corpus", data.articles(data_folder, SET))
    with open_synced(folder / "corpus", folder / "index") as bot:
        observed = [_observe(bot, question) for question in questions]
    sides = [in_fitting_half(question.id) for question in questions]
    halves = [[o for o, side in zip(observed, sides, strict=True) if side is half] for half in (True, False)]
    weights = _fit(halves[0])
    threshold = _threshold(halves[0], weights)
    target = Path(factbot.__file__).parent / "models" / "reranker" / "calibration.json"
    names = ("evidence", "missing", "bias")
    target.write_text(json.dumps(dict(zip(names, (round(float(w), 4) for w in weights), strict=True))) + "\n")
    print(f"wrote {target.name}: {target.read_text().strip()}; answer_threshold {threshold:.3f}")
    for name, half in zip(("fitted on", "unseen"), halves, strict=True):
        print(name, _report(half, weights, threshold))


def _observe(bot: FactBot, question: data.Question) -> Observation:
    chain = bot.chain
    working = chain.read(chain.find(chain.understand(question.text)))
    read = list(chain.sentences(working.passages))
    logits = chain.reranker.score(working.question, [text for _, _, _, text in read])
    return Observation(
        bool(question.answers),
        [
            (
                evidence(passage, float(logit)),
                missing_names(working.question, passage),
                bool(question.answers) and holds_answer(text, question.answers),
            )
            for (passage, _, _, text), logit in zip(read, logits, strict=True)
        ],
    )


def _fit(half: list[Observation]) -> NDArray[np.float64]:
    """Logistic regression of "answerable" on the best sentence's evidence and missing names."""
    from sklearn.linear_model import LogisticRegression

    best = np.array([max(o.sentences)[:2] for o in half])
    model = LogisticRegression().fit(best, [o.answerable for o in half])
    return np.array([*model.coef_[0], model.intercept_[0]])


def _ranked(observation: Observation, weights: NDArray[np.float64]) -> list[tuple[float, bool]]:
    """The sentences as (probability, holds the answer), likeliest first."""
    scored = [(_probability(e, m, weights), holds) for e, m, holds in observation.sentences]
    return sorted(scored, key=lambda s: -s[0])


def _probability(evidence: float, missing: int, weights: NDArray[np.float64]) -> float:
    return float(1 / (1 + np.exp(-(weights @ [evidence, missing, 1]))))


def _threshold(half: list[Observation], weights: NDArray[np.float64]) -> float:
    """The highest threshold at which HOLDS of the answerable questions keep quotes that hold their answer."""
    kept = [
        ranked[0][0] if any(holds for _, holds in ranked[:3]) else 0.0
        for ranked in (_ranked(o, weights) for o in half if o.answerable)
    ]
    return float(np.quantile(kept, 1 - HOLDS))


def _report(half: list[Observation], weights: NDArray[np.float64], threshold: float) -> dict[str, float]:
    ranked = [_ranked(o, weights) for o in half]
    answered = np.array([r[0][0] >= threshold for r in ranked])
    answerable = np.array([o.answerable for o in half])
    holds = np.array([any(h for _, h in r[:3]) for r in ranked])
    return {
        "answered of answerable": float(answered[answerable].mean()),
        "abstained of unanswerable": float((~answered)[~answerable].mean()),
        "balanced accuracy": float((answered[answerable].mean() + (~answered)[~answerable].mean()) / 2),
        "quotes hold, answering always": float(holds[answerable].mean()),
        "quotes hold, at the threshold": float((holds & answered)[answerable].mean()),
    }
