"""The page's templates: all of them escape what they are given."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError, nodes

import factbot.web
from factbot.web.rendering import ENVIRONMENT

WEB = Path(factbot.web.__file__).parent
TEMPLATES = sorted(path.relative_to(WEB / "templates").as_posix() for path in WEB.glob("templates/**/*.html"))
UNESCAPED = {"safe", "xmlattr", "tojson", "escape", "e", "forceescape"}  # filters whose result is taken as HTML
MARKED_AS_HTML = {"chat/page.py: Markup(content)"}  # the page's first state, which templates made


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
