"""HTML from the templates in `templates/`, which has a folder for each room of the page.

Whatever a template is given is escaped, and loses the characters that nobody sees. What another template has made
goes in by `include` or a macro. Line breaks are read as in JSX: beside a tag, `{% %}` or `{{ }}` a line break is
nothing, elsewhere a space. So a space beside a tag has to stand on the tag's line.
"""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from factbot.text.addresses import host
from factbot.text.dates import readable_date, readable_moment
from factbot.text.normalise import shortened, single_spaced, without_controls
from factbot.text.plurals import counted

__all__ = ["ENVIRONMENT", "link_host", "render"]

LONGEST_WORD = 30  # characters; a longer last "word" is a text without spaces, or too wide for a line


def render(template: str, **values: Any) -> str:
    """The HTML of a template, as `ROOM/NAME.html`. Raises UndefinedError where it asks for a value not given."""
    return ENVIRONMENT.get_template(template).render(values)


class _JoinedLines(Extension):
    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        joined = re.sub(r"(?<=[>}])\s*\n\s*|\s*\n\s*(?=[<{])", "", source)
        return re.sub(r"\s*\n\s*", " ", joined)


def _without_invisible(value: Any) -> Any:
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _last_word(text: str) -> tuple[str, str]:
    """All of `text` but its last word, and that word, which a number is to stay beside on its line."""
    space = text.rfind(" ") + 1
    if len(text) - space > LONGEST_WORD:
        space = len(text)
    return text[:space], text[space:]


def link_host(url: str) -> str:
    """The host that an http or https address leads to; "" for anything else, which gets no link."""
    return host(url).removeprefix("www.") if url.isprintable() else ""


def _thousands(number: int) -> str:
    return f"{number:,}"


ENVIRONMENT = Environment(
    loader=PackageLoader("factbot.web"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_without_invisible,
    extensions=[_JoinedLines],
    auto_reload=False,
)
ENVIRONMENT.filters |= {
    "counted": counted,
    "last_word": _last_word,
    "link_host": link_host,
    "moment": readable_moment,
    "readable_date": readable_date,
    "shortened": shortened,
    "single_spaced": single_spaced,
    "thousands": _thousands,
    "without_controls": without_controls,
}
