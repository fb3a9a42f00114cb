"""Near copies are found and linked, and each is kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from factbot.index.near_copies import ALIKE, bands, similarity, sketch
from tests.support.embedding import Recording
from tests.support.library import ARTICLES, Library

AGENCY = """The ferry Corvina ran aground off Skell Island on Monday night with 84 passengers on board. All of
them were taken off by lifeboats before midnight. The captain said that the steering had failed in a cross sea. An
inquiry is to begin in April, the Marine Board announced. Divers found a hole of two metres below the water line,
and a tug from Lys is to pull the ship free at the next spring tide, the owners said."""
WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h"]), max_size=60).map(" ".join)


@given(WORDS, WORDS)
def test_a_text_is_like_itself_and_likeness_has_no_direction(one: str, other: str) -> None:
    assert similarity(sketch(one), sketch(one)) == 1
    assert similarity(sketch(one), sketch(other)) == similarity(sketch(other), sketch(one))
    assert list(bands(sketch(one))) == list(bands(sketch(one)))


def test_a_little_edited_copy_is_one_and_another_article_is_none() -> None:
    edited = f"LYS (Agency) – {AGENCY}".replace("Monday night", "Monday evening")
    assert similarity(sketch(AGENCY), sketch(edited)) >= ALIKE
    assert set(bands(sketch(AGENCY))) & set(bands(sketch(edited)))
    for other in ARTICLES.values():
        assert similarity(sketch(AGENCY), sketch(other)) < ALIKE / 2


def test_near_copies_are_linked_both_ways_until_one_goes(own: Library, recording: Recording) -> None:
    for paper in ("vane", "courier"):
        (own.corpus / f"{paper}.txt").write_text(
            f"Ferry aground\n\n{AGENCY} Reporting by {paper}.", encoding="utf-8"
        )
    with own.open() as bot:
        bot.sync()
        linked = {article.id: article.copies for article in bot.articles() if article.copies}
        assert linked == {"vane.txt": ("courier.txt",), "courier.txt": ("vane.txt",)}
        assert bot.article("vane.txt").copies == ("courier.txt",)
        bot.remove("courier.txt")
        assert bot.article("vane.txt").copies == ()
        bot.restore("courier.txt")
        assert bot.article("vane.txt").copies == ("courier.txt",)
        (own.corpus / "vane.txt").write_text("Ferry aground\n\nNothing more is known.", encoding="utf-8")
        bot.sync()
        assert all(article.copies == () for article in bot.articles())
