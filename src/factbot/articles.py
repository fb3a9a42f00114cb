"""From the bytes of a file to an `Article`: Markdown, plain text or HTML, and back to a file.

What a reader sees is what gets indexed and quoted, so everything is reduced to plain text here, once:
markup is gone, blocks (headings, paragraphs, list items) stand apart by a blank line, and no character
that cannot be seen is left in.
"""

from __future__ import annotations

import html
import logging
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from email.utils import parsedate
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml

from factbot.errors import ArticleError
from factbot.results import Article

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["SIZE_LIMIT", "SUFFIXES", "clean_text", "parse_article", "read_article", "to_text_file"]

SIZE_LIMIT = 10_000_000  # bytes
FRONT_MATTER_LIMIT = 65_536  # characters
TITLE_LIMIT = 200  # characters that a title in a plain text's first line may have

MARKDOWN = (".md", ".markdown")
PLAIN = (".txt", ".text")
HTML = (".html", ".htm")
SUFFIXES = MARKDOWN + PLAIN + HTML

METADATA = ("title", "source", "author", "date", "url", "language")


def read_article(path: Path, article_id: str) -> Article:
    """The article in the file at `path`, with `article_id` (or the file's name, if that is "") as its id.

    Raises ArticleError, naming the file and what is wrong with it.
    """
    name = article_id or path.name
    return parse_article(read_bytes(path, name), path.suffix, name)


def read_bytes(path: Path, name: str) -> bytes:
    """The file's bytes, one more than SIZE_LIMIT at most. Raises ArticleError, calling the file `name`."""
    try:
        if path.is_dir():
            raise ArticleError(f"{name} is a folder; add the files in it.")
        if not path.is_file():  # opening a pipe or a device would wait for ever
            raise ArticleError(f"{name} is not a file that can be read; check the name.")
        with path.open("rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise ArticleError(f"{name} cannot be read ({error.strerror}); check its permissions.") from error


def parse_article(data: bytes, suffix: str, article_id: str) -> Article:
    """The article in `data`, read as what `suffix` (one of SUFFIXES, any case) says it is.

    Raises ArticleError, naming `article_id` and what is wrong with it.
    """
    suffix = suffix.lower()
    try:
        if suffix not in SUFFIXES:
            raise _Unreadable(f"is of a kind that factbot does not read; give it as {', '.join(SUFFIXES)}")
        if len(data) > SIZE_LIMIT:
            raise _Unreadable(f"is larger than {SIZE_LIMIT // 1_000_000} MB; split it into several articles")
        content = clean_text(_decode(data, declared=_html_charset(data) if suffix in HTML else ""))
        if suffix in HTML:
            metadata, title, text = _from_html(content)
        else:
            metadata, body = _front_matter(content)
            read = _from_markdown if suffix in MARKDOWN else _from_plain
            title, text = read(body, metadata.get("title"))
        text = clean_text(text).strip()  # again: markup can write any character as &#8203;
        if not text:
            raise _Unreadable("has no text; write some or remove the file")
    except _Unreadable as problem:
        raise ArticleError(f"{article_id or 'The article'} {problem}.") from problem.__cause__
    if title is None:
        title = PurePosixPath(article_id).stem.replace("-", " ").replace("_", " ")
    return Article(
        id=article_id,
        title=_one_line(title),
        text=text,
        source=_one_line(metadata.get("source", "")),
        author=_one_line(metadata.get("author", "")),
        date=_iso_date(metadata.get("date", "")),
        url=_web_address(metadata.get("url", "")),
        language=_one_line(metadata.get("language", "")),
    )


def to_text_file(article: Article) -> str:
    """The content of a `.txt` file that `parse_article` reads back as this article.

    Plain text under YAML front matter: nothing in the text needs escaping, so that
    `parse_article(to_text_file(article).encode(), ".txt", id).text == clean_text(article.text).strip()`.
    """
    values = {name: _one_line(getattr(article, name)) for name in METADATA}
    given = {name: value for name, value in values.items() if value or name == "title"}
    front_matter = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=sys.maxsize)
    return f"---\n{front_matter}---\n\n{clean_text(article.text).strip()}\n"


# Characters nobody sees: controls, surrogates, soft hyphens, zero-width and bidirectional marks, tags.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# Joiners are spelling in Arabic and Indic scripts and build emoji; after anything else they are noise.
_STRAY_JOINERS = re.compile("(^|[\0-\u05ff\u1cff-\u200b\u200e-\u20ff])[\u200c\u200d]+")
_LINE_BREAK = re.compile("[\r\x0b\x0c\x85\u2028]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def clean_text(text: str) -> str:
    """`text` with every line break as \\n and without characters that cannot be seen."""
    text = _INVISIBLE.sub("", text)
    if "\u200c" in text or "\u200d" in text:
        text = _STRAY_JOINERS.sub(r"\1", text)
    return _LINE_BREAK.sub("\n", text.replace("\r\n", "\n")).replace("\u2029", "\n\n")


class _Unreadable(Exception):
    """Why an article cannot be read: the end of a sentence that begins with its name."""


def _decode(data: bytes, declared: str) -> str:
    """Text from UTF-8, else the `declared` encoding, else the most likely one."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_as(declared, data) or _guess(data)
    if "\0" in text or len(_CONTROL.findall(text)) > 0.05 * len(text):
        raise _Unreadable("is not text but binary data; save it as UTF-8 text")
    return text


def _decode_as(encoding: str, data: bytes) -> str:
    try:
        return data.decode(encoding) if encoding else ""
    except (LookupError, ValueError):
        return ""


# Encodings that articles are still found in, the likelier first: left to itself, charset-normalizer often
# takes a short French text for Polish, Baltic or a printer's.
_ENCODINGS = ["utf_16", "utf_32", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256"]
_ENCODINGS += ["cp932", "euc_jp", "gb18030", "big5", "cp949", "koi8_r", "koi8_u"]


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16 or 32, where zero bytes are no bad sign
    guesses = list(from_bytes(data, cp_isolation=_ENCODINGS)) if is_wide or b"\0" not in data else []
    best = min(guesses, key=lambda g: (g.chaos, -g.coherence, _ENCODINGS.index(g.encoding)), default=None)
    if best is None:
        raise _Unreadable("is not text in an encoding that can be told; save it as UTF-8 text")
    return str(best)


def _html_charset(data: bytes) -> str:
    found = re.search(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]+)", data[:4096], re.IGNORECASE)
    return found[1].decode("ascii", "ignore") if found else ""


_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def _front_matter(content: str) -> tuple[dict[str, str], str]:
    """The metadata at the head of a file, and what follows it.

    Values are taken as they are written, never as YAML's numbers or truth values (a title may be 1984
    or No); a value left empty counts as not given.
    """
    found = _FRONT_MATTER.match(content, 0, FRONT_MATTER_LIMIT)
    if not found:
        return {}, content
    try:
        root = yaml.compose(found[1], Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        is_open_quote = "quoted" in (error.context or "")  # noticed only at the end of the front matter
        mark = error.context_mark if is_open_quote else error.problem_mark
        line = content.count("\n", 0, found.start(1)) + 1 + (mark.line if mark else 0)
        raise _Unreadable(
            f"has front matter that is not YAML in line {line} ({error.problem}); put the value in quotes"
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise _Unreadable("has front matter that is not YAML; mend it or remove it") from error
    if not isinstance(root, yaml.MappingNode):  # a rule (---), some text, another rule
        return {}, content
    metadata = {}
    for key, node in root.value:
        value = _scalar(node)
        if isinstance(key, yaml.ScalarNode) and value is not None:
            metadata[key.value.lower()] = value
    return metadata, content[found.end() :]


def _scalar(node: yaml.Node) -> str | None:
    if isinstance(node, yaml.SequenceNode):
        return ", ".join(item.value for item in node.value if isinstance(item, yaml.ScalarNode))
    if isinstance(node, yaml.ScalarNode) and (node.style or node.value not in ("", "~", "null")):
        return str(node.value)
    return None


def _from_plain(body: str, title: str | None) -> tuple[str | None, str]:
    """Without a title, a short first line that stands alone and is no sentence is the title."""
    first, *rest = re.split(r"\n[^\S\n]*\n", body.strip(), maxsplit=1)
    is_title = "\n" not in first and len(first) <= TITLE_LIMIT and not first.endswith(tuple(".。।۔,;:"))
    if title is None and is_title and rest:
        return first, rest[0]
    return title, body


@cache
def _markdown_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _from_markdown(body: str, title: str | None) -> tuple[str | None, str]:
    """The title (else the first heading) and the plain text, which does not repeat it at its head."""
    blocks: list[str] = []
    cells: list[str] = []
    heading: str | None = None
    tokens = _markdown_parser().parse(body)
    for before, token in zip([None, *tokens], tokens, strict=False):
        opened = before.type if before else ""
        if token.type == "inline":
            text = _inline_text(token.children or [])
            if heading is None and opened == "heading_open":
                heading = text
            (cells if opened in ("th_open", "td_open") else blocks).append(text)
        elif token.type == "tr_close":
            blocks.append(" | ".join(cells))
            cells = []
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content)
        elif token.type == "html_block":
            blocks.append(_without_tags(token.content))
    return _titled(title if title is not None else heading, blocks)


def _inline_text(tokens: list[Token]) -> str:
    written: dict[str, Callable[[Token], str]] = {
        "text": lambda token: token.content,
        "code_inline": lambda token: token.content,
        "image": lambda token: token.content,
        "softbreak": lambda token: " ",
        "hardbreak": lambda token: "\n",
        "html_inline": lambda token: "\n" if token.content.lower().startswith("<br") else "",
    }
    return "".join(written[token.type](token) for token in tokens if token.type in written)


_UNSEEN_MARKUP = re.compile(r"(?is)<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)")


def _without_tags(markup: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", "", _UNSEEN_MARKUP.sub("", markup)))


def _from_html(content: str) -> tuple[dict[str, str], str | None, str]:
    """Metadata, title and main text of a page, without its menus, comments and advertisements."""
    import trafilatura

    for logger in ("trafilatura", "htmldate"):  # what went wrong is in the error; nothing beside it on stderr
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    try:
        tree = trafilatura.load_html(content)
        page = trafilatura.bare_extraction(
            content,
            with_metadata=True,
            include_comments=False,
            # A wrong date is worse than none: only what the page states, nothing found in its prose.
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except Exception as error:  # anything from anywhere goes in: no list of a parser's failures is complete
        raise _Unreadable("is HTML that cannot be read; save the article as plain text") from error
    if page is None or isinstance(page, dict) or tree is None:
        raise _Unreadable("is a page in which no article can be found; save its text as plain text")
    metadata = {
        "source": page.sitename,
        "author": page.author,
        "date": page.date,
        "url": page.url,
        "language": tree.get("lang"),
    }
    blocks = [line.removeprefix("- ") for line in (page.text or "").split("\n")]
    title, text = _titled(page.title, blocks)
    return {name: value for name, value in metadata.items() if value}, title, text


def _titled(title: str | None, blocks: list[str]) -> tuple[str | None, str]:
    blocks = [block.strip() for block in blocks if block.strip()]
    if title and blocks and _one_line(blocks[0]).casefold() == _one_line(title).casefold():
        blocks = blocks[1:]
    return title, "\n\n".join(blocks)


def _one_line(value: str) -> str:
    return " ".join(clean_text(value).split())


def _iso_date(value: str) -> str:
    """`value` as YYYY-MM-DD if it is a whole date in a common, unambiguous form, else as it is."""
    value = _one_line(value)
    numbers = re.match(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)", value)
    if numbers and (numbers[2] or len(numbers[0]) == 8):
        return _valid_date(int(numbers[1]), int(numbers[3]), int(numbers[4])) or value
    for form in ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y"):
        try:
            return datetime.strptime(value, form).date().isoformat()
        except ValueError:
            continue
    if re.match(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d", value):  # as in e-mail and RSS
        fields = parsedate(value)
        return _valid_date(*fields[:3]) or value if fields else value
    return value


def _valid_date(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _web_address(value: str) -> str:
    value = value.strip()
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
    return value if is_web else ""
