"""What a page says by its marks alone, as plain text: raised figures, struck-out words, large initials.

Without the marks, 48,000 with a note 2 reads 48,0002, ten to the sixth 106, and a withdrawn figure stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from factbot.corpus.formats.markup.formulas import formula_text
from factbot.corpus.formats.markup.raised import LONGEST, REMEMBERED, lowered, raised
from factbot.corpus.formats.markup.symbol_fonts import is_symbol_font, shown

__all__ = ["is_hidden", "is_inline", "write_out_marks"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INLINE = _names(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark math nobr q rb rp rt"
    " ruby s samp small span strike strong sub sup time tt u var wbr"
)
_BLOCKS = _names(
    "address article aside blockquote body button caption center col colgroup dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe"
    " legend li link main menu meta nav noframes noscript object ol optgroup option p picture pre script search"
    " section select slot source style summary svg table tbody td template textarea tfoot th thead title tr"
    " ul video audio"
)
_HOLDERS = _names("p li td th dd dt figcaption caption h1 h2 h3 h4 h5 h6") | _INLINE
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_HIDDEN_CLASSES = _names("sr-only visually-hidden visuallyhidden screen-reader-text screenreader-text")
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_SHIFTED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_FONT = re.compile(r"font-family\s*:\s*([^;]+)", re.IGNORECASE)
_SIMPLE = re.compile(r"\s*\w*\.([\w-]+)\s*")  # a selector: .c3, span.c3
_NOTE_CLASS = re.compile(r"noteref|footnote|endnote|\bfn\b|cite_?ref|citation", re.IGNORECASE)
_NOTE_NUMBER = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡]+)[\])]?")
_GLUED = re.compile(r"[\w.,;:!?%)\]”’\"'»]\Z")  # what a note's number stands after
_INITIAL = re.compile(
    r"(?:^|[\s_-])(?:drop-?_?cap|first-?letter|initial-?(?:cap|letter)?)s?(?:$|[\s_-])", re.IGNORECASE
)
_LONE_CONSONANT = re.compile(r"[B-DF-HJ-NP-TVX]")  # no word has only this letter


@dataclass(frozen=True)
class _Style:
    """The classes that strike out, raise and lower: the usual ones, and those of the page's own style sheet."""

    struck: frozenset[str]
    raised: frozenset[str]
    lowered: frozenset[str]


def is_inline(element: etree._Element) -> bool:
    """Whether an element stands in a run of text, as one unknown to HTML does where words are beside it."""
    tag = element.tag
    if tag in _INLINE or not isinstance(tag, str):
        return True
    parent = element.getparent()
    if tag in _BLOCKS or parent is None or any(below.tag in _BLOCKS for below in element.iterdescendants()):
        return False
    before = element.getprevious()
    beside = (element.tail, parent.text if before is None else before.tail)
    is_beside = any(text and text.strip() for text in beside)
    return is_beside or parent.tag in _HOLDERS or (parent.tag not in _BLOCKS and is_inline(parent))


def is_hidden(element: etree._Element) -> bool:
    """Whether the page says of an element that nobody sees it."""
    if element.get("hidden", "until-found") != "until-found" or _HIDDEN.search(element.get("style", "")):
        return element.find(".//math") is None  # which stands hidden beside its picture
    return not _HIDDEN_CLASSES.isdisjoint(_classes(element))


def write_out_marks(root: etree._Element, sheets: str = "") -> None:
    """Write a tree's raised, lowered and large letters as plain text; take away what is struck out or hidden.

    `sheets` are style sheets beside those in the tree.
    """
    style = _style([sheets, *(sheet.text or "" for sheet in root.iter("style"))])
    listed = _listed(root, style)
    absorbed: set[etree._Element] = set()
    before = ""  # the text of the same block
    done: etree._Element | None = None  # the element, written out, inside of which the walk is
    for event, element in list(etree.iterwalk(root, events=("start", "end"))):
        if element in absorbed or (done is not None and element is not done):
            continue
        if element.tag == "br" or not is_inline(element):
            before = ""
        if event == "end":
            done = None
            before += element.tail or ""
        else:
            if _write_out(element, before, style, listed, absorbed):
                done = element
            before += element.text or ""
        before = before[-REMEMBERED:]


def _write_out(
    element: etree._Element, before: str, style: _Style, listed: set[str], absorbed: set[etree._Element]
) -> bool:
    """Write an element out if it is a mark; whether it was. `absorbed` gets the marks that became part of it."""
    kind = _kind(element, before, style)
    if not kind:
        return False
    if kind == "gone":
        _replace(element, "")
    elif kind == "math":
        _replace(element, formula_text(element))
    elif kind == "symbols":
        _replace(element, shown(_text(element), _font(element)))
    elif kind == "initial":
        _write_initial(element)
    else:
        figure = _text(element)
        is_link = kind == "note" or _is_link(element)
        while not element.tail and (following := element.getnext()) is not None:
            if _kind(following, before, style) != kind:
                break
            figure += _text(following)
            element.tail = following.tail
            absorbed.add(following)
            element.getparent().remove(following)
        after = _after(element)
        if kind == "lowered":
            _replace(element, lowered(figure, before, after))
        else:
            number = figure.strip("[]() \n")
            _replace(element, raised(figure, before, after, is_link=is_link, is_listed=number in listed))
    return True


def _kind(element: etree._Element, before: str, style: _Style) -> str:
    """What a mark means: "gone", "math", "symbols", "initial", "raised", "lowered", "note", or "" for no mark."""
    tag, classes = element.tag, _classes(element)
    if tag in ("rt", "rp") or is_hidden(element) or _is_struck(element, classes, style):
        return "gone"
    if tag == "math":
        return "math"
    if _INITIAL.search(element.get("class", "")) and len(_initial(element)) in (1, 2):
        return "initial"
    if is_symbol_font(_font(element)) and not len(element):
        return "symbols"
    shifted = _SHIFTED.search(element.get("style", ""))
    kind = ""
    if tag == "sup" or (shifted and shifted[1].lower() == "super") or not classes.isdisjoint(style.raised):
        kind = "raised"
    elif tag == "sub" or shifted or not classes.isdisjoint(style.lowered):
        kind = "lowered"
    elif (
        tag == "a"
        and _GLUED.search(before)
        and _is_link(element)
        and _NOTE_NUMBER.fullmatch(_text(element).strip())
    ):
        kind = "note"
    return kind if kind and is_inline(element) and len(_text(element)) <= LONGEST else ""


def _font(element: etree._Element) -> str:
    found = _FONT.search(element.get("style", ""))
    return (found[1] if found else element.get("face", "")).split(",")[0]


def _is_struck(element: etree._Element, classes: set[str], style: _Style) -> bool:
    is_struck = element.tag in ("s", "del", "strike") or not classes.isdisjoint(style.struck)
    return is_struck or bool(_STRUCK.search(element.get("style", "")))


def _is_link(element: etree._Element) -> bool:
    """Whether an element links to a note: to another place of the document."""
    links = [element, *element.iterdescendants("a")]
    parent = element.getparent()
    links += [parent] if parent is not None else []
    for link in links:
        said = " ".join(
            (link.get("class", ""), link.get("role", ""), link.get("epub:type", ""), link.get("id", ""))
        )
        if link.tag == "a" and re.search(r"#.", link.get("href", "")):
            return True
        if link is not parent and _NOTE_CLASS.search(said):
            return True
    return False


def _after(element: etree._Element) -> str:
    """The beginning of what follows an element in the same run of text."""
    text = element.tail or ""
    while len(text) < 20:
        following = element.getnext()
        if following is None:
            parent = element.getparent()
            if parent is None or not is_inline(parent):
                break
            element, text = parent, text + (parent.tail or "")
        elif not is_inline(following) or following.tag == "br":
            break
        else:
            element, text = following, text + _text(following) + (following.tail or "")
    return text


def _initial(element: etree._Element) -> str:
    return (element.get("alt", "") if element.tag == "img" else _text(element)).strip()


def _write_initial(element: etree._Element) -> None:
    """A large initial: it joins the rest of its word, over a break of the line or of a block too."""
    letter = _initial(element)
    following = element.getnext()
    rest = (element.tail or "").lstrip()
    if _LONE_CONSONANT.fullmatch(letter[-1]):
        if rest[:1].islower():
            element.tail = rest
        elif not rest and following is not None and (following.text or "").lstrip()[:1].islower():
            following.text, letter = letter + (following.text or "").lstrip(), ""
    _replace(element, letter)
    element.tag = "span"


def _replace(element: etree._Element, text: str) -> None:
    del element[:]
    element.text = text
    if element.tag not in _BLOCKS:
        element.tag = "span"


def _text(element: etree._Element) -> str:
    return "".join(element.itertext())


def _classes(element: etree._Element) -> set[str]:
    return set(element.get("class", "").lower().split())


def _listed(root: etree._Element, style: _Style) -> set[str]:
    """The numbers of the notes that the page lists: raised figures at the head of a block."""
    numbers = set()
    for element in root.iter("sup", "span", "a"):
        parent = element.getparent()
        if parent is None or is_inline(parent) or element.getprevious() is not None or (parent.text or "").strip():
            continue
        if _kind(element, "", style) == "raised" and (element.tail or "").strip():
            numbers.add(_text(element).strip("[]() \n"))
    return numbers


def _style(sheets: list[str]) -> _Style:
    struck = {"strike", "strikethrough", "strike-through", "line-through", "text-decoration-line-through"}
    higher, lower = {"sup", "super", "superscript"}, {"sub", "subscript"}
    for sheet in sheets:
        first, *commented = sheet.split("/*")
        for rule in "".join([first, *(part.partition("*/")[2] for part in commented)]).split("}"):
            selectors, _, declared = rule.rpartition("{")
            shifted = _SHIFTED.search(declared)
            if not shifted and not _STRUCK.search(declared):
                continue
            classes = {found[1].lower() for one in selectors.split(",") if (found := _SIMPLE.fullmatch(one))}
            if shifted:
                (higher if shifted[1].lower() == "super" else lower).update(classes)
            if _STRUCK.search(declared):
                struck |= classes
    return _Style(frozenset(struck), frozenset(higher), frozenset(lower))
