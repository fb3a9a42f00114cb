"""What the steps of an answer hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from factbot.answering.questions import DaysMeant
from factbot.llm.budget import Spending
from factbot.results import Passage
from factbot.retrieval.retriever import Candidate
from factbot.retrieval.scored_span import ScoredSpan

__all__ = ["Working"]


@dataclass(frozen=True)
class Working:
    """What is handed from step to step.

    `reply` is what is said to small talk, "" for a question. `days` are those that the question means by "this
    week" and the like. `quotes` are the sentences that answer best, best first, scored by how likely they answer
    (0 to 1), `nearest` the sentence of each article that comes nearest, and `answerable` is how likely any of them
    answers. `note` says what failed on the way, "" where nothing did.
    """

    asked: str
    question: str
    started: float
    reply: str = ""
    days: DaysMeant | None = None
    candidates: tuple[Candidate, ...] = ()
    passages: tuple[Passage, ...] = ()
    quotes: tuple[ScoredSpan, ...] = ()
    nearest: tuple[ScoredSpan, ...] = ()
    answerable: float = 0.0
    spending: Spending = field(default_factory=lambda: Spending(0))
    note: str = ""
