"""Feeds and sitemaps to put entries into."""

from __future__ import annotations

LONG = "The bridge was opened by the king on a rainy Monday in May, and the town was there to see it. " * 15
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>News</title><link>https://news.example/</link>
{}
</channel></rss>"""


ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{}</feed>"""


SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


def item(link: str, more: str = "") -> str:
    return f"<item><link>{link}</link>{more}</item>"


def loc(kind: str, *links: str) -> str:
    return "".join(f"<{kind}><loc>{link}</loc></{kind}>" for link in links)


def sentence(text: str) -> str:
    assert text.endswith(".") and len(text.splitlines()) == 1
    return text


# -- bombs -------------------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "laughs": f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]><rss><item><title>&l9;</title></item></rss>',
    "file": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>',
    "parameter": '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><rss/>',
    "hidden": '<!DOCTYPE rss [<!-- ]><rss --><!ENTITY x SYSTEM "file:///etc/hosts">]><rss><item>&x;</item></rss>',
    "deep": "<rss>" + "<a>" * 1_000_000,
    "attributes": "<rss " + " ".join(f'a{n}="x"' for n in range(200_000)) + "/>",
    "open tags": "<rss><channel><item>" + "<a " * 2_000_000,
    "ampersands": "<rss><channel><item><title>" + "&" * 5_000_000,
    "items": "<rss><channel>" + "<item>" * 1_000_000,
    "elements": "<rss><channel>" + "<a/>" * 1_500_000,
    "comments": "<rss>" + "<!--" * 1_000_000,
    "cdata": "<rss><channel><item><title>" + "<![CDATA[" * 500_000,
    "text": "<rss><channel><item><title>" + "a" * 9_000_000,
    "markup": RSS.format(item("/a", "<content:encoded>" + "&lt;p " * 1_000_000 + "</content:encoded>")),
}
