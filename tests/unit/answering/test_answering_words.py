"""The words of a sentence that answer: marked where it is sure, and nowhere else."""

from __future__ import annotations

import pytest

from factbot.answering.answering_words import answering_words, might_answer


def marked(question: str, sentence: str) -> str | None:
    span = answering_words(question, sentence)
    return None if span is None else sentence[slice(*span)]


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("How many geese crossed the weir?", "On 3 May 212 geese crossed the weir near 4 farms.", "212"),
        ("How much did the mill cost?", "The mill cost the town $2.4 million, 3 times its value.", "$2.4 million"),
        ("How old is the miller?", "The miller, who is 61 years old, has two sons.", "61 years old"),
        ("How high is the mill?", "The mill is 22 metres high and has four floors.", "22 metres"),
        ("When did the mill close?", "The mill closed on 9 June 1987 after 40 years.", "on 9 June 1987"),
        ("Who bought the mill?", "The mill was bought by the baker Edda Rohn in 1987.", "Edda Rohn"),
        ("Who sold the mill to Edda Rohn?", "Per Vik sold the mill to Edda Rohn in Lund.", "Per Vik"),
        ("Which firm bought the mill?", "Skarn Foods bought the mill from Per Vik.", "Skarn Foods"),
        ("Who was elected miller of Lund?", "Oskar Tamm, a baker, was elected miller of Lund.", "Oskar Tamm"),
        ("Who is the miller of Lund?", "The miller, Oskar Tamm, spoke in Lund.", "Oskar Tamm"),
        ("Where was the mill built?", "The mill was built in Lund, Scania, by Per Vik.", "Lund, Scania"),
        ("Did the mill or the bakery burn down?", "The bakery burned down in March.", "bakery"),
        ("What did Edda Rohn call the mill?", "Edda Rohn called the mill her great folly.", "great folly"),
    ],
)
def test_the_words_that_answer_are_marked(question: str, sentence: str, words: str) -> None:
    found = marked(question, sentence)
    assert found is not None and found in words and words.split()[-1] in found


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many geese crossed the weir?", "The geese crossed the weir on 3 May."),
        ("How many geese crossed the weir?", "Of 300 geese 212 crossed the weir."),
        ("How much did the mill cost?", "The mill cost more than the 22 metres of its height."),
        ("When did the mill close?", "The mill opened in 1947 and closed in 1987."),
        ("When was the mill painted?", "The mill, built in 1947, was painted red."),
        ("How many geese crossed the weir?", "Not 212 geese crossed the weir, said Per Vik."),
        ("Who bought the mill?", "Somebody told the Lund Herald that the mill had been bought."),
        ("Where did the geese cross?", "The geese crossed the weir, according to Skarn Radio."),
        ("When did the mill close in 1987?", "The mill closed in 1987."),
        ("Who bought the mill?", "Edda Rohn and Per Vik spoke of the mill."),
        ("Who bought the mill?", "The mill was bought in Lund."),
        ("Who bought the mill?", "Oskar Tamm likes tea."),
        ("Which firm bought the mill?", "The mill makes Skarn flour."),
        ("Who is Edda Rohn?", "Edda Rohn sold the mill to Per Vik."),
        ("Where was the mill built?", "The mill was built in Lund and painted in Brask."),
        ("Did Edda Rohn sell the mill?", "Edda Rohn sold the mill to Per Vik in 1987."),
        ("Who is older, Edda Rohn or Per Vik?", "Edda Rohn is 61."),
        ("Did the mill or the bakery burn down?", "The bakery did not burn down."),
        ("What did the miller say?", "The miller said that wheat was dear, and the town council agreed with him."),
    ],
)
def test_nothing_is_marked_where_it_is_not_sure(question: str, sentence: str) -> None:
    assert marked(question, sentence) is None


def test_a_sentence_without_what_is_asked_for_cannot_answer() -> None:
    assert might_answer("How many geese crossed the weir?", "Some 212 geese crossed.")
    assert not might_answer("How many geese crossed the weir?", "The geese crossed the weir.")
    assert not might_answer("When did the mill close?", "The mill closed for good.")
    assert not might_answer("Who bought Skarn Mill?", "Skarn Mill was bought.")
    assert might_answer("Why did the mill close?", "The mill closed for good.")
    assert not might_answer("Why did the mill close?", "Why did the mill close so soon?")
