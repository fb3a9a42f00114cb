"""Bundles: what goes in comes out, and a file from a stranger is read within bounds or refused in a sentence."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from factbot import Article, FactbotError, KeptReading, Scores, UsageError, Version
from factbot.reports import bundle
from factbot.reports.bundle import articles_read, as_bundle, open_bundle, text_hash
from factbot.reports.document import Document
from tests.support.reports import document

ARTICLE = Article(
    "A dam\nwith a: title", "---\nnot: matter\n---\n\nIt was built in 1931.", id="../../etc/dam.md", url=""
)


def reading(article: Article = ARTICLE) -> KeptReading:
    scores = Scores(0.1, 0.2 / 3, 0.3)
    return KeptReading(article.id, text_hash(article), 0, 10, 0.9, scores, scores, scores)


def with_readings() -> Document:
    made = document(articles=(ARTICLE,))
    claims = tuple(replace(claim, readings=(reading(),)) for claim in made.report.claims)
    return replace(made, report=replace(made.report, claims=claims))


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A bundle with one part changed; b"" leaves it out."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = change(old.read(entry)) if entry == name else old.read(entry)
            if content:
                new.writestr(entry, content)
    return made.getvalue()


def test_what_goes_into_a_bundle_comes_out(tmp_path: Path) -> None:
    made = with_readings()
    found = open_bundle(written(tmp_path / "bundle.zip", as_bundle(made)))
    assert found.report.to_dict() == made.report.to_dict()
    assert [claim.readings for claim in found.claims] == [(reading(),)] * 4
    assert found.claims[1].standalone == "The dam at Orrin holds 40 million cubic metres."
    (article,) = found.articles.values()
    assert (article.text, article.title) == (ARTICLE.text, "A dam with a: title")
    assert found.article(reading()) == article and found.risk == 0.15


def test_names_in_a_bundle_are_ours_and_nothing_is_unpacked(tmp_path: Path) -> None:
    path = written(tmp_path / "bundle.zip", as_bundle(with_readings()))
    assert zipfile.ZipFile(path).namelist() == ["README.txt", "report.json", "readings.json", "articles/0001.txt"]
    open_bundle(path)
    assert list(tmp_path.iterdir()) == [path]


def test_articles_are_those_that_were_read_though_they_changed_since() -> None:
    now = replace(ARTICLE, text="It was built in 1932.")
    versions = [Version(now, "current"), Version(ARTICLE, "changed", "2026-03-05T00:00:00Z")]
    assert articles_read(with_readings().report, lambda _: versions) == [ARTICLE]
    with pytest.raises(FactbotError, match="check the text again"):
        articles_read(with_readings().report, lambda _: versions[:1])


def data_with(**fields: Any) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps({**json.loads(data), **fields}).encode()


GOOD = as_bundle(with_readings())
BAD: dict[str, bytes] = {
    "no zip": b"Once upon a time.",
    "empty": b"",
    "cut off": GOOD[: len(GOOD) // 2],
    "no report": changed(GOOD, "report.json", lambda _: b""),
    "no readings": changed(GOOD, "readings.json", lambda _: b""),
    "no article": changed(GOOD, "articles/0001.txt", lambda _: b""),
    "article of another kind": changed(GOOD, "articles/0001.txt", lambda _: b"\x00\x01\x02"),
    "report is no JSON": changed(GOOD, "report.json", lambda _: b"{"),
    "report is a list": changed(GOOD, "report.json", lambda _: b"[]"),
    "deep report": changed(GOOD, "report.json", lambda _: b"[" * 100_000),
    "no risk": changed(GOOD, "report.json", data_with(settings={})),
    "risk is no number": changed(GOOD, "report.json", data_with(settings={"risk": float("nan")})),
    "risk beyond one": changed(GOOD, "report.json", data_with(settings={"risk": 7})),
    "report is none": changed(GOOD, "report.json", data_with(report={"text": "a"})),
    "readings of other claims": changed(GOOD, "readings.json", data_with(claims=[])),
}


@pytest.mark.parametrize("name", BAD)
def test_file_that_is_no_bundle_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no whole bundle"):
        open_bundle(written(tmp_path / "bundle.zip", BAD[name]))


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        open_bundle(tmp_path / "bundle.zip")
    with pytest.raises(UsageError, match="is not a file"):
        open_bundle(tmp_path)


def test_bomb_is_refused_before_anything_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = changed(GOOD, "articles/0001.txt", lambda _: b"a" * 3_000_000)
    monkeypatch.setattr(bundle, "UNPACKED_LIMIT", 2_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("a part was unpacked"))
    with pytest.raises(UsageError, match="would unpack to over"):
        open_bundle(written(tmp_path / "bundle.zip", bomb))


def test_too_many_parts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "ENTRY_LIMIT", 3)
    with pytest.raises(UsageError, match="would unpack to over"):
        open_bundle(written(tmp_path / "bundle.zip", GOOD))
