"""E-mail: the message as it is read, without attachments; a forwarded one in place of an empty cover."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from factbot.corpus.formats.content import Content, Unreadable, without_title
from factbot.corpus.formats.markup.blocks import html_blocks
from factbot.corpus.formats.plain_text import decode
from factbot.corpus.formats.web_page import html_charset
from factbot.text.normalise import clean_text, one_line

__all__ = ["read"]

DEPTH_LIMIT = 5  # messages inside messages
STUB = 0.4  # share of the HTML part's words; a plain part with fewer only says where to read the message


def read(data: bytes) -> Content:
    """The message's text, and from its headers the metadata. Raises Unreadable."""
    message = message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    if not any(name in message for name in ("From", "Date", "Subject", "Received", "Message-ID")):
        raise Unreadable("is no e-mail; save the message from the mail program as .eml")
    try:
        return _content(message, DEPTH_LIMIT)
    except RecursionError as error:
        raise Unreadable("has too many parts inside parts; save its text as plain text") from error


def _content(message: EmailMessage, depth: int) -> Content:
    text = _text(message)
    inner = _forwarded(message)
    if depth and inner is not None and not text:
        return _content(inner, depth - 1)
    if inner is not None and depth:
        forwarded = _content(inner, depth - 1)
        text = "\n\n".join(filter(None, [text, forwarded.title, forwarded.text]))
    title = re.sub(r"(?i)\A(?:(?:fwd?|wg|tr)\s*:\s*)+", "", _header(message, "Subject"))
    name, address = _sender(message)
    listed = _header(message, "List-Id")
    phrase, _, identity = listed.partition("<")
    metadata = {
        "author": name,
        "date": _header(message, "Date"),
        "source": phrase.strip(' "') or identity.strip(" >") or address.rpartition("@")[2],
        "language": _header(message, "Content-Language"),
    }
    return Content(title or None, text, metadata)


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


def _text(message: EmailMessage) -> str:
    plain = _body(message, "plain")
    markup = _body(message, "html")
    if not markup:
        return plain
    text = without_title(None, html_blocks(markup)[1])
    return text if _words(plain) <= STUB * _words(text) else plain


def _words(text: str) -> int:
    return len(re.sub(r"https?://\S+", "", text).split())


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return ""
    declared = part.get_content_charset("") or (html_charset(payload) if kind == "html" else "")
    text = clean_text(decode(payload, declared)).strip()
    if kind == "plain" and str(part.get_param("format", "")).lower() == "flowed":
        text = re.sub(
            r"(?m)(?<!^--) \n(?![>\s])", " ", text
        )  # RFC 3676: a space at a line's end joins it to the next
    return text


def _forwarded(message: EmailMessage) -> EmailMessage | None:
    """The first message that is attached to this one."""
    for part in message.iter_parts() if message.is_multipart() else ():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage):
                return inner[0]
    return None
