"""Feeds and sitemaps: their pages are fetched politely and within limits, and each failure is named."""

from __future__ import annotations

import gzip
import http.server
import re
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pytest

from factbot import Article, ArticleError
from factbot.corpus.formats.article import parse_article
from factbot.corpus.ingest import feeds, robots
from factbot.corpus.ingest.feeds import collect
from factbot.corpus.ingest.fetch import Pace
from factbot.corpus.ingest.given import FEEDS
from factbot.corpus.ingest.given import items as taken_in
from factbot.corpus.ingest.item import Item
from factbot.corpus.ingest.robots import robots_allow
from factbot.results import Failure
from tests.support.feeds import ATOM, BOMBS, INDEX, LONG, RSS, SITEMAP, item, loc, sentence

# -- a run over a feed -------------------------------------------------------------------------------------

PAGE = f"<html lang='en'><head><title>Bridge</title></head><body><article><p>{LONG}</p></article></body></html>"


class Site(http.server.BaseHTTPRequestHandler):
    """A site of `pages`: (kind, body) or a status by path; what was asked for is in `asked`."""

    pages: dict[str, tuple[str, str | bytes] | int]
    asked: list[str]
    at: list[float]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.at.append(time.monotonic())
        page = self.pages.get(self.path, 404)
        kind, body = ("text/html", b"none") if isinstance(page, int) else page
        body = body.encode() if isinstance(body, str) else body
        self.send_response(page if isinstance(page, int) else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a site on this machine, which counts as public here."""
    Site.pages, Site.asked, Site.at = {}, [], []
    monkeypatch.setattr("factbot.corpus.ingest.fetch.is_public", lambda address: True)
    monkeypatch.setattr(Pace, "PER_SECOND", 1_000)
    robots.forget_rules()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def run(url: str) -> tuple[list[Item], list[Failure]]:
    results = list(collect(url))
    failures = [result for result in results if isinstance(result, Failure)]
    for failure in failures:
        sentence(failure.reason)
    return [result for result in results if isinstance(result, Item)], failures


def stored(item: Item) -> Article:
    return parse_article(item.data, PurePosixPath(item.name).suffix, item.name)


def test_every_page_of_a_feed_goes_in(site: str) -> None:
    about = (
        "<title>A new bridge</title><author>Ann Archer</author><pubDate>Tue, 05 Mar 2024 00:30:00 +0200</pubDate>"
    )
    text = LONG.replace("bridge", "ferry")
    full = f"<title>Ferry</title><content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>"
    Site.pages = {
        "/feed": (
            "application/rss+xml",
            RSS.format(item("/a", about) + item("/full", full) + item("/none") + item("/b")),
        ),
        "/a": ("text/html", PAGE),
        "/b": ("text/plain", "Tunnel\n\nIt is dug."),
    }
    items, failures = run(f"{site}/feed")
    first, second, third = map(stored, items)
    assert [item.name for item in items] == ["a-new-bridge.txt", "ferry.txt", "tunnel.txt"]
    assert (first.title, first.author, first.date) == ("A new bridge", "Ann Archer", "2024-03-05")
    assert (first.url, first.source, first.language) == (f"{site}/a", "127.0.0.1", "en")
    assert first.text == LONG.strip()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first.fetched)
    assert (second.url, second.text) == (f"{site}/full", text.strip())
    assert (third.title, third.text, third.url) == ("Tunnel", "It is dug.", f"{site}/b")
    assert [failure.path for failure in failures] == [f"{site}/none"] and "404" in failures[0].reason
    assert Site.asked == ["/feed", "/robots.txt", "/a", "/none", "/b"]  # the full one is taken from the feed


def test_sitemaps_below_each_other(site: str) -> None:
    Site.pages = {
        "/index": ("text/xml", INDEX.format(loc("sitemap", "/1.xml", "/index", "/2.xml.gz", "/none.xml"))),
        "/1.xml": ("application/xml", SITEMAP.format(loc("url", "/a", "/b"))),
        "/2.xml.gz": ("application/gzip", gzip.compress(SITEMAP.format(loc("url", "/b", "/c")).encode())),
        **dict.fromkeys(("/a", "/b", "/c"), ("text/html", PAGE)),
    }
    items, failures = run(f"{site}/index")
    assert [stored(item).url for item in items] == [f"{site}/{name}" for name in "abc"]
    assert [failure.path for failure in failures] == [f"{site}/none.xml"]
    assert Site.asked.count("/robots.txt") == 1 and Site.asked.count("/b") == 1 and Site.asked.count("/index") == 1


def test_sitemaps_too_deep_and_too_many(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(9):
        Site.pages[f"/{n}"] = ("text/xml", INDEX.format(loc("sitemap", f"/{n + 1}")))
    _, [failure] = run(f"{site}/0")
    assert failure.path == f"{site}/4" and "3 sitemaps deep" in failure.reason and "/4" not in Site.asked
    monkeypatch.setattr(feeds, "SITEMAPS", 5)
    Site.pages = {"/many": ("text/xml", INDEX.format(loc("sitemap", *(f"/{n}.xml" for n in range(50)))))}
    _, failures = run(f"{site}/many")
    assert "more than 5 sitemaps" in failures[-1].reason and len(failures) == 6


def test_a_run_is_bounded_over_all_its_sitemaps(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "ENTRIES", 3)
    Site.pages = {
        "/index": ("text/xml", INDEX.format(loc("sitemap", "/1", "/2", "/3"))),
        "/1": ("text/xml", SITEMAP.format(loc("url", "/a", "/b"))),
        "/2": ("text/xml", SITEMAP.format(loc("url", "/c", "/d"))),
        **dict.fromkeys(("/a", "/b", "/c", "/d"), ("text/html", PAGE)),
    }
    items, failures = run(f"{site}/index")
    assert len(items) == 3 and [failure.path for failure in failures] == [f"{site}/index"]
    assert "more than 3 pages" in failures[0].reason and "/3" not in Site.asked


def test_an_address_without_a_feed_is_one_sentence(site: str) -> None:
    Site.pages = {"/page": ("text/html", PAGE), "/broken": ("text/xml", "<rss><chan")}
    assert "no feed" in run(f"{site}/page")[1][0].reason
    assert "broken XML" in run(f"{site}/broken")[1][0].reason
    assert "404" in run(f"{site}/none")[1][0].reason
    assert "no web address" in run("news.example/feed")[1][0].reason


def test_a_feed_cannot_lead_into_this_network(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Site.pages = {
        "/feed": ("text/xml", RSS.format(item("http://localhost:1/x") + item("http://[::1]/") + item("/a"))),
        "/a": ("text/html", PAGE),
    }
    seen: list[str] = []
    public = "127.0.0.1"  # stands for the public web; localhost, by its other address, for the network
    monkeypatch.setattr("factbot.corpus.ingest.fetch._resolve", judged(public, seen))
    items, failures = run(f"{site}/feed")
    assert len(items) == 1 and len(failures) == 2
    assert Site.asked == ["/feed", "/robots.txt", "/a"]


def judged(public: str, seen: list[str]):  # type: ignore[no-untyped-def]
    def resolve(url, is_allowed):  # type: ignore[no-untyped-def]
        seen.append(url.host)
        if url.host != public:
            raise ArticleError(f"{url.host} is not on the public Internet; save the page and add it as a file.")
        return [public]

    return resolve


def test_a_site_that_is_too_busy_is_left_alone(site: str) -> None:
    Site.pages = {"/feed": ("text/xml", RSS.format("".join(map(item, ("/a", "/b", "/c"))))), "/a": 429}
    _, failures = run(f"{site}/feed")
    assert "429" in failures[0].reason and "too busy" in failures[1].reason and len(failures) == 3
    assert Site.asked == ["/feed", "/robots.txt", "/a"]


def test_a_host_is_asked_four_times_a_second(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "PER_SECOND", 20)
    Site.pages = {"/feed": ("text/xml", SITEMAP.format(loc("url", *"abcdef")))}
    run(f"{site}/feed")
    gaps = [after - before for before, after in zip(Site.at, Site.at[1:], strict=False)]
    assert len(gaps) == 7 and sum(gaps) > 7 / 20 - 0.05


# -- a feed that was saved ---------------------------------------------------------------------------------


def run_saved(path: Path, document: str) -> tuple[list[Item], list[Failure]]:
    path.write_text(document, encoding="utf-8")
    results = list(taken_in(path))
    failures = [result for result in results if isinstance(result, Failure)]
    for failure in failures:
        sentence(failure.reason)
    return [result for result in results if isinstance(result, Item)], failures


@pytest.mark.parametrize("suffix", [*FEEDS, ".XML"])
def test_a_saved_feed_is_followed_as_one_by_its_address(site: str, tmp_path: Path, suffix: str) -> None:
    text = LONG.replace("bridge", "ferry")
    full = f"<title>Ferry</title><content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>"
    feed = RSS.format(item("/a") + item("/full", full) + item("/closed/b") + item("file:///etc/passwd"))
    Site.pages = {
        "/robots.txt": ("text/plain", "User-agent: *\nDisallow: /closed"),
        **dict.fromkeys(("/a", "/closed/b"), ("text/html", PAGE)),
    }
    items, failures = run_saved(tmp_path / f"feed{suffix}", feed.replace("https://news.example/", site))
    assert [stored(item).url for item in items] == [f"{site}/a", f"{site}/full"]
    assert stored(items[1]).text == text.strip() and stored(items[1]).fetched
    assert [failure.path for failure in failures] == [f"{site}/closed/b"] and "robots.txt" in failures[0].reason
    assert Site.asked == ["/robots.txt", "/a"]


def test_saved_atom_feeds_and_sitemaps_are_followed_too(site: str, tmp_path: Path) -> None:
    Site.pages = dict.fromkeys(("/x/a", "/b"), ("text/html", PAGE))
    Site.pages["/below.xml"] = ("text/xml", SITEMAP.format(loc("url", f"{site}/b")))
    entry = f'<link rel="self" href="{site}/x/feed"/><entry><link rel="self" href="/no"/><link href="a"/></entry>'
    [page], _ = run_saved(tmp_path / "news.atom", ATOM.format(entry))
    assert stored(page).url == f"{site}/x/a"
    index = INDEX.format(loc("sitemap", f"{site}/below.xml", "below.xml"))
    [page], failures = run_saved(tmp_path / "sitemap.xml", index)
    assert stored(page).url == f"{site}/b" and failures == []


def test_a_saved_feed_cannot_lead_into_this_network(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # this machine does not count as public any more
    Site.pages = {"/a": ("text/html", PAGE)}
    items, [failure] = run_saved(tmp_path / "feed.xml", RSS.format(item(f"{site}/a")))
    assert items == [] and Site.asked == [] and failure.path == f"{site}/a"


def test_a_saved_file_that_cannot_be_followed_is_named(tmp_path: Path) -> None:
    path = tmp_path / "story.xml"
    for document, words in (
        ("<nitf><body/></nitf>", "no feed and no sitemap"),
        ("", "no feed and no sitemap"),
        (RSS.format("") + " " * 10_000_000, "larger than 10 MB"),
    ):
        with pytest.raises(ArticleError, match=words) as caught:
            run_saved(path, document)
        assert sentence(str(caught.value)).startswith(str(path))
    for document, words in ((RSS.format(""), "names no pages"), (BOMBS["laughs"], "declares entities")):
        [], [failure] = run_saved(path, document)
        assert failure.path == str(path) and failure.reason.startswith(f"{path} ") and words in failure.reason
    [passed_over] = taken_in(tmp_path)
    assert isinstance(passed_over, Failure) and "add it by its own name" in passed_over.reason, (
        "in a folder it is left out"
    )


# -- robots.txt --------------------------------------------------------------------------------------------


def test_robots_txt_is_kept(site: str) -> None:
    Site.pages = {
        "/robots.txt": (
            "text/plain",
            "\ufeffUser-agent: *\nDisallow: /private\n\nUser-agent: factbot\nDisallow: /closed\n",
        ),
        "/feed": ("text/xml", RSS.format("".join(map(item, ("/closed/a", "/private/b"))))),
        "/private/b": ("text/html", PAGE),
    }
    items, failures = run(f"{site}/feed")
    assert len(items) == 1
    assert [failure.path for failure in failures] == [f"{site}/closed/a"] and "robots.txt" in failures[0].reason
    assert "/closed/a" not in Site.asked
    assert not robots_allow(f"{site}/closed") and robots_allow(f"{site}/")
    assert Site.asked.count("/robots.txt") == 1


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        *((404, True), (403, True), (410, True), (429, False), (500, False), (503, False)),
        (("text/plain", ""), True),
        (("text/html", "<html><body>Not found</body></html>"), True),
        (("application/octet-stream", "User-agent: *\nDisallow: /"), False),
        (("", "User-agent: *\nDisallow: /"), False),
        (("text/plain", "User-agent: *\nDisallow: //["), True),
        (("text/plain", b"\xff\xfe\0\0" * 100), True),
    ],
)
def test_a_site_without_robots_txt_allows_one_in_trouble_does_not(
    site: str, answer: tuple[str, str | bytes] | int, allowed: bool
) -> None:
    Site.pages = {"/robots.txt": answer}
    assert robots_allow(f"{site}/page") is allowed


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://[", "", "/page", "http://a:b@c.example/", "http://no.invalid/"]
)
def test_a_site_that_cannot_be_asked_does_not_allow(url: str) -> None:
    robots.forget_rules()
    assert not robots_allow(url)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /*.pdf$", "/a.pdf", False),
        ("Disallow: /*.pdf$", "/a.pdf?page=2", True),
        ("Disallow: /\nAllow: /news/", "/news/1", True),
        ("Disallow: /\nAllow: /news/", "/sport/1", False),
        ("Disallow: /" + "*a" * 10_000 + "b$", "/" + "a" * 2_000, True),
    ],
)
def test_robots_txt_is_read_as_its_standard_says(site: str, rules: str, path: str, allowed: bool) -> None:
    Site.pages = {"/robots.txt": ("text/plain", f"User-agent: *\n{rules}\n")}
    assert robots_allow(f"{site}{path}") is allowed


def test_a_crawl_delay_is_kept(site: str) -> None:
    Site.pages = {
        "/robots.txt": ("text/plain", "User-agent: *\nCrawl-delay: 0.6\nAllow: /"),
        "/feed": ("text/xml", SITEMAP.format(loc("url", "/a", "/b", "/c"))),
        **dict.fromkeys(("/a", "/b", "/c"), ("text/html", PAGE)),
    }
    items, _ = run(f"{site}/feed")
    assert len(items) == 3 and Site.asked == ["/feed", "/robots.txt", "/a", "/b", "/c"]
    pages = Site.at[2:]
    assert all(after - before > 0.3 for before, after in pairwise(pages))


def test_a_site_that_asks_for_too_long_a_delay_is_left_alone(site: str) -> None:
    Site.pages = {
        "/robots.txt": ("text/plain", "User-agent: *\nCrawl-delay: 3600"),
        "/feed": ("text/xml", SITEMAP.format(loc("url", "/a"))),
    }
    _, [failure] = run(f"{site}/feed")
    assert "3600 seconds between pages" in failure.reason and "/a" not in Site.asked


def test_each_run_asks_for_robots_txt_anew(site: str) -> None:
    Site.pages = {
        "/robots.txt": ("text/plain", "User-agent: *\nDisallow: /"),
        "/feed": ("text/xml", RSS.format(item("/a"))),
    }
    assert len(run(f"{site}/feed")[1]) == 1
    Site.pages |= {"/robots.txt": 404, "/a": ("text/html", PAGE)}
    assert len(run(f"{site}/feed")[0]) == 1
