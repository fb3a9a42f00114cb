"""A language model's opinion on a claim, as one more scorer whose reliability was measured beforehand.

What it says is given the weight that it earned on checks whose verdict is known: a second regression over the
aggregator's probabilities and the model's word, fitted by `python -m training.calibration judge` for each model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factbot.checking.evidence import Reading
from factbot.checking.verifier import NOT_ENOUGH
from factbot.errors import UsageError
from factbot.llm.budget import Spending
from factbot.llm.fence import Fence
from factbot.llm.model import LanguageModel, Prompt, fields
from factbot.models.calibration import multinomial
from factbot.models.folders import VERIFIER_FOLDER

__all__ = ["JUDGES", "Judge", "judge_features"]

JUDGES = VERIFIER_FOLDER / "judges.json"  # model name -> {"weights": [3][6], "bias": [3]}
READ = 4  # pieces of evidence, the nearest
WORDS = ("supported", "refuted", "not enough evidence")  # for the columns of `factbot.checking.verifier`
RULES = """You judge a claim by what a newsroom's articles say, and by nothing else.
- supported: the articles say what the claim says.
- refuted: the articles say otherwise, for example another number, name or date.
- not enough evidence: they do neither.
{fence}"""
JUDGEMENT = {"type": "string", "enum": list(WORDS)}
SCHEMA = fields("Judgement", "What the articles make of the claim.", judgement=JUDGEMENT)


@dataclass(frozen=True)
class Judge:
    """Claims and readings to probabilities; `weights` [3, 6] and `bias` [3] are of the second regression."""

    model: LanguageModel
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    @classmethod
    def calibrated(cls, model: LanguageModel) -> Judge:
        """The judge with what was measured of the model. Raises UsageError where nothing was."""
        known = json.loads(JUDGES.read_text(encoding="utf-8")) if JUDGES.exists() else {}
        name = model.name
        if name not in known:
            raise UsageError(
                f"How far the verdicts of {name} can be trusted was not measured; leave out the "
                "setting judge, or run `python -m training.calibration judge --data DIR` in factbot's repository."
            )
        return cls(model, np.array(known[name]["weights"]), np.array(known[name]["bias"]))

    def weigh(
        self, claim: str, readings: Sequence[Reading], probabilities: NDArray[np.float64], spending: Spending
    ) -> NDArray[np.float64]:
        """The aggregator's probabilities, shape (3,), with the model's word. Raises LanguageModelError."""
        said = self.word(claim, readings, spending)
        seen = judge_features(probabilities, said)[None]
        row: NDArray[np.float64] = multinomial(seen, self.weights, self.bias)[0]
        return row

    def word(self, claim: str, readings: Sequence[Reading], spending: Spending) -> int:
        """The column of the verdict that the model names; any other reply counts as not enough."""
        texts = [f"{r.article.title}, {r.article.date}\n{r.text}" for r in readings[:READ]]
        fence = Fence(claim, *texts)
        parts = [fence.around(f"Article {number}", text) for number, text in enumerate(texts, 1)]
        prompt = Prompt(
            RULES.format(fence=fence.rule), "\n\n".join([*parts, fence.around("Claim", claim)]), SCHEMA
        )
        said = self.model.call("judge", prompt, spending).get("judgement")
        return WORDS.index(said) if said in WORDS else NOT_ENOUGH


def judge_features(probabilities: NDArray[np.float64], said: int) -> NDArray[np.float64]:
    """What the second regression sees, shape (6,): three log-probabilities and the word, one of three."""
    return np.concatenate([np.log(np.clip(probabilities, 1e-4, 1)), np.eye(3)[said]])
