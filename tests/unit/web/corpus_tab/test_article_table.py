"""The table of articles: sorted, searched, in pages."""

from __future__ import annotations

import time

import pytest

from factbot.web.corpus_tab import view
from factbot.web.corpus_tab.article_table import PAGE, ArticleTable, Query, Row


class TestArticleTable:
    rows = (
        Row("b.md", "Beta", "Post", "Ann", "2021-01-02", 3),
        Row("a.pdf", "alpha", "", "Bo", "", 12, copies=("b.md",), copy_title="Beta"),
        Row("c.md", "Gamma", "Herald", "", "2019", 1),
    )

    @pytest.mark.parametrize(
        ("sort", "descending", "ids"),
        [
            ("title", False, "abc"),
            ("title", True, "cba"),
            ("source", False, "cba"),
            ("source", True, "bca"),
            ("date", False, "cba"),
            ("date", True, "bca"),
            ("kind", False, "bca"),
            ("passages", True, "abc"),
            ("state", False, "abc"),
        ],
    )
    def test_is_sorted_by_any_column_and_what_is_missing_comes_last(
        self, sort: str, descending: bool, ids: str
    ) -> None:
        found, _, _ = ArticleTable(self.rows).page(Query(sort=sort, descending=descending))
        assert "".join(row.id[0] for row in found) == ids

    @pytest.mark.parametrize(
        ("words", "ids"),
        [("beta", "b"), ("POST ann", "b"), ("a.pdf", "a"), ("post bo", ""), ("", "abc"), ("herald", "c")],
    )
    def test_is_searched_in_title_source_author_and_file_name(self, words: str, ids: str) -> None:
        assert "".join(row.id[0] for row in ArticleTable(self.rows).page(Query(words))[0]) == ids

    @pytest.mark.alone
    def test_hundred_thousand_articles_are_paged_quickly(self) -> None:
        table = ArticleTable(
            Row(f"{n}.md", f"Title {n % 7919}", "Post", date=str(2000 + n % 20)) for n in range(100_000)
        )
        table.page(Query(sort="date"))
        begun = time.process_time()  # others may have the processor just then
        rows, page, total = table.page(Query("title 7", sort="date", descending=True, page=10**9))
        assert time.process_time() - begun < 1
        assert len(rows) <= PAGE and page == (total - 1) // PAGE
        assert len(view.table(rows, Query(), page, total)) < 100_000
