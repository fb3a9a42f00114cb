"""What a feed or a sitemap says, without the network."""

from __future__ import annotations

import gzip
import io
import time
import tracemalloc
from collections.abc import Callable, Iterator

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factbot import ArticleError
from factbot.corpus.ingest.feeds import Entry, entries, is_feed
from tests.support.feeds import ATOM, BOMBS, INDEX, LONG, RSS, SITEMAP, item, loc, sentence

ADDRESS = "https://news.example/feeds/all.xml"
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/>{}</rdf:RDF>"""


def read(document: str | bytes, address: str = ADDRESS) -> list[Entry]:
    return list(entries(document.encode() if isinstance(document, str) else document, address))


def refusal(document: str | bytes) -> str:
    with pytest.raises(ArticleError) as caught:
        read(document)
    return sentence(str(caught.value))


# -- what is a feed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        *(RSS, ATOM, RDF, SITEMAP, INDEX, f"\n\n {SITEMAP}", f"<!-- <html> --><!-- --> {ATOM}"),
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "x" "http://my.netscape.example/rss-0.91.dtd"><rss/>',
        '<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><!DOCTYPE rss [ <!ENTITY a "<html>"> ]><rss/>',
        "<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'/>",
    ],
)
def test_feeds_are_recognised_by_their_root_element(document: str) -> None:
    assert is_feed(document.encode())
    assert is_feed(document.encode("utf-16"))
    assert is_feed(gzip.compress(document.encode()))


@pytest.mark.parametrize(
    "document",
    [
        *(
            "",
            "<",
            "text",
            "rss",
            "<html><rss/></html>",
            "<!DOCTYPE html><html></html>",
            "<!-- <rss> -->",
            "<rssx/>",
        ),
        *(
            "<!--" * 20_000,
            "<?a?>" * 20_000,
            "<!-- -->" * 8_000,
            "<!DOCTYPE [" * 9_000,
            " " * 100_000,
            "%PDF-1.7 <rss>",
        ),
    ],
)
def test_documents_that_are_not_feeds(document: str) -> None:
    started = time.monotonic()
    assert not is_feed(document.encode())
    assert not is_feed(b"\x1f\x8b" + document.encode())
    assert time.monotonic() - started < 1
    assert "no feed" in refusal(document)


# -- entries -----------------------------------------------------------------------------------------------


def test_an_rss_feed() -> None:
    first = item(
        "/news/bridge?a=1&amp;b=2#top",
        "<title>A &lt;b&gt;new&lt;/b&gt; bridge &amp;amp; more: 1 &lt; 2</title>"
        "<author>a@news.example (Ann Archer)</author>"
        f"<pubDate>Tue, 05 Mar 2024 00:30:00 +0200</pubDate>"
        f"<content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded>",
    )
    second = item(
        "ferry", "<title><![CDATA[<i>Ferry</i>\nsails]]></title><content:encoded>Short.</content:encoded>"
    )
    found = read(RSS.format(first + second))
    assert found == [
        Entry(
            url="https://news.example/news/bridge?a=1&b=2",
            title="A new bridge & more: 1 < 2",
            date="Tue, 05 Mar 2024 00:30:00 +0200",
            author="Ann Archer",
            content_html=f"<p>{LONG}</p>",
        ),
        Entry(url="https://news.example/feeds/ferry", title="Ferry sails"),
    ]


def test_an_atom_feed() -> None:
    entry = (
        '<entry xml:base="https://other.example/x/"><title type="html">&lt;em&gt;Où&lt;/em&gt; ?</title>'
        '<link rel="self" href="https://a.example/self"/><link rel="alternate" href="page"/>'
        "<author><name>Bo Berg</name></author><updated>2024-03-05T10:00:00Z</updated>"
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{LONG}</p></div></content></entry>'
    )
    [found] = read(ATOM.format(entry))
    assert (found.url, found.title, found.author) == ("https://other.example/x/page", "Où ?", "Bo Berg")
    assert found.date == "2024-03-05T10:00:00Z" and LONG.strip() in found.content_html


def test_rss_1() -> None:
    [found] = read(
        RDF.format("<item><title>A</title><link>http://a.example/b</link><dc:date>2024-03-05</dc:date></item>")
    )
    assert (found.url, found.title, found.date) == ("http://a.example/b", "A", "2024-03-05")


def test_a_sitemap() -> None:
    news = (
        "<url><loc> https://news.example/a </loc><n:news xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
        "<n:title>Bridge &amp;amp; ferry</n:title>"
        "<n:publication_date>2024-03-05</n:publication_date></n:news></url>"
    )
    document = SITEMAP.format(
        news + loc("url", "/b", "/b", "mailto:a@b.example", "", "http://[", "ftp://a.example/")
    )
    expected = [
        Entry(url="https://news.example/a", title="Bridge & ferry", date="2024-03-05"),
        Entry(url="https://news.example/b"),
    ]
    assert read(document) == expected
    assert read(gzip.compress(document.encode("utf-16"))) == expected


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "//", "http://", "http://a b/", ""])
def test_links_that_lead_to_no_page_are_dropped(link: str) -> None:
    document = RSS.format(item(link) + item("https://news.example/a") + item("https://news.example/a#part"))
    assert [entry.url for entry in read(document)] == ["https://news.example/a"]


def test_the_encoding_is_the_declared_one() -> None:
    document = RSS.format(item("/a", "<title>Déjà</title>")).replace("utf-8", "iso-8859-1").encode("latin-1")
    assert [entry.title for entry in read(document)] == ["Déjà"]


def test_small_mistakes_cost_nothing_else() -> None:
    title = "<title>A&nbsp;b &copy; &nosuchthing; &c; d & e</title><media:x>y</media:x>"
    assert [entry.title for entry in read(RSS.format(item("/a", title)))] == ["A b © d e"]


def test_the_whole_part_of_a_broken_feed_is_read_and_the_break_reported() -> None:
    found = entries(RSS.format(item("/a") + item("/b")).replace("</channel></rss>", "<item><li").encode(), ADDRESS)
    assert next(found).url == "https://news.example/a"
    assert next(found).url == "https://news.example/b"
    with pytest.raises(ArticleError, match="broken XML in line"):
        next(found)


@pytest.mark.parametrize("document", [RSS, ATOM, RDF, SITEMAP, "<rss/>", "<feed>text</feed>"])
def test_empty_feeds(document: str) -> None:
    assert "names no pages" in refusal(document.replace("{}", ""))


def test_more_entries_than_are_taken() -> None:
    for document in (
        RSS.format("".join(map(item, map(str, range(50_000))))),
        SITEMAP.format(loc("url", *map(str, range(50_000)))),
    ):
        taken: list[str] = []
        started = time.monotonic()
        with pytest.raises(ArticleError, match="more than 1,000 pages"):
            taken.extend(entry.url for entry in iterate(document, taken))
        assert time.monotonic() - started < 10


def iterate(document: str, taken: list[str]) -> Iterator[Entry]:
    for count, entry in enumerate(entries(document.encode(), ADDRESS)):
        assert count < 1_000
        yield entry


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_in_bounded_time_and_memory(name: str, traced: Callable[[], int]) -> None:
    started = time.process_time()
    found: list[Entry] = []
    try:
        found.extend(entries(BOMBS[name].encode(), ADDRESS))
    except ArticleError as error:
        sentence(str(error))
    assert time.process_time() - started < 20
    assert traced() < 150_000_000
    assert not any("root:" in entry.title or "lol" in entry.title for entry in found)


def test_a_gzip_bomb_is_read_to_the_limit(traced: Callable[[], int]) -> None:
    bomb = gzip.compress(SITEMAP.format(loc("url", "/a") + " " * 100_000_000).encode())
    tracemalloc.reset_peak()
    assert is_feed(bomb)
    assert "broken XML" in refusal(bomb)
    assert traced() < 50_000_000


documents = st.sampled_from([RSS, ATOM, RDF, SITEMAP, INDEX])

PIECES = (
    "<item> </item> <entry> <url> <loc>/a</loc> <link>/a</link> <title> </title> <![CDATA[ ]]> &amp; &x; < & \0 ] "
    "<guid> <pubDate>0-99-99</pubDate> <updated>x</updated> http://[ <content:encoded> <author>("
)

pieces = st.sampled_from([*PIECES.split(" "), ' xml:base="http://[::1"', '<link href="/b"/>', "<!DOCTYPE x ["])


@given(documents, st.lists(pieces | st.text(max_size=5), max_size=12))
@settings(deadline=None, max_examples=300)
def test_any_feed_gives_entries_or_one_sentence(document: str, inner: list[str]) -> None:
    data = document.replace("{}", "".join(inner)).encode("utf-8", "replace")
    try:
        for entry in entries(data, ADDRESS):
            assert entry.url.startswith(("http://", "https://"))
    except ArticleError as error:
        sentence(str(error))


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_bytes_give_one_sentence(data: bytes) -> None:
    is_feed(data)
    for start in (b"", b"<rss>", b"\xff\xfe", b"\x1f\x8b"):
        try:
            list(entries(start + data, ""))
        except ArticleError as error:
            sentence(str(error))


def test_bytes_are_never_taken_for_a_files_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """feedparser opens what looks like a name or an address: it must be given neither."""
    given_to_parser = []
    parse = feedparser.parse
    monkeypatch.setattr(
        feedparser, "parse", lambda given, **more: given_to_parser.append(given) or parse(given, **more)
    )
    read(RSS.format(item("/a")))
    assert [type(given) for given in given_to_parser] == [io.BytesIO]
