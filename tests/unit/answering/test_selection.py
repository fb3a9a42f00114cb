"""Which sentences make an answer: those near the best one's support, none twice."""

from __future__ import annotations

from dataclasses import replace

from factbot.answering.selection import grouped, strongest
from factbot.retrieval.scored_span import ScoredSpan
from tests.support.page import passage


def quote(text: str, score: float = 0.9, article_id: str = "a.md") -> ScoredSpan:
    return ScoredSpan(passage(text, 0, len(text), article_id=article_id), 0, len(text), score)


def test_a_sentence_far_below_the_best_one_is_left_out() -> None:
    first, best, weak = (3.0, quote("One.", 0.8)), (2.0, quote("Two.", 0.9)), (1.0, quote("Three.", 0.5))
    assert strongest([first, best, weak], 0.85) == [first, best]
    assert strongest([], 0.85) == []


def test_one_that_says_the_same_elsewhere_is_one_more_citation() -> None:
    said = quote("The old mill at Lund closed in June 1987 after a long dispute.")
    again = quote("The old mill at Lund closed in June 1987, after a dispute.", article_id="b.md")
    assert grouped([said, again]) == [[said, again]]
    same_article = replace(again, passage=said.passage)
    assert grouped([said, same_article]) == [[said]]


def test_another_number_or_name_is_another_sentence() -> None:
    said = quote("The old mill at Lund closed in June 1987 after a long dispute.")
    other = quote("The old mill at Lund closed in June 1988 after a long dispute.", article_id="b.md")
    elsewhere = quote("The old mill at Brask closed in June 1987 after a long dispute.", article_id="c.md")
    assert grouped([said, other, elsewhere]) == [[said], [other], [elsewhere]]


def test_an_answer_has_three_sentences_at_most() -> None:
    quotes = [quote(f"Mill number {n} closed.") for n in range(5)]
    assert grouped(quotes) == [[each] for each in quotes[:3]]
