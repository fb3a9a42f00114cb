"""The bot of the running app, for commands beside it: the same methods as FactBot, over loopback.

Local Chroma files bear no second process, so a command that finds the index owned by the app sends what it wants
there. The app answers with lines of JSON, one for each event: `{"progress": …}`, `{"item": …}`, and at the end
`{"result": …}` or `{"error": class, "text": sentence}`; an empty line says that it is still at work. A client
that goes away stops the work after the piece that it is at, as Ctrl-C does elsewhere: what is done stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from factbot import errors
from factbot.corpus.ingest.source import is_address, refuse_other_address
from factbot.doctor.findings import Finding
from factbot.errors import ArticleError, CorpusIndexError, FactbotError, IndexLockedError, UsageError
from factbot.index.location import Owner
from factbot.results import Answer, Article, Failure, Passage, Report, Stage, SyncProgress, SyncReport, Version
from factbot.settings import Settings

if TYPE_CHECKING:
    from factbot.index.sync import Progress

__all__ = ["PATH", "RemoteBot", "bearing"]

Result = TypeVar("Result")

PATH = "/factbot/call"
BEARING = (
    *("embedding_model", "passage_size", "context_size", "answer_threshold"),
    *("verifier", "risk", "llm", "judge"),
)
CONNECTING = 5.0  # seconds
SILENCE = 60.0  # seconds after which an app that does not even say that it is at work is given up


class RemoteBot:
    """FactBot's methods, done by the process `owner` that has the index open. Raises the same errors."""

    def __init__(self, settings: Settings, owner: Owner) -> None:
        self._owner = owner
        # Who asks for no language model is answered as the app answers, with its own if it has one.
        self._settings = {k: v for k, v in bearing(settings).items() if v or k not in ("llm", "judge")}

    def __enter__(self) -> RemoteBot:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is held between calls."""

    # -- the corpus -------------------------------------------------------------------------------

    def sync(self, progress: Progress | None = None) -> SyncReport:
        return self._result(SyncReport, "sync", progress)

    def rebuild(self, progress: Progress | None = None) -> SyncReport:
        return self._result(SyncReport, "rebuild", progress)

    def add_all(self, source: str | Path) -> Iterator[Article | Failure]:
        """The app has another working folder, so it is sent a whole path; what fails is named as it was given."""
        given = str(source)
        if is_address(given):
            yield from self._items(Article | Failure, "add_all", source=given)
            return
        refuse_other_address(source)
        whole, given = str(Path(given).absolute()), str(Path(given))
        try:
            for item in self._items(Article | Failure, "add_all", source=whole):
                if isinstance(item, Failure):
                    item = Failure(item.path.replace(whole, given), item.reason.replace(whole, given))
                yield item
        except ArticleError as error:
            raise ArticleError(str(error).replace(whole, given)) from error

    def remove(self, article_id: str) -> None:
        self._result(type(None), "remove", article_id=article_id)

    def restore(self, article_id: str) -> Article:
        return self._result(Article, "restore", article_id=article_id)

    def articles(self) -> list[Article]:
        return self._result(list[Article], "articles")

    def history(self, article_id: str) -> list[Version]:
        return self._result(list[Version], "history", article_id=article_id)

    def withdrawn(self) -> dict[str, str]:
        return self._result(dict[str, str], "withdrawn")

    def doctor(self, fix: bool) -> list[Finding]:
        """What the app finds of its index, mended first if `fix`."""
        return self._result(list[Finding], "doctor", fix=fix)

    # -- questions and claims ---------------------------------------------------------------------

    def search(self, query: str, k: int = 10) -> list[Passage]:
        return self._result(list[Passage], "search", query=query, k=k)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        return self._result(Answer, "ask", question=question, history=list(history))

    def check(self, text: str) -> Report:
        return self._result(Report, "check", text=text)

    def stream_check(self, text: str) -> Iterator[Stage | Report]:
        return self._items(Stage | Report, "stream_check", text=text)

    # -- the wire ---------------------------------------------------------------------------------

    def _result(
        self, kind: type[Result], method: str, progress: Progress | None = None, **arguments: Any
    ) -> Result:
        for name, data in self._events(method, arguments):
            if name == "result":
                made: Result = _made(kind, data)
                return made
            if name == "progress" and progress:
                progress(_made(SyncProgress, data))
        raise AssertionError("a call ends with a result or an error")

    def _items(self, kind: Any, method: str, **arguments: Any) -> Iterator[Any]:
        for name, data in self._events(method, arguments):
            if name == "item":
                yield _made(kind, data)

    def _events(self, method: str, arguments: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """The name and the data of each event, the result last. Raises what the method raises."""
        request = {"method": method, "arguments": arguments, "settings": self._settings}
        try:
            with closing(self._connection()) as connection, self._sent(connection, request) as response:
                if response.status == 413:
                    raise UsageError("This is more text than can be taken at a time; give less.")
                if response.status != 200:
                    raise self._silent()
                for line in response:
                    event = json.loads(line) if line.strip() else {}
                    if "error" in event:
                        raise _error(event["error"], event["text"])
                    yield from event.items()
                    if "result" in event:
                        return
        except TimeoutError as error:
            raise self._silent() from error
        except (OSError, HTTPException, ValueError, KeyError) as error:
            raise self._gone() from error
        raise self._gone()

    def _connection(self) -> HTTPConnection:
        address = urlsplit(self._owner.address)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=CONNECTING)
        try:
            connection.connect()
        except OSError as error:
            raise self._silent() from error
        connection.sock.settimeout(SILENCE)
        return connection

    def _sent(self, connection: HTTPConnection, request: dict[str, Any]) -> HTTPResponse:
        headers = {"Authorization": f"Bearer {self._owner.token}"}
        with suppress(BrokenPipeError, ConnectionResetError):  # by an app that answers before it has read so much
            connection.request("POST", PATH, json.dumps(request).encode(), headers)
        return connection.getresponse()

    def _silent(self) -> IndexLockedError:
        return IndexLockedError(
            f"The index is in use by process {self._owner.pid}, which does not answer at {self._owner.address}; "
            "try again, or stop it."
        )

    def _gone(self) -> CorpusIndexError:
        return CorpusIndexError("The running app ended before this was done; what was done is kept, so try again.")


def bearing(settings: Settings) -> dict[str, str]:
    """The settings that results depend on, in words; an app that runs with other ones refuses."""
    return {"corpus": str(settings.corpus.resolve()), **{name: str(getattr(settings, name)) for name in BEARING}}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _made(kind: Any, data: Any) -> Any:
    """Plain data as one of our results; JSON's lists become the tuples that they were."""
    return _adapter(kind).validate_python(data)


def _error(name: str, text: str) -> FactbotError:
    kind: type[FactbotError] = getattr(errors, name) if name in errors.__all__ else FactbotError
    return kind(text)
