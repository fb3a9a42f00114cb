"""Plain text under YAML front matter: read, written, and brought from bytes to characters."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import yaml

from factbot.corpus.formats.content import METADATA, Content, Unreadable
from factbot.corpus.formats.kinds import SIZE_LIMIT
from factbot.results import Article
from factbot.text.addresses import web_address
from factbot.text.dates import iso_date
from factbot.text.normalise import clean_text, one_line

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

__all__ = ["NOTE", "as_read", "decode", "front_matter", "read_plain", "titled_by_first_line", "to_text_file"]

FRONT_MATTER_LIMIT = 65_536  # characters
METADATA_LIMIT = 15_000  # characters of an article's metadata that surely fit a front matter
WRITTEN = (*METADATA, "fetched")
NOTE = "not_read"  # an article's note: people write a "note" of their own
TITLE_LIMIT = 200  # characters that a title in a plain text's first line may have


def read_plain(content: str) -> Content:
    """Front matter's metadata and the text below it."""
    metadata, body = front_matter(content)
    title, text = titled_by_first_line(body, metadata.pop("title", None))
    return Content(title, text, metadata)


def titled_by_first_line(body: str, title: str | None = None) -> tuple[str | None, str]:
    """(title, text): without a `title`, a short first line that stands alone and is no sentence becomes it."""
    first, *rest = re.split(r"\n[^\S\n]*\n", body.strip(), maxsplit=1)
    is_title = "\n" not in first and len(first) <= TITLE_LIMIT and not first.endswith(tuple(".。।۔,;:"))
    if title is None and is_title and rest:
        return first, rest[0]
    return title, body


_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def decode(data: bytes, declared: str = "") -> str:
    """Text from UTF-8, else the `declared` encoding, else the most likely one."""
    try:
        known = _wide(data) or (declared if _IN_ASCII.match(declared) else "")
        text = _decode_as(known, data) or data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_as(declared, data) or _guess(data)
    if "\0" in text or len(_CONTROL.findall(text)) > 0.05 * len(text):
        raise Unreadable("is not text but binary data; save it as UTF-8 text")
    return text


def _wide(data: bytes) -> str:
    """The encoding of a text with two or four bytes a letter, by its byte order mark or its zeros; "" for none."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return encoding
    head = data[:1_000]
    zeros = [head[first::2].count(0) for first in (0, 1)]
    others = head[zeros[0] > zeros[1] :: 2]
    is_latin = 5 * sum(byte < 0x80 for byte in others) > 4 * len(others)
    if is_latin and 4 * max(zeros) > len(head) and not min(zeros):  # every second byte of Latin letters is zero
        return ("utf-16-be", "utf-16-le")[zeros[1] > zeros[0]]
    return ""


# UTF-32 first: its mark begins as that of UTF-16 does.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Encodings whose bytes are those of other characters in UTF-8 too, so that a declaration counts before it.
_IN_ASCII = re.compile(r"(?i)\s*(?:x-)?(?:iso-?2022|hz\b|utf-?7\b|utf-?(?:16|32))")


def _decode_as(encoding: str, data: bytes) -> str:
    """The text in a declared encoding, "" where it is none, or not that of the data."""
    try:
        codec = codecs.lookup(encoding.strip().lower().removeprefix("x-")).name
        # As browsers read it (WHATWG): who declares Latin 1 writes the quotation marks of Windows too.
        return data.decode("cp1252" if codec == "iso8859-1" else codec)
    except (LookupError, ValueError):
        return ""


# Encodings in which articles are still found, the likelier first. Without this list, charset-normalizer often
# takes a short French text for Polish, Baltic or a printer's encoding.
_ENCODINGS = ["utf_16", "utf_32", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256"]
_ENCODINGS += ["mac_roman", "cp932", "euc_jp", "gb18030", "big5", "cp949", "koi8_r", "koi8_u"]


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16 or 32, where zero bytes are no bad sign
    guesses = list(from_bytes(data, cp_isolation=_ENCODINGS)) if is_wide or b"\0" not in data else []
    best = min(guesses, key=_oddness, default=None)
    if best is None:
        raise Unreadable("is not text in an encoding that can be told; save it as UTF-8 text")
    return str(best)


# "cafŽ" and "Cu‡nto": how letters of an old Mac look in other encodings.
_ODD_INSIDE = re.compile(r"(?<=[a-z])(?:[À-ÖØ-ÞŒŠŸŽ]|[†‡‰•ˆ˜¤¦§¨¯¸](?=[a-z]))")


def _oddness(guess: CharsetMatch) -> tuple[int, float, float, int]:
    """For sorting: how unlikely a guess is."""
    return len(_ODD_INSIDE.findall(str(guess))), guess.chaos, -guess.coherence, _ENCODINGS.index(guess.encoding)


_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def front_matter(content: str) -> tuple[dict[str, str], str]:
    """The metadata at the head of a file, and what follows it.

    Values stay as they are written and never become YAML's numbers or truth values: a title may be 1984 or No. An
    empty value counts as not given.
    """
    found = _FRONT_MATTER.match(content, 0, FRONT_MATTER_LIMIT)
    if not found:
        return {}, content
    as_written = dict(_lines(found[1]))
    try:
        root = yaml.compose(found[1], Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):  # "title: Re: Toll", as people and programs write it
        is_meant = not as_written.keys().isdisjoint(WRITTEN)
        return (as_written, content[found.end() :]) if is_meant else ({}, content)
    if not isinstance(root, yaml.MappingNode):  # a rule (---), some text, another rule
        return {}, content
    nodes = {key.value.lower(): node for key, node in root.value if isinstance(key, yaml.ScalarNode)}
    if _is_bare(nodes.get("title"), as_written.get("title", "")):
        del nodes["title"]
    metadata = {name: as_written[name] for name in WRITTEN if name in as_written and name not in nodes}
    metadata |= {name: value for name, node in nodes.items() if (value := _scalar(node)) is not None}
    return metadata, content[found.end() :]


def _is_bare(title: yaml.Node | None, written: str) -> bool:
    """Whether a title stands without quotes, where YAML takes the end of "Vote #4" for a comment."""
    is_bare = isinstance(title, yaml.ScalarNode | yaml.MappingNode) and not getattr(title, "style", None)
    return is_bare and not re.match(r"(?:~|null|# .*|)$", written)


_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*)|$)")
_KNOWN_KEY = re.compile(rf"({'|'.join(WRITTEN)})[ \t]*:(.+)", re.IGNORECASE)  # also "title:Toll"
_QUOTED = re.compile(r"([\"'])(.*)\1")
_OPEN_QUOTE = re.compile(r"[\"']([^\"']*)")
_BLOCK = re.compile(r"[|>][+-]?")


def _lines(block: str) -> Iterator[tuple[str, str]]:
    """The (name, value) pairs of front matter line by line, whatever their values hold; none for an empty value.

    A line that names nothing goes on with the value before it, and the items of a list are put together.
    """
    name, parts = "", [""]
    for line in [*block.split("\n"), "end:"]:
        # Indented, it belongs to the name before it, if that has no value yet.
        key = _KEY.fullmatch(line.rstrip()) or _KNOWN_KEY.fullmatch(line.strip() if parts[0] else line)
        if key is None:
            parts.append(line.strip())
            continue
        if name and (value := _joined(*parts)):
            yield name, value
        name, parts = key[1].lower(), [(key[2] or "").strip()]


def _joined(first: str, *following: str) -> str:
    """A value that goes on in lines of its own."""
    if not first and following and following[0].startswith("- "):
        return ", ".join(item.removeprefix("- ") for item in following if item)
    value = " ".join(filter(None, ["" if _BLOCK.fullmatch(first) else first, *following]))
    quoted = _QUOTED.fullmatch(value)
    if quoted and quoted[1] not in quoted[2]:
        return quoted[2]
    is_open = _OPEN_QUOTE.fullmatch(value)
    return is_open[1] if is_open else value


def _scalar(node: yaml.Node) -> str | None:
    if isinstance(node, yaml.SequenceNode):
        return ", ".join(item.value for item in node.value if isinstance(item, yaml.ScalarNode))
    if isinstance(node, yaml.ScalarNode) and (node.style or node.value not in ("", "~", "null")):
        return str(node.value)
    return None


def to_text_file(article: Article) -> str:
    """The content of a `.txt` file that `parse_article` reads back as this article.

    Plain text under YAML front matter: nothing in the text needs escaping, so that
    `parse_article(to_text_file(article).encode(), ".txt", id).text == clean_text(article.text).strip()`.
    """
    values = _written(article)
    given = {name: value for name, value in values.items() if value or name == "title"}
    front_matter = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=sys.maxsize)
    return f"---\n{front_matter}---\n\n{clean_text(article.text).strip()}\n"


def as_read(article: Article, article_id: str) -> Article | None:
    """What `parse_article` gives for `to_text_file(article)` under that id; None where only reading it can tell.

    That is where it refuses the text, where the metadata are very long, and for a few rare characters that only a
    second cleaning removes.
    """
    values = _written(article)
    text = clean_text(article.text).strip()
    is_stable = text == clean_text(text).strip() and all(value == one_line(value) for value in values.values())
    # UTF-8 has at most four bytes for a character; quotes, of which YAML makes two, are the most that it adds.
    is_short = 4 * len(text) < SIZE_LIMIT - FRONT_MATTER_LIMIT and sum(map(len, values.values())) < METADATA_LIMIT
    if not text or not is_stable or not is_short:
        return None
    return Article(
        id=article_id,
        title=values["title"],
        text=text,
        source=values["source"],
        author=values["author"],
        date=iso_date(values["date"]),
        url=web_address(values["url"]),
        language=values["language"],
        fetched=values["fetched"],
        note=values[NOTE],
    )


def _written(article: Article) -> dict[str, str]:
    """An article's metadata as its front matter has them."""
    return {**{name: one_line(getattr(article, name)) for name in WRITTEN}, NOTE: one_line(article.note)}
