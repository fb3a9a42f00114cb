"""What a language model does for the check of one text. Where it fails, factbot's own words stand instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factbot.checking.claims import Claim
from factbot.checking.evidence import Reading
from factbot.errors import LanguageModelError
from factbot.llm.budget import Spending
from factbot.llm.decomposer import Decomposer
from factbot.llm.judge import Judge
from factbot.llm.phraser import Phraser
from factbot.results import Evidence, ExplanationPart, Usage

__all__ = ["ModelCheckHelper", "ModelTextHelper"]

WITHOUT_IT = "Claims and explanations are in factbot's own words where it failed."
FAILURES = 2  # after which nothing more is asked of it for this text


@dataclass(frozen=True)
class ModelCheckHelper:
    """The parts of a language model in a check, as `factbot.checking.helpers.CheckHelper` has it.

    `budget` is in tokens, for one text.
    """

    decomposer: Decomposer
    phraser: Phraser
    judge: Judge | None
    budget: int

    def begin(self) -> ModelTextHelper:
        return ModelTextHelper(self)


class ModelTextHelper:
    """Helps with one text, as `factbot.checking.helpers.TextHelper` has it."""

    def __init__(self, helper: ModelCheckHelper) -> None:
        self.note = ""
        self._spending = Spending(helper.budget)
        self._failures = 0
        self._parts = helper

    @property
    def usage(self) -> tuple[Usage, ...]:
        return self._spending.usage

    def decompose(self, claims: Sequence[Claim], before: str) -> Iterator[Claim]:
        reached = 0
        try:
            for done, made in self._parts.decomposer.decompose(claims, self._spending, before):
                reached = done
                yield from made
        except LanguageModelError as error:
            self._failed(error)
            yield from claims[reached:]

    def weigh(
        self, claim: str, readings: Sequence[Reading], probabilities: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        judge = self._parts.judge
        if judge is None or self._has_ended or not readings:
            return probabilities
        try:
            return judge.weigh(claim, readings, probabilities, self._spending)
        except LanguageModelError as error:
            self._failed(error)
            return probabilities

    def phrase(self, claim: str, evidence: Sequence[Evidence]) -> tuple[ExplanationPart, ...]:
        if self._has_ended or not evidence:
            return ()
        try:
            return self._parts.phraser.phrase(claim, evidence, self._spending)
        except LanguageModelError as error:
            self._failed(error)
            return ()

    @property
    def _has_ended(self) -> bool:
        return self._failures >= FAILURES

    def _failed(self, error: LanguageModelError) -> None:
        self._failures += 1
        self.note = self.note or f"{error} {WITHOUT_IT}"
