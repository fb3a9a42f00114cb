"""What the facts of a claim and its evidence decide by themselves, whatever a model makes of the two."""

from __future__ import annotations

from factbot.checking.facts.rulings.changes import stance_by_change
from factbot.checking.facts.rulings.free import pays_nothing
from factbot.checking.facts.rulings.revisions import corrects
from factbot.results import Stance

__all__ = ["stance_by_facts"]


def stance_by_facts(claim: str, evidence: str) -> Stance | None:
    """The stance of the evidence, under its title and date, on a claim of one sentence; None where that is open.

    Decided are figures that the evidence corrects, changes and differences that follow from its figures, and
    prices of those who pay nothing.
    """
    if stance := corrects(claim, evidence):
        return stance
    return "refutes" if pays_nothing(claim, evidence) else stance_by_change(claim, evidence)
