"""A claim that states as a fact what the evidence only says to be alleged, planned, possible, asked or denied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.facts.statements.standing import lesser_standing

LESSER = [
    (
        "Pell Harrow cheated the harbour board.",
        "Harrow had been accused of cheating the harbour board.",
        "alleged",
    ),
    ("Nils Orrin bribed two inspectors.", "Orrin is charged with bribing two inspectors in 2019.", "alleged"),
    ("The guard stole the painting.", "Police suspect that the guard stole the painting.", "alleged"),
    (
        "The guard stole the painting.",
        "The guard, suspected of stealing the painting, was held on Friday.",
        "alleged",
    ),
    ("The mill polluted the river.", "Neighbours claim that the mill polluted the river for years.", "alleged"),
    ("The mill polluted the river.", "The mill allegedly polluted the river.", "alleged"),
    ("The quarry has damaged forty houses.", "Residents insist the quarry has damaged forty houses.", "alleged"),
    (
        "The council wasted two million crowns.",
        "The opposition argues that the council wasted two million crowns.",
        "alleged",
    ),
    ("Ada Brekke forged the contracts.", "Brekke went on trial for forging the contracts.", "alleged"),
    ("Ada Brekke sold secret maps.", "Prosecutors allege Brekke sold secret maps to a rival.", "alleged"),
    ("The bank laundered the money.", "The bank reportedly laundered the money through Lund.", "alleged"),
    (
        "The driver fell asleep at the wheel.",
        "The driver is believed to have fallen asleep at the wheel.",
        "alleged",
    ),
    ("The fire destroyed the archive.", "It is feared the fire destroyed the archive.", "alleged"),
    ("The company has hired 400 people.", "The company plans to hire 400 people.", "planned"),
    ("Norlund opened a second yard.", "Norlund intends to open a second yard next year.", "planned"),
    ("The town closed the swimming hall.", "The mayor proposed to close the swimming hall.", "planned"),
    ("The airline bought twelve aircraft.", "The airline is expected to buy twelve aircraft.", "planned"),
    ("The tram reached Osten.", "The tram will reach Osten in 2026.", "planned"),
    ("The choir sang in the cathedral.", "The choir will sing in the cathedral on Sunday.", "planned"),
    ("The union won a pay rise.", "The union hopes to win a pay rise of 5 percent.", "planned"),
    ("The king visited the flooded valley.", "The king wanted to visit the flooded valley.", "planned"),
    ("The ministry banned the pesticide.", "Farmers demanded that the ministry ban the pesticide.", "planned"),
    ("The club sold its best striker.", "The club agreed to sell its best striker.", "planned"),
    ("The rebels took the capital.", "The rebels were trying to take the capital.", "planned"),
    (
        "The parliament passed the water law.",
        "The parliament is due to vote on the water law; it is set to pass the water law.",
        "planned",
    ),
    ("The glacier has lost half its ice.", "By 2050 the glacier could lose half its ice.", "possible"),
    ("The dam burst on Friday.", "Engineers fear that the dam might burst on Friday.", "alleged"),
    ("The strike stopped the ferries.", "A strike may stop the ferries.", "possible"),
    ("The blaze in the mill was sabotage.", "The mill is gone. Police suspect sabotage in the blaze.", "alleged"),
    ("The coach resigned.", "The coach denied that he had resigned.", "denied"),
    ("The vaccine cures malaria.", "The vaccine may cure malaria.", "possible"),
    ("The drought ruined the wheat harvest.", "The drought would ruin the wheat harvest.", "possible"),
    ("The company left the city.", "The company is considering leaving the city.", "possible"),
    (
        "The agency approved the waste plan.",
        "The yard opens if the agency approves the waste plan.",
        "conditional",
    ),
    ("The owner paid the fine.", "The ship stays in port unless the owner pays the fine.", "conditional"),
    ("The court freed the two sailors.", "They go home provided the court frees the two sailors.", "conditional"),
    ("The minister knew of the leak.", "A reporter asked whether the minister knew of the leak.", "asked"),
    ("The lorry hit the bridge.", "It is unclear whether the lorry hit the bridge.", "asked"),
    (
        "The captain ignored the warning.",
        "The board is investigating whether the captain ignored the warning.",
        "asked",
    ),
    ("The minister took the money.", "The minister denied taking the money.", "denied"),
    ("Tom Arne poisoned his uncle.", "Arne was acquitted of poisoning his uncle.", "denied"),
    ("Tom Arne robbed the jeweller.", "Arne was cleared of robbing the jeweller.", "denied"),
    ("The engineers repaired the turbine.", "The engineers failed to repair the turbine.", "denied"),
    ("The museum returned the mask.", "The museum refused to return the mask.", "denied"),
    ("The rain put out the wildfire.", "The rain has not put out the wildfire.", "denied"),
    ("The team found the wreck.", "The team has yet to find the wreck.", "denied"),
    ("The police found the weapon.", "The police have not yet found the weapon.", "denied"),
    ("The senate will approve the treaty.", "The senate may approve the treaty.", "possible"),
    ("The senate will approve the treaty.", "It is unclear whether the senate will approve the treaty.", "asked"),
]

BORNE_OUT = [
    # The claim is as careful.
    (
        "Harrow was accused of cheating the harbour board.",
        "Harrow had been accused of cheating the harbour board.",
    ),
    (
        "According to neighbours, the mill polluted the river.",
        "Neighbours claim that the mill polluted the river.",
    ),
    ("The company plans to hire 400 people.", "The company plans to hire 400 people."),
    ("The company will hire 400 people.", "The company plans to hire 400 people."),
    ("The tram will reach Osten in 2026.", "The tram is expected to reach Osten in 2026."),
    ("A strike could stop the ferries.", "A strike may stop the ferries."),
    ("It is not known whether the lorry hit the bridge.", "It is unclear whether the lorry hit the bridge."),
    ("The minister denied taking the money.", "The minister denied taking the money."),
    ("The engineers did not repair the turbine.", "The engineers failed to repair the turbine."),
    ("Arne was acquitted of poisoning his uncle.", "Arne was acquitted of poisoning his uncle."),
    # The hedge speaks of something else.
    (
        "The guard was arrested on Friday.",
        "The guard, suspected of stealing the painting, was arrested on Friday.",
    ),
    ("The alleged thief was arrested on Monday.", "The alleged thief was arrested on Monday."),
    ("The man was arrested in Lund on Monday.", "The man, the alleged thief, was arrested in Lund on Monday."),
    ("The town closed the swimming hall.", "The town closed the swimming hall and plans to sell it."),
    ("The rain put out the wildfire.", "The rain put out the wildfire, but it may start again."),
    ("The union won a pay rise.", "The union won a pay rise and hopes to win shorter hours."),
    ("The board fined the captain.", "The board fined the captain after asking whether he had slept."),
    ("The agency rejected two plans.", "If the new one passes, work starts; the agency rejected two plans."),
    ("The mill employs 300 people.", "The mill employs 300 people. Neighbours claim that it polluted the river."),
    ("The ministry banned the pesticide.", "The ministry banned the pesticide because it might harm bees."),
    ("Norlund opened a second yard.", "Norlund, which could not find workers at first, opened a second yard."),
    ("The king visited the flooded valley.", "The king visited the flooded valley in May."),
    (
        "Ada Brekke forged the contracts.",
        "Brekke forged the contracts, the court found. She had denied forging them.",
    ),
    ("The senate approved the treaty in May.", "The senate, expected to wait, approved the treaty in May."),
    (
        "The lorry hit the bridge.",
        "Police asked whether the lorry hit the bridge. On Friday they confirmed that the lorry hit the bridge.",
    ),
    ("The harbour freezes every winter.", "The harbour freezes every winter."),
    # The evidence speaks of something else.
    ("The choir sang in the cathedral.", "The mayor may open the new tunnel in spring."),
    ("The guard stole the painting.", "The mayor was accused of lying."),
    ("", "The mayor was accused of lying."),
    ("The guard stole the painting.", ""),
]


@pytest.mark.parametrize(("claim", "evidence", "standing"), LESSER)
def test_what_is_only_alleged_planned_or_denied_is_no_fact(claim: str, evidence: str, standing: str) -> None:
    found = lesser_standing(claim, evidence)
    assert found is not None
    assert found.standing == standing
    assert found.marker in evidence and found.words in evidence


@pytest.mark.parametrize(("claim", "evidence"), BORNE_OUT)
def test_what_is_stated_or_claimed_as_carefully_is_let_pass(claim: str, evidence: str) -> None:
    assert lesser_standing(claim, evidence) is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read_without_complaint(claim: str, evidence: str) -> None:
    lesser_standing(claim, evidence)
    assert lesser_standing(claim, claim) is None or claim
