"""Articles that a person wants to add: read and shown before anything is stored.

A draft has a folder of its own: with each file that was given, and a file for each article of a feed or an
address. `FactBot.add_items` stores what is in it.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from secrets import token_urlsafe

from factbot.bot import FactBot
from factbot.corpus.formats.kinds import CONTAINERS, OTHER_KIND, SUFFIXES
from factbot.corpus.ingest.given import FEEDS, is_address, items
from factbot.corpus.ingest.item import Item, article_item
from factbot.errors import ArticleError, FactbotError, UsageError
from factbot.results import Article, Failure
from factbot.scheduling import Cancellation
from factbot.text.normalise import clean_text, one_line
from factbot.web.wording import INTERNAL_ERROR

__all__ = ["ACCEPTED_SUFFIXES", "ADDRESSES_AT_ONCE", "FILES_AT_ONCE", "Draft", "Drafts", "Part", "Upload"]

ACCEPTED_SUFFIXES = (*SUFFIXES, *CONTAINERS, *FEEDS)
FILES_AT_ONCE = 200
ADDRESSES_AT_ONCE = 50
SHOWN = 100  # articles of an archive or a table
FAILURES_SHOWN = 100
MAX_NAME = 180  # bytes of an uploaded file's name; file systems allow 255, and a number may be added
ABANDONED = 12 * 3600.0  # seconds, after which a draft is deleted

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upload:
    """An uploaded file at `path`, and the name of the person's own file."""

    path: Path
    name: str


@dataclass
class Part:
    """One thing that was given, and what was found in it: the first articles, and how many there are.

    With each article comes the article of the corpus that has the same text, or an older text of it, if any.
    """

    name: str
    articles: list[tuple[Article, Article | None]] = field(default_factory=list)
    count: int = 0
    failures: list[Failure] = field(default_factory=list)
    failed: int = 0

    def put(self, article: Article, known: Article | None) -> None:
        self.count += 1
        if len(self.articles) < SHOWN:
            self.articles.append((article, known))

    def refuse(self, failure: Failure) -> None:
        self.failed += 1
        if len(self.failures) < FAILURES_SHOWN:
            self.failures.append(failure)


class Draft:
    """What one person wants to add; `reading` until all of it is read."""

    def __init__(self, bot: FactBot, folder: Path) -> None:
        self._bot = bot
        self._folder = folder
        self._store = bot.store()
        self._cancellation = Cancellation()
        self._fetched: dict[str, Item] = {}  # by file name: what was known of items that the person did not upload
        self.begun = time.monotonic()
        self.id = folder.name
        self.parts: list[Part] = []
        self.reading = True
        self.is_used = False  # it is being added, or was

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    def read(self, uploads: Sequence[Upload], addresses: Sequence[str], article: Article | None) -> None:
        """Read everything that was given, part by part; in a thread of its own."""
        try:
            for upload in uploads:
                self._read_upload(upload)
            for address in addresses:
                self._read_address(address)
            if article is not None:
                self._keep(self._begin(article.title), article_item(article))
        except Exception:
            log.exception("What is to be added could not be read")
            self._refuse(self._begin("The rest"), INTERNAL_ERROR)
        finally:
            self.reading = False
            if self._cancellation.stopped:
                self._clear()

    def add(self, cancellation: Cancellation) -> Iterator[Article | Failure]:
        """Store and index all of it, as FactBot.add_items does."""
        for result in self._bot.add_items(map(self._as_fetched, items(self._folder)), cancellation):
            yield self._told(result) if isinstance(result, Failure) else result

    def discard(self) -> None:
        """Forget it, and delete its files."""
        self._cancellation.stop()
        if not self.reading:
            self._clear()

    def _clear(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self, name: str) -> Part:
        self.parts.append(Part(name))
        return self.parts[-1]

    def _read_upload(self, upload: Upload) -> None:
        part = self._begin(upload.name)
        if Path(upload.name).suffix.lower() not in ACCEPTED_SUFFIXES:
            upload.path.unlink(missing_ok=True)
            self._refuse(part, f"{upload.name} {OTHER_KIND}.")
            return
        path = self._free(upload.name)
        shutil.move(upload.path, path)
        if path.suffix.lower() in FEEDS:
            self._fetch(part, path)
            path.unlink()
            return
        for item in self._found(part, path):
            self._show(part, item)
        if not part.count:
            path.unlink(missing_ok=True)  # or adding the folder would refuse it a second time

    def _read_address(self, address: str) -> None:
        part = self._begin(address)
        if is_address(address):
            self._fetch(part, address)
        else:
            self._refuse(part, f"{address} is no web address; write it from http:// or https:// on.")

    def _fetch(self, part: Part, given: str | Path) -> None:
        """Fetch what is at an address, or what a saved feed names. It is fetched once: what is shown is stored."""
        for item in self._found(part, given):
            self._keep(part, item)

    def _found(self, part: Part, given: str | Path) -> Iterator[Item]:
        """The items of what was given, until the draft is discarded; what cannot be read is shown as refused."""
        found = items(given)
        try:
            # Asked before each item, because getting the next one may mean fetching it.
            while not self._cancellation.stopped and (item := next(found, None)):
                if isinstance(item, Item):
                    yield item
                else:
                    part.refuse(self._told(item))
        except FactbotError as error:
            self._refuse(part, str(error))

    def _keep(self, part: Part, item: Item) -> None:
        """Put an item into the draft's folder, if it can be read."""
        path = self._free(PurePosixPath(item.name).name)
        path.write_bytes(item.data)
        self._fetched[path.name] = replace(item, data=b"", article=None)
        if not self._show(part, item):
            path.unlink()

    def _as_fetched(self, item: Item | Failure) -> Item | Failure:
        """An item of the draft's folder as it was when it was put there."""
        kept = self._fetched.get(item.name) if isinstance(item, Item) else None
        return replace(kept, data=item.data) if kept and isinstance(item, Item) else item

    def _show(self, part: Part, item: Item) -> bool:
        """Show the article in an item and the one of the corpus that it renews; or why it cannot be read."""
        try:
            part.put(*self._bot.preview(item, self._store))
        except ArticleError as error:
            part.refuse(self._told(Failure(item.name, str(error))))
            return False
        return True

    def _refuse(self, part: Part, reason: str) -> None:
        part.refuse(self._told(Failure(part.name, reason)))

    def _free(self, name: str) -> Path:
        """A path in the draft's folder for a file of this name."""
        name = _upload_name(name)
        path, number = self._folder / name, 1
        while path.exists():
            number += 1
            path = self._folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        return path

    def _told(self, failure: Failure) -> Failure:
        """The failure without the path of the draft's folder: the person knows only the file's name."""
        folder = f"{self._folder}/"
        return Failure(failure.path.replace(folder, ""), failure.reason.replace(folder, ""))


class Drafts:
    """The drafts of everybody who has the page open, each under an id that only its owner knows."""

    def __init__(self, bot: FactBot) -> None:
        self._bot = bot
        self._folder = Path(tempfile.mkdtemp(prefix="factbot-drafts-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)  # when the process ends
        self._drafts: dict[str, Draft] = {}
        self._taking = threading.Lock()  # so that a draft is either added or discarded

    def begin(self, uploads: Sequence[Upload], addresses: Sequence[str], article: Article | None) -> Draft:
        """Begin to read what was given, in the background. Raises UsageError for nothing, or too much."""
        if not uploads and not addresses and article is None:
            raise UsageError("Choose files, or write an address or a text.")
        if len(uploads) > FILES_AT_ONCE:
            raise UsageError(
                f"{len(uploads):,} files are too many; add at most {FILES_AT_ONCE} at once, or a zip."
            )
        if len(addresses) > ADDRESSES_AT_ONCE:
            raise UsageError(
                f"{len(addresses):,} addresses are too many; add at most {ADDRESSES_AT_ONCE} at once."
            )
        self._sweep()
        folder = self._folder / token_urlsafe(16)
        folder.mkdir()
        draft = Draft(self._bot, folder)
        self._drafts[draft.id] = draft
        reading = threading.Thread(target=draft.read, args=(uploads, addresses, article), daemon=True)
        reading.start()
        return draft

    def get(self, draft_id: str) -> Draft:
        """Raises UsageError where there is no such draft any more."""
        try:
            return self._drafts[draft_id]
        except KeyError:
            raise UsageError("The server no longer holds what was to be added; choose it again.") from None

    def take(self, draft_id: str) -> Draft:
        """A draft that is to be added now. Raises UsageError where it is not read yet, or was taken before."""
        with self._taking:
            draft = self.get(draft_id)
            if draft.is_used:
                raise UsageError("This is being added already.")
            if draft.reading or not draft.count:
                raise UsageError("There is nothing to add yet; wait until it is read.")
            draft.is_used = True
        return draft

    def discard(self, draft_id: str) -> None:
        """Forget a draft, unless it is being added."""
        with self._taking:
            draft = self._drafts.get(draft_id)
            if draft and not draft.is_used:
                self.forget(draft)

    def forget(self, draft: Draft) -> None:
        self._drafts.pop(draft.id, None)
        draft.discard()

    def _sweep(self) -> None:
        with self._taking:
            for draft in list(self._drafts.values()):
                if time.monotonic() - draft.begun > ABANDONED and not draft.is_used:
                    self.forget(draft)


def _upload_name(name: str) -> str:
    """A file's name that any file system takes, as near to `name` as can be."""
    name = one_line(clean_text(name).replace("\\", "/").rpartition("/")[2]).lstrip(".")
    stem, suffix = PurePosixPath(name).stem or "article", PurePosixPath(name).suffix
    while len(f"{stem}{suffix}".encode()) > MAX_NAME:
        stem = stem[:-1]
    return f"{stem}{suffix}"
