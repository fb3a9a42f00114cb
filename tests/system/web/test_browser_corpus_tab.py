"""The Corpus tab in a real browser: Playwright drives Chromium against the real engine."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factbot import Article, FactBot, SyncReport
from factbot.results import SyncProgress
from factbot.scheduling import Cancellation
from tests.support.browser import ALIVE, CONTRASTS, PHONE, Visitor, launched, visits
from tests.support.newsroom import CHROMIUM, PAYLOADS, STRIKE_QUESTION, Served, serving, write_corpus

playwright_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright_api.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; install the package chromium"),
]
PATIENCE = 20_000  # ms; two busy cores may be slow
SMALL = "all => all.map(e => e.getBoundingClientRect()).filter(b => b.width < 24 || b.height < 24).length"

# Drag what a person drags: files by name, or text; and let it go, or carry it out of the window.
DRAG = """({ files, text, end }) => {
    const carried = new DataTransfer();
    for (const [name, content] of Object.entries(files)) carried.items.add(new File([content], name));
    if (text) carried.setData("text/plain", text);
    const over = document.querySelector("#corpus .toolbar");
    const fire = (name) => {
        const event = new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: carried });
        over.dispatchEvent(event);
        return event.defaultPrevented;
    };
    return ["dragenter", "dragover", ...(end ? [end] : [])].map(fire);
}"""


class HeldBot(FactBot):
    """A bot that rebuilds when it is let go on, and not before."""

    go_on = threading.Event()

    def rebuild(self, progress: Any = None, cancellation: Cancellation | None = None) -> SyncReport:
        assert progress and cancellation
        progress(SyncProgress(2, 5, 20, 42.0, 240.0))
        while not cancellation.stopped and not self.go_on.wait(0.02):
            pass
        if cancellation.stopped:
            return SyncReport((), (), (), (), (), stopped=True)
        return super().rebuild(progress, cancellation)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("corpus")
    with serving(write_corpus(folder / "corpus"), folder / "index", HeldBot) as page:
        page.bot.sync()
        yield page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as chromium:
        yield chromium


class Editor(Visitor):
    """A person who has the Corpus tab open."""

    def __init__(self, browser: Any, url: str, **options: Any) -> None:
        super().__init__(browser, f"{url}#corpus", **options)
        self.view = self.page.locator("#corpus")
        self.rows = self.view.locator("tbody tr")
        self.side = self.page.get_by_role("complementary", name="Article")
        self.state = self.view.locator(".index-state .words")
        self.rows.first.wait_for()

    def leave(self) -> None:
        assert self.view.locator(ALIVE).count() == 0
        super().leave()

    def button(self, name: str) -> Any:
        return self.view.get_by_role("button", name=name)

    def titles(self) -> list[str]:
        return [title.strip() for title in self.view.locator("td.title").all_inner_texts()]

    def open(self, title: str) -> None:
        self.button(title).click()
        expect(self.side.locator("h2:visible")).to_contain_text(title)

    def add_text(self, title: str, text: str) -> None:
        self.button("Add articles").click()
        self.side.get_by_label("Title").fill(title)
        self.side.get_by_label("Text", exact=True).fill(text)
        self.button("Look it over").click()
        self.button("Add 1 article").click()
        expect(self.button(title)).to_be_visible(timeout=PATIENCE)

    def remove(self, title: str) -> None:
        self.open(title)
        self.side.get_by_role("button", name="Remove", exact=True).click()
        expect(self.view.locator(".notice")).to_contain_text(f"Removed {title}.")


@pytest.fixture
def visit(browser: Any, served: Served) -> Iterator[Any]:
    with visits(Editor, browser, served.url) as make:
        yield make


@pytest.fixture
def editor(visit: Any) -> Editor:
    made: Editor = visit()
    return made


def test_views_are_switched_in_the_masthead_and_by_back(editor: Editor) -> None:
    page = editor.page
    expect(page.get_by_role("link", name="Corpus")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Chat").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    expect(editor.view).to_be_hidden()
    page.go_back()
    expect(editor.view).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_hidden()


def test_table_is_sorted_and_searched(editor: Editor) -> None:
    assert editor.titles() == sorted(editor.titles(), key=str.casefold)
    editor.button("Passages").click()
    head = editor.view.get_by_role("columnheader", name="Passages")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(editor.button("Passages")).to_be_focused()
    editor.button("Passages").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert editor.titles()[0] == "Tolvik elects Ingrid Solheim as mayor"
    box = editor.view.get_by_role("searchbox")
    box.press_sequentially("post strike")
    expect(editor.rows).to_have_count(1)
    expect(box).to_be_focused()
    box.fill("nowhere to be found")
    expect(editor.view.locator(".nothing")).to_contain_text("No article matches")


def test_article_opens_beside_the_table_and_its_markup_does_nothing(editor: Editor, served: Served) -> None:
    editor.open("The Brellin bridge")
    expect(editor.side.locator(".article")).to_contain_text(PAYLOADS[-1])
    expect(editor.side.locator(".facts")).to_contain_text("brellin-bridge.txt")
    assert editor.side.get_by_role("link").count() == 0
    expect(editor.side.locator(".history")).to_contain_text("No earlier version")
    editor.open("Tolvik elects")
    assert editor.side.locator(".article").text_content() == served.bot.article("tolvik-mayor.txt").text
    assert editor.side.get_by_role("link").get_attribute("rel") == "noopener noreferrer"


def test_files_are_looked_over_before_they_are_added(editor: Editor, served: Served) -> None:
    editor.button("Add articles").click()
    files = [
        (f"{PAYLOADS[1]} ü.md", b"# The ferry\n\nThe ferry to Lindholm sails at seven."),
        ("empty.txt", b""),
    ]
    editor.page.locator("#files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files]
    )
    side = editor.side
    expect(side.locator(".counted")).to_have_text("1 article can be added, 1 is left out")
    expect(side).to_contain_text(f"{PAYLOADS[1]} ü.md")
    expect(side).to_contain_text("empty.txt has no text")
    expect(side.locator(".previews")).to_contain_text("no source · no author · no date")
    expect(side.locator("h2:visible")).to_be_focused()
    assert len(served.bot.articles()) == 4
    editor.button("Add 1 article").click()
    expect(editor.button("The ferry")).to_be_visible(timeout=PATIENCE)
    expect(side).to_be_hidden()
    expect(editor.button("Add articles")).to_be_focused()
    expect(editor.page.locator("#status")).to_contain_text("Ready: 5 articles")
    editor.page.get_by_role("link", name="Chat").click()
    answer = editor.ask("When does the ferry to Lindholm sail?")
    expect(answer.locator(".sentence").first).to_contain_text("at seven")
    served.bot.remove(next(a.id for a in served.bot.articles() if a.title == "The ferry"))


def test_files_are_dropped_anywhere_in_the_view(editor: Editor, served: Served) -> None:
    view, side = editor.view.locator(".corpus"), editor.side

    def drag(files: dict[str, str], end: str = "", text: str = "") -> list[bool]:
        taken: list[bool] = editor.page.evaluate(DRAG, {"files": files, "end": end, "text": text})
        return taken

    files = {f"{PAYLOADS[1]} news.md": "# The geese\n\nThe geese of Tolvik left in October.", "empty.txt": ""}
    assert drag(files) == [True, True], "else the browser would open the file in the place of the page"
    expect(view).to_have_class(re.compile("dropping"))
    drag(files, "dragleave")
    expect(view).not_to_have_class(re.compile("dropping"))
    expect(side).to_be_hidden()
    assert drag({}, "drop", text="https://a.example") == [False] * 3, "text is none of ours"
    assert drag(files, "drop") == [True] * 3
    expect(view).not_to_have_class(re.compile("dropping"))
    expect(side.locator(".counted")).to_have_text("1 article can be added, 1 is left out")
    expect(side).to_contain_text(f"{PAYLOADS[1]} news.md")
    expect(side.locator("h2:visible")).to_be_focused()
    drag({"second.txt": "The ice\n\nThe ice of Tolvik broke in April."}, "drop")
    expect(side.locator(".previews")).to_contain_text("The ice")
    expect(side.locator(".counted")).to_have_text("1 article can be added")
    editor.button("Add 1 article").click()
    expect(editor.button("The ice")).to_be_visible(timeout=PATIENCE)
    assert not [article for article in served.bot.articles() if article.title == "The geese"]
    served.bot.remove(next(a.id for a in served.bot.articles() if a.title == "The ice"))
    editor.page.get_by_role("link", name="Chat").click()
    expect(editor.view).to_be_hidden()
    assert drag(files, "drop") == [False] * 3, "the chat takes no files"


def test_what_was_typed_stays_until_it_is_read(editor: Editor) -> None:
    editor.button("Add articles").click()
    editor.side.get_by_label("Text", exact=True).fill("A text without a title.")
    editor.button("Look it over").click()
    expect(editor.side.locator(".notice")).to_contain_text("Give the text a title")
    expect(editor.side.get_by_label("Text", exact=True)).to_have_value("A text without a title.")
    editor.side.get_by_label("Title").fill("Now with one")
    editor.button("Look it over").click()
    expect(editor.side.locator(".previews")).to_contain_text("Now with one")
    editor.button("Discard").click()
    expect(editor.side.get_by_role("heading", name="Add articles")).to_be_focused()
    expect(editor.side.get_by_label("Text", exact=True)).to_have_value("")


def test_removed_article_comes_back_by_undo_and_from_the_list_of_removed(editor: Editor) -> None:
    title = "Library of Tolvik lends musical instruments"
    editor.remove(title)
    expect(editor.rows).to_have_count(3)
    expect(editor.button("Undo")).to_be_focused()
    editor.page.keyboard.press("Enter")
    expect(editor.rows).to_have_count(4)
    editor.remove(title)
    expect(editor.rows).to_have_count(3)
    editor.view.get_by_label("Show").select_option("Removed")
    expect(editor.view.locator("td.state").first).to_contain_text("removed")
    editor.open(title)
    editor.side.get_by_role("button", name="Restore").click()
    expect(editor.view.locator(".notice")).to_contain_text("Restored")
    editor.view.get_by_label("Show").select_option("All articles")
    expect(editor.rows).to_have_count(4)


@pytest.mark.slow
def test_re_embedding_asks_first_is_cancelled_and_resumed(visit: Any) -> None:
    one, two = visit(), visit()
    HeldBot.go_on.clear()
    one.button("Rebuild the index").click()
    expect(one.view.locator(".confirm")).to_contain_text("The old index answers meanwhile.")
    one.button("Not now").click()
    expect(one.button("Rebuild the index")).to_be_focused()
    one.page.keyboard.press("Enter")
    one.button("Rebuild now").click()
    words = "Rebuilding 2 of 5 articles, 42 passages/s, about 4 min left"
    for person in (one, two):
        expect(person.state).to_contain_text(words)
        expect(person.page.locator("#status")).to_contain_text(words)
        expect(person.view.get_by_role("progressbar")).to_be_visible()
    two.open("Strike at Tolvik")
    two.side.get_by_role("button", name="Remove", exact=True).click()
    expect(two.side.locator(".notice")).to_contain_text("One piece of work at a time")
    two.page.get_by_role("link", name="Chat").click()
    expect(two.ask(STRIKE_QUESTION).locator(".sentence").first).to_contain_text("nine days")
    expect(one.button("Cancel")).to_be_focused()
    one.page.keyboard.press("Enter")
    expect(one.state).to_contain_text("Rebuilding was cancelled after 2 of 5 articles; what is done stays.")
    HeldBot.go_on.set()
    one.button("Resume").click()
    expect(one.state).to_contain_text("4 articles, 65 passages; up to date", timeout=PATIENCE)


@pytest.mark.slow
def test_window_of_another_person_follows(visit: Any, served: Served) -> None:
    one, two = visit(), visit()
    one.add_text("The quay", "The quay of Tolvik was mended by Sunniva Krog.")
    expect(two.button("The quay")).to_be_visible(timeout=PATIENCE)
    two.page.get_by_role("link", name="Chat").click()
    answer = two.ask("Who mended the quay of Tolvik?")
    expect(answer.locator(".sentence").first).to_contain_text("Sunniva Krog")
    one.remove("The quay")
    two.page.go_back()
    expect(two.rows).to_have_count(4)
    expect(two.button("The quay")).to_have_count(0)


def test_everything_can_be_done_by_keyboard(editor: Editor) -> None:
    page = editor.page

    def reach(name: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if name in str(page.evaluate("document.activeElement.innerText")):
                return
        raise AssertionError(f"{name} is not reached")

    page.locator("body").focus()
    reach("Chat")
    reach("Corpus")
    reach("Look for changes")
    reach("Add articles")
    page.keyboard.press("Enter")
    expect(editor.side.get_by_role("heading", name="Add articles")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#files")).to_be_focused()
    page.keyboard.press("Escape")
    expect(editor.side).to_be_hidden()
    expect(editor.button("Add articles")).to_be_focused()
    reach("Date")
    page.keyboard.press("Enter")
    expect(editor.view.get_by_role("columnheader", name="Date")).to_have_attribute("aria-sort", "ascending")
    reach("Strike at")
    page.keyboard.press("Enter")
    expect(editor.side.locator("h2:visible")).to_be_focused()
    reach("Remove")
    page.keyboard.press("Enter")
    expect(editor.button("Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(editor.button("Strike at")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_is_legible_and_fits(visit: Any, served: Served, scheme: str, size: str) -> None:
    options = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if size == "phone" else {}
    editor = visit(color_scheme=scheme, **options)
    page = editor.page

    def is_legible(*selectors: str) -> None:
        contrasts = page.evaluate(CONTRASTS, [f"#corpus {selector}" for selector in selectors])
        assert {selector: ratio for selector, ratio in contrasts.items() if ratio < 4.5} == {}
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert editor.view.locator("button:visible").evaluate_all(SMALL) == 0

    is_legible("td.title button", "td.state", ".strong", ".quiet", ".words", "th button", ".pager span")
    editor.open("The Brellin bridge")
    is_legible("dt", "dd", ".missing" if editor.side.locator(".missing").count() else "dd", ".danger")
    if size == "phone":
        assert round(editor.side.bounding_box()["width"]) == PHONE["width"]
        assert page.locator("#corpus .shelf").evaluate("e => e.inert")
    page.keyboard.press("Escape")
    editor.button("Add articles").click()
    is_legible(".adding .note", ".adding label", ".adding h3")
    editor.side.get_by_role("button", name="Close").click()
    assert not page.locator("#corpus .shelf").evaluate("e => e.inert")


def test_empty_corpus_says_what_to_do(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    with serving(tmp_path / "corpus", tmp_path / "index") as empty:
        visitor = Visitor(browser, empty.url)
        visitor.page.get_by_role("link", name="Add some in the corpus").click()
        expect(visitor.page.locator("#corpus .nothing")).to_contain_text("There are no articles yet. Add some")
        empty.bot.add(Article("The first", "The first article is about geese."))
        expect(visitor.page.locator("#corpus tbody tr")).to_have_count(1, timeout=PATIENCE)
        assert visitor.complaints == []
        visitor.close()
