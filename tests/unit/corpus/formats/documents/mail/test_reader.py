"""Of a mail, every part and every message in it is read in order; what is not read is told in the note."""

from __future__ import annotations

import base64

import pytest

from factbot.corpus.formats.article import parse_article
from factbot.errors import ArticleError
from factbot.results import Article

HEAD = "From: Ada Berg <ada@town.example>\nSubject: The library\nMIME-Version: 1.0\n"
HEAD += "Date: Fri, 2 Feb 2024 23:45:00 -0800\n"


def read(mail: str | bytes) -> Article:
    return parse_article(mail.encode() if isinstance(mail, str) else mail, ".eml", "a.eml")


def parts(kind: str, *given: str) -> str:
    """A body of several parts, each with its own headers."""
    mark = f"b{abs(hash(given))}"
    body = "".join(f"--{mark}\n{part}\n" for part in given)
    return f"Content-Type: multipart/{kind}; boundary={mark}\n\n{body}--{mark}--\n"


def text(words: str, kind: str = "plain", more: str = "") -> str:
    return f"Content-Type: text/{kind}; charset=utf-8\n{more}\n{words}\n"


def message(words: str, sender: str = "Bo Ek <bo@quay.example>", subject: str = "The roof") -> str:
    head = f"From: {sender}\nSubject: {subject}\nDate: Thu, 1 Feb 2024 08:00:00 +0000\n"
    return f"Content-Type: message/rfc822\n\n{head}{text(words)}"


PICTURE = "Content-Type: image/png\nContent-Disposition: inline; filename=roof.png\n"
PICTURE += "Content-Transfer-Encoding: base64\n\niVBO"
FILE = "Content-Type: application/pdf\nContent-Disposition: attachment; filename=plan.pdf\n\n%PDF"


# -- parts -----------------------------------------------------------------------------------------


def test_text_goes_on_after_a_picture() -> None:
    article = read(
        HEAD + parts("mixed", text("It opens in May."), PICTURE, text("<p>It has <b>9</b> rooms.</p>", "html"))
    )
    assert article.text.split("\n\n") == ["It opens in May.", "It has 9 rooms."]
    assert article.note == ""


def test_of_two_versions_of_a_text_one_is_read_whole() -> None:
    rich = parts("mixed", text("<p>It opens in May.</p>", "html"), FILE, text("<p>It has 9 rooms.</p>", "html"))
    for plain, words in (
        ("It opens in May. It has 9 rooms.", "It opens in May. It has 9 rooms."),
        ("See below.", ""),
    ):
        article = read(HEAD + parts("alternative", text(plain), rich))
        assert article.text == (words or "It opens in May.\n\nIt has 9 rooms.")
        assert "plan.pdf" in article.note, "whichever version is read"


def test_a_text_beside_its_own_pictures_is_read() -> None:
    related = parts("related", text("<p>It opens in May.</p>", "html"), PICTURE, FILE)
    assert read(HEAD + related).text == "It opens in May."
    assert read(HEAD + related).note == "1 attachment was not read: plan.pdf."


def test_attachments_are_named() -> None:
    notes = text("Not this.", more="Content-Disposition: attachment; filename=notes.txt\n")
    signature = "Content-Type: application/pgp-signature; name=signature.asc\n\nx"
    article = read(HEAD + parts("mixed", text("It opens in May."), FILE, notes, signature))
    assert article.text == "It opens in May."
    assert article.note == "2 attachments were not read: plan.pdf, notes.txt."


def test_a_sealed_mail_is_refused_and_a_sealed_part_is_named() -> None:
    sealed = parts("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1", FILE)
    with pytest.raises(ArticleError, match="encrypted; open it in the mail program"):
        read(HEAD + sealed)
    assert read(HEAD + parts("mixed", text("Read this."), sealed)).note == "An encrypted part was not read."


# -- messages in messages --------------------------------------------------------------------------


def test_every_attached_message_is_read_under_a_line_on_who_wrote_it() -> None:
    article = read(
        HEAD + parts("mixed", text("Two letters:"), message("It leaks."), message("It is dry.", "cy@x.example"))
    )
    assert article.text.split("\n\n") == [
        "Two letters:",
        "Bo Ek wrote on 1 February 2024, under the subject “The roof”:",
        "It leaks.",
        "cy@x.example wrote on 1 February 2024, under the subject “The roof”:",
        "It is dry.",
    ]
    assert (article.title, article.author, article.date) == ("The library", "Ada Berg", "2024-02-02")


def test_the_messages_of_a_digest_are_read() -> None:
    first, second = (message(words).partition("\n\n")[2] for words in ("It leaks.", "It is dry."))
    blocks = read(HEAD + parts("digest", f"\n{first}", f"\n{second}")).text.split("\n\n")
    assert [block for block in blocks if not block.endswith(":")] == ["It leaks.", "It is dry."]


def test_a_cover_without_words_gives_way_to_the_one_message_in_it() -> None:
    article = read(HEAD + parts("mixed", text(""), message("It leaks."), FILE))
    assert (article.title, article.author, article.text) == ("The roof", "Bo Ek", "It leaks.")
    assert "plan.pdf" in article.note


def test_messages_too_deep_inside_each_other_are_told_of() -> None:
    mail = message("The innermost.").partition("\n\n")[2]
    for _ in range(7):
        mail = HEAD + parts("mixed", text("A cover."), f"Content-Type: message/rfc822\n\n{mail}")
    article = read(mail)
    assert "innermost" not in article.text and "too deep" in article.note


def test_a_message_wrapped_in_base64_is_read() -> None:
    inner = base64.encodebytes(message("It leaks.").partition("\n\n")[2].encode()).decode()
    wrapped = f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}"
    assert read(HEAD + parts("mixed", text("See:"), wrapped)).text.endswith("It leaks.")


# -- tags and encodings ----------------------------------------------------------------------------


def test_invented_tags_split_neither_sentences_nor_words() -> None:
    markup = (
        "<!--[if gte mso 9]><xml><o:zoom>0</o:zoom></xml><![endif]--><p class=MsoNormal>Mayor "
        "<st1:personname>Ada</st1:personname> went to <st1:place><st1:City>Oslo</st1:City></st1:place> in the "
        "after<wbr>noon<o:p></o:p>.</p><p style='mso-hide:all'>Unseen.</p><p><![if !supportLists]>1. <![endif]>"
        "On <nobr>3 May</nobr> she left.</p>"
        "<o:p>&nbsp;</o:p><xml><w:view>Print</w:view></xml>"
    )
    assert read(HEAD + text(markup, "html")).text.split("\n\n") == [
        "Mayor Ada went to Oslo in the afternoon.",
        "1. On 3 May she left.",
    ]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\r\n"])
def test_what_an_editor_puts_before_a_mail_does_no_harm(mark: bytes) -> None:
    assert read(mark + (HEAD + text("Déjà vu.")).encode()).title == "The library"


def test_a_mail_saved_in_utf_16_is_read() -> None:
    assert read((HEAD + text("Déjà vu.")).encode("utf-16")).text == "Déjà vu."


@pytest.mark.parametrize(
    ("declared", "codec", "words"),
    [
        ("macintosh", "mac_roman", "“Été” à la plage – c’est fini."),
        ("x-mac-roman", "mac_roman", "Größe für Österreich."),
        ("iso-8859-1", "cp1252", "It costs €5 – “cheap”."),
        ("iso-2022-jp", "iso2022_jp", "橋は金曜日に開く。"),
        ("utf-7", "utf-7", "Größe"),
        ("x-no-such", "mac_roman", "Le café à côté du marché ouvre à Noël, dit le maire."),
        ("", "mac_roman", "Der Bürgermeister sprach über die Straße und die größere Brücke."),
        ("", "cp1252", "Der Bürgermeister sprach über die Straße und die größere Brücke."),
    ],
)
def test_any_declared_encoding_and_those_of_old_systems_are_read(declared: str, codec: str, words: str) -> None:
    charset = f"; charset={declared}" if declared else ""
    assert read(f"{HEAD}Content-Type: text/plain{charset}\n\n".encode() + words.encode(codec)).text == words
