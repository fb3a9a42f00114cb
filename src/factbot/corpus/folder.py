"""The corpus folder: which articles it holds, and how articles come in and go out.

The folder is the truth. A file is written under another name first and then moved into its place, so that only
whole articles are ever seen there.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from threading import Lock
from typing import NamedTuple

from factbot.corpus.atomic_files import write_whole
from factbot.corpus.formats.article import parse_article
from factbot.corpus.formats.kinds import SUFFIXES
from factbot.corpus.hashing import file_hash
from factbot.corpus.history import History
from factbot.corpus.naming import decoded, is_hidden, normalised_id, stored_name
from factbot.errors import ArticleError, CorpusError
from factbot.results import Article, Failure

__all__ = ["Corpus", "Found", "unfollowed"]

log = logging.getLogger(__name__)


class Found(NamedTuple):
    """What a corpus folder holds: each article's file by its id; and what is left out, with the reasons."""

    files: dict[str, Path]
    left_out: tuple[Failure, ...]


class Corpus:
    """The articles in `folder`, which need not exist before the first one is added.

    An article's id is its path inside the folder, with "/" between the parts and in Unicode's NFC form.
    Safe to use from several threads of one process.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.history = History(folder)
        self._adding = Lock()
        self._by_size: dict[int, list[tuple[str, Path]]] | None = None

    def files(self) -> dict[str, Path]:
        """Every article's id and file, by id: known kinds in all subfolders, nothing hidden.

        Raises CorpusError where the folder, or one inside it, is missing or cannot be read.
        """
        return self.look().files

    def look(self) -> Found:
        """The files, and what is left out. Raises CorpusError as `files()` does."""
        files: dict[str, Path] = {}
        left_out: list[Failure] = []
        for article_id, path in sorted(self._walk(str(self.folder), "", left_out=left_out), key=_by_spelling):
            if files.setdefault(article_id, path) is not path:
                reason = "is in the folder twice, its letters stored in two ways that look the same"
                left_out.append(Failure(article_id, f"{article_id} {reason}; rename one of the two files."))
        return Found(files, tuple(sorted(left_out, key=lambda failure: failure.path)))

    def find(self, article_id: str) -> dict[str, Path]:
        """The part of `files()` with that id: one article or none. Raises CorpusError as `files()` does."""
        article_id = normalised_id(article_id)
        if all(_is_visible(part) for part in article_id.split("/")) and _is_article(article_id):
            path = self.folder / article_id
            with suppress(OSError):  # too long for a name
                if path.is_file() and path.resolve() == self.folder.resolve() / article_id:
                    return {article_id: path}
        # It is a link, a name that is not in NFC, or gone: only the folders on the way to it can tell.
        return dict(sorted(self._walk(str(self.folder), "", article_id), key=_by_spelling, reverse=True))

    def add(self, name: str, data: bytes, *, warn: bool = False, parsed: Article | None = None) -> str:
        """Store an article's file under a free name close to `name` ("world/quake.md") and give its id.

        Where the folder holds a file with the same bytes, its id is given and nothing is written. With `warn`, a
        name that another text has already is logged, as somebody may have meant to change that article. `parsed`
        is the article in `data` if it has been read already; without it, it is read here.
        Raises ArticleError where it cannot be read as an article, CorpusError where it cannot be stored.
        """
        wanted = stored_name(name)
        suffix = PurePath(wanted).suffix
        if parsed is None:
            parse_article(data, suffix, name)
        with self._adding, self._writing():
            self.folder.mkdir(parents=True, exist_ok=True)
            known = self._holding(data)
            if known is not None:
                return known
            article_id = self._free_id(wanted.removesuffix(suffix), suffix)
            path = self.folder / article_id
            write_whole(path, data)
            self._sizes().setdefault(len(data), []).append((article_id, path))
        if warn and article_id != wanted:
            log.warning(
                "%s is in the corpus with other text, so this one went in as %s; to change an article, edit its "
                "file in %s, or remove it first.",
                *(wanted, article_id, self.folder),
            )
        return article_id

    def sha256(self, article_id: str) -> str:
        """The `file_hash` of an article, "" where there is no file that can be read."""
        return next(filter(None, map(file_hash, self.find(article_id).values())), "")

    def replace(self, article_id: str, data: bytes, *, parsed: Article | None = None) -> None:
        """Put a newer file in the place of an article's; `parsed` and the errors are as those of `add`."""
        if parsed is None:
            parse_article(data, PurePath(article_id).suffix, article_id)
        with self._adding, self._writing():
            for path in self._found(article_id):
                write_whole(path, data)
                self._sizes().setdefault(len(data), []).append((article_id, path))

    def remove(self, article_id: str) -> None:
        """Move an article's file into the history. Raises ArticleError where there is none, else CorpusError."""
        with self._adding, self._writing():
            for path in self._found(article_id):
                self.history.withdraw(article_id, path)

    def restore(self, article_id: str) -> str:
        """Bring a removed article back and give its id. Raises ArticleError where there is none to bring back."""
        with self._adding, self._writing():
            restored = self.history.restore(article_id)
            self._by_size = None
        return restored

    def _found(self, article_id: str) -> Iterable[Path]:
        found = self.find(article_id)  # a path that leads out of the folder is no article's id
        if not found:
            raise ArticleError(f"No article has the id {article_id!r}; `factbot articles` lists them.")
        return found.values()

    def _walk(
        self, folder: str, parent: str, only: str | None = None, left_out: list[Failure] | None = None
    ) -> Iterator[tuple[str, Path]]:
        """The articles in a folder, or the one whose id is `only`; links not followed go to `left_out`."""
        for entry in self._entries(folder, is_root=not parent):
            name = decoded(entry.name)
            if not _is_visible(name):
                continue
            article_id = normalised_id(parent + name)
            if only is not None and not f"{only}/".startswith(f"{article_id}/"):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(entry.path, f"{article_id}/", only, left_out)
            elif not entry.is_symlink():
                if _is_article(name):
                    yield article_id, Path(entry.path)
            elif Path(entry.path).resolve().is_relative_to(self.folder.resolve()):
                if _is_article(name) and entry.is_file():
                    yield article_id, Path(entry.path)
            elif left_out is not None and (_is_article(name) or entry.is_dir()):
                left_out.append(unfollowed(article_id))

    def _entries(self, folder: str, is_root: bool) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            gone = isinstance(error, FileNotFoundError | NotADirectoryError)
            if gone and not is_root:  # removed since its parent was read
                return []
            # Without an error its articles would count as removed, and the index would forget them.
            advice = "create it, or name another with --corpus" if gone else "mend its permissions"
            raise CorpusError(
                f"The corpus folder {folder} cannot be read ({error.strerror}); {advice}."
            ) from error

    def _holding(self, data: bytes) -> str | None:
        """The id of the file that holds just `data`."""
        for article_id, path in self._sizes().get(len(data), []):
            try:
                if path.read_bytes() == data:
                    return article_id
            except OSError:  # gone or unreadable: it may not be a copy any more
                continue
        return None

    def _sizes(self) -> dict[int, list[tuple[str, Path]]]:
        """Ids and files by size in bytes, read once: adding a thousand files must not look at a million."""
        if self._by_size is None:
            self._by_size = {}
            for article_id, path in self.files().items():
                with suppress(OSError):  # removed in this moment
                    self._by_size.setdefault(path.stat().st_size, []).append((article_id, path))
        return self._by_size

    def _free_id(self, stem: str, suffix: str) -> str:
        article_id, number = f"{stem}{suffix}", 1
        while os.path.lexists(self.folder / article_id):
            number += 1
            article_id = f"{stem}-{number}{suffix}"
        return article_id

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CorpusError(
                f"The corpus folder {self.folder} cannot be written ({error.strerror}); free some space or mend "
                "its permissions, then try again."
            ) from error


def unfollowed(name: str) -> Failure:
    """Why a link that leads out of a folder, or nowhere, is left out."""
    return Failure(
        name, f"{name} is a link that leads out of its folder, and was not followed; put there what it leads to."
    )


def _by_spelling(found: tuple[str, Path]) -> tuple[str, bool, str]:
    """For sorting: of two files with one id comes first the one whose name is spelt as the id."""
    article_id, path = found
    return article_id, not str(path).endswith(article_id), str(path)


def _is_visible(name: str) -> bool:
    return bool(name) and not is_hidden(name)


def _is_article(name: str) -> bool:
    return PurePath(name).suffix.lower() in SUFFIXES
