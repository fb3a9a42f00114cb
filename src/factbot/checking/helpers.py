"""What a check asks of a language model, where there is one. `factbot.llm.check_helpers` answers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from factbot.checking.claims import Claim
from factbot.checking.evidence import Reading
from factbot.results import Evidence, ExplanationPart, Usage

__all__ = ["CheckHelper", "TextHelper"]


class CheckHelper(Protocol):
    """Helps with checks, text by text."""

    def begin(self) -> TextHelper:
        """The helper for one text."""
        ...


class TextHelper(Protocol):
    """Helps with one text. It never fails: `note` says what did, "" where nothing did."""

    note: str

    @property
    def usage(self) -> tuple[Usage, ...]:
        """What the help has cost so far."""
        ...

    def decompose(self, claims: Sequence[Claim], before: str) -> Iterator[Claim]:
        """The claims in full, or in parts, in order. `before` is what was said before the text."""
        ...

    def weigh(
        self, claim: str, readings: Sequence[Reading], probabilities: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The probabilities of the verdicts, shape (3,), with the model's opinion counted in if it is asked."""
        ...

    def phrase(self, claim: str, evidence: Sequence[Evidence]) -> tuple[ExplanationPart, ...]:
        """What the evidence for a verdict says, in other words; nothing where those do not hold."""
        ...
