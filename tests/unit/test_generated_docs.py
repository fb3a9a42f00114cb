"""What the documents take from the code and the results is what `make docs` would write today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generate import ROOT, documents

DOCUMENTS = documents()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_generated_document_is_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == DOCUMENTS[path], f"run `make docs`: {path.name} differs"


def test_what_the_readme_says_of_claims_in_other_words_agrees_with_its_table() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| \*\*.* claims in other words.*$", readme, re.MULTILINE)
    simple, factbot = map(int, re.findall(r"(\d+) %", row))
    assert ("is worse than giving every claim the same" in readme) == (factbot < simple)
    assert factbot > 80 or "Claims in your own words are judged weakly" in readme


def test_the_report_of_the_benchmarks_is_short_enough_to_read() -> None:
    assert (ROOT / "benchmarks" / "README.md").stat().st_size <= 30 * 1024
