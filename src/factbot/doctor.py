"""Is everything healthy, and if not, what to do: one line for each part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from factbot.errors import FactbotError

__all__ = ["Finding", "examine"]


@dataclass(frozen=True)
class Finding:
    """What was found of one part; `text` says what to do where it is not healthy."""

    subject: str
    healthy: bool
    text: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def examine(corpus: str | None, index: str | None) -> list[Finding]:
    """Look at settings, corpus, index and models; nothing is changed."""
    return list(_examine(corpus, index))


def _examine(corpus: str | None, index: str | None) -> Iterator[Finding]:
    from factbot.bot import FactBot
    from factbot.corpus import Corpus
    from factbot.settings import Settings

    try:
        settings = Settings.load(corpus=corpus, index=index)
    except FactbotError as error:
        yield Finding("settings", False, str(error))
        return
    files: dict[str, Path] = {}
    try:
        files = Corpus(settings.corpus).files()
        yield Finding("corpus", True, f"{len(files)} articles in {settings.corpus}.")
    except FactbotError as error:
        yield Finding("corpus", False, str(error))
    try:
        bot = FactBot(settings)
    except FactbotError as error:
        yield Finding("index", False, str(error))
        return
    with bot:
        yield _checked(
            "settings", lambda: bot._index.check_settings() or "The index was built with these settings."
        )
        yield _index(bot, files)
        yield _checked("models", lambda: bot.warm_up() or "The models load and run.")


def _index(bot: Any, files: dict[str, Path]) -> Finding:
    def look() -> str:
        index = bot._index
        incomplete, unknown = index.strays()
        indexed = set(index.catalog.hashes())
        missing, gone = files.keys() - indexed, indexed - files.keys()
        unfinished = set(index.catalog.pending())
        if incomplete or unknown or unfinished:
            return _unwell(
                f"{len(set(incomplete) | unfinished)} articles are half indexed and {len(unknown)} are "
                "left over; run `factbot sync`, which mends them."
            )
        if missing or gone:
            return _unwell(
                f"{len(missing)} articles of the corpus are not indexed and {len(gone)} indexed ones are "
                "gone from it; run `factbot sync`."
            )
        articles, passages = index.catalog.counts()
        return f"{articles} articles, {passages:,} passages; catalog, vectors and words agree."

    return _checked("index", look)


class _Unwell(FactbotError):
    pass


def _unwell(text: str) -> str:
    raise _Unwell(text)


def _checked(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, look())
    except FactbotError as error:
        return Finding(subject, False, str(error))
