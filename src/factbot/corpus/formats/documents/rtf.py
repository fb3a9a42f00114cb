"""RTF: the paragraphs and rows of a rich text, then text boxes and footnotes, and its properties."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from striprtf.striprtf import font_table_group, rtf_to_text

from factbot.corpus.formats.content import Content, Unreadable, without_title
from factbot.corpus.formats.documents.titles import is_junk_title, is_nobody
from factbot.corpus.formats.plain_text import titled_by_first_line
from factbot.text.normalise import one_line

__all__ = ["read"]

_to_text: Callable[..., str] = rtf_to_text
_fonts: Callable[[str], str] = font_table_group

_SKIPPED = ("pict", "shppict", "nonshppict", "object", "themedata", "datastore", "colorschememapping", "fldinst")
_GROUP = re.compile(
    rf"\{{(?:\\\*)?\\(?:(?P<skipped>{'|'.join(_SKIPPED)})|(?P<kept>footnote|shptxt))(?![a-z])"
    # Hidden, or deleted by a tracked change.
    r"|\{(?:\\[a-z]+-?\d*[ ]?){0,40}?\\(?P<unseen>v|deleted)(?![a-z\d-])"
)
_FONT = re.compile(r"(\{\\f\d+)((?:(?!\\fcharset)[^{};])*;)")  # without the alphabet that it is for
_BRACE = re.compile(r"\\bin(\d{1,10})[ ]?|\\[\\{}]|[{}]")


def read(data: bytes) -> Content:
    """The document's blocks and its properties. Raises Unreadable."""
    text = data.decode("latin-1").lstrip("\xef\xbb\xbf \t\r\n")  # RTF is ASCII: other letters are written in it
    if not text.startswith("{\\rtf"):
        raise Unreadable("is no RTF file, whatever its name says; give it the ending of what it is")
    encoding = _encoding(text)
    fonts = _fonts(text)
    named = _FONT.sub(r"\1\\fcharset1\2", fonts)
    text = _CODE_PAGE.sub("", text.replace(fonts, named, 1) if fonts else text)
    head = rf"{{\rtf1{named} "
    body, apart = _without_groups(text)
    blocks = _blocks(body, encoding)
    for group in apart:
        blocks += _blocks(f"{head}{_without_groups(group)[0]}}}", encoding)

    def stated(name: str) -> str:
        found = re.search(rf"\{{\\{name} ((?:[^{{}}]|\\[{{}}]){{0,2000}}?)(?<!\\)\}}", text)
        return one_line(_plain(f"{head}{found[1]}}}", encoding)) if found else ""

    title, author = stated("title"), stated("author")
    created = re.search(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})", text)
    metadata = {
        "author": "" if is_nobody(author) else author,
        "date": f"{created[1]}-{int(created[2]):02}-{int(created[3]):02}" if created else "",
        "source": stated("company"),
    }
    title = "" if is_junk_title(title) else title
    return Content(*titled_by_first_line(without_title(title, blocks), title or None), metadata)


_CODE_PAGE = re.compile(r"\\ansicpg(\d{1,5})")
_MAC = {
    "10000": "mac_roman",
    "10006": "mac_greek",
    "10007": "mac_cyrillic",
    "10029": "mac_latin2",
    "10081": "mac_turkish",
}


def _encoding(text: str) -> str:
    """The encoding of letters in fonts that name none."""
    stated = _CODE_PAGE.search(text[:10_000])
    try:
        if stated:
            return codecs.lookup(_MAC.get(stated[1], f"cp{stated[1]}")).name
    except LookupError:
        pass
    return "mac_roman" if "\\mac" in text[:20] else "cp1252"


def _without_groups(text: str) -> tuple[str, list[str]]:
    """The text without pictures and what is hidden; and, taken out of it, what footnotes and text boxes say."""
    kept: list[str] = []
    apart: list[str] = []
    begin = 0
    while found := _GROUP.search(text, begin):
        kept.append(text[begin : found.start()])
        begin = _end(text, found.start())
        if found["kept"]:
            apart.append(text[found.end() : begin - 1])
    return "".join([*kept, text[begin:]]), apart


def _end(text: str, begin: int) -> int:
    """Where the group ends that begins there: behind its brace, or at the end of a text that is cut off."""
    depth, at = 0, begin
    while found := _BRACE.search(text, at):
        at = found.end() + int(found[1] or 0)  # binary data, which may hold braces
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
            if not depth:
                return at
    return len(text)


def _blocks(text: str, encoding: str) -> list[str]:
    """The paragraphs, and the rows of tables."""
    blocks = _plain(re.sub(r"\\line(?![a-z])", r"\\u8232?", text), encoding).split("\n")
    return [
        _row(block) if block.rstrip().endswith("|") else _lines(block) for block in blocks if block.strip(" |\t")
    ]


def _lines(block: str) -> str:
    return "\n".join(line.strip() for line in block.split("\u2028"))


def _row(line: str) -> str:
    return " | ".join(cell.strip() for cell in line.rstrip(" |").split("|"))


def _plain(text: str, encoding: str) -> str:
    return _to_text(text, encoding=encoding, errors="ignore").replace("\u2011", "-")
