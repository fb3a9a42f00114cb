"""OpenDocument texts and rich texts become text in reading order, with their metadata."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.corpus.formats.article import parse_article
from factbot.errors import ArticleError
from factbot.results import Article
from tests.support.documents import BOOK, zipped

# -- ODT -------------------------------------------------------------------------------------------

KIND = "application/vnd.oasis.opendocument.text"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "drawing", "style", "meta")
)
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def odt(body: str, properties: str = "", styles: str = "", **further: str) -> bytes:
    content = (
        f"<office:document-content {SPACES} {DC}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    meta = f"<office:document-meta {SPACES} {DC}><office:meta>{properties}</office:meta></office:document-meta>"
    manifest = {"META-INF/manifest.xml": further.get("manifest", "<manifest/>")}
    return zipped({"mimetype": KIND, "content.xml": content, "meta.xml": meta, **manifest})


def read(data: bytes, suffix: str) -> Article:
    return parse_article(data, suffix, f"a-file{suffix}")


def test_an_opendocument_text_is_read_in_its_order() -> None:
    body = (
        '<text:h text:outline-level="1">The dam</text:h><text:p>It is<text:s text:c="2"/>high, '
        "<text:span>and<text:line-break/>wide</text:span>.<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Town records.</text:p></text:note-body></text:note> It holds.</text:p>"
        "<text:list><text:list-item><text:p>One</text:p>"
        "</text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>Year</text:p>"
        "</table:table-cell><table:table-cell><text:p>Metres</text:p></table:table-cell></table:table-row>"
        "</table:table>"
        "<text:p><drawing:frame><drawing:text-box><text:p>Boxed.</text:p></drawing:text-box></drawing:frame></text:p>"
    )
    properties = (
        "<meta:initial-creator>Ida Lund</meta:initial-creator><dc:creator>Somebody later</dc:creator>"
        "<meta:creation-date>2024-02-05T10:00:00</meta:creation-date><dc:date>2026-01-01T00:00:00</dc:date>"
        "<dc:language>en-GB</dc:language>"
    )
    article = read(odt(body, properties), ".odt")
    assert article.text.split("\n\n") == [
        *("It is  high, and\nwide. It holds.", "One", "Year | Metres", "Boxed.", "Town records.")
    ]
    assert (article.title, article.author, article.date) == ("The dam", "Ida Lund", "2024-02-05")
    assert article.language == "en-GB"


def test_what_nobody_sees_in_an_opendocument_text_is_left_out() -> None:
    body = (
        "<text:tracked-changes><text:p>Deleted.</text:p></text:tracked-changes><text:p>It "
        "<office:annotation><text:p>A comment.</text:p></office:annotation>holds "
        "<text:hidden-text>secret</text:hidden-text>well.</text:p>"
        "<text:table-of-content><text:p>Contents</text:p></text:table-of-content>"
    )
    assert read(odt(body), ".odt").text == "It holds well."


def test_an_opendocument_text_with_another_ending_is_read_all_the_same() -> None:
    assert read(odt("<text:p>It holds.</text:p>"), ".txt").text == "It holds."


def test_a_title_may_be_a_style_of_its_own() -> None:
    style = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    body = '<text:p text:style-name="P1">The dam</text:p><text:p>It holds.</text:p>'
    assert read(odt(body, styles=style), ".odt").title == "The dam"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (odt("", manifest="<m><file-entry><encryption-data/></file-entry></m>"), "is encrypted"),
        (odt(""), "no text"),
        (zipped(BOOK), "no OpenDocument text"),
        (b"Just text.", ".odt"),
    ],
)
def test_files_that_are_no_opendocument_texts_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(ArticleError, match=words):
        read(data, ".odt")


# -- RTF -------------------------------------------------------------------------------------------

HEAD = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial;}}"
INFO = r"{\info{\title The dam}{\author Ida Lund}{\creatim\yr2024\mo2\dy5\hr10}{\revtim\yr2026\mo1\dy1}}"


def rtf(body: str, info: str = "") -> Article:
    return read(f"{HEAD}{info}{body}}}".encode("ascii"), ".rtf")


def test_a_rich_text_is_read_in_its_order() -> None:
    body = (
        r"\pard\b The dam\b0\par It is h\'f6her, \u8220?so\u8221? they\line say"
        r"{\footnote\pard Town {\i records}.}.\par "
        r"\trowd\intbl Year\cell Metres\cell\row\pard {\f1\'cc\'fd\'f0} {\field{\*\fldinst HYPERLINK "
        r'"http://a.example"}{\fldrslt a link}}.\par{\shp{\*\shpinst{\shptxt {\f1\'cc\'fd\'f0}.\par}}}'
    )
    article = rtf(body, INFO)
    assert article.text.split("\n\n") == [
        "It is höher, “so” they\nsay.",
        "Year | Metres",
        "Мэр a link.",
        "Town records.",
        "Мэр.",
    ]
    assert (article.title, article.author, article.date) == ("The dam", "Ida Lund", "2024-02-05")


@pytest.mark.parametrize(
    ("head", "letters", "words"),
    [
        (r"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}\f0 ", r"\'cc\'fd\'f0", "Мэр"),
        (r"{\rtf1\mac{\fonttbl{\f0 Geneva;}}\f0 ", r"caf\'8e", "café"),
        (r"{\rtf1\ansi\ansicpg10000 ", r"caf\'8e", "café"),
        (r"{\rtf1\ansi\ansicpg99999 ", r"caf\'e9", "café"),
    ],
)
def test_letters_of_a_rich_text_are_those_of_its_code_page(head: str, letters: str, words: str) -> None:
    note = rf"{{\footnote {letters}}}"
    assert read(f"{head}{letters} one.{note}}}".encode(), ".rtf").text == f"{words} one.\n\n{words}"


def test_what_nobody_sees_in_a_rich_text_is_left_out() -> None:
    assert (
        rtf(r"It {\v secret }holds{\deleted\revauthdel1  not} well.{\*\annotation A comment.}").text
        == "It holds well."
    )
    assert rtf(r"It {\pict\bin4 }}{{}holds.").text == "It holds."
    assert rtf(r"It {\v0 holds}.").text == "It holds."


def test_a_rich_text_with_another_ending_is_read_all_the_same() -> None:
    assert read(f"{HEAD}It holds.}}".encode(), ".txt").text == "It holds."
    with pytest.raises(ArticleError, match="no RTF file"):
        read(b"Just text.", ".rtf")


pieces = st.sampled_from([*"{}\\ab1 *'", r"\footnote ", r"\pict", r"\v ", r"\bin9 "])


@given(st.lists(pieces, max_size=40))
def test_any_rich_text_is_read_or_refused(body: list[str]) -> None:
    try:
        read(f"{HEAD}{''.join(body)}".encode(), ".rtf")
    except ArticleError as error:
        assert str(error).startswith("a-file.rtf ")
