"""Retrieval: passages that are verbatim, best first, and a langchain retriever that gives the same."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from factbot import FactBot, Passage, UsageError
from factbot.retrieval.retriever import fuse
from tests.support.library import ARTICLES, COUNT_QUESTION, LIGHTHOUSE_QUESTION, SHARED_SENTENCE, Library

WORDS = st.sampled_from(
    [
        "who",
        "the",
        "lighthouse",
        "Corvina",
        "votes",
        "10,388",
        "Été",
        "東京",
        "Погода",
        "🍨",
        '"',
        "AND",
        "(",
        "*",
        "-",
    ]
)
QUERIES = st.one_of(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), st.text(max_size=60))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@example("東京の店 🍨 Été", 10)
@given(QUERIES, st.integers(1, 30))
def test_every_passage_is_verbatim_and_best_comes_first(bot: FactBot, query: str, k: int) -> None:
    try:
        passages = bot.search(query, k)
    except UsageError:
        return  # nothing to ask in it
    assert len(passages) <= k
    assert len({p.id for p in passages}) == len(passages)
    scores = [p.score for p in passages]
    assert scores == sorted(scores, reverse=True)
    for p in passages:
        article = bot.article(p.article_id)
        assert article.text[p.start : p.end] == p.text == p.text.strip() != ""
        assert (p.title, p.source, p.url, p.date) == (article.title, article.source, article.url, article.date)
        assert 0 <= p.score <= 1


@pytest.mark.parametrize(
    ("query", "article_id"),
    [
        (LIGHTHOUSE_QUESTION, "lighthouse.md"),
        (COUNT_QUESTION, "election/recount.md"),
        ("What did the Marine Board find?", "ferry-inquiry.txt"),
        ("Who discovered comet Adeyemi?", "science/comet.html"),
        ("cider press", "library-lends-tools.md"),
        ("glaces Élie Durand", "wide-characters.txt"),
    ],
)
def test_the_article_that_says_it_comes_first(bot: FactBot, query: str, article_id: str) -> None:
    assert bot.search(query)[0].article_id == article_id


@pytest.mark.parametrize("query", ["10,388", "Folake", "Ferris", "Погода", "佐藤恵子"])
def test_a_rare_word_is_found_by_itself(bot: FactBot, query: str) -> None:
    assert any(query in p.text for p in bot.search(query, k=3))


def test_a_passage_is_wide_enough_to_read_and_no_wider_than_set(own: Library) -> None:
    with own.open(context_size=200) as bot:
        narrow = bot.search(LIGHTHOUSE_QUESTION)
    with own.open(context_size=2_000) as bot:
        wide = bot.search(LIGHTHOUSE_QUESTION)
    assert wide[0].end - wide[0].start >= narrow[0].end - narrow[0].start
    comet = next(p for p in wide if p.article_id == "science/comet.html")
    assert comet.text.startswith("Comet Adeyemi passed") and comet.text.endswith("within a week.")


@pytest.mark.parametrize("k", [1, 3, 8])
def test_k_is_how_many_there_are_at_most(bot: FactBot, k: int) -> None:
    assert len(bot.search("the", k=k) or bot.search("lighthouse ferry election", k=k)) <= k
    assert len(bot.search("lighthouse ferry election comet", k=k)) == k


@pytest.mark.parametrize("k", [0, -1, 1_001, 10**9])
def test_an_impossible_k_is_a_usage_error(bot: FactBot, k: int) -> None:
    with pytest.raises(UsageError, match=r"ask for 1 to 1,000 passages"):
        bot.search("lighthouse", k=k)


def test_more_than_there_is_gives_all_there_is(bot: FactBot) -> None:
    assert {p.article_id for p in bot.search("lighthouse", k=1_000)} == set(ARTICLES)


# -- langchain ----------------------------------------------------------------------------------------------


def as_documents(passages: list[Passage]) -> list[Document]:
    return [
        Document(
            id=p.id,
            page_content=p.text,
            metadata={
                "id": p.id,
                "article_id": p.article_id,
                "title": p.title,
                "source": p.source,
                "url": p.url,
                "date": p.date,
                "start": p.start,
                "end": p.end,
                "score": p.score,
            },
        )
        for p in passages
    ]


def test_the_langchain_retriever_gives_the_same_as_search(bot: FactBot) -> None:
    retriever = bot.as_retriever(k=4)
    assert isinstance(retriever, BaseRetriever)
    expected = as_documents(bot.search(LIGHTHOUSE_QUESTION, k=4))
    assert len(expected) == 4
    assert retriever.invoke(LIGHTHOUSE_QUESTION) == expected
    assert retriever.batch([LIGHTHOUSE_QUESTION, LIGHTHOUSE_QUESTION]) == [expected, expected]
    assert asyncio.run(retriever.ainvoke(LIGHTHOUSE_QUESTION)) == expected


def test_the_langchain_retriever_fits_into_a_chain(bot: FactBot) -> None:
    chain = bot.as_retriever(k=1) | RunnableLambda(lambda found: found[0].metadata["title"])
    assert chain.invoke(SHARED_SENTENCE + " And a worn cable?") in (
        "Inquiry blames a worn cable",
        "Ferry aground off Skell Island",
    )


def test_retrievers_of_different_k_do_not_disturb_each_other(bot: FactBot) -> None:
    one, two = bot.as_retriever(k=1), bot.as_retriever(k=2)
    assert [len(r.invoke("lighthouse ferry comet")) for r in (one, two, one)] == [1, 2, 1]


# -- fusion -------------------------------------------------------------------------------------------------


def test_what_both_rankings_place_high_comes_first() -> None:
    assert fuse(["a", "b", "c"], ["b", "d", "a"])[0] == "b"
    assert fuse(["a", "b"], []) == ["a", "b"]
    assert fuse([], []) == []


IDS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(IDS, IDS)
def test_fusion_holds_every_id_once_and_keeps_an_undisputed_order(left: list[str], right: list[str]) -> None:
    fused = fuse(left, right)
    assert sorted(fused) == sorted({*left, *right})
    for first in fused:
        for second in fused:
            ahead = [r.index(first) < r.index(second) for r in (left, right) if first in r and second in r]
            if len(ahead) == 2 and all(ahead):
                assert fused.index(first) < fused.index(second)
