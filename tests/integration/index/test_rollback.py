"""After a power cut one store may be older than the others: the next sync repairs any such mix."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path

import pytest

from factbot import FactBot
from tests.support.embedding import Recording
from tests.support.library import Library, assert_even, write_articles

STEPS = 4
PARTS = {"catalog": "catalog.db*", "vectors": "chroma", "words": "words"}


def article(name: str, day: str) -> dict[str, str]:
    """Texts of the same length, so that an article's passages keep their offsets when it changes."""
    return {
        f"{name}.txt": f"{name.title()}\n\nThe {name} sailed from Lys on {day}, ninety on board. All came home."
    }


def change(corpus: Path, step: int) -> None:
    if step == 0:
        write_articles(corpus, article("anna", "Monday") | article("bella", "Monday"))
    elif step == 1:
        write_articles(corpus, article("anna", "Friday"))
    elif step == 2:
        write_articles(corpus, article("clara", "Sunday"))
    else:
        (corpus / "bella.txt").unlink()
        write_articles(corpus, article("bertha", "Monday"))


def copy_part(source: Path, target: Path, pattern: str) -> None:
    for old in target.glob(pattern):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    for path in source.glob(pattern):
        shutil.copytree(path, target / path.name) if path.is_dir() else shutil.copy2(path, target)


def vectors(bot: FactBot) -> dict[str, list[float]]:
    ids = sorted(i for i, _ in bot.index.vectors.ids())
    return {i: [round(float(x), 4) for x in v] for i, v in sorted(bot.index.vectors.vectors_of(ids).items())}


@pytest.fixture
def steps(tmp_path: Path, recording: Recording) -> tuple[Library, list[Path]]:
    """A corpus that changed four times, and what its index was after each."""
    library = Library(tmp_path / "corpus", tmp_path / "index")
    kept = []
    for step in range(STEPS):
        change(library.corpus, step)
        with library.open() as bot:
            bot.sync()
        kept.append(shutil.copytree(library.parts, tmp_path / f"step-{step}"))
    return library, kept


@pytest.mark.slow
def test_any_store_taken_back_to_any_step_is_mended(steps: tuple[Library, list[Path]]) -> None:
    library, kept = steps
    with library.open() as bot:
        whole = vectors(bot)
    for taken in product(range(STEPS), repeat=len(PARTS)):
        for pattern, step in zip(PARTS.values(), taken, strict=True):
            copy_part(kept[step], library.parts, pattern)
        with library.open() as bot:
            assert not bot.sync().failed
            assert_even(bot)
            assert vectors(bot) == whole, dict(zip(PARTS, taken, strict=True))


def test_vectors_taken_back_under_the_same_ids_are_made_again(steps: tuple[Library, list[Path]]) -> None:
    """The hardest case: the same ids, the same counts, and vectors of an earlier text."""
    library, kept = steps
    copy_part(kept[1], library.parts, "catalog.db*")
    copy_part(kept[1], library.parts, "words")
    copy_part(kept[0], library.parts, "chroma")
    (library.corpus / "clara.txt").unlink()
    (library.corpus / "bertha.txt").unlink()
    write_articles(library.corpus, article("bella", "Monday"))
    with library.open() as bot:
        stale = vectors(bot)
        bot.sync()
        assert_even(bot)
        assert vectors(bot).keys() == stale.keys() and vectors(bot) != stale
        assert len(bot.sync().unchanged) == 2
