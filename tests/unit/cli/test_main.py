"""The edge of the command line: whatever ends a command is one sentence."""

from __future__ import annotations

import pytest

from factbot.cli import main as edge


def test_an_error_that_ctrl_c_caused_in_a_library_says_that_the_command_was_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(arguments: object) -> int:
        try:
            raise KeyboardInterrupt
        finally:
            raise RuntimeError("cannot release un-acquired lock")

    monkeypatch.setattr(edge, "_run", interrupted)
    assert edge.main([]) == 1
    assert capsys.readouterr().err == f"{edge.STOPPED}\n"
