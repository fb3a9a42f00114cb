"""The desk of one corpus: what FactBot hands its kept checks to."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import get_args

from factbot.checking.claims import find_claims
from factbot.checking.decontextualise import unwrapped
from factbot.desk.changes import changes_between, standing
from factbot.desk.claim_reviews import read_claim_reviews
from factbot.desk.database import Database
from factbot.desk.memory import Memory
from factbot.desk.store import CheckStore, now
from factbot.engine import Engine
from factbot.errors import UsageError
from factbot.results import (
    Change,
    Check,
    Earlier,
    Failure,
    ImportReport,
    Report,
    Review,
    Stage,
    Status,
    Usage,
    Verdict,
)
from factbot.scheduling import Cancellation
from factbot.text.normalise import shortened, single_spaced, typed_line, visible_text

__all__ = ["Desk"]

TITLE = 80  # characters of a text that are its title
LONGEST_TITLE = 200
LONGEST_NOTE = 10_000
LONGEST_CLAIM = 2_000
MAX_K = 100

Asking = Callable[[], AbstractContextManager[Engine]]


class Desk:
    """Checks that are kept, their reviews, the corrections log, and what was checked before.

    All of it lies in one file at `path`, which is opened at its first use. `asking` gives the engine that answers,
    around a question of a person; `working` does so in the background. Safe to use from several threads, and the
    file from several processes. Methods raise DeskError where the file cannot be used, and for an id that it does
    not have.
    """

    def __init__(self, path: Path, asking: Asking, working: Asking) -> None:
        self.path = path
        self._asking = asking
        self._working = working
        self._db = Database(path)
        self._store = CheckStore(self._db)
        self._memory = Memory(self._db)

    def close(self) -> None:
        self._db.close()

    def is_whole(self) -> bool:
        """Whether the file is undamaged."""
        return self._db.is_whole()

    # -- checks -----------------------------------------------------------------------------------

    def begin(self, text: str, before: str = "", *, title: str = "", owner: str = "") -> str:
        """Keep a check that `run` is to do, and give its id. Raises UsageError for a text that is none."""
        find_claims(text, before)
        return self._store.begin(
            text, before, _title(title) or _title(shortened(visible_text(text), TITLE)), owner
        )

    def run(self, check_id: str) -> Iterator[Stage | Report]:
        """Do a kept check, or go on with it after its last claim; each claim is kept as soon as it is checked.

        The last report is whole; that of a finished check is given as it is.
        """
        check = self._store.check(check_id)
        kept = check.report
        if check.finished:
            yield kept
            return
        with self._asking() as engine:
            earlier = self._store.basis(check_id)
            basis = _basis(engine)
            self._store.set_basis(check_id, basis if earlier in (None, basis) else "")
            for event in engine.checker.stream(check.text, self._store.before(check_id), kept.claims):
                if isinstance(event, Report):
                    event = _added(check.report, event)
                    self._store.add_claims(check_id, event, _same(kept, event))
                    kept = event
                yield event
            if _basis(engine) != basis:  # an article changed in the middle
                self._store.set_basis(check_id, "")
            self._store.finish(check_id)
        if kept is check.report:
            yield kept

    def checks(self, owner: str | None = None) -> list[Check]:
        """Every kept check, or those of one owner, newest first, their claims without evidence."""
        return self._store.checks(owner)

    def kept(self, check_id: str, owner: str | None = None) -> Check:
        """One kept check, whole; with `owner`, only where it is theirs."""
        return self._store.check(check_id, owner)

    def delete(self, check_id: str) -> Check:
        """Delete a kept check for good, with its reviews, and give it: `put` brings it back.

        What the corrections log says of it stays: verdicts and quotes of articles, no words of the text.
        """
        with self._store.transaction():
            check = self._store.check(check_id)
            self._store.delete(check_id)
        self._store.flush()
        return check

    def put(self, check: Check) -> None:
        """Keep a check that is whole already. Raises DeskError where there is one of its id."""
        self._store.put(check)

    def rename(self, check_id: str, title: str) -> None:
        """Give a kept check another title. Raises UsageError for one without words."""
        line = _title(title)
        if not line:
            raise UsageError("The title has no words; give one that has.")
        self._store.rename(check_id, line)

    # -- reviews ----------------------------------------------------------------------------------

    def review(
        self,
        check_id: str,
        claim_number: int,
        *,
        verdict: Verdict | None = None,
        note: str | None = None,
        status: Status | None = None,
        by: str = "",
    ) -> Review:
        """Keep what a person says of a claim; what is None stays as in the claim's last review.

        Raises UsageError for a claim that is not there, and for another verdict or status than there are.
        """
        if verdict is not None and verdict not in get_args(Verdict):
            raise UsageError(f"{verdict!r} is no verdict; give {', '.join(get_args(Verdict))}.")
        if status is not None and status not in get_args(Status):
            raise UsageError(f"{status!r} is no status; give {' or '.join(get_args(Status))}.")
        note = note if note is None else visible_text(note).strip()
        if note and len(note) > LONGEST_NOTE:
            raise UsageError(f"The note has {len(note):,} characters; write at most {LONGEST_NOTE:,}.")
        with self._store.transaction():
            check = self._store.check(check_id)
            if not 1 <= claim_number <= len(check.report.claims):
                raise UsageError(f"The check has {len(check.report.claims)} claims, and no claim {claim_number}.")
            last = check.review_of(claim_number) or Review(claim_number, None, "", "open", "", "")
            review = replace(
                last,
                verdict=verdict or last.verdict,
                note=last.note if note is None else note,
                status=status or last.status,
                by=_title(by),
                at=now(),
            )
            self._store.add_review(check_id, review)
        return review

    # -- what changed -----------------------------------------------------------------------------

    def recheck(
        self, check_ids: Collection[str] | None = None, cancellation: Cancellation | None = None
    ) -> Iterator[Change]:
        """Check the claims of kept checks again, of these or of all, and give those that come out otherwise today.

        A check is not read again where nothing changed since: articles, models, settings, factbot. What is new
        goes to the corrections log. Stopped, it goes on there when it is called again.
        """
        wanted = self._store.ids(check_ids)
        for check_id in wanted:
            if cancellation and cancellation.stopped:
                return
            check = self._store.check(check_id)
            with self._working() as engine:
                yield from self._rechecked(check, engine, cancellation)

    def _rechecked(self, check: Check, engine: Engine, cancellation: Cancellation | None) -> list[Change]:
        basis = _basis(engine)
        if self._store.basis(check.id) != basis:
            today, before = [], self._store.before(check.id)
            for claim in engine.checker.check_again(check.text, before, check.report.claims):
                if cancellation:
                    cancellation.give_way()
                    if cancellation.stopped:
                        return []
                today.append(claim)
            with self._store.transaction():
                log = self._store.changes([check.id])
                self._store.add_changes(changes_between(check, today, log, engine.index.catalog.article, now()))
                self._store.set_basis(check.id, basis if basis == _basis(engine) else "")
        return standing(check, self._store.changes([check.id]))

    def corrections(self) -> list[Change]:
        """The corrections log: every change that was ever found, oldest first. It only grows."""
        return self._store.changes()

    # -- what was checked before ------------------------------------------------------------------

    def earlier(self, claim: str, k: int = 5, *, owner: str | None = None, besides: str = "") -> list[Earlier]:
        """At most k claims that were checked before and are like this one, the likest first.

        They are claims of kept checks (of `owner`, where given; not those of the check `besides`) and imported
        ones. Raises UsageError for a claim without words, or of more than 2,000 characters.
        """
        line = unwrapped(typed_line(claim)) if isinstance(claim, str) else ""
        if not any(c.isalnum() for c in line):
            raise UsageError("The claim holds no words; give a sentence that states something.")
        if len(line) > LONGEST_CLAIM:
            raise UsageError(f"The claim has {len(line):,} characters; give one sentence.")
        if not 1 <= k <= MAX_K:
            raise UsageError(f"k is {k}; ask for 1 to {MAX_K} earlier claims.")
        with self._asking() as engine:
            models = (engine.embedder, engine.checker.finder.verifier)
            return self._memory.like(line, k, models, owner, besides)

    def import_checks(self, path: str | Path) -> ImportReport:
        """Take in the claims of a file of ClaimReview (JSON, JSON-LD, a page, a feed).

        One that cannot be used is a Failure, and the rest goes on. Raises UsageError for a file that holds none.
        """
        found = list(read_claim_reviews(path))
        reviews = [each for each in found if not isinstance(each, Failure)]
        failed = tuple(each for each in found if isinstance(each, Failure))
        added = self._memory.remember(reviews)
        with self._working() as engine:
            self._memory.embed(engine.embedder)
        return ImportReport(added, len(reviews) - added, failed)


def _title(text: str) -> str:
    return single_spaced(visible_text(text))[:LONGEST_TITLE]


def _basis(engine: Engine) -> str:
    """All that verdicts depend on, in words: where it is the same, so are they."""
    checker = engine.checker
    return json.dumps(
        [version("factbot"), engine.index.corpus_version, checker.risk, sorted(checker.models.items())]
    )


def _same(kept: Report, report: Report) -> int:
    """How many claims at the beginning of a report are those that are kept."""
    pairs = zip(kept.claims, report.claims, strict=False)
    return next(
        (n for n, (old, new) in enumerate(pairs) if old is not new), min(len(kept.claims), len(report.claims))
    )


def _added(earlier: Report, report: Report) -> Report:
    """A report that went on from an earlier one, with the time and the cost of both.

    The corpus version is that of the first claim: those after it may have been checked with later articles.
    """
    usage = {used.stage: used for used in earlier.usage}
    for used in report.usage:
        before = usage.get(used.stage, Usage(used.stage, 0, 0, 0, 0.0))
        usage[used.stage] = Usage(
            used.stage,
            before.calls + used.calls,
            before.input_tokens + used.input_tokens,
            before.output_tokens + used.output_tokens,
            before.seconds + used.seconds,
        )
    return replace(
        report,
        elapsed_ms=earlier.elapsed_ms + report.elapsed_ms,
        corpus_version=earlier.corpus_version or report.corpus_version,
        note=" ".join(dict.fromkeys(filter(None, (earlier.note, report.note)))),
        usage=tuple(usage.values()),
        check_id=earlier.check_id,
    )
