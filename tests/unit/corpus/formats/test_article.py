"""A file becomes an article with its metadata and visible text, or one sentence says why it does not."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factbot.corpus.formats.article import parse_article, read_article
from factbot.corpus.formats.kinds import SIZE_LIMIT, SUFFIXES
from factbot.corpus.formats.plain_text import as_read, to_text_file
from factbot.errors import ArticleError
from factbot.results import Article
from factbot.text.normalise import clean_text
from tests.support.documents import BOOK, pdf, prose, word, zipped

MARKDOWN = """---
title: "Quake: what we know"
source: The Daily
author: [Ann Lee, Bo Ek]
date: 2024-03-05
url: https://daily.example/quake
language: en
---

# Quake: what we know

A quake of **magnitude 5.1** shook the [town](https://town.example)
on *Monday*, `officials` said.

## What next

- Check your house.
- Call the council.

1. Wait &amp; see.

> Nobody was hurt.

| Deaths | Injured |
| ------ | ------- |
| 0      | 2       |

<div>Stay <b>calm</b>.</div>

<script>alert("x")</script>

![A street](street.png)
"""

PAGE = """<!doctype html><html lang="en-GB"><head><title>Quake shakes town - The Daily</title>
<meta property="og:title" content="Quake shakes town"><meta property="og:site_name" content="The Daily">
<meta name="author" content="Ann Lee"><meta property="article:published_time" content="2024-03-05T10:00:00Z">
<link rel="canonical" href="https://daily.example/quake"></head><body><nav><a href="/">Home</a></nav>
<article><h1>Quake shakes town</h1>
<p>A quake of <b>magnitude 5.1</b> shook the <a href="/t">town</a> on Monday, officials said.</p>
<h2>What next</h2><ul><li>Check your house.</li><li>Call the council.</li></ul>
<p>The mayor &amp; council will meet on Friday. <script>alert(1)</script></p></article>
<footer>Copyright The Daily</footer></body></html>"""


def parse(text: str | bytes, suffix: str = ".txt", article_id: str = "news/a-story.txt") -> Article:
    return parse_article(text.encode() if isinstance(text, str) else text, suffix, article_id)


def refusal(text: str | bytes, suffix: str = ".txt", article_id: str = "bad.txt") -> str:
    with pytest.raises(ArticleError) as caught:
        parse(text, suffix, article_id)
    sentence = str(caught.value)
    assert sentence.startswith(article_id), "the file is named"
    assert sentence.endswith(".") and "\n" not in sentence
    return sentence


# -- Markdown --------------------------------------------------------------------------------------


def test_markdown_becomes_plain_blocks_without_markup() -> None:
    article = parse(MARKDOWN, ".md")
    assert article.text.split("\n\n") == [
        "A quake of magnitude 5.1 shook the town on Monday, officials said.",
        "What next",
        "Check your house.",
        "Call the council.",
        "Wait & see.",
        "Nobody was hurt.",
        "Deaths | Injured",
        "0 | 2",
        "Stay calm.",
        "A street",
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("It took ~~nine *long*~~ eleven days.", "It took eleven days."),
        ("It took ~nine long~ <del>ten</del> <ins>eleven</ins> days.", "It took eleven days."),
        ('It took <span style="text-decoration: line-through">nine</span> eleven days.', "It took eleven days."),
        ("They took ~5 km and ~10 km.", "They took ~5 km and ~10 km."),
        ("They sold 7,150<sup>2</sup> casks, 10<sup>6</sup> l.", "They sold 7,150 casks, 10⁶ l."),
        ("They sold 7,150<sup>[2](#n2)</sup> casks, 10^6^ l of H~2~O.", "They sold 7,150 casks, 10⁶ l of H2O."),
        ("They sold 7,150[^2] casks.\n\n[^2]: Estimated.", "They sold 7,150 casks.\n\n2 Estimated."),
        ("`a ~~b~~ [^2]` and ^_^", "a ~~b~~ [^2] and ^_^"),
        ("<table><tr><td>Rye</td><td><s>9</s> 11</td></tr></table>", "Rye | 11"),
    ],
)
def test_marks_in_markdown_are_written_out(written: str, text: str) -> None:
    assert parse(f"# Casks\n\n{written}", ".md").text == text


def test_front_matter_gives_the_metadata() -> None:
    article = parse(MARKDOWN, ".md", "quake.md")
    assert (article.id, article.title, article.source) == ("quake.md", "Quake: what we know", "The Daily")
    assert (article.author, article.date, article.language) == ("Ann Lee, Bo Ek", "2024-03-05", "en")
    assert article.url == "https://daily.example/quake"


def test_the_title_falls_back_to_the_first_heading_and_then_to_the_file_name() -> None:
    assert parse("# A *loud* bang\n\nIt was heard.", ".md").title == "A loud bang"
    assert parse("# A *loud* bang\n\nIt was heard.", ".md").text == "It was heard."
    assert parse("It was heard.\n\n## Later\n\nQuiet.", ".markdown").title == "Later"
    assert parse("It was heard.", ".md", "world/a-loud_bang.md").title == "a loud bang"


def test_a_later_heading_stays_in_the_text() -> None:
    assert parse("Heard.\n\n## Later\n\nQuiet.", ".md").text == "Heard.\n\nLater\n\nQuiet."


def test_metadata_is_text_whatever_yaml_makes_of_it() -> None:
    article = parse("---\ntitle: 1984\nsource: No\nauthor: null\ndate: 2024-03-05\nlanguage:\n---\nText.", ".md")
    assert (article.title, article.source, article.author, article.language) == ("1984", "No", "", "")


def test_an_empty_title_in_quotes_is_meant_and_one_left_out_is_not() -> None:
    assert parse('---\ntitle: ""\n---\nText.').title == ""
    assert parse("---\ntitle:\n---\nText.").title == "a story"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024-3-5", "2024-03-05"),
        ("2024/03/05", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("2023-11-24T15:42:21+00:00", "2023-11-24"),
        ("2023-11-24 15:42", "2023-11-24"),
        ("5 March 2024", "2024-03-05"),
        ("March 5, 2024", "2024-03-05"),
        ("Mar 5, 2024", "2024-03-05"),
        ("Fri, 24 Nov 2023 15:42:21 GMT", "2023-11-24"),
        ("05/03/2024", "05/03/2024"),  # the fifth of March or the third of May
        ("2024-02-31", "2024-02-31"),
        ("spring 2024", "spring 2024"),
        ("", ""),
    ],
)
def test_dates_become_iso_dates_where_they_can_be_recognised(given: str, expected: str) -> None:
    assert parse(f"---\ndate: {given}\n---\nText.").date == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//a.example",
        "a.example",
        "http://",
        "http://[",
        "http://a b",
    ],
)
def test_only_web_addresses_are_kept(url: str) -> None:
    assert parse(f'---\nurl: "{url}"\n---\nText.').url == ""


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: Quake: what we know", "Quake: what we know"),
        ("title: [Live] Quake shakes town", "[Live] Quake shakes town"),
        ("title: @harbour says no", "@harbour says no"),
        ("title: *Quake* shakes town", "*Quake* shakes town"),
        ('title: "Quake" shakes town', '"Quake" shakes town'),
        ('title: "Quake shakes town', "Quake shakes town"),
        ("title: Quake #3 this year", "Quake #3 this year"),
        ("title: #quake shakes town", "#quake shakes town"),
        ("title: !urgent quake", "!urgent quake"),
        ("title:Quake shakes town", "Quake shakes town"),
        ("title: Quake: what\n  we know", "Quake: what we know"),
        ("title: 'Quake: what we know'", "Quake: what we know"),
    ],
)
def test_a_title_is_read_as_it_is_meant_where_yaml_reads_it_otherwise(line: str, title: str) -> None:
    for block in (f"{line}\ndate: 2024-03-05", f"date: 2024-03-05\n{line}"):
        article = parse(f"---\n{block}\nsource: The Daily\n---\nText.", ".md")
        assert (article.title, article.date, article.source) == (title, "2024-03-05", "The Daily")
        assert article.text == "Text."


def test_words_between_rules_that_are_no_metadata_stay_in_the_text() -> None:
    assert "Mind: the gap: here" in parse("---\nMind: the gap: here\n---\nText.").text
    assert "[[[" in parse("---\n" + "[" * 5_000 + "\n---\nText.").text


def test_rules_in_markdown_are_not_front_matter() -> None:
    article = parse("---\n\nJust text\n\n---\n\nMore.", ".md")
    assert "Just text" in article.text and "More." in article.text
    assert parse("---\nNo end to this", ".md").text == "No end to this"


# -- plain text ------------------------------------------------------------------------------------


def test_a_short_first_line_that_stands_alone_is_the_title() -> None:
    article = parse("\n\nWho Won The Vote?\n\nNobody did. It was a draw.\n\nMore.\n")
    assert article.title == "Who Won The Vote?"
    assert article.text == "Nobody did. It was a draw.\n\nMore."


@pytest.mark.parametrize(
    "text",
    [
        "Nobody won the vote.\n\nIt was a draw.",  # a sentence, and the loss of it would be one
        "Who won\nthe vote\n\nNobody did.",
        "w" * 201 + "\n\nNobody did.",
        "Who won the vote",
    ],
)
def test_any_other_first_line_is_text(text: str) -> None:
    article = parse(text, article_id="the-vote.txt")
    assert article.text == text
    assert article.title == "the vote"


def test_plain_text_takes_front_matter_and_is_no_markdown() -> None:
    article = parse("---\ntitle: T\n---\nFirst line\n\n* 5 * 4 * 3 = 60\n\n# no heading")
    assert (article.title, article.text) == ("T", "First line\n\n* 5 * 4 * 3 = 60\n\n# no heading")


# -- HTML ------------------------------------------------------------------------------------------


def test_a_page_gives_its_article_and_nothing_around_it() -> None:
    article = parse(PAGE, ".html")
    assert article.text.split("\n\n") == [
        "A quake of magnitude 5.1 shook the town on Monday, officials said.",
        "What next",
        "Check your house.",
        "Call the council.",
        "The mayor & council will meet on Friday.",
    ]
    assert (article.title, article.source, article.author) == ("Quake shakes town", "The Daily", "Ann Lee")
    assert (article.date, article.url, article.language) == (
        "2024-03-05",
        "https://daily.example/quake",
        "en-GB",
    )


def test_a_page_in_a_declared_encoding() -> None:
    page = "<html><head><meta charset=windows-1251></head><body><p>Он приехал в Москву.</p></body></html>"
    assert parse(page.encode("cp1251"), ".htm").text == "Он приехал в Москву."


def test_xhtml_that_declares_its_encoding() -> None:
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Où ? Là.</p></body></html>'
    assert parse('<?xml version="1.0" encoding="utf-8"?>' + page, ".html").text == "Où ? Là."


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><script>var a</script></body></html>", "<!-- -->"])
def test_a_page_without_an_article_is_refused(page: str, caplog: pytest.LogCaptureFixture) -> None:
    refusal(page, ".html")
    assert not caplog.records, "the error says it; the parser says nothing beside it"


# -- bytes to characters ---------------------------------------------------------------------------


def test_encodings() -> None:
    text = "Où est le café ? Il a été fermé à l’été, dès le début août, par précaution. On s’en étonne."
    assert parse(b"\xef\xbb\xbf" + text.encode()).text == text
    assert parse(text.encode("utf-16")).text == text
    assert parse(text.replace("’", "'").encode("latin-1")).text == text.replace("’", "'")
    russian = "Министр приехал в Москву в пятницу и встретился с правозащитниками. Встреча длилась два часа."
    assert parse(russian.encode("cp1251")).text == russian


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        b"text with a \0 in it",
        bytes(range(1, 32)) * 20,
        b"\x1b\x02\x03 " * 50,
        bytes(range(256)) * 10,
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_binary_data_is_refused(data: bytes, suffix: str) -> None:
    assert "text" in refusal(data, suffix)


@pytest.mark.parametrize("text", ["", "  \n\t\n ", "\u200b\u200b", "---\ntitle: T\n---\n \n"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_article_without_text_is_refused(text: str, suffix: str) -> None:
    refusal(text, suffix)


def test_too_large_and_of_another_kind() -> None:
    assert "10 MB" in refusal(b"a" * (SIZE_LIMIT + 1))
    assert ".html" in refusal("text", ".pages", "report.pages")


MESSAGE = (
    b"From: Ann <ann@a.example>\r\nTo: b@a.example\r\nSubject: The pier\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain\r\n\r\nThe pier is closed.\r\n"
)

HTML_PAGE = (
    b"\n<!DOCTYPE html><html><body><article><h1>Pier</h1><p>The pier is closed.</p></article></body></html>"
)


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_a_file_with_the_wrong_suffix_is_read_by_its_content(suffix: str) -> None:
    for data in (
        HTML_PAGE,
        pdf([prose(["The pier is closed."])]),
        word(lambda document: document.add_paragraph("The pier is closed.")),
        MESSAGE,
    ):
        assert parse_article(data, suffix, "a").text == "The pier is closed.", data[:20]
    assert parse_article(zipped(BOOK), suffix, "a").title == "The Harbour Book"
    for data, words in (
        (zipped({"a.txt": "A"}), "zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "save it as .docx"),
        (b"PK\x03\x04" + bytes(100), "zip archive"),
    ):
        with pytest.raises(ArticleError, match=words):
            parse_article(data, suffix, "a")


@pytest.mark.parametrize(
    "text",
    ["From: Ann\nTo: Bo\nSubject: Pier\n\nIt is closed.", "PK is short for Park.", "%PDF is a kind of file."],
)
def test_text_that_looks_like_something_else_is_text(text: str) -> None:
    assert text.splitlines()[-1] in parse_article(text.encode(), ".txt", "a").text


def test_xhtml_is_a_page() -> None:
    assert parse_article(HTML_PAGE, ".xhtml", "a.xhtml").text == "The pier is closed."


def test_characters_that_cannot_be_seen_go() -> None:
    assert clean_text("a\r\nb\rc\x0bd\u2028e\u2029f") == "a\nb\nc\nd\ne\n\nf"
    assert clean_text("o\x07n\x1be\u200b \u202etwo\u202c\ufeff \xad\ud800th\u200dree\x9f") == "one two three"
    assert clean_text("tab\tstays") == "tab\tstays"


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_characters_that_cannot_be_seen_do_not_come_back_as_entities(suffix: str) -> None:
    page = "<div><p>o&#8203;ne &#x202e;t&zwj;wo &#127;three</p><p>End.</p></div>"
    assert "".join(parse(page, suffix).text.split("End.")).strip() == "one two three"


def test_joiners_that_are_spelling_stay() -> None:
    for spelled in ("می\u200cخواهم", "क्\u200dष", "👩\u200d🚀"):
        assert clean_text(spelled) == spelled


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    clean_text(text).encode()


# -- files -----------------------------------------------------------------------------------------


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.MD"
    path.write_text("# T\n\nText.", encoding="utf-8")
    assert read_article(path, "world/a.MD") == Article(id="world/a.MD", title="T", text="Text.")


def test_a_missing_file_a_folder_and_a_forbidden_file_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ArticleError, match=r"gone\.md"):
        read_article(tmp_path / "gone.md", "gone.md")
    with pytest.raises(ArticleError, match="folder"):
        read_article(tmp_path, "folder")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    secret = tmp_path / "secret.md"
    secret.touch()
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ArticleError, match=r"secret\.md .*Permission denied"):
        read_article(secret, "secret.md")


# -- and back --------------------------------------------------------------------------------------

anything = st.text(st.characters(codec=None), max_size=80)

awkward = st.sampled_from(
    ["", "null", "~", "no", "1e3", "- a", "a: b", "# c", "'", '"', "---", "...", "*b*", "  x"]
)


@given(
    title=anything | awkward,
    source=anything | awkward,
    author=anything | awkward,
    text=st.lists(anything | awkward | st.sampled_from(["\n\n", "    code", "---\nmore", "1. one"])).map(
        "\n".join
    ),
)
def test_an_article_written_to_a_file_is_read_back_exactly(
    title: str, source: str, author: str, text: str
) -> None:
    article = Article(
        title=title,
        text=text,
        source=source,
        author=author,
        url="https://a.example/?q=1#f",
        date="2024-03-05",
    )
    file = to_text_file(article).encode()
    if not clean_text(text).strip():
        refusal(file)
        return
    back = parse_article(file, ".txt", "x.txt")
    assert back.text == clean_text(text).strip()
    assert (back.title, back.source, back.author) == tuple(
        " ".join(clean_text(value).split()) for value in (title, source, author)
    )
    assert (back.url, back.date) == (article.url, article.date)
    assert to_text_file(back).encode() == file


ODD = st.text(
    st.sampled_from("aक \u200c\u200d\u3000\u1680\u00ad\x85\x1c\u2028\t\n'\":#-~|>&*!%@`{}[],?"), max_size=12
)


@given(ODD | st.text(), ODD | st.text(), ODD | st.text(), ODD | st.text())
def test_a_stored_article_is_known_without_reading_it_back(title: str, source: str, date: str, text: str) -> None:
    article = Article(title=title, text=text, source=source, date=date, url=source, fetched=date)
    known = as_read(article, "a/b.txt")
    if known is not None:
        assert known == parse_article(to_text_file(article).encode(), ".txt", "a/b.txt")


def test_most_stored_articles_are_known_without_reading() -> None:
    article = Article("A “title”: yes", "Text.\r\n\r\nMore.", date="5 March 2024", url="https://a.example/")
    assert as_read(article, "a.txt") == parse_article(to_text_file(article).encode(), ".txt", "a.txt")
    assert as_read(Article("", "Text."), "a.txt") == Article("", "Text.", "a.txt")
    for refused in (Article("A", "\u200b"), Article("A" * 70_000, "Text."), Article("A", "T" * 10_000_000)):
        assert as_read(refused, "a.txt") is None


@settings(deadline=None)  # the first of some kinds starts their reader
@given(st.binary() | st.text().map(str.encode), st.sampled_from(SUFFIXES))
def test_whatever_the_bytes_there_is_an_article_or_an_article_error(data: bytes, suffix: str) -> None:
    try:
        article = parse_article(data, suffix, "a" + suffix)
    except ArticleError:
        return
    assert article.text == article.text.strip() == clean_text(article.text) != ""
