"""Pages as different publishers build them: nearly all of the article's words are kept, and next to no others."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from factbot.corpus.formats.article import parse_article

KEPT, FOREIGN = 0.98, 0.02  # shares of words: at least, and at most

TITLE = "Swing bridge to close for lorries"
PROSE = [
    "The council of Brackwater voted on Monday to close the old swing bridge to lorries for eleven weeks.",
    "Inspectors saw rust in 14 of the 22 bearings, the city surveyor Marta Lindqvist told reporters.",
    "The works will cost 3.2 million euros, of which the region pays two thirds.",
    "Shopkeepers on the south bank fear that trade will drop by a fifth, as it did during the closure of 2016.",
    "“We were promised a ferry, and we still wait for it,” said Jonas Bell, who runs a bakery on Tide Lane.",
    "The first lorries should roll again on 9 October, unless the weather turns.",
]
ITEMS = [
    "The north span carries 40 tonnes.",
    "The south span carries 18 tonnes.",
    "Cyclists may cross at all hours.",
]
CAPTION = "The swing bridge in 1911, seen from the grain mill on the north bank."
CORRECTION = "Correction, 12 June: We first wrote that rust was seen in 12 bearings. It was seen in 14."


def prose(sentences: list[str]) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def items(sentences: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{sentence}</li>" for sentence in sentences) + "</ul>"


NAV = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
OTHERS = (
    "<h3>Related stories</h3><ul><li><a href='/1'>Harbour mayor steps down after audit</a></li>"
    "<li><a href='/2'>Five walks along the estuary this summer</a></li></ul>"
)
FOOT = "<footer><p>© 2024 Brackwater Gazette. All rights reserved.</p><a href='/p'>Privacy</a></footer>"
SHARE = "<div class='share-buttons'><a href='#'>Facebook</a> <a href='#'>Copy link</a></div>"
LETTER = (
    "<div class='newsletter-signup'><p>Sign up for the best stories of the day in your inbox.</p>"
    "<form><input type=email><button>Join</button></form></div>"
)
COMMENTS = (
    "<section id='comments'><h3>2 comments</h3><div class=comment><p>I told you so, years ago.</p></div></section>"
)
FIGURE = f"<figure><img src=a.jpg alt=bridge><figcaption>{CAPTION}</figcaption></figure>"


def page(body: str) -> str:
    head = (
        f"<meta property='og:title' content='{TITLE}'><meta property='og:site_name' content='Brackwater Gazette'>"
    )
    return f"<!doctype html><html lang=en><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"


def by_hand(body: str) -> str:
    return f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>"


# Each kind of page, with what its article holds beside the title.
PAGES: dict[str, tuple[str, list[str]]] = {
    "a newspaper's": (
        page(
            f"{NAV}<main><article><header><h1>{TITLE}</h1><p class=byline>By Tom Ash</p>{SHARE}</header>{FIGURE}"
            f"{prose(PROSE[:3])}{LETTER}{prose(PROSE[3:])}{items(ITEMS)}<aside class=correction><p>"
            f"{CORRECTION}</p>"
            f"</aside><div class='author-bio'><p>Tom Ash writes about the docks.</p></div></article>"
            f"<aside class=related>{OTHERS}</aside>{COMMENTS}</main>{FOOT}"
        ),
        [*PROSE, *ITEMS, CAPTION, CORRECTION],
    ),
    "a blog's": (
        page(
            f"<div class='cookie-banner'><p>We use cookies to make this site work.</p></div><div id=content>"
            f"<article class='post hentry'><h1 class=entry-title>{TITLE}</h1><div class=entry-meta>"
            "Posted by Tom</div>"
            f"<div class=entry-content>{prose(PROSE[:2])}<div class='wp-caption'><img src=x>"
            f"<p class=wp-caption-text>{CAPTION}</p></div>{prose(PROSE[2:])}{items(ITEMS)}</div>"
            "<footer class=entry-footer><span class=tags-links>Tagged <a href=#>bridges</a></span></footer>"
            "</article>"
            f"{COMMENTS}</div><div id=secondary class=widget-area><h2>Recent posts</h2>{OTHERS}</div>{FOOT}"
        ),
        [*PROSE, *ITEMS, CAPTION],
    ),
    "a magazine's, with a note in its footer and a pulled quote": (
        page(
            f"{NAV}<article><h1>{TITLE}</h1><p class=standfirst>A town waits for its bridge and its ferry.</p>"
            f"<p><span class=dropcap>T</span>{PROSE[0][1:]}</p>{prose(PROSE[1:3])}<aside class=pullquote>"
            "we still wait "
            f"for it</aside>{prose(PROSE[3:])}<section class=factbox><h3>In figures</h3>{items(ITEMS)}</section>"
            f"<footer><p>Editor’s note: the region confirmed its share after print.</p>{SHARE}</footer></article>"
            f"<section class=recommended>{OTHERS}</section>{FOOT}"
        ),
        [
            *PROSE,
            *ITEMS,
            "A town waits for its bridge and its ferry.",
            "In figures",
            "Editor’s note: the region confirmed its share after print.",
        ],
    ),
    "one whose correction stands beside the article": (
        page(
            f"{NAV}<main><article><h1>{TITLE}</h1>{prose(PROSE)}</article><div class='story__editorsNote'>"
            f"<p>{CORRECTION}</p></div><aside>{OTHERS}</aside></main>{FOOT}"
        ),
        [*PROSE, CORRECTION],
    ),
    "one whose correction only says so itself": (
        page(
            f"{NAV}<main><article><h1>{TITLE}</h1>{prose(PROSE)}</article><aside><p><b>{CORRECTION}</b></p>"
            "</aside></main>"
        ),
        [*PROSE, CORRECTION],
    ),
    "a live report's": (
        page(
            f"{NAV}<main><article><h1>{TITLE}</h1><p>{PROSE[0]}</p>"
            + "".join(
                f"<section class='live-post'><h2>{9 + n}.15</h2><p>{x}</p></section>"
                for n, x in enumerate(PROSE[1:])
            )
            + f"</article></main>{FOOT}"
        ),
        [*PROSE, *(f"{9 + n}.15" for n in range(5))],
    ),
    "a public office's": (
        page(
            f"<a class=skip-link href=#m>Skip to main content</a>{NAV}<main id=m><div class=breadcrumbs>"
            "<a href=/>Home"
            f"</a></div><h1>{TITLE}</h1>{prose(PROSE[:3])}<h2>What the spans carry</h2>"
            f"{items(ITEMS)}{prose(PROSE[3:])}"
            f"<details><summary>Who pays</summary><p>The region and the port.</p></details><div class=share-links>"
            f"<h2>Share this page</h2>{OTHERS}</div></main>{FOOT}"
        ),
        [*PROSE, *ITEMS, "What the spans carry", "Who pays", "The region and the port."],
    ),
    "one made by hand": (
        by_hand(f"<h1>{TITLE}</h1>{prose(PROSE[:3])}{items(ITEMS)}{prose(PROSE[3:])}<p><i>{CORRECTION}</i></p>"),
        [*PROSE, *ITEMS, CORRECTION],
    ),
    "one made by hand, with a table and definitions": (
        by_hand(
            f"<h1>{TITLE}</h1>{prose(PROSE)}<dl><dt>Northern span</dt><dd>40 tonnes</dd></dl><table><caption>"
            "Traffic"
            "</caption><tr><th>Year</th><th>Lorries</th></tr><tr><td>2023</td><td>79,250</td></tr></table>"
        ),
        [*PROSE, "Northern span 40 tonnes", "Traffic Year Lorries 2023 79,250"],
    ),
    "nothing but a list": (by_hand(f"<h1>{TITLE}</h1>{items(PROSE)}"), PROSE),
    "an old one, of tables and line breaks": (
        page(
            f"<table><tr><td><a href=/>Home</a><br><a href=/n>News</a></td><td><font size=5><b>{TITLE}</b>"
            "</font><br>"
            f"<br>{'<br><br>'.join(PROSE)}</td></tr></table>"
        ),
        PROSE,
    ),
    "one of nothing but divisions": (
        page(
            f"<div class=top><a href=/>Home</a></div><div class=c1><div>{TITLE}</div>"
            + "".join(f"<div class=tx>{sentence}</div>" for sentence in PROSE)
            + f"<div class=tx>{items(ITEMS)}</div></div><div class=c2><div><a href=#>Five walks</a></div></div>"
        ),
        [*PROSE, *ITEMS],
    ),
    "an office program's": (
        f"<html><head><title>{TITLE}</title><style>.c1{{vertical-align:super}}.c2{{text-decoration:line-through}}"
        f"</style></head><body><p><span>{TITLE}</span></p>{prose(PROSE)}<p><span>It is </span><span class=c2>"
        "90</span>"
        "<span> 96 metres long</span><span class=c1>3</span><span>.</span></p></body></html>",
        [*PROSE, "It is 96 metres long."],
    ),
    "a builder's, with a box around each paragraph": (
        page(
            f"{NAV}<div class=builder><div class='widget-title'><h1>{TITLE}</h1></div>"
            + "".join(
                f"<div class='box-widget widget-text'><div><p>{sentence}</p></div></div>" for sentence in PROSE
            )
            + f"<div class='box-widget widget-image'>{FIGURE}</div></div>{FOOT}"
        ),
        [*PROSE, CAPTION],
    ),
    "facts in a box, results that link, a list that comes first": (
        page(
            f"{NAV}<main><h1>{TITLE}</h1><h2>The spans</h2>{items(ITEMS)}{prose(PROSE[:3])}<aside class=facts>"
            "<h4>Key data"
            "</h4><ul><li>Length: 96 m</li><li>Opened: 1911</li></ul></aside><blockquote><p>"
            "The vote was not close.</p>"
            f"<footer>Jonas Bell, baker</footer></blockquote>{prose(PROSE[3:])}<ul><li><a href=/l>Labour</a>"
            " 9 votes"
            "</li><li><a href=/g>Greens</a> 4 votes</li></ul><h3><button>Who pays?</button></h3><p>"
            "The region does.</p>"
            f"<p><b>Read also:</b> <a href=/x>Harbour mayor steps down</a></p></main>{FOOT}"
        ),
        [
            *PROSE,
            *ITEMS,
            "The spans Key data Length: 96 m Opened: 1911 The vote was not close. Jonas Bell, baker",
            "Labour 9 votes Greens 4 votes Who pays? The region does.",
        ],
    ),
    "one form around the whole page": (
        page(
            f"<form action=x><div id=menu><a href=/>Home</a></div><h1>{TITLE}</h1>"
            f"{prose(PROSE)}{items(ITEMS)}</form>"
        ),
        [*PROSE, *ITEMS],
    ),
    "elements of the site's own": (
        page(
            f"<site-top>{NAV}</site-top><main><h1>{TITLE}</h1><story-body>{prose(PROSE[:4])}<p>Rust was "
            "<x-term>seen"
            f"</x-term> in <font color=red>four</font>teen.</p><gallery-item>{FIGURE}</gallery-item>"
            f"{prose(PROSE[4:])}"
            f"</story-body><related-list>{OTHERS}</related-list></main>{FOOT}"
        ),
        [*PROSE, CAPTION, "Rust was seen in fourteen."],
    ),
    "an encyclopedia's": (
        page(
            f"{NAV}<div role=main><h1>{TITLE}</h1><table class=infobox><tr><th>Length</th><td>96 m</td></tr>"
            "</table>"
            + "".join(
                f"<p>{x}<sup class=reference><a href='#n{n}'>[{n}]</a></sup></p>" for n, x in enumerate(PROSE)
            )
            + f"<h2>Spans</h2>{items(ITEMS)}</div>{FOOT}"
        ),
        [*PROSE, *ITEMS, "Length 96 m Spans"],
    ),
}


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_read_as_its_article_and_nothing_else(kind: str) -> None:
    markup, held = PAGES[kind]
    article = parse_article(markup.encode(), ".html", "a.html")
    expected, found = words(f"{TITLE} {' '.join(held)}"), words(f"{article.title} {article.text}")
    assert (expected & found).total() >= KEPT * expected.total(), f"lost: {expected - found}"
    assert (found - expected).total() <= FOREIGN * found.total(), f"not the article's: {found - expected}"
    assert article.title == TITLE and TITLE not in article.text


def test_the_article_is_in_the_order_of_its_page() -> None:
    text = parse_article(PAGES["a newspaper's"][0].encode(), ".html", "a.html").text
    assert text.split("\n\n") == [CAPTION, *PROSE, *ITEMS, CORRECTION]


def test_a_page_whose_article_stands_only_in_its_data_is_read_from_there() -> None:
    data = f'{{"@type": "NewsArticle", "articleBody": "{" ".join(PROSE)}"}}'
    markup = (
        f"<html><body><script type='application/ld+json'>{data}</script><div id=app>Loading</div></body></html>"
    )
    assert PROSE[1] in parse_article(markup.encode(), ".html", "a.html").text
