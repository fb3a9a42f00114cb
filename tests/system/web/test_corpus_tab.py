"""The Corpus tab over HTTP, with a real bot behind it."""

from __future__ import annotations

import asyncio
import io
import json
import re
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import httpx
import pytest
from gradio.utils import get_upload_folder

from factbot import (
    Article,
    CorpusIndexError,
    Failure,
    IndexLockedError,
)
from factbot.index.location import read_owner
from factbot.results import Report, Stage
from factbot.scheduling import Cancellation
from factbot.web.api.calls import CANCELLED, _Call
from factbot.web.api.client import RemoteBot
from factbot.web.corpus_tab.actions import CorpusTabActions
from factbot.web.corpus_tab.drafts import FILES_AT_ONCE
from factbot.web.jobs import Jobs
from factbot.web.startup import Startup
from factbot.web.wording import EDITORS_ONLY
from tests.support.newsroom import ARTICLES, MAYOR_QUESTION, PAYLOADS, Served, serving, write_corpus
from tests.support.page import Page
from tests.support.waiting import WAIT, waited

STRIKE = "tolvik-strike.txt"

LIGHTHOUSE = "The lighthouse of Tolvik was painted green by Ragna Dahl in 1987."


class Desk:
    """A person at the Corpus tab, over HTTP as the page's script does it; every reply is looked through."""

    def __init__(self, served: Served) -> None:
        self._url = f"{served.url}gradio_api/"
        with urlopen(f"{served.url}config") as response:
            parts = json.load(response)["components"]
        self._part = next(part["id"] for part in parts if part["props"].get("elem_id") == "corpus")
        self._folders = (str(served.bot.settings.corpus), get_upload_folder(), "factbot-drafts")

    def act(self, do: str, **values: Any) -> dict[str, Any]:
        asked = {"data": {"do": do, **values}, "fn_name": "act", "component_id": self._part, "session_hash": "x"}
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(f"{self._url}component_server", json.dumps(asked).encode(), headers)) as response:
            reply: dict[str, Any] = json.load(response)
        for name, value in reply.items():
            if name != "welcome" and isinstance(value, str):
                assert not [folder for folder in self._folders if folder in value], "a place on the server is told"
        return reply

    def send(self, *files: tuple[str, bytes]) -> list[dict[str, str]]:
        sent = [("files", (f"{number}", data)) for number, (_, data) in enumerate(files)]
        paths = httpx.post(f"{self._url}upload", files=sent).raise_for_status().json()
        return [{"path": path, "name": name} for path, (name, _) in zip(paths, files, strict=True)]

    def read(self, **values: Any) -> tuple[str, Page]:
        """Have something read, and give the draft's id and the preview when that is done."""
        reply = self.act("read", **values)
        assert "draft" in reply, reply
        read = waited(lambda: (r := self.act("draft", draft=reply["draft"])) and not r["reading"] and r)
        return reply["draft"], Page(read["panel"])

    def add(self, draft: str) -> None:
        assert "problem" not in self.act("add", draft=draft)
        self.rest()

    def rest(self) -> None:
        """Until no job runs."""
        waited(lambda: not self.act("look")["busy"])

    def table(self, **query: Any) -> Page:
        return Page(self.act("rows", **query)["table"])

    def problem(self, do: str, **values: Any) -> str:
        return Page(self.act(do, **values)["problem"]).text


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("corpus-view")
    with serving(write_corpus(folder / "corpus"), folder / "index") as page:
        yield page


@pytest.fixture(scope="module")
def desk(served: Served) -> Desk:
    desk = Desk(served)
    desk.rest()
    return desk


class TestServer:
    def test_table_and_state_say_what_there_is(self, desk: Desk, served: Served) -> None:
        page = desk.table()
        assert all(row.title in page.text for row in served.bot.articles())
        assert ("aria-sort", "ascending") in page.attributes
        passages = sum(article.passages for article in served.bot.articles())
        look = desk.act("look")
        assert (
            f"{len(served.bot.articles())} articles, {passages} passages; up to date" in Page(look["state"]).text
        )
        assert "Ready: " in Page(look["status"]).text

    def test_article_opens_with_all_that_is_known(self, desk: Desk, served: Served) -> None:
        page = Page(desk.act("article", id="tolvik-mayor.txt")["panel"])
        for part in ("Tolvik Post", "Nils Berg", "4 May 2021", "English", "tolvik-mayor.txt"):
            assert part in page.text
        assert served.bot.article("tolvik-mayor.txt").text[:5_000] in page.text
        assert ("href", "https://tolvik-post.example/solheim") in page.attributes
        bridge = Page(desk.act("article", id="brellin-bridge.txt")["panel"])
        assert not [value for name, value in bridge.attributes if name == "href"]
        assert "no longer holds" in desk.problem("article", id="../../etc/passwd")

    def test_files_are_looked_over_added_and_answer_at_once(self, desk: Desk, served: Served) -> None:
        name = f"{PAYLOADS[1]} ../Ünïcode (1).md".replace("/", "⁄")
        files = desk.send(
            (name, f"# Green light\n\n{LIGHTHOUSE}".encode()),
            ("broken.txt", b"\x00\x01\xff\xfe" * 99),
            ("picture.png", b"\x89PNG"),
        )
        before = len(served.bot.articles())
        draft, page = desk.read(files=files)
        assert "1 article can be added, 2 are left out" in page.text
        for part in ("Green light", LIGHTHOUSE, "no source", "no author", "no date", "12 words", "<img src=x"):
            assert part in page.text
        assert "broken.txt" in page.text
        assert "picture.png is of a kind that factbot does not read; give it as .md, " in page.text
        assert "img" not in page.tags
        assert len(served.bot.articles()) == before, "nothing is stored before it was looked over"
        assert not [file for file in files if Path(file["path"]).exists()]
        desk.add(draft)
        assert "Green light" in desk.table(words="green LIGHT").text
        assert "Added 1 article (just now)." in Page(desk.act("look")["state"]).text
        assert "Ragna Dahl" in served.bot.ask("Who painted the lighthouse of Tolvik?").text
        assert "no longer holds" in desk.problem("draft", draft=draft)

    def test_discarded_draft_leaves_nothing(self, desk: Desk, served: Served) -> None:
        before = desk.table().text
        draft, page = desk.read(title="Thrown away", text="Nobody reads it.", source="S", date="2020-02-03")
        assert all(part in page.text for part in ("Thrown away", "S", "3 February 2020", "3 words"))
        desk.act("discard", draft=draft)
        assert "no longer holds" in desk.problem("add", draft=draft)
        assert desk.table().text == before

    def test_archive_shows_its_first_articles_and_how_many_more(self, desk: Desk, served: Served) -> None:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for number in range(130):
                archive.writestr(f"{number:03}.txt", f"Notice {number}\n\nThe notice number {number} hangs here.")
            archive.writestr("bad.exe", b"MZ")
        draft, page = desk.read(files=desk.send(("notices.zip", data.getvalue())))
        assert "130 articles can be added, 1 is left out" in page.text
        assert "and 30 more articles" in page.text and "bad.exe" in page.text
        assert page.text.count("hangs here") == 100
        desk.act("discard", draft=draft)

    def test_saved_feed_is_followed_once_and_what_was_shown_is_added(self, desk: Desk, served: Served) -> None:
        entries = "".join(
            f"<item><title>Regatta {n}</title><link>https://regatta.example/{n}</link><content:encoded>"
            f"<![CDATA[<p>{f'Boat {n} won the regatta of Tolvik. ' * 40}</p>]]></content:encoded></item>"
            for n in range(2)
        )
        feed = (
            '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"{entries}<item><link>http://127.0.0.1/private</link></item></channel></rss>"
        )
        draft, page = desk.read(files=desk.send(("regattas.rss", feed.encode()), ("none.xml", b"<nitf/>")))
        assert "2 articles can be added, 2 are left out" in page.text
        assert "Regatta 0" in page.text and "Regatta 1" in page.text
        assert "http://127.0.0.1/private" in page.text and "none.xml is no feed and no sitemap" in page.text
        desk.add(draft)
        assert served.bot.article("regatta-1.txt").url == "https://regatta.example/1"

    def test_preview_says_what_is_in_the_corpus_already(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def fetched(last: str) -> tuple[bytes, str, str]:
            page = f"<html><head><title>Eclipse</title></head><body><p>The Sun went dark. {last}</p></body></html>"
            return page.encode(), ".html", "https://sky.example/eclipse"

        def previewed(last: str) -> tuple[str, str]:
            monkeypatch.setattr("factbot.corpus.ingest.fetch.fetch", lambda url: fetched(last))
            draft, page = desk.read(addresses="https://sky.example/e")
            return draft, page.text

        there, newer = "already in the corpus", "newer text of an article that is there"
        draft, words = previewed("For two minutes.")
        assert there not in words and newer not in words
        desk.add(draft)
        draft, words = previewed("For two minutes.")
        assert there in words and newer not in words
        desk.act("discard", draft=draft)
        draft, words = previewed("For three minutes.")
        assert newer in words and there not in words
        desk.act("discard", draft=draft)
        files = [(name, ARTICLES["tolvik-mayor.txt"].encode()) for name in ("a.txt", "b.text")]
        draft, page = desk.read(files=desk.send(*files, ("c.txt", b"Else\n\nNobody wrote this before.")))
        assert page.text.count(there) == 2 and newer not in page.text
        desk.act("discard", draft=draft)
        text = "For two minutes the Sun went dark over Tolvik, and the birds fell silent."
        draft, _ = desk.read(title="Dark at noon", text=text)
        desk.add(draft)
        draft, page = desk.read(title="Another title", text=text)
        assert f"{there}, “Dark at noon”" in page.text
        desk.act("discard", draft=draft)

    @pytest.mark.parametrize("place", ["web", "disk"])
    def test_rows_of_a_later_export_renew_their_articles(
        self, desk: Desk, served: Served, monkeypatch: pytest.MonkeyPatch, place: str
    ) -> None:
        name = f"ferries-{place}.jsonl"

        def exported(hours: int) -> None:
            texts = (f"{name} says that the crossing takes {hours} hours.", f"{name} says that nobody swims.")
            rows = [{"id": f"{place}-{n}", "title": "Ferries", "text": text} for n, text in enumerate(texts)]
            data = "\n".join(map(json.dumps, rows)).encode()
            address = f"https://x.example/{name}"
            monkeypatch.setattr("factbot.corpus.ingest.fetch.fetch", lambda url: (data, ".jsonl", address))
            source = {"addresses": address} if place == "web" else {"files": desk.send((name, data))}
            draft, page = desk.read(**source)
            assert "2 articles can be added" in page.text
            assert ("newer text of" in page.text) is ("already in the corpus" in page.text) is (hours == 3)
            desk.add(draft)

        exported(2)
        held = len(served.bot.articles())
        exported(3)
        assert len(served.bot.articles()) == held
        current, earlier = served.bot.history(f"ferries-{place}/{place}-0.txt")
        assert "3 hours" in current.article.text and "2 hours" in earlier.article.text

    def test_refused_files_are_named_in_the_end(self, desk: Desk, served: Served) -> None:
        rows = [json.dumps({"title": f"Row {n}", "text": f"Row {n} says little."}) for n in range(2)]
        draft, page = desk.read(files=desk.send(("rows.jsonl", "\n".join([*rows, "{broken"]).encode())))
        assert "2 articles can be added, 1 is left out" in page.text
        desk.add(draft)
        refused = Page(desk.act("look")["failures"]).text
        assert "1 of what was to be added was refused" in refused and "rows.jsonl" in refused

    def test_too_many_files_and_empty_input_are_refused(self, desk: Desk) -> None:
        (file,) = desk.send(("a.txt", b"A.\n\nText."))
        assert "files are too many" in desk.problem("read", files=[file] * (FILES_AT_ONCE + 1))
        addresses = "\n".join(f"https://a.example/{n}" for n in range(51))
        assert "51 addresses are too many" in desk.problem("read", addresses=addresses)
        assert "Choose files" in desk.problem("read", files=[])
        assert "title" in desk.problem("read", text="Text.")
        assert "longer than" in desk.problem("read", text="x" * 300_000, title="T")
        _, page = desk.read(addresses="ftp://a.example/x\nhttp://127.0.0.1/private")
        assert "no web address" in page.text and "0 articles can be added, 2 are left out" in page.text

    @pytest.mark.parametrize(
        "asked",
        [
            {"do": "read", "files": [{"path": "/etc/passwd", "name": "passwd.txt"}]},
            {"do": "read", "files": [{"path": f"{get_upload_folder()}/../../etc/passwd", "name": "p.txt"}]},
            {"do": "read", "files": ["x", None, {"path": 3, "name": "p"}]},
            {"do": "add", "draft": "../x"},
            {"do": "version", "id": "tolvik-mayor.txt", "version": 99},
            {"do": "remove", "id": ["x"]},
            {"do": "remove", "id": "../corpus/library.txt"},
            {"do": "restore", "id": "../x"},
            {"do": "__init__"},
            {"do": ["rows"]},
            {},
        ],
    )
    def test_what_the_page_would_not_ask_is_refused(self, desk: Desk, asked: dict[str, Any]) -> None:
        reply = desk.act(**{"do": "", **asked})
        assert "problem" in reply and "own" not in Page(reply["problem"]).text

    def test_readers_may_look_and_not_change(self, served: Served) -> None:
        actions = CorpusTabActions(served.bot, Startup(served.bot))
        assert "table" in actions.act({"do": "rows"}, "reader")
        for change in ("read", "add", "remove", "restore", "sync", "rebuild", "cancel"):
            assert EDITORS_ONLY in actions.act({"do": change, "id": STRIKE}, "reader")["problem"]
        assert served.bot.article(STRIKE)

    def test_removed_article_is_listed_and_comes_back(self, desk: Desk, served: Served) -> None:
        notice = desk.act("remove", id=STRIKE)["notice"]
        assert "Removed Strike at Tolvik harbour ends after nine days. " in Page(notice).text.replace("Undo", " ")
        assert ("data-restore", STRIKE) in Page(notice).attributes
        assert "Strike" not in desk.table().text
        assert "Strike at Tolvik" in desk.table(shown="withdrawn").text
        page = Page(desk.act("article", id=STRIKE)["panel"])
        assert "Removed on " in page.text and "lasted nine days" in page.text
        assert ("data-restore", STRIKE) in page.attributes
        assert "Restored Strike" in Page(desk.act("restore", id=STRIKE)["notice"]).text
        assert "Strike at Tolvik" in desk.table().text
        assert "No article has been removed." in desk.table(shown="withdrawn").text

    def test_article_removed_by_somebody_else_is_reported_on_the_page(self, desk: Desk, served: Served) -> None:
        served.bot.remove(STRIKE)
        for asked in ({"do": "remove"}, {"do": "more", "start": 10}):
            assert "The corpus no longer holds this article." in desk.problem(**asked, id=STRIKE)
        served.bot.restore(STRIKE)

    def test_changed_file_is_found_and_what_it_said_before_is_kept(self, desk: Desk, served: Served) -> None:
        file = served.bot.settings.corpus / "library.txt"
        file.write_text(ARTICLES["library.txt"].replace("four weeks", "nine weeks"), encoding="utf-8")
        desk.act("sync")
        desk.rest()
        assert "Found changes: 1 changed (just now)." in Page(desk.act("look")["state"]).text
        assert "nine weeks" in Page(desk.act("article", id="library.txt")["panel"]).text
        history = Page(desk.act("history", id="library.txt")["history"])
        assert "As it was until " in history.text and ("data-version", "1") in history.attributes
        earlier = Page(desk.act("version", id="library.txt", version=1)["panel"])
        assert "four weeks" in earlier.text and "As it was until " in earlier.text

    def test_near_copies_point_at_each_other(self, desk: Desk, served: Served) -> None:
        text = served.bot.article("library.txt").text
        draft, _ = desk.read(title="The library again", text=text)
        desk.add(draft)
        assert "near copy of" in desk.table(words="library again").text
        assert desk.table(shown="copies").text.count("near copy") == 2
        page = Page(desk.act("article", id="library.txt")["panel"])
        assert "The library again" in page.text

    def test_re_embedding_can_be_cancelled_and_people_ask_meanwhile(self, desk: Desk, served: Served) -> None:
        desk.act("rebuild")
        assert "Ingrid Solheim" in served.bot.ask(MAYOR_QUESTION).text
        desk.act("cancel")
        desk.rest()
        look = desk.act("look")
        if "cancelled" in Page(look["state"]).text:  # it may have been over already
            assert "Resume" in look["actions"]
            desk.act("resume")
            desk.rest()
        assert "Rebuilt the index" in Page(desk.act("look")["state"]).text
        assert "Ingrid Solheim" in served.bot.ask(MAYOR_QUESTION).text

    def test_two_people_who_add_at_once_lose_nothing(self, desk: Desk, served: Served) -> None:
        drafts = [desk.read(title=f"Twin {n}", text=f"The twin number {n} was born first.")[0] for n in range(3)]
        for draft in drafts:
            assert "problem" not in desk.act("add", draft=draft)
        desk.rest()
        assert all(f"Twin {n}" in desk.table(words="twin").text for n in range(3))

    def test_what_is_added_twice_goes_in_once(self, served: Served) -> None:
        startup = Startup(served.bot)
        actions = CorpusTabActions(served.bot, startup)
        draft = actions.act({"do": "read", "title": "Comet", "text": "A comet was seen over Tolvik."})["draft"]
        waited(lambda: not actions.act({"do": "draft", "draft": draft})["reading"])
        go_on = threading.Event()

        def waiting(cancellation: Cancellation) -> Iterator[Article | Failure]:
            go_on.wait(WAIT)
            yield from ()

        startup.jobs.add(1, waiting)
        assert "comes first" in actions.act({"do": "add", "draft": draft})["notice"]
        assert "This is being added already." in actions.act({"do": "add", "draft": draft})["problem"]
        actions.act({"do": "discard", "draft": draft})
        go_on.set()
        waited(lambda: startup.jobs.current is None)
        assert startup.jobs.last and startup.jobs.last.outcome == "Added 1 article."

    def test_app_with_another_language_model_does_not_answer_for_it(self, desk: Desk, served: Served) -> None:
        owner = read_owner(served.bot.settings.index)
        assert owner
        other = replace(served.bot.settings, llm="ollama:llama3.2", judge="llm")
        words = "`llm` set to '', and you ask for 'ollama:llama3.2'; stop the app, or start it with that."
        with RemoteBot(other, owner) as remote, pytest.raises(IndexLockedError, match=re.escape(words)):
            remote.ask(MAYOR_QUESTION)

    def test_a_check_stops_after_the_next_piece_once_its_caller_is_gone(
        self, desk: Desk, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        request = {"method": "check", "arguments": {"text": LIGHTHOUSE}, "settings": {}}
        loop = asyncio.new_event_loop()
        call = _Call(served.bot, Jobs(served.bot), json.dumps(request).encode(), loop)
        stream, given = served.bot.stream_check, []

        def leaving(text: str, before: str = "", keep: bool = False) -> Iterator[Stage | Report]:
            for event in stream(text, before, keep):
                given.append(event)
                call.cancellation.stop()
                yield event

        monkeypatch.setattr(served.bot, "stream_check", leaving)
        call.run()
        loop.close()
        assert len(given) == 1

    def test_what_doctor_mends_is_shown_here_and_can_be_cancelled(self, desk: Desk, served: Served) -> None:
        files = [served.bot.settings.corpus / f"late-{number}.txt" for number in range(300)]
        for file in files:
            file.write_text(f"{file.stem}\n\nThe report {file.stem} came in late.")
        owner = read_owner(served.bot.settings.index)
        assert owner
        with RemoteBot(served.bot.settings, owner) as remote, ThreadPoolExecutor() as pool:
            mending = pool.submit(remote.doctor, True)
            waited(lambda: "Looking for changes from the command line" in Page(desk.act("look")["state"]).text)
            assert "One piece of work at a time" in desk.problem("remove", id=STRIKE)
            desk.act("cancel")
            with pytest.raises(CorpusIndexError, match=re.escape(CANCELLED)):
                mending.result(WAIT)
            for file in files:
                file.unlink()
            assert all(finding.healthy for finding in remote.doctor(True))
        assert served.bot.article(STRIKE)

    def test_what_a_command_does_is_shown_here_and_can_be_cancelled(
        self, desk: Desk, served: Served, tmp_path: Path
    ) -> None:
        for number in range(500):
            (tmp_path / f"wire-{number}.txt").write_text(f"Wire {number}\n\nWire number {number} came in.")
        owner = read_owner(served.bot.settings.index)
        assert owner
        with RemoteBot(served.bot.settings, owner) as remote, ThreadPoolExecutor() as pool:
            adding = pool.submit(lambda: list(remote.add_all(tmp_path)))
            look = waited(lambda: "so far" in Page((r := desk.act("look"))["state"]).text and r)
            assert re.search(r"Adding from the command line: [\d,]+ articles? so far", Page(look["state"]).text)
            assert "progress" in Page(look["state"]).tags and "Cancel" in Page(look["actions"]).text
            assert "from the command line" in Page(look["status"]).text
            desk.act("cancel")
            with pytest.raises(CorpusIndexError, match=re.escape(CANCELLED)):
                adding.result(WAIT)
            desk.rest()
            words = "Adding from the command line was cancelled after "
            assert words in Page(desk.act("look")["state"]).text
            assert 0 < sum(article.id.startswith("wire-") for article in served.bot.articles()) < 500
            assert len(remote.sync().unchanged) == len(served.bot.articles())
            assert "Nothing had changed (just now)." in Page(desk.act("look")["state"]).text
