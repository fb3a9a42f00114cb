"""Earlier texts and withdrawn articles, kept in the corpus folder beside the articles.

`.history/ID/TIME.STATE.SUFFIX` holds what the article ID was until TIME, and whether it was then "changed" or
"withdrawn". The folder is hidden, so nothing in it is an article of the corpus; copying the corpus folder copies
its history.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from factbot.articles import read_article, to_text_file, utc
from factbot.errors import ArticleError
from factbot.files import move, write_whole
from factbot.results import Article, Version

__all__ = ["FOLDER", "History", "State"]

FOLDER = ".history"
STAMP = "%Y%m%dT%H%M%S.%fZ"
State = Literal["changed", "withdrawn"]
STATES: dict[str, State] = {"changed": "changed", "withdrawn": "withdrawn"}


@dataclass(frozen=True, order=True)
class _Kept:
    """One kept file: what an article was until a time."""

    until: datetime
    state: State
    path: Path


class History:
    """The history of the articles in one corpus folder. Methods raise OSError where the folder does."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._folder = corpus / FOLDER

    def keep(self, article: Article, sha256: str, state: State) -> None:
        """Keep the text of an article whose file, once with the hash `sha256`, has changed or gone.

        Where its last version is kept already, as after a process that died just then, nothing is done.
        """
        data = to_text_file(article).encode()
        kept = self._kept(article.id)
        if kept and _digest(kept[-1].path) in (sha256, hashlib.sha256(data).hexdigest()):
            return
        write_whole(self._path(article.id, state, ".txt"), data)

    def withdraw(self, article_id: str, file: Path) -> None:
        """Move an article's file out of the corpus into its history."""
        move(file, self._path(article_id, "withdrawn", file.suffix))

    def restore(self, article_id: str) -> str:
        """Move a withdrawn article's file back and give its id, which ends in .txt where only its text was kept.

        Raises ArticleError where it was not withdrawn, or where another file has taken its place.
        """
        kept = self._kept(article_id)
        if not kept or kept[-1].state != "withdrawn":
            raise ArticleError(f"No article {article_id!r} was removed; `factbot articles --history` lists them.")
        file = kept[-1].path
        if file.suffix.lower() != Path(article_id).suffix.lower():
            article_id += file.suffix
        target = self._corpus / article_id
        if os.path.lexists(target):
            raise ArticleError(f"The corpus has an article {article_id!r} again; remove or rename it first.")
        move(file, target)
        return article_id

    def versions(self, article_id: str) -> Iterator[Version]:
        """What the article was, newest first; a version that cannot be read any more says so as its text."""
        for kept in reversed(self._kept(article_id)):
            try:
                article = read_article(kept.path, article_id)
            except ArticleError as error:
                article = Article(title=article_id, text=str(error), id=article_id)
            yield Version(article, kept.state, utc(kept.until))

    def withdrawn(self) -> dict[str, str]:
        """Id of each article whose last version was withdrawn, and when: those that came back too."""
        found = {}
        for folder, _, names in os.walk(self._folder):
            kept = sorted(filter(None, (_parsed(Path(folder) / name) for name in names)))
            if kept and kept[-1].state == "withdrawn":
                found[Path(folder).relative_to(self._folder).as_posix()] = utc(kept[-1].until)
        return dict(sorted(found.items()))

    def _kept(self, article_id: str) -> list[_Kept]:
        """The article's kept files, oldest first."""
        folder = self._folder / article_id
        if not article_id or ".." in Path(article_id).parts or Path(article_id).is_absolute():
            return []
        with suppress(FileNotFoundError, NotADirectoryError):
            return sorted(filter(None, map(_parsed, folder.iterdir())))
        return []

    def _path(self, article_id: str, state: State, suffix: str) -> Path:
        """A name that sorts after those there are, even where the clock was set back."""
        now = datetime.now(UTC)
        stamps = [kept.until for kept in self._kept(article_id)]
        if stamps:
            now = max(now, stamps[-1] + timedelta(microseconds=1))
        return self._folder / article_id / f"{now.strftime(STAMP)}.{state}{suffix}"


def _parsed(path: Path) -> _Kept | None:
    *stamp, state, _ = path.name.rsplit(".", 2)
    try:
        until = datetime.strptime("".join(stamp), STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return _Kept(until, STATES[state], path) if state in STATES else None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
