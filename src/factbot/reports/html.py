"""A report as one HTML file: no script, nothing from outside, for the screen (light and dark) and for paper."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from factbot.reports.document import Document, about, address_of
from factbot.reports.wording import STANCES, VERDICTS, read_as
from factbot.text.dates import readable_moment
from factbot.text.normalise import clean_text, single_spaced
from factbot.text.plurals import counted

__all__ = ["as_html"]


def as_html(document: Document) -> bytes:
    """The report as HTML, in UTF-8; whatever comes from articles and people is escaped."""
    return _ENVIRONMENT.get_template("report.html").render(document=document).encode()


def _visible(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_ENVIRONMENT = Environment(
    loader=PackageLoader("factbot.reports"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_visible,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ENVIRONMENT.globals |= {"STANCES": STANCES, "VERDICTS": VERDICTS}
_ENVIRONMENT.filters |= {
    "about": about,
    "address_of": address_of,
    "counted": counted,
    "read_as": read_as,
    "readable_moment": readable_moment,
    "single_spaced": single_spaced,
}
