"""The page without a browser: its HTML read as a browser would, and a bot that its events may call."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from factbot import Answer, AnswerSentence, Article, Citation, Failure, Passage, SyncProgress
from factbot.scheduling import Cancellation, FairQueue
from factbot.web.chat.events import ChatEvents
from factbot.web.corpus_tab.article_table import TableCache
from factbot.web.corpus_tab.status import IndexStatus
from factbot.web.rendering import ENVIRONMENT
from factbot.web.startup import Startup

TEXT = "Before it. The town has 4,100 people. After it."


class Page(HTMLParser):
    """What a browser would make of the HTML: tags, attributes, text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.marked = ""
        self._in_mark = False
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._in_mark = self._in_mark or tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = self._in_mark and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_mark:
            self.marked += data


def rendered(template: str, **values: Any) -> str:
    """What a template with this text makes of the values."""
    return ENVIRONMENT.from_string(template).render(values)


def passage(text: str = TEXT, start: int = 11, end: int = 37, **fields: Any) -> Passage:
    known: dict[str, Any] = {
        "title": "Title",
        "source": "Source",
        "url": "https://a.example/x",
        "date": "2021-03-26",
    }
    here = {"id": f"a.md#{start}", "article_id": "a.md", "start": start, "end": end, "text": text[start:end]}
    return Passage(**(known | here | fields))


def article(text: str = TEXT, **fields: Any) -> Article:
    return Article(**({"title": "Title", "text": text, "id": "a.md", "url": "https://a.example/x"} | fields))


def answer(**fields: Any) -> Answer:
    quoted = passage(**fields)
    return Answer(
        question="How many people?",
        answered=True,
        text=f"{quoted.text} [1]",
        sentences=(AnswerSentence(quoted.text, (1,), 0.9),),
        citations=(Citation(1, quoted, quoted.text, quoted.start, quoted.end),),
        reason=None,
        elapsed_ms=120,
        corpus_version="1",
        models={},
    )


def abstention(*passages: Passage) -> Answer:
    return Answer("Q?", False, "No answer.", (), (), "not_supported", 80, "1", {}, nearest=passages)


class FakeBot:
    """A bot that keeps what the page's events give to it."""

    settings = SimpleNamespace(corpus=Path("corpus"))
    index = SimpleNamespace(mismatch=lambda: "", folder=Path("index-1"))
    corpus_version = "1"

    def __init__(self, failures: tuple[Failure, ...] = ()) -> None:
        self.failures = failures
        self.error: Exception | None = None
        self.histories: list[list[str]] = []

    def cancellation(self) -> Cancellation:
        return Cancellation()

    def warm_up(self) -> None:
        if self.error:
            raise self.error

    def sync(self, progress: Any, cancellation: Any) -> Any:
        progress(SyncProgress(1, 2, 9, 10.0, 30.0))
        return SimpleNamespace(failed=self.failures, added=(), updated=(), removed=(), notes=())

    def articles(self) -> list[Article]:
        return [article()]

    def article(self, article_id: str) -> Article:
        return article()

    def stream(self, question: str, history: list[str]) -> Iterator[Answer]:
        self.histories.append(list(history))
        if self.error:
            raise self.error
        yield answer()


def started(bot: FakeBot) -> Startup:
    startup = Startup(bot)  # type: ignore[arg-type]
    startup.start()
    assert startup.finished.wait(5)
    return startup


def chat_with(bot: FakeBot) -> ChatEvents:
    return ChatEvents(bot, started(bot), FairQueue(4))  # type: ignore[arg-type]


def status_of(bot: FakeBot) -> Page:
    return Page(IndexStatus(bot, started(bot), TableCache(bot)).line())  # type: ignore[arg-type]
