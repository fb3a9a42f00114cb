"""The public names, the results and their JSON, which people and programs depend on."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
from typing import Any

import pytest

import factbot
from factbot import (
    Answer,
    AnswerSentence,
    Article,
    Change,
    Check,
    Citation,
    ClaimCheck,
    Earlier,
    Evidence,
    ExplanationPart,
    FactBot,
    FactbotError,
    Failure,
    ImportReport,
    KeptReading,
    Passage,
    Quotation,
    Report,
    Review,
    Scores,
    Stage,
    SyncProgress,
    SyncReport,
    Usage,
    Version,
    errors,
    results,
)

PASSAGE = Passage("a.md#4-9", "a.md", "A", "The Vane", "https://vane.example/a", "2021-06-01", 4, 9, "words", 0.5)
CITATION = Citation(1, PASSAGE, "word", 4, 8)
ANSWER = Answer(
    question="Who?",
    answered=True,
    text="word [1]",
    sentences=(AnswerSentence("word", (1,), 0.9),),
    citations=(CITATION,),
    reason=None,
    elapsed_ms=12,
    corpus_version="abc",
    models={"embedding": "m"},
    nearest=(PASSAGE,),
)

WRITTEN = dataclasses.replace(ANSWER, note="1 sentence was left out.", usage=(Usage("write", 1, 900, 60, 2.5),))
SCORES = Scores(0.7, 0.2, 0.1)
EVIDENCE = Evidence(PASSAGE, "word", 4, 8, "supports", SCORES)
READING = KeptReading("a.md", "0f", 4, 9, 0.9, SCORES, SCORES, SCORES)
CHECK = ClaimCheck(
    claim="A word.",
    start=0,
    end=7,
    verdict="supported",
    confidence=0.9,
    evidence=(EVIDENCE,),
    explanation="One source supports this: “word” [1].",
    reason=None,
    independent_sources=1,
    standalone="A word.",
    quotations=(Quotation("a word", "missing"),),
    explanation_parts=(ExplanationPart("words", "One source supports this: "),),
    readings=(READING,),
)

REPORT = Report("A word.", (CHECK,), 12, "abc", {"verifier": "v"}, "It was not split.", WRITTEN.usage, "c0ffee")
REVIEW = Review(1, "refuted", "A note.", "open", "Ida", "2026-01-02T03:04:05Z")

PASSAGE_JSON = {
    "id": "a.md#4-9",
    "article_id": "a.md",
    "title": "A",
    "source": "The Vane",
    "url": "https://vane.example/a",
    "date": "2021-06-01",
    "start": 4,
    "end": 9,
    "text": "words",
    "score": 0.5,
}

RESULTS = [
    Article("A", "text"),
    Version(Article("A", "text"), "current"),
    PASSAGE,
    CITATION,
    ANSWER.sentences[0],
    WRITTEN,
    SCORES,
    EVIDENCE,
    CHECK.quotations[0],
    CHECK.explanation_parts[0],
    READING,
    CHECK,
    REPORT,
    REVIEW,
    Check("c0ffee", "A word", "2026-01-02T03:04:05Z", "A word.", REPORT, {"before": "2021"}, (REVIEW,)),
    Change("c0ffee", 1, "supported", "refuted", (CITATION,), "2026-01-02T03:04:05Z"),
    Earlier("A word.", "False", "The Vane", "2026-01-02", "https://vane.example/a", 0.9),
    ImportReport(1, 2, (Failure("a.json", "It names no claim."),)),
    WRITTEN.usage[0],
    Stage("search"),
    Failure("a.md", "A has no text."),
    SyncProgress(1, 2, 3, 4.0, None),
    SyncReport((), (), (), (), ()),
]


@pytest.mark.parametrize("module", ["factbot", "factbot.errors", "factbot.results"])
def test_all_is_sorted_and_everything_in_it_is_there(module: str) -> None:
    public = importlib.import_module(module)
    assert public.__all__ == sorted(public.__all__)
    assert len(set(public.__all__)) == len(public.__all__)
    for name in public.__all__:
        assert getattr(public, name).__name__ == name


def test_all_is_complete() -> None:
    assert set(factbot.__all__) == {"FactBot", *errors.__all__, *results.__all__}
    for module in (errors, results):
        made_here = {
            n for n, v in vars(module).items() if inspect.isclass(v) and v.__module__.startswith(module.__name__)
        }
        assert {name for name in made_here if not name.startswith("_")} == set(module.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Fact'"):
        factbot.Fact  # noqa: B018


def test_every_error_is_a_factbot_error_and_a_sentence_says_what_it_is() -> None:
    for name in errors.__all__:
        kind = getattr(errors, name)
        assert issubclass(kind, FactbotError)
        assert (inspect.getdoc(kind) or "").endswith(".")


def test_the_contracts_methods_are_there() -> None:
    for name in (
        "open",
        "sync",
        "add",
        "remove",
        "articles",
        "search",
        "ask",
        "check",
        "verify",
        "checks",
        "recheck",
        "review",
        "earlier",
        "as_retriever",
        "as_runnable",
    ):
        assert callable(getattr(FactBot, name))
        assert inspect.getdoc(getattr(FactBot, name))


# -- results ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: type(r).__name__)
def test_results_are_frozen_dataclasses_that_become_json(result: Any) -> None:
    field = dataclasses.fields(result)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(result, field, "other")
    data = result.to_dict()
    assert isinstance(data, dict)
    unseen = {"nearest", "standalone", "quotations", "explanation_parts", "readings", "page", "page_breaks"}
    names = {f.name for f in dataclasses.fields(result)} - unseen
    assert set(json.loads(json.dumps(data))) == names


def test_every_public_result_is_tried_above() -> None:
    assert {type(result).__name__ for result in RESULTS} == set(results.__all__)


def test_a_kept_check_has_its_report_as_json() -> None:
    check = Check("c0ffee", "A word", "2026-01-02T03:04:05Z", "A word.", REPORT)
    assert check.to_dict()["report"] == REPORT.to_dict()


def test_a_passage_as_json() -> None:
    assert PASSAGE.to_dict() == PASSAGE_JSON


def test_an_answer_as_json() -> None:
    data = json.loads(json.dumps(ANSWER.to_dict()))
    assert data == {
        "question": "Who?",
        "answered": True,
        "text": "word [1]",
        "sentences": [{"text": "word", "citations": [1], "support": 0.9, "span": None}],
        "citations": [{"number": 1, "passage": PASSAGE_JSON, "quote": "word", "quote_start": 4, "quote_end": 8}],
        "reason": None,
        "elapsed_ms": 12,
        "corpus_version": "abc",
        "models": {"embedding": "m"},
    }
    assert list(data)[:5] == ["question", "answered", "text", "sentences", "citations"]


def test_an_answer_that_a_language_model_worded_says_what_it_cost() -> None:
    data = WRITTEN.to_dict()
    assert {**ANSWER.to_dict(), "note": data["note"], "usage": data["usage"]} == data
    assert data["usage"][0] == {
        "stage": "write",
        "calls": 1,
        "input_tokens": 900,
        "output_tokens": 60,
        "seconds": 2.5,
    }
