"""The page's templates: all of them escape what they are given."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError, nodes

import factbot.web
from factbot.text.dates import readable_date
from factbot.web.rendering import ENVIRONMENT, link_host
from tests.support.page import (
    Page,
    rendered,
)

WEB = Path(factbot.web.__file__).parent
TEMPLATES = sorted(path.relative_to(WEB / "templates").as_posix() for path in WEB.glob("templates/**/*.html"))
UNESCAPED = {"safe", "xmlattr", "tojson", "escape", "e", "forceescape"}  # filters whose result is taken as HTML
MARKED_AS_HTML = {"page.py: Markup(content)"}  # the page's first state, which templates made


def test_all_templates_are_looked_at() -> None:
    assert sorted(ENVIRONMENT.list_templates()) == TEMPLATES
    assert len(TEMPLATES) > 10
    assert ENVIRONMENT.autoescape is True


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_puts_in_what_is_not_escaped(name: str) -> None:
    source = (WEB / "templates" / name).read_text(encoding="utf-8")
    template = ENVIRONMENT.parse(source)
    assert not {found.name for found in template.find_all(nodes.Filter)} & UNESCAPED
    assert not list(template.find_all((nodes.EvalContextModifier, nodes.MarkSafe)))
    assert "autoescape" not in source
    assert not re.search(r"=\{\{|=\{%", source), "an attribute without quotes around its value"
    assert not re.search(r"<script|\son\w+=", source), "a script, in which HTML's escapes are no help"


def test_no_module_says_that_a_text_is_html() -> None:
    marked = set()
    for path in WEB.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Markup"):
                marked.add(f"{path.relative_to(WEB).as_posix()}: {ast.unparse(node)}")
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search(r"<(a|button|div|h\d|li|p|span|ul)\b", node.value), "HTML outside templates"
    assert marked == MARKED_AS_HTML


def test_value_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        ENVIRONMENT.from_string("{{ missing }}").render()


class TestMarkup:
    @pytest.mark.parametrize(
        ("url", "host"),
        [
            ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
            ("http://a.example", "a.example"),
            ("javascript:alert(1)", ""),
            ("JaVaScRiPt://a.example/%0aalert(1)", ""),
            ("java\nscript:alert(1)", ""),
            (" https://a.example", ""),
            ("https://a.example/\u202etxt", ""),
            ("data:text/html,<script>1</script>", ""),
            ("//a.example/x", ""),
            ("https://", ""),
            ("http://[broken", ""),
            ("file:///etc/passwd", ""),
            ("", ""),
        ],
    )
    def test_only_web_addresses_become_links(self, url: str, host: str) -> None:
        assert link_host(url) == host

    @given(st.text())
    def test_escaped_text_is_only_text(self, text: str) -> None:
        escaped = rendered("{{ text }}", text=text)
        assert not set(escaped) & set("<>\"'")
        assert rendered("<p title='{{ text }}'>", text=text) == f"<p title='{escaped}'>"
        seen = html.unescape(escaped)
        assert seen == re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", text)

    def test_dates_are_readable(self) -> None:
        assert readable_date("2021-03-06") == "6 March 2021"
        assert readable_date("March, some time") == "March, some time"

    def test_byline_escapes_and_leaves_out_what_is_missing(self) -> None:
        byline = "{% from 'macros.html' import byline %}{{ byline(source, date) }}"
        shown = Page(rendered(byline, source="<b>Post</b>", date="2021-03-26"))
        assert shown.text == "<b>Post</b> · 26 March 2021"
        assert rendered(byline, source="", date="") == ""

    def test_line_breaks_of_a_template_are_nothing_beside_a_tag_and_a_space_elsewhere(self) -> None:
        template = "<p>\n  One\n  two\n  {{ text }}\n</p>\n<p\n  id='a'>"
        assert rendered(template, text="a\nb") == "<p>One twoa\nb</p><p id='a'>"
