"""Is everything healthy, and if not, what to do: one line for each part, and `mend`, which does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from factbot.errors import CorpusIndexError, FactbotError, IndexLockedError

if TYPE_CHECKING:
    from factbot.bot import FactBot
    from factbot.index import Index
    from factbot.settings import Settings

__all__ = ["Finding", "examine", "inspect", "mend"]

ASKED_FOR = 200  # passages that are looked for by their own vectors; all of a million would take hours
NEAREST = 10  # among which a passage has to be: copies of it may come first


@dataclass(frozen=True)
class Finding:
    """What was found of one part; `text` says what to do where it is not healthy."""

    subject: str
    healthy: bool
    text: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def examine(corpus: str | None, index: str | None, *, fix: bool = False) -> list[Finding]:
    """Look at settings, corpus, index and models, changing nothing; with `fix`, mend what is not healthy first."""
    from factbot.bot import FactBot
    from factbot.settings import Settings

    try:
        settings = Settings.load(corpus=corpus, index=index)
    except FactbotError as error:
        return [Finding("settings", False, str(error))]
    try:
        with FactBot(settings) as bot:
            if fix:
                mend(bot)
            return inspect(bot)
    except FactbotError as error:
        if fix and _is_mended_by_rebuilding(error):
            try:
                with FactBot(settings, rebuild=True) as bot:
                    bot.sync()
                    return inspect(bot)
            except FactbotError as still:
                error = still
        return [*_found("corpus", lambda: _corpus(settings)), Finding("index", False, str(error))]


def inspect(bot: FactBot) -> list[Finding]:
    """What is found of an open corpus and its index; a part that fails leaves the others to be looked at."""
    return [
        *_found("corpus", lambda: _corpus(bot.settings)),
        *_found("index", lambda: _compared(bot)),
        *_found("search", lambda: _reachable(bot.index)),
        *_found("settings", lambda: _settings(bot.index)),
        *_found("models", lambda: _models(bot)),
        *(_found("language model", lambda: _language(bot)) if bot.settings.llm or bot.settings.llm_url else ()),
    ]


def mend(bot: FactBot) -> None:
    """Do what `inspect` says: make the index equal to the corpus folder, or build it again where that is no help.

    Raises FactbotError where neither can be done.
    """
    if bot.index.mismatch():
        bot.rebuild()
        return
    try:
        bot.sync()
        is_well = _reachable(bot.index).healthy
    except CorpusIndexError as error:
        if not _is_mended_by_rebuilding(error):
            raise
        is_well = False
    if not is_well:
        bot.rebuild()


def _is_mended_by_rebuilding(error: FactbotError) -> bool:
    is_index = isinstance(error, CorpusIndexError) and not isinstance(error, IndexLockedError)
    return is_index and "--rebuild" in str(error)


def _found(subject: str, look: Callable[[], Finding]) -> Iterator[Finding]:
    try:
        yield look()
    except FactbotError as error:
        yield Finding(subject, False, str(error))


def _corpus(settings: Settings) -> Finding:
    from factbot.corpus import Corpus

    corpus = Corpus(settings.corpus)
    files = len(corpus.files())
    kept = len(corpus.history.withdrawn())
    removed = f"; {kept} removed, kept in its history" if kept else ""
    return Finding("corpus", True, f"{files} articles in {settings.corpus}{removed}.")


def _compared(bot: FactBot) -> Finding:
    """Corpus folder, catalog, vectors and words against one another, passage by passage."""
    from factbot.corpus import Corpus

    index, files = bot.index, set(Corpus(bot.settings.corpus).files())
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


def _reachable(index: Index) -> Finding:
    """Whether a search by a passage's own vector comes to it: a store may count what its graph does not reach."""
    ids = [passage for _, passages in index.catalog.passage_ids() for passage in passages]
    asked = ids if len(ids) <= ASKED_FOR else Random(0).sample(ids, ASKED_FOR)
    vectors = index.vectors.vectors_of(asked) if asked else {}
    lost = [
        passage
        for passage, vector in vectors.items()
        if not any(i == passage or alike > 0.9999 for i, alike in index.vectors.query(vector, NEAREST))
    ]
    if lost:
        text = f"{len(lost)} of {len(vectors)} passages are not found by their own vectors"
        return Finding("search", False, f"{text}; run `factbot sync --rebuild`.")
    return Finding("search", True, f"{len(vectors)} passages looked for by their own vectors, all found.")


def _settings(index: Index) -> Finding:
    mismatch = index.mismatch()
    return Finding("settings", not mismatch, mismatch or "The index was built with the settings in force.")


def _models(bot: FactBot) -> Finding:
    bot.warm_up()
    return Finding("models", True, "They load and run.")


def _language(bot: FactBot) -> Finding:
    from factbot.llm.model import Prompt, fields
    from factbot.llm.spending import Spending

    assert bot.language is not None
    schema = fields("Sign", "A sign of life.", ready={"type": "boolean"})
    spending = Spending(bot.settings.llm_budget)
    bot.language.call("doctor", Prompt("You are asked for a sign of life.", "Are you ready?", schema), spending)
    seconds = sum(stage.seconds for stage in spending.usage)
    return Finding("language model", True, f"{bot.language.name} answers, in {seconds:.1f} s.")
