"""What a report holds: claims under their numbers, the text cut at them, and the reviewers' word."""

from __future__ import annotations

from dataclasses import replace

from factbot import Review
from factbot.settings import Settings
from tests.support.reports import AT, OVERRULED, TEXT, document


def test_claims_are_numbered_without_what_was_left_out() -> None:
    made = document()
    assert [(claim.number, claim.sign) for claim in made.claims] == [(1, "✓"), (2, "✗"), (3, "⇄"), (4, "?")]
    assert [claim.claim for claim in made.left_out] == ["Is that much?"]
    assert made.summary == "4 claims: 1 supported, 1 refuted, 1 conflicting, 1 without enough evidence."


def test_every_character_of_the_text_is_shown_once_and_in_order() -> None:
    paragraphs = ["".join(piece.text for piece in pieces) for pieces in document().paragraphs]
    assert paragraphs == TEXT.split("\n\n")


def test_claims_that_share_their_words_are_marked_together_by_the_worst_verdict() -> None:
    made = document()
    first, *others = made.report.claims
    second = replace(first, claim=first.claim[:20], end=20, verdict="refuted")
    both = replace(made, report=replace(made.report, claims=(first, second, *others)))
    marked = [piece for pieces in both.paragraphs for piece in pieces if piece.claims]
    assert marked[0].text == first.claim
    assert [claim.number for claim in marked[0].claims] == [2, 1] and marked[0].verdict == "refuted"
    assert "".join(piece.text for pieces in both.paragraphs for piece in pieces) == TEXT.replace("\n\n", "")


def test_the_last_reviewers_verdict_counts_and_factbots_stays_beside_it() -> None:
    earlier = replace(OVERRULED, verdict="conflicting", at=AT)
    note = Review(2, None, "Ask the keeper.", "open", "Bo", AT)
    (claim,) = [claim for claim in document(reviews=(earlier, OVERRULED, note)).claims if claim.reviews]
    assert (claim.number, claim.verdict, claim.is_overruled) == (2, "supported", True)
    assert claim.heading == "Supported" and claim.finding.startswith("factbot found: Refuted, 93 % sure")
    assert document(reviews=(OVERRULED,)).summary.endswith("People reviewed 1 and overruled 1.")


def test_review_counts_the_sentences_that_were_left_out() -> None:
    said = Review(4, "refuted", "He did not.", "done", "Bo", AT)
    assert [(claim.number, claim.reviews) for claim in document(reviews=(said,)).claims if claim.reviews] == [
        (3, (said,))
    ]


def test_method_has_five_sentences_and_names_the_risk() -> None:
    assert len(document().method) == 5 and all(sentence.endswith(".") for sentence in document().method)
    assert "risk of 15 %" in " ".join(document().method)
    assert "no limit" in " ".join(replace(document(), settings=Settings(risk=1.0)).method)
    assert dict(document().made_with)["Model (verifier)"] == "a-verifier"
