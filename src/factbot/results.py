"""What factbot gives back: frozen dataclasses, and their JSON shape through `to_dict()`.

Offsets are counted in characters (Python string indices) of `Article.text`, end exclusive.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = [
    "Answer",
    "AnswerSentence",
    "Article",
    "Citation",
    "Failure",
    "Passage",
    "Stage",
    "SyncProgress",
    "SyncReport",
]


class _Result:
    """`to_dict()` for every result: plain dicts and lists, ready for `json.dumps`."""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)  # type: ignore[call-overload, no-any-return]


@dataclass(frozen=True)
class Article(_Result):
    """One document of the corpus.

    `id` is its path inside the corpus folder ("world/quake.md"), empty before it is stored there.
    `text` is plain text; every offset in passages and citations counts in it.
    """

    title: str
    text: str
    id: str = ""
    source: str = ""
    author: str = ""
    date: str = ""
    url: str = ""
    language: str = ""
    passages: int = 0


@dataclass(frozen=True)
class Passage(_Result):
    """A run of whole sentences: `article.text[start:end] == text`, always."""

    id: str
    article_id: str
    title: str
    source: str
    url: str
    date: str
    start: int
    end: int
    text: str
    score: float = 0.0


@dataclass(frozen=True)
class Citation(_Result):
    """A numbered pointer to a quote: `article.text[quote_start:quote_end] == quote`, always."""

    number: int
    passage: Passage
    quote: str
    quote_start: int
    quote_end: int


@dataclass(frozen=True)
class AnswerSentence(_Result):
    """One sentence of an answer, the numbers it cites, and how likely it is to answer (0 to 1)."""

    text: str
    citations: tuple[int, ...]
    support: float


@dataclass(frozen=True)
class Answer(_Result):
    """An answer with its citations, or an honest abstention.

    `answered` is False where the corpus holds no answer: `text` says so, `citations` is empty and
    `reason` is "corpus_silent" (nothing near the question) or "not_supported" (near, but no answer).
    `nearest` holds the passages that came closest, for "the nearest articles are …".
    """

    question: str
    answered: bool
    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    reason: str | None
    elapsed_ms: int
    corpus_version: str
    models: dict[str, str]
    nearest: tuple[Passage, ...] = field(default=(), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON; `nearest` is for people and stays out of it."""
        data = asdict(self)
        del data["nearest"]
        return data


@dataclass(frozen=True)
class Stage(_Result):
    """What an answer in the making is at: `name` is "understand", "search", "read" or "quote"."""

    name: str
    detail: str = ""


@dataclass(frozen=True)
class Failure(_Result):
    """A file that did not go in, and why, in one sentence."""

    path: str
    reason: str


@dataclass(frozen=True)
class SyncProgress(_Result):
    """How far a sync is: passages embedded out of those found so far, rate and time left."""

    articles_done: int
    articles_total: int
    passages_done: int
    passages_per_second: float
    seconds_left: float | None


@dataclass(frozen=True)
class SyncReport(_Result):
    """What a sync did: article ids by what happened to them, and the files that failed."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: tuple[Failure, ...]
    elapsed_ms: int = 0
    corpus_version: str = ""
