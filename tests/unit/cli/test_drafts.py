"""What `factbot check` is given: words, files of every kind, and posts that begin with an @."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from factbot.cli.batch import lines_of
from factbot.cli.drafts import text_to_check
from factbot.errors import UsageError
from tests.support.documents import pdf, prose, word

MORE = "It was a warm day, and many people came. " * 5
SAID = "The café in Lys sold 1 200 ices."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("name", ["draft.txt", "draft.md", "draft", "draft.log"])
def test_a_draft_is_read_in_its_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(SAID.encode(encoding))
    assert text_to_check(f"@{path}") == SAID


def test_a_draft_is_read_as_an_article_of_its_kind_and_keeps_its_title(tmp_path: Path) -> None:
    def build(document: Any) -> None:
        document.add_heading("Ices in Lys", 0)
        document.add_paragraph(SAID)

    files = {
        "a.docx": word(build),
        "b.pdf": pdf([prose(["The kiosk in Lys sold ices."])]),
        "c.html": f"<html><head><meta charset=utf-8><title>Ices</title></head><p>{SAID} {MORE}</html>".encode(),
        "d.md": f"# Ices in Lys\n\n*{SAID}*".encode(),
        "e": word(build),
    }
    texts = {}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        texts[name] = text_to_check(f"@{tmp_path / name}")
    assert texts["a.docx"] == texts["d.md"] == texts["e"] == f"Ices in Lys\n\n{SAID}"
    assert "The kiosk in Lys sold ices." in texts["b.pdf"]
    assert SAID in texts["c.html"] and "<" not in texts["c.html"]


@pytest.mark.parametrize(
    "post",
    [
        "@anna_lys The kiosk sold 9 ices.",
        "@anna @bo, is the report.pdf right?",
        " @report.docx",
        "Mail a@b.example",
    ],
)
def test_a_post_that_begins_with_a_name_is_checked_as_it_stands(post: str) -> None:
    assert text_to_check(post) == post


def test_a_file_counts_before_a_post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my draft").write_text(SAID, encoding="utf-8")
    assert text_to_check("@my draft") == SAID


@pytest.mark.parametrize("given", ["@missing.docx", "@my missing draft.docx", "@missing", "@a/b"])
def test_a_file_that_is_missing_is_refused_with_both_things_to_do(given: str) -> None:
    with pytest.raises(UsageError, match="check the name, or put a space before the @"):
        text_to_check(given)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.docx", b"PK\x03\x04 no more", "docx"),
        ("b.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office file"),
        ("c.txt", bytes(range(256)), "not text"),
        ("d.csv", b"text\nOne\n", "many texts"),
        ("e.txt", b" ", "no text"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_wrong_call(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError, match=reason):
        text_to_check(f"@{tmp_path / name}")


@pytest.mark.parametrize("given", ["https://lys.example/ices", "@https://lys.example/ices"])
def test_an_address_is_fetched_with_the_guard(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    page = (SAID.encode(), ".txt", "https://lys.example/ices")
    monkeypatch.setattr("factbot.corpus.ingest.fetch.fetch", lambda url: {page[2]: page}[url])
    assert text_to_check(given) == SAID


def test_standard_input_may_be_any_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (
        SAID.encode("utf-16"),
        SAID.encode("cp1252"),
        word(lambda document: document.add_paragraph(SAID)),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert text_to_check("@-") == SAID


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_batch_is_read_in_its_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    rows = ['{"text": "Été à Lys"}', '{"text": "Ices"}', '{"text": "Où est l’été?"}']
    data = "\n".join(rows).encode(encoding)
    (tmp_path / "batch.jsonl").write_bytes(data)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    for path in (str(tmp_path / "batch.jsonl"), "-"):
        with lines_of(path) as lines:
            assert [line.strip() for line in lines] == rows
