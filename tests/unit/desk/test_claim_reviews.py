"""ClaimReview of every shape is read, and nothing in it is trusted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factbot import Failure, UsageError
from factbot.desk.claim_reviews import MAX_DEPTH, ClaimReview, read_claim_reviews

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "The moon is made of rye bread.",
    "reviewRating": {"@type": "Rating", "ratingValue": "1", "bestRating": "5", "alternateName": "Wrong"},
    "author": {"@type": "Organization", "name": "Night Desk"},
    "datePublished": "2024-05-06T07:08:09+02:00",
    "url": "https://desk.example/moon",
}
EXPECTED = ClaimReview(
    "The moon is made of rye bread.", "Wrong", "Night Desk", "2024-05-06", "https://desk.example/moon"
)
API = {
    "claims": [
        {
            "text": REVIEW["claimReviewed"],
            "claimReview": [
                {
                    "publisher": {"name": "Night Desk", "site": "desk.example"},
                    "url": "https://desk.example/moon",
                    "reviewDate": "2024-05-06T00:00:00Z",
                    "textualRating": "Wrong",
                }
            ],
        }
    ]
}
PAGE = f'<html><head><script type="application/ld+json">{json.dumps(REVIEW)}</script><script>x()</script></head>'
SHAPES = {
    "alone": json.dumps(REVIEW),
    "list": json.dumps([REVIEW]),
    "graph": json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, REVIEW]}),
    "feed": json.dumps({"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [REVIEW]}]}),
    "lines": f"{json.dumps(REVIEW)}\n\nno json\n",
    "several types": json.dumps({**REVIEW, "@type": ["Review", "http://schema.org/ClaimReview"]}),
    "lists inside": json.dumps({**REVIEW, "author": [REVIEW["author"]], "reviewRating": [REVIEW["reviewRating"]]}),
    "api": json.dumps(API),
    "page": PAGE,
    "mark": f"\ufeff{json.dumps(REVIEW)}",
}


def read(folder: Path, text: str) -> list[ClaimReview | Failure]:
    (folder / "reviews.json").write_text(text, encoding="utf-8", errors="surrogatepass")
    return list(read_claim_reviews(folder / "reviews.json"))


def one(folder: Path, **fields: Any) -> ClaimReview:
    (review,) = read(folder, json.dumps({**REVIEW, **fields}))
    assert isinstance(review, ClaimReview)
    return review


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_read(tmp_path: Path, shape: str) -> None:
    assert read(tmp_path, SHAPES[shape]) == [EXPECTED]


def test_a_rating_in_numbers_is_said_in_words(tmp_path: Path) -> None:
    assert one(tmp_path, reviewRating={"ratingValue": 2, "bestRating": 5}).verdict == "2 of 5"


def test_what_nobody_should_follow_or_see_is_left_out(tmp_path: Path) -> None:
    assert one(tmp_path, url="javascript:alert(1)").url == ""
    assert one(tmp_path, datePublished="yesterday").at == "" == one(tmp_path, datePublished="2024-13-45").at
    hostile = one(
        tmp_path, claimReviewed="Rye \u202e\x1b[31m\nbread\ud800 is <b>blue</b>.", author={"name": "x" * 9_000}
    )
    assert hostile.claim == "Rye [31m bread is <b>blue</b>." and len(hostile.by) <= 201


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"claimReviewed": " … "}, "names no claim"),
        ({"claimReviewed": {"a": 1}}, "names no claim"),
        ({"claimReviewed": "bread " * 500}, "more than 1,000 characters"),
        ({"reviewRating": None}, "no rating"),
        ({"reviewRating": [[]]}, "no rating"),
    ],
)
def test_one_that_cannot_be_used_is_named_and_the_rest_goes_on(
    tmp_path: Path, fields: dict[str, Any], reason: str
) -> None:
    failure, good = read(tmp_path, json.dumps([{**REVIEW, **fields}, REVIEW]))
    assert isinstance(failure, Failure) and reason in failure.reason and failure.reason.startswith("Review 1 ")
    assert good == EXPECTED


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, "<html></html>", "{}", "[]", '{"@type": "Article"}', "1e999"]
)
def test_a_file_without_any_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"reviews\.json .*[.]$"):
        read(tmp_path, text)


def test_nothing_is_looked_for_too_deep_and_no_file_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep: Any = REVIEW
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]
    with pytest.raises(UsageError, match="holds no ClaimReview"):
        read(tmp_path, json.dumps(deep))
    with pytest.raises(UsageError, match="cannot be read"):
        list(read_claim_reviews(tmp_path / "missing.json"))
    monkeypatch.setattr("factbot.desk.claim_reviews.MAX_REVIEWS", 2)
    *kept, failure = read(tmp_path, json.dumps([REVIEW] * 4))
    assert kept == [EXPECTED] * 2 and isinstance(failure, Failure) and "more than 2 reviews" in failure.reason
    monkeypatch.setattr("factbot.desk.claim_reviews.MAX_SIZE", 10)
    with pytest.raises(UsageError, match="split it"):
        read(tmp_path, json.dumps(REVIEW))
