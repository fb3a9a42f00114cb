"""JSON lines in, JSON lines out: in order, at once, and with errors in their place."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from factbot.cli.main import main
from tests.support.contract import ANSWER, PASSAGE
from tests.support.library import (
    COUNT_QUESTION,
    LIGHTHOUSE_QUESTION,
    UNANSWERABLE,
    Library,
    command,
    run_factbot,
)

Capture = pytest.CaptureFixture[str]


# -- batch ----------------------------------------------------------------------------------------------

LINES = [
    {"question": LIGHTHOUSE_QUESTION, "query": LIGHTHOUSE_QUESTION, "id": 1},
    "no json",
    {"question": COUNT_QUESTION, "query": COUNT_QUESTION, "note": {"deep": ["é", "東京", None]}},
    {"other": "field"},
    ["no", "object"],
    {"question": 7, "query": 7},
    {"question": "", "query": ""},
    {"question": UNANSWERABLE, "query": UNANSWERABLE, "result": "overwritten"},
]

GOOD = [0, 2, 7]


def as_lines(rows: list[Any]) -> str:
    return "".join((row if row == "no json" else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows)


@pytest.mark.parametrize(("name", "fields"), [("ask", ANSWER), ("search", PASSAGE)])
def test_a_batch_comes_back_in_order_with_errors_in_their_place(
    shelf: Library, tmp_path: Path, capsys: Capture, name: str, fields: list[str]
) -> None:
    (tmp_path / "lines.jsonl").write_text(as_lines(LINES), encoding="utf-8")
    assert main([name, "--batch", str(tmp_path / "lines.jsonl"), *shelf.options]) == 0
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == len(LINES)
    for number, (given, row) in enumerate(zip(LINES, rows, strict=True)):
        if number in GOOD:
            assert isinstance(given, dict)
            assert {**row, "result": 0} == {**given, "result": 0}
            result = row["result"] if name == "ask" else row["result"][0]
            assert list(result) == fields
        else:
            assert list(row) == ["error"] and isinstance(row["error"], str)
    assert err == ""


@pytest.mark.slow
def test_a_batch_from_standard_input_in_a_pipe(shelf: Library) -> None:
    done = run_factbot("ask", "--batch", "-", *shelf.options, stdin=as_lines(LINES))
    assert (done.returncode, done.stderr) == (0, "")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["result" in row for row in rows] == [n in GOOD for n in range(len(LINES))]
    assert rows[2]["note"] == {"deep": ["é", "東京", None]}


def test_each_line_of_a_batch_is_answered_at_once(shelf: Library) -> None:
    with subprocess.Popen(
        command("search", "--batch", "-", *shelf.options),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin and process.stdout
        for query in ("lighthouse", "ferry"):
            process.stdin.write(json.dumps({"query": query}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["query"] == query
        process.stdin.close()
        assert process.wait(60) == 0


def test_an_empty_batch_is_an_empty_result(shelf: Library, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    assert main(["ask", "--batch", str(tmp_path / "empty.jsonl"), *shelf.options]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "line",
    [
        b'\xef\xbb\xbf{"query": "lighthouse"}',  # as Windows begins a file
        b'{"query": "lighthouse \\ud800"}',  # half a character
        b'{"query": "lighthouse \xff\xfe"}',  # not UTF-8
        b'{"query": "lighthouse"}\r',
    ],
)
def test_odd_but_readable_lines_are_answered(shelf: Library, tmp_path: Path, capsys: Capture, line: bytes) -> None:
    (tmp_path / "odd.jsonl").write_bytes(line + b"\n")
    assert main(["search", "--batch", str(tmp_path / "odd.jsonl"), *shelf.options]) == 0
    out, _ = capsys.readouterr()
    assert json.loads(out)["result"][0]["article_id"] == "lighthouse.md"


@pytest.mark.parametrize(
    "line", [b"[" * 100_000, b'{"query": ' + b"9" * 5_000 + b"}", b"\x00\xff\xfe", b"", b'{"query": "x"', b"NaN"]
)
def test_a_line_that_cannot_be_read_is_an_error_and_the_rest_goes_on(
    shelf: Library, tmp_path: Path, capsys: Capture, line: bytes
) -> None:
    (tmp_path / "bad.jsonl").write_bytes(line + b'\n{"query": "lighthouse"}\n')
    assert main(["search", "--batch", str(tmp_path / "bad.jsonl"), *shelf.options]) == 0
    bad, good = map(json.loads, capsys.readouterr().out.splitlines())
    assert list(bad) == ["error"]
    assert bad["error"].startswith("The line is not JSON") or bad["error"].startswith("The line is JSON but not")
    assert good["result"][0]["article_id"] == "lighthouse.md"
