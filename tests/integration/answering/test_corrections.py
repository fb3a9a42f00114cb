"""An answer does not give a figure that its own article takes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from factbot import FactBot

STORY = (
    "# Pool fees\n\nThe swimming pool in Arvik opens again on Monday. A season ticket for the pool in Arvik costs "
    "900 crowns, the town said. Lifeguards were hired in spring.\n\nThe café keeps its hours. Parking is free."
)
CORRECTION = "\n\nCorrection: an earlier version of this article gave the price as 900 crowns. It is 650 crowns."
QUESTION = "How much does a season ticket for the pool in Arvik cost?"


def asked(folder: Path, story: str) -> str:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "pool.md").write_text(story, encoding="utf-8")
    with FactBot.open(folder / "corpus", index=folder / "index") as bot:
        bot.sync()
        return bot.ask(QUESTION).text


def test_the_correction_stands_before_what_it_corrects(tmp_path: Path) -> None:
    text = asked(tmp_path, STORY + CORRECTION)
    assert "650 crowns" in text
    assert text.index("650 crowns") < text.index("costs 900 crowns")


@pytest.mark.parametrize("note", ["", CORRECTION.replace("900", "120").replace("650", "150")])
def test_a_figure_that_is_not_corrected_stands_alone(tmp_path: Path, note: str) -> None:
    text = asked(tmp_path, STORY + note)
    assert "900 crowns" in text and "orrection" not in text
