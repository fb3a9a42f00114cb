"""Ask and fact-check your own articles: cited answers, verbatim quotes, nothing leaves the machine.

    from factbot import FactBot

    with FactBot.open("corpus") as bot:
        bot.sync()
        print(bot.ask("Who invited the activists?").text)

Names load when they are first used, so that `import factbot` and `factbot --help` are quick.
"""

from importlib import import_module
from importlib.metadata import version
from typing import Any

__version__ = version("factbot")

_HOMES = {
    "factbot.bot": ["FactBot"],
    "factbot.errors": [
        "ArticleError",
        "CorpusError",
        "CorpusIndexError",
        "FactbotError",
        "IndexLockedError",
        "IndexMismatchError",
        "UsageError",
        "VectorStoreError",
    ],
    "factbot.results": [
        "Answer",
        "AnswerSentence",
        "Article",
        "Citation",
        "Failure",
        "Passage",
        "Stage",
        "SyncProgress",
        "SyncReport",
    ],
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605  # computed, so that it cannot fall behind


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'factbot' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
