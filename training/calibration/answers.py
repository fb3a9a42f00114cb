"""Fit the probability that a sentence answers a question, on one half of squad2; the other half stays unseen.

Writes `src/factbot/models/reranker/calibration.json` and prints the threshold for `factbot.settings`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import factbot
from benchmarks import data
from benchmarks.bot import open_synced, write_corpus
from benchmarks.metrics import holds_answer
from benchmarks.rows import in_fitting_half
from factbot.bot import FactBot

__all__ = ["calibrate"]

SET = "squad2"
HOLDS = 0.80  # of the fitting half's answerable questions: the quotes must still hold the answer


@dataclass(frozen=True)
class Observation:
    """Of one question: whether it is answerable, the answerability of each quote, whether a quote is right."""

    answerable: bool
    logits: list[tuple[float, int]]
    holds: bool


def calibrate(data_folder: Path, cache: Path) -> None:
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
    names = ("logit", "missing", "bias")
    target.write_text(json.dumps(dict(zip(names, (round(float(w), 4) for w in weights), strict=True))) + "\n")
    print(f"wrote {target.name}: {target.read_text().strip()}; answer_threshold {threshold:.3f}")
    for name, half in zip(("fitted on", "unseen"), halves, strict=True):
        print(name, _report(half, weights, threshold))


def _observe(bot: FactBot, question: data.Question) -> Observation:
    chain = bot.chain
    working = chain.select(chain.read(chain.find(chain.understand(question.text))))
    return Observation(
        bool(question.answers),
        chain.answerability_logits(working, working.quotes),
        bool(question.answers) and any(holds_answer(q.text, question.answers) for q in working.quotes),
    )


def _fit(half: list[Observation]) -> NDArray[np.float64]:
    """Logistic regression of "answerable" on the likeliest quote's logit and missing names."""
    from sklearn.linear_model import LogisticRegression

    best = np.array([max(o.logits) for o in half])
    model = LogisticRegression().fit(best, [o.answerable for o in half])
    return np.array([*model.coef_[0], model.intercept_[0]])


def _support(observation: Observation, weights: NDArray[np.float64]) -> float:
    return max(float(1 / (1 + np.exp(-(weights @ [logit, missing, 1])))) for logit, missing in observation.logits)


def _threshold(half: list[Observation], weights: NDArray[np.float64]) -> float:
    """The highest threshold at which HOLDS of the answerable questions keep quotes that hold their answer."""
    kept = [_support(o, weights) if o.holds else 0.0 for o in half if o.answerable]
    return float(np.quantile(kept, 1 - HOLDS))


def _report(half: list[Observation], weights: NDArray[np.float64], threshold: float) -> dict[str, float]:
    answered = np.array([_support(o, weights) >= threshold for o in half])
    answerable = np.array([o.answerable for o in half])
    holds = np.array([o.holds for o in half])
    return {
        "answered of answerable": float(answered[answerable].mean()),
        "abstained of unanswerable": float((~answered)[~answerable].mean()),
        "balanced accuracy": float((answered[answerable].mean() + (~answered)[~answerable].mean()) / 2),
        "quotes hold, answering always": float(holds[answerable].mean()),
        "quotes hold, at the threshold": float((holds & answered)[answerable].mean()),
    }
