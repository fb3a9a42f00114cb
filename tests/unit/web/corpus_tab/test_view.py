"""The Corpus tab as HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from factbot import (
    Article,
    Failure,
)
from factbot.corpus.formats.kinds import DOCUMENTS
from factbot.results import Version
from factbot.web.corpus_tab import view
from factbot.web.corpus_tab.article_table import Query, Row
from factbot.web.corpus_tab.drafts import Part
from factbot.web.guard.limits import MAX_FILE_SIZE
from tests.support.newsroom import PAYLOADS
from tests.support.page import Page


class TestHtml:
    @pytest.mark.parametrize("payload", [*PAYLOADS, "javascript:alert(1)"])
    def test_nothing_of_an_article_becomes_markup(self, payload: str) -> None:
        def pages(text: str, url: str) -> list[Page]:
            article = Article(
                *(text, text), id=text, source=text, author=text, date=text, url=url, language=text, fetched=text
            )
            article = replace(article, note=text)
            row = Row(text, text, text, text, text, 1, (text,), text, "")
            changed = replace(article, title=f"{text} before", text="Other words.")
            part = Part(text, [(article, article), (article, changed)], 2, [Failure(text, text)], 1)
            draft = SimpleNamespace(parts=[part], count=2, reading=False)
            return [
                Page(view.table([row], Query(words=text), 0, 99)),
                Page(view.article(article, [row])),
                Page(view.history(text, [Version(article, "changed", text)])),
                Page(view.draft(draft)),  # type: ignore[arg-type]
                Page(view.failures("1 file left out", [Failure(text, text)], 1)),
                Page(view.notice(text, undo=text)),
            ]

        for page, harmless in zip(pages(payload, payload), pages("x", "https://a.example"), strict=True):
            assert set(page.tags) <= set(harmless.tags)
            assert {name for name, _ in page.attributes} <= {name for name, _ in harmless.attributes}
            assert not [value for name, value in page.attributes if name == "href"]

    def test_what_is_missing_is_shown_as_missing(self) -> None:
        row = Page(view.table([Row("a.md", "")], Query(), 0, 1)).text
        assert all(words in row for words in ("no title", "no source", "no date"))
        shown = Page(view.article(Article("T", "Text."), [])).text
        assert all(words in shown for words in ("no source", "no author", "no date", "no address"))

    def test_what_was_not_read_of_an_article_stands_beside_it(self) -> None:
        article = Article("T", "Text.", note="Page 2 holds no text.")
        draft = SimpleNamespace(parts=[Part("a.pdf", [(article, None)], 1, [], 0)], count=1, reading=False)
        for page in (view.article(article, []), view.draft(draft)):  # type: ignore[arg-type]
            assert "Page 2 holds no text." in Page(page).text

    def test_size_limit_of_each_kind_is_named(self) -> None:
        words = Page(view.frame(MAX_FILE_SIZE)).text
        assert (
            "At most 200 at once: texts up to 10 MB; DOCX, ODT, RTF, EPUB and e-mail up to 50 MB; "
            "PDF, tables, mailboxes and zips up to 100 MB."
        ) in words
        assert max(kind.size_limit for kind in DOCUMENTS.values()) <= MAX_FILE_SIZE

    def test_very_long_text_comes_in_parts(self) -> None:
        article = Article("T", "".join(f"Word {n}. " for n in range(10_000)), id="ä b.md")
        text, start = "", 0
        for _ in range(10):
            part = view.text_from(article, start, None)
            text += Page(part.split("</span>")[0]).text
            more = re.search(r'data-more="(.*?)" data-start="(\d+)"', part)
            if not more:
                break
            assert more[1] == quote("ä b.md")
            start = int(more[2])
        assert text == article.text
