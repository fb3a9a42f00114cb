"""Ask and fact-check your own articles: cited answers, verbatim quotes, nothing leaves the machine.

    from factbot import FactBot

    with FactBot.open("corpus") as bot:
        bot.sync()
        print(bot.ask("Who invited the activists?").text)

Names load when they are first used, so that `import factbot` and `factbot --help` are quick.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from factbot.bot import FactBot
    from factbot.errors import (
        ArticleError,
        CorpusError,
        CorpusIndexError,
        DeskError,
        FactbotError,
        IndexLockedError,
        IndexMismatchError,
        LanguageModelError,
        UsageError,
        VectorStoreError,
    )
    from factbot.results import (
        Answer,
        AnswerSentence,
        Article,
        Change,
        Check,
        Citation,
        ClaimCheck,
        Earlier,
        Evidence,
        ExplanationPart,
        Failure,
        ImportReport,
        KeptReading,
        Passage,
        Quotation,
        Report,
        Review,
        Scores,
        Stage,
        SyncProgress,
        SyncReport,
        Usage,
        Version,
    )

__all__ = [
    "Answer",
    "AnswerSentence",
    "Article",
    "ArticleError",
    "Change",
    "Check",
    "Citation",
    "ClaimCheck",
    "CorpusError",
    "CorpusIndexError",
    "DeskError",
    "Earlier",
    "Evidence",
    "ExplanationPart",
    "FactBot",
    "FactbotError",
    "Failure",
    "ImportReport",
    "IndexLockedError",
    "IndexMismatchError",
    "KeptReading",
    "LanguageModelError",
    "Passage",
    "Quotation",
    "Report",
    "Review",
    "Scores",
    "Stage",
    "SyncProgress",
    "SyncReport",
    "Usage",
    "UsageError",
    "VectorStoreError",
    "Version",
]

__version__ = version("factbot")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'factbot' has no attribute {name!r}")
    module = "bot" if name == "FactBot" else "errors" if name.endswith("Error") else "results"
    return getattr(import_module(f"factbot.{module}"), name)
