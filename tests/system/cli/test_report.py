"""`factbot check --report` and `factbot replay`, as a person calls them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from factbot.cli.main import main
from tests.support.library import Library, assert_one_sentence, run_factbot
from tests.support.newsroom import serving

Capture = pytest.CaptureFixture[str]

TRUE = "Agnes Marlow built the lighthouse at Orrin Point in 1871."
FALSE = "The lighthouse at Orrin Point was built in 1962."


def test_report_and_replay_in_processes_of_their_own(shelf: Library, tmp_path: Path) -> None:
    path = tmp_path / "report.zip"
    done = run_factbot("check", f"{TRUE} {FALSE}", "--report", path, *shelf.options)
    assert done.returncode == 0 and "REFUTED" in done.stdout
    assert done.stderr == f"The report is in {path}.\n"
    nowhere: list[str | Path] = ["--corpus", tmp_path / "no-corpus", "--index", tmp_path / "no-index"]
    again = run_factbot("replay", path, *nowhere)
    assert (again.returncode, again.stderr) == (0, "")
    assert (
        again.stdout
        == f"same  SUPPORTED  {TRUE}\nsame  REFUTED  {FALSE}\n2 claims read again, none with a difference.\n"
    )
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.zip"]


def test_bundle_that_was_changed_is_told_and_counts_as_failed(
    shelf: Library, tmp_path: Path, capsys: Capture
) -> None:
    path, lie = tmp_path / "report.zip", tmp_path / "lie.zip"
    assert main(["check", FALSE, "--report", str(path), *shelf.options]) == 0
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(lie, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"verdict": "refuted"', b'"verdict": "supported"'))
    capsys.readouterr()
    assert main(["replay", str(lie)]) == 1
    told = capsys.readouterr().out
    assert told.startswith(
        f"DIFFERS  SUPPORTED  {FALSE}\n    The report says supported; read again it is refuted.\n"
    )
    assert main(["replay", str(lie), "--json"]) == 1
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    assert (claim["was"], claim["now"], len(claim["differences"])) == ("supported", "refuted", 1)


def test_json_goes_to_standard_output_beside_a_report(shelf: Library, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "report.json"
    assert main(["check", TRUE, "--json", "--report", str(path), *shelf.options]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert json.loads(path.read_text(encoding="utf-8"))["report"] == printed


def test_report_beside_the_running_app_is_the_same(own: Library, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "report.zip"
    with serving(own.corpus, own.index):
        assert main(["check", TRUE, "--report", str(path), *own.options]) == 0
    assert main(["replay", str(path)]) == 0
    assert "same  SUPPORTED" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", TRUE, "--report", "report.pdf"], "ends in .html, .md, .docx, .json, .jsonld or .zip"),
        (["check", TRUE, "--report", "nowhere/report.md"], "The folder nowhere for the report is not there"),
        (["check", TRUE, "--report", "there.md"], "there.md is there already"),
        (["check", "--batch", "lines.jsonl", "--report", "report.md"], "leave out --batch, or --report"),
        (["replay", "there.md"], "is no whole bundle"),
        (["replay", "nowhere.zip"], "No such file"),
        (["replay", "."], "is not a file"),
    ],
)
def test_wrong_call_is_told_in_a_sentence_before_anything_is_checked(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.md").write_text("An earlier report.")
    assert main(arguments) == 2
    assert_one_sentence(capsys.readouterr().err, says)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["An earlier report."]
