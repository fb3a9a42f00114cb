"""Which kept verdicts came out otherwise, and because of which evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from factbot.results import Article, Change, Check, Citation, ClaimCheck, Evidence, Verdict

__all__ = ["changes_between", "standing"]

DECIDING = {"supported": ("supports",), "refuted": ("refutes",), "conflicting": ("supports", "refutes")}


def standing(check: Check, log: Sequence[Change]) -> list[Change]:
    """The claims of a check whose last verdict in the log is not the kept one, by number."""
    last = {change.claim: change for change in log if change.check_id == check.id}
    found = []
    for number, kept in enumerate(check.report.claims, start=1):
        change = last.get(number)
        if change and change.now != kept.verdict:
            found.append(
                Change(check.id, number, kept.verdict, change.now, change.because, change.at, change.gone)
            )
    return found


def changes_between(
    check: Check,
    today: Iterable[ClaimCheck],
    log: Sequence[Change],
    article: Callable[[str], Article | None],
    at: str,
) -> list[Change]:
    """What is new in the verdicts of `today`, claim by claim, beside the last ones that are known.

    `article` gives an article of today by its id.
    """
    known: dict[int, Verdict] = {change.claim: change.now for change in log if change.check_id == check.id}
    found = []
    for number, (then, now) in enumerate(zip(check.report.claims, today, strict=True), start=1):
        was = known.get(number, then.verdict)
        if now.verdict != was:
            because, gone = _because(then, now, article)
            found.append(Change(check.id, number, was, now.verdict, because, at, gone))
    return found


def _because(
    then: ClaimCheck, now: ClaimCheck, article: Callable[[str], Article | None]
) -> tuple[tuple[Citation, ...], tuple[int, ...]]:
    """The evidence that made the difference, and the numbers of what no article says any more.

    That is what is new, and what was said then and is not said now. Where the evidence is the same, as after a
    change of settings or of models, it is all of today's.
    """
    held = {_key(piece) for piece in then.evidence}
    new = [piece for piece in _deciding(now) if _key(piece) not in held]
    gone = [piece for piece in _deciding(then) if not _is_said(piece, article)]
    pieces = [*new, *gone] or _deciding(now)
    citations = tuple(
        Citation(number, piece.passage, piece.quote, piece.quote_start, piece.quote_end)
        for number, piece in enumerate(pieces, start=1)
    )
    return citations, tuple(range(len(new) + 1, len(new) + len(gone) + 1))


def _deciding(check: ClaimCheck) -> list[Evidence]:
    """The evidence on the side of the verdict; all of it where there is not enough."""
    sides = DECIDING.get(check.verdict)
    return [piece for piece in check.evidence if sides is None or piece.stance in sides]


def _key(piece: Evidence) -> tuple[str, str]:
    return piece.passage.article_id, piece.quote


def _is_said(piece: Evidence, article: Callable[[str], Article | None]) -> bool:
    today = article(piece.passage.article_id)
    return today is not None and piece.quote in today.text
