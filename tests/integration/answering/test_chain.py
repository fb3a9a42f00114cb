"""Answers: verbatim, cited sentence by sentence, or an honest abstention."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.runnables import Runnable, RunnableLambda

from factbot import Answer, FactBot, Stage, UsageError
from tests.support.embedding import Recording
from tests.support.library import (
    ARTICLES,
    COUNT_QUESTION,
    LIGHTHOUSE_QUESTION,
    SHARED_QUESTION,
    SHARED_SENTENCE,
    UNANSWERABLE,
    Library,
    write_articles,
)

QUESTIONS = [
    LIGHTHOUSE_QUESTION,
    COUNT_QUESTION,
    SHARED_QUESTION,
    "When did the last keeper leave?",
    "How far from the Sun did the comet pass?",
    "What may a reader of the library borrow?",
    "Combien de glaces le café a-t-il servi ?",
    "東京の店はいつ開店した？",
    "Какая была температура?",
    UNANSWERABLE,
]


def assert_well_formed(answer: Answer, bot: FactBot) -> None:
    """Check what is true of every answer."""
    assert answer.corpus_version == bot.corpus_version
    assert answer.elapsed_ms >= 0
    assert answer.models["embedding"] and all(answer.models.values())
    if not answer.answered:
        assert answer.reason in ("corpus_silent", "not_supported")
        assert (answer.sentences, answer.citations) == ((), ())
        assert re.fullmatch(r"The corpus holds no .*\.", answer.text)
        return
    assert answer.reason is None
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for c in answer.citations:
        text = bot.article(c.passage.article_id).text
        assert text[c.quote_start : c.quote_end] == c.quote != ""
        assert text[c.passage.start : c.passage.end] == c.passage.text
        assert c.passage.start <= c.quote_start < c.quote_end <= c.passage.end
    assert 1 <= len(answer.sentences) <= 3
    quotes = {c.number: c.quote for c in answer.citations}
    for sentence in answer.sentences:
        assert sentence.citations
        assert " ".join(quotes[sentence.citations[0]].split()) == " ".join(sentence.text.split())
        assert 0 <= sentence.support <= 1
    assert [n for s in answer.sentences for n in s.citations] == list(quotes)
    cited = [s.text + "".join(f" [{n}]" for n in s.citations) for s in answer.sentences]
    assert answer.text == " ".join(cited)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_verbatim_and_every_sentence_cited(bot: FactBot, question: str) -> None:
    assert_well_formed(bot.ask(question), bot)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=80))
def test_whatever_is_asked_the_answer_is_well_formed(bot: FactBot, question: str) -> None:
    with suppress(UsageError):  # nothing to ask in it
        assert_well_formed(bot.ask(question), bot)


@pytest.mark.slow
def test_quotes_are_verbatim_at_any_threshold(own: Library) -> None:
    """At threshold 0 every question is answered, so every answer's quotes are checked."""
    with own.open(answer_threshold=0.0) as bot:
        for question in QUESTIONS:
            answer = bot.ask(question)
            assert answer.answered
            assert_well_formed(answer, bot)


@pytest.mark.parametrize(
    ("question", "words", "article_id"),
    [
        (LIGHTHOUSE_QUESTION, "Agnes Marlow", "lighthouse.md"),
        (COUNT_QUESTION, "10,388", "election/recount.md"),
        (SHARED_QUESTION, "14 March 2016", "ferry-"),
        ("Who discovered comet Adeyemi?", "Folake", "science/comet.html"),
    ],
)
def test_a_plain_question_gets_its_answer(bot: FactBot, question: str, words: str, article_id: str) -> None:
    answer = bot.ask(question)
    assert answer.answered, answer
    assert words in answer.text
    assert any(words in c.quote and c.passage.article_id.startswith(article_id) for c in answer.citations)


def test_the_same_sentence_in_two_articles_is_said_once_and_cited_twice(bot: FactBot) -> None:
    answer = bot.ask(SHARED_QUESTION)
    assert answer.answered, answer
    (said,) = [s for s in answer.sentences if s.text == SHARED_SENTENCE]
    cited = {c.passage.article_id for c in answer.citations if c.number in said.citations}
    assert cited == {"ferry-grounded.txt", "ferry-inquiry.txt"}
    assert answer.text.count(SHARED_SENTENCE) == 1


@pytest.mark.parametrize("question", [UNANSWERABLE, "Who is the mayor of Paris?"])
def test_what_the_corpus_does_not_say_is_not_guessed(bot: FactBot, question: str) -> None:
    answer = bot.ask(question)
    assert not answer.answered
    assert answer.text == "The corpus holds no answer to this."
    assert_well_formed(answer, bot)
    articles = [p.article_id for p in answer.nearest]
    assert 1 <= len(articles) <= 3 and len(set(articles)) == len(articles)


def test_an_unrelated_question_and_a_near_one_have_different_reasons(bot: FactBot) -> None:
    assert bot.ask(UNANSWERABLE).reason == "corpus_silent"
    assert bot.ask("What colour was the lighthouse keeper's coat?").reason in ("not_supported", None)


def test_an_empty_corpus_says_that_it_is_empty(tmp_path: Path, recording: Recording) -> None:
    library = Library(write_articles(tmp_path / "corpus", {}), tmp_path / "index")
    library.corpus.mkdir()
    with library.open() as bot:
        for _ in range(2):  # before the first sync and after it
            answer = bot.ask(LIGHTHOUSE_QUESTION)
            assert (answer.answered, answer.reason, answer.nearest) == (False, "corpus_silent", ())
            assert answer.text == "The corpus holds no articles yet; add some and run `factbot sync`."
            assert bot.search(LIGHTHOUSE_QUESTION) == []
            bot.sync()


def test_a_higher_threshold_abstains_more(own: Library) -> None:
    with own.open(answer_threshold=1.0) as bot:
        assert not any(bot.ask(question).answered for question in QUESTIONS[:3])


def test_a_follow_up_is_read_with_the_questions_before_it(bot: FactBot) -> None:
    answer = bot.ask("and when was that?", history=[LIGHTHOUSE_QUESTION])
    assert answer.question == "and when was that?"
    assert_well_formed(answer, bot)
    nearest = [p.article_id for p in answer.nearest] or [c.passage.article_id for c in answer.citations]
    assert "lighthouse.md" in nearest


def test_what_may_stand_alone_is_taken_as_it_stands(bot: FactBot) -> None:
    first = next(bot.stream("Why did the ferry run aground?", history=[LIGHTHOUSE_QUESTION]))
    assert isinstance(first, Stage) and first.detail.startswith("Understood as it stands")
    first = next(bot.stream(COUNT_QUESTION, history=[LIGHTHOUSE_QUESTION]))
    assert isinstance(first, Stage) and first.name == "search"


@pytest.mark.parametrize(
    ("question", "words"),
    [(LIGHTHOUSE_QUESTION, "Agnes Marlow"), (COUNT_QUESTION, "10,388"), (SHARED_QUESTION, "14 March 2016")],
)
def test_the_words_that_answer_are_marked_in_sentences_near_the_best(
    bot: FactBot, question: str, words: str
) -> None:
    answer = bot.ask(question)
    first = answer.sentences[0]
    assert first.span is not None and words in first.text[slice(*first.span)]
    support = [sentence.support for sentence in answer.sentences]
    assert min(support) >= 0.8 * max(support)


@pytest.mark.parametrize("typed", ["Hello!", "Thanks", "What can you do?", "Summarise the article on the ferry"])
def test_small_talk_gets_a_reply(bot: FactBot, typed: str) -> None:
    answer = bot.ask(typed)
    assert (answer.answered, answer.reason, answer.citations, answer.nearest) == (False, None, (), ())
    assert answer.text and "corpus holds no" not in answer.text
    assert same(bot.as_runnable().invoke(typed), answer)


def test_two_that_are_compared_are_quoted_from_their_two_articles(own: Library) -> None:
    with own.open(answer_threshold=0.0) as bot:
        answer = bot.ask("Which was built first, the Orrin Point lighthouse or the library of Quillon?")
    cited = {citation.passage.article_id for citation in answer.citations}
    assert {"lighthouse.md", "library-lends-tools.md"} <= cited


def test_a_question_in_another_language_is_told_that_the_articles_are_in_english(
    bot: FactBot, tmp_path: Path
) -> None:
    english = {name: text for name, text in ARTICLES.items() if name != "wide-characters.txt"}
    with Library(write_articles(tmp_path / "corpus", english), tmp_path / "index").open() as in_english:
        in_english.sync()
        german = in_english.ask("Wer hat den Leuchtturm gebaut und ist der Turm hoch?")
    assert "English" in f"{german.text} {german.note}"
    french = bot.ask("Combien de glaces le café a-t-il servi ?")  # there is an article in French
    assert "English" not in f"{french.text} {french.note}"


def test_days_are_read_from_the_day_of_the_question(bot: FactBot) -> None:
    asked = "Who became mayor of Quillon this week?"
    then, later = bot.ask(asked, date="2018-10-20"), bot.ask(asked, date="2024-03-05")
    assert then.note == ""
    assert not later.answered or "“this week” is 27 February 2024 to 5 March 2024 here" in later.note
    with pytest.raises(UsageError, match="'soon' is no day"):
        bot.ask(asked, date="soon")


def test_an_abstention_offers_the_nearest_words(bot: FactBot) -> None:
    answer = bot.ask("Who is the mayor of Paris?")
    assert not answer.answered
    for near in answer.nearest:
        assert bot.article(near.article_id).text[near.start : near.end] == near.text
    assert "Stroud became mayor of Quillon" in answer.nearest[0].text
    assert "Amsel" not in answer.nearest[0].text  # who is in the next sentence


# -- as it happens ------------------------------------------------------------------------------------------


@pytest.fixture
def talkative(own: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[FactBot]:
    """Answers everything with as many sentences as an answer may have."""
    monkeypatch.setattr("factbot.answering.chain.QUOTE_MARGIN", 1e9)
    monkeypatch.setattr("factbot.answering.chain.SUPPORT_SHARE", 0.0)
    monkeypatch.setattr("factbot.answering.chain.might_answer", lambda question, sentence: True)
    with own.open(answer_threshold=0.0) as bot:
        yield bot


def test_stages_come_first_and_then_an_answer_that_grows(talkative: FactBot) -> None:
    events = list(talkative.stream("when was that?", history=[LIGHTHOUSE_QUESTION]))
    stages = [event for event in events if isinstance(event, Stage)]
    growing = [event for event in events if isinstance(event, Answer)]
    assert events == [*stages, *growing]
    assert [s.name for s in stages] == ["understand", "search", "read", "quote"]
    assert all(s.detail for s in stages)
    assert len(growing) > 1
    for fewer, more in pairwise(growing):
        assert more.sentences[: len(fewer.sentences)] == fewer.sentences
        assert more.text.startswith(fewer.text)
        assert len(more.sentences) == len(fewer.sentences) + 1
    assert same(growing[-1], talkative.ask("when was that?", history=[LIGHTHOUSE_QUESTION]))


# -- langchain ----------------------------------------------------------------------------------------------


def same(one: Answer, other: Answer) -> bool:
    left, right = one.to_dict(), other.to_dict()
    left.pop("elapsed_ms"), right.pop("elapsed_ms")
    return left == right


def test_the_runnable_answers_like_ask(talkative: FactBot) -> None:
    chain = talkative.as_runnable()
    assert isinstance(chain, Runnable)
    expected = {question: talkative.ask(question) for question in QUESTIONS[:3]}
    assert all(len(answer.sentences) > 1 for answer in expected.values())
    for question, answer in expected.items():
        assert same(chain.invoke(question), answer)
        assert same(asyncio.run(chain.ainvoke(question)), answer)
    answers = chain.batch(list(expected))
    assert all(same(one, other) for one, other in zip(answers, expected.values(), strict=True))


def test_the_runnable_abstains_like_ask(bot: FactBot) -> None:
    assert same(bot.as_runnable().invoke(UNANSWERABLE), bot.ask(UNANSWERABLE))


def test_the_runnable_streams_answers_that_grow(talkative: FactBot) -> None:
    chain = talkative.as_runnable()
    growing = list(chain.stream(LIGHTHOUSE_QUESTION))
    assert [len(answer.sentences) for answer in growing] == [1, 2, 3]
    assert same(growing[-1], talkative.ask(LIGHTHOUSE_QUESTION))

    async def last() -> Answer:
        return [answer async for answer in chain.astream(LIGHTHOUSE_QUESTION)][-1]

    assert same(asyncio.run(last()), growing[-1])


def test_the_runnable_fits_into_a_chain(bot: FactBot) -> None:
    shout: Runnable[Answer, str] = RunnableLambda(lambda answer: answer.text.upper())
    assert (bot.as_runnable() | shout).invoke(LIGHTHOUSE_QUESTION) == bot.ask(LIGHTHOUSE_QUESTION).text.upper()


@pytest.mark.parametrize("question", ["", "  ", "?", "x" * 100_000])
def test_nothing_to_ask_is_refused_by_every_way_of_asking(bot: FactBot, question: str) -> None:
    ways = (bot.ask, bot.search, bot.as_runnable().invoke, bot.as_retriever().invoke)
    for ask in (*ways, lambda asked: list(bot.stream(asked))):
        with pytest.raises(UsageError):
            ask(question)
