"""How far a language model's verdicts can be trusted, beside the verifier's.

The model that the settings name is asked about claims of the fitting half, on a corpus that the aggregator was
fitted on. A regression over the aggregator's probabilities and the model's word is fitted, and written beside
the verifier. The figures are of claims of the other half; they go to `benchmarks/results/judge.json`.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks import results
from benchmarks.bot import open_synced, write_corpus
from benchmarks.checks.corpora import SET, Asked, corpus
from benchmarks.metrics import bootstrap, calibration_error
from factbot.checking.aggregator import features
from factbot.llm.budget import Spending
from factbot.llm.judge import JUDGES, Judge, judge_features
from factbot.models.calibration import multinomial

__all__ = ["calibrate"]

FITTED_ON, UNSEEN = 160, 120  # claims
WEIGHT = 0.1  # of the regression's freedom: a few claims tell little


def calibrate(data_folder: Path, cache: Path, sample: int) -> None:
    """Fit, report, and write; with `sample`, on that many claims of either half, and only print."""
    from sklearn.linear_model import LogisticRegression

    articles, claims = corpus(data_folder, SET)
    folder = cache / f"verdicts-{SET}"
    write_corpus(folder / "corpus", articles)
    random = Random(0)
    halves = [[one for one in claims if one.fitted is fitted] for fitted in (True, False)]
    sizes = (sample or FITTED_ON, sample or UNSEEN)
    chosen = [random.sample(half, min(size, len(half))) for half, size in zip(halves, sizes, strict=True)]
    with open_synced(folder / "corpus", folder / "index", judge="") as bot:
        if bot.language_model is None:
            print("Skipped: this needs a language model; name one by FACTBOT_LLM or FACTBOT_LLM_URL.")
            return
        name = bot.language_model.name
        judge = Judge(bot.language_model, np.zeros((3, 6)), np.zeros(3))

        def seen(one: Asked) -> np.ndarray[Any, np.dtype[np.float64]]:
            readings = bot.checker.finder.find(one.claim)
            before = bot.checker.aggregator.probabilities(features(one.claim, readings)[None])[0]
            return judge_features(before, judge.word(one.claim, readings, Spending(10**6)))

        fitting, unseen = (np.array([seen(one) for one in half]) for half in chosen)
    labels, truth = (np.array([one.verdict for one in half]) for half in chosen)
    model = LogisticRegression(C=WEIGHT, max_iter=2_000).fit(fitting, labels)
    weights = np.round(model.coef_, 4)
    bias = np.round(model.intercept_, 4)
    with_word = multinomial(unseen, weights, bias)
    without = np.exp(unseen[:, :3])
    figures = {
        "claims": len(truth),
        "model_alone": float((unseen[:, 3:].argmax(axis=1) == truth).mean()),
        "verifier": _measured(without, truth),
        "together": _measured(with_word, truth),
    }
    print(name, json.dumps(figures, indent=1))
    if not sample:
        known = json.loads(JUDGES.read_text(encoding="utf-8")) if JUDGES.exists() else {}
        known[name] = {"weights": weights.tolist(), "bias": bias.tolist()}
        JUDGES.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
        results.save("judge", {**results.load("judge"), name: figures})


def _measured(probabilities: Any, truth: Any) -> dict[str, Any]:
    right = (probabilities.argmax(axis=1) == truth).astype(float)
    return {
        "accuracy": bootstrap(right).to_dict(),
        "ece": calibration_error(right, probabilities.max(axis=1)),
    }
