"""Tables, JSON and JSON lines: each row is an article, or is named with the reason."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import time
import tracemalloc
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factbot import Article
from factbot.corpus.formats.article import parse_article
from factbot.corpus.ingest.archives import unpack
from factbot.corpus.ingest.tables import BROKEN_LIMIT
from tests.support.archives import refusals, unpacked, written

TEXT = "The bridge opened in 1932. It is 1,149 metres long."


def articles(path: Path) -> list[Article]:
    """The articles of a file without failures."""
    items, failures = unpacked(path)
    assert not failures
    return [parse_article(item.data, PurePosixPath(item.name).suffix, item.name) for item in items]


# -- separated values, as spreadsheets write them ---------------------------------------------------------


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;\r", "sep=;;;"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_line_that_names_the_separator_is_no_row(tmp_path: Path, line: str, encoding: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(
        f"{line}\nheadline;body;date\nPont à péage;Le pont coûte 3, ou 4;2021-05-06\n".encode(encoding)
    )
    (article,) = articles(path)
    assert (article.title, article.text, article.date) == ("Pont à péage", "Le pont coûte 3, ou 4", "2021-05-06")


def test_the_separator_that_is_named_counts(tmp_path: Path) -> None:
    (article,) = articles(written(tmp_path / "sheet.csv", "sep=^\ntitle^text\nOne, two^It is; so | far"))
    assert (article.title, article.text) == ("One, two", "It is; so | far")


# -- JSON lines ------------------------------------------------------------------------------------------


def test_every_line_is_an_article(tmp_path: Path) -> None:
    row = {
        "Title": "Bridge: opened!",
        "Text": TEXT,
        "publisher": {"id": 7, "name": "The Herald"},
        "Authors": ["Ann Archer", {"name": "Bo Berg"}],
        "published_at": "2024-03-05T10:00:00Z",
        "link": "https://herald.example/bridge",
        "Lang": "en",
        "views": 12,
    }
    path = written(tmp_path / "news.jsonl", "\ufeff" + json.dumps(row) + "\r\n\n" + json.dumps({"body": "Só."}))
    first, second = articles(path)
    assert first == Article(
        id="bridge-opened.txt",
        title="Bridge: opened!",
        text=TEXT,
        source="The Herald",
        author="Ann Archer, Bo Berg",
        date="2024-03-05",
        url="https://herald.example/bridge",
        language="en",
    )
    assert (second.id, second.title, second.text) == ("news-3.txt", "news 3", "Só.")


@pytest.mark.parametrize(
    "name",
    ["text", "Content", "BODY", "article", "maintext", "main_text", "Main Text", "articleBody", "Body Text"],
)
def test_names_of_the_text(tmp_path: Path, name: str) -> None:
    assert [a.text for a in articles(written(tmp_path / "a.ndjson", json.dumps({name: TEXT})))] == [TEXT]


DATES = ["date", "published", "publishedAt", "publish_date", "pubDate", "date_publish", "datePublished"]
DATES += ["date_published", "publication_date", "Published Date"]


@pytest.mark.parametrize("name", DATES)
def test_names_of_the_date(tmp_path: Path, name: str) -> None:
    rows = json.dumps({"text": TEXT, name: "2024-03-05"})
    assert [a.date for a in articles(written(tmp_path / "a.ndjson", rows))] == ["2024-03-05"]


@pytest.mark.parametrize("name", ["url", "Link", "canonical_url", "canonicalUrl", "article URL"])
def test_names_of_the_address(tmp_path: Path, name: str) -> None:
    rows = json.dumps({"text": TEXT, name: "https://herald.example/bridge"})
    assert [a.url for a in articles(written(tmp_path / "a.ndjson", rows))] == ["https://herald.example/bridge"]


def test_paragraphs_in_a_list_stand_apart(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", json.dumps({"text": ["One.", "Two."], "id": 1984}))
    assert [(a.id, a.title, a.text) for a in articles(path)] == [("1984.txt", "1984", "One.\n\nTwo.")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "a"', "broken JSON"),
        ("text", "broken JSON"),
        ("[1, 2]", "no JSON object"),
        ('"text"', "no JSON object"),
        ("[" * 100_000, "cannot be read"),
        ('{"text": ' + "9" * 5_000 + "}", "cannot be read"),
        ('{"title": "Bridge"}', "has no text"),
        ('{"text": " \\u200b\\n"}', "has no text"),
        ('{"text": true}', "has no text"),
        (b'{"text": "caf\xe9"}', "not UTF-8"),
        ('{"text": "' + "é" * 5_100_000 + '"}', "larger than 10 MB"),
        ('{"text": "' + "a" * 10_100_000 + '"}', "longer than 10 MB"),
    ],
    ids=range(12),
)
def test_a_line_without_an_article_is_named_and_the_rest_is_added(
    tmp_path: Path, line: str | bytes, reason: str
) -> None:
    good = json.dumps({"title": "Café", "text": "Où est le café ?"}, ensure_ascii=False).encode()
    bad = line.encode() if isinstance(line, str) else line
    items, failures = unpacked(written(tmp_path / "news.jsonl", b"\n".join([good, bad, good, b""])))
    assert len(items) == 2
    assert [failure.path for failure in failures] == ["news.jsonl, line 2"]
    assert failures[0].reason.startswith("news.jsonl, line 2: ") and reason in failures[0].reason


def test_huge_metadata_does_not_break_the_front_matter(tmp_path: Path) -> None:
    row = dict.fromkeys(("title", "source", "author", "date", "language"), '"é: #' * 20000) | {"text": TEXT}
    [found] = articles(written(tmp_path / "a.jsonl", json.dumps(row)))
    assert found.text == TEXT and found.title.startswith('"é: #')


def peak(work: list[Path]) -> tuple[int, int]:
    """How many results, and how many bytes were in memory at once."""
    tracemalloc.start()
    count = sum(1 for path in work for _ in unpack(path))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return count, most


def test_memory_stays_flat(tmp_path: Path) -> None:
    row = json.dumps({"title": "Bridge", "text": "The bridge is long. " * 5_000}) + "\n"  # 100 KB
    lines = written(tmp_path / "a.jsonl", row * 100)
    table = written(tmp_path / "a.csv", "title,text\n" + f'Bridge,"{TEXT * 2_000}"\n' * 100)
    long_line = written(tmp_path / "b.jsonl", '{"text": "' + "a" * 60_000_000)
    for path, rows in ((lines, 100), (table, 100)):
        count, most = peak([path])
        assert count == rows and most < 5_000_000, path
    count, most = peak([long_line])
    assert count == 1 and most < 35_000_000  # the part of the line up to the limit, and what it is joined from


# -- JSON ------------------------------------------------------------------------------------------------

MEMBERS = [{"title": f"Row {n}", "text": f"Où ? Là, {n}.", "authors": [{"name": "Ann"}]} for n in range(3)]


@pytest.mark.parametrize("name", ["news.json", "news.jsonl", "NEWS.JSON"])
@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_is_a_table(tmp_path: Path, name: str, indent: int | None) -> None:
    found = articles(written(tmp_path / name, json.dumps(MEMBERS, indent=indent)))
    assert [(a.title, a.text, a.author) for a in found] == [(r["title"], r["text"], "Ann") for r in MEMBERS]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"status": "ok", "articles": MEMBERS}),
        "\n".join(map(json.dumps, MEMBERS)),
        "\n".join(json.dumps(row, indent=1) for row in MEMBERS),
    ],
)
def test_other_shapes_of_json(tmp_path: Path, content: str) -> None:
    assert [a.title for a in articles(written(tmp_path / "a.json", content))] == ["Row 0", "Row 1", "Row 2"]


def test_one_object_is_one_article(tmp_path: Path) -> None:
    assert [a.title for a in articles(written(tmp_path / "a.json", json.dumps(MEMBERS[1])))] == ["Row 1"]


@pytest.mark.parametrize(
    ("member", "reason", "after"),
    [
        ('"text"', "no JSON object", 1),
        ('{"title": "T"}', "has no text", 1),
        (b'{"text": "caf\xe9"}', "not UTF-8", 1),
        ('{"text" "a"}', "broken JSON", 0),
        ('{"a": ' * 100_000, "cannot be read", 0),
        ('{"text": "' + "a" * 10_900_000 + '"}', "longer than 10 MB", 0),
    ],
    ids=range(6),
)
def test_an_array_member_without_an_article_is_named(
    tmp_path: Path, member: str | bytes, reason: str, after: int
) -> None:
    good = json.dumps({"title": "Café", "text": "Où est le café ?"}, ensure_ascii=False).encode()
    bad = member.encode() if isinstance(member, str) else member
    items, failures = unpacked(written(tmp_path / "news.json", b"[" + b",\n".join([good, bad, good]) + b"]"))
    assert len(items) == 1 + after
    assert [failure.path for failure in failures] == ["news.json, article 2"]
    assert reason in failures[0].reason


@pytest.mark.parametrize("content", ["", " \n", "[]", "\ufeff[ ]"])
def test_json_without_articles_says_so(tmp_path: Path, content: str) -> None:
    assert "holds no article" in refusals(written(tmp_path / "a.json", content))[0]


def test_an_array_is_read_in_pieces(tmp_path: Path) -> None:
    row = json.dumps({"title": "Bridge", "text": "The bridge is long. " * 5_000})
    assert peak([written(tmp_path / "a.json", f"[{', '.join([row] * 100)}]")]) < (101, 6_000_000)


# -- CSV -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = 'Il a dit : "où, quand ; pourquoi ?"\n\nDéjà\tvu, à l’été, près de la forêt.'
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([["Headline", "Content", "Site"], ["L’été", text, "Le Journal"], [], ["Été", "Fin.", ""]])
    path = written(tmp_path / "news.csv", table.getvalue().encode(encoding))
    first, second = articles(path)
    assert (first.title, first.text, first.source, first.id) == ("L’été", text, "Le Journal", "l-été.txt")
    assert (second.title, second.text) == ("Été", "Fin.")


def test_tab_separated_values(tmp_path: Path) -> None:
    assert [a.text for a in articles(written(tmp_path / "a.tsv", "title\ttext\nA\tOne, two.\n"))] == ["One, two."]


def test_two_columns_are_not_taken_for_one(tmp_path: Path) -> None:
    assert [a.text for a in articles(written(tmp_path / "a.csv", "body;text\nIgnored;One.\n"))] == ["One."]


def test_a_field_beyond_the_csv_modules_limit(tmp_path: Path) -> None:
    csv.field_size_limit(131_072)
    text = "The bridge is long.\n" * 50_000
    assert [a.text for a in articles(written(tmp_path / "a.csv", f'text\n"{text}"\n'))] == [text.strip()]


def test_a_table_without_text_says_what_it_has(tmp_path: Path) -> None:
    [reason] = refusals(written(tmp_path / "a.csv", "id;name;price\n1;2;3\n"))
    assert "id, name, price" in reason and "text, content, body, article or maintext" in reason


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 100, b"\xff\xfe", bytes(300_000)]
)
def test_files_that_are_not_tables_are_refused(tmp_path: Path, content: bytes) -> None:
    assert len(refusals(written(tmp_path / "a.csv", content))) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('"He said "no" there",b', "cannot be read"),
        ("only one", "has 1 columns where the first line has 2"),
        ("a,b,c", "has 3 columns"),
        ("a,", "has no text"),
        ("caf\udce9,text", "not UTF-8"),
    ],
)
def test_a_row_without_an_article_is_named_and_the_rest_is_added(tmp_path: Path, row: str, reason: str) -> None:
    content = f'title,text\nÀ,"Où ?\nLà."\n{row}\nC,Ça,,\n'.encode(errors="surrogateescape")
    items, failures = unpacked(written(tmp_path / "a.csv", content))
    assert [item.name for item in items] == ["à.txt", "c.txt"]
    assert [failure.path for failure in failures] == ["a.csv, line 4"]
    assert reason in failures[0].reason


def test_an_open_quote_does_not_swallow_the_table_without_a_word(tmp_path: Path) -> None:
    items, failures = unpacked(written(tmp_path / "a.csv", 'title,text\nA,a\nB,"b\n' + "C,c\n" * 10))
    assert [item.name for item in items] == ["a.txt"] and [f.path for f in failures] == ["a.csv, line 3"]


def test_a_record_without_end_is_left(tmp_path: Path) -> None:
    """Many short quoted fields that together are one endless record."""
    path = written(tmp_path / "a.csv", "title,text\nA,a\nB," + '"b\n",' * 3_000_000 + "\nC,c\n")
    started = time.monotonic()
    items, failures = unpacked(path)
    assert [item.name for item in items] == ["a.txt"] and "longer than 10 MB" in failures[0].reason
    assert "the rest is left out" in failures[-1].reason and len(failures) == BROKEN_LIMIT + 1
    assert time.monotonic() - started < 30


def assert_safe(name: str) -> None:
    assert name and "\\" not in name and "\0" not in name
    for part in name.split("/"):
        assert part and not part.startswith(".") and part == part.strip()
    assert not PurePosixPath(name).is_absolute()


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.just("name"), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["text", "title", "id", "authors", "Date", "x"]), json_values, max_size=5))
@settings(deadline=None, max_examples=150)
def test_any_json_object_is_an_article_or_none(row: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        items, failures = unpacked(written(Path(folder) / "a.jsonl", json.dumps(row)))
    assert len(items) + len(failures) == 1
    for item in items:
        assert_safe(item.name)
        assert parse_article(item.data, ".txt", item.name).text
