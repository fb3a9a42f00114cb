"""Reports as files: each kind holds everything, and nothing in it comes alive."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import html
from markdown_it import MarkdownIt

from factbot import FactbotError, UsageError
from factbot.reports import writing
from factbot.reports.writing import KINDS, render, write_report
from tests.support.newsroom import PAYLOADS
from tests.support.reports import OVERRULED, document, hostile_document, piece

REVIEWED = document(reviews=(OVERRULED,))
SHOWN = (
    *("The dam at Orrin was built in 1931.", "It holds 40 million cubic metres.", "No other dam is as old."),
    *("93 % sure", "Why it is refuted [1].", "It holds 30 million cubic metres.", "Ninety years of the Orrin dam"),
    *("The Vane", "1 June 2021", "page 2", "Ada Quill", "The figure is that of 2019.", "factbot found: Refuted"),
    *("0a1b2c3d4e5f", "a-verifier", "risk of 15 %", "4 March 2026", "It is a question.", "2 supported"),
    *("1 ✓", "3 ⇄", "4 ?"),
)
URL = "https://vane.example/dam?year=1931&part=(2)"
HOSTILE = (
    *PAYLOADS,
    "\x00\x0b\ud800\ufffe\u202eturned around",
    "=HYPERLINK(1)",
    "# A heading",
    "1. a list\n\n- of things\n\n    in code\n\n---",
    "| a | cell |\n| --- | --- |",
    "&lt;b&gt; &amp; [note]: http://tracker.example/ [^1] <http://tracker.example> www.tracker.example",
    "http://tracker.example/\nSetext\n======",
    "javascript:alert(1)",
    "https://tracker.example/ onclick=alert(1)",
    "a" * 400,
)


def as_page(data: bytes) -> Any:
    return html.document_fromstring(data.decode())


def as_word(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def shown_by_word(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in as_word(data).paragraphs)


def shown_by_markdown(data: bytes) -> Any:
    return as_page(MarkdownIt("commonmark").enable("table").render(data.decode()).encode())


class TestEverythingIsThere:
    def test_in_html(self) -> None:
        page = as_page(render(REVIEWED, ".html"))
        text = page.body.text_content()
        assert all(words in text for words in SHOWN)
        assert URL in page.xpath("//a/@href")
        marks = page.xpath("//section[@class='text']//a[@class]/@href")
        assert marks == ["#claim-1", "#claim-2", "#claim-3", "#claim-4"]
        assert [page.get_element_by_id(mark[1:]).tag for mark in marks] == ["article"] * 4

    def test_in_markdown(self) -> None:
        page = shown_by_markdown(render(REVIEWED, ".md"))
        assert all(words in page.text_content() for words in SHOWN)
        assert set(page.xpath("//a/@href")) == {URL.replace("(2)", "%282%29")}
        assert len(page.xpath("//h3")) == 4

    def test_in_word(self) -> None:
        data = render(REVIEWED, ".docx")
        assert all(words in shown_by_word(data) for words in SHOWN)
        linked = {r.target_ref for r in as_word(data).part.rels.values() if r.is_external}
        assert linked == {URL}

    def test_in_json(self) -> None:
        data = json.loads(render(REVIEWED, ".json"))
        assert data["report"] == json.loads(json.dumps(REVIEWED.report.to_dict()))
        assert data["reviews"] == [OVERRULED.to_dict()]
        assert data["settings"]["risk"] == 0.15 and len(data["method"]) == 5
        assert not any("token" in name or "database" in name for name in data["settings"])

    def test_in_claim_reviews(self) -> None:
        data = json.loads(render(REVIEWED, ".jsonld"))
        assert data["@context"] == "https://schema.org"
        first, second, third, fourth = data["@graph"]
        assert [each["@type"] for each in data["@graph"]] == ["ClaimReview"] * 4
        assert first["claimReviewed"] == first["itemReviewed"]["text"] == "The dam at Orrin was built in 1931."
        assert first["author"] == {"@type": "Organization", "name": "factbot"}
        assert first["datePublished"] == "2026-03-04"
        assert first["reviewRating"]["ratingExplanation"] == "Why it is supported [1]."
        assert first["citation"][0]["url"] == URL and first["citation"][0]["headline"].startswith("Ninety years")
        ratings = [each["reviewRating"] for each in (first, second, third, fourth)]
        assert [rating["ratingValue"] for rating in ratings] == [5, 5, 3, 3]
        assert [rating["alternateName"] for rating in ratings][2:] == ["Conflicting", "Not enough evidence"]
        assert {(rating["bestRating"], rating["worstRating"]) for rating in ratings} == {(5, 1)}
        # The reviewer's word goes before factbot's.
        assert second["author"] == {"@type": "Person", "name": "Ada Quill"}
        assert second["datePublished"] == "2026-03-05"
        assert second["reviewRating"]["ratingExplanation"] == "The figure is that of 2019."


@pytest.mark.parametrize("payload", HOSTILE, ids=lambda payload: repr(payload[:20]))
class TestNothingComesAlive:
    def test_in_html(self, payload: str) -> None:
        harmless, page = (
            as_page(render(hostile_document("x"), ".html")),
            as_page(render(hostile_document(payload), ".html")),
        )
        assert set(tags(page)) <= set(tags(harmless)) | {"p", "br", "a"}
        assert not page.xpath("//script | //img | //svg | //link | //iframe | //*[@style] | //body//style")
        assert not [name for name in page.xpath("//@*") if name.attrname.startswith("on")]
        assert all(re.match(r"#claim-\d+$|https?://\S+$", address) for address in page.xpath("//a/@href"))
        assert len(page.xpath("//h1")) == 1 and len(page.xpath("//article")) == 1

    def test_in_markdown(self, payload: str) -> None:
        harmless, page = (
            shown_by_markdown(render(hostile_document("x"), ".md")),
            shown_by_markdown(render(hostile_document(payload), ".md")),
        )
        headings = "//h1 | //h2 | //h3 | //ul | //li | //code | //hr | //table | //img | //ol"
        assert tags(page, headings) == tags(harmless, headings)
        assert all(re.match(r"https?://\S+$", address) for address in page.xpath("//a/@href"))
        assert not page.xpath("//script | //style | //svg | //div | //main")

    def test_in_word(self, payload: str) -> None:
        data = render(hostile_document(payload), ".docx")
        word = as_word(data)
        assert not word.tables and not word.inline_shapes
        assert not word.element.xpath("//w:instrText | //w:fldSimple | //w:object | //w:altChunk")
        addresses = [r.target_ref for r in word.part.rels.values() if r.is_external]
        assert all(re.match(r"https?://\S+$", address) for address in addresses)

    def test_in_claim_reviews(self, payload: str) -> None:
        (review,) = json.loads(render(hostile_document(payload), ".jsonld"))["@graph"]
        assert all(re.match(r"https?://\S+$", each.get("url", "https://a")) for each in review["citation"])
        assert b"<" not in render(hostile_document(payload), ".jsonld")
        json.loads(render(hostile_document(payload), ".json"))


def tags(page: Any, path: str = "//*") -> list[str]:
    return [element.tag for element in page.xpath(path)]


def test_html_needs_nothing_from_outside() -> None:
    page = as_page(render(REVIEWED, ".html"))
    assert not page.xpath("//@src | //link | //script | //@srcset")
    (style,) = page.xpath("//style/text()")
    assert "url(" not in style and "@import" not in style
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy


def test_address_with_odd_characters_ends_no_link_in_markdown() -> None:
    odd = piece(url="https://vane.example/a>b)c\"d'e`f")
    claims = (replace(REVIEWED.report.claims[0], evidence=(odd,)),)
    page = shown_by_markdown(render(replace(REVIEWED, report=replace(REVIEWED.report, claims=claims)), ".md"))
    (address,) = page.xpath("//a/@href")
    assert address.startswith("https://vane.example/a%3Eb%29c%22d'e%60f")


class TestWriting:
    @pytest.mark.parametrize("kind", KINDS)
    def test_suffix_says_the_kind_in_any_case(self, kind: str, tmp_path: Path) -> None:
        write_report(REVIEWED, tmp_path / f"report{kind.upper()}")
        (written,) = tmp_path.iterdir()
        assert written.name == f"report{kind.upper()}" and written.stat().st_size > 500

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("report.pdf", "ends in .html, .md, .docx, .json, .jsonld or .zip"),
            ("report", "ends in .html"),
            ("nowhere/report.md", "is not there; make it"),
            ("there.md", "is there already; name another file"),
        ],
    )
    def test_what_cannot_be_written_is_refused_in_a_sentence(self, name: str, says: str, tmp_path: Path) -> None:
        (tmp_path / "there.md").write_text("An earlier report.")
        with pytest.raises(UsageError, match=re.escape(says)) as refused:
            write_report(REVIEWED, tmp_path / name)
        assert str(refused.value).endswith(".") and "\n" not in str(refused.value)
        assert [path.read_text() for path in tmp_path.iterdir()] == ["An earlier report."]

    def test_failed_write_leaves_nothing_behind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(path: Path, data: bytes) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(writing, "write_whole", full)
        with pytest.raises(FactbotError, match="No space left on device"):
            write_report(REVIEWED, tmp_path / "report.md")
        assert list(tmp_path.iterdir()) == []
