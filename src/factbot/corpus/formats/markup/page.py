"""Which blocks of a page are its article: what trafilatura finds, and what it leaves out of the same article.

trafilatura knows where an article is, but it drops captions, lists and tables of plain pages, notes that correct
the article, and whatever stands in an `aside` or a footer. So here it only points to the article: the blocks
around and between those that it found are the article's too, unless the page marks them as something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from lxml import etree

from factbot.corpus.formats.markup.blocks import HEADING, SKIPPED, Block, blocks_of
from factbot.text.normalise import one_line

__all__ = ["article_blocks"]

SHARE_FOUND = 0.5  # of trafilatura's words that must stand in the page, or else it took them from elsewhere
SHARE_OF_ARTICLE = 0.9  # of the words found that the article's element holds
SHARE_OF_BLOCK = 0.7  # of a block's runs of words that must be found for it to be found
SHARE_OF_LINKS = 0.85  # of a block's letters, where it is a list of links and no text
RUN = 3  # words
SHARE_OF_REST = 0.3  # of the words found, in an element that is surely the article's, whatever it is called
SHARE_OF_TEASER = 0.3  # of the letters of "Read also: …"
FURNITURE = 160  # characters that a line such as "Share this article" has at most
SENTENCE = 6  # words that a sentence has at least

# What a page calls the parts of it that are no article, in the words of web developers; those that may be one, and
# so are left out only where nothing was found in them; and what corrects the article.
_OTHER = re.compile(
    r"\b(?:ads?|advert\w*|breadcrumbs?|comments?|consent|cookies?|disqus|mast ?head|more (?:from|stories)|"
    r"most (?:popular|read|viewed)|navbar|navigation|newsletters?|outbrain|pagination|paywall|recirc\w*|related|"
    r"recommend\w*|share|sharing|side ?bar|sign ?up|sponsor\w*|subscri\w+|taboola|trending|up next)\b"
    r"(?! ?(?:price|holder))"
)
_PERHAPS_OTHER = re.compile(
    r"\b(?:author|banner|bio|byline|copyright|donat\w+|follow|login|menu|meta(?:data)?|modal|more on|nav|pager|"
    r"pop ?ups?|popular|promos?|promotion\w*|read (?:more|next)|sign ?in|social|table of contents|tags?|teasers?|"
    r"toc|tool ?bar|widget area)\b"
)
_CORRECTION = re.compile(
    r"\b(?:amend\w+|article notes?|clarif\w+|correct(?:ions?|ed)|corrigend\w+|editors? ?s? notes?|"
    r"errat\w+|retract\w+|update notes?)\b"
)
_STANDFIRST = re.compile(r"\b(?:abstract|dek|excerpt|intro\w*|lede?|standfirst|sub ?head\w*|subtitle|summary)\b")
# How a block begins that corrects the article, wherever it stands, in the languages that are read most.
_CORRECTS = re.compile(
    r"\W*(?:clarifications?|corrections?|corrigend(?:um|a)|editor(?:[’']?s|ial) note|errat(?:um|a)|retraction|"
    r"updated?|anmerkung der redaktion|berichtigung|korrektur|richtigstellung|note de la r[ée]daction|"
    r"rectificatif|correcci[óo]n|fe de erratas?|nota del editor|rectificaci[óo]n|corre[çc][ãa]o|correctie|"
    r"rectificatie|rettelse|r[äa]ttelse|oikaisu|sprostowanie|oprava|исправление|уточнение)\b[^.:]{0,60}[:.—–]",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:advert(?:isement|ising)?|back to top|comments?(?: \(?\d+\)?)?|copy link|e-?mail|filed under\b.*|"
    r"follow us\b.*|listen to this\b.*|loading.*|most (?:popular|read)|print|related(?: \w+)?:?|save|"
    r"(?:read|see|find out) (?:also|more|next)\b.*|share(?: (?:on|this|via)\b.*)?|sign up\b.*|skip to\b.*|"
    r"sponsored(?: content)?|subscribe\b.*|tags?:.*|topics?:.*|\d+ min(?:ute)?s? read|"
    r"(?:©|\(c\)|copyright\b).*|.*\ball rights reserved\.?)",
    re.IGNORECASE | re.DOTALL,
)
_ENDS = re.compile(r"[.!?…。！？:][\"”’»)\]]*\Z")
_FOREIGN = SKIPPED | {"button", "dialog", "form", "iframe", "input", "menu", "nav", "object", "select", "textarea"}
_OUTSIDE = frozenset(("header", "footer", "aside"))
_HOLDERS = frozenset(("blockquote", "figure"))  # whose footer names the speaker or the picture
_CAPTIONS = frozenset(("figcaption", "caption"))
_GROUPS = frozenset(["aside", "div", "dl", "ol", "p", "section", "table", "ul"])
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ITEMS = frozenset(("li", "dd", "dt", "tr", "td", "blockquote", "pre", *_HEADINGS[1:]))
_SECTIONS = frozenset(["article", "body", "div", "main", "section", "td"])


def article_blocks(tree: etree._Element, found: str, title: str) -> list[str]:
    """The blocks of the article in a page whose marks are written out; [] where `found` is not in the page.

    `found` is the text that trafilatura gives for the page: a paragraph, an item or a row on each line. A heading
    of the first rank that repeats the `title` is left out.
    """
    body = tree.find(".//body")
    page = _Page(tree if body is None else body, found)
    blocks = page.blocks() if page.is_known else []
    return [b.text for b in blocks if b.element.tag != "h1" or one_line(b.text).casefold() != title.casefold()]


class _Page:
    """A page in which some blocks are known to be the article's, because trafilatura found them."""

    def __init__(self, body: etree._Element, found: str) -> None:
        self._lines = {words for line in found.split("\n") for part in line.split("|") if (words := _words(part))}
        self._runs = {run for line in found.split("\n") for run in _runs(_words(line))}
        self._body = body
        seen = [block for block in blocks_of(body, lambda e: e.tag in SKIPPED) if self._is_found(block)]
        self._weights: dict[etree._Element, int] = {}  # letters found below each element
        for block in seen:
            for element in (block.element, *block.element.iterancestors()):
                self._weights[element] = self._weights.get(element, 0) + len(block.text)
        self._total = self._weights.get(body, 0)
        self.is_known = self._total > SHARE_FOUND * len(found)
        self._article = self._top()
        self._is_bounded = self._article.tag in ("article", "main")
        self._sections = {_section(block.element) for block in seen}

    def blocks(self) -> list[Block]:
        """The article's blocks, in the order of the page."""
        blocks = list(blocks_of(self._body, self._is_left_out))
        found = [n for n, block in enumerate(blocks) if self._is_found(block) and self._is_text(block)]
        first, last = (found[0], found[-1]) if found else (0, -1)
        kept = [
            block
            for n, block in enumerate(blocks)
            if self._is_kept(block, is_between=first <= n <= last, is_before=n < first)
        ]
        kept = [block for block, after in pairwise([*kept, None]) if block and not self._is_empty(block, after)]
        whole = " ".join(" ".join(_words(block.text)) for block in kept if not self._is_beside(block.element))
        return [
            block
            for block in kept
            if not (self._is_beside(block.element) and " ".join(_words(block.text)) in whole)  # a pulled quote
        ]

    def _top(self) -> etree._Element:
        """The element that is the article: the one that says so around nearly all that is found."""
        top = self._body
        while heavy := [e for e in top if self._weights.get(e, 0) >= SHARE_OF_ARTICLE * self._total > 0]:
            top = heavy[0]
        around = [top, *top.iterancestors()]
        for name in ("article", "main"):
            if named := [element for element in around if element.tag == name]:
                return named[0]
        sections = [element for element in around if element.tag in _SECTIONS]
        headed = [element for element in sections if element.find(".//h1") is not None]
        return (headed or sections or [self._body])[0]

    def _is_found(self, block: Block) -> bool:
        words = _words(block.text)
        runs = _runs(words)
        if not runs:
            return words in self._lines
        return sum(run in self._runs for run in runs) >= SHARE_OF_BLOCK * len(runs)

    def _is_text(self, block: Block) -> bool:
        return self._is_inside(block.element) and _links(block.element) <= SHARE_OF_LINKS

    def _is_inside(self, element: etree._Element) -> bool:
        return element is self._article or self._article in element.iterancestors()

    def _is_left_out(self, element: etree._Element) -> bool:
        """Whether an element, with all below it, is a part of the page that is no article."""
        tag = element.tag
        if tag in SKIPPED:
            return True
        if self._weights.get(element, 0) > SHARE_OF_REST * self._total:
            return False
        if tag in _FOREIGN and element.getparent().tag not in _HEADINGS:
            return True
        label = _label(element)
        if _CORRECTION.search(label):
            return False
        if _OTHER.search(label) or (tag in _OUTSIDE and not self._is_inside(element)):
            return not _holds_correction(element)
        if element in self._weights:
            return False
        is_teaser = tag == "article" and any(e.find(".//a[@href]") is not None for e in element.iter(*_HEADINGS))
        is_list_of_links = tag in _GROUPS and _links(element) > SHARE_OF_LINKS
        return is_teaser or is_list_of_links or bool(_PERHAPS_OTHER.search(label))

    def _is_kept(self, block: Block, *, is_between: bool, is_before: bool) -> bool:
        element, text = block.element, block.text
        if _is_correction(block):
            return _links(element) < SHARE_OF_LINKS and not _FURNITURE.fullmatch(text)
        if not self._is_inside(element):
            return False
        links = _links(element)
        is_furniture = _is_furniture(text)
        if is_furniture and links > SHARE_OF_TEASER:
            return False
        if element.tag == "h1" or (self._is_found(block) and is_between):
            return True
        if is_furniture or links > SHARE_OF_LINKS:
            return False
        if _is_caption(element):
            return True
        if _is_sentence(text):
            return self._is_bounded or is_between or _section(element) in self._sections
        if any(e.tag in ("header", "footer") and e.getparent().tag not in _HOLDERS for e in self._around(element)):
            return False
        is_near = _section(element) in self._sections
        if is_before:  # where dates, names and places of reporters stand, too
            return bool(_STANDFIRST.search(_label(element))) or (is_near and element.tag in _ITEMS)
        return is_between or self._is_bounded or is_near

    def _is_beside(self, element: etree._Element) -> bool:
        """Whether a block stands in a part of the article that is beside its text."""
        return any(e.tag in _OUTSIDE or "pull" in _label(e) for e in self._around(element))

    def _around(self, element: etree._Element) -> Iterator[etree._Element]:
        """The elements around a block, up to the article."""
        return takewhile(lambda e: e is not self._article, (element, *element.iterancestors()))

    def _is_empty(self, block: Block, after: Block | None) -> bool:
        """Whether a block is the heading of a part that is left out."""
        heading = block.element
        if not HEADING.fullmatch(heading.tag) or heading.tag == "h1":
            return False
        following = heading.getnext()
        before = heading.getprevious()
        is_subtitle = _STANDFIRST.search(_label(heading)) or (before is not None and before.tag == "h1")
        if following is not None and not is_subtitle and self._is_left_out(following):
            return True
        is_last = after is None or (after.element.tag <= heading.tag and HEADING.fullmatch(after.element.tag))
        return bool(is_last) and not self._is_found(block)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _runs(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [words[n : n + RUN] for n in range(len(words) - RUN + 1)]


def _label(element: etree._Element) -> str:
    """What a page calls an element, in words: "article footer" for class="articleFooter"."""
    names = ("class", "id", "role", "aria-label", "itemprop", "data-testid", "data-component", "data-block")
    given = " ".join(element.get(name, "") for name in names)
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[_\W]+", " ", given).lower().split())


def _section(element: etree._Element) -> etree._Element:
    """The part of the page in which a block stands."""
    return next((e for e in (element, *element.iterancestors()) if e.tag in _SECTIONS), element)


def _links(element: etree._Element) -> float:
    """The share of an element's letters that stand in links; a heading's link to itself is none."""
    whole = _letters(element)
    if any(above.tag == "a" for above in (element, *element.iterancestors())):
        return 1.0
    links = element.iterdescendants("a")
    if HEADING.fullmatch(element.tag):
        links = (link for link in links if not link.get("href", "").startswith("#"))
    return sum(map(_letters, links)) / whole if whole else 0.0


def _letters(element: etree._Element) -> int:
    return sum(len("".join(text.split())) for text in element.itertext())


def _is_correction(block: Block) -> bool:
    """Whether a block says, or its part of the page is called so, that it corrects the article."""
    around = (block.element, *block.element.iterancestors())
    called = any(_CORRECTION.search(_label(e)) for e in around if e.tag not in ("body", "html", "main", "article"))
    return called or (_is_sentence(block.text) and bool(_CORRECTS.match(block.text)))


def _holds_correction(element: etree._Element) -> bool:
    below = [e for e in element.iterdescendants() if e.tag not in ("a", "li")]
    return any(_CORRECTION.search(_label(e)) or _CORRECTS.match("".join(e.itertext())) for e in below)


def _is_caption(element: etree._Element) -> bool:
    around = (element, *element.iterancestors())
    return any(e.tag in _CAPTIONS or "caption" in _label(e) for e in around[:3])


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= SENTENCE and bool(_ENDS.search(text))


def _is_furniture(text: str) -> bool:
    return len(text) <= FURNITURE and bool(_FURNITURE.fullmatch(text))
