"""Making the verdicts of a bundle again, from the articles in it, with the models of this machine.

Nothing is searched for: the passages are those that were read then. The verifier reads them again, and the verdict
is made of what it reads now, not of the scores in the bundle, so that a verdict which the articles do not bear out
shows. Only the risk is taken from the bundle; a model that it names is never loaded, as it could be anybody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from factbot.checking.checker import Checker
from factbot.checking.claims import Claim
from factbot.engine import Engine, Models
from factbot.index.catalog import IndexedArticle
from factbot.index.index import Index
from factbot.reports.bundle import Bundle, KeptClaim, text_hash
from factbot.reports.wording import checked
from factbot.results import Article, ClaimCheck, KeptReading, Verdict
from factbot.retrieval.retriever import Candidate
from factbot.settings import Settings
from factbot.text.sentences import sentence_spans

__all__ = ["ReplayedClaim", "notes", "replay"]

SAME_SCORE = 0.02  # by which scores may differ between processors


@dataclass(frozen=True)
class ReplayedClaim:
    """A claim with the verdict in the report (`was`) and the one made again (`now`).

    `read_as` is how the claim was read, with names in the place of pronouns. `differences` are sentences on what
    does not fit together; none where the bundle bears its verdict out.
    """

    claim: str
    read_as: str
    was: Verdict
    now: Verdict
    differences: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def replay(bundle: Bundle, settings: Settings) -> Iterator[ReplayedClaim]:
    """Each claim of the bundle that was checked, in order, as soon as it is read again."""
    with _checker(list(bundle.articles.values()), replace(settings, risk=bundle.risk)) as checker:
        for check, kept in zip(checked(bundle.report), bundle.claims, strict=True):
            yield _replayed(checker, bundle, check, kept)


def notes(bundle: Bundle, settings: Settings) -> list[str]:
    """Why verdicts may differ though nobody changed the bundle, a sentence each."""
    verifier = bundle.report.models.get("verifier", "")
    found = []
    if bundle.factbot != version("factbot"):
        found.append(f"The bundle was made by factbot {bundle.factbot}, and this is {version('factbot')}.")
    if verifier != (ours := Models(settings).verifier.name):
        found.append(f"The bundle was read by the verifier {verifier}, and this machine has {ours}.")
    if "language" in bundle.report.models:
        found.append("A language model took part in the check; it has no part in the replay.")
    return found


def _replayed(checker: Checker, bundle: Bundle, check: ClaimCheck, kept: KeptClaim) -> ReplayedClaim:
    differences = list(dict.fromkeys(filter(None, (_lacking(bundle, reading) for reading in kept.readings))))
    found = [(reading, passage) for reading in kept.readings if (passage := _passage(bundle, reading))]
    readings = checker.finder.read(kept.standalone, [candidate for _, candidate in found]) if found else []
    claim = Claim(check.claim, check.start, check.end, kept.standalone, left_out="")
    again = checker.decide(claim, readings)
    if again.verdict != check.verdict:
        differences.append(f"The report says {_named(check.verdict)}; read again it is {_named(again.verdict)}.")
    elif abs(again.confidence - check.confidence) > SAME_SCORE:
        differences.append(
            f"The report gives a confidence of {check.confidence:.2f}; read again it is {again.confidence:.2f}."
        )
    then = {(c.article.id, c.start, c.end): np.array([*asdict(r.scores).values()]) for r, c in found}
    moved = np.max([abs(then[r.article.id, r.start, r.end] - r.scores) for r in readings], initial=0.0)
    if not moved <= SAME_SCORE:  # also where one of them is no number
        differences.append(f"Its scores differ from those in the bundle by up to {moved:.2f}.")
    differences += _misquotes(bundle, check)
    return ReplayedClaim(check.claim, kept.standalone, check.verdict, again.verdict, tuple(differences))


def _lacking(bundle: Bundle, reading: KeptReading) -> str:
    """A sentence where the bundle has not the text that was read; "" where it has."""
    article = bundle.article(reading)
    if article is None:
        return f"The article {reading.article_id} is missing."
    if text_hash(article) != reading.text_hash:
        return f"The article {reading.article_id} has another text than the one that was read."
    return "" if _passage(bundle, reading) else f"A passage lies outside of the article {reading.article_id}."


def _passage(bundle: Bundle, reading: KeptReading) -> Candidate | None:
    """The passage to read again; None where there is no such article or no such place in it."""
    article, start, end = bundle.article(reading), reading.start, reading.end
    return Candidate(article, start, end) if article and 0 <= start < end <= len(article.text) else None


def _misquotes(bundle: Bundle, check: ClaimCheck) -> Iterator[str]:
    """A sentence for each quote that does not stand in its article at its place."""
    for number, piece in enumerate(check.evidence, 1):
        texts = [bundle.articles[file].text for file in bundle.files.get(piece.passage.article_id, [])]
        if not any(text[piece.quote_start : piece.quote_end] == piece.quote for text in texts):
            yield f"The quote [{number}] does not stand in the article {piece.passage.article_id}."


@contextmanager
def _checker(articles: Sequence[Article], settings: Settings) -> Iterator[Checker]:
    """What checks claims over these articles, in a temporary index in which nothing can be searched for."""
    with TemporaryDirectory(prefix="factbot-replay-") as folder:
        alone = Settings(
            corpus=Path(folder),
            index=Path(folder),
            verifier=settings.verifier,
            cache=settings.cache,
            risk=settings.risk,
        )
        place = Path(folder, "index")  # whose name Chroma takes; that of the temporary folder may be none
        place.mkdir()
        with closing(Index(alone, place)) as index:
            items = [IndexedArticle(a, "", sentence_spans(a.text, a.language), passages=[]) for a in articles]
            index.write(items, np.empty((0, 0), np.float32), replaced=[])
            yield Engine(index, Models(alone), alone).checker


def _named(verdict: Verdict) -> str:
    return verdict.replace("_", " ")
