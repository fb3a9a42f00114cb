"""Near copies are found and linked, and each is kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from factbot import Article
from factbot.index.near_copies import LINKED_FROM, bands, independent, similarity, sketch
from tests.support.library import AGENCY, ARTICLES

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h"]), max_size=60).map(" ".join)


@given(WORDS, WORDS)
def test_a_text_is_like_itself_and_likeness_has_no_direction(one: str, other: str) -> None:
    assert similarity(sketch(one), sketch(one)) == 1
    assert similarity(sketch(one), sketch(other)) == similarity(sketch(other), sketch(one))
    assert list(bands(sketch(one))) == list(bands(sketch(one)))


def test_a_slightly_edited_copy_is_a_near_copy_and_another_article_is_not() -> None:
    edited = f"LYS (Agency) – {AGENCY}".replace("Monday night", "Monday evening")
    assert similarity(sketch(AGENCY), sketch(edited)) >= LINKED_FROM
    assert set(bands(sketch(AGENCY))) & set(bands(sketch(edited)))
    for other in ARTICLES.values():
        assert similarity(sketch(AGENCY), sketch(other)) < LINKED_FROM / 2


STORY = (
    "The ferry Corvina ran aground off Skell Island on Monday night with 84 passengers on board. All of them were "
    "taken off by lifeboats before midnight. The captain said that the steering had failed in a cross sea. "
    "An inquiry is to begin in April, the Marine Board announced."
)


def article(name: str, text: str) -> Article:
    return Article(title=name, text=text, id=name)


def test_copies_count_once_and_others_for_themselves() -> None:
    copy = f"By our staff.\n\n{STORY} Reporting by the agency."
    other = "A worn cable had cut the power to the rudder of the Corvina, the Marine Board found a year later."
    groups = independent([article("first", STORY), article("copy", copy), article("other", other)])
    assert [[a.id for a in group] for group in groups] == [["first", "copy"], ["other"]]


def test_a_shared_quotation_makes_no_copy() -> None:
    quoted = "The captain said that the steering had failed in a cross sea."
    own = " ".join(f"Paragraph {n} of this paper's own account tells of something else again." for n in range(9))
    assert len(independent([article("first", STORY), article("second", f"{own} {quoted}")])) == 2


def test_the_same_article_twice_is_one_source() -> None:
    assert [len(group) for group in independent([article("a", STORY), article("a", STORY)])] == [1]


def test_no_article_is_no_source() -> None:
    assert independent([]) == []
