"""E-mail: the message as it is read, with the messages attached to it; what was not read is told in the note."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as BadBase64
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import groupby

from factbot.corpus.formats.content import Content, Unreadable
from factbot.corpus.formats.documents.mail.quotes import Head, Piece, own_words, text_pieces
from factbot.corpus.formats.markup.blocks import html_pieces
from factbot.corpus.formats.plain_text import decode
from factbot.corpus.formats.web_page import html_charset
from factbot.text.dates import iso_date
from factbot.text.normalise import clean_text, one_line
from factbot.text.plurals import counted

__all__ = ["read"]

DEPTH_LIMIT = 5  # messages inside messages
STUB = 0.4  # share of the HTML part's words; a plain part with fewer only says where to read the message
NAMED = 10  # attachments that the note names
BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, in which editors on Windows save
PROSE = ("text/plain", "text/html", "text/markdown")
WITHOUT_WORDS = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
SEALED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_FORWARD = re.compile(r"(?i)\A\W*(?:(?:fwd?|wg|tr|rv|enc|doorst|vb|vl|pd)\s*:\s*)+")


def read(data: bytes) -> Content:
    """The message's text, and from its headers the metadata. Raises Unreadable."""
    message = _parsed(data)
    if not any(name in message for name in ("From", "Date", "Subject", "Received", "Message-ID")):
        raise Unreadable("is no e-mail; save the message from the mail program as .eml")
    try:
        return _content(message, DEPTH_LIMIT)
    except RecursionError as error:
        raise Unreadable("has too many parts inside parts; save its text as plain text") from error


def _parsed(data: bytes) -> EmailMessage:
    if data.startswith(BYTE_ORDER):
        data = data.decode("utf-16", "replace").encode()
    return message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n"), _class=EmailMessage, policy=policy.default)


@dataclass
class _Found:
    """What a message holds, in order: pieces of its text and messages; and the names of what is not read."""

    items: list[Piece | EmailMessage] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    is_sealed: bool = False

    @property
    def words(self) -> int:
        """How many words there are to read, those of addresses left out."""
        text = " ".join(item.text for item in self.items if isinstance(item, Piece))
        return len(re.sub(r"https?://\S+", "", text).split())


def _content(message: EmailMessage, depth: int) -> Content:
    subject = _header(message, "Subject")
    found = _Found()
    _collect(message, found)
    own = [item for item in found.items if isinstance(item, Piece)]
    inner = [item for item in found.items if isinstance(item, EmailMessage)]
    if found.is_sealed and not found.items:
        raise Unreadable("is encrypted; open it in the mail program and save its text as plain text")
    notes = _notes(found)
    if inner and not depth:
        notes.append("Messages that lie too deep inside other messages were not read.")
        inner = []
    if len(inner) == 1 and not own:
        content = _content(inner[0], depth - 1)
        return replace(content, note=" ".join([*notes, *filter(None, [content.note])]))
    blocks: list[str] = []
    head: Head | None = None
    for is_text, group in groupby(found.items, key=lambda item: isinstance(item, Piece)):
        if is_text:
            told = own_words(
                [item for item in group if isinstance(item, Piece)],
                is_forward=bool(_FORWARD.match(subject)),
                follows=bool(blocks),
            )
            head = head or (None if blocks else told.head)
            blocks += told.blocks
            if told.left_out:
                notes.insert(0, "Words that it quotes from earlier mails were left out.")
        elif depth:
            for item in group:
                if isinstance(item, EmailMessage):
                    content = _content(item, depth - 1)
                    if content.text:
                        blocks += [_head(item).words, content.text]
                    notes += filter(None, [content.note])
    title = _FORWARD.sub("", subject)
    return Content(
        title or None, "\n\n".join(blocks), _metadata(message, head), note=" ".join(dict.fromkeys(notes))
    )


def _notes(found: _Found) -> list[str]:
    """What was not read, in sentences."""
    notes = []
    if found.unread:
        were = "was" if len(found.unread) == 1 else "were"
        more = ", …" if len(found.unread) > NAMED else ""
        names = ", ".join(found.unread[:NAMED])
        notes.append(f"{counted(len(found.unread), 'attachment')} {were} not read: {names}{more}.")
    if found.is_sealed:
        notes.append("An encrypted part was not read.")
    return notes


def _metadata(message: EmailMessage, head: Head | None) -> dict[str, str]:
    """From the message's headers; with `head`, the message only hands on another one, whose head counts then."""
    name, address = _sender(message) if head is None else head.writer
    listed = _header(message, "List-Id")
    phrase, _, identity = listed.partition("<")
    day = iso_date(_header(message, "Date")) if head is None else head.day
    return {
        "author": one_line(name),
        "date": day if head is None or re.fullmatch(r"\d{4}-\d\d-\d\d", day) else "",
        "source": phrase.strip(' "') or identity.strip(" >") or address.rpartition("@")[2],
        "language": _header(message, "Content-Language"),
    }


def _head(message: EmailMessage) -> Head:
    name, address = _sender(message)
    return Head(name or address, _header(message, "Date"), _FORWARD.sub("", _header(message, "Subject")))


def _header(message: EmailMessage, name: str) -> str:
    """A header's value, "" where it is missing, or so broken that the standard library fails on it."""
    try:
        return one_line(str(message.get(name, "")))
    except Exception:
        return ""


def _sender(message: EmailMessage) -> tuple[str, str]:
    try:
        address = message["From"].addresses[0]
    except Exception:  # none, or broken
        return "", ""
    return one_line(address.display_name), one_line(address.addr_spec)


# -- parts -----------------------------------------------------------------------------------------


def _collect(part: EmailMessage, found: _Found) -> None:
    """Put what a part holds into `found`: every text that a mail program shows, and every message."""
    kind = part.get_content_type()
    if kind in SEALED:
        found.is_sealed = True
    elif kind in ("message/rfc822", "message/global"):
        inner = _message_in(part)
        if inner is not None:
            found.items.append(inner)
    elif kind == "multipart/alternative":
        _choose(list(_children(part)), found)
    elif kind == "multipart/related":
        root, *beside = [*_children(part), None]
        if root is not None:
            _collect(root, found)
        found.unread += [name for each in beside if each is not None and (name := _attached(each))]
    elif part.is_multipart():
        for child in _children(part):
            _collect(child, found)
    elif kind in PROSE and part.get_content_disposition() != "attachment":
        found.items += _pieces(part, kind)
    elif name := _attached(part):
        found.unread.append(name)


def _children(part: EmailMessage) -> list[EmailMessage]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, EmailMessage)] if isinstance(payload, list) else []


def _choose(options: list[EmailMessage], found: _Found) -> None:
    """The best of a text's versions: the plain one, unless it only says where to read the other."""
    read: list[tuple[EmailMessage, _Found]] = []
    for option in options:
        version = _Found()
        _collect(option, version)
        found.unread += version.unread  # the file is attached whichever version is read
        found.is_sealed |= version.is_sealed
        read.append((option, version))
    full = [(option, version) for option, version in read if version.items]
    if not full:
        return
    plain = next((version for option, version in full if option.get_content_type() == "text/plain"), None)
    rich = next((version for option, version in reversed(full) if version is not plain), None)
    if plain is None or (rich is not None and plain.words <= STUB * rich.words):
        plain = rich
    assert plain is not None
    found.items += plain.items


def _attached(part: EmailMessage) -> str:
    """What to call a part that is not read; "" for a picture in the text, a signature, and the like."""
    kind = part.get_content_type()
    is_shown = part.get_content_disposition() != "attachment"
    if kind in WITHOUT_WORDS or part.get_content_maintype() in ("message", "multipart"):
        return ""
    if is_shown and (part.get_content_maintype() == "image" or not _file_name(part)):
        return ""
    return _file_name(part) or kind


def _file_name(part: EmailMessage) -> str:
    try:
        return one_line(part.get_filename("") or "")[:100]
    except Exception:  # a broken header
        return ""


def _message_in(part: EmailMessage) -> EmailMessage | None:
    """The message that a part holds; some programs wrap it into base64, which the standard does not allow."""
    inner = next(iter(_children(part)), None)
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if inner is not None and encoding == "base64" and not inner.keys():
        try:
            return _parsed(b64decode(str(inner.get_payload())))
        except (BadBase64, ValueError):
            return inner
    return inner


def _pieces(part: EmailMessage, kind: str) -> list[Piece]:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return []
    is_html = kind == "text/html"
    declared = part.get_content_charset("") or (html_charset(payload) if is_html else "")
    text = clean_text(decode(payload, declared)).strip()
    if is_html:
        blocks = html_pieces(text)[1]
        return [Piece(piece.text, piece.depth + depth) for block, depth in blocks for piece in text_pieces(block)]
    is_flowed = str(part.get_param("format", "")).lower() == "flowed"
    return text_pieces(text, is_flowed=is_flowed, drops_space=str(part.get_param("delsp", "")).lower() == "yes")
