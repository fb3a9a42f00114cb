"""Earlier texts and withdrawn articles, kept in the corpus folder beside the articles.

`.history/ID/TIME.STATE.SUFFIX` holds what the article ID said until TIME. STATE says what happened then: the
article was "changed" or "withdrawn", or it was withdrawn and has been "restored" since. The folder is hidden, so
nothing in it is an article of the corpus; whoever copies the corpus folder copies its history too.

`.history/.current.db` holds the text that each article had when it was last indexed. Whoever edits a file keeps no
copy of what it said, so there must be one already; the catalog has one too, but that may be lost with the index.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from factbot.corpus.atomic_files import move, write_whole
from factbot.corpus.formats.article import parse_article, read_article
from factbot.corpus.formats.plain_text import to_text_file
from factbot.corpus.hashing import content_hash
from factbot.errors import ArticleError
from factbot.results import Article, Version
from factbot.text.dates import utc

__all__ = ["CurrentTexts", "History", "State"]

FOLDER = ".history"
CURRENT = ".current.db"  # hidden, so that no article's folder can have the name
STAMP = "%Y%m%dT%H%M%S.%fZ"
State = Literal["changed", "withdrawn"]
STATES: dict[str, State] = {"changed": "changed", "withdrawn": "withdrawn", "restored": "withdrawn"}
SCHEMA = "CREATE TABLE IF NOT EXISTS articles (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, file BLOB NOT NULL)"


@dataclass(frozen=True, order=True)
class _Kept:
    """One kept file: what an article was until a time."""

    until: datetime
    state: State
    path: Path

    @property
    def is_back(self) -> bool:
        return ".restored." in self.path.name


class History:
    """The history of the articles in one corpus folder. Methods raise OSError where the folder does."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._folder = corpus / FOLDER
        self.current = CurrentTexts(self._folder / CURRENT)

    def keep(self, article: Article, sha256: str, state: State) -> None:
        """Keep the text of an article whose file, once with the hash `sha256`, has changed or gone.

        Nothing is done where its last version is kept already, as when a process was killed right after this.
        """
        data = to_text_file(article).encode()
        kept = self._kept(article.id)
        is_last = kept and kept[-1].state == state and not kept[-1].is_back
        if is_last and content_hash(kept[-1].path.read_bytes()) in (sha256, content_hash(data)):
            return
        write_whole(self._path(article.id, state, ".txt"), data)

    def withdraw(self, article_id: str, file: Path) -> None:
        """Move an article's file out of the corpus into its history."""
        move(file, self._path(article_id, "withdrawn", file.suffix))

    def restore(self, article_id: str) -> str:
        """Put a withdrawn article's file back and give its id, which ends in .txt where only its text was kept.

        That it was withdrawn stays in its history.
        Raises ArticleError where it was not withdrawn, or where another file has taken its place.
        """
        kept = self._kept(article_id)
        if not kept or kept[-1].state != "withdrawn" or kept[-1].is_back:
            raise ArticleError(f"No article {article_id!r} was removed; `factbot articles --history` lists them.")
        file = kept[-1].path
        if file.suffix.lower() != Path(article_id).suffix.lower():
            article_id += file.suffix
        target = self._corpus / article_id
        if os.path.lexists(target):
            raise ArticleError(f"The corpus has an article {article_id!r} again; remove or rename it first.")
        write_whole(target, file.read_bytes())
        shutil.copymode(file, target)  # a file that was its owner's alone stays so
        move(file, file.with_name(file.name.replace(".withdrawn.", ".restored.")))
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
        """Id of each article whose last version was withdrawn, and when: those that were added again too."""
        found = {}
        for folder, _, names in os.walk(self._folder):
            kept = sorted(filter(None, (_parsed(Path(folder) / name) for name in names)))
            if kept and kept[-1].state == "withdrawn" and not kept[-1].is_back:
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


class CurrentTexts:
    """What each article said when it was last indexed, compressed, in one file.

    A hundred thousand small files and their folders would take several times the space. The catalog holds the same
    texts, so nothing stops where this file cannot be read or written, as on a full disk: `sync` adds later what is
    missing, and a damaged file is deleted and written anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def hashes(self, article_ids: Sequence[str] | None = None) -> dict[str, str]:
        """Article id -> hash of the file that its text was read from, of these articles or of all."""
        if article_ids is None:
            return dict(self._rows("SELECT id, sha256 FROM articles"))
        asked = "SELECT id, sha256 FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._rows(asked, json.dumps(article_ids)))

    def of(self, article_id: str) -> tuple[Article, str] | None:
        """An article as it was when it was last indexed, and the hash of its file then."""
        for file, sha256 in self._rows("SELECT file, sha256 FROM articles WHERE id = ?", article_id):
            with suppress(zlib.error, ArticleError):
                return parse_article(zlib.decompress(file), ".txt", article_id), sha256
        return None

    def put(self, articles: Iterable[tuple[Article, str]]) -> None:
        """Keep what articles say that are being indexed, each with its file's hash."""
        rows = ((a.id, sha256, zlib.compress(to_text_file(a).encode())) for a, sha256 in articles)
        self._write("INSERT OR REPLACE INTO articles VALUES (?, ?, ?)", rows)

    def forget(self, article_ids: Iterable[str]) -> None:
        """Drop articles that are gone, and whose text is kept."""
        self._write("DELETE FROM articles WHERE id = ?", ((i,) for i in article_ids))

    def _rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        with self._tolerant():
            if self._path.is_file():
                with closing(sqlite3.connect(self._path)) as db:
                    return db.execute(sql, values).fetchall()
        return []

    def _write(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with self._tolerant():
            self._path.parent.mkdir(exist_ok=True)
            with closing(sqlite3.connect(self._path)) as db, db:
                db.execute(SCHEMA)
                db.executemany(sql, rows)

    @contextmanager
    def _tolerant(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.OperationalError):  # locked, read-only, a full disk
            pass
        except sqlite3.DatabaseError:
            with suppress(OSError):
                self._path.unlink()


def _parsed(path: Path) -> _Kept | None:
    try:
        stamp, state, _ = path.name.rsplit(".", 2)
        until = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return _Kept(until, STATES[state], path) if state in STATES else None
