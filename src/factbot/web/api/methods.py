"""Which of the bot's methods a command may call.

A new one needs a line here and one in `RemoteBot` (`client.py`), and a method in `_MethodsOfApp` (`calls.py`) only
where the app does it in its own way; `test_methods.py` compares them.

A call names the method and its arguments. What the method returns comes back as JSON, and is made into the type
that stands here. Where it returns an iterator, each item comes as soon as it is there. A `progress` stays with the
client, which calls it for each progress that comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from inspect import Signature, getmembers, isfunction, signature
from pathlib import Path
from typing import Protocol

from factbot.doctor.findings import Finding
from factbot.results import (
    Answer,
    Article,
    Change,
    Check,
    Earlier,
    Failure,
    ImportReport,
    Passage,
    Progress,
    Report,
    Review,
    Stage,
    Status,
    SyncReport,
    Verdict,
    Version,
)
from factbot.settings import Settings

__all__ = ["METHODS", "PATH", "PROGRESS", "AppMethods", "settings_for_results"]

PATH = "/factbot/call"
PROGRESS = "progress"  # the argument that stays with the client
# The settings that results depend on, beside the corpus: an app with other ones refuses a command.
SETTINGS = (
    *("embedding_model", "passage_size", "context_size", "answer_threshold"),
    *("verifier", "risk", "llm", "judge"),
)


class AppMethods(Protocol):
    """Methods of FactBot, where it is said what each does; and `doctor`, which only the app has."""

    def sync(self, progress: Progress | None = None) -> SyncReport: ...
    def rebuild(self, progress: Progress | None = None) -> SyncReport: ...
    def add_all(self, given: str | Path) -> Iterator[Article | Failure]: ...
    def remove(self, article_id: str) -> None: ...
    def restore(self, article_id: str) -> Article: ...
    def articles(self) -> list[Article]: ...
    def history(self, article_id: str) -> list[Version]: ...
    def withdrawn(self) -> dict[str, str]: ...
    def search(self, query: str, k: int = 10) -> list[Passage]: ...
    def ask(self, question: str, history: Sequence[str] = (), date: str = "") -> Answer: ...
    def check(self, text: str, keep: bool = False) -> Report: ...
    def stream_check(self, text: str, keep: bool = False) -> Iterator[Stage | Report]: ...
    def checks(self) -> list[Check]: ...
    def kept(self, check_id: str) -> Check: ...
    def resume_check(self, check_id: str) -> Report: ...
    def delete_check(self, check_id: str) -> Check: ...
    def rename_check(self, check_id: str, title: str) -> None: ...
    def review(
        self,
        check_id: str,
        claim_number: int,
        verdict: Verdict | None = None,
        note: str | None = None,
        status: Status | None = None,
        by: str = "",
    ) -> Review: ...
    def recheck(self, ids: Sequence[str] | None = None) -> list[Change]: ...
    def corrections(self) -> list[Change]: ...
    def earlier(self, claim: str, k: int = 5) -> list[Earlier]: ...
    def import_checks(self, path: str | Path) -> ImportReport: ...

    def doctor(self, fix: bool) -> list[Finding]:
        """What the app finds of its index; with `fix`, it repairs what is not healthy first."""


def _signature(method: Callable[..., object]) -> Signature:
    """A method's arguments without `self`, and the type of its result."""
    found = signature(method, eval_str=True)
    return found.replace(parameters=list(found.parameters.values())[1:])


METHODS: dict[str, Signature] = {
    name: _signature(method) for name, method in getmembers(AppMethods, isfunction) if not name.startswith("_")
}


def settings_for_results(settings: Settings) -> dict[str, str]:
    """The settings that results depend on, in words; an app that runs with other ones refuses to answer."""
    return {"corpus": str(settings.corpus.resolve()), **{name: str(getattr(settings, name)) for name in SETTINGS}}
