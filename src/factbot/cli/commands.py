"""What each command of the command line does."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factbot.bot import FactBot
from factbot.cli import kept, reporting
from factbot.cli.batch import answer_lines, lines_of, text_field
from factbot.cli.drafts import text_to_check
from factbot.cli.output import (
    plain,
    print_answer,
    print_articles,
    print_check,
    print_findings,
    print_history,
    print_json,
    print_passages,
    print_report,
    print_sync,
    print_withdrawn,
    say,
)
from factbot.doctor.findings import Finding, examine
from factbot.errors import ArticleError, CorpusIndexError, FactbotError, IndexLockedError, UsageError
from factbot.index.location import read_owner
from factbot.reports.writing import refuse_unwritable
from factbot.results import Answer, Article, Failure, Report, Scores, SyncProgress, SyncReport
from factbot.settings import Settings

if TYPE_CHECKING:
    from factbot.web.api.client import RemoteBot

__all__ = ["run"]


def run(options: Namespace) -> int:
    """Run the command that was parsed; raises FactbotError for what a person should know."""
    return COMMANDS[options.command](options)


def _open(options: Namespace, rebuild: bool = False) -> FactBot | RemoteBot:
    """The bot; where the running app has the index open, the app's bot."""
    settings = _settings(options)
    try:
        bot = FactBot(settings, rebuild=rebuild)
    except CorpusIndexError as error:
        # In use by the app; or on a Chroma server, where only the process that owns the index can repair it.
        if (isinstance(error, IndexLockedError) or settings.chroma_url) and (remote := _remote(settings)):
            return remote
        raise
    if settings.chroma_url and (remote := _remote(settings)):  # beside the app, this process could only read
        bot.close()
        return remote
    return bot


def _remote(settings: Settings) -> RemoteBot | None:
    """The bot of the app that owns the index, if it takes requests."""
    owner = read_owner(settings.index)
    if owner is None or not owner.address:
        return None
    from factbot.web.api.client import RemoteBot

    return RemoteBot(settings, owner)


def _settings(options: Namespace) -> Settings:
    return Settings.load(corpus=options.corpus, index=options.index)


def _sync(options: Namespace) -> int:
    with _open(options, options.rebuild) as bot:
        report = _with_progress(bot.rebuild if options.rebuild else bot.sync)
        if options.json:
            print_json(report.to_dict())
        else:
            print_sync(report, bot.articles())
    return 1 if report.failed else 0


def _add(options: Namespace) -> int:
    """Print each article as soon as it is indexed; one that fails does not stop the rest."""
    from tqdm import tqdm

    results: list[dict[str, Any]] = []
    failed = 0
    with (
        _open(options) as bot,
        tqdm(unit=" articles", disable=not sys.stderr.isatty(), leave=False) as bar,
    ):
        for given in options.articles:
            for item in _added(bot, given):
                if isinstance(item, Failure):
                    failed += 1
                    results.append({"source": item.path, "error": item.reason})
                    bar.write(f"factbot: {item.reason}", sys.stderr)
                    bar.set_postfix_str(f"{failed} failed")
                    continue
                results.append({"source": given, "result": item.to_dict()})
                if not options.json:
                    bar.write(f"{item.id}\t{item.title} ({item.passages} passages)", sys.stdout)
                if item.note:
                    bar.write(f"factbot: {item.id}: {item.note}", sys.stderr)
                bar.update()
    if options.json:
        print_json(results)
    return 1 if failed else 0


def _added(bot: FactBot | RemoteBot, given: str) -> Iterator[Article | Failure]:
    try:
        yield from bot.add_all(given)
    except ArticleError as error:
        yield Failure(given, str(error))


def _remove(options: Namespace) -> int:
    failed = False
    with _open(options) as bot:
        for article_id in options.ids:
            try:
                bot.remove(article_id)
            except ArticleError as error:
                failed = True
                say(f"factbot: {error}")
            else:
                if not options.json:
                    print(f"Removed {article_id}.")
        if options.json:
            print_json({"articles": len(bot.articles())})
    return 1 if failed else 0


def _restore(options: Namespace) -> int:
    results: list[dict[str, Any]] = []
    with _open(options) as bot:
        for article_id in options.ids:
            try:
                article = bot.restore(article_id)
            except ArticleError as error:
                results.append({"id": article_id, "error": str(error)})
                say(f"factbot: {error}")
            else:
                results.append({"id": article_id, "result": article.to_dict()})
                if not options.json:
                    print(f"Restored {article.id}.")
    if options.json:
        print_json(results)
    return 1 if any("error" in result for result in results) else 0


def _articles(options: Namespace) -> int:
    with _open(options) as bot:
        if options.history is not None:
            versions = bot.history(options.history)
            print_json(plain(versions)) if options.json else print_history(versions)
        elif options.withdrawn:
            withdrawn = bot.withdrawn()
            print_json(withdrawn) if options.json else print_withdrawn(withdrawn)
        else:
            articles = bot.articles()
            if options.json:
                print_json([{k: v for k, v in a.to_dict().items() if k != "text"} for a in articles])
            else:
                print_articles(articles)
    return 0


def _search(options: Namespace) -> int:
    return _one_or_batch(
        options, "query", options.query, lambda bot, query: bot.search(query, options.k), print_passages
    )


def _ask(options: Namespace) -> int:
    def ask(bot: FactBot | RemoteBot, question: str, date: str = "") -> Answer:
        return bot.ask(question, date=date)

    return _one_or_batch(options, "question", options.question, ask, print_answer, also=("date",))


def _check(options: Namespace) -> int:
    text = None if options.text is None else text_to_check(options.text)
    if options.report is not None:
        if options.batch is not None:
            raise UsageError("--report is for one text; leave out --batch, or --report.")
        refuse_unwritable(Path(options.report))  # before the check, which may take long
    if text is None or options.batch is not None:
        return _one_or_batch(
            options, "text", text, lambda bot, text: bot.check(text, keep=options.keep), print_report
        )
    with _open(options) as bot:
        report = _checked(bot, text, options)
        if report is None:
            return 1
        if options.report is not None:
            reporting.write(Path(options.report), bot, report, _settings(options))
    return 0


def _checked(bot: FactBot | RemoteBot, text: str, options: Namespace) -> Report | None:
    """The report, printed; None where it was stopped and can be resumed."""
    if options.json:
        report = bot.check(text, keep=options.keep)
        print_json(report.to_dict())
        return report
    return _check_with_progress(bot, text, options.keep)


def _check_with_progress(bot: FactBot | RemoteBot, text: str, keep: bool) -> Report | None:
    """Each claim is printed as soon as it is checked."""
    shown, check_id = 0, ""
    try:
        for event in bot.stream_check(text, keep=keep):
            if isinstance(event, Report):
                report = event
                for check in report.claims[shown:]:
                    print_check(check)
                shown, check_id = len(report.claims), report.check_id
    except KeyboardInterrupt:
        if not check_id:
            raise
        say(f"factbot: stopped; `factbot checks {check_id} --resume` goes on after claim {shown}.")
        return None
    if report.note:
        print(f"({report.note})")
    if check_id:
        say(f"Kept; `factbot checks {check_id}` shows it.")
    return report


def _checks(options: Namespace) -> int:
    with _open(options) as bot:
        return kept.checks(bot, options)


def _recheck(options: Namespace) -> int:
    with _open(options) as bot:
        return kept.recheck(bot, options)


def _replay(options: Namespace) -> int:
    return reporting.replay_bundle(Path(options.bundle), _settings(options), as_json=options.json)


def _verify(options: Namespace) -> int:
    # No index is opened: the running app may own it.
    from factbot.checking.pairs import verify
    from factbot.checking.verifier import load_verifier

    verifier = load_verifier(_settings(options).verifier)

    def scores(row: dict[str, Any]) -> Scores:
        return verify(verifier, [(text_field(row, "claim"), text_field(row, "evidence"))])[0]

    with lines_of(options.batch) as lines:
        return answer_lines(lines, scores)


def _serve(options: Namespace) -> int:
    from factbot.web.server import serve

    with FactBot(_settings(options)) as bot:
        _ = bot.language_model  # so that a wrong setting is reported now, and not at the first question
        serve(bot, host=options.host, port=options.port, open_browser=not options.no_browser)
    return 0


def _doctor(options: Namespace) -> int:
    findings = _found_by_app(options) or examine(options.corpus, options.index, fix=options.fix)
    if options.json:
        print_json(plain(findings))
    else:
        print_findings(findings)
    return 0 if all(finding.healthy for finding in findings) else 1


def _found_by_app(options: Namespace) -> list[Finding]:
    """What the running app finds of the index that it has open; empty where no app has it open."""
    try:
        bot = _open(options)
    except FactbotError:
        return []  # `examine` finds out what is wrong
    with bot:
        return [] if isinstance(bot, FactBot) else bot.doctor(options.fix)


def _user(options: Namespace) -> int:
    from factbot.web.auth.users import save_user

    file = Path(options.file) if options.file else _settings(options).sign_in
    if file == Path():
        raise UsageError("Give --file FILE, or set `sign_in`, to say which file of users it is.")
    if sys.stdin.isatty():
        password = getpass(f"Password for {options.name}: ")
        if getpass("The same again: ") != password:
            raise UsageError("The two passwords differ; try again.")
    else:
        password = sys.stdin.readline().rstrip("\n")
    save_user(file, options.name, options.role, password)
    if options.json:
        print_json({"name": options.name, "role": options.role, "file": str(file)})
    else:
        print(f"{options.name} may sign in as {options.role}, by {file}.")
    return 0


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "sync": _sync,
    "add": _add,
    "remove": _remove,
    "restore": _restore,
    "articles": _articles,
    "search": _search,
    "ask": _ask,
    "check": _check,
    "checks": _checks,
    "recheck": _recheck,
    "replay": _replay,
    "verify": _verify,
    "serve": _serve,
    "doctor": _doctor,
    "user": _user,
}


def _one_or_batch(
    options: Namespace,
    field: str,
    value: str | None,
    call: Callable[..., Any],
    show: Callable[[Any], None],
    also: Sequence[str] = (),
) -> int:
    """Call with one value, or with the `field` of each line of a batch, and its further texts named in `also`."""
    if (value is None) == (options.batch is None):
        raise UsageError(f"Give either one {field} or --batch FILE.")

    def texts(row: dict[str, Any]) -> list[str]:
        return [text_field(row, field), *(text_field(row, name) for name in also if row.get(name))]

    with _open(options) as bot:
        if options.batch is not None:
            with lines_of(options.batch) as lines:
                return answer_lines(lines, lambda row: call(bot, *texts(row)))
        result = call(bot, str(value))
    if options.json:
        print_json(plain(result))
    else:
        show(result)
    return 0


def _with_progress(sync: Callable[[Callable[[SyncProgress], None]], SyncReport]) -> SyncReport:
    from tqdm import tqdm

    with tqdm(total=0, unit=" articles", disable=not sys.stderr.isatty(), leave=False) as bar:

        def progress(state: SyncProgress) -> None:
            bar.total = state.articles_total
            bar.n = state.articles_done
            left = "" if state.seconds_left is None else f", {state.seconds_left:.0f} s left"
            bar.set_postfix_str(f"{state.passages_per_second:.0f} passages/s{left}")

        report = sync(progress)
    for failure in report.failed:
        say(f"factbot: {failure.reason}")
    for note in report.notes:
        say(f"factbot: {note}")
    return report
