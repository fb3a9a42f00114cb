"""Answers in a language model's words: only sentences that the articles support are shown."""

from __future__ import annotations

import re
import sys
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factbot import Answer, FactBot, Stage
from factbot.answering.chain import BY_RULE
from factbot.answering.working import Working
from factbot.checking import verifier
from factbot.llm.budget import Spending
from factbot.llm.grounding import Grounder
from factbot.llm.model import LanguageModel, Output, Prompt
from factbot.llm.writer import Writer
from tests.support.library import (
    LIGHTHOUSE_QUESTION,
    SHARED_QUESTION,
    SHARED_SENTENCE,
    UNANSWERABLE,
    Library,
    copied,
)
from tests.support.scripted import Reply, ScriptedServer, said, sentences

ANSWERS = (
    "Agnes Marlow, an engineer, built the lighthouse at Orrin Point in 1871.",
    "The engineer Agnes Marlow built the Orrin Point lighthouse.",
)
BUILT = "The lighthouse at Orrin Point was built by the engineer Agnes Marlow in 1871."
TALL = "It is 38 metres high and was painted white and red after the war."
KEEPER = "The last keeper, Tom Brandt, left in 1994, when the lamp was made automatic."
FALSE = (
    "The lighthouse at Orrin Point was built by the engineer Agnes Marlow in 1881.",
    "The lighthouse at Orrin Point was built by the engineer Tom Brandt in 1871.",
    "The lighthouse at Orrin Point was not built by the engineer Agnes Marlow.",
)
UNKNOWN = "Agnes Marlow was born in Quillon and had three sisters."
QUOTED = "The answer is quoted from the articles instead."
PATIENCE = 20.0  # seconds; nothing but silence takes as long
TIMEOUT = 0.9  # seconds, where it is to run out
SLACK = 0.5  # seconds that a busy machine may need


pytestmark = pytest.mark.usefixtures("short_pauses")


@pytest.fixture(scope="module")
def shelf(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A copy of the corpus that these tests open one after the other and never change."""
    return copied(library, tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def worded(shelf: Library, scripted: ScriptedServer) -> Iterator[FactBot]:
    """Answers in the words of the scripted model."""
    with shelf.open(llm_url=scripted.url, llm="scripted", llm_timeout=PATIENCE) as bot:
        yield bot


def assert_cited(answer: Answer, bot: FactBot) -> None:
    """Each sentence has citations, each citation its number and the article's own words."""
    assert answer.answered and answer.sentences
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert {n for s in answer.sentences for n in s.citations} == {c.number for c in answer.citations}
    for citation in answer.citations:
        passage, text = citation.passage, bot.article(citation.passage.article_id).text
        assert citation.quote and text[citation.quote_start : citation.quote_end] == citation.quote
        assert text[passage.start : passage.end] == passage.text
        assert passage.start <= citation.quote_start < citation.quote_end <= passage.end
    for sentence in answer.sentences:
        assert sentence.citations and 0 < sentence.support <= 1
        assert not re.search(r"\[\d|https?:|\]\(|<\w|javascript:|<\|", sentence.text)
        assert all(unicodedata.category(c)[0] != "C" for c in sentence.text)
    assert answer.text == " ".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in answer.sentences)
    assert not any(false in answer.text for false in (*FALSE, UNKNOWN))


def assert_quoted(answer: Answer, bot: FactBot) -> None:
    """The answer that there is without a language model."""
    assert_cited(answer, bot)
    for sentence in answer.sentences:
        assert sentence.text in {c.quote for c in answer.citations if c.number in sentence.citations}


def shown(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


# -- what it writes -----------------------------------------------------------------------------------------------


def test_sentences_that_the_articles_support_are_shown_with_their_words(
    worded: FactBot, scripted: ScriptedServer
) -> None:
    text = "Agnes Marlow, an engineer, built the lighthouse at Orrin Point in 1871."
    scripted.script(Reply(sentences(text), tokens=(900, 40)))
    answer = worded.ask(LIGHTHOUSE_QUESTION)
    assert_cited(answer, worded)
    assert (shown(answer), answer.note) == ([text], "")
    assert answer.citations[0].quote == BUILT
    (usage,) = answer.usage
    assert (usage.stage, usage.calls, usage.input_tokens, usage.output_tokens) == ("write", 1, 900, 40)
    assert usage.seconds > 0
    assert answer.models["language"] == "scripted"
    data = answer.to_dict()
    assert "note" not in data and data["usage"][0]["stage"] == "write"


def test_sentences_without_support_are_left_out_and_counted(worded: FactBot, scripted: ScriptedServer) -> None:
    scripted.script(sentences(BUILT, UNKNOWN))
    answer = worded.ask(LIGHTHOUSE_QUESTION)
    assert_cited(answer, worded)
    assert shown(answer) == [BUILT]
    assert answer.note == (
        "The language model wrote 1 sentence that the articles do not bear out, or that does not answer; "
        "it was left out."
    )
    assert answer.to_dict()["note"] == answer.note


def test_malformed_sentences_are_left_out_and_counted(worded: FactBot, scripted: ScriptedServer) -> None:
    going_round = "The lighthouse at Orrin Point, the lighthouse at Orrin Point, was built in 1871."
    scripted.script(sentences(BUILT, going_round, f"{BUILT} It was built by"))
    answer = worded.ask(LIGHTHOUSE_QUESTION)
    assert shown(answer) == [BUILT]
    assert answer.note.startswith("The language model wrote 2 sentences that the articles do not bear out")


def test_what_they_contradict_is_never_shown(worded: FactBot, scripted: ScriptedServer) -> None:
    scripted.script(sentences(FALSE[0], BUILT, *FALSE[1:]))
    answer = worded.ask(LIGHTHOUSE_QUESTION)
    assert_cited(answer, worded)
    assert shown(answer) == [BUILT]
    assert answer.note == "The language model wrote 3 sentences that the articles contradict; they were left out."


def test_without_a_supported_sentence_the_articles_are_quoted(worded: FactBot, scripted: ScriptedServer) -> None:
    scripted.script(sentences(*FALSE))
    answer = worded.ask(LIGHTHOUSE_QUESTION)
    assert_quoted(answer, worded)
    assert "wrote 3 sentences that the articles contradict" in answer.note and answer.note.endswith(QUOTED)


def test_a_wrong_citation_is_replaced_by_the_right_one(worded: FactBot, scripted: ScriptedServer) -> None:
    for numbers in [5, 3], [], [99, 0, -1]:
        scripted.script(sentences(said(SHARED_SENTENCE, *numbers)))
        answer = worded.ask(SHARED_QUESTION)
        assert_cited(answer, worded)
        assert shown(answer) == [SHARED_SENTENCE]
        assert {c.passage.article_id for c in answer.citations} <= {"ferry-grounded.txt", "ferry-inquiry.txt"}
        assert answer.note == ""


def test_a_reply_that_does_not_answer_is_replaced_by_quotes(worded: FactBot, scripted: ScriptedServer) -> None:
    scripted.script(sentences("Noor Haddad said that the cider press was booked until November."))
    answer = worded.ask("How long may a reader keep a tool?")
    assert "ten days" in answer.text
    assert_cited(answer, worded)


def test_passage_numbers_that_do_not_exist_are_ignored(worded: FactBot, scripted: ScriptedServer) -> None:
    numbers: list[object] = [["1", 1.0, True, [1]], {"1": 1}, [10**30, None]]
    texts = [BUILT, *ANSWERS]
    scripted.script(sentences(*({"text": t, "passages": n} for t, n in zip(texts, numbers, strict=True))))
    answer = worded.ask(LIGHTHOUSE_QUESTION)
    assert_cited(answer, worded)
    assert shown(answer) == texts


def test_a_model_that_knows_no_schema_writes_numbers_in_brackets(
    worded: FactBot, scripted: ScriptedServer
) -> None:
    scripted.script(
        Reply("response_format is not supported", 400),
        Reply("tools are not supported", 400),
        f"{BUILT[:-1]} [1]. {UNKNOWN} [2]",
    )
    answer = worded.ask(LIGHTHOUSE_QUESTION)
    assert_cited(answer, worded)
    assert shown(answer) == [BUILT]
    assert answer.usage[0].calls == 3
    assert "1 sentence that the articles do not bear out" in answer.note


def test_what_was_said_before_a_failure_is_kept(worded: FactBot, scripted: ScriptedServer) -> None:
    scripted.script(Reply(sentences(BUILT, TALL, KEEPER), dropped_after=14))
    answer = worded.ask(LIGHTHOUSE_QUESTION)
    assert_cited(answer, worded)
    assert shown(answer) == [BUILT]
    assert "in the middle of its reply" in answer.note


def test_the_same_reply_makes_the_same_answer(worded: FactBot, scripted: ScriptedServer) -> None:
    scripted.script(sentences(BUILT, FALSE[0], TALL))
    first, second = worded.ask(LIGHTHOUSE_QUESTION), worded.ask(LIGHTHOUSE_QUESTION)
    asked = [request.body for request in scripted.requests]
    assert asked[0] == asked[1]
    assert timeless(first) == timeless(second)


def timeless(answer: Answer) -> Answer:
    return replace(answer, elapsed_ms=0, usage=tuple(replace(stage, seconds=0.0) for stage in answer.usage))


def test_stages_come_first_and_then_answers_that_grow(worded: FactBot, scripted: ScriptedServer) -> None:
    scripted.script(sentences(BUILT, UNKNOWN, ANSWERS[0]))
    events = list(worded.stream(LIGHTHOUSE_QUESTION))
    stages = [event for event in events if isinstance(event, Stage)]
    answers = [event for event in events if isinstance(event, Answer)]
    assert events == [*stages, *answers]
    assert [stage.name for stage in stages] == ["search", "read", "quote", "write"]
    assert all(stage.detail for stage in stages)
    for fewer, more in pairwise(answers):
        assert more.text.startswith(fewer.text)
        assert more.sentences[: len(fewer.sentences)] == fewer.sentences
    assert [len(answer.sentences) for answer in answers[:2]] == [1, 2]
    assert answers[-1].note and answers[-1].usage


def test_the_chain_for_langchain_gives_the_same(worded: FactBot, scripted: ScriptedServer) -> None:
    scripted.script(sentences(BUILT))
    answer = worded.as_runnable().invoke(LIGHTHOUSE_QUESTION)
    assert timeless(answer) == timeless(worded.ask(LIGHTHOUSE_QUESTION))


# -- whatever it writes -------------------------------------------------------------------------------------------


class Puppet(LanguageModel):
    """A language model that gives these outputs as they are, without a server."""

    def __init__(self, *outputs: Output) -> None:
        self.name = "puppet"
        self.outputs = outputs

    def fits(self, prompt: Prompt, spending: Spending) -> bool:
        return True

    def stream(self, stage: str, prompt: Prompt, spending: Spending) -> Iterator[Output]:
        yield from self.outputs


NUMBERS = st.one_of(st.integers(), st.sampled_from([1, 2, 3]), st.floats(), st.text(max_size=3), st.none())
TEXTS = st.one_of(
    st.sampled_from([BUILT, TALL, KEEPER, *FALSE, UNKNOWN]),
    st.sampled_from(
        [
            f"{BUILT} [7]",
            f"[passage 99] {BUILT}",
            f"**{BUILT}**",
            f"# {BUILT}\u202e\x07",
            f"<b>{BUILT}</b>",
            f"![x](http://evil.example/{BUILT})",
            f"{BUILT} See https://evil.example/?q=1",
            f"<|im_start|>system {BUILT}",
            f"{BUILT} " * 130,
            "x" * 10_000,
            "The passages do not say who built it.",
        ]
    ),
    st.text(max_size=40),
)
JSON = st.recursive(st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS), st.lists, max_leaves=4)
SENTENCES = st.one_of(
    st.fixed_dictionaries({"text": TEXTS}, optional={"passages": st.lists(NUMBERS, max_size=4)}),
    st.dictionaries(st.sampled_from(["text", "passages", "citations"]), JSON, max_size=3),
    JSON,
)
OUTPUTS = st.one_of(
    st.fixed_dictionaries({"sentences": st.lists(SENTENCES, max_size=6)}),
    st.dictionaries(st.sampled_from(["sentences", "answer"]), JSON, max_size=2),
)


@pytest.fixture(scope="module")
def working(bot: FactBot) -> Working:
    """The work on a question up to the point at which its answer is written."""
    chain = bot.chain
    return chain.select(chain.read(chain.find(chain.understand(LIGHTHOUSE_QUESTION))))


@given(output=OUTPUTS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_it_writes_the_answer_is_cited(bot: FactBot, working: Working, output: Output) -> None:
    grounder = Grounder(verifier.load_verifier(""), bot.index.catalog.sentences)
    writer = Writer(Puppet(output), grounder, bot.chain.reranker)
    *_, answer = replace(bot.chain, writer=writer).compose(working)
    assert isinstance(answer, Answer)
    assert_cited(answer, bot)
    assert len(answer.sentences) <= 4


# -- when it fails ------------------------------------------------------------------------------------------------

# What the model makes of each failure is in test_llm_model.py.
FAILURES = {
    "key": (Reply("Incorrect API key provided", 401), 1, "refuses the key"),
    "limit": (Reply("slowly", 429), 3, "takes no more requests"),
    "silence": (Reply(sentences(BUILT), silence=9), 1, f"did not answer within {TIMEOUT} seconds"),
    "dropped": (Reply(sentences(BUILT), dropped_after=4), 1, "in the middle"),
    "empty": (Reply(""), 3, "no reply that can be read"),
    "no sentences": (Reply({"sentences": []}), 1, ""),
    "words": (Reply("I am sorry, but I cannot answer that."), 3, "left out"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_when_it_fails_the_articles_are_quoted_and_a_note_says_why(
    shelf: Library, scripted: ScriptedServer, failure: str
) -> None:
    reply, asked, why = FAILURES[failure]
    scripted.script(reply)
    timeout = TIMEOUT if failure == "silence" else PATIENCE
    with shelf.open(llm_url=scripted.url, llm="scripted", llm_timeout=timeout) as bot:
        answer = bot.ask(LIGHTHOUSE_QUESTION)
        assert_quoted(answer, bot)
    assert answer.note.endswith(QUOTED) and why in answer.note
    assert len(scripted.requests) == asked
    (usage,) = answer.usage
    assert usage.calls == asked and usage.seconds < TIMEOUT + SLACK


@pytest.mark.parametrize("reply", [Reply("broken", 500), Reply("")], ids=["away", "empty"])
def test_a_follow_up_that_it_does_not_complete_is_completed_by_rule_and_a_note_says_so(
    worded: FactBot, scripted: ScriptedServer, reply: Reply
) -> None:
    scripted.script(reply, reply, reply, sentences(BUILT))
    events = list(worded.stream("And when was that built?", history=[LIGHTHOUSE_QUESTION]))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert_cited(answer, worded)
    assert answer.note == BY_RULE
    assert (
        Stage("understand", "Understood as: when was that built (built the lighthouse at Orrin Point)?") in events
    )
    scripted.script(reply)
    answer = worded.ask("And when was that built?", history=[LIGHTHOUSE_QUESTION])
    assert_quoted(answer, worded)
    assert answer.note.startswith(f"{BY_RULE} The language model") and answer.note.endswith(QUOTED)


def test_a_follow_up_shows_its_stage_before_the_model_replies(worded: FactBot, scripted: ScriptedServer) -> None:
    worded.ask(LIGHTHOUSE_QUESTION)  # now everything is loaded
    scripted.script(
        Reply({"question": "When was the lighthouse at Orrin Point built?"}, silence=1), sentences(BUILT)
    )
    began = time.monotonic()
    stream = worded.stream("And when was that built?", history=[LIGHTHOUSE_QUESTION])
    assert next(stream) == Stage("understand", "Completing the follow-up")
    assert time.monotonic() - began < 0.3
    assert scripted.requests == []
    events = list(stream)
    stages = [event.name for event in events if isinstance(event, Stage)]
    assert stages == ["understand", "search", "read", "quote", "write"]
    assert isinstance(events[-1], Answer) and events[-1].note == ""


def test_a_question_that_needs_no_other_is_not_rewritten(worded: FactBot, scripted: ScriptedServer) -> None:
    scripted.script(sentences(BUILT))
    first = next(worded.stream(LIGHTHOUSE_QUESTION, history=[SHARED_QUESTION]))
    assert isinstance(first, Stage) and first.name == "search"


@pytest.mark.parametrize("llm", ["anthropic:x", "ollama:x"])
def test_other_providers_fail_and_write_alike(shelf: Library, scripted: ScriptedServer, llm: str) -> None:
    with shelf.open(llm_url=scripted.address, llm=llm, llm_timeout=PATIENCE) as bot:
        scripted.script(Reply("broken", 500))
        answer = bot.ask(LIGHTHOUSE_QUESTION)
        assert_quoted(answer, bot)
        assert answer.note == f"The language model's server failed. {QUOTED}"
        scripted.script(sentences(BUILT))
        answer = bot.ask(LIGHTHOUSE_QUESTION)
        assert_cited(answer, bot)
        assert (shown(answer), answer.note) == ([BUILT], "")


# -- what it costs ------------------------------------------------------------------------------------------------


def test_a_small_budget_means_fewer_passages_and_then_no_call(shelf: Library, scripted: ScriptedServer) -> None:
    given = []
    for budget in (20_000, 2_200, 300):
        scripted.script(sentences(BUILT))
        with shelf.open(llm_url=scripted.url, llm="scripted", llm_budget=budget) as bot:
            answer = bot.ask(LIGHTHOUSE_QUESTION)
            assert_cited(answer, bot)
        assert sum(stage.input_tokens + stage.output_tokens for stage in answer.usage) <= budget
        given.append(sum(len(re.findall(r"Passage \d+ <<", request.text)) for request in scripted.requests))
    assert given == sorted(given, reverse=True)
    assert given[0] == 5 and any(0 < number < 5 for number in given) and given[-1] == 0
    assert answer.usage == ()
    assert answer.note == f"The question's budget for the language model is spent. {QUOTED}"


def test_a_follow_up_and_its_answer_share_one_budget(worded: FactBot, scripted: ScriptedServer) -> None:
    rewritten = {"question": "When was the lighthouse at Orrin Point built?"}
    scripted.script(rewritten, sentences(BUILT))
    answer = worded.ask("And when was that built?", history=[LIGHTHOUSE_QUESTION])
    assert_cited(answer, worded)
    assert [stage.stage for stage in answer.usage] == ["rewrite", "write"]
    assert all(stage.input_tokens and stage.output_tokens and stage.seconds for stage in answer.usage)


def test_what_the_corpus_does_not_answer_is_not_sent(worded: FactBot, scripted: ScriptedServer) -> None:
    scripted.script(sentences("Tungsten boils at 5,930 degrees Celsius."))
    answer = worded.ask(UNANSWERABLE)
    assert not answer.answered and scripted.requests == []
    assert {"note", "usage"}.isdisjoint(answer.to_dict())


def test_without_the_setting_no_provider_is_loaded(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = ("langchain_openai", "langchain_anthropic", "langchain_ollama", "openai", "anthropic", "ollama")
    for name in list(sys.modules):
        if name.split(".")[0] in packages or name == "factbot.llm.provider":
            monkeypatch.delitem(sys.modules, name)
    with shelf.open() as bot:
        answer = bot.ask(LIGHTHOUSE_QUESTION)
        assert_quoted(answer, bot)
    assert not {name.split(".")[0] for name in sys.modules} & set(packages)
    assert "factbot.llm.provider" not in sys.modules
    assert {"note", "usage"}.isdisjoint(answer.to_dict()) and "language" not in answer.models


# -- a real one ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "question", [LIGHTHOUSE_QUESTION, SHARED_QUESTION, "How long may a reader keep a tool of Quillon's library?"]
)
def test_a_real_model_says_only_what_the_articles_say(shelf: Library, smollm: str, question: str) -> None:
    """The model is very small: its sentences may be left out, but the articles support all that is shown."""
    with shelf.open(llm_url=smollm, llm_timeout=240) as bot:
        answer = bot.ask(question)
        assert_cited(answer, bot)
        if answer.note.endswith(QUOTED):
            assert_quoted(answer, bot)
    (usage,) = answer.usage
    assert usage.calls == 1 and usage.input_tokens > 100 and usage.output_tokens > 5  # the schema was taken
    assert "did not answer" not in answer.note and "does not accept" not in answer.note
