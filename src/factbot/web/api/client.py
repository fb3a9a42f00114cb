"""The bot of the running app, for commands beside it: the same methods as FactBot, over loopback.

Only one process may use local Chroma files, so a command that finds the index owned by the app sends its request
there. The app answers with lines of JSON, one for each event: `{"progress": …}`, `{"item": …}`, and at the end
`{"result": …}` or `{"error": class, "text": sentence}`; an empty line says that it is still at work. A client
that goes away stops the work after the piece that it is at, as Ctrl-C does elsewhere: what is done stays.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import cache, wraps
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from factbot import errors
from factbot.corpus.ingest.given import is_address, refuse_other_address
from factbot.errors import ArticleError, CorpusIndexError, FactbotError, IndexLockedError, UsageError
from factbot.index.location import Owner
from factbot.results import Article, Failure, ImportReport, Progress, SyncProgress
from factbot.settings import Settings
from factbot.web.api.methods import METHODS, PATH, PROGRESS, AppMethods, settings_for_results

__all__ = ["RemoteBot"]

CONNECTING = 5.0  # seconds
SILENCE = 60.0  # seconds without a line, after which the app is taken to hang

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def _remote(
    method: Callable[Concatenate[Any, Arguments], Result],
) -> Callable[Concatenate[RemoteBot, Arguments], Result]:
    """A method of the list, done by the app."""
    listed = METHODS[method.__name__]

    @wraps(method)
    def call(bot: RemoteBot, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        bound = listed.bind(*args, **kwargs)
        bound.apply_defaults()
        progress = bound.arguments.pop(PROGRESS, None)
        kind = listed.return_annotation
        if get_origin(kind) is Iterator:
            made: Any = bot.items(get_args(kind)[0], method.__name__, bound.arguments)
        else:
            made = bot.result(kind, method.__name__, bound.arguments, progress)
        return cast(Result, made)

    return call


class RemoteBot:
    """FactBot's methods, done by the process `owner` that has the index open. Raises the same errors."""

    def __init__(self, settings: Settings, owner: Owner) -> None:
        self._owner = owner
        # A client without a language model is answered by the app with its own model, if it has one.
        self._settings = {
            k: v for k, v in settings_for_results(settings).items() if v or k not in ("llm", "judge")
        }

    def __enter__(self) -> RemoteBot:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is held between calls."""

    sync = _remote(AppMethods.sync)
    rebuild = _remote(AppMethods.rebuild)
    remove = _remote(AppMethods.remove)
    restore = _remote(AppMethods.restore)
    articles = _remote(AppMethods.articles)
    history = _remote(AppMethods.history)
    withdrawn = _remote(AppMethods.withdrawn)
    search = _remote(AppMethods.search)
    ask = _remote(AppMethods.ask)
    check = _remote(AppMethods.check)
    stream_check = _remote(AppMethods.stream_check)
    checks = _remote(AppMethods.checks)
    kept = _remote(AppMethods.kept)
    resume_check = _remote(AppMethods.resume_check)
    delete_check = _remote(AppMethods.delete_check)
    rename_check = _remote(AppMethods.rename_check)
    review = _remote(AppMethods.review)
    recheck = _remote(AppMethods.recheck)
    corrections = _remote(AppMethods.corrections)
    earlier = _remote(AppMethods.earlier)
    doctor = _remote(AppMethods.doctor)
    _add_all = _remote(AppMethods.add_all)
    _import_checks = _remote(AppMethods.import_checks)

    def add_all(self, given: str | Path) -> Iterator[Article | Failure]:
        """The app has another working folder, so it is sent an absolute path; failures name the path as given."""
        if is_address(given):
            yield from self._add_all(given)
            return
        refuse_other_address(given)
        whole, path = str(Path(given).absolute()), str(Path(given))
        try:
            for item in self._add_all(whole):
                if isinstance(item, Failure):
                    item = Failure(item.path.replace(whole, path), item.reason.replace(whole, path))
                yield item
        except ArticleError as error:
            raise ArticleError(str(error).replace(whole, path)) from error

    def import_checks(self, path: str | Path) -> ImportReport:
        """The app has another working folder, so it is sent an absolute path."""
        return self._import_checks(str(Path(path).absolute()))

    # -- the wire ---------------------------------------------------------------------------------

    def result(self, kind: Any, method: str, arguments: dict[str, Any], progress: Progress | None = None) -> Any:
        """What a call comes to, as an object of that kind. Raises what the method raises."""
        for name, data in self._events(method, arguments):
            if name == "result":
                return _made(kind, data)
            if name == "progress" and progress:
                progress(_made(SyncProgress, data))
        raise AssertionError("a call ends with a result or an error")

    def items(self, kind: Any, method: str, arguments: dict[str, Any]) -> Iterator[Any]:
        """What a call gives, one by one, as objects of that kind. Raises what the method raises."""
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
        with suppress(BrokenPipeError, ConnectionResetError):  # by an app that refuses the body
            connection.request("POST", PATH, json.dumps(request).encode(), headers)
        return connection.getresponse()

    def _silent(self) -> IndexLockedError:
        return IndexLockedError(
            f"The index is in use by process {self._owner.pid}, which does not answer at {self._owner.address}; "
            "try again, or stop it."
        )

    def _gone(self) -> CorpusIndexError:
        return CorpusIndexError("The running app ended before this was done; what was done is kept, so try again.")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _made(kind: Any, data: Any) -> Any:
    """Plain data as one of our results; JSON's lists become the tuples that they were."""
    return _adapter(kind).validate_python(data)


def _error(name: str, text: str) -> FactbotError:
    kind: type[FactbotError] = getattr(errors, name) if name in errors.__all__ else FactbotError
    return kind(text)
