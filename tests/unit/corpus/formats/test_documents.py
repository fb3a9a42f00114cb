"""Word documents, books and mail become text in reading order, with their metadata."""

from __future__ import annotations

import zipfile
from datetime import datetime
from email.message import EmailMessage
from importlib import import_module
from io import BytesIO

import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from factbot.corpus.formats.article import parse_article
from factbot.corpus.formats.kinds import DOCUMENTS, SUFFIXES
from factbot.errors import ArticleError
from factbot.results import Article
from tests.support.documents import BOOK, CHAPTER, rezipped, word, zipped


def parse(data: bytes, suffix: str) -> Article:
    return parse_article(data, suffix, "a-file" + suffix)


@pytest.mark.parametrize("suffix", DOCUMENTS)
def test_each_kind_of_document_has_a_reader(suffix: str) -> None:
    module = import_module(f"factbot.corpus.formats.documents.{DOCUMENTS[suffix].reader}")
    assert callable(module.read) and suffix in SUFFIXES


def refusal(data: bytes, suffix: str) -> str:
    with pytest.raises(ArticleError) as caught:
        parse(data, suffix)
    sentence = str(caught.value)
    assert sentence.startswith(f"a-file{suffix} ") and sentence.endswith(".") and "\n" not in sentence
    return sentence


# -- DOCX ------------------------------------------------------------------------------------------


def report(document: Document) -> None:
    document.add_heading("Pier vote", 0)
    document.add_paragraph("The council ").add_run("voted").bold = True
    document.add_heading("What next", 1)
    for item in ("Tender in May", "Work in spring"):
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(2, 3)
    for cell, text in zip(table._cells, ["Year", "Ships", "", "2023", "15", "x"], strict=True):
        cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    paragraph = document.add_paragraph("First line")
    paragraph.add_run().add_break(WD_BREAK.LINE)
    paragraph.add_run("second line")
    core = document.core_properties
    core.title, core.author, core.language = "untitled", "Ann Lee", "en-GB"
    core.created = datetime(2024, 3, 5, 10, 15)


def test_a_word_document_is_read_in_its_order() -> None:
    article = parse(word(report), ".docx")
    assert article.text.split("\n\n") == [
        "The council voted",
        "What next",
        "Tender in May",
        "Work in spring",
        "Year | Ships",
        "2023 | 15 | x",
        "First line\nsecond line",
    ]
    assert (article.title, article.author, article.date) == ("Pier vote", "Ann Lee", "2024-03-05")
    assert (article.language, article.pages) == ("en-GB", ())


def test_only_the_visible_text_of_a_document_is_read() -> None:
    def build(document: Document) -> None:
        inner = (
            '<w:ins w:id="1"><w:r><w:t>added </w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>gone </w:delText>'
            "</w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden </w:t></w:r>"
            '<w:hyperlink w:anchor="a"><w:r><w:t>linked</w:t></w:r></w:hyperlink>'
        )
        boxed = f"<w:sdt><w:sdtContent><w:p>{inner}</w:p></w:sdtContent></w:sdt>"
        document.element.body.insert(0, parse_xml(boxed.replace("<w:sdt>", f"<w:sdt {nsdecls('w')}>", 1)))

    assert parse(word(build), ".docx").text == "added linked"


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraphs(*inner: str) -> str:
    """The text of a document whose paragraphs are given as Word writes them."""
    names = f'{nsdecls("w")} xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'

    def build(document: Document) -> None:
        document.add_paragraph("It is as follows.")
        for each in reversed(inner):
            document.paragraphs[0]._p.addnext(parse_xml(f"<w:p {names}>{each}</w:p>"))

    return parse(word(build), ".docx").text.removeprefix("It is as follows.\n\n")


RAISED, LOWERED = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'


def test_raised_figures_of_word_are_powers_or_notes() -> None:
    assert paragraphs(
        run("They sold 7,150") + run("2", RAISED) + run(" casks on 3 km") + run("2", RAISED) + run("."),
        run("10") + run("-", RAISED) + run("6", RAISED) + run(" g of CO") + run("2", LOWERED) + run(" was found."),
        run("2", RAISED) + run(" Without salt."),
    ).split("\n\n") == ["They sold 7,150 casks on 3 km².", "10⁻⁶ g of CO2 was found.", "2 Without salt."]


@pytest.mark.parametrize("look", ["<w:strike/>", '<w:dstrike w:val="true"/>', '<w:rStyle w:val="Gone"/>'])
def test_what_is_struck_out_in_word_is_no_text(look: str) -> None:
    def build(document: Document) -> None:
        document.styles.add_style("Gone", WD_STYLE_TYPE.CHARACTER).font.strike = True
        inner = run("It took ") + run("nine ", look) + run("eleven", '<w:strike w:val="0"/>') + run(" days.")
        document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{inner}</w:p>"))

    assert parse(word(build), ".docx").text == "It took eleven days."


def test_words_symbols_are_the_signs_that_they_show() -> None:
    symbols = "".join(
        f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'
        for font, code in [("Symbol", "F0A3"), ("Wingdings", "F0E0"), ("Arial", "00D7"), ("Odd Signs", "F041")]
    )
    micro = run("m", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>')
    assert paragraphs(
        symbols + run(" 5 ") + micro + run("m, &#xF02D;4 well") + "<w:r><w:noBreakHyphen/></w:r>."
    ) == ("≤→×\ufffd 5 μm, −4 well-")


def test_nothing_of_a_formula_is_lost() -> None:
    def part(name: str, text: str) -> str:
        return f"<m:{name}><m:r><m:t>{text}</m:t></m:r></m:{name}>"

    formula = (
        f"<m:r><m:t>a=</m:t></m:r><m:sSup>{part('e', '10')}{part('sup', '6')}</m:sSup>"
        f"<m:f>{part('num', 'p')}{part('den', 'q+1')}</m:f><m:sSub>{part('e', 'v')}{part('sub', 'i')}</m:sSub>"
        f"<m:rad><m:radPr/><m:deg/>{part('e', 'xy+z')}</m:rad><m:d>{part('e', 'k')}</m:d>"
        f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>{part("sub", "n=1")}{part("sup", "9")}'
        f"{part('e', 'n')}</m:nary>"
    )
    assert paragraphs(run("So ") + f"<m:oMath>{formula}</m:oMath>.") == "So a=10⁶p/(q+1)v_i√(xy+z)(k)∑_(n=1)⁹ n"


def test_a_large_initial_of_word_joins_its_word() -> None:
    framed = '<w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr>'
    assert paragraphs(framed + run("T"), run("he wind rose.")) == "The wind rose."


def test_cells_that_are_merged_or_hold_a_table_are_read_once() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("It is as follows.")
        table = document.add_table(3, 3)
        for cell, text in zip(
            table._cells, ["Port", "Year", "Goods", "Norrby", "2021", "rye", "", "2022", "tar"], strict=True
        ):
            cell.text = text
        table.cell(1, 2).add_paragraph("salt")
        table.cell(1, 0).merge(table.cell(2, 0))
        document.add_paragraph("Then:")
        inner = document.add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "Left", "Right"
        nested = inner.cell(0, 0).add_table(1, 2)
        nested.cell(0, 0).text, nested.cell(0, 1).text = "a", "b"

    assert parse(word(build), ".docx").text.split("\n\n")[1:] == [
        "Port | Year | Goods",
        "Norrby | 2021 | rye; salt",
        "Norrby | 2022 | tar",
        "Then:",
        "Left",
        "a | b",
        "Right",
    ]


def test_footnotes_come_after_the_text() -> None:
    plain = word(lambda document: document.add_paragraph("It was built in 1931."))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    notes = (
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>Town records.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    with zipfile.ZipFile(BytesIO(plain)) as archive:
        rels = archive.read("word/_rels/document.xml.rels").decode()
        types = archive.read("[Content_Types].xml").decode()
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    override = (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.footnotes+xml"/></Types>'
    )
    changed = {
        "word/footnotes.xml": notes,
        "word/_rels/document.xml.rels": rels.replace("</Relationships>", relation),
        "[Content_Types].xml": types.replace("</Types>", override),
    }
    assert parse(rezipped(plain, changed), ".docx").text == "It was built in 1931.\n\nTown records."


def test_files_that_are_not_word_documents_are_refused() -> None:
    assert "old Office file" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), ".docx")
    sealed = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    assert "encrypted; save a copy without a password" in refusal(sealed, ".docx")
    assert "no Word document" in refusal(zipped(BOOK), ".docx")
    assert ".docx" in refusal(b"Just text.", ".docx")
    assert "no text" in refusal(word(lambda document: None), ".docx")


def test_a_templates_date_is_none_and_a_company_is_the_source() -> None:
    plain = word(lambda document: document.add_paragraph("The pier is closed."))
    assert (parse(plain, ".docx").date, parse(plain, ".docx").source) == ("", "")
    properties = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Company>{}</Company></Properties>"
    )
    for company, source in (("Pier &amp; Sons", "Pier & Sons"), ("Microsoft Corporation", ""), ("", "")):
        data = rezipped(plain, {"docProps/app.xml": properties.format(company)})
        assert parse(data, ".docx").source == source


# -- EPUB ------------------------------------------------------------------------------------------


def test_a_book_is_read_along_its_spine_without_its_table_of_contents() -> None:
    article = parse(zipped(BOOK), ".epub")
    assert article.text.split("\n\n") == [
        "First",
        "Built in 1931,\nby hand.",
        "It stood.",
        "Second",
        "The ferry came.",
        "A",
        "B",
    ]
    assert (article.title, article.author) == ("The Harbour Book", "Ann Lee, Bo Ek")
    assert (article.source, article.date, article.language) == ("Pier Press", "2024-03-05", "en-GB")


@pytest.mark.parametrize(
    ("stated", "url"),
    [
        (
            "<dc:identifier>urn:isbn:1</dc:identifier><dc:source>https://pier.example/b</dc:source>",
            "https://pier.example/b",
        ),
        (
            "<dc:identifier>https://pier.example/a</dc:identifier><dc:source>http://x.example</dc:source>",
            "https://pier.example/a",
        ),
        ("<dc:identifier>9780000000002</dc:identifier><dc:source>The pier</dc:source>", ""),
    ],
)
def test_the_address_of_a_book(stated: str, url: str) -> None:
    opf = str(BOOK["OEBPS/book.opf"]).replace("</metadata>", f"{stated}</metadata>")
    assert parse(zipped({**BOOK, "OEBPS/book.opf": opf}), ".epub").url == url


def test_a_book_with_locked_chapters_is_refused_and_one_with_locked_fonts_is_not() -> None:
    locked = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData xmlns="http://www.w3.org'
        '/2001/04/xmlenc#"><CipherData><CipherReference URI="{}"/></CipherData></EncryptedData></encryption>'
    )
    assert parse(zipped({**BOOK, "META-INF/encryption.xml": locked.format("OEBPS/font.otf")}), ".epub").text
    assert "DRM" in refusal(
        zipped({**BOOK, "META-INF/encryption.xml": locked.format("OEBPS/text/two.xhtml")}), ".epub"
    )


def test_files_that_are_not_books_are_refused() -> None:
    assert "no EPUB" in refusal(word(report), ".epub")
    assert "no text" in refusal(
        zipped({**BOOK, "OEBPS/text/two.xhtml": CHAPTER % "", "OEBPS/text/one a.xhtml": ""}), ".epub"
    )


@pytest.mark.parametrize("empty", ['<script src="a.js"/>', '<a id="x"/>', "<style/>", "<div/>"])
def test_empty_tags_end_where_xml_says(empty: str) -> None:
    book = {**BOOK, "OEBPS/text/two.xhtml": CHAPTER % f"{empty}<p>Seen.</p>"}
    assert parse(zipped(book), ".epub").text.endswith("\n\nSeen.")


def test_a_books_own_style_sheet_says_what_is_raised_and_struck_out() -> None:
    sheet = "/* a sheet */ .up { vertical-align: super } span.out, .old { text-decoration: line-through; }"
    body = (
        "<p>They sold 7,150<span class='up'>2</span> <span class='old'>barrels</span> casks, 10<sup>6</sup> l.</p>"
    )
    book = {**BOOK, "OEBPS/a.css": sheet, "OEBPS/text/two.xhtml": CHAPTER % body}
    assert parse(zipped(book), ".epub").text.endswith("\n\nThey sold 7,150 casks, 10⁶ l.")


# -- e-mail ----------------------------------------------------------------------------------------

LETTER = "Dear readers,\n\nthe café at the pier opens on Friday.\n\nAnn"


def letter(text: str = LETTER, **headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {
        "From": "Ann Lee <ann@daily.example>",
        "Subject": "The café opens",
        "Date": "Tue, 05 Mar 2024 10:15:00 +0100",
    }
    for name, value in {**given, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        message[name] = value
    message.set_content(text, cte="quoted-printable", charset="iso-8859-1")
    return message


def test_a_message_gives_its_text_and_its_headers() -> None:
    article = parse(letter().as_bytes(), ".eml")
    assert article.text == LETTER
    assert (article.title, article.author, article.date) == ("The café opens", "Ann Lee", "2024-03-05")
    assert article.source == "daily.example"
    assert parse(letter(List_Id='"The Daily" <news.daily.example>').as_bytes(), ".eml").source == "The Daily"
    assert parse(letter(List_Id="<news.daily.example>").as_bytes(), ".eml").source == "news.daily.example"


PAGE = """<html><head><style>p {color: red}</style></head><body><div style="display:none">Preheader</div>
<table><tr><td><h1>Pier news</h1></td></tr><tr><td><p>The pier <b>opens</b> on Friday, after two years of work that
cost four million crowns.</p><table><tr><td>Ships</td><td>15</td></tr></table></td></tr></table></body></html>"""


def test_the_plain_part_is_taken_unless_it_only_points_to_the_other() -> None:
    message = letter("The pier opens on Friday, after two years of work, and all are welcome there.")
    message.add_alternative(PAGE, subtype="html")
    assert parse(message.as_bytes(), ".eml").text.startswith(
        "The pier opens on Friday, after two years of work, and"
    )
    message = letter("View in a browser: https://daily.example/a/long/address")
    message.add_alternative(PAGE, subtype="html")
    assert parse(message.as_bytes(), ".eml").text.split("\n\n") == [
        "Pier news",
        "The pier opens on Friday, after two years of work that cost four million crowns.",
        "Ships | 15",
    ]


def test_attachments_are_left_out_and_a_forwarded_message_is_read() -> None:
    message = letter()
    message.add_attachment("Secret plan.", filename="plan.txt")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    assert parse(message.as_bytes(), ".eml").text == LETTER
    cover = EmailMessage()
    cover["From"], cover["Subject"] = "bo@other.example", "Fwd: The café opens"
    cover.set_content("")
    cover.add_attachment(letter())
    article = parse(cover.as_bytes(), ".eml")
    assert (article.title, article.author, article.text) == ("The café opens", "Ann Lee", LETTER)


def test_flowed_lines_are_joined() -> None:
    message = letter("The pier opens \non Friday.\n\nAnn")
    message.set_param("format", "flowed")
    assert parse(message.as_bytes(), ".eml").text == "The pier opens on Friday.\n\nAnn"


def test_broken_headers_do_no_harm() -> None:
    data = b"From: =?x?q?=?= <\nSubject: =?utf-8?b?!!?=\nDate: soon\nContent-Type: text/plain; charset=nope\n\n"
    assert parse(data + b"Still text.\n", ".eml").text == "Still text."


def test_files_that_are_not_mail_are_refused() -> None:
    assert "no e-mail" in refusal(b"Just text.\n", ".eml")
