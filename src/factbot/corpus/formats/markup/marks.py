"""What a page says by its marks alone, written out as plain text: raised figures, struck-out words, large initials.

Without the marks, 48,000 with a note 2 reads 48,0002, ten to the sixth 106, and a withdrawn figure as one that stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from factbot.corpus.formats.markup.formulas import formula_text
from factbot.corpus.formats.markup.raised import LONGEST, REMEMBERED, lowered, raised

__all__ = ["is_hidden", "is_inline", "write_out_marks"]

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark math nobr q rb rp rt ruby"
    " s samp small span strike strong sub sup time tt u var wbr".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body button caption center col colgroup dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe legend li link"
    " main menu meta nav noframes noscript object ol optgroup option p picture pre script search section select slot"
    " source style summary svg table tbody td template textarea tfoot th thead title tr ul video audio".split()
)
_HOLDERS = frozenset("p li td th dd dt figcaption caption h1 h2 h3 h4 h5 h6".split()) | _INLINE
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASSES = frozenset("sr-only visually-hidden visuallyhidden screen-reader-text screenreader-text".split())
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_SHIFTED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_SIMPLE = re.compile(r"\s*\w*\.([\w-]+)\s*")  # a selector: .c3, span.c3
_NOTE_CLASS = re.compile(r"noteref|footnote|endnote|\bfn\b|cite_?ref|citation", re.IGNORECASE)
_NOTE_NUMBER = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡]+)[\])]?")
_GLUED = re.compile(r"[\w.,;:!?%)\]”’\"'»]\Z")  # a note's number stands at the end of a word, a figure or a sentence
_INITIAL = re.compile(r"(?:^|[\s_-])(?:drop-?_?cap|first-?letter|initial-?(?:cap|letter)?)s?(?:$|[\s_-])", re.IGNORECASE)
_LONE_CONSONANT = re.compile(r"[B-DF-HJ-NP-TVX]")  # no word has only this letter


@dataclass(frozen=True)
class _Style:
    """The classes that strike out, raise and lower: the usual ones, and those of the page's own style sheet."""

    struck: frozenset[str]
    raised: frozenset[str]
    lowered: frozenset[str]


def is_inline(element: etree._Element) -> bool:
    """Whether an element stands in the run of a text. One that HTML does not know does, where words stand beside it."""
    tag = element.tag
    if tag in _INLINE or not isinstance(tag, str):
        return True
    parent = element.getparent()
    if tag in _BLOCKS or parent is None or any(below.tag in _BLOCKS for below in element.iterdescendants()):
        return False
    before = element.getprevious()
    beside = (element.tail, parent.text if before is None else before.tail)
    return parent.tag in _HOLDERS or any(text and text.strip() for text in beside)


def is_hidden(element: etree._Element) -> bool:
    """Whether the page says of an element that nobody sees it."""
    if "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")):
        return element.find(".//math") is None  # which stands hidden beside its picture
    return not _HIDDEN_CLASSES.isdisjoint(_classes(element))


def write_out_marks(root: etree._Element) -> None:
    """Write a tree's raised, lowered and large letters as plain text; take away what is struck out or hidden."""
    style = _style(root)
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
    """Write an element out, if it is a mark; whether it was one. `absorbed` gets the marks that became part of it."""
    kind = _kind(element, before, style)
    if not kind:
        return False
    if kind == "gone":
        _replace(element, "")
    elif kind == "math":
        _replace(element, formula_text(element))
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
    """What an element's mark means: "gone", "math", "initial", "raised", "lowered", "note", or "" for none."""
    tag, classes = element.tag, _classes(element)
    if tag in ("rt", "rp") or is_hidden(element) or _is_struck(element, classes, style):
        return "gone"
    if tag == "math":
        return "math"
    if _INITIAL.search(element.get("class", "")) and len(_initial(element)) in (1, 2):
        return "initial"
    shifted = _SHIFTED.search(element.get("style", ""))
    kind = ""
    if tag == "sup" or (shifted and shifted[1].lower() == "super") or not classes.isdisjoint(style.raised):
        kind = "raised"
    elif tag == "sub" or shifted or not classes.isdisjoint(style.lowered):
        kind = "lowered"
    elif tag == "a" and _GLUED.search(before) and _is_link(element) and _NOTE_NUMBER.fullmatch(_text(element).strip()):
        kind = "note"
    return kind if kind and is_inline(element) and len(_text(element)) <= LONGEST else ""


def _is_struck(element: etree._Element, classes: set[str], style: _Style) -> bool:
    is_struck = element.tag in ("s", "del", "strike") or not classes.isdisjoint(style.struck)
    return is_struck or bool(_STRUCK.search(element.get("style", "")))


def _is_link(element: etree._Element) -> bool:
    """Whether an element links to a note: to another place of the document."""
    links = [element, *element.iterdescendants("a")]
    parent = element.getparent()
    links += [parent] if parent is not None else []
    for link in links:
        said = " ".join((link.get("class", ""), link.get("role", ""), link.get("epub:type", ""), link.get("id", "")))
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


def _style(root: etree._Element) -> _Style:
    struck = {"strike", "strikethrough", "strike-through", "line-through", "text-decoration-line-through"}
    higher, lower = {"sup", "super", "superscript"}, {"sub", "subscript"}
    for sheet in root.iter("style"):
        for rule in (sheet.text or "").split("}"):
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
