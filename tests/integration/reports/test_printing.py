"""A report in a real browser: on paper no claim is cut in two, and on the screen it is light or dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from factbot import Report
from factbot.reports.document import Document
from factbot.reports.writing import render
from factbot.settings import Settings
from tests.support.browser import CONTRASTS, launched
from tests.support.newsroom import CHROMIUM, PAYLOADS
from tests.support.reports import AT, OVERRULED, check_of, document, hostile_document, piece

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; install the package chromium"),
]
CLAIMS = 14
QUOTE = "The dam was finished in 1931 after eleven years of work, in which four villages were moved uphill. " * 3


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as chromium:
        yield chromium


def long_document() -> Document:
    """Claims that say where they begin; the last of their evidence says where they end."""
    text = "\n\n".join(f"Claim beginning-{n} stands here." for n in range(CLAIMS))
    told = []
    for n in range(CLAIMS):
        pieces = [replace(piece(title=f"Evidence {k} of claim {n}"), quote=QUOTE) for k in range(n % 3)]
        last = piece(title=f"Evidence ending-{n}")
        words = f"Claim beginning-{n} stands here."
        told.append(check_of(words, "supported", None, text, evidence=(*pieces, last), standalone=words))
    return Document(Report(text, tuple(told), 1, "abc", {}), AT, Settings())


def opened(browser: Any, folder: Path, made: Document, **options: Any) -> Any:
    """The report in a window of the browser, which asks for nothing but the file."""
    file = folder / "report.html"
    file.write_bytes(render(made, ".html"))
    page = browser.new_context(**options).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    return page


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_no_claim_is_cut_on_paper_which_is_light(paper: str, browser: Any, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, long_document(), color_scheme="dark")
    page.pdf(path=tmp_path / "report.pdf", format=paper, print_background=True)
    pdf = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    pages = [sheet.get_textpage().get_text_bounded() for sheet in pdf]
    assert 7 <= len(pages) <= 10 and min(map(len, pages)) > 50, "as many as are needed, and none empty"
    for n in range(CLAIMS):
        (end,) = [number for number, text in enumerate(pages) if f"ending-{n}," in text]
        assert f"{n + 1}. Claim beginning-{n} stands here." in pages[end], f"claim {n + 1} is cut"
    for number, text in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in text
        corner = pdf[number - 1].render(scale=0.5).to_numpy()[2, 2]
        assert min(corner[:3]) > 250, "paper is white"
    pdf.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_report_can_be_read_on_light_and_dark_screens(scheme: str, browser: Any, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, document(reviews=(OVERRULED,)), color_scheme=scheme)
    parts = [
        *("h1", ".aside", ".summary", ".verdict strong", ".number.supported", ".number.conflicting"),
        *(".number.not_enough_evidence", ".stance", ".source a", "cite", ".review strong", "dt", "dd"),
    ]
    contrasts = page.evaluate(CONTRASTS, parts)
    assert {part: ratio for part, ratio in contrasts.items() if ratio < 4.5} == {}
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")


def test_narrow_window_needs_no_sideways_scrolling(browser: Any, tmp_path: Path) -> None:
    made = hostile_document("a" * 400)
    page = opened(browser, tmp_path, made, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_in_a_report_comes_alive(browser: Any, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, hostile_document("\n".join(PAYLOADS)))
    assert page.evaluate("window.__pwned") is None
    assert page.locator("img, script, svg, [onerror], [onload], [onfocus]").count() == 0
