"""The rules that make training pairs: what they change is changed, and what must stay true stays true."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.verifier.beside import beside
from training.verifier.made import (
    RULES,
    amounts_mixed,
    fact_changed,
    other_notation,
    sentence_removed,
    speaker_changed,
    taken_as_fact,
)
from training.verifier.pairs import (
    LONGER,
    NOT_ENOUGH,
    NOT_SUPPORTED,
    REFUTED,
    SUPPORTED,
    Pair,
    headed,
    shortened,
    split_by_group,
)
from training.verifier.rules import changed

SENTENCE = (
    "On March 14, 2016, the ferry Corvina of Skell Lines carried 1,784 people, its captain Johan Ferris said."
)
OTHERS = ["The inquiry under Ruth Amsel met in Quillon."]
PAIR = Pair(
    "The town will spend $3 million on a new bridge, Ruth Amsel said.",
    "The harbour opened in spring. Ruth Amsel said that the town of Quillon would spend $3 million on its new "
    "bridge. Johan Ferris said the old one had cost $1 million.",
    SUPPORTED,
    title="Quillon plans",
    date="2021-03-26",
)


@pytest.mark.parametrize("seed", range(40))
def test_a_changed_claim_is_another_claim_and_never_supported(seed: int) -> None:
    change = changed(SENTENCE, OTHERS, Random(seed))
    assert change is not None
    assert change[0] != SENTENCE
    assert change[1] in (REFUTED, NOT_SUPPORTED)


@given(st.text(max_size=200), st.text(max_size=200), st.integers(0, 99))
def test_no_text_breaks_the_rules(claim: str, evidence: str, seed: int) -> None:
    for rule in RULES:
        rule(Pair(claim, evidence, SUPPORTED), Random(seed))


@pytest.mark.parametrize("rule", [fact_changed, sentence_removed, speaker_changed, amounts_mixed, taken_as_fact])
def test_only_true_claims_are_made_untrue(rule) -> None:  # type: ignore[no-untyped-def]
    assert rule(replace(PAIR, label=REFUTED), Random(1)) is None


def test_the_sentence_that_a_claim_needs_is_taken_out() -> None:
    made = sentence_removed(PAIR, Random(1))
    assert made is not None
    assert made.label == NOT_ENOUGH
    assert made.evidence == "The harbour opened in spring. Johan Ferris said the old one had cost $1 million."


def test_a_text_that_says_it_twice_is_left_alone() -> None:
    twice = replace(PAIR, evidence=f"{PAIR.evidence} Amsel said a new bridge would get $3 million of town money.")
    assert sentence_removed(twice, Random(1)) is None


def test_words_go_to_another_speaker_of_the_text() -> None:
    made = speaker_changed(PAIR, Random(1))
    assert made is not None
    assert made.claim == "The town will spend $3 million on a new bridge, Johan Ferris said."
    assert made.label == NOT_SUPPORTED


def test_an_amount_gives_way_to_another_of_the_same_unit() -> None:
    made = amounts_mixed(PAIR, Random(1))
    assert made is not None
    assert made.claim == "The town will spend $1 million on a new bridge, Ruth Amsel said."
    assert amounts_mixed(replace(PAIR, claim="It spent at least $3 million."), Random(1)) is None


@pytest.mark.parametrize(
    ("claim", "fact"),
    [
        ("Skell Lines plans to launch a new line.", "Skell Lines launched a new line."),
        ("Skell Lines hopes to buy two ferries.", "Skell Lines bought two ferries."),
        ("The ferry may carry cars.", "The ferry carried cars."),
        ("Ferris was charged with fraud.", "Ferris was convicted of fraud."),
        ("Ferris is accused of fraud.", "Ferris is guilty of fraud."),
        ("The ferry reportedly sank.", "The ferry sank."),
        ("Skell Lines does not want to open a port.", None),
        ("The ferry may carry cars if it is mended.", None),
    ],
)
def test_what_is_only_planned_or_alleged_becomes_a_bare_fact(claim: str, fact: str | None) -> None:
    made = taken_as_fact(replace(PAIR, claim=claim), Random(1))
    assert (made.claim if made else None) == fact
    assert made is None or made.label == NOT_ENOUGH


@pytest.mark.parametrize(
    ("claim", "ways"),
    [
        ("It cost 1.5 million crowns.", {"It cost 1,500,000 crowns."}),
        ("It cost $1.5 million.", {"It cost $1,500,000.", "It cost $1.5m.", "It cost $1.5mn."}),
        ("It sold 1,250,000 copies.", {"It sold 1.25 million copies."}),
        ("It sold 1,250,001 copies.", set()),
        ("It grew by 20%.", {"It grew by 20 percent.", "It grew by 20 per cent."}),
        (
            "It lost 25% of its crew.",
            {f"It lost {s} of its crew." for s in ("25 percent", "25 per cent", "a quarter")},
        ),
        ("It has twelve masts.", {"It has 12 masts."}),
        ("It has 12 masts.", {"It has twelve masts.", "It has a dozen masts."}),
        ("It treats type 2 diabetes.", set()),
    ],
)
def test_the_same_amount_in_another_notation_keeps_its_label(claim: str, ways: set[str]) -> None:
    found = [other_notation(replace(PAIR, claim=claim, label=REFUTED), Random(seed)) for seed in range(30)]
    assert {pair.claim for pair in found if pair} == ways
    assert all(pair.label == REFUTED for pair in found if pair)


def test_evidence_beside_the_point_lacks_words_of_the_claim() -> None:
    texts = [Pair("", f"The town of Quillon voted on bridge number {i} today.", SUPPORTED) for i in range(30)]
    (made,) = beside([PAIR], texts, Random(1))
    assert made.label == NOT_ENOUGH
    assert made.claim == PAIR.claim
    assert made.evidence in {pair.evidence for pair in texts}


def test_evidence_stands_under_its_title_and_date_some_of_the_time() -> None:
    seen = {headed(PAIR, Random(seed)).evidence.removesuffix(PAIR.evidence) for seed in range(50)}
    assert seen == {"", "Quillon plans. ", "Quillon plans (26 March 2021). "}


def test_long_evidence_keeps_the_sentences_near_the_claim_in_their_order() -> None:
    far = " ".join(f"Nothing of note happened in week {i} of that long year by the sea." for i in range(40))
    long = replace(PAIR, evidence=f"{far} {PAIR.evidence} {far}")
    made = shortened(long, Random(1))
    assert "spend $3 million on its new bridge. Johan Ferris" in made.evidence
    assert len(made.evidence.split()) <= LONGER


def test_whole_groups_are_held_back() -> None:
    pairs = [Pair(str(i), "", SUPPORTED, group=str(i // 5)) for i in range(100)]
    kept, held = split_by_group(pairs, 20, Random(1))
    assert len(held) == 20
    assert not {pair.group for pair in kept} & {pair.group for pair in held}
