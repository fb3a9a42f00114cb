"""Explanations: the parts they are made of, and the prose that the parts make."""

import pytest

from factbot.checking.explanation import as_prose, explain
from factbot.checking.facts.compare import Comparison, Mismatch, find_facts
from factbot.results import Evidence, ExplanationPart, Passage, Scores, Stance, Verdict

Part = ExplanationPart
DIFFERS = Comparison(agreeing=0, mismatches=(Mismatch("number", "24", "23"),), missing=())
UNSAID = Comparison(agreeing=0, mismatches=(), missing=tuple(find_facts("Rome has 24 gates.")))


def piece(stance: Stance, quote: str = "It was\nso.", date: str = "") -> Evidence:
    passage = Passage("a#0", "a", "A", "", "", date, 0, len(quote), quote)
    return Evidence(passage, quote, 0, len(quote), stance, Scores(0.2, 0.2, 0.6))


FOR, AGAINST, NEITHER = piece("supports"), piece("refutes", date="2021-03-26"), piece("neither")


@pytest.mark.parametrize(
    ("verdict", "evidence", "compared", "leaning", "prose"),
    [
        ("not_enough_evidence", [], None, "", "The corpus says nothing about this."),
        ("supported", [FOR], None, "", "One source supports this: “It was so” [1]."),
        (
            "supported",
            [FOR, AGAINST, FOR],
            None,
            "",
            "One source supports this: “It was so” [1]; also [3].",
        ),
        ("refuted", [AGAINST, FOR], None, "", "The corpus says otherwise: “It was so” [1]."),
        ("refuted", [AGAINST], DIFFERS, "", "The claim says 24, the article says 23: “It was so” [1]."),
        (
            "conflicting",
            [FOR, AGAINST],
            None,
            "",
            "The articles disagree. For it: “It was so” [1]. Against it: “It was so” [2] (26 March 2021).",
        ),
        ("not_enough_evidence", [NEITHER], None, "", "The nearest words do not decide it: “It was so” [1]."),
        (
            "not_enough_evidence",
            [FOR],
            DIFFERS,
            "leans towards supported (55%)",
            "The evidence leans towards supported (55%), but not surely enough: “It was so” [1]. "
            "Note that the claim says 24, the article says 23.",
        ),
        (
            "not_enough_evidence",
            [NEITHER],
            UNSAID,
            "",
            "The nearest words do not decide it: “It was so” [1]. They do not mention 24.",
        ),
    ],
)
def test_explanation_in_prose(
    verdict: Verdict, evidence: list[Evidence], compared: Comparison | None, leaning: str, prose: str
) -> None:
    assert as_prose(explain(verdict, evidence, 1, compared, leaning)) == prose


def test_parts_tell_quotes_and_notes_from_words() -> None:
    assert explain("refuted", [AGAINST, AGAINST], 1, DIFFERS) == (
        Part("note", "The claim says 24, the article says 23"),
        Part("words", ": "),
        Part("quote", "It was so", (1,)),
        Part("words", "; also", (2,)),
        Part("words", "."),
    )
    assert explain("not_enough_evidence", [NEITHER], 0, DIFFERS)[-1] == Part(
        "note", "Note that the claim says 24, the article says 23."
    )


def test_a_correction_is_shown_with_what_it_corrects_and_both_dates() -> None:
    later, before = piece("refutes", "It was 9.", "2021-03-26"), piece("supports", "It was 7.", "2021-03-20")
    assert as_prose(explain("refuted", [later, before], 1, corrected=True)) == (
        "A later article corrects an earlier one: “It was 9” [1] (26 March 2021). Before: “It was 7” [2] "
        "(20 March 2021)."
    )


def test_number_within_quoted_words_is_no_number_of_the_evidence() -> None:
    parts = explain("supported", [piece("supports", "As note [2] says.")], 1)
    assert [part.numbers for part in parts if part.numbers] == [(1,)]


def test_words_of_a_language_model_stand_in_place_of_the_quote() -> None:
    phrased = (Part("words", "It was", (1,)), Part("words", "."))
    assert as_prose(explain("supported", [FOR, FOR], 2, phrased=phrased)) == (
        "2 independent sources support this: It was [1]."
    )
