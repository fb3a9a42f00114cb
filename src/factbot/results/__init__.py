"""What factbot gives back: frozen dataclasses, and their JSON shape through `to_dict()`."""

from factbot.results.answers import (
    Answer,
    AnswerSentence,
    Article,
    Citation,
    ClaimCheck,
    Evidence,
    ExplanationPart,
    KeptReading,
    Passage,
    Quotation,
    Report,
    Scores,
    Stage,
    Usage,
)
from factbot.results.answers import Stance as Stance
from factbot.results.answers import Verdict as Verdict
from factbot.results.answers import passage_id as passage_id
from factbot.results.corpus import Failure, SyncProgress, SyncReport, Version
from factbot.results.corpus import Progress as Progress
from factbot.results.desk import Change, Check, Earlier, ImportReport, Review
from factbot.results.desk import Status as Status

__all__ = [
    "Answer",
    "AnswerSentence",
    "Article",
    "Change",
    "Check",
    "Citation",
    "ClaimCheck",
    "Earlier",
    "Evidence",
    "ExplanationPart",
    "Failure",
    "ImportReport",
    "KeptReading",
    "Passage",
    "Quotation",
    "Report",
    "Review",
    "Scores",
    "Stage",
    "SyncProgress",
    "SyncReport",
    "Usage",
    "Version",
]
