"""A claim as it would read with the numbers and dates of the evidence.

To a small verifier "he died on 6 December" looks much like what "he died on 30 November" says. Asked whether the
evidence bears out "he died on 30 November" as well, it likes that better, and so gives the claim away: a number is
wrong where another of the same text fits in its place. (Contrast sets, Gardner et al. 2020, test models this way.)
"""

from __future__ import annotations

from factbot.checking.facts.compare import Mismatch, find_facts, is_appearance
from factbot.checking.facts.values import agreement, comparable

__all__ = ["counterfactuals"]

MOST = 8  # of a claim; each is read by the verifier


def counterfactuals(claim: str, evidence: str) -> dict[str, Mismatch]:
    """The claim with one number or date replaced by one of the evidence that it rules out, and what was replaced.

    At most MOST, in the order of the claim. None where the evidence has no other of the kind.
    """
    made: dict[str, Mismatch] = {}
    told = (fact for fact in find_facts(evidence) if not is_appearance(fact, evidence))
    theirs = [fact for fact in told if fact.kind != "name"]
    for ours in find_facts(claim) if theirs else ():
        for other in theirs:
            if comparable(ours.value, other.value) and agreement(ours.value, other.value) is False:
                changed = f"{claim[: ours.start]}{other.text}{claim[ours.end :]}"
                made.setdefault(changed, Mismatch(ours.kind, ours.text, other.text))
    return dict(list(made.items())[:MOST])
