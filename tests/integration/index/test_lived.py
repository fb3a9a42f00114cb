"""An index that has lived finds what a fresh one of the same folder finds, in the same order."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from factbot import FactBot
from factbot.errors import CorpusIndexError
from factbot.index import lexical
from factbot.index.lexical import LexicalIndex
from factbot.index.vectors import VectorStore
from factbot.models.embedding import Embedder, unit_vectors
from factbot.settings import Settings
from tests.support.embedding import Recording
from tests.support.library import Library, assert_even

ROUNDS = 6
# Near-equal stories, so many that no list of the nearest holds all, and some that are equal to the letter.
NEWS = "The tram {number} to {place} stood still for {count} minutes. Its driver waited for a man from {place}."
PLACES = ["Ostrel", "Tamby", "Quarn", "Lower Quarn", "Vissel", "Merrow Hill"]
QUESTIONS = [
    *(f"Why did the tram to {place} stand still?" for place in PLACES),
    *(f"Who was the tram to {place} waiting for?" for place in PLACES),
    *(f"A tram stood still for {count} minutes" for count in (1, 2, 3, 5, 8, 13)),
    *("tram", "still", "driver", "minutes", "a man from Quarn", "Which trams stood still?"),
    *("How long did the driver wait?", "Did a bus stop?", "Who drove?", "delays in town", "Hill", "Vissel Tamby"),
]


def news(chance: random.Random) -> str:
    number = chance.choice([7, chance.randrange(10**6)])
    return NEWS.format(number=number, place=chance.choice(PLACES), count=chance.randrange(1, 14))


def change(folder: Path, chance: random.Random, added: int, touched: int = 0) -> None:
    """Some stories come whose names stand anywhere among the others, and of `touched` some change and some go."""
    for path in chance.sample(sorted(folder.glob("*.txt")), touched):
        path.unlink() if chance.random() < 0.5 else path.write_text(news(chance))
    for _ in range(added):
        (folder / f"tram-{chance.randrange(10**6):06}.txt").write_text(news(chance))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FactBot]:
    """The bot of an index that was synced after each of many changes."""
    folder, chance = tmp_path_factory.mktemp("lived"), random.Random(20260301)
    library = Library(folder / "corpus", folder / "index")
    library.corpus.mkdir()
    with library.open() as bot:
        for added, touched in [(120, 0), *[(25, 30)] * ROUNDS, (25, 0)]:
            change(library.corpus, chance, added, touched)
            assert not bot.sync().failed
        assert_even(bot)
        yield bot


@pytest.fixture(scope="module")
def fresh(lived: FactBot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FactBot]:
    with Library(lived.settings.corpus, tmp_path_factory.mktemp("fresh")).open() as bot:
        bot.sync()
        yield bot


def assert_same(found: list[tuple[str, float]], expected: list[tuple[str, float]]) -> None:
    assert [i for i, _ in found] == [i for i, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)


@pytest.mark.parametrize("k", [5, 50])
def test_it_finds_what_a_fresh_one_finds(lived: FactBot, fresh: FactBot, embedder: Embedder, k: int) -> None:
    for question in QUESTIONS:
        assert_same(lived.index.words.search(question, k), fresh.index.words.search(question, k))
        vector = embedder.embed_query(question)
        assert_same(lived.index.vectors.query(vector, k), fresh.index.vectors.query(vector, k))
    for question in QUESTIONS[::5]:  # fused, and read by the reranker
        assert lived.search(question, k) == fresh.search(question, k)


def test_the_nearest_of_many_near_equal_vectors_are_found_whatever_went(tmp_path: Path) -> None:
    """A graph of near-equal vectors, some equal, out of which some went, no longer leads to all of them."""
    made = np.random.default_rng(7)
    near = unit_vectors(made.normal(size=384) + 0.3 * made.normal(size=(300, 384)))
    near[150:210] = near[150]
    names = [f"{n:03}.txt" for n in range(300)]
    store = VectorStore(tmp_path, Settings(), "near-equal")
    store.upsert(names, near, names)
    store.note_write(1)
    store.delete_articles(names[::5])
    store.note_write(2)
    left = [n for n in range(300) if n % 5]
    twins = [n for n in left if 150 <= n < 210]
    for question in unit_vectors(made.normal(size=(20, 384)) + near[:20]):
        alike = near @ question
        found = [names.index(i) for i, _ in store.query(question, 50)]
        assert alike[found] == pytest.approx(np.sort(alike[left])[:-51:-1], abs=2e-6), "the 50 nearest"
        found_twins = [n for n in found if n in twins]
        assert found_twins == twins[: len(found_twins)], "equals by their names"
    store.close()


def dead(bot: FactBot) -> int:
    """How many passages the words still count that are gone."""
    meta = json.loads((bot.index.folder / "words" / "meta.json").read_text())
    written: int = sum(segment["max_doc"] for segment in meta["segments"])
    return written - bot.index.words.count()


def test_in_a_large_index_few_of_the_gone_are_counted_and_no_change_writes_all_anew(
    tmp_path: Path, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "EXACT_UP_TO", 40)
    anew: list[LexicalIndex] = []
    replace_all = LexicalIndex.replace_all

    def noted(self: LexicalIndex, rows: Iterable[lexical.Row]) -> None:
        anew.append(self)
        replace_all(self, rows)

    monkeypatch.setattr(LexicalIndex, "replace_all", noted)
    library, chance = Library(tmp_path / "corpus", tmp_path / "index"), random.Random(1)
    library.corpus.mkdir()
    with library.open() as bot:
        change(library.corpus, chance, 100)
        bot.sync()
        for path in chance.sample(sorted(library.corpus.glob("*.txt")), 30):
            bot.remove(path.name)
            assert dead(bot) <= 0.1 * bot.index.words.count()
        assert_even(bot)
    assert 0 < len(anew) <= 4, "once for each tenth that went"


def test_words_that_cannot_be_written_anew_stay_as_they_were(tmp_path: Path) -> None:
    def damaged() -> Iterator[lexical.Row]:
        yield "b.txt#0-9", "b.txt", "Buses", "A bus stood still."
        raise CorpusIndexError("The catalog is damaged.")

    words = LexicalIndex(tmp_path)
    words.add([("a.txt#0-9", "a.txt", "Trams", "A tram stood still.")])
    words.commit()
    with pytest.raises(CorpusIndexError, match=r"^The catalog is damaged\.$"):
        words.replace_all(damaged())
    words.commit()
    assert [i for i, _ in words.search("what stood still", 5)] == ["a.txt#0-9"]
    words.close()
