"""Each message of a mailbox is an article of its own."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.corpus.formats.article import parse_article
from factbot.corpus.formats.content import Unreadable
from factbot.corpus.ingest import mailboxes
from factbot.corpus.ingest.archives import unpack
from factbot.corpus.ingest.item import Item
from factbot.corpus.ingest.mailboxes import read_mailbox
from factbot.results import Failure
from tests.support.documents import zipped

FROM = "From ida@x.example Sat Jan  3 01:05:34 2026\n"


def message(subject: str, body: str) -> str:
    return f"From: Ida <ida@x.example>\nSubject: {subject}\nDate: Mon, 5 Feb 2024 10:00:00 +0000\n\n{body}\n\n"


def read(mailbox: str | bytes) -> list[Item]:
    data = mailbox if isinstance(mailbox, bytes) else mailbox.encode()
    return [item for item in read_mailbox(BytesIO(data), "letters.mbox") if isinstance(item, Item)]


def test_every_message_is_an_article_with_its_own_date() -> None:
    items = read(FROM + message("The dam", "It holds.") + FROM + message("", "It leaks."))
    assert [item.name for item in items] == ["the-dam.eml", "letters-2.eml"]
    articles = [parse_article(item.data, ".eml", item.name) for item in items]
    assert [(a.text, a.date) for a in articles] == [("It holds.", "2024-02-05"), ("It leaks.", "2024-02-05")]


def test_a_line_that_begins_with_from_is_no_message() -> None:
    body = "It holds.\n\nFrom here it looks well.\n>From there too.\n\nFrom 10:00 on it rained.\nNobody came.\n"
    body += "From about 11:00 on it snowed.\nNote: nobody came."
    (item,) = read(FROM + message("The dam", body))
    assert parse_article(item.data, ".eml", "a.eml").text == body.replace(">From", "From")


def test_a_mailbox_of_windows_with_a_byte_order_mark_is_read() -> None:
    text = FROM + message("The dam", "It holds.") + FROM + message("The mole", "It leaks.")
    assert len(read(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())) == 2


def test_what_is_no_mailbox_is_refused() -> None:
    with pytest.raises(Unreadable, match="is no mailbox"):
        read("Dear Ida,\n\nFrom here it looks well.\n")


def test_a_message_that_is_too_large_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailboxes, "size_limit", lambda suffix: 500)
    mailbox = FROM + message("Long", "Word. " * 500) + FROM + message("Short", "It holds.")
    first, second = read_mailbox(BytesIO(mailbox.encode()), "letters.mbox")
    assert isinstance(first, Failure) and first.reason.startswith("letters.mbox, message 1 is larger than")
    assert isinstance(second, Item) and second.name == "short.eml"


def test_a_mailbox_in_an_archive_is_read(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(zipped({"a/letters.mbox": FROM + message("The dam", "It holds.")}))
    (item,) = unpack(tmp_path / "all.zip")
    assert isinstance(item, Item) and item.name == "a/the-dam.eml"


@given(st.lists(st.text("ab >\n", max_size=30), min_size=1, max_size=5))
def test_no_message_is_lost(bodies: list[str]) -> None:
    assert len(read("".join(FROM + message("The dam", body) for body in bodies))) == len(bodies)
