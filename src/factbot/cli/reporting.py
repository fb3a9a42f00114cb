"""Reports as files, and the verdicts of a bundle made again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from factbot.bot import FactBot
from factbot.cli.output import plain, print_json, print_replayed, say
from factbot.reports.writing import write_report
from factbot.results import Article, Report
from factbot.settings import Settings
from factbot.text.dates import utc
from factbot.text.plurals import counted

if TYPE_CHECKING:
    from factbot.web.api.client import RemoteBot

__all__ = ["replay_bundle", "write"]


def write(path: Path, bot: FactBot | RemoteBot, report: Report, settings: Settings) -> None:
    """Write a report; its kind is what the file's name ends in. Raises UsageError where it cannot be written."""
    from factbot.reports.document import Document

    articles: list[Article] = []
    if path.suffix.lower() == ".zip":
        from factbot.reports.bundle import articles_read

        articles = articles_read(report, bot.history)
    write_report(Document(report, at=utc(datetime.now(UTC)), settings=settings, articles=articles), path)
    say(f"The report is in {path}.")


def replay_bundle(path: Path, settings: Settings, *, as_json: bool) -> int:
    """Print what comes of a bundle today beside what it holds; 1 where they differ."""
    from factbot.reports.bundle import open_bundle
    from factbot.reports.replay import notes, replay

    bundle = open_bundle(path)
    beside, claims = notes(bundle, settings), []
    for note in beside:
        say(f"factbot: {note}")
    for claim in replay(bundle, settings):
        claims.append(claim)
        if not as_json:
            print_replayed(claim)
    differing = sum(bool(claim.differences) for claim in claims)
    if as_json:
        print_json({"notes": beside, "claims": plain(claims)})
    else:
        print(f"{counted(len(claims), 'claim')} read again, {differing or 'none'} with a difference.")
    return 1 if differing else 0
