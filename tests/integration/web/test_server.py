"""What the server warns of and refuses when it starts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from factbot import FactBot, UsageError
from factbot.web import server
from factbot.web.auth.users import Users
from factbot.web.server import start
from tests.support.library import Library, assert_one_sentence

# -- serving and the file of users ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "signing", "warned"), [("0.0.0.0", "", True), ("0.0.0.0", "u", False), ("127.0.0.1", "", False)]
)
def test_serving_everybody_is_warned_of(
    host: str,
    signing: str,
    warned: bool,
    bot: FactBot,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def wait() -> None:
        raise KeyboardInterrupt

    page = SimpleNamespace(local_url="http://x/", close=lambda verbose: None)
    monkeypatch.setattr(server, "_start", lambda *given: (page, SimpleNamespace(stop=lambda: None)))
    monkeypatch.setattr("factbot.web.server.threading.Event", lambda: SimpleNamespace(wait=wait))
    settings = replace(bot.settings, sign_in=Path(signing))
    server.serve(SimpleNamespace(settings=settings), host)  # type: ignore[arg-type]
    shown = capsys.readouterr().err
    if warned:
        assert_one_sentence(shown, "0.0.0.0", "`sign_in`")
    else:
        assert shown == ""


@pytest.mark.parametrize("line", ["Ann", "Ann:admin:x", "Ann:reader:x", "Ann:reader:scrypt$99$8$3$AAAA$AAAA"])
def test_a_broken_file_of_users_is_named_at_the_start(own: Library, tmp_path: Path, line: str) -> None:
    (tmp_path / "users").write_text(f"# people\n{line}\n")
    with own.open(sign_in=str(tmp_path / "users")) as bot, pytest.raises(UsageError, match="Line 2 of"):
        start(bot, port=0)
    with pytest.raises(UsageError, match="`factbot user` makes one"):
        Users(tmp_path / "no-such")
