"""Take the pictures of the chat in docs/ again: `python -m tests.support.screenshots`, with the sample corpus.

`python -m tests.support.screenshots --all FOLDER` takes every state of the page there, in light and dark, on a
desktop and a phone, to be looked at.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from factbot import FactBot, SyncProgress, SyncReport
from factbot.web.welcome import CLAIMS, QUESTIONS
from tests.support import ROOT
from tests.support.newsroom import CHROMIUM, CHROMIUM_ARGS, serving

QUESTION = QUESTIONS[1][0]
TEXT = """Japan and the sea

The Japan Meteorological Agency corrected the magnitude of the earthquake from 8.8 to 9.0. It struck on 12 March
2011. The Ebola epidemic killed 11,310 people in Guinea, Liberia and Sierra Leone. The Ever Given belongs to
Evergreen Marine of Taiwan. The mayor of Springfield owns four bicycles. I think that is remarkable.

What else is there to say?"""
SIZES: dict[str, Any] = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


class PatientBot(FactBot):
    """A bot that rebuilds for as long as it is looked at."""

    def rebuild(self, progress: Any = None, cancellation: Any = None) -> SyncReport:
        progress(SyncProgress(31, 48, 305, 126.0, 142.0))
        while not cancellation.stopped:
            time.sleep(0.1)
        return SyncReport((), (), (), (), (), stopped=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="every state of the page, into FOLDER")
    folder = parser.parse_args().all
    (folder or ROOT / "docs").mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as own,
        serving(shutil.copytree(ROOT / "corpus", Path(own) / "corpus"), Path(own) / "index", PatientBot) as chat,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        for size in SIZES:
            for scheme in ("light", "dark") if folder else ("light",):
                page = browser.new_context(
                    viewport=SIZES[size],
                    color_scheme=scheme,
                    is_mobile=size == "phone",
                    has_touch=size == "phone",
                ).new_page()
                page.set_default_timeout(120_000)
                page.goto(chat.url)
                if folder:
                    every_state(page, folder / f"{size}-{scheme}")
                    every_state_of_the_corpus(page, folder / f"{size}-{scheme}-corpus")
                else:
                    answer_with_evidence(page)
                    page.screenshot(path=ROOT / "docs" / f"chat-{size}.png")


def answer_with_evidence(page: Any) -> None:
    page.locator(".status.ready").wait_for()
    ask(page, QUESTION)
    page.locator(".sources").wait_for()
    page.locator(".sentence .cite").first.click()
    page.locator("mark").wait_for()
    page.wait_for_timeout(500)  # the panel slides in on a phone


def every_state(page: Any, path: Path) -> None:
    page.locator(".welcome").wait_for()
    page.screenshot(path=f"{path}-1-start.png")
    page.locator(".status.ready").wait_for()
    page.locator(".example").first.wait_for()
    page.screenshot(path=f"{path}-2-examples.png")
    ask(page, QUESTION)
    page.locator(".stage").wait_for()
    page.wait_for_timeout(300)
    page.screenshot(path=f"{path}-3-busy.png")
    page.locator(".sources").wait_for()
    page.screenshot(path=f"{path}-4-answer.png")
    page.locator(".sentence .cite").first.click()
    page.locator("mark").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=f"{path}-5-evidence.png")
    page.keyboard.press("Escape")
    ask(page, "And how many did the government claim?")
    page.locator(".sources, .near").nth(1).wait_for()
    page.screenshot(path=f"{path}-6-follow-up.png")
    ask(page, "Who is the mayor of Paris?")
    page.locator(".near").first.wait_for()
    page.wait_for_timeout(300)
    page.screenshot(path=f"{path}-7-no-answer.png")
    ask(page, CLAIMS[1][0])
    turn = page.locator(".turn").last
    turn.locator(".verdict").wait_for()
    page.wait_for_timeout(300)
    page.screenshot(path=f"{path}-8-claim.png")
    turn.locator(".pieces .cite").first.click()
    page.locator("mark").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=f"{path}-9-evidence.png")
    page.keyboard.press("Escape")
    ask(page, TEXT)
    turn = page.locator(".turn").last
    turn.locator(".claim").nth(1).wait_for()
    page.screenshot(path=f"{path}-10-checking.png")
    turn.locator(".tools").wait_for()
    page.wait_for_timeout(300)
    page.screenshot(path=f"{path}-11-report.png")
    turn.locator(".left-out summary").click()
    page.wait_for_timeout(300)
    page.screenshot(path=f"{path}-12-left-out.png")


def every_state_of_the_corpus(page: Any, path: Path) -> None:
    view = page.locator("#corpus")
    page.get_by_role("link", name="Corpus").click()
    view.locator("tbody tr").first.wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=f"{path}-1-table.png")
    view.locator("td.title button").nth(1).click()
    view.get_by_role("button", name="Remove", exact=True).wait_for()
    page.screenshot(path=f"{path}-2-article.png")
    view.get_by_role("button", name="Remove", exact=True).click()
    view.locator(".notice").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=f"{path}-3-removed.png")
    view.get_by_role("button", name="Undo").click()
    view.get_by_text("Restored").wait_for()
    view.get_by_role("button", name="Add articles").click()
    page.wait_for_timeout(300)
    page.screenshot(path=f"{path}-4-adding.png")
    story = b"# The lighthouse is green\n\nThe lighthouse of Tolvik was painted green by Ragna Dahl in 1987."
    files = (("lighthouse.md", story), ("broken.pdf", b"%PDF-1.7 broken"), ("holiday.png", b""))
    page.locator("#files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files]
    )
    view.get_by_role("button", name="Add 1 article").wait_for()
    page.wait_for_timeout(300)
    page.screenshot(path=f"{path}-5-preview.png")
    view.get_by_role("button", name="Discard").click()
    page.keyboard.press("Escape")
    view.get_by_role("button", name="Rebuild the index").click()
    page.screenshot(path=f"{path}-6-confirm.png")
    view.get_by_role("button", name="Rebuild now").click()
    view.locator("progress").wait_for()
    page.screenshot(path=f"{path}-7-embedding.png")
    view.get_by_role("button", name="Cancel").click()
    view.get_by_role("button", name="Resume").wait_for()
    page.screenshot(path=f"{path}-8-cancelled.png")
    view.get_by_role("button", name="Look for changes").click()
    view.get_by_text("up to date").wait_for()


def ask(page: Any, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


if __name__ == "__main__":
    main()
