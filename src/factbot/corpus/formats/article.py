"""From the bytes of a file to an `Article`.

What a person sees is what gets indexed and quoted. So everything becomes plain text here, once: markup is gone, a
blank line stands between blocks (headings, paragraphs, list items), and no invisible character is left.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath

from factbot.corpus.formats.content import Content, Unreadable
from factbot.corpus.formats.documents.process import read_apart
from factbot.corpus.formats.kinds import (
    CONTAINERS,
    DOCUMENTS,
    HTML,
    MARKDOWN,
    OTHER_KIND,
    PLAIN,
    SUFFIXES,
    TRANSCRIPTS,
    size_limit,
    suffix_by_content,
    too_large,
)
from factbot.corpus.formats.markdown import read_markdown
from factbot.corpus.formats.plain_text import NOTE, decode, read_plain
from factbot.corpus.formats.transcripts import CUE, read_transcript
from factbot.corpus.formats.web_page import html_charset, read_page
from factbot.corpus.naming import title_of
from factbot.errors import ArticleError
from factbot.results import Article
from factbot.text.addresses import web_address
from factbot.text.dates import iso_date
from factbot.text.normalise import clean_text, one_line

__all__ = ["draft_text", "parse_article", "read_article", "read_bytes", "under_id"]


def read_article(path: Path, article_id: str) -> Article:
    """The article in the file at `path`, with `article_id` (or the file's name, if that is "") as its id.

    Raises ArticleError, naming the file and what is wrong with it.
    """
    name = article_id or path.name
    return parse_article(read_bytes(path, name), path.suffix, name)


def read_bytes(path: Path, name: str) -> bytes:
    """The file's bytes, at most one more than its kind may have. Raises ArticleError, calling the file `name`."""
    try:
        if path.is_dir():
            raise ArticleError(f"{name} is a folder; add the files in it.")
        if not path.is_file():  # opening a pipe or a device would wait for ever
            raise ArticleError(f"{name} is not a file that can be read; check the name.")
        with path.open("rb") as file:
            return file.read(size_limit(path.suffix) + 1)
    except OSError as error:
        raise ArticleError(f"{name} cannot be read ({error.strerror}); check its permissions.") from error


def parse_article(data: bytes, suffix: str, article_id: str) -> Article:
    """The article in `data`, read as what `suffix` (one of SUFFIXES, any case) says it is.

    Raises ArticleError, naming `article_id` and what is wrong with it.
    """
    try:
        content = _read(data, suffix.lower())
        text = clean_text(content.text).strip()  # again: markup can write any character as &#8203;
        if not text:
            raise Unreadable("has no text; write some or remove the file")
    except Unreadable as problem:
        raise ArticleError(f"{article_id or 'The article'} {problem}.") from problem.__cause__
    metadata = content.metadata
    return Article(
        id=article_id,
        title=title_of(article_id) if content.title is None else one_line(content.title),
        text=text,
        source=one_line(metadata.get("source", "")),
        author=one_line(metadata.get("author", "")),
        date=iso_date(metadata.get("date", "")),
        url=web_address(metadata.get("url", "")),
        language=one_line(metadata.get("language", "")),
        fetched=one_line(metadata.get("fetched", "")),
        pages=content.pages,
        note=one_line(content.note or metadata.get(NOTE, "")),
    )


def draft_text(data: bytes, suffix: str, name: str) -> str:
    """The words of a text that somebody wrote and wants checked, under its title; read as an article of its kind.

    A file of any other kind, or of none, counts as plain text. Raises ArticleError, calling the text `name`.
    """
    suffix = suffix.lower()
    try:
        if suffix in CONTAINERS:
            raise Unreadable("holds many texts; give one of them as a file of its own")
        content = _read(data, suffix if suffix in SUFFIXES else PLAIN[0])
    except Unreadable as problem:
        raise ArticleError(f"{name} {problem}.") from problem.__cause__
    return clean_text("\n\n".join(filter(None, (content.title, content.text)))).strip()


def under_id(article: Article, article_id: str) -> Article | None:
    """What `parse_article` gives for the same bytes under another id; None where only reading them again can tell.

    That is where the other id says another kind, or where the title may have come from the file's name.
    """
    title = title_of(article.id)
    is_same_kind = PurePath(article.id).suffix.lower() == PurePath(article_id).suffix.lower()
    if not is_same_kind or article.title == title != title_of(article_id):
        return None
    return replace(article, id=article_id)


def _read(data: bytes, suffix: str) -> Content:
    if suffix not in SUFFIXES:
        raise Unreadable(OTHER_KIND)
    if len(data) > size_limit(suffix):  # before it is looked into; what it turns out to be has a limit of its own
        raise Unreadable(too_large(suffix))
    suffix = suffix_by_content(data, suffix)
    if len(data) > size_limit(suffix):
        raise Unreadable(too_large(suffix))
    if not data.strip():
        raise Unreadable("has no text; write some or remove the file")
    if suffix in DOCUMENTS:
        return read_apart(data, suffix)
    if suffix in HTML:
        return read_page(clean_text(decode(data, declared=html_charset(data))))
    text = clean_text(decode(data))
    if suffix in TRANSCRIPTS or (suffix in PLAIN and CUE.match(text)):
        return read_transcript(text)
    return read_markdown(text) if suffix in MARKDOWN else read_plain(text)
