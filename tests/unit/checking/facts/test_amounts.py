"""One amount in other notation is the same amount, and another one is told from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.checking.facts.compare import compare

SAME = [
    # Millions and billions, and what stands between thousands.
    ("The tower cost 1,200 million crowns.", "The tower cost 1.2 billion crowns."),
    ("The tower cost 1 200 million crowns.", "The tower cost 1.2 billion crowns."),
    ("The tower cost 1,200,000,000 crowns.", "The tower cost 1.2 billion crowns."),
    ("The tower cost 1.200.000.000 crowns.", "The tower cost 1.2 billion crowns."),
    ("The tower cost 1\u00a0200\u00a0000\u00a0000 crowns.", "The tower cost 1.2 billion crowns."),
    ("The tower cost 1\u2009200 million crowns.", "The tower cost 1.2 billion crowns."),
    ("The tower cost 0.9 billion crowns.", "The tower cost 900 million crowns."),
    ("The town has 45 000 inhabitants.", "The town has 45,000 inhabitants."),
    ("The town has 1 045 300 inhabitants.", "The town has 1,045,300 inhabitants."),
    ("The town has a million and a half inhabitants.", "The town has 1.5 million inhabitants."),
    ("Half a billion people watched it.", "It was watched by 500 million people."),
    # Currencies.
    ("The ferry cost €62m.", "The ferry cost 62 million euros."),
    ("The ferry cost € 62 m.", "The ferry cost 62 million euros."),
    ("The ferry cost EUR 62 million.", "The ferry cost €62 million."),
    ("The ferry cost 62m euros.", "The ferry cost 62 million euros."),
    ("The ferry cost 62 m euros.", "The ferry cost 62 million euros."),
    ("The ferry cost US$62 million.", "The ferry cost 62 million dollars."),
    ("The ferry cost 62 million US dollars.", "The ferry cost $62m."),
    ("The ferry cost A$62 million.", "The ferry cost 62 million Australian dollars."),
    ("The ferry cost SEK 62 million.", "The ferry cost 62 million Swedish kronor."),
    ("The ferry cost 62 million crowns.", "The ferry cost NOK 62 million."),
    ("The ferry cost 62 million kroner.", "The ferry cost 62 million crowns."),
    ("The ferry cost CHF 62 million.", "The ferry cost 62 million Swiss francs."),
    # Lengths, areas, weights, volumes, speeds.
    ("The pier is 1050 m long.", "The pier is 1,050 metres long."),
    ("The pier is 1.05 kilometres long.", "The pier is 1,050 metres long."),
    ("The pier is 3,445 feet long.", "The pier is 1,050 metres long."),
    ("The crossing is about 24 miles long.", "The crossing is 38 kilometres long."),
    ("The crossing is 24 miles long.", "The crossing is 39 kilometres long."),
    ("The crossing is 38 km long.", "The crossing is 24 miles long."),
    ("The wall is 6ft 2in high.", "The wall is 1.88 metres high."),
    ("The wall is 6 feet 2 inches high.", "The wall is 188 centimetres high."),
    ("The pool is 50 yards long.", "The pool is 46 metres long."),
    ("The screen is 10 inches wide.", "The screen is 25 centimetres wide."),
    ("Only 12 mm of rain fell.", "Only 1.2 centimetres of rain fell."),
    ("The lake covers 40 square miles.", "The lake covers 104 square kilometres."),
    ("The lake covers 104 km².", "The lake covers 104 square kilometres."),
    ("The park covers 25 acres.", "The park covers 10 hectares."),
    ("The park covers 250 hectares.", "The park covers 2.5 square kilometres."),
    ("The bell weighs 4,277 lb.", "The bell weighs 1,940 kilograms."),
    ("The bell weighs 1.94 tonnes.", "The bell weighs 1,940 kg."),
    ("She weighed 7 pounds 8 ounces.", "She weighed 3.4 kilograms."),
    ("The tank holds 100 gallons.", "The tank holds 379 litres."),
    ("The train runs at 186 miles per hour.", "The train runs at 300 km/h."),
    ("The train runs at 186 mph.", "The train runs at 300 kilometres an hour."),
    ("The wind reached 72 km/h.", "The wind reached 20 metres a second."),
    # Temperatures.
    ("It was 103 degrees Fahrenheit at the airport.", "It was 39.4 degrees Celsius at the airport."),
    ("It was 103°F at the airport.", "It was 39.4 °C at the airport."),
    ("It was 39 degrees C at the airport.", "It was 103 degrees F at the airport."),
    ("It was 103 degrees Fahrenheit at the airport.", "It was 39.4 degrees at the airport."),
    ("It was 39.4C at the airport.", "It was 39.4 degrees at the airport."),
    # Durations and times of day.
    ("The trip takes an hour and a half.", "The trip takes 90 minutes."),
    ("The trip takes 1 hour and 30 minutes.", "The trip takes 90 minutes."),
    ("The trip takes two and a half hours.", "The trip takes 150 minutes."),
    ("The trip takes three quarters of an hour.", "The trip takes 45 minutes."),
    ("The trip takes two days.", "The trip takes 48 hours."),
    ("The fire broke out at 23:00.", "The fire broke out at 11 pm."),
    ("The fire broke out at 23:00.", "The fire broke out at about 11 p.m."),
    ("The fire broke out at 11.30pm.", "The fire broke out at 23:30."),
    ("The fire broke out at noon.", "The fire broke out at 12 pm."),
    ("The fire broke out at midnight.", "The fire broke out at 00:00."),
    ("The fire broke out at 4 am.", "The fire broke out at 04:00."),
    # Shares.
    ("Three fifths of the voters stayed home.", "60 % of the voters stayed home."),
    ("One in four voters stayed home.", "25 percent of voters stayed home."),
    ("One in every four voters stayed home.", "A quarter of the voters stayed home."),
    ("Nine out of ten voters stayed home.", "90 per cent of voters stayed home."),
    ("Two thirds of the voters stayed home.", "66 percent of voters stayed home."),
    ("Half the voters stayed home.", "50% of voters stayed home."),
    ("A fifth of a billion people watched it.", "200 million people watched it."),
    # Changes.
    ("The number of jobs doubled.", "The number of jobs rose by 100 percent."),
    ("The number of jobs rose by 100 percent.", "The number of jobs doubled."),
    ("There are twice as many jobs.", "The number of jobs doubled."),
    ("The number of jobs tripled.", "The number of jobs rose by 200 percent."),
    ("The number of jobs halved.", "The number of jobs fell by 50 percent."),
    ("The number of jobs fell by half.", "The number of jobs halved."),
    ("The rate fell by two percentage points.", "The rate fell from 8 percent to 6 percent."),
    ("The rate fell by a quarter.", "The rate fell from 8 percent to 6 percent."),
    ("The rate fell by 25 percent.", "The rate fell from 8 to 6 percent."),
    ("Prices rose by 50 percent.", "Prices rose from 40 crowns to 60 crowns."),
    ("Prices rose by 20 crowns.", "Prices rose from 40 crowns to 60 crowns."),
    ("The rate fell to 6 percent.", "The rate fell from 8 percent to 6 percent."),
    ("The new ferry is 35 minutes faster.", "The new ferry takes 70 minutes. The old one took 105 minutes."),
    (
        "The new bridge is 200 metres longer.",
        "The new bridge is 900 metres long. The old one was 700 metres long.",
    ),
    ("In all, 30 ferries sail.", "12 ferries sail to Lund and 18 ferries sail to Osten."),
    ("The rate fell to 6 percent from 8 percent.", "The rate fell from 8 percent to 6 percent."),
    ("Traffic grew by 13 percent.", "It carries 22,000 vehicles a day, up from 19,500 in 2015."),
    ("A quarter fewer people had no work.", "14,200 people had no work, compared with 18,900 a year earlier."),
    ("It rose by 5.6 degrees Fahrenheit.", "It rose by 3.1 degrees Celsius."),
    ("The number of jobs almost doubled.", "The number of jobs rose by 95 percent."),
    # Hedges.
    ("The trip takes just under an hour.", "The trip takes 55 minutes."),
    ("The town has one and a half million people.", "The town has 1.5 million people."),
    ("The fire broke out at 11 o'clock at night.", "The fire broke out at 23:00."),
    ("More than 20 ships came.", "24 ships came."),
    ("Well over 20 ships came.", "24 ships came."),
    ("Up to 40 ships came.", "40 ships came."),
    ("Some 40 ships came.", "41 ships came."),
    ("As much as 40 percent was lost.", "40 percent was lost."),
]

OTHER = [
    ("The tower cost 1.2 million crowns.", "The tower cost 1.2 billion crowns."),
    ("The tower cost 200 million crowns.", "The tower cost 1 200 million crowns."),
    ("The ferry cost 62 million dollars.", "The ferry cost 62 million euros."),
    ("The pier is 10.5 kilometres long.", "The pier is 1,050 metres long."),
    ("The pier is 1,050 feet long.", "The pier is 1,050 metres long."),
    ("The crossing is 38 miles long.", "The crossing is 38 kilometres long."),
    ("The lake covers 104 square miles.", "The lake covers 104 square kilometres."),
    ("It was 39 degrees Fahrenheit at the airport.", "It was 39 degrees Celsius at the airport."),
    ("The trip takes an hour and a half.", "The trip takes 55 minutes."),
    ("The fire broke out at 11 am.", "The fire broke out at 11 pm."),
    ("The fire broke out at 22:00.", "The fire broke out at 11 pm."),
    ("One in five voters stayed home.", "One in four voters stayed home."),
    ("The number of jobs tripled.", "The number of jobs doubled."),
    ("The number of jobs halved.", "The number of jobs doubled."),
    ("The rate fell by 2 percent.", "The rate fell from 8 percent to 6 percent."),
    ("The rate rose by two percentage points.", "The rate fell from 8 percent to 6 percent."),
    ("Prices fell by 5 percent.", "Prices rose by 5 percent."),
    ("Less than 20 ships came.", "24 ships came."),
]

NEITHER = [
    # Of something else: nothing is said of it.
    ("The club has 40 members.", "The club's ship is 40 metres long, and 30 guests came."),
    ("Each farm has 500 cows on average.", "The three farms have 1,500 cows."),
    ("The strike lasted nine days.", "The trial was put off by three weeks, the court said in Lund."),
    ("The museum cost 96 million crowns.", "The mayor earns 900,000 crowns a year."),
    ("40 percent of the voters came.", "60 percent of the voters stayed at home."),
    ("There are twice as many jobs.", "The number of jobs rose."),
    ("The ferry cost 62 million dollars.", "The tunnel cost 75 million euros."),
    ("It was 39 degrees Celsius at the airport.", "It was 103 degrees at the airport, or so it felt."),
    ("Police held 12 people.", "The company employs 85 people in Lund."),
]


@pytest.mark.parametrize(("claim", "evidence"), SAME)
def test_one_amount_agrees_in_every_notation(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert found.agreeing >= 1
    assert not found.mismatches
    assert not [fact for fact in found.missing if fact.kind != "name"]


@pytest.mark.parametrize(("claim", "evidence"), OTHER)
def test_another_amount_of_the_same_thing_is_a_mismatch(claim: str, evidence: str) -> None:
    assert len(compare(claim, evidence).mismatches) == 1


@pytest.mark.parametrize(("claim", "evidence"), NEITHER)
def test_figures_of_other_things_are_not_set_beside_each_other(claim: str, evidence: str) -> None:
    found = compare(claim, evidence)
    assert not found.mismatches


@given(st.integers(2, 400))
def test_a_length_agrees_with_itself_in_another_unit(kilometres: int) -> None:
    evidence = f"The canal is {kilometres} kilometres long."
    assert compare(f"The canal is {kilometres * 1000} metres long.", evidence).agreeing == 1
    assert compare(f"The canal is {kilometres / 1.609344:.1f} miles long.", evidence).agreeing == 1
    assert compare(f"The canal is {kilometres * 1.2 / 1.609344:.1f} miles long.", evidence).agreeing == 0


@given(st.integers(-30, 50))
def test_a_temperature_agrees_with_itself_on_the_other_scale(celsius: int) -> None:
    evidence = f"It was {celsius} degrees Celsius on the bridge."
    assert compare(f"It was {celsius * 1.8 + 32:.1f} degrees Fahrenheit on the bridge.", evidence).agreeing == 1
    assert compare(f"It was {celsius * 1.8 + 42:.1f} degrees Fahrenheit on the bridge.", evidence).agreeing == 0


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_agrees_on_both_clocks(hour: int, minute: int) -> None:
    half = "am" if hour < 12 else "pm"
    evidence = f"The ship left at {(hour - 1) % 12 + 1}:{minute:02} {half}."
    assert compare(f"The ship left at {hour}:{minute:02}.", evidence).agreeing == 1
    assert compare(f"The ship left at {(hour + 12) % 24}:{minute:02}.", evidence).agreeing == 0


@pytest.mark.parametrize(
    "told",
    ["was fifteen and not twelve", "was fifteen, not twelve", "was fifteen instead of twelve", "was not twelve"],
)
def test_a_figure_that_the_evidence_takes_back_bears_nothing_out(told: str) -> None:
    found = compare("The number of injured was twelve.", f"The number of injured {told}, the fire brigade said.")
    assert found.agreeing == 0
    assert [mismatch.evidence for mismatch in found.mismatches] == (["fifteen"] if "fifteen" in told else [])
    assert compare("The number of injured was fifteen.", f"The number of injured {told}.").agreeing == (
        "fifteen" in told
    )
