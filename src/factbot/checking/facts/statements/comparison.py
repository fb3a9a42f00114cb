"""What a claim says of its facts, beside what the evidence says of them: how surely, by whom, of whom."""

from __future__ import annotations

from dataclasses import dataclass

from factbot.checking.facts.statements.attribution import Elsewhere, other_holder, other_speaker
from factbot.checking.facts.statements.standing import Lesser, lesser_standing

__all__ = ["StatementComparison", "compare_statements"]


@dataclass(frozen=True)
class StatementComparison:
    """Where a claim and its evidence part though they share their words; each None where they do not, or may not.

    `standing`: the claim states as a fact what the evidence only says to be alleged, planned, possible,
    conditional, asked or denied. `speaker`: the evidence gives the claim's words to somebody else. `holder`: it
    says it of somebody or something else.
    """

    standing: Lesser | None = None
    speaker: Elsewhere | None = None
    holder: Elsewhere | None = None

    @property
    def differs(self) -> bool:
        """Whether the evidence does not bear out the claim, for any of the three reasons."""
        return self.standing is not None or self.speaker is not None or self.holder is not None


def compare_statements(claim: str, evidence: str) -> StatementComparison:
    """How a claim of one sentence fares beside its evidence, both plain text in English.

    Time grows with the length of both; a passage takes some milliseconds.
    """
    return StatementComparison(
        lesser_standing(claim, evidence), other_speaker(claim, evidence), other_holder(claim, evidence)
    )
