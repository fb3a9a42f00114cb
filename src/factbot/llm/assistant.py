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
from factbot.llm.decompose import Splitter
from factbot.llm.judge import Judge
from factbot.llm.phrase import Phraser
from factbot.results import Evidence, ExplanationPart

__all__ = ["Assistance", "Assistant"]

WITHOUT_IT = "Claims and explanations are in factbot's own words where it failed."
FAILURES = 2  # after which nothing more is asked of it for this text


@dataclass(frozen=True)
class Assistant:
    """The language model's parts in a check; `budget` is in tokens, for a text."""

    splitter: Splitter
    phraser: Phraser
    judge: Judge | None
    budget: int

    def begin(self) -> Assistance:
        return Assistance(self)


class Assistance:
    """The help with one text. `note` says what failed, "" where nothing did."""

    def __init__(self, assistant: Assistant) -> None:
        self.spending = Spending(assistant.budget)
        self.note = ""
        self._failures = 0
        self._assistant = assistant

    def split(self, claims: Sequence[Claim], before: str) -> Iterator[Claim]:
        """The claims in full, or in parts, in order."""
        reached = 0
        try:
            for done, made in self._assistant.splitter.split(claims, self.spending, before):
                reached = done
                yield from made
        except LanguageModelError as error:
            self._failed(error)
            yield from claims[reached:]

    def weighed(
        self, claim: str, readings: Sequence[Reading], probabilities: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The probabilities with the judge's word, where there is a judge."""
        judge = self._assistant.judge
        if judge is None or self._has_ended or not readings:
            return probabilities
        try:
            return judge.weighed(claim, readings, probabilities, self.spending)
        except LanguageModelError as error:
            self._failed(error)
            return probabilities

    def phrase(self, claim: str, evidence: Sequence[Evidence]) -> tuple[ExplanationPart, ...]:
        """What the evidence says, in the model's words; nothing where they do not hold."""
        if self._has_ended or not evidence:
            return ()
        try:
            return self._assistant.phraser.phrase(claim, evidence, self.spending)
        except LanguageModelError as error:
            self._failed(error)
            return ()

    @property
    def _has_ended(self) -> bool:
        return self._failures >= FAILURES

    def _failed(self, error: LanguageModelError) -> None:
        self._failures += 1
        self.note = self.note or f"{error} {WITHOUT_IT}"
