"""Which characters are left out of a text, how it becomes one line, and how words are made alike to compare them.

Each use has its own rule: an article keeps its paragraphs, a question becomes one line, a prompt for a language
model must hide nothing, and no invisible mark may turn a web page around.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = [
    "INSIDE_WORDS",
    "clean_text",
    "fold_accents",
    "fold_signs",
    "one_line",
    "plain_letters",
    "shortened",
    "single_spaced",
    "typed_line",
    "visible_text",
    "without_controls",
]

# Parts of regular expressions: what stands between the brackets of a character class.
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # without the white space among them
_DIRECTIONS = "\u202a-\u202e\u2066-\u2069"  # marks that turn the direction of writing
INSIDE_WORDS = (
    "\u00ad\u200b-\u200d\u2060"  # may stand inside a word without being a part of it: soft hyphens, joiners
)

# Nobody sees them: controls, surrogates, soft hyphens, zero-width and direction marks, tags.
_INVISIBLE = re.compile(
    f"[{_CONTROLS}{_DIRECTIONS}\xad\u061c\u200b\u200e\u200f\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# Joiners are spelling in Arabic and Indic scripts and build emoji; after anything else they are noise.
_STRAY_JOINERS = re.compile("(^|[\0-\u05ff\u1cff-\u200b\u200e-\u20ff])[\u200c\u200d]+")
_LINE_BREAK = re.compile("[\r\x0b\x0c\x85\u2028]")
_PAGE_BREAKING = re.compile(f"[{_CONTROLS}{_DIRECTIONS}\x0b\x0c\x85]")
# Unicode calls them letters and accents, but nobody sees them: fillers, and selectors that can spell out a text.
_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_INSIDE_WORDS = re.compile(rf"[\s{INSIDE_WORDS}]")
_SIGNS = str.maketrans("’ʼ−–", "''--")
# Two or three letters printed as one sign, which look the same spelled out: ﬀ, ﬁ, ﬂ, ﬃ, ﬄ, ﬅ, ﬆ.
_LIGATURES = dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_BREAK_HINTS = re.compile("[\u00ad\u200b\u2060\ufeff]")  # only say where a word may, or may not, be broken


def clean_text(text: str) -> str:
    """An article's text with every line break as \\n, without characters that cannot be seen and ligatures."""
    text = _INVISIBLE.sub("", text).translate(_LIGATURES)
    if "\u200c" in text or "\u200d" in text:
        text = _STRAY_JOINERS.sub(r"\1", text)
    return _LINE_BREAK.sub("\n", text.replace("\r\n", "\n")).replace("\u2029", "\n\n")


def single_spaced(text: str) -> str:
    """The text on one line: each run of white space is one space, and none is left at the ends."""
    return " ".join(text.split())


def one_line(text: str) -> str:
    """A title, a name or another line of an article: cleaned, and on one line."""
    return single_spaced(clean_text(text))


def typed_line(text: str) -> str:
    """What a person typed, on one line, without ligatures: a control or format character counts as a space.

    One that only says where a word may be broken is left out, for it comes with words copied from a page.
    """
    text = _BREAK_HINTS.sub("", text).translate(_LIGATURES)
    return single_spaced("".join(" " if unicodedata.category(c)[0] == "C" else c for c in text))


def visible_text(text: str) -> str:
    """Only what a person sees, with line breaks and tabs: no control, format or filler character of any kind."""
    return _FILLERS.sub("", "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C"))


def without_controls(text: str) -> str:
    """The text without control characters and marks that would turn the rest of a page around."""
    return _PAGE_BREAKING.sub("", text)


# Letters of their own, which Unicode does not split into a plain one and an accent.
_OWN = dict(zip("øłđðıŧħþæœ", ["o", "l", "d", "d", "i", "t", "h", "th", "ae", "oe"], strict=True))
_PLAIN = str.maketrans({"’": "'", **_OWN})
_PLAIN_IN_TEXT = str.maketrans(
    {
        **_OWN,
        **{own.upper(): plain.capitalize() for own, plain in _OWN.items() if own != "ı"},
        "ß": "ss",
        "ẞ": "SS",
    }
)
_ACCENTS = re.compile("(?<=[A-Za-z])[\u0300-\u036f]+")


def shortened(text: str, length: int) -> str:
    """The text on one line, cut between words after `length` characters at most; a cut is shown as " …"."""
    line = single_spaced(text)
    return line if len(line) <= length else f"{line[:length].rsplit(' ', 1)[0]} …"


def fold_accents(word: str) -> str:
    """A word in plain small letters, its apostrophe straight: "Østergård" as "ostergard".

    A word that is nothing but accents stays, and so do the letters of other scripts.
    """
    if not word[0].isalpha():
        return word.lower()
    if word.isascii():
        return word.lower().replace(".", "")
    apart = unicodedata.normalize("NFKD", word).casefold().translate(_PLAIN)
    return "".join(c for c in apart if not unicodedata.combining(c)) or word


def plain_letters(text: str) -> str:
    """A text with the Latin letters of a plain keyboard in the place of all others: "Søren" as "Soren".

    Case, signs and the letters of other scripts stay.
    """
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text.translate(_PLAIN_IN_TEXT).translate(_LIGATURES))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))


def fold_signs(word: str) -> str:
    """A word without case and invisible characters, with one shape for apostrophes and dashes; accents stay."""
    if word.isalpha() and word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", _INSIDE_WORDS.sub("", word)).translate(_SIGNS).casefold()
