"""What a claim says of its facts, beside what the evidence says: how surely, by whom, of whom, in which order."""

from __future__ import annotations

from dataclasses import dataclass

from factbot.checking.facts.statements.attribution import Elsewhere, other_speaker
from factbot.checking.facts.statements.holders import other_holder
from factbot.checking.facts.statements.order import reversed_order
from factbot.checking.facts.statements.standing import Lesser, lesser_standing

__all__ = ["StatementComparison", "compare_statements"]


@dataclass(frozen=True)
class StatementComparison:
    """Where a claim and its evidence part though they share their words; each None where they do not, or may not.

    `standing`: the claim states as a fact what the evidence only says to be alleged, planned, possible,
    conditional, asked or denied. `speaker`: the evidence gives the claim's words to somebody else. `holder`: it
    says it of somebody or something else. `order`: the sentence of the evidence that gives two events in the other
    order, "" for none.
    """

    standing: Lesser | None = None
    speaker: Elsewhere | None = None
    holder: Elsewhere | None = None
    order: str = ""

    @property
    def differs(self) -> bool:
        """Whether the evidence does not bear out the claim, for any of the four reasons."""
        return bool(self.standing or self.speaker or self.holder or self.order)


def compare_statements(claim: str, evidence: str) -> StatementComparison:
    """How a claim of one sentence fares beside its evidence, both plain text in English.

    Time grows with the length of both; a passage takes some milliseconds.
    """
    return StatementComparison(
        standing=lesser_standing(claim, evidence),
        speaker=other_speaker(claim, evidence),
        holder=other_holder(claim, evidence),
        order=reversed_order(claim, evidence),
    )
