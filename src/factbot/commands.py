"""What each command of the command line does."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from factbot.bot import FactBot
from factbot.errors import ArticleError, FactbotError, UsageError
from factbot.results import Answer, ClaimCheck, Passage, Report, Scores, SyncProgress, SyncReport

__all__ = ["run"]


def run(options: Namespace) -> int:
    """Run the command that was parsed; raises FactbotError for what a person should know."""
    return COMMANDS[options.command](options)


def _open(options: Namespace, **settings: Any) -> FactBot:
    return FactBot.open(options.corpus, index=options.index, **settings)


def _sync(options: Namespace) -> int:
    with _open(options, rebuild=options.rebuild) as bot:
        report = _sync_with_progress(bot)
        if options.json:
            _print_json(report.to_dict())
        else:
            articles = bot.articles()
            print(
                f"{len(articles)} articles, {sum(a.passages for a in articles):,} passages: "
                f"{len(report.added)} added, {len(report.updated)} updated, {len(report.removed)} removed, "
                f"{len(report.unchanged)} unchanged, {len(report.failed)} failed."
            )
        return 1 if report.failed else 0


def _add(options: Namespace) -> int:
    failed = False
    results: list[dict[str, Any]] = []
    with _open(options) as bot:
        for source in _expand(options.articles):
            try:
                article = bot.add(source)
            except ArticleError as error:
                failed = True
                results.append({"source": source, "error": str(error)})
                _say(f"factbot: {error}")
                continue
            results.append({"source": source, "result": article.to_dict()})
            if not options.json:
                print(f"{article.id}\t{article.title} ({article.passages} passages)")
    if options.json:
        _print_json(results)
    return 1 if failed else 0


def _expand(sources: list[str]) -> Iterator[str]:
    """A folder stands for the articles in it."""
    from factbot.corpus import Corpus

    for source in sources:
        if not source.startswith(("http://", "https://")) and Path(source).is_dir():
            yield from (str(path) for path in Corpus(Path(source)).files().values())
        else:
            yield source


def _remove(options: Namespace) -> int:
    failed = False
    with _open(options) as bot:
        for article_id in options.ids:
            try:
                bot.remove(article_id)
            except ArticleError as error:
                failed = True
                _say(f"factbot: {error}")
            else:
                if not options.json:
                    print(f"Removed {article_id}.")
        if options.json:
            _print_json({"articles": len(bot.articles())})
    return 1 if failed else 0


def _articles(options: Namespace) -> int:
    with _open(options) as bot:
        articles = bot.articles()
    if options.json:
        _print_json([{k: v for k, v in a.to_dict().items() if k != "text"} for a in articles])
    elif not articles:
        _say("The index holds no articles; `factbot add` adds some, `factbot sync` reads the corpus folder.")
    for a in articles if not options.json else []:
        print(f"{a.id}\t{a.date or '-'}\t{a.source or '-'}\t{a.title}\t{a.passages} passages")
    return 0


def _search(options: Namespace) -> int:
    def search(bot: FactBot, query: str) -> list[Passage]:
        return bot.search(query, k=options.k)

    return _one_or_batch(options, "query", options.query, search, _print_passages)


def _ask(options: Namespace) -> int:
    return _one_or_batch(options, "question", options.question, FactBot.ask, _print_answer)


def _check(options: Namespace) -> int:
    text = options.text
    if text is not None and text.startswith("@"):
        text = _read(text[1:])
    if text is not None and not options.json and options.batch is None:
        return _check_with_progress(options, text)
    return _one_or_batch(options, "text", text, FactBot.check, _print_report)


def _check_with_progress(options: Namespace, text: str) -> int:
    """Each claim is printed as soon as it is checked; what is being done stands on standard error meanwhile."""
    with _open(options) as bot:
        shown = 0
        for event in bot.stream_check(text):
            if isinstance(event, Report):
                for check in event.claims[shown:]:
                    _print_check(check)
                shown = len(event.claims)
    return 0


def _verify(options: Namespace) -> int:
    if options.batch is None:
        raise UsageError("Give --batch FILE with JSON lines that hold `claim` and `evidence`.")

    # Without an index, which the running chat may own.
    from factbot.settings import Settings
    from factbot.verification import verify
    from factbot.verifier import load_verifier

    verifier = load_verifier(Settings.load(corpus=options.corpus, index=options.index).verifier)

    def scores(row: dict[str, Any]) -> Scores:
        return verify(verifier, [(_field(row, "claim"), _field(row, "evidence"))])[0]

    with _lines(options.batch) as lines:
        return _batch(lines, scores)


def _serve(options: Namespace) -> int:
    from factbot.web import serve

    with _open(options) as bot:
        serve(bot, host=options.host, port=options.port, open_browser=not options.no_browser)
    return 0


def _doctor(options: Namespace) -> int:
    from factbot.doctor import examine

    findings = examine(options.corpus, options.index)
    if options.json:
        _print_json([finding.to_dict() for finding in findings])
    for finding in findings if not options.json else []:
        print(f"{'ok  ' if finding.healthy else 'bad '} {finding.subject}: {finding.text}")
    return 0 if all(finding.healthy for finding in findings) else 1


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "sync": _sync,
    "add": _add,
    "remove": _remove,
    "articles": _articles,
    "search": _search,
    "ask": _ask,
    "check": _check,
    "verify": _verify,
    "serve": _serve,
    "doctor": _doctor,
}


def _one_or_batch(
    options: Namespace,
    field: str,
    value: str | None,
    call: Callable[[FactBot, str], Any],
    show: Callable[[Any], None],
) -> int:
    if (value is None) == (options.batch is None):
        raise UsageError(f"Give either one {field} or --batch FILE.")
    with _open(options) as bot:
        if options.batch is not None:
            with _lines(options.batch) as lines:
                return _batch(lines, lambda row: call(bot, _field(row, field)))
        result = call(bot, str(value))
    if options.json:
        _print_json(_plain(result))
    else:
        show(result)
    return 0


def _batch(lines: TextIO, call: Callable[[dict[str, Any]], Any]) -> int:
    """JSON lines in, JSON lines out in the same order; a bad line becomes an error in its place."""
    for line in lines:
        try:
            row = _row(line)
            output = {**row, "result": _plain(call(row))}
        except FactbotError as error:
            output = {"error": str(error)}
        print(json.dumps(output, ensure_ascii=False), flush=True)
    return 0


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(f"the line is no JSON ({error.msg})") from error
    except (ValueError, RecursionError) as error:  # an endless number, a thousand brackets
        raise UsageError(f"the line is no JSON that can be read ({error})") from error
    if not isinstance(row, dict):
        raise UsageError("the line is no JSON object")
    return row


def _field(row: dict[str, Any], name: str) -> str:
    if not isinstance(row.get(name), str):
        raise UsageError(f"the line has no text in the field {name!r}")
    return str(row[name])


def _read(path: str) -> str:
    """The text of a file, or of standard input for "-"."""
    with _lines(path or "-") as lines:
        return lines.read()


@contextmanager
def _lines(path: str) -> Iterator[TextIO]:
    if path == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        file = Path(path).open(encoding="utf-8-sig", errors="replace")  # noqa: SIM115  # closed below
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read ({error.strerror}).") from error
    with file:
        yield file


def _sync_with_progress(bot: FactBot) -> SyncReport:
    from tqdm import tqdm

    with tqdm(total=0, unit=" articles", disable=not sys.stderr.isatty(), leave=False) as bar:

        def progress(state: SyncProgress) -> None:
            bar.total = state.articles_total
            bar.n = state.articles_done
            left = "" if state.seconds_left is None else f", {state.seconds_left:.0f} s left"
            bar.set_postfix_str(f"{state.passages_per_second:.0f} passages/s{left}")

        report = bot.sync(progress)
    for failure in report.failed:
        _say(f"factbot: {failure.reason}")
    return report


def _print_passages(passages: list[Passage]) -> None:
    for number, p in enumerate(passages, start=1):
        about = ", ".join(part for part in (p.source, p.date, p.url) if part)
        print(f"[{number}] {p.title} ({about or p.article_id}), score {p.score:.2f}")
        print(f"    {' '.join(p.text.split())}\n")
    if not passages:
        _say("Nothing found; the index may be empty: `factbot articles` lists what it holds.")


def _print_answer(answer: Answer) -> None:
    print(answer.text)
    if answer.citations:
        print()
    for citation in answer.citations:
        p = citation.passage
        about = ", ".join(part for part in (p.source, p.date, p.url) if part)
        print(f"[{citation.number}] {p.title}" + (f" ({about})" if about else ""))
        print(f"    {p.article_id}, characters {citation.quote_start} to {citation.quote_end}")
    if answer.nearest:
        print("The nearest articles are:")
    for p in answer.nearest:
        print(f"  {p.title} ({p.article_id})")


def _print_report(report: Report) -> None:
    for check in report.claims:
        _print_check(check)


def _print_check(check: ClaimCheck) -> None:
    claim = " ".join(check.claim.split())
    if check.reason == "not_checkable":
        print(f"LEFT OUT  {claim}\n    {check.explanation}\n")
        return
    print(f"{check.verdict.replace('_', ' ').upper()}  {check.confidence:.0%}  {claim}")
    if check.standalone.rstrip(".") != claim.rstrip("."):
        print(f"    read as: {check.standalone}")
    print(f"    {check.explanation}")
    for number, evidence in enumerate(check.evidence, start=1):
        p = evidence.passage
        about = ", ".join(part for part in (p.source, p.date, p.url) if part)
        print(f"    [{number}] {evidence.stance}: {p.title}" + (f" ({about})" if about else ""))
        print(f"        {p.article_id}, characters {evidence.quote_start} to {evidence.quote_end}")
    print()


def _plain(result: Any) -> Any:
    return [item.to_dict() for item in result] if isinstance(result, list) else result.to_dict()


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def _say(text: str) -> None:
    print(text, file=sys.stderr)
