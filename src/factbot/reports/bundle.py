"""A bundle: one zip file with a report and all that its verdicts were made of, so that they can be made again.

    report.json         the report, its reviews and its settings
    readings.json       for each claim the passages that were read, with their scores; and which article is which
    articles/0001.txt   the articles that were read, as they were then: plain text under front matter
    README.txt          what this is

Nothing of a bundle is ever unpacked to disk, so its names lead nowhere.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO, FileIO
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from factbot.corpus.formats.article import parse_article
from factbot.corpus.formats.content import Unreadable
from factbot.corpus.formats.plain_text import to_text_file
from factbot.corpus.formats.zip_guard import is_encrypted, is_ordinary, open_zip
from factbot.corpus.hashing import content_hash
from factbot.errors import ArticleError, FactbotError, UsageError
from factbot.reports.data import as_json
from factbot.reports.document import Document
from factbot.reports.wording import checked
from factbot.results import Article, KeptReading, Report, Version

__all__ = ["Bundle", "KeptClaim", "articles_read", "as_bundle", "open_bundle", "text_hash"]

ENTRY_LIMIT = 10_000
UNPACKED_LIMIT = 300_000_000  # bytes, of all entries together
TOO_LARGE = f"would unpack to over {UNPACKED_LIMIT // 10**6} MB or {ENTRY_LIMIT:,} parts, as no bundle does"
DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError)
README = """This is a check by factbot, with the articles as they were when it was made.

    factbot replay THIS_FILE

reads these articles again, and says whether the same verdicts come of them.
"""


@dataclass(frozen=True)
class KeptClaim:
    """A claim that was checked, as it was read, and the readings that its verdict was made of, nearest first."""

    standalone: str
    readings: tuple[KeptReading, ...]


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds.

    `claims` are those of the report that were checked, in order. `articles` have the file in the bundle as their
    id; `files` says which files hold an article of the corpus (usually one), by its id there. `risk` and `factbot`
    are the setting and the version that the verdicts were made with.
    """

    report: Report
    claims: tuple[KeptClaim, ...]
    articles: dict[str, Article]
    files: dict[str, list[str]]
    risk: float
    factbot: str

    def article(self, reading: KeptReading) -> Article | None:
        """The article that was read: with the text that it had then if there is one, else under the same id."""
        found = [self.articles[file] for file in self.files.get(reading.article_id, [])]
        found.sort(key=lambda article: text_hash(article) != reading.text_hash)
        return found[0] if found else None


@dataclass(frozen=True)
class _KeptArticle:
    file: str
    id: str


@dataclass(frozen=True)
class _Readings:
    """What readings.json holds."""

    articles: tuple[_KeptArticle, ...]
    claims: tuple[KeptClaim, ...]


@dataclass(frozen=True)
class _Settings:
    risk: Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True)
class _Saved:
    """What of report.json is needed to make its verdicts again."""

    report: Report
    settings: _Settings
    factbot: str


def articles_read(report: Report, history: Callable[[str], Sequence[Version]]) -> list[Article]:
    """The articles that a check has read, with the texts that they had then.

    `history` gives the versions of an article, such as `FactBot.history`. Raises FactbotError where the text is
    not to be had any more.
    """
    wanted = {(r.article_id, r.text_hash): None for claim in report.claims for r in claim.readings}
    return [_as_of_then(article_id, text_hash, history) for article_id, text_hash in sorted(wanted)]


def _as_of_then(article_id: str, wanted: str, history: Callable[[str], Sequence[Version]]) -> Article:
    for version in history(article_id):
        if text_hash(version.article) == wanted:
            return version.article
    raise FactbotError(
        f"The text of {article_id} that was read is not to be had any more; check the text again to make a bundle."
    )


def as_bundle(document: Document) -> bytes:
    """The bundle of a check; `document.articles` are those that were read (`articles_read`)."""
    kept = [_KeptArticle(f"articles/{n:04}.txt", article.id) for n, article in enumerate(document.articles, 1)]
    claims = [KeptClaim(claim.standalone, claim.readings) for claim in checked(document.report)]
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        archive.writestr("report.json", as_json(document))
        archive.writestr("readings.json", _READINGS.dump_json(_Readings(tuple(kept), tuple(claims)), indent=2))
        for place, article in zip(kept, document.articles, strict=True):
            archive.writestr(place.file, to_text_file(article))
    return made.getvalue()


def open_bundle(path: Path) -> Bundle:
    """What a bundle holds. Raises UsageError for a file that is none, with the reason."""
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for ever
            raise Unreadable("is not a file; check the name")
        with path.open("rb") as file:
            raw = FileIO(file.fileno(), closefd=False)
            with open_zip(raw, ENTRY_LIMIT, TOO_LARGE) as archive:
                return _read(archive)
    except OSError as error:
        raise UsageError(
            f"The bundle {path} cannot be read ({error.strerror or error}); check its name."
        ) from error
    except Unreadable as error:
        raise UsageError(f"The bundle {path} {error}.") from error
    except (*DAMAGES, ArticleError, ValueError, KeyError, RecursionError) as error:
        raise UsageError(
            f"{path} is no whole bundle; `factbot check TEXT --report FILE.zip` makes one."
        ) from error


def _read(archive: zipfile.ZipFile) -> Bundle:
    entries = archive.infolist()
    if any(map(is_encrypted, entries)):
        raise Unreadable("is encrypted; make it without a password")
    if not all(map(is_ordinary, entries)) or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise Unreadable(TOO_LARGE)
    saved = _SAVED.validate_json(archive.read("report.json"))
    readings = _READINGS.validate_json(archive.read("readings.json"))
    if len(readings.claims) != len(checked(saved.report)):
        raise ValueError("these readings are those of other claims")
    files: dict[str, list[str]] = {}
    for kept in readings.articles:
        files.setdefault(kept.id, []).append(kept.file)
    held = {kept.file for kept in readings.articles}  # each once, however often it is named
    articles = {file: parse_article(archive.read(file), ".txt", file) for file in sorted(held)}
    return Bundle(saved.report, readings.claims, articles, files, saved.settings.risk, saved.factbot)


def text_hash(article: Article) -> str:
    """The hash by which a reading knows the text that was read."""
    return content_hash(article.text.encode())


_READINGS = TypeAdapter(_Readings)
_SAVED = TypeAdapter(_Saved)
