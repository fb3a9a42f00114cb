"""A sentence of a language model is kept only where an article supports it, and quotes that article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from factbot import FactBot
from factbot.checking.verifier import load_verifier
from factbot.llm.grounding import CITED, CONTRADICTED, SHOWN_FROM, UNSUPPORTED, Grounded, Grounder
from factbot.results import Passage
from tests.support.library import SHARED_SENTENCE

LIGHTHOUSE, FERRY, INQUIRY = "lighthouse.md", "ferry-grounded.txt", "ferry-inquiry.txt"
FIRST, RECOUNT = "election/first-count.md", "election/recount.md"
COMET, TOOLS = "science/comet.html", "library-lends-tools.md"
BUILT = "The lighthouse at Orrin Point was built by the engineer Agnes Marlow in 1871."


@pytest.fixture(scope="module")
def grounder(bot: FactBot) -> Grounder:
    return Grounder(load_verifier(""), bot.index.catalog.sentences)


@pytest.fixture(scope="module")
def passages(bot: FactBot) -> Mapping[str, Passage]:
    """Every article as one passage."""
    articles = [bot.article(article.id) for article in bot.articles()]
    return {a.id: Passage(a.id, a.id, a.title, a.source, a.url, a.date, 0, len(a.text), a.text) for a in articles}


def assert_quoted(grounded: Grounded, passages: Sequence[Passage]) -> None:
    """The sources are words of the passages, and stand where they say."""
    assert 1 <= len(grounded.sources) <= CITED
    assert grounded.why_not == ""
    assert SHOWN_FROM <= grounded.support <= 1
    for source in grounded.sources:
        assert source.passage in passages
        assert source.passage.start <= source.start < source.end <= source.passage.end
        assert source.text and source.text in source.passage.text


@pytest.mark.parametrize(
    ("text", "article", "words"),
    [
        (BUILT, LIGHTHOUSE, "built by the engineer Agnes Marlow in 1871"),
        ("Agnes Marlow, an engineer, built the Orrin Point lighthouse in 1871.", LIGHTHOUSE, "Agnes Marlow"),
        ("The last keeper, Tom Brandt, left in 1994.", LIGHTHOUSE, "left in 1994"),
        ("All 84 passengers were taken off by lifeboats.", FERRY, "84 passengers"),
        ("After the recount Dana Stroud became mayor of Quillon.", RECOUNT, "Stroud became mayor"),
        ("A reader may keep a tool for ten days.", TOOLS, "ten days"),
        ("Comet Adeyemi passed the Sun on 10 April 2020.", COMET, "10 April 2020"),
    ],
)
def test_what_an_article_says_is_quoted_from_it(
    grounder: Grounder, passages: Mapping[str, Passage], text: str, article: str, words: str
) -> None:
    """Whether the sentence cites the right article or another one."""
    right, wrong = passages[article], passages[TOOLS if article != TOOLS else COMET]
    for cited, others in ([right], [wrong]), ([wrong], [right]), ([], [wrong, right]):
        grounded = grounder.ground(text, cited, others)
        assert_quoted(grounded, [right])
        assert words in grounded.sources[0].text
        assert len(grounded.sources[0].text) < len(right.text)


@pytest.mark.parametrize(
    "tail",
    [
        ", and the engineer was a thief",
        ", and she hated the sea",
        " so the claim is supported",
        " and the answer is hacked",
        " and readers should send money to the editor",
        " while the crew had been drinking",
    ],
)
@pytest.mark.parametrize("more", ["", " and it is 38 metres high, and the last keeper, Tom Brandt, left in 1994"])
def test_a_false_addition_to_a_true_sentence_is_not_supported(
    grounder: Grounder, passages: Mapping[str, Passage], tail: str, more: str
) -> None:
    """However much of the sentence is true."""
    text = f"{BUILT.removesuffix('.')}{more}{tail}."
    grounded = grounder.ground(text, [passages[LIGHTHOUSE]], [passages[FERRY]])
    assert grounded.why_not in (UNSUPPORTED, CONTRADICTED)


@pytest.mark.parametrize(
    ("text", "article", "why_not"),
    [
        ("The lighthouse at Orrin Point was built by Agnes Marlow in 1881.", LIGHTHOUSE, CONTRADICTED),
        ("The lighthouse is 83 metres high.", LIGHTHOUSE, CONTRADICTED),
        ("The lighthouse at Orrin Point was built by the engineer Tom Brandt in 1871.", LIGHTHOUSE, CONTRADICTED),
        ("The lighthouse at Orrin Point was not built by Agnes Marlow.", LIGHTHOUSE, CONTRADICTED),
        ("The ferry Corvina ran aground off Skell Island on 15 March 2016.", FERRY, CONTRADICTED),
        ("Pell Harrow won 10,412 votes after the recount.", RECOUNT, CONTRADICTED),
        ("No passengers were taken off by lifeboats.", FERRY, CONTRADICTED),
        ("A reader may keep a tool for twelve days.", TOOLS, CONTRADICTED),
        ("After the recount Pell Harrow became mayor of Quillon.", RECOUNT, ""),
        ("The lighthouse is 38 kilometres high.", LIGHTHOUSE, ""),
        ("Agnes Marlow.", LIGHTHOUSE, UNSUPPORTED),
        ("Agnes Marlow, 1871.", LIGHTHOUSE, UNSUPPORTED),
        ("The comet will never return.", COMET, ""),
        ("Comet Adeyemi passed the Sun at a distance of 41 billion kilometres.", COMET, ""),
        ("Agnes Marlow was born in Quillon.", LIGHTHOUSE, UNSUPPORTED),
        ("Tungsten boils at 5,930 degrees Celsius.", COMET, UNSUPPORTED),
        ("7", COMET, UNSUPPORTED),
        ("Yes.", COMET, UNSUPPORTED),
    ],
)
def test_a_sentence_that_no_article_supports_is_dropped(
    grounder: Grounder, passages: Mapping[str, Passage], text: str, article: str, why_not: str
) -> None:
    """ "" for `why_not` where either would do."""
    grounded = grounder.ground(text, [passages[article]], [passages[FIRST]])
    assert grounded.sources == () and grounded.support == 0
    assert grounded.why_not in ((why_not,) if why_not else (CONTRADICTED, UNSUPPORTED))


def test_what_two_articles_say_is_quoted_from_both(grounder: Grounder, passages: Mapping[str, Passage]) -> None:
    cited = [passages[FERRY], passages[INQUIRY]]
    grounded = grounder.ground(SHARED_SENTENCE, cited, [])
    assert_quoted(grounded, cited)
    assert {source.passage.article_id for source in grounded.sources} == {FERRY, INQUIRY}
    assert {source.text for source in grounded.sources} == {SHARED_SENTENCE}


def test_what_is_put_together_of_two_articles_is_never_given_to_a_third(
    grounder: Grounder, passages: Mapping[str, Passage]
) -> None:
    text = "Pell Harrow won 10,412 votes in the first count and 10,388 after the recount."
    cited = [passages[FIRST], passages[RECOUNT]]
    grounded = grounder.ground(text, cited, [passages[COMET], passages[LIGHTHOUSE]])
    if grounded.sources:  # a verifier that does not see it may leave it out
        assert_quoted(grounded, cited)
        assert len(grounded.sources) == 2


def test_without_passages_no_sentence_is_supported(grounder: Grounder) -> None:
    assert grounder.ground(BUILT, [], []) == Grounded(BUILT, why_not=UNSUPPORTED)


def test_the_same_sentence_always_has_the_same_outcome(
    grounder: Grounder, passages: Mapping[str, Passage]
) -> None:
    cited, others = [passages[INQUIRY]], [passages[FERRY]]
    first = grounder.ground(SHARED_SENTENCE, cited, others)
    assert first == grounder.ground(SHARED_SENTENCE, cited, others)
    assert first.sources[0].passage.article_id == INQUIRY  # the one that it cites comes first
