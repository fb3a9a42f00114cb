"""Chromium, driven by Playwright, and a person who visits the page with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.newsroom import CHROMIUM, CHROMIUM_ARGS

playwright_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

ANSWER_TIMEOUT = 30_000  # ms; two busy cores may be slow, and that is not what is tested here
PHONE = {"width": 390, "height": 844}
ALIVE = "img, script, style, svg, [onerror], [onload], [onfocus]"
CONTRASTS = """(selectors) => Object.fromEntries(selectors.map((selector) => {
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const element = document.querySelector(selector);
  let behind = element;
  while (/, 0\\)|transparent/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
  const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(luminance);
  return [selector, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
}))"""


@contextmanager
def launched() -> Iterator[Any]:
    with playwright_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


class Visitor:
    """One person's browser window; `complaints` collects errors, dialogs and requests to other hosts."""

    def __init__(self, browser: Any, url: str, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("request", self._check_host)
        self.page.on(
            "dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss())
        )
        self.page.on("pageerror", lambda error: self.complaints.append(f"error {error}"))
        self.page.on("console", self._check_console)
        self.page.set_default_timeout(ANSWER_TIMEOUT)
        self._host = re.match(r"http://[^/]+/", url)[0]  # type: ignore[index]
        self.page.goto(url)

    def _check_host(self, request: Any) -> None:
        if not request.url.startswith((self._host, "data:", "blob:")):
            self.complaints.append(f"request to {request.url}")

    def _refuse_dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _check_console(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"console {message.text}")

    def ask(self, question: str) -> Any:
        """Type a question, press Enter, and give the new turn once its answer is whole."""
        before = self.page.locator(".turn").count()
        self.page.get_by_label("Your question").fill(question)
        self.page.keyboard.press("Enter")
        turn = self.page.locator(".turn").nth(before)
        turn.locator(".sources, .abstained, .problem, .tools").first.wait_for()
        return turn

    def check(self, text: str) -> Any:
        """The same with a text to check, once all of its claims are checked."""
        before = self.page.locator(".turn").count()
        self.page.get_by_label("Your question").fill(text)
        self.page.keyboard.press("Enter")
        turn = self.page.locator(".turn").nth(before)
        turn.locator(".tools").wait_for()
        return turn

    def is_whole_in_sight(self, selector: str) -> bool:
        """Whether an element lies within the window and everything that scrolls around it."""
        return bool(
            self.page.evaluate(
                """(selector) => {
                  const element = document.querySelector(selector);
                  const box = element.getBoundingClientRect();
                  const sees = (left, top, right, bottom) => box.left >= left - 1 && box.top >= top - 1
                    && box.right <= right + 1 && box.bottom <= bottom + 1;
                  for (let e = element.parentElement; e; e = e.parentElement) {
                    if (["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowY)) {
                      const around = e.getBoundingClientRect();
                      if (!sees(around.left, around.top, around.right, around.bottom)) return false;
                    }
                  }
                  return sees(0, 0, innerWidth, innerHeight);
                }""",
                selector,
            )
        )

    def focused(self) -> str:
        """What the keyboard is on: its class, id or tag."""
        focused = "document.activeElement"
        return str(self.page.evaluate(f"{focused}.className || {focused}.id || {focused}.tagName"))

    def leave(self) -> None:
        assert self.page.evaluate("window.__pwned") is None
        assert self.complaints == []
        self.close()

    def close(self) -> None:
        self.context.close()


@contextmanager
def visits(kind: type[Visitor], browser: Any, url: str) -> Iterator[Any]:
    """Makes visitors, and checks at the end that none has a complaint."""
    visitors: list[Visitor] = []

    def make(**options: Any) -> Visitor:
        visitors.append(kind(browser, url, **options))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.leave()
