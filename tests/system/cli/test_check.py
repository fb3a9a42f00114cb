"""`factbot check` and `factbot verify`: the contract's JSON, batches, files, and words for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factbot import FactBot
from factbot.cli.main import main
from tests.support.library import Library, run_factbot

Capture = pytest.CaptureFixture[str]

CLAIM = [
    *("claim", "start", "end", "verdict", "confidence", "evidence"),
    *("explanation", "reason", "independent_sources"),
]
REPORT = ["text", "claims", "elapsed_ms", "corpus_version", "models"]
EVIDENCE = ["passage", "quote", "quote_start", "quote_end", "stance", "scores"]
SCORES = ["supported", "refuted", "not_enough"]
TRUE = "Agnes Marlow built the lighthouse at Orrin Point in 1871."
FALSE = "The lighthouse at Orrin Point was built in 1962."
TEXT = f"Is this so? {TRUE} {FALSE}"


def test_a_check_for_people_names_verdict_evidence_and_what_was_left_out(shelf: Library, capsys: Capture) -> None:
    assert main(["check", TEXT, *shelf.options]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("LEFT OUT  Is this so?\n    It is a question.")
    assert "SUPPORTED  " in out and TRUE in out
    assert "REFUTED  " in out and FALSE in out
    assert "[1] supports: Orrin Point lighthouse turns 150 (The Vane, 2021-06-01" in out
    assert "lighthouse.md, characters 0 to 77" in out
    assert err == ""


def test_a_check_as_json_is_the_contract(shelf: Library, bot: FactBot, capsys: Capture) -> None:
    assert main(["check", TEXT, "--json", *shelf.options]) == 0
    report = json.loads(capsys.readouterr().out)
    expected = json.loads(json.dumps(bot.check(TEXT).to_dict()))
    assert {**report, "elapsed_ms": 0} == {**expected, "elapsed_ms": 0}
    assert list(report) == REPORT
    assert [list(claim) for claim in report["claims"]] == [CLAIM] * 3
    pieces = [piece for claim in report["claims"] for piece in claim["evidence"]]
    assert pieces and all(list(piece) == EVIDENCE and list(piece["scores"]) == SCORES for piece in pieces)


def test_a_file_is_checked_by_its_name(shelf: Library, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "draft.txt").write_text(f"\ufeff{TRUE}", encoding="utf-8")
    assert main(["check", f"@{tmp_path / 'draft.txt'}", "--json", *shelf.options]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == TRUE


def test_standard_input_is_checked_too(shelf: Library) -> None:
    done = run_factbot("check", "@-", "--json", *shelf.options, stdin=TRUE)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["claims"][0]["verdict"] == "supported"


def lines_of(tmp_path: Path, rows: list[Any]) -> str:
    path = tmp_path / "lines.jsonl"
    path.write_text(
        "".join(row if row == "no json\n" else json.dumps(row) + "\n" for row in rows), encoding="utf-8"
    )
    return str(path)


def test_a_batch_of_texts_comes_back_in_order(shelf: Library, tmp_path: Path, capsys: Capture) -> None:
    path = lines_of(
        tmp_path, [{"text": TRUE, "id": 7}, "no json\n", {"text": ""}, {"claim": "x"}, {"text": FALSE}]
    )
    assert main(["check", "--batch", path, *shelf.options]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(row) for row in rows] == [
        ["text", "id", "result"],
        ["error"],
        ["error"],
        ["error"],
        ["text", "result"],
    ]
    assert rows[0]["result"]["claims"][0]["verdict"] == "supported"
    assert rows[4]["result"]["claims"][0]["verdict"] == "refuted"


def test_verify_scores_pairs_without_an_index(tmp_path: Path, capsys: Capture) -> None:
    evidence = "The lighthouse was built by the engineer Agnes Marlow in 1871."
    path = lines_of(
        tmp_path,
        [{"claim": TRUE, "evidence": evidence}, {"claim": TRUE}, {"claim": "", "evidence": evidence}, [1]],
    )
    options = ["--corpus", str(tmp_path / "no-corpus"), "--index", str(tmp_path / "no-index")]
    assert main(["verify", "--batch", path, *options]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(row) for row in rows] == [["claim", "evidence", "result"], ["error"], ["error"], ["error"]]
    assert list(rows[0]["result"]) == SCORES
    assert sum(rows[0]["result"].values()) == pytest.approx(1)
    assert rows[0]["result"]["supported"] > 0.5
    assert not (tmp_path / "no-index").exists()
