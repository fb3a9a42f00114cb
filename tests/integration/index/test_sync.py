"""After `sync` the index equals the corpus folder, whatever happened before, and no work is done twice."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from factbot import ArticleError, CorpusError, FactBot, SyncProgress
from factbot.corpus.folder import Corpus, Found
from tests.support.embedding import Recording
from tests.support.library import (
    ARTICLES,
    LIGHTHOUSE_QUESTION,
    Library,
    assert_even,
    write_articles,
)

GHOST = "A ghost ship was seen off Skell Island by the fisherman Olaf Brann on 2 May 2020."


def passages_of(bot: FactBot, *article_ids: str) -> list[str]:
    ids = [(i, passage) for i, found in bot.index.catalog.passage_ids() if i in article_ids for passage in found]
    spans = [(i, slice(*map(int, passage.rpartition("#")[2].split("-")))) for i, passage in ids]
    return [bot.article(i).text[span] for i, span in spans]


# -- what it does and does not do --------------------------------------------------------------------


def test_vectors_go_in_few_at_a_time_with_questions_before_each(own: Library, recording: Recording) -> None:
    """Chroma holds Python's global lock while it writes, so no question could start in the meantime."""
    told: list[str] = []
    text = " ".join(f"Boat {n} left the harbour of Skell at noon with {n} people on board." for n in range(900))
    (own.corpus / "boats.txt").write_text(f"Boats\n\n{text}", encoding="utf-8")
    with own.open() as bot:
        collection, cancellation = bot.index.vectors._collection, bot.cancellation()
        written: list[int] = []
        upsert, give_way = collection.upsert, cancellation.give_way

        def noted(ids: list[str], **rest: object) -> None:
            written.append(len(ids))
            told.append("w")
            upsert(ids=ids, **rest)

        collection.upsert = noted
        cancellation.give_way = lambda: (told.append("?"), give_way())[1]  # type: ignore[method-assign]
        bot.sync(cancellation=cancellation)
        assert sum(written) == bot.article("boats.txt").passages > 100
        assert max(written) <= 32 and "ww" not in "".join(told)
        assert_even(bot)


def test_the_first_sync_takes_every_article_in(tmp_path: Path, recording: Recording) -> None:
    library = Library(write_articles(tmp_path / "corpus"), tmp_path / "index")
    with library.open() as bot:
        assert bot.articles() == [] and bot.corpus_version == ""
        report = bot.sync()
        assert report.added == tuple(sorted(ARTICLES))
        assert (report.updated, report.removed, report.unchanged, report.failed) == ((), (), (), ())
        assert report.corpus_version == bot.corpus_version != ""
        assert_even(bot)


def test_a_second_sync_embeds_nothing(own: Library, recording: Recording) -> None:
    for path in Corpus(own.corpus).files().values():
        path.touch()  # a date is no change
    with own.open() as bot:
        version = bot.corpus_version
        report = bot.sync()
        assert report.unchanged == tuple(sorted(ARTICLES))
        assert not (report.added or report.updated or report.removed or report.failed)
        assert report.corpus_version == version
    assert recording.texts == []


def test_only_new_and_changed_files_are_embedded(own: Library, recording: Recording) -> None:
    write_articles(own.corpus, {"new/ghost.txt": f"Ghost ship\n\n{GHOST}"})
    changed = own.corpus / "lighthouse.md"
    changed.write_text(changed.read_text(encoding="utf-8").replace("38 metres", "39 metres"), encoding="utf-8")
    with own.open() as bot:
        before = bot.corpus_version
        report = bot.sync()
        assert report.added == ("new/ghost.txt",)
        assert report.updated == ("lighthouse.md",)
        assert len(report.unchanged) == len(ARTICLES) - 1
        assert report.corpus_version == bot.corpus_version != before
        assert_even(bot)
        titles = [bot.article(i).title for i in ("lighthouse.md", "new/ghost.txt")]
        expected = passages_of(bot, "lighthouse.md", "new/ghost.txt")
        assert sorted(recording.texts) == sorted(titles + expected)
        assert any("39 metres" in p.text for p in bot.search("How high is the lighthouse?"))
        assert not any("38 metres" in p.text for p in bot.search("How high is the lighthouse?"))


def test_a_removed_file_leaves_the_index(own: Library, recording: Recording) -> None:
    (own.corpus / "lighthouse.md").unlink()
    with own.open() as bot:
        report = bot.sync()
        assert report.removed == ("lighthouse.md",)
        assert_even(bot)
        assert all(p.article_id != "lighthouse.md" for p in bot.search(LIGHTHOUSE_QUESTION, k=50))
        with pytest.raises(ArticleError, match=r"lighthouse\.md"):
            bot.article("lighthouse.md")
    assert recording.texts == []


def test_a_renamed_file_is_found_under_its_new_name_alone(own: Library) -> None:
    (own.corpus / "moved").mkdir()
    (own.corpus / "lighthouse.md").rename(own.corpus / "moved" / "tower.md")
    with own.open() as bot:
        report = bot.sync()
        assert (report.added, report.removed) == (("moved/tower.md",), ("lighthouse.md",))
        assert_even(bot)
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "moved/tower.md"


def test_articles_of_a_renamed_folder_stay_searchable_during_the_sync(own: Library) -> None:
    moved = own.corpus.parent / "moved"
    own.corpus.rename(moved)
    own.corpus.mkdir()
    moved.rename(own.corpus / "2026")
    held: list[int] = []
    with own.open() as bot:
        stopping = bot.cancellation()
        stopping.stop()
        assert bot.sync(cancellation=stopping).removed == (), "what is stopped has not yet seen what came instead"
        report = bot.sync(lambda _: held.append(len(bot.articles())))
        assert report.removed == tuple(sorted(ARTICLES))
        assert report.added == tuple(f"2026/{article}" for article in sorted(ARTICLES))
        assert min(held) >= len(ARTICLES)
        assert_even(bot)


def test_an_emptied_folder_empties_the_index(own: Library) -> None:
    shutil.rmtree(own.corpus)
    own.corpus.mkdir()
    with own.open() as bot:
        assert bot.sync().removed == tuple(sorted(ARTICLES))
        assert_even(bot)
        assert bot.search("lighthouse") == []


def test_a_missing_folder_is_no_reason_to_forget_its_articles(own: Library) -> None:
    shutil.rmtree(own.corpus)
    with own.open() as bot:
        with pytest.raises(CorpusError, match=r"create it, or name another with --corpus\.$"):
            bot.sync()
        assert len(bot.articles()) == len(ARTICLES)


def test_one_broken_file_is_named_and_the_rest_goes_in(own: Library, recording: Recording) -> None:
    (own.corpus / "broken.txt").write_bytes(b"\x00\xff\x00binary\x00" * 50)
    write_articles(own.corpus, {"ghost.txt": f"Ghost ship\n\n{GHOST}"})
    with own.open() as bot:
        report = bot.sync()
        assert report.added == ("ghost.txt",)
        (failure,) = report.failed
        assert failure.path == "broken.txt"
        assert failure.reason.startswith("broken.txt ") and failure.reason.endswith(".")
        assert "Ghost ship" in recording.texts
        (own.corpus / "broken.txt").unlink()
        assert bot.sync().failed == ()
        assert_even(bot)


def test_an_article_whose_file_breaks_can_still_be_asked_about(own: Library) -> None:
    whole = (own.corpus / "lighthouse.md").read_bytes()
    (own.corpus / "lighthouse.md").write_bytes(b"\x00\xff" * 500)
    with own.open() as bot:
        report = bot.sync()
        assert [f.path for f in report.failed] == ["lighthouse.md"]
        assert (report.removed, report.updated) == ((), ())
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"
        (own.corpus / "lighthouse.md").write_bytes(whole)
        assert len(bot.sync().unchanged) == len(ARTICLES)


def test_a_file_that_vanishes_in_the_middle_is_named_and_the_rest_goes_in(
    own: Library, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(own.corpus, {"a-ghost.txt": f"Ghost ship\n\n{GHOST}", "z-last.txt": f"Last\n\n{GHOST}"})
    look = Corpus.look

    def looked(corpus: Corpus) -> Found:
        found = look(corpus)
        (own.corpus / "a-ghost.txt").unlink(missing_ok=True)
        (own.corpus / "lighthouse.md").unlink(missing_ok=True)
        return found

    with own.open() as bot:
        with monkeypatch.context() as patch:
            patch.setattr(Corpus, "look", looked)
            report = bot.sync()
        assert [f.path for f in report.failed] == ["a-ghost.txt", "lighthouse.md"]
        assert report.added == ("z-last.txt",)
        report = bot.sync()
        assert (report.removed, report.failed) == (("lighthouse.md",), ())
        assert_even(bot)


def test_progress_goes_up_and_ends_with_everything(own: Library, recording: Recording) -> None:
    write_articles(own.corpus, {f"ghost-{n}.txt": f"Ghost ship {n}\n\n{GHOST}" for n in range(300)})
    states: list[SyncProgress] = []
    with own.open() as bot:
        bot.sync(states.append)
    assert len(states) >= 2
    assert [s.articles_done for s in states] == sorted(s.articles_done for s in states)
    assert [s.passages_done for s in states] == sorted(s.passages_done for s in states)
    assert all(s.articles_total == 308 and s.passages_per_second > 0 for s in states)
    assert states[0].seconds_left is not None and states[0].seconds_left > 0
    assert (states[-1].articles_done, states[-1].passages_done) == (308, 300)


@pytest.mark.slow
def test_questions_are_answered_while_a_sync_runs(own: Library, recording: Recording) -> None:
    write_articles(own.corpus, {f"ghost-{n}.txt": f"Ghost ship {n}\n\n{GHOST}" for n in range(300)})
    troubles: list[BaseException] = []
    with own.open() as bot:
        bot.search("warm up")
        running = threading.Thread(target=bot.sync)

        def ask() -> None:
            try:
                while running.is_alive():
                    found = bot.search(LIGHTHOUSE_QUESTION, k=3)
                    assert found[0].article_id == "lighthouse.md"
            except BaseException as error:
                troubles.append(error)

        running.start()
        readers = [threading.Thread(target=ask) for _ in range(3)]
        for thread in readers:
            thread.start()
        for thread in [running, *readers]:
            thread.join()
        assert troubles == []
        assert_even(bot)


# -- one article -------------------------------------------------------------------------------------


def test_adding_and_removing_look_at_one_article_only(own: Library, recording: Recording, tmp_path: Path) -> None:
    (own.corpus / "unseen.txt").write_text("Unseen\n\nNobody has synced this yet.", encoding="utf-8")
    (tmp_path / "ghost.txt").write_text(f"Ghost ship\n\n{GHOST}", encoding="utf-8")
    with own.open() as bot:
        article = bot.add(tmp_path / "ghost.txt")
        assert (article.title, article.text, article.passages) == ("Ghost ship", GHOST, 1)
        assert recording.texts == ["Ghost ship", GHOST]
        assert bot.search("Who saw the ghost ship?")[0].article_id == article.id
        assert "unseen.txt" not in {a.id for a in bot.articles()}
        bot.remove(article.id)
        assert article.id not in {a.id for a in bot.articles()}
        assert not (own.corpus / article.id).exists()
        assert bot.sync().added == ("unseen.txt",)
        assert_even(bot)


# -- mending what was lost behind its back -----------------------------------------------------------


def some_vectors(bot: FactBot) -> None:
    bot.index.vectors.delete_articles(["lighthouse.md"])


def all_vectors(bot: FactBot) -> None:
    bot.index.vectors.delete_articles(sorted(ARTICLES))


def some_words(bot: FactBot) -> None:
    bot.index.words.delete_articles(["lighthouse.md"])
    bot.index.words.commit()


def all_words(bot: FactBot) -> None:
    bot.index.words.delete_articles(sorted(ARTICLES))
    bot.index.words.commit()


def words_twice(bot: FactBot) -> None:
    (passage,) = next(ids for i, ids in bot.index.catalog.passage_ids() if i == "lighthouse.md")
    bot.index.words.add([(passage, "lighthouse.md", "Orrin Point lighthouse turns 150", "It is high.")])
    bot.index.words.commit()


def strangers(bot: FactBot) -> None:
    bot.index.words.add([("gone.md#0-9", "gone.md", "Gone", "Lighthouse of an article that is gone.")])
    bot.index.words.commit()
    bot.index.vectors.upsert(["gone.md#0-9"], np.ones((1, 384), np.float32), ["gone.md"])


@pytest.mark.parametrize(
    ("damage", "embedded_again"),
    [
        (some_vectors, 1),
        (all_vectors, len(ARTICLES)),
        (some_words, 1),
        (all_words, len(ARTICLES)),
        (words_twice, 1),
        (strangers, 0),
    ],
)
def test_sync_repairs_what_other_programs_removed_or_added(
    own: Library, recording: Recording, damage: Callable[[FactBot], None], embedded_again: int
) -> None:
    with own.open() as bot:
        titles = {a.title for a in bot.articles()}
        damage(bot)
        bot.sync()
        assert_even(bot)
        assert sum(text in titles for text in recording.texts) == embedded_again
        assert bot.search(LIGHTHOUSE_QUESTION)[0].article_id == "lighthouse.md"
        assert all(p.article_id != "gone.md" for p in bot.search("an article that is gone"))


# -- any order of events -----------------------------------------------------------------------------


class Newsroom(RuleBasedStateMachine):
    """Files are added, changed and removed; factbot restarts and loses parts of its index; `sync` repairs all."""

    names = st.sampled_from(["a.txt", "b.md", "deep/c.txt", "deep/d.md"])
    texts = st.lists(
        st.sampled_from([GHOST, "She won.", "Ça va, 東京。", "🙂 It rained."]), min_size=1, max_size=4
    )

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="factbot-newsroom-"))
        self.library = Library(write_articles(self.folder / "corpus", {}), self.folder / "index")
        self.library.corpus.mkdir()
        self.synced = False
        self.bot = self.library.open()

    def teardown(self) -> None:
        self.bot.close()
        shutil.rmtree(self.folder)

    @rule(name=names, text=texts)
    def write(self, name: str, text: list[str]) -> None:
        write_articles(self.library.corpus, {name: "\n\n".join(text)})
        self.synced = False

    @rule(name=names)
    def delete(self, name: str) -> None:
        (self.library.corpus / name).unlink(missing_ok=True)
        self.synced = False

    @rule(text=texts)
    def add(self, text: list[str]) -> None:
        path = self.folder / "added.txt"
        path.write_text("\n\n".join(text), encoding="utf-8")
        self.bot.add(path)

    @rule()
    def remove_through_the_bot(self) -> None:
        for article_id in list(Corpus(self.library.corpus).files())[:1]:
            self.bot.remove(article_id)

    @rule()
    def restart(self) -> None:
        self.bot.close()
        self.bot = self.library.open()

    @rule(lose=st.sampled_from(["vectors", "words"]), name=names)
    def lose(self, lose: str, name: str) -> None:
        store = self.bot.index.vectors if lose == "vectors" else self.bot.index.words
        store.delete_articles([name])
        self.bot.index.words.commit()
        self.synced = False

    @rule()
    def sync(self) -> None:
        assert not self.bot.sync().failed
        self.synced = True

    @precondition(lambda self: self.synced)
    @invariant()
    def folder_and_index_are_equal(self) -> None:
        assert_even(self.bot)


def test_after_any_events_a_sync_makes_the_index_equal_to_the_folder(recording: Recording) -> None:
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=8,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
