"""The command line: results on standard output, everything else on standard error.

Exit 0: done. 1: it failed. 2: it was called wrongly. Never a traceback.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import NoReturn

from factbot import __version__
from factbot.errors import FactbotError, UsageError
from factbot.text.normalise import single_spaced

__all__ = ["main"]

DESCRIPTION = "Ask and fact-check your own articles: every sentence cited, nothing leaves the machine."
STOPPED = "factbot: stopped; what was done is kept, and `factbot sync` goes on from there."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if isinstance(sys.stdout, TextIOWrapper):  # UTF-8 in every locale, and lone surrogates escaped as in JSON
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        try:
            return _run(arguments)
        finally:
            if sys.stdout:
                sys.stdout.flush()  # at exit, Python would complain about a closed pipe or a full disk
    except UsageError as error:
        print(f"factbot: {error}", file=sys.stderr)
        return 2
    except FactbotError as error:
        print(f"factbot: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        return 1
    except OSError as error:
        if not isinstance(error, BrokenPipeError):  # a reader of the results may stop at any time
            reason = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
            print(
                f"factbot: the operating system reports “{reason}”; put that right and try again.", file=sys.stderr
            )
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # a bug: one line, and the traceback only if it is asked for
        if os.environ.get("FACTBOT_DEBUG"):
            raise
        if _follows_ctrl_c(error):
            print(STOPPED, file=sys.stderr)
            return 1
        print(
            f"factbot: an unexpected error happened ({type(error).__name__}: {_one_line(error)}); "
            "run it again with FACTBOT_DEBUG=1 and report what it prints.",
            file=sys.stderr,
        )
        return 1


def _follows_ctrl_c(error: BaseException) -> bool:
    """Whether an error came of Ctrl-C: it can break into a library that then fails to let go of a lock."""
    before = error.__context__
    return before is not None and (isinstance(before, KeyboardInterrupt) or _follows_ctrl_c(before))


def _run(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help(sys.stderr)
        return 2
    from factbot.cli import commands

    return commands.run(options)


class _Parser(argparse.ArgumentParser):
    """argparse whose errors are one line, like every other error."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; `{self.prog} --help` shows how it is called.")


def _parser() -> _Parser:
    common = _Parser(add_help=False)
    group = common.add_argument_group("every command")
    group.add_argument("--corpus", metavar="DIR", help="folder of articles (default: corpus)")
    group.add_argument("--index", metavar="DIR", help="folder of the index (default: .factbot beside the corpus)")
    group.add_argument("--json", action="store_true", help="print results as JSON")
    batch = _batch_option(required=False)

    parser = _Parser(prog="factbot", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"factbot {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    sync = commands.add_parser("sync", parents=[common], help="make the index equal to the corpus folder")
    sync.add_argument(
        "--rebuild", action="store_true", help="embed everything again; the old index answers until that is done"
    )

    add = commands.add_parser("add", parents=[common], help="add articles to the corpus and index them")
    add.add_argument(
        "articles",
        nargs="+",
        metavar="PATH_OR_URL",
        help="a file, a folder, an archive (zip), a table (csv, tsv, json, jsonl), the address of a page or a "
        "feed, or a saved feed (xml, rss, atom)",
    )

    remove = commands.add_parser("remove", parents=[common], help="take articles out of the corpus")
    remove.add_argument("ids", nargs="+", metavar="ID", help="as `factbot articles` lists them")

    restore = commands.add_parser("restore", parents=[common], help="bring removed articles back")
    restore.add_argument("ids", nargs="+", metavar="ID", help="as `factbot articles --withdrawn` lists them")

    articles = commands.add_parser("articles", parents=[common], help="list the articles")
    which = articles.add_mutually_exclusive_group()
    which.add_argument("--history", metavar="ID", help="what one article says now and said before, newest first")
    which.add_argument("--withdrawn", action="store_true", help="the removed articles, and when they were removed")

    search = commands.add_parser("search", parents=[common, batch], help="find passages")
    search.add_argument("query", nargs="?", metavar="QUERY")
    search.add_argument("-k", type=int, default=10, metavar="N", help="how many passages (default: 10)")

    ask = commands.add_parser("ask", parents=[common, batch], help="answer a question with citations")
    ask.add_argument("question", nargs="?", metavar="QUESTION")

    check = commands.add_parser("check", parents=[common, batch], help="check a text claim by claim")
    check.add_argument(
        "text",
        nargs="?",
        metavar="TEXT_OR_@FILE",
        help="a text, or @ and the name of a file of any kind that is read as an article, or a page's address; "
        "@- is standard input",
    )

    check.add_argument(
        "--keep", action="store_true", help="keep the check, claim by claim; `factbot checks` has it"
    )
    check.add_argument(
        "--report",
        metavar="FILE",
        help="also write a report, as what the file's name ends in: .html, .md, .docx, .json, .jsonld "
        "(ClaimReview) or .zip (a bundle for `factbot replay`)",
    )

    checks = commands.add_parser("checks", parents=[common], help="list the kept checks, or show one whole")
    checks.add_argument("id", nargs="?", metavar="ID", help="as `factbot checks` lists them")
    what = checks.add_mutually_exclusive_group()
    what.add_argument("--delete", action="store_true", help="delete the check for good, with its reviews")
    what.add_argument("--rename", metavar="TITLE", help="give the check another title")
    what.add_argument(
        "--resume", action="store_true", help="go on with a check that was stopped, after its last claim"
    )
    what.add_argument(
        "--import",
        dest="import_file",
        metavar="FILE",
        help="take in claims that others checked: ClaimReview as JSON, JSON-LD, a page or a feed",
    )

    recheck = commands.add_parser(
        "recheck", parents=[common], help="say which kept verdicts come out otherwise today, and why"
    )
    recheck.add_argument("ids", nargs="*", metavar="ID", help="as `factbot checks` lists them (default: all)")
    recheck.add_argument("--log", action="store_true", help="every change that was ever found; nothing is checked")

    replay = commands.add_parser(
        "replay", parents=[common], help="make the verdicts of a bundle again, from the articles in it"
    )
    replay.add_argument("bundle", metavar="BUNDLE", help="a .zip that `factbot check --report` has written")

    commands.add_parser(
        "verify",
        parents=[common, _batch_option(required=True)],
        help="score claims on evidence that you give, as JSON lines",
    )

    serve = commands.add_parser("serve", parents=[common], help="open the chat in the browser")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    serve.add_argument("--port", type=int, default=7860, help="port to listen on (default: 7860)")
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser window")

    doctor = commands.add_parser(
        "doctor", parents=[common], help="check settings, corpus, index and models, and say what to do"
    )
    doctor.add_argument("--fix", action="store_true", help="repair what is not healthy, as far as possible")

    user = commands.add_parser("user", parents=[common], help="let a person sign in to the chat with a password")
    user.add_argument(
        "name", metavar="NAME", help="the person; the password is asked for, or read from standard input"
    )
    user.add_argument(
        "--role",
        choices=("reader", "editor"),
        default="reader",
        help="editors change the corpus (default: reader)",
    )
    user.add_argument("--file", metavar="FILE", help="file of users (default: the one in the setting `sign_in`)")
    return parser


def _batch_option(*, required: bool) -> _Parser:
    batch = _Parser(add_help=False)
    batch.add_argument(
        "--batch",
        metavar="FILE",
        required=required,
        help="JSON lines in, JSON lines out with `result` added; - is standard input",
    )
    return batch


def _one_line(error: BaseException) -> str:
    return single_spaced(str(error))[:200]


if __name__ == "__main__":
    sys.exit(main())
