"""What can be done in the Corpus tab: its script asks for it by name, and puts in place what comes back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gradio.utils import get_upload_folder

from factbot.bot import FactBot
from factbot.errors import ArticleError, FactbotError, UsageError
from factbot.results import Article, Version
from factbot.text.normalise import single_spaced
from factbot.text.plurals import counted
from factbot.web.auth.users import Role
from factbot.web.corpus_tab import view
from factbot.web.corpus_tab.article_table import COLUMNS, FILTERS, Query, TableCache
from factbot.web.corpus_tab.drafts import Drafts, Upload
from factbot.web.corpus_tab.status import IndexStatus
from factbot.web.jobs import Job
from factbot.web.startup import Startup
from factbot.web.welcome import welcome, welcome_without_articles
from factbot.web.wording import EDITORS_ONLY, INTERNAL_ERROR

__all__ = ["CorpusTabActions"]

MAX_TYPED = 250_000  # characters of what a person types or pastes
OLD = "The page is older than the server; load it again."
CHANGES = ("read", "draft", "add", "discard", "remove", "restore", "sync", "rebuild", "resume", "cancel")
log = logging.getLogger(__name__)
Reply = dict[str, Any]


class CorpusTabActions:
    """The actions of the Corpus tab, for everybody who has the page open.

    What comes from the page is not trusted: every value is checked where it is taken.
    """

    def __init__(self, bot: FactBot, startup: Startup) -> None:
        self._bot = bot
        self._jobs = startup.jobs
        self._drafts = Drafts(bot)
        self._tables = TableCache(bot)
        self.status = IndexStatus(bot, startup, self._tables)
        self._actions: dict[str, Callable[[dict[str, Any]], Reply]] = {
            "look": self.look,
            "rows": self.rows,
            "article": self.article,
            "history": self.history,
            "version": self.version,
            "more": self.more,
            "read": self.read,
            "draft": self.draft,
            "add": self.add,
            "discard": self.discard,
            "remove": self.remove,
            "restore": self.restore,
            "sync": lambda _: self._begun(self._jobs.sync()),
            "rebuild": lambda _: self._begun(self._jobs.rebuild()),
            "resume": lambda _: self._begun(self._jobs.resume()),
            "cancel": self.cancel,
        }

    def act(self, asked: Any, role: Role = "editor") -> Reply:
        """Do what the page asks for ("do"), with the values that come along; "problem" says in words why not."""
        try:
            if not isinstance(asked, dict) or (what := _text(asked, "do")) not in self._actions:
                raise UsageError(OLD)
            if what in CHANGES and role != "editor":
                raise UsageError(EDITORS_ONLY)
            return {**self._actions[what](asked), "role": role}
        except FactbotError as error:
            return {"problem": view.notice(str(error), is_problem=True)}
        except Exception:
            log.exception("Something in the Corpus tab went wrong")
            return {"problem": view.notice(INTERNAL_ERROR, is_problem=True)}

    # -- looking ----------------------------------------------------------------------------------

    def look(self, asked: dict[str, Any]) -> Reply:
        """How the index is, for both tabs; asked for again and again."""
        status = self.status
        settled = {}
        if not status.is_busy:
            known = self._tables.current().by_id
            settled["welcome"] = welcome(known) if known else welcome_without_articles()
        return {
            **settled,
            "status": status.line(),
            "state": status.state(),
            "actions": status.actions(),
            "failures": status.failures(),
            "version": self._tables.version(),
            "busy": status.is_busy,
        }

    def rows(self, asked: dict[str, Any]) -> Reply:
        """A page of the table."""
        query = Query(
            words=_text(asked, "words")[:200],
            shown=_one_of(FILTERS, _text(asked, "shown"), "all"),
            sort=_one_of(COLUMNS, _text(asked, "sort"), "title"),
            descending=asked.get("descending") is True,
            page=_number(asked, "page"),
        )
        table = self._tables.current()
        nothing = view.NOT_READ_YET if not self.status.is_known else "" if table.rows else view.NO_ARTICLES
        if query.shown == "withdrawn":
            table = self._tables.withdrawn()
        rows, page, total = table.page(query)
        return {"table": view.table(rows, query, page, total, nothing=nothing)}

    def article(self, asked: dict[str, Any]) -> Reply:
        """An article, or the last version of one that was removed."""
        article_id = _id(asked)
        versions = None
        try:
            found = self._bot.article(article_id)
        except FactbotError:
            versions = self._versions(article_id)
            found = versions[0].article
        state, until = (versions[0].state, versions[0].until) if versions else ("", "")
        listed = self._tables.current().by_id
        near = [listed[copy_id] for copy_id in found.copies if copy_id in listed]
        page = view.article(found, near, version=0 if versions else None, state=state, until=until)
        return {"kicker": "Removed article" if versions else "Article", "panel": page}

    def history(self, asked: dict[str, Any]) -> Reply:
        """Asked for after the article itself, since every earlier version has to be read for it."""
        article_id = _id(asked)
        return {"history": view.history(article_id, self._versions(article_id))}

    def version(self, asked: dict[str, Any]) -> Reply:
        number = _number(asked, "version")
        version = self._version_of(_id(asked), number)
        state = "changed" if version.state == "withdrawn" and number else version.state
        page = view.article(version.article, [], version=number, state=state, until=version.until)
        return {"kicker": "Earlier version", "panel": page}

    def more(self, asked: dict[str, Any]) -> Reply:
        """The next part of a long text."""
        article_id, start = _id(asked), _number(asked, "start")
        if "version" in asked:
            number = _number(asked, "version")
            return {"more": view.text_from(self._version_of(article_id, number).article, start, number)}
        with _held():
            return {"more": view.text_from(self._bot.article(article_id), start, None)}

    # -- changing ---------------------------------------------------------------------------------

    def read(self, asked: dict[str, Any]) -> Reply:
        """Take in files, addresses or a text, and begin to read them; nothing is stored."""
        uploads = [upload for file in _list(asked, "files") if (upload := _upload(file))]
        addresses = list(dict.fromkeys(filter(None, map(str.strip, _text(asked, "addresses").split("\n")))))
        text = _text(asked, "text").strip()
        article = None
        if text:
            title = single_spaced(_text(asked, "title"))
            if not title:
                raise UsageError("Give the text a title; answers name it as their source.")
            article = Article(title=title, text=text, source=_text(asked, "source"), date=_text(asked, "date"))
        draft = self._drafts.begin(uploads, addresses, article)
        return {"draft": draft.id, **self.draft({"draft": draft.id})}

    def draft(self, asked: dict[str, Any]) -> Reply:
        """How far the reading is, and what was read."""
        draft = self._drafts.get(_text(asked, "draft"))
        is_reading = draft.reading  # before the panel is made, which else might miss what was read last
        return {"kicker": "Add articles", "panel": view.draft(draft), "reading": is_reading}

    def add(self, asked: dict[str, Any]) -> Reply:
        """Store what was read. It waits where others are being added just then."""
        draft = self._drafts.take(_text(asked, "draft"))
        job = self._jobs.add(draft.count, draft.add, lambda: self._drafts.forget(draft))
        current = self._jobs.current
        if current is None or current is job:
            return self._begun(job)
        words = f"Your {counted(draft.count, 'article')} will be added next; “{current.words}” comes first."
        return {**self.look({}), "notice": view.notice(words)}

    def discard(self, asked: dict[str, Any]) -> Reply:
        self._drafts.discard(_text(asked, "draft"))
        return {}

    def remove(self, asked: dict[str, Any]) -> Reply:
        article_id = _id(asked)
        with _held():
            title = self._bot.article(article_id).title or article_id
            self._jobs.at_once(lambda: self._bot.remove(article_id))
        return {"notice": view.notice(f"Removed {title}.", undo=article_id)}

    def restore(self, asked: dict[str, Any]) -> Reply:
        restored: list[Article] = []
        self._jobs.at_once(lambda: restored.append(self._bot.restore(_id(asked))))
        return {"notice": view.notice(f"Restored {restored[0].title or restored[0].id}.")}

    def cancel(self, asked: dict[str, Any]) -> Reply:
        self._jobs.cancel()
        return self.look(asked)

    def _begun(self, job: Job) -> Reply:
        return {**self.look({}), "notice": ""}

    def _versions(self, article_id: str) -> list[Version]:
        with _held():
            return self._bot.history(article_id)

    def _version_of(self, article_id: str, number: int) -> Version:
        versions = self._versions(article_id)
        if number >= len(versions):
            raise UsageError("The corpus no longer holds this version.")
        return versions[number]


@contextmanager
def _held() -> Iterator[None]:
    """Around what asks for an article, which somebody else may have removed: not in the command line's words."""
    try:
        yield
    except ArticleError:
        raise UsageError("The corpus no longer holds this article.") from None


# -- what the page sends, which anybody could have sent ---------------------------------------------------


def _text(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name, "")
    if not isinstance(value, str):
        raise UsageError(OLD)
    if len(value) > MAX_TYPED:
        raise UsageError(f"That is longer than {MAX_TYPED:,} characters; add it as a file.")
    return value


def _id(asked: dict[str, Any]) -> str:
    return unquote(_text(asked, "id"))


def _number(asked: dict[str, Any], name: str) -> int:
    value = asked.get(name, 0)
    return value if type(value) is int and value >= 0 else 0


def _list(asked: dict[str, Any], name: str) -> list[Any]:
    value = asked.get(name, [])
    return value if isinstance(value, list) else []


def _one_of(known: dict[str, Any], name: str, otherwise: str) -> str:
    return name if name in known else otherwise


def _upload(file: Any) -> Upload | None:
    """A file that lies where Gradio puts what is uploaded, and nowhere else; None for anything different."""
    if not (isinstance(file, dict) and isinstance(file.get("path"), str) and isinstance(file.get("name"), str)):
        return None
    folder, path = Path(get_upload_folder()).resolve(), Path(file["path"])
    try:
        is_uploaded = path.resolve().is_relative_to(folder) and path.is_file() and not path.is_symlink()
    except (OSError, ValueError):
        return None
    return Upload(path.resolve(), single_spaced(file["name"])[-300:]) if is_uploaded else None
