"""Is everything healthy, and if not, what to do: one line for each part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from factbot.errors import FactbotError

if TYPE_CHECKING:
    from factbot.index import Index

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

    part = "settings"
    try:
        settings = Settings.load(corpus=corpus, index=index)
        part = "corpus"
        files = Corpus(settings.corpus).files()
        yield Finding(part, True, f"{len(files)} articles in {settings.corpus}.")
        part = "index"
        with FactBot(settings) as bot:
            yield _compared(bot.index, set(files))
            part = "settings"
            bot.index.check_settings()
            yield Finding(part, True, "The index was built with the settings in force.")
            part = "models"
            bot.warm_up()
            yield Finding(part, True, "They load and run.")
    except FactbotError as error:
        yield Finding(part, False, str(error))


def _compared(index: Index, files: set[str]) -> Finding:
    """Corpus folder, catalog, vectors and words against one another, passage by passage."""
    indexed = set(index.catalog.hashes())
    half_done, left_over = index.strays()
    half_done = sorted({*half_done, *index.catalog.pending()})
    new, gone = files - indexed, indexed - files
    wrong = [
        f"{len(ids)} {what}"
        for ids, what in (
            (half_done, "half indexed"),
            (left_over, "left over from articles that are gone"),
            (new, "not indexed yet"),
            (gone, "no longer in the corpus folder"),
        )
        if ids
    ]
    if wrong:
        return Finding("index", False, f"Articles: {', '.join(wrong)}; run `factbot sync`, which mends that.")
    articles, passages = index.catalog.counts()
    return Finding("index", True, f"{articles} articles, {passages:,} passages; all parts agree.")
