"""The page and its API over HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from factbot import (
    FactBot,
    UsageError,
)
from factbot.web.server import start
from tests.support.newsroom import MAYOR_QUESTION, UNANSWERABLE, Served, serving, write_corpus

CLAIM = "The strike at Tolvik harbour lasted nine days."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("web")
    with serving(write_corpus(folder / "corpus"), folder / "index") as chat:
        yield chat


class TestServer:
    def test_taken_port_is_said_so(self, tmp_path: Path) -> None:
        (tmp_path / "corpus").mkdir()
        with FactBot.open(tmp_path / "corpus", index=tmp_path / "index") as bot, socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(UsageError, match=rf"Port {port} is taken; choose another with --port"):
                start(bot, port=port)

    @pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("no-such-host.invalid", 0)])
    def test_impossible_address_is_said_so(self, tmp_path: Path, host: str, port: int) -> None:
        (tmp_path / "corpus").mkdir()
        with FactBot.open(tmp_path / "corpus", index=tmp_path / "index") as bot, pytest.raises(UsageError):
            start(bot, host, port)

    def test_page_is_told_to_stay_on_its_host(self, served: Served) -> None:
        with urlopen(served.url) as response:
            policy = response.headers["Content-Security-Policy"]
            page = response.read().decode()
        assert "default-src 'self'" in policy and "http:" not in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "fonts.googleapis" not in page

    def test_page_comes_in_its_style(self, served: Served) -> None:
        with urlopen(served.url) as response:
            page = response.read()
        assert int(response.headers["Content-Length"]) == len(page)
        assert "Opening…" in page.decode().partition("</head>")[0]

    def test_files_of_the_machine_are_not_served(self, served: Served) -> None:
        for path in (Path(__file__), served.bot.settings.corpus / "library.txt", Path("/etc/hostname")):
            with pytest.raises(OSError, match="HTTP Error 40"):
                urlopen(f"{served.url}gradio_api/file={path.resolve()}")

    def test_api_answers_as_the_json_of_an_answer(self, served: Served) -> None:
        from gradio_client import Client

        client = Client(served.url, verbose=False)
        found = client.predict(MAYOR_QUESTION, [], api_name="/ask")
        assert found["answered"] and "Ingrid Solheim" in found["text"]
        expected = json.loads(json.dumps(served.bot.ask(MAYOR_QUESTION).to_dict()))
        assert {**found, "elapsed_ms": 0} == {**expected, "elapsed_ms": 0}
        assert client.predict(UNANSWERABLE, [], api_name="/ask")["answered"] is False
        with pytest.raises(Exception, match="question"):
            client.predict("", [], api_name="/ask")
        endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
        assert list(endpoints) == ["/ask", "/check"]

    def test_api_checks_as_the_json_of_a_report(self, served: Served) -> None:
        from gradio_client import Client

        client = Client(served.url, verbose=False)
        report = client.predict(CLAIM, api_name="/check")
        expected = json.loads(json.dumps(served.bot.check(CLAIM).to_dict()))
        assert {**report, "elapsed_ms": 0} == {**expected, "elapsed_ms": 0}
        assert [claim["claim"] for claim in report["claims"]] == [CLAIM]
        with pytest.raises(Exception, match="text"):
            client.predict("", api_name="/check")
