"""Is everything healthy, and if not, what to do: a finding for each part, and `repair`, which does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from factbot.corpus.formats.article import read_article
from factbot.corpus.hashing import file_hash
from factbot.errors import ArticleError, CorpusIndexError, FactbotError, IndexLockedError
from factbot.text.plurals import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from factbot.bot import FactBot
    from factbot.index.index import Index
    from factbot.settings import Settings

__all__ = ["Finding", "examine", "inspect", "repair"]

# Some passages are searched for by their own vectors, to see whether the vector index finds what it holds.
SAMPLED = 200  # passages; all of a million would take hours
NEAREST = 10  # results that a passage has to be among: copies of it may come first
NEAREST_AGAIN = 1_000  # results asked for a second time: Chroma searches its graph farther the more it has to find
# The share of passages that may stay unfound. Chroma's graph loses some in a fresh index too: up to 0.5 % where
# texts are much alike. That makes 1 in SAMPLED; more than 4 happen in one index of 270.
MAX_LOST = 0.02
FILES_READ = 200  # to see why they are not indexed; reading all of a corpus would take as long as a sync
FILES_NAMED = 3


@dataclass(frozen=True)
class Finding:
    """What was found of one part; `text` says what to do where it is not healthy."""

    subject: str
    healthy: bool
    text: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def examine(corpus: str | None, index: str | None, *, fix: bool = False) -> list[Finding]:
    """Look at settings, corpus, index and models; with `fix`, repair what is not healthy first."""
    from factbot.bot import FactBot
    from factbot.settings import Settings

    try:
        settings = Settings.load(corpus=corpus, index=index)
    except FactbotError as error:
        return [Finding("settings", False, str(error))]
    try:
        with FactBot(settings) as bot:
            if fix:
                repair(bot, bot.sync, bot.rebuild)
            return inspect(bot)
    except FactbotError as error:
        if fix and _is_repaired_by_rebuilding(error):
            try:
                with FactBot(settings, rebuild=True) as bot:
                    bot.sync()
                    return inspect(bot)
            except FactbotError as still:
                error = still
        return [*_found("corpus", lambda: _corpus(settings)), Finding("index", False, str(error))]


def inspect(bot: FactBot) -> list[Finding]:
    """The findings of an open corpus and its index. Where one part fails, the others are still looked at."""
    return [
        *_found("corpus", lambda: _corpus(bot.settings)),
        *_found("index", lambda: _compared(bot)),
        *(_found("reading", lambda: _reading(notes)) if (notes := bot.index.catalog.notes()) else ()),
        *_found("search", lambda: _search(bot.index)),
        *_found("settings", lambda: _settings(bot.index)),
        *_found("models", lambda: _models(bot)),
        *(_found("language model", lambda: _language(bot)) if bot.settings.llm or bot.settings.llm_url else ()),
    ]


def repair(bot: FactBot, sync: Callable[[], object], rebuild: Callable[[], object]) -> None:
    """Do what `inspect` says: make the index equal to the corpus folder, or where that fails, build it again.

    `sync` and `rebuild` do the bot's work of that name. Raises FactbotError where neither can be done.
    """
    if bot.index.mismatch():
        rebuild()
        return
    try:
        sync()
        is_damaged = _look_for(bot.index).is_damaged
    except CorpusIndexError as error:
        if not _is_repaired_by_rebuilding(error):
            raise
        is_damaged = True
    if is_damaged:
        rebuild()


def _is_repaired_by_rebuilding(error: FactbotError) -> bool:
    is_index = isinstance(error, CorpusIndexError) and not isinstance(error, IndexLockedError)
    return is_index and "--rebuild" in str(error)


def _found(subject: str, look: Callable[[], Finding]) -> Iterator[Finding]:
    try:
        yield look()
    except FactbotError as error:
        yield Finding(subject, False, str(error))


def _corpus(settings: Settings) -> Finding:
    from factbot.corpus.folder import Corpus

    corpus = Corpus(settings.corpus)
    files, left_out = corpus.look()
    kept = len(corpus.history.withdrawn().keys() - files.keys())
    removed = f"; {kept} removed, kept in its history" if kept else ""
    text = f"{len(files)} articles in {settings.corpus}{removed}."
    if left_out:
        text = (
            f"{text} {counted(len(left_out), 'file')} left out: {_first([failure.reason for failure in left_out])}"
        )
    return Finding("corpus", not left_out, text)


def _reading(notes: dict[str, str]) -> Finding:
    """Which articles lack a part of their files. Not unhealthy: what is a picture may have no words."""
    reasons = [f"{article_id}: {note}" for article_id, note in notes.items()]
    return Finding("reading", True, f"{counted(len(notes), 'article')} not read as a whole: {_first(reasons)}")


def _compared(bot: FactBot) -> Finding:
    """Corpus folder, catalog, vectors and words against one another, file by file and passage by passage."""
    from factbot.corpus.folder import Corpus

    index, files = bot.index, Corpus(bot.settings.corpus).files()
    indexed = index.catalog.hashes()
    incomplete, left_over = index.incomplete_and_unknown()
    half_done = {*incomplete, *index.catalog.pending()}
    new, gone = files.keys() - indexed.keys(), indexed.keys() - files.keys()
    changed = {i for i, path in files.items() if i in indexed and file_hash(path) != indexed[i]}
    broken = _broken(files, (new | changed | half_done) & files.keys())
    wrong = [
        f"{len(ids)} {what}"
        for ids, what in (
            (half_done - broken.keys(), "half indexed"),
            (left_over, "left over from articles that are gone"),
            (new - half_done - broken.keys(), "not indexed yet"),
            (changed - half_done - broken.keys(), "changed since the last sync"),
            (gone, "no longer in the corpus folder"),
        )
        if ids
    ]
    articles, passages = index.catalog.counts()
    text = f"{articles} articles, {passages:,} passages; all parts agree."
    if wrong:
        text = f"Articles: {', '.join(wrong)}; run `factbot sync`, which repairs that."
    elif broken:
        text = f"{articles} articles, {passages:,} passages."
    return Finding("index", not wrong and not broken, f"{text}{_named(broken)}")


def _broken(files: dict[str, Path], asked: set[str]) -> dict[str, str]:
    """Which of the articles asked for no sync can read, and why."""
    broken = {}
    for article_id in sorted(asked)[:FILES_READ]:
        try:
            read_article(files[article_id], article_id)
        except ArticleError as error:
            broken[article_id] = str(error)
    return broken


def _named(broken: dict[str, str]) -> str:
    """The first files that cannot be read, with the reasons, as sentences; "" where there are none."""
    if not broken:
        return ""
    count = counted(len(broken), "file")
    return f" {count} cannot be read; repair or remove them: {_first(list(broken.values()))}"


def _first(reasons: Sequence[str]) -> str:
    """The first reasons, and how many more there are."""
    left = len(reasons) - FILES_NAMED
    more = f" {left} more {'is' if left == 1 else 'are'} like that." if left > 0 else ""
    return f"{' '.join(reasons[:FILES_NAMED])}{more}"


class _SearchResult(NamedTuple):
    """How many passages were searched for, how many of them have a vector, and how many were not found by it."""

    asked: int
    stored: int
    lost: int

    @property
    def is_damaged(self) -> bool:
        return self.lost > MAX_LOST * self.stored


def _search(index: Index) -> Finding:
    sought = _look_for(index)
    if not sought.asked:
        return Finding("search", True, "There are no passages yet.")
    if sought.stored < sought.asked:
        text = f"{sought.asked - sought.stored} of {sought.asked} passages looked for have no vector"
        return Finding("search", False, f"{text}; do what is said of the index, which makes them again.")
    if sought.is_damaged:
        text = f"{sought.lost} of {sought.stored} passages are not found by their own vectors"
        return Finding("search", False, f"{text}; run `factbot sync --rebuild`.")
    found = f"all but {sought.lost} found, as good as an approximate search is" if sought.lost else "all found"
    return Finding("search", True, f"{sought.stored} passages looked for by their own vectors, {found}.")


def _look_for(index: Index) -> _SearchResult:
    """Search for passages by their own vectors: a store may count passages that its graph does not reach."""
    ids = [passage for _, passages in index.catalog.passage_ids() for passage in passages]
    asked = ids if len(ids) <= SAMPLED else Random(0).sample(ids, SAMPLED)
    vectors = index.vectors.vectors_of(asked) if asked else {}
    missed = _missed(index, vectors, NEAREST)
    return _SearchResult(len(asked), len(vectors), len(_missed(index, missed, NEAREST_AGAIN)))


def _missed(index: Index, vectors: dict[str, NDArray[np.float32]], k: int) -> dict[str, NDArray[np.float32]]:
    """The passages that are not among the `k` nearest to their own vectors, and have no copy there."""
    return {
        passage: vector
        for passage, vector in vectors.items()
        if not any(i == passage or alike > 0.9999 for i, alike in index.vectors.query(vector, k))
    }


def _settings(index: Index) -> Finding:
    mismatch = index.mismatch()
    return Finding("settings", not mismatch, mismatch or "The index was built with the settings in force.")


def _models(bot: FactBot) -> Finding:
    bot.warm_up()
    return Finding("models", True, "They load and run.")


def _language(bot: FactBot) -> Finding:
    from factbot.llm.budget import Spending
    from factbot.llm.model import Prompt, fields

    assert bot.language_model is not None
    schema = fields("Sign", "A sign of life.", ready={"type": "boolean"})
    spending = Spending(bot.settings.llm_budget)
    bot.language_model.call(
        "doctor", Prompt("You are asked for a sign of life.", "Are you ready?", schema), spending
    )
    seconds = sum(stage.seconds for stage in spending.usage)
    return Finding("language model", True, f"{bot.language_model.name} answers, in {seconds:.1f} s.")
