"""What the commands on kept checks do: `checks` and `recheck`."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from factbot.cli.output import plain, print_check, print_json, say, where
from factbot.errors import DeskError, UsageError
from factbot.results import Change, Check, ImportReport
from factbot.text.normalise import single_spaced

if TYPE_CHECKING:
    from factbot.bot import FactBot
    from factbot.web.api.client import RemoteBot

__all__ = ["checks", "recheck"]

FAILURES_SHOWN = 20


def checks(bot: FactBot | RemoteBot, options: Namespace) -> int:
    """List kept checks, show one, or do to one what is asked; take in those of others. Returns the exit code."""
    of_one = options.delete or options.resume or options.rename is not None
    if of_one and options.id is None:
        raise UsageError("Name the check, by its ID; `factbot checks` lists them.")
    if options.import_file is not None:
        if options.id is not None:
            raise UsageError("Give either the ID of a check or --import FILE.")
        return _import(bot, options)
    if options.id is None:
        kept = bot.checks()
        print_json(plain(kept)) if options.json else _print_list(kept)
        return 0
    if options.rename is not None:
        bot.rename_check(options.id, options.rename)
    if options.resume:
        bot.resume_check(options.id)
    check = bot.delete_check(options.id) if options.delete else bot.kept(options.id)
    if options.json:
        print_json(check.to_dict())
    elif options.delete:
        print(f"Deleted {check.id}: {check.title}")
    else:
        _print_whole(check)
    return 0


def recheck(bot: FactBot | RemoteBot, options: Namespace) -> int:
    """Print the kept verdicts that differ today, or the log of all that ever did. Returns the exit code."""
    if options.log and options.ids:
        raise UsageError("Give either the IDs of checks or --log.")
    changes = bot.corrections() if options.log else bot.recheck(options.ids or None)
    if options.json:
        print_json(plain(changes))
        return 0
    kept: dict[str, Check | None] = {}
    for change in changes:
        if change.check_id not in kept:
            kept[change.check_id] = _kept(bot, change.check_id)
        _print_change(change, kept[change.check_id])
    if not changes:
        say("No change was ever found." if options.log else "No kept verdict comes out otherwise today.")
    return 0


def _kept(bot: FactBot | RemoteBot, check_id: str) -> Check | None:
    """A check that the log tells of; None where it was deleted since."""
    try:
        return bot.kept(check_id)
    except DeskError:
        return None


def _import(bot: FactBot | RemoteBot, options: Namespace) -> int:
    report: ImportReport = bot.import_checks(options.import_file)
    if options.json:
        print_json(report.to_dict())
    else:
        print(f"{report.added} claims added, {report.known} known already, {len(report.failed)} left out.")
        for failure in report.failed[:FAILURES_SHOWN]:
            say(f"factbot: {failure.reason}")
        if len(report.failed) > FAILURES_SHOWN:
            say(f"factbot: {len(report.failed) - FAILURES_SHOWN:,} more were left out; --json names them all.")
    return 1 if report.failed else 0


def _print_list(kept: Sequence[Check]) -> None:
    for check in kept:
        owner = f"\t{check.owner}" if check.owner else ""
        print(f"{check.id}\t{check.at}\t{check.title}\t{_counts(check)}{owner}")
    if not kept:
        say("No check is kept; `factbot check --keep` keeps one.")


def _counts(check: Check) -> str:
    """How many claims have which verdict, and what is left to do."""
    counted = Counter(c.verdict for c in check.report.claims if c.reason != "not_checkable")
    parts = [f"{number} {verdict.replace('_', ' ')}" for verdict, number in counted.most_common()]
    opened = sum(review.status == "open" for review in {review.claim: review for review in check.reviews}.values())
    parts += [f"{opened} open"] if opened else []
    parts += [] if check.finished else ["unfinished"]
    return ", ".join(parts) or "no claims"


def _print_whole(check: Check) -> None:
    print(f"{check.title}\n{check.id}, {check.at}, corpus version {check.report.corpus_version or '-'}\n")
    for number, claim in enumerate(check.report.claims, start=1):
        print_check(claim, number, [review for review in check.reviews if review.claim == number])
    if check.report.note:
        print(f"({check.report.note})")
    if not check.finished:
        say(f"This check was stopped; `factbot checks {check.id} --resume` goes on with it.")


def _print_change(change: Change, check: Check | None) -> None:
    claims = check.report.claims if check else ()
    words = single_spaced(claims[change.claim - 1].claim) if change.claim <= len(claims) else "(deleted)"
    was, now = (verdict.replace("_", " ").upper() for verdict in (change.was, change.now))
    print(f"{was} -> {now}  {words}")
    print(f"    check {change.check_id}, claim {change.claim}, found {change.at}")
    for citation in change.because:
        said = "no longer said" if citation.number in change.gone else "said"
        print(f"    [{citation.number}] {said}: {where(citation, indent=8)}")
    print()
