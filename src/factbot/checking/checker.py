"""Checking a text: its claims one by one, each with evidence, a verdict and the words that decide it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from factbot.checking.aggregator import Aggregator, features, likeliest, strongest, telling
from factbot.checking.claims import Claim, find_claims
from factbot.checking.evidence import EvidenceFinder, Reading
from factbot.checking.explanation import LEANINGS, as_opening, as_prose, doubt_in_words, explain
from factbot.checking.facts.compare import Comparison, compare, mismatch_in_words, unmentioned
from factbot.checking.facts.rulings.notation import in_words_of
from factbot.checking.facts.rulings.revisions import corrects, revises
from factbot.checking.facts.statements.comparison import compare_statements
from factbot.checking.helpers import CheckHelper, TextHelper
from factbot.checking.quotations import check_quotation, quotation_note, quoted_spans
from factbot.checking.verifier import NOT_ENOUGH, REFUTED, SUPPORTED, as_scores, decided
from factbot.index.near_copies import independent
from factbot.results import (
    ClaimCheck,
    Evidence,
    ExplanationPart,
    Passage,
    Quotation,
    Report,
    Stage,
    Stance,
    Verdict,
)
from factbot.text.passages import widen
from factbot.text.titled import under_title

__all__ = ["Checker"]

VERDICTS: dict[int, Verdict] = {SUPPORTED: "supported", REFUTED: "refuted", NOT_ENOUGH: "not_enough_evidence"}
STANCES: tuple[Stance, Stance] = ("supports", "refutes")
TAKES_SIDES = 0.5  # the probability from which words count as for or against a claim
STRONG = 0.7  # from which words for and words against make a conflict, in articles that are not copies
SHOWN = 5  # pieces of evidence on the side of the verdict
BESIDE = 2  # on the other side, or on neither
MISQUOTED = "The article does not have the words that the claim quotes"
NEAR = 0.05  # nearness below which a passage is not about the claim; the corpus is silent where none is nearer


@dataclass(frozen=True)
class Checker:
    """Texts to Reports, over one index.

    `risk` (0 to 1) is the share of decided verdicts that may be wrong: a verdict less sure than it allows is
    withheld, and the claim has not enough evidence. 1 sets no limit. With a `helper` a language model words
    claims and explanations.
    """

    finder: EvidenceFinder
    aggregator: Aggregator
    context_size: int
    risk: float
    models: dict[str, str] = field(default_factory=dict)
    helper: CheckHelper | None = None

    def stream(self, text: str, before: str = "", earlier: Sequence[ClaimCheck] = ()) -> Iterator[Stage | Report]:
        """Stages, and reports that grow claim by claim; the last one is whole. Raises UsageError for no text.

        `before` is a sentence that was said before it, which a pronoun may point to. `earlier` are the claims that
        were checked before the same text was stopped: it goes on from there, without a report if nothing is left.
        """
        started = time.monotonic()
        claims = find_claims(text, before)
        number = sum(not claim.left_out for claim in claims)
        done, claims = self._left(claims, earlier)
        notes: list[str] = []
        at = sum(check.reason != "not_checkable" for check in done)
        before = done[-1].standalone if done else before
        yield Stage("check", _at(at + 1, number) if number > at else "")
        helper = self.helper.begin() if self.helper else None
        for claim in helper.decompose(claims, before) if helper else claims:
            if not claim.left_out:
                at += 1
                if at > 1:
                    yield Stage("check", _at(at, max(at, number)))
                read = self.finder.retriever.respelled(claim.standalone, names=False)
                claim = replace(claim, standalone=read.text)
                notes += [read.note] if read.note else []
            done.append(_check_of_left_out(claim) if claim.left_out else self.check(claim, helper))
            yield Report(
                text=text,
                claims=tuple(done),
                elapsed_ms=round((time.monotonic() - started) * 1000),
                corpus_version=self.finder.retriever.index.corpus_version,
                models=self.models,
                note=" ".join([*([helper.note] if helper and helper.note else []), *notes]),
                usage=helper.usage if helper else (),
            )

    def _left(self, claims: list[Claim], earlier: Sequence[ClaimCheck]) -> tuple[list[ClaimCheck], list[Claim]]:
        """What of an earlier run stays, and the claims that are left to check."""
        if not earlier or not self.helper:
            return list(earlier), claims[len(earlier) :]
        # A language model makes several claims of a sentence: it may have been stopped between those of the last.
        last = max((n for n, claim in enumerate(claims) if claim.start <= earlier[-1].start), default=0)
        return [check for check in earlier if check.start < claims[last].start], claims[last:]

    def check_again(self, text: str, before: str, checks: Sequence[ClaimCheck]) -> Iterator[ClaimCheck]:
        """Claims of an earlier check of a text, each with what comes of it today; those left out stay."""
        helper = self.helper.begin() if self.helper else None
        sentences = {(claim.start, claim.end): claim.sentence for claim in find_claims(text, before)}
        for check in checks:
            sentence = sentences.get((check.start, check.end), "")
            claim = Claim(check.claim, check.start, check.end, check.standalone, "", sentence=sentence)
            yield check if check.reason == "not_checkable" else self.check(claim, helper)

    def check(self, claim: Claim, helper: TextHelper | None = None) -> ClaimCheck:
        """One claim's verdict with its evidence."""
        readings = self.finder.find(claim.standalone, claim.queries, claim.sentence)
        return self.decide(claim, readings, helper)

    def decide(self, claim: Claim, readings: Sequence[Reading], helper: TextHelper | None = None) -> ClaimCheck:
        """The verdict that readings of a claim come to."""
        probabilities = self.aggregator.probabilities(features(claim.standalone, readings)[None])[0]
        if helper:
            probabilities = helper.weigh(claim.standalone, readings, probabilities)
        sides = [self._side(readings, side) for side in (SUPPORTED, REFUTED)]
        corrected = _corrected(claim.standalone, sides)
        is_disputed = corrected is not None and corrected.side == REFUTED and not corrected.outright
        settled = corrected.side if corrected and not is_disputed else _settled(readings)
        if settled is not None:
            probabilities = decided(settled)
        column = likeliest(probabilities)
        joined = self.finder.joined(claim.standalone, readings) if column == NOT_ENOUGH else None
        if column != NOT_ENOUGH and not sides[column]:
            sides[column] = [found for found in [telling(readings, column)] if found]
        if joined and max(joined[1][:NOT_ENOUGH]) >= STRONG:
            column = likeliest(joined[1])
            probabilities = joined[1]
            sides[column] = list(joined[0])
        quotations = self._quotations(claim, readings)
        supporting, doubt = sides[SUPPORTED], ""
        if column == SUPPORTED:
            sides[SUPPORTED], doubt = _borne_out(claim.standalone, supporting)
            doubt = doubt or (MISQUOTED if any(q.found != "verbatim" for q in quotations) else "")
        if doubt:
            column = NOT_ENOUGH
            probabilities = np.array([0.0, probabilities[REFUTED], 1 - probabilities[REFUTED]])
        confidence = float(probabilities[column])
        verdict: Verdict = VERDICTS[column]
        withheld: Verdict | None = None
        if all(sides) if is_disputed else not corrected and _conflict(sides):
            verdict, confidence = "conflicting", min(strongest(r, s) for s in (0, 1) for r in sides[s][:1])
        if verdict != "not_enough_evidence" and confidence < self.aggregator.cutoff(self.risk):
            verdict, withheld, confidence = "not_enough_evidence", verdict, 1 - confidence
        if doubt:
            evidence = tuple(self._piece(reading, None) for reading in supporting[:BESIDE])
        else:
            evidence = self._evidence(withheld or verdict, readings, sides)
        sources = _independent_sources(verdict, sides)
        is_open = verdict in ("refuted", "not_enough_evidence")  # only then the explanation names facts
        facts = self._compared(claim.standalone, evidence[0]) if evidence and is_open else None
        lean = f"{LEANINGS[withheld]} ({1 - confidence:.0%})" if withheld else ""
        is_one_sided = verdict in ("supported", "refuted")
        phrased = helper.phrase(claim.standalone, evidence) if helper and is_one_sided else ()
        parts = explain(verdict, evidence, len(sources), facts, lean, phrased, doubt, corrected is not None)
        parts += tuple(map(quotation_note, quotations))
        return ClaimCheck(
            claim=claim.text,
            start=claim.start,
            end=claim.end,
            verdict=verdict,
            confidence=round(confidence, 4),
            evidence=evidence,
            explanation=as_prose(parts),
            reason=None if verdict != "not_enough_evidence" else "inconclusive" if evidence else "corpus_silent",
            independent_sources=len(sources),
            standalone=claim.standalone,
            quotations=quotations,
            explanation_parts=parts,
            readings=tuple(reading.kept() for reading in readings),
        )

    def _side(self, readings: Sequence[Reading], side: int) -> list[Reading]:
        """The readings that stand on a side, the strongest of each article, strongest first."""
        near = [r for r in readings if r.nearness >= NEAR]
        found = [r for r in near if strongest(r, side) >= max(TAKES_SIDES, strongest(r, 1 - side))]
        found.sort(key=lambda r: -strongest(r, side))
        return _first_of_each_article(found)

    def _evidence(
        self, verdict: Verdict, readings: Sequence[Reading], sides: Sequence[Sequence[Reading]]
    ) -> tuple[Evidence, ...]:
        """What is shown: the side of the verdict first, then the other; where neither, what comes nearest."""
        first = REFUTED if verdict == "refuted" else SUPPORTED
        chosen = [self._piece(r, first) for r in sides[first][:SHOWN]]
        other = SHOWN if verdict == "conflicting" else BESIDE
        chosen += [self._piece(r, 1 - first) for r in sides[1 - first][:other]]
        if not chosen:
            nearest = _first_of_each_article([r for r in readings if r.nearness >= NEAR])
            chosen = [self._piece(r, None) for r in nearest[:BESIDE]]
        return tuple(chosen)

    def _piece(self, reading: Reading, side: int | None) -> Evidence:
        shown = side if side is not None else int(reading.scores[REFUTED] > reading.scores[SUPPORTED])
        span = reading.sides[shown]
        return Evidence(
            passage=self._passage(reading),
            quote=reading.article.text[span.start : span.end],
            quote_start=span.start,
            quote_end=span.end,
            stance="neither" if side is None else STANCES[side],
            scores=as_scores(span.scores),
        )

    def _passage(self, reading: Reading) -> Passage:
        sentences = self.finder.retriever.index.catalog.sentences(reading.article.id)
        start, end = widen(sentences, reading.start, reading.end, self.context_size)
        return Passage.of(reading.article, start, end, round(reading.relevance, 4))

    def _quotations(self, claim: Claim, readings: Sequence[Reading]) -> tuple[Quotation, ...]:
        spans = quoted_spans(claim.text)
        passages = [self._passage(reading) for reading in readings] if spans else []
        return tuple(check_quotation(claim.text[start:end], passages) for start, end in spans)

    def _compared(self, claim: str, piece: Evidence) -> Comparison:
        """The claim beside the words that are shown, for elsewhere in their passage stand other numbers."""
        text = under_title(piece.passage.title, piece.passage.date, piece.quote)
        compared = compare(claim, text)
        missing = unmentioned(compared, text, claim)
        rival = None if compared.mismatches else self.finder.verifier.rival(claim, text)
        return replace(compared, missing=missing, mismatches=(rival,) if rival else compared.mismatches)


def _settled(readings: Sequence[Reading]) -> int | None:
    """The side that the facts of the readings decide by themselves; None where they do not, or for both sides."""
    found = {reading.settled for reading in readings if reading.nearness >= NEAR and reading.settled}
    return STANCES.index(found.pop()) if len(found) == 1 else None


@dataclass(frozen=True)
class _Correction:
    """An article on one side that corrects those of the other, which are all earlier.

    `outright`: it names what it corrects. Else it only says that its own figure is a new one ("now", "recount").
    """

    side: int
    outright: bool


def _corrected(claim: str, sides: list[list[Reading]]) -> _Correction | None:
    """The side on which a later article corrects the other; its reading is put first there, to be shown."""
    for side in (REFUTED, SUPPORTED):
        for later in sides[side]:
            if not sides[1 - side] or not all(_is_before(reading, later) for reading in sides[1 - side]):
                continue
            outright = corrects(claim, later.titled) == STANCES[side]
            if outright or revises(claim, later.titled):
                sides[side].sort(key=lambda reading: reading is not later)
                return _Correction(side, outright)
    return None


def _is_before(reading: Reading, later: Reading) -> bool:
    return "" < reading.article.date[:10] < later.article.date[:10]


def _borne_out(claim: str, supporting: Sequence[Reading]) -> tuple[list[Reading], str]:
    """The readings that bear a claim out; where none of them does, why the first does not, else "".

    The others only have its words: they tell as alleged, planned or possible what the claim states as a fact, or
    tell it of somebody else.
    """
    doubts = [(reading, _doubt(claim, reading)) for reading in supporting]
    found = [reading for reading, doubt in doubts if not doubt]
    return found, doubts[0][1] if doubts and not found else ""


def _doubt(claim: str, reading: Reading) -> str:
    """Why the words of a reading do not bear the claim out though they are like its own; "" where they may."""
    doubt = doubt_in_words(compare_statements(in_words_of(claim, reading.titled), reading.text))
    if doubt or reading.settled == "supports":
        return doubt
    other = next((m for m in compare(claim, reading.titled).mismatches if m.kind == "date"), None)
    return as_opening(mismatch_in_words(other)) if other else ""


def _first_of_each_article(readings: Sequence[Reading]) -> list[Reading]:
    first: dict[str, Reading] = {}
    for reading in readings:
        first.setdefault(reading.article.id, reading)
    return list(first.values())


def _conflict(sides: Sequence[Sequence[Reading]]) -> bool:
    """Strong words for and strong words against, in articles of which neither is a copy of the other."""
    if not all(side and strongest(side[0], number) >= STRONG for number, side in enumerate(sides)):
        return False
    return len(independent([side[0].article for side in sides])) == 2


def _independent_sources(verdict: Verdict, sides: Sequence[Sequence[Reading]]) -> Sequence[object]:
    """The independent sources that a verdict rests on, of those that are shown."""
    resting = {"supported": sides[:1], "refuted": sides[1:], "conflicting": sides}.get(verdict, [])
    return independent([reading.article for side in resting for reading in side[:SHOWN]])


def _check_of_left_out(claim: Claim) -> ClaimCheck:
    return ClaimCheck(
        claim=claim.text,
        start=claim.start,
        end=claim.end,
        verdict="not_enough_evidence",
        confidence=1.0,
        evidence=(),
        explanation=claim.left_out,
        reason="not_checkable",
        independent_sources=0,
        standalone=claim.standalone,
        explanation_parts=(ExplanationPart("words", claim.left_out),),
    )


def _at(number: int, total: int) -> str:
    return "Checking the claim" if total == 1 else f"Checking claim {number} of {total}"
