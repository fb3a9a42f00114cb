"""A PDF becomes paragraphs in reading order, without repeated headers and footers, and with its pages known."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factbot.corpus.formats.article import parse_article
from factbot.corpus.formats.content import Unreadable
from factbot.corpus.formats.documents.pdf import reader
from factbot.errors import ArticleError
from factbot.results import Article
from factbot.text.normalise import clean_text
from tests.support.documents import Placed, pdf, prose

STORY = [
    "The council of Easthaven voted on Monday evening to build a new pier, after",
    "two years of debate. The work will cost four million crowns and should begin",
    "in the spring.",
]


def parse(data: bytes, article_id: str = "a-report.pdf") -> Article:
    return parse_article(data, ".pdf", article_id)


def refusal(data: bytes) -> str:
    with pytest.raises(ArticleError) as caught:
        parse(data)
    sentence = str(caught.value)
    assert sentence.startswith("a-report.pdf ") and sentence.endswith(".") and "\n" not in sentence
    return sentence


def page_of(article: Article, words: str) -> int:
    """From 1."""
    at = article.text.index(words)
    return sum(start <= at for start in article.pages)


# -- text ------------------------------------------------------------------------------------------


def test_lines_become_paragraphs() -> None:
    second = [
        "The mayor, Bo Ek, said that the town had waited for long enough, and that the",
        "tender opens in May.",
    ]
    article = parse(pdf([[*prose(STORY), *prose(second, top=640)]]))
    assert article.text == " ".join(STORY) + "\n\n" + " ".join(second)


def test_an_indent_or_a_line_left_short_begins_a_paragraph() -> None:
    lines = prose(
        [*STORY, "It was late when the mayor, who had waited since the afternoon, left the hall.", *STORY]
    )
    assert parse(pdf([lines])).text.split("\n\n") == [" ".join(STORY), lines[3][3] + " " + " ".join(STORY)]
    x, y, size, _ = lines[3]
    full = [
        *lines[:2],
        (x, lines[2][1], size, STORY[0]),
        (x + 20, y, size, "It was late, and the mayor, who"),
        *lines[4:],
    ]
    assert [block[:6] for block in parse(pdf([full])).text.split("\n\n")][:2] == ["The co", "It was"]


def test_words_cut_at_the_end_of_a_line_are_whole_again() -> None:
    lines = [
        "The negotiations about the harbour between the town and its neighbour munici-",
        "palities went on, and a well-known engineer, who is as I said as well-",
        "known abroad, was asked for an opinion about it by the members of the Anglo-",
        "American board.",
    ]
    text = parse(pdf([prose(lines)])).text
    assert "neighbour municipalities went" in text
    assert "as well-known abroad" in text, "the compound is written with its hyphen elsewhere"
    assert "Anglo-American board" in text


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"Left {n} the council of the town voted" for n in "abcdefgh"]
    right = [f"right {n} of the harbour and the pier" for n in "abcdefgh"]
    by_column = [*prose(left), *prose(right, left=320)]
    by_row = [piece for row in zip(prose(left), prose(right, left=320), strict=True) for piece in row]
    for drawn in (by_column, by_row):
        assert parse(pdf([drawn])).text == " ".join(left + right)


def test_rows_of_a_table_keep_their_cells_apart() -> None:
    rows = [("Year", "Ships", "Tonnes"), ("2022", "12", "3,400"), ("2023", "15", "4,100")]
    table = [
        (72.0 + 150 * c, 600.0 - 14 * r, 11.0, cell) for r, row in enumerate(rows) for c, cell in enumerate(row)
    ]
    article = parse(pdf([[*prose(STORY), *table]]))
    assert article.text.split("\n\n")[1:] == ["Year | Ships | Tonnes", "2022 | 12 | 3,400", "2023 | 15 | 4,100"]


def test_lists_have_an_item_a_block() -> None:
    items = ["1. Check the house and its roof.", "2. Call the council before noon.", "3. Wait."]
    assert parse(pdf([prose(items)])).text.split("\n\n") == items


def test_a_page_that_is_turned_reads_like_any_other() -> None:
    upright = pdf([[*prose(STORY), *prose(STORY, top=600)]], page="/Rotate 90")
    # The sheet is turned, so that what is higher on it lies further to the left.
    sideways = re.sub(rb"(\d+) (\d+) Td", lambda m: b"0 1 -1 0 %d %s Tm" % (842 - int(m[2]), m[1]), upright)
    assert parse(sideways).text.split("\n\n") == [" ".join(STORY)] * 2


# -- what pages repeat -----------------------------------------------------------------------------


def with_edges(number: int, body: list[Placed], foot: str) -> list[Placed]:
    head = [(72.0, 800.0, 9.0, "The Easthaven Observer"), (500.0, 800.0, 9.0, "5 March 2024")]
    return [*head, *body, (290.0, 40.0, 9.0, foot.format(number))]


def test_raised_figures_are_powers_or_notes_and_their_line_goes_on() -> None:
    line = [(72, 700, 11, "They sold 7,150"), (150.3, 706, 8, "2"), (154.7, 700, 11, " casks of rye, and")]
    line += [(245.5, 700, 11, "10"), (257.8, 704, 7, "6"), (264.8, 700, 11, "cups of H"), (312, 698, 7, "2")]
    note = [(72, 91.5, 5.6, "2"), (76, 88, 7, "Without salt.")]
    text = parse(pdf([[*line, (316, 700, 11, "O."), *note]])).text
    assert text == "They sold 7,150 casks of rye, and 10⁶ cups of H2O.\n\n2 Without salt."


@pytest.mark.parametrize("foot", ["{}", "Page {} of 40", "- {} -"])
def test_headers_footers_and_page_numbers_are_left_out(foot: str) -> None:
    pages = [
        with_edges(n, prose([f"Story {n} is about the pier {'and the sea ' * n}."]), foot) for n in range(1, 6)
    ]
    article = parse(pdf(pages))
    assert "Observer" not in article.text and "March" not in article.text and "Page" not in article.text
    assert [block.split(" is ")[0] for block in article.text.split("\n\n")] == [f"Story {n}" for n in range(1, 6)]


def test_a_last_line_with_another_figure_on_each_page_is_no_footer() -> None:
    pages = [
        [*prose([f"{'word ' * n}ends."]), *prose([f"Balance: {n * n * 37} crowns"], top=60)] for n in range(1, 6)
    ]
    text = parse(pdf(pages)).text
    assert all(f"Balance: {n * n * 37} crowns" in text for n in range(1, 6))


def test_what_only_two_pages_share_stays() -> None:
    pages = [with_edges(n, prose([f"Story {n} is about the pier."]), "{}") for n in (1, 2)]
    assert parse(pdf(pages)).text.count("Observer") == 2


# -- pages -----------------------------------------------------------------------------------------


def test_a_sentence_that_runs_over_a_page_stays_whole_and_its_page_is_known() -> None:
    pages = [
        prose(STORY[:2]),
        prose(["in the spring of next year.", "", "Nobody was against it."]),
        [],
        prose(STORY),
    ]
    article = parse(pdf(pages))
    assert "should begin in the spring of next year." in article.text
    assert len(article.pages) == 4 and article.pages[0] == 0
    assert article.text[article.pages[1] :].startswith("in the spring of next year.")
    assert article.pages[2] == article.pages[3] == article.text.rindex("The council"), "the third page is blank"
    assert (page_of(article, "two years"), page_of(article, "Nobody")) == (1, 2)


def test_the_offsets_hold_where_a_title_was_taken_away() -> None:
    pages = [[(72.0, 760.0, 20.0, "A pier at last"), *prose(STORY)], prose(["Second page."])]
    article = parse(pdf(pages))
    assert article.title == "A pier at last" and article.text.startswith("The council")
    assert article.pages == (0, article.text.index("Second page."))


words = st.text(st.sampled_from("abc\u00ad\u200b\u0301 .-é’\t•1"), min_size=1, max_size=30)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(words, max_size=6), min_size=1, max_size=5))
def test_each_page_begins_with_its_own_words(texts: list[list[str]]) -> None:
    pages = []
    for number, lines in enumerate(texts):
        printable = ["".join(c for c in line if c.encode("cp1252", "ignore")) for line in lines]
        pages.append(prose([f"first{number}x", *printable, f"last{number}x"] if lines else []))
    if not any(texts):
        return
    article = parse(pdf(pages))
    assert article.text == clean_text(article.text).strip()
    assert (
        len(article.pages) == len(texts) and list(article.pages) == sorted(article.pages) and article.pages[0] == 0
    )
    edges = [*article.pages, len(article.text)]
    for number, lines in enumerate(texts):
        shown = article.text[edges[number] : edges[number + 1]]
        repeats = len(texts) >= 3  # then the marks count the pages, and are page numbers
        if lines and not repeats and f"first{number}x" in article.text:
            assert shown.startswith(f"first{number}x")
            assert f"last{number}x" in shown


# -- metadata --------------------------------------------------------------------------------------

BIG = [(72.0, 760.0, 20.0, "A pier for"), (72.0, 738.0, 20.0, "Easthaven"), *prose(STORY)]


def test_the_publisher_stands_in_xmp() -> None:
    xmp = "<dc:publisher><rdf:Bag>\n<rdf:li>Pier &amp; Sons</rdf:li></rdf:Bag></dc:publisher>"
    assert parse(pdf([BIG], catalog="") + xmp.encode()).source == "Pier & Sons"
    assert parse(pdf([BIG])).source == ""


def test_the_documents_properties_give_the_metadata() -> None:
    info = {"Title": "Pier vote", "Author": "Ann Lee", "CreationDate": "D:20240305101500+01'00'"}
    article = parse(pdf([BIG], info, catalog="/Lang (en-GB)"))
    assert (article.title, article.author, article.date) == ("Pier vote", "Ann Lee", "2024-03-05")
    assert article.language == "en-GB"


@pytest.mark.parametrize(
    "title",
    ["", "untitled", "Microsoft Word - pier_v2.doc", "pier.indd", "C:\\docs\\pier", "Slide 1", "x", "Layout 1"],
)
def test_a_junk_title_gives_way_to_the_largest_letters(title: str) -> None:
    article = parse(pdf([BIG], {"Title": title, "Author": "Administrator", "CreationDate": "D:19700101"}))
    assert (article.title, article.author, article.date) == ("A pier for Easthaven", "", "")
    assert article.text == " ".join(STORY)


def test_without_large_letters_the_first_line_or_the_files_name_is_the_title() -> None:
    assert parse(pdf([[(72.0, 760.0, 11.0, "Pier vote"), *prose(STORY)]])).title == "Pier vote"
    assert parse(pdf([prose(STORY)])).title == "a report"


# -- refusals --------------------------------------------------------------------------------------


def test_a_scan_is_told_to_be_read_by_ocr_first() -> None:
    assert "run OCR" in refusal(pdf([[], []]))
    assert "run OCR" in refusal(pdf([[(72.0, 700.0, 11.0, ". - .")]]))


def test_an_encrypted_file() -> None:
    plain = pdf([prose(STORY)])
    encrypt = "/Encrypt << /Filter /Standard /V 1 /R 2 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> /P -4 >>"
    locked = plain.replace(b"trailer <<", f"trailer << {encrypt} /ID [<00><00>]".encode())
    assert "encrypted; save a copy without a password" in refusal(locked)


def test_too_many_pages_or_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "5,000 pages" in refusal(pdf([[(72.0, 700.0, 9.0, "Text.")]] * 5001))
    monkeypatch.setattr(reader, "CHARACTER_LIMIT", 1000)
    with pytest.raises(Unreadable, match="split it"):
        reader.read(pdf([prose([STORY[0]] * 4)] * 4))


def test_files_that_are_not_pdf_are_refused() -> None:
    assert "no PDF" in refusal(b"Just text.")
    assert "damaged" in refusal(b"%PDF-1.7")
    page = b"<!DOCTYPE html><html><body><p>The council voted on Monday.</p></body></html>"
    assert parse(page).text == "The council voted on Monday."
