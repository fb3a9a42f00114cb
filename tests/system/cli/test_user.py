"""The command that writes the file of users."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest

from factbot.cli.main import main
from factbot.web.auth.users import Users
from tests.support.library import assert_one_sentence


def give(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))


def test_a_user_is_written_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "users"
    give(monkeypatch, "a long password\n")
    assert main(["user", "Ann", "--role", "editor", "--file", str(file)]) == 0
    give(monkeypatch, "another password\r\n")
    monkeypatch.setenv("FACTBOT_SIGN_IN", str(file))
    assert main(["user", "Bob", "--json"]) == 0
    out, err = capsys.readouterr()
    assert "Ann may sign in as editor" in out and '"role": "reader"' in out and err == ""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "password" not in file.read_text()
    ann, bob = Users(file).verified("Ann", "a long password"), Users(file).find("Bob")
    assert ann and ann.role == "editor"
    assert bob and bob.role == "reader" and not bob.has("a long password")
    assert Users(file).verified("Ann", "another password") is None
    assert Users(file).verified("Nobody", "a long password") is None


@pytest.mark.parametrize(
    ("name", "typed"), [("a:b", "long enough"), ("", "long enough"), ("a\nb", "long enough"), ("Ann", "short")]
)
def test_a_name_or_password_that_will_not_do_is_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, typed: str
) -> None:
    give(monkeypatch, typed)
    assert main(["user", name, "--file", str(tmp_path / "users")]) == 2
    assert_one_sentence(capsys.readouterr().err, "choose another")
    assert not (tmp_path / "users").exists()
