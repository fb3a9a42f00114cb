"""A bundle gives the same verdicts from its articles alone, and tells where somebody changed it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from factbot import FactBot
from factbot.reports.bundle import articles_read, as_bundle, open_bundle
from factbot.reports.document import Document
from factbot.reports.replay import ReplayedClaim, notes, replay
from factbot.settings import Settings
from tests.support.library import Library
from tests.support.reports import AT

TEXT = """Agnes Marlow built the lighthouse at Orrin Point in 1871. The lighthouse at Orrin Point was built in
1962. Is this so?

Pell Harrow won 10,412 votes. Tungsten melts at 3,422 degrees Celsius."""


def bundle_of(bot: FactBot, text: str = TEXT) -> bytes:
    report = bot.check(text)
    return as_bundle(Document(report, AT, bot.settings, articles=articles_read(report, bot.history)))


@pytest.fixture(scope="module")
def made(bot: FactBot) -> bytes:
    return bundle_of(bot)


def replayed(folder: Path, data: bytes, settings: Settings | None = None) -> list[ReplayedClaim]:
    (folder / "bundle.zip").write_bytes(data)
    return list(replay(open_bundle(folder / "bundle.zip"), settings or Settings()))


def changed(data: bytes, name: str, change: Callable[[Any], Any]) -> bytes:
    """The bundle with what `change` makes of one part: of its data where it is JSON, else of its text."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            content = old.read(entry).decode()
            if entry == name:
                is_json = name.endswith(".json")
                content = json.dumps(change(json.loads(content))) if is_json else change(content)
            new.writestr(entry, content)
    return made.getvalue()


def file_of(data: bytes, article_id: str) -> str:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        articles = json.loads(archive.read("readings.json"))["articles"]
    return str(next(article["file"] for article in articles if article["id"] == article_id))


def test_the_same_verdicts_come_of_a_bundle_alone(bot: FactBot, made: bytes, tmp_path: Path) -> None:
    claims = replayed(tmp_path, made)
    told = [claim for claim in bot.check(TEXT).claims if claim.reason != "not_checkable"]
    assert [claim.now for claim in claims] == [claim.was for claim in claims] == [claim.verdict for claim in told]
    assert {claim.now for claim in claims} == {"supported", "refuted", "conflicting", "not_enough_evidence"}
    assert [claim.differences for claim in claims] == [()] * 4


def test_the_verdicts_are_those_of_then_though_the_article_changed(own: Library, tmp_path: Path) -> None:
    with own.open() as bot:
        report = bot.check(TEXT)
        article = own.corpus / "lighthouse.md"
        article.write_text(article.read_text().replace("1871", "1962"))
        bot.sync()
        data = as_bundle(Document(report, AT, bot.settings, articles=articles_read(report, bot.history)))
    assert [claim.differences for claim in replayed(tmp_path, data)] == [()] * 4


def test_verdict_that_was_changed_shows(made: bytes, tmp_path: Path) -> None:
    def lie(report: Any) -> Any:
        report["report"]["claims"][1]["verdict"] = "supported"
        return report

    _, lied, *others = replayed(tmp_path, changed(made, "report.json", lie))
    assert (lied.was, lied.now) == ("supported", "refuted")
    assert lied.differences[0] == "The report says supported; read again it is refuted."
    assert not any(claim.differences for claim in others)


def test_article_that_was_changed_shows_though_the_verdict_fits_it(made: bytes, tmp_path: Path) -> None:
    def rewritten(article: str) -> str:
        return article.replace("1871", "1962")

    data = changed(made, file_of(made, "lighthouse.md"), rewritten)
    first, second, *_ = replayed(tmp_path, data)
    for claim in (first, second):
        assert "The article lighthouse.md has another text than the one that was read." in claim.differences
        assert "The quote [1] does not stand in the article lighthouse.md." in claim.differences
    assert second.now == "supported"


def test_scores_and_confidence_that_were_changed_show(made: bytes, tmp_path: Path) -> None:
    def better(readings: Any) -> Any:
        readings["claims"][0]["readings"][0]["scores"] = {"supported": 0, "refuted": 1, "not_enough": 0}
        return readings

    def no_number(readings: Any) -> Any:
        readings["claims"][0]["readings"][0]["scores"]["refuted"] = float("nan")
        return readings

    def surer(report: Any) -> Any:
        report["report"]["claims"][0]["confidence"] = 1.0
        return report

    for name, change in (("readings.json", better), ("readings.json", no_number), ("report.json", surer)):
        first, second, *_ = replayed(tmp_path, changed(made, name, change))
        assert first.differences and not second.differences, name
        assert first.now == first.was == "supported"


def test_article_that_is_missing_and_place_that_is_not_there_show(made: bytes, tmp_path: Path) -> None:
    def without(readings: Any) -> Any:
        readings["articles"] = [each for each in readings["articles"] if each["id"] != "lighthouse.md"]
        return readings

    def elsewhere(readings: Any) -> Any:
        readings["claims"][0]["readings"][0]["end"] = 10**9
        return readings

    first, *_ = replayed(tmp_path, changed(made, "readings.json", without))
    assert "The article lighthouse.md is missing." in first.differences and first.now != "supported"
    first, *_ = replayed(tmp_path, changed(made, "readings.json", elsewhere))
    assert "A passage lies outside of the article lighthouse.md." in first.differences


def test_risk_of_the_bundle_counts_and_no_model_that_it_names_is_loaded(own: Library, tmp_path: Path) -> None:
    with own.open(risk=0.0) as bot:
        strict = bundle_of(bot)

    def named(report: Any) -> Any:
        report["settings"]["verifier"] = report["report"]["models"]["verifier"] = "/nowhere/a-model"
        return report

    claims = replayed(tmp_path, changed(strict, "report.json", named), Settings(risk=1.0))
    assert {claim.now for claim in claims} == {"not_enough_evidence"}
    assert not any(claim.differences for claim in claims)
    (note,) = notes(open_bundle(tmp_path / "bundle.zip"), Settings())
    assert "read by the verifier /nowhere/a-model, and this machine has factbot-verifier" in note


def test_part_that_a_language_model_had_is_noted(made: bytes, tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(made)
    found = open_bundle(tmp_path / "bundle.zip")
    assert notes(found, Settings()) == []
    helped = replace(found.report, models={**found.report.models, "language": "a-model"})
    (note,) = notes(replace(found, report=helped, factbot=found.factbot), Settings())
    assert "it has no part in the replay" in note
    assert any("made by factbot 0.1" in note for note in notes(replace(found, factbot="0.1"), Settings()))
