"""A real news report as it is: plain text, its title in the first line (FACTBOT_DATA names the folder)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from factbot import FactBot

DATA = os.environ.get("FACTBOT_DATA", "")
SEEDS = sorted(Path(DATA, "seed").glob("*.txt")) if DATA else []

pytestmark = pytest.mark.skipif(not SEEDS, reason="FACTBOT_DATA does not name a folder with seed/*.txt")


def test_a_real_report_answers_what_it_holds_and_nothing_else(tmp_path: Path) -> None:
    with FactBot.open(tmp_path / "corpus", index=tmp_path / "index") as bot:
        article = bot.add(SEEDS[0])
        assert article.title.startswith("UK: This Is What Russian LGBT Activists")
        for question, held in (
            ("Who invited the activists?", "invited them over"),
            ("What did Human Rights Watch call the situation?", "worst human rights crisis"),
        ):
            answer = bot.ask(question)
            assert answer.answered
            assert any(held in citation.quote for citation in answer.citations)
            for citation in answer.citations:
                assert article.text[citation.quote_start : citation.quote_end] == citation.quote
        assert not bot.ask("Who is the mayor of Paris?").answered
