"""Answers and reports of checks, and what they are made of: articles, passages and quotes.

Offsets are counted in characters (Python string indices) of `Article.text`, end exclusive.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

__all__ = [
    "Answer",
    "AnswerSentence",
    "Article",
    "Citation",
    "ClaimCheck",
    "Evidence",
    "ExplanationPart",
    "KeptReading",
    "Passage",
    "Quotation",
    "Report",
    "Result",
    "Scores",
    "Stage",
    "Stance",
    "Usage",
    "Verdict",
    "passage_id",
    "plain",
]


class Result:
    """`to_dict()` for every result: plain dicts and lists, ready for `json.dumps`."""

    def to_dict(self) -> dict[str, Any]:
        return plain(self)


def plain(result: Any) -> dict[str, Any]:
    """Any result as a dict; a passage has a `page` only where its article has pages."""

    def shown(items: list[tuple[str, Any]]) -> dict[str, Any]:
        kept = {k: v for k, v in items if k != "page_breaks" and (k != "page" or v is not None)}
        return kept | {k: list(v) for k, v in kept.items() if k == "span" and v}

    return asdict(result, dict_factory=shown)


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """The data without those of these fields that are empty: they tell of a language model, or of a kept check."""
    return {k: v for k, v in data.items() if k not in ("note", "usage", "check_id") or v}


@dataclass(frozen=True)
class Article(Result):
    """One document of the corpus.

    `id` is its path inside the corpus folder ("world/quake.md"), empty before it is stored there.
    `text` is plain text; every offset in passages and citations counts in it. `fetched` is when its page was
    fetched (UTC, ISO 8601), empty for files. `pages` has the offset at which each page of a PDF starts, and is
    empty for kinds without pages. `copies` are the ids of articles that say nearly the same, word for word. `note`
    says in whole sentences what of its file was not read (pages that are pictures, attachments), "" where all was.
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
    fetched: str = ""
    pages: tuple[int, ...] = ()
    copies: tuple[str, ...] = ()
    note: str = ""

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, that the character at `offset` stands on; None for articles without pages."""
        return bisect_right(self.pages, offset) or None


@dataclass(frozen=True)
class Passage(Result):
    """A run of whole sentences: `article.text[start:end] == text`, always.

    `page` is the page of the PDF that it starts on, from 1; None for articles without pages. Inside it further
    pages start at the offsets `page_breaks`.
    """

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
    page: int | None = None
    page_breaks: tuple[int, ...] = ()

    @classmethod
    def of(cls, article: Article, start: int, end: int, score: float) -> Passage:
        """The passage at `start:end` of an article that carries its text."""
        return cls(
            id=passage_id(article.id, start, end),
            article_id=article.id,
            title=article.title,
            source=article.source,
            url=article.url,
            date=article.date,
            start=start,
            end=end,
            text=article.text[start:end],
            score=score,
            page=article.page_at(start),
            page_breaks=article.pages[bisect_right(article.pages, start) : bisect_left(article.pages, end)],
        )

    def page_at(self, offset: int) -> int | None:
        """The page that the character at `offset` of the article, inside this passage, stands on."""
        return None if self.page is None else self.page + bisect_right(self.page_breaks, offset)


def passage_id(article_id: str, start: int, end: int) -> str:
    """The id of the passage at `start:end` of an article, which every store knows it by."""
    return f"{article_id}#{start}-{end}"


@dataclass(frozen=True)
class Citation(Result):
    """A numbered pointer to a quote: `article.text[quote_start:quote_end] == quote`, always."""

    number: int
    passage: Passage
    quote: str
    quote_start: int
    quote_end: int


@dataclass(frozen=True)
class AnswerSentence(Result):
    """One sentence of an answer, with the numbers that it cites.

    `support` (0 to 1): how likely the sentence answers; of a language model's sentence, how surely the articles
    bear it out. `span` is where the words that answer stand, `text[start:end]`: a number, a date, a name, a place
    or a phrase; None where that is not sure.
    """

    text: str
    citations: tuple[int, ...]
    support: float
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Usage(Result):
    """What one stage's calls of the language model came to: tokens read and written, and seconds."""

    stage: str
    calls: int
    input_tokens: int
    output_tokens: int
    seconds: float


@dataclass(frozen=True)
class Answer(Result):
    """An answer with its citations, or an honest abstention.

    `answered` is False where the corpus holds no answer: `text` says so, `citations` is empty and
    `reason` is "corpus_silent" (nothing near the question) or "not_supported" (near, but no answer). Where there
    was no question, as in "hello", it is None and `text` the reply.
    `nearest` holds the words that came closest, for "the nearest articles are …". `note` says what one should know
    of the answer. Where a language model is set, that is also what became of its sentences, and `usage` what they
    cost.
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
    note: str = ""
    usage: tuple[Usage, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON that programs get; `nearest` is for people and stays out of it."""
        data = plain(self)
        del data["nearest"]
        return _without_empty(data)


Verdict = Literal["supported", "refuted", "conflicting", "not_enough_evidence"]
Stance = Literal["supports", "refutes", "neither"]


@dataclass(frozen=True)
class Scores(Result):
    """What evidence says of a claim: three calibrated probabilities (0 to 1) that sum to 1."""

    supported: float
    refuted: float
    not_enough: float


@dataclass(frozen=True)
class Evidence(Result):
    """Words of an article and where they stand on a claim.

    `article.text[quote_start:quote_end] == quote`, always; the quote lies inside the passage.
    """

    passage: Passage
    quote: str
    quote_start: int
    quote_end: int
    stance: Stance
    scores: Scores


@dataclass(frozen=True)
class KeptReading(Result):
    """A passage that a verdict was made of: with the SHA-256 of its article's text (hexadecimal), how much it is
    about the claim (`nearness`, 0 to 1), its scores, unrounded, and those of its most telling words."""

    article_id: str
    text_hash: str
    start: int
    end: int
    nearness: float
    scores: Scores
    supporting: Scores
    refuting: Scores


@dataclass(frozen=True)
class Quotation(Result):
    """Words that a claim puts between quotation marks, and the nearest words that the corpus holds.

    `found` is "verbatim", "differs" or "missing". `words` tells them apart, in order, as (mark, words):
    " " the same in both, "-" only in the claim, "+" only in the article. `passage` is None where missing.
    """

    text: str
    found: Literal["verbatim", "differs", "missing"]
    words: tuple[tuple[str, str], ...] = ()
    passage: Passage | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class ExplanationPart(Result):
    """A piece of an explanation, in the order in which it is read.

    "words" are factbot's own (or a language model's), "quote" an article's words without quotation marks, "note" a
    sentence on a quotation of the claim, or on facts that differ or are missing. `numbers` count
    `ClaimCheck.evidence` from 1: the pieces of evidence that `text` rests on.
    """

    kind: Literal["words", "quote", "note"]
    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class ClaimCheck(Result):
    """One claim of a text, at `start:end` of it, with its verdict and the evidence for and against.

    `confidence` (0 to 1) is the calibrated probability that the verdict is right; where a verdict was withheld as
    too unsure, the probability that it would have been wrong. `reason` says why a claim has not enough evidence:
    "corpus_silent" (nothing about it), "inconclusive" (something about it that does not decide), "not_checkable"
    (a question, an opinion, a heading: `explanation` says which). `independent_sources` counts the articles
    behind the verdict, near copies as one. `standalone` is the claim as it was read, its pronouns resolved.
    `explanation_parts` is `explanation` in pieces. `readings` are what the verdict was made of, nearest first.
    """

    claim: str
    start: int
    end: int
    verdict: Verdict
    confidence: float
    evidence: tuple[Evidence, ...]
    explanation: str
    reason: Literal["corpus_silent", "inconclusive", "not_checkable"] | None
    independent_sources: int
    standalone: str = field(default="", repr=False)
    quotations: tuple[Quotation, ...] = field(default=(), repr=False)
    explanation_parts: tuple[ExplanationPart, ...] = field(default=(), repr=False)
    readings: tuple[KeptReading, ...] = field(default=(), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The JSON that programs get, without the fields after `independent_sources`, which are factbot's own."""
        data = plain(self)
        del data["standalone"], data["quotations"], data["explanation_parts"], data["readings"]
        return data


@dataclass(frozen=True)
class Report(Result):
    """Every sentence of a text as a ClaimCheck, in order; those left out have the reason "not_checkable".

    `note` and `usage` are as an Answer's. `check_id` is the id of the kept check, "" where it is not kept.
    """

    text: str
    claims: tuple[ClaimCheck, ...]
    elapsed_ms: int
    corpus_version: str
    models: dict[str, str]
    note: str = ""
    usage: tuple[Usage, ...] = ()
    check_id: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {**_without_empty(plain(self)), "claims": [claim.to_dict() for claim in self.claims]}


@dataclass(frozen=True)
class Stage(Result):
    """The step at work: "understand", "search", "read", "quote" or "write" an answer, or "check" a text."""

    name: str
    detail: str = ""
