"""Words and facts of one person that a claim gives to another one in the same passage."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.facts.statements.attribution import other_speaker
from factbot.checking.facts.statements.comparison import compare_statements
from factbot.checking.facts.statements.holders import other_holder

COUNCIL = (
    'Councillor Edda Rim called the tunnel "the boldest plan of the decade". '
    "The union's head, Omar Field, said that the tunnel would bankrupt the town. "
    "According to the harbour board, the tunnel will open in nine years. "
    "The engineer Lea Holm warned that the rock below the harbour was soft. "
    '"The town will need more pumps," she added.'
)
TRIAL = (
    "The builder Oskar Lund was acquitted of fraud by the court in Orrin on Friday. "
    "His partner, Pia Storm, was sentenced to three years in prison for forging invoices. "
    "Brackwater bought the stadium in 2011. The stadium was sold to Quillon by Brackwater in 2020. "
    "Adults pay 90 crowns for a ticket. Pensioners pay 40 crowns for a ticket. "
    "The WHO sent five doctors to Orrin. The ECDC advised the town on Monday."
)

STRIKE = (
    "Nurses will get 4 percent more. The doctors' union called a strike. The nurses' union accepted "
    "the offer. Ida Moe was fined 900 crowns and banned for a year. The coach, who led the team, resigned. "
    "Her deputy, Sven Lie, took over. The board had asked for patience. A berth costs 70 crowns for yachts, while "
    "dinghies moor at the old pier. The Baltic Fishing Council (BFC) sent two ships to Orrin."
)

OTHER_SPEAKERS = [
    ("Edda Rim said that the tunnel would bankrupt the town.", "Omar Field"),
    ("According to Edda Rim, the tunnel would bankrupt the town.", "Omar Field"),
    ("The tunnel would bankrupt the town, Edda Rim said.", "Omar Field"),
    ("Omar Field said that the tunnel will open in nine years.", "the harbour board"),
    ("It was Omar Field who warned that the rock below the harbour was soft.", "Lea Holm"),
    ("Edda Rim said that the town will need more pumps.", "she"),
    ("The harbour board says the tunnel would bankrupt the town.", "Omar Field"),
]
SAME_SPEAKERS = [
    "Omar Field said that the tunnel would bankrupt the town.",
    "The union's head said that the tunnel would bankrupt the town.",
    "Field warned that the tunnel would bankrupt the town.",
    "The harbour board says the tunnel will open in nine years.",
    "Lea Holm said that the town will need more pumps.",
    "The engineer warned that the rock below the harbour was soft.",
    "The tunnel would bankrupt the town.",
    "Nils Orrin said that the tunnel would bankrupt the town.",  # who does not stand there
    "Edda Rim said that she likes ferries.",
    "",
]
OTHER_IN_STRIKE = [
    ("The nurses' union called a strike.", "doctors' union"),
    ("Sven Lie was fined 900 crowns.", "Ida Moe"),
    ("Sven Lie was banned for a year.", "Ida Moe"),
    ("Dinghies pay 70 crowns.", "yachts"),
    ("Ida Moe took over.", "Sven Lie"),
    ("The board asked for patience for Ida Moe.", "Sven Lie"),
]
SAME_IN_STRIKE = [
    "The doctors' union called a strike.",
    "Ida Moe was banned for a year.",
    "Yachts pay 70 crowns.",
    "Sven Lie took over.",
    "The BFC sent two ships to Orrin.",
    "The Baltic Fishing Council sent two ships to Orrin.",
    "The board asked for patience.",
    "The trainer led the team.",  # who may be the coach
]
OTHER_HOLDERS = [
    ("Oskar Lund was sentenced to three years in prison.", "Pia Storm"),
    ("Pia Storm was acquitted of fraud by the court.", "Oskar Lund"),
    ("Quillon bought the stadium in 2011.", "Brackwater"),
    ("Quillon sold the stadium to Brackwater.", "Brackwater"),
    ("Pensioners pay 90 crowns for a ticket.", "Adults"),
    ("The ECDC sent five doctors to Orrin.", "The WHO"),
    ("The WHO advised the town on Monday.", "The ECDC"),
]
SAME_HOLDERS = [
    "Pia Storm was sentenced to three years in prison.",
    "Lund's partner was sentenced to three years in prison.",
    "Oskar Lund was acquitted of fraud.",
    "The builder was acquitted of fraud by the court.",
    "Brackwater bought the stadium in 2011.",
    "Brackwater sold the stadium to Quillon.",
    "The stadium was sold to Quillon.",
    "The stadium was bought by Brackwater in 2011.",
    "Pensioners pay 40 crowns for a ticket.",
    "The WHO sent five doctors to Orrin.",
    "Five doctors were sent to Orrin by the WHO.",
    "Nils Farr was sentenced to three years in prison.",  # who does not stand there
    "",
]


@pytest.mark.parametrize(("claim", "speaker"), OTHER_SPEAKERS)
def test_words_of_one_speaker_are_not_another_s(claim: str, speaker: str) -> None:
    found = other_speaker(claim, COUNCIL)
    assert found is not None
    assert speaker in found.evidence
    assert found.evidence in COUNCIL and found.words in COUNCIL


@pytest.mark.parametrize("claim", SAME_SPEAKERS)
def test_words_of_their_speaker_are_let_pass(claim: str) -> None:
    assert other_speaker(claim, COUNCIL) is None


@pytest.mark.parametrize(("claim", "holder"), OTHER_HOLDERS)
def test_what_holds_for_one_does_not_hold_for_another(claim: str, holder: str) -> None:
    found = other_holder(claim, TRIAL)
    assert found is not None
    assert holder in found.evidence
    assert found.words in TRIAL


@pytest.mark.parametrize("claim", SAME_HOLDERS)
def test_what_holds_is_let_pass(claim: str) -> None:
    assert other_holder(claim, TRIAL) is None


@pytest.mark.parametrize(("claim", "holder"), OTHER_IN_STRIKE)
def test_a_group_s_a_union_s_or_a_shared_verb_s_fact_is_its_own(claim: str, holder: str) -> None:
    found = other_holder(claim, STRIKE)
    assert found is not None
    assert holder in found.evidence
    assert found.words in STRIKE


@pytest.mark.parametrize("claim", SAME_IN_STRIKE)
def test_and_it_is_let_pass_where_it_is(claim: str) -> None:
    assert other_holder(claim, STRIKE) is None


def test_quoted_words_tell_their_speaker_however_few_they_are() -> None:
    found = other_speaker('Omar Field spoke of "the boldest plan of the decade".', COUNCIL)
    assert found is not None and "Edda Rim" in found.evidence
    assert other_speaker('Edda Rim spoke of "the boldest plan".', COUNCIL) is None


def test_the_three_are_told_together() -> None:
    found = compare_statements("Oskar Lund was sentenced to three years in prison.", TRIAL)
    assert found.differs and found.holder and not found.speaker and not found.standing
    assert not compare_statements("Pia Storm was sentenced to three years in prison.", TRIAL).differs


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_read_without_complaint(claim: str, evidence: str) -> None:
    compare_statements(claim, evidence)
    assert not compare_statements(evidence, evidence).holder


@pytest.mark.parametrize(
    "piece", ["he said, ", "if A and ", "X, by ", "“", "according to A ", "was sold by ", "may not ", "a b c. "]
)
def test_no_text_makes_it_slow(piece: str) -> None:
    garbage = (piece * 50_000)[:50_000]
    started = time.process_time()
    compare_statements("Edda Rim said that the tunnel would bankrupt the town.", garbage)
    compare_statements("The tunnel was sold to Edda Rim.", garbage)
    assert time.process_time() - started < 8
