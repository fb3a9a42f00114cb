"""The functions behind the benchmark's figures, compared with values worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import metrics
from benchmarks.answers.embedded import embedded
from benchmarks.quality_gate import Quality, floors, shortfalls


@pytest.mark.parametrize(
    ("text", "answers", "holds"),
    [
        ("He met Tanya Lokshina, of Human Rights Watch.", ["lokshina"], True),
        ("The vote was on the  23-June.", ["23 June"], True),
        ("It was THE Hague that decided.", ["Hague"], True),
        ("It was Hague that decided.", ["The Hague"], True),
        ("There were 1,784 votes.", ["1784"], True),
        ("There were 1,784 votes.", ["784"], False),
        ("It measured 7.8.", ["7.8"], True),
        ("It measured 7.8.", ["8"], False),
        ("Oslo", ["Os"], False),
        ("Anything", [], False),
        ("Anything", ["the"], False),
    ],
)
def test_an_answer_is_held_as_whole_words_whatever_case_punctuation_and_articles(
    text: str, answers: list[str], holds: bool
) -> None:
    assert metrics.holds_answer(text, answers) is holds


def test_rank_of_answer_counts_from_one_and_is_zero_without() -> None:
    assert metrics.rank_of_answer(["no", "the answer", "answer"], ["answer"]) == 2
    assert metrics.rank_of_answer(["no", "nor here"], ["answer"]) == 0


def test_recall_and_mrr_over_ranks() -> None:
    ranks = [1, 2, 0, 10, 11]
    assert metrics.recall_at(ranks, 1).mean() == pytest.approx(1 / 5)
    assert metrics.recall_at(ranks, 10).mean() == pytest.approx(3 / 5)
    assert metrics.reciprocal_ranks(ranks).mean() == pytest.approx((1 + 1 / 2 + 1 / 10) / 5)


def test_balanced_accuracy_weighs_both_kinds_of_question_alike() -> None:
    answerable = [True] * 2 + [False] * 8
    assert metrics.balanced_accuracy(answerable, [True] * 10) == pytest.approx(0.5)
    assert metrics.balanced_accuracy(answerable, answerable) == pytest.approx(1.0)
    assert metrics.balanced_accuracy(answerable, [True, False] + [False] * 6 + [True] * 2) == pytest.approx(0.625)


def test_auc_is_one_for_perfect_order_half_for_none_and_counts_ties_as_half() -> None:
    assert metrics.auc([False, False, True, True], [0.1, 0.2, 0.3, 0.4]) == pytest.approx(1.0)
    assert metrics.auc([False, True, False, True], [0.5] * 4) == pytest.approx(0.5)
    assert metrics.auc([True, False, True, False], [0.9, 0.9, 0.9, 0.1]) == pytest.approx(0.75)


def test_risk_coverage_answers_the_surest_first() -> None:
    coverage, risk = metrics.risk_coverage([False, True, True, False], [0.1, 0.9, 0.8, 0.7])
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 0, 1 / 3, 1 / 2])


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    assert metrics.calibration_error([1, 1, 0, 0], [0.5] * 4) == pytest.approx(0.0)
    assert metrics.calibration_error([0, 0], [1.0, 1.0]) == pytest.approx(1.0)
    assert metrics.calibration_error([1, 0, 0, 0], [0.95, 0.15, 0.15, 0.15]) == pytest.approx(0.125)


def test_bootstrap_interval_covers_the_mean_shrinks_with_the_sample_and_repeats() -> None:
    small, large = metrics.bootstrap([0, 1] * 20), metrics.bootstrap([0, 1] * 200)
    assert small.low < small.mean == 0.5 < small.high
    assert large.high - large.low < small.high - small.low
    assert small.high - small.low == pytest.approx(2 * 1.96 * np.sqrt(0.25 / 40), rel=0.2)
    assert small == metrics.bootstrap([0, 1] * 20)


def test_paired_bootstrap_sees_a_steady_gain_that_unpaired_intervals_hide() -> None:
    theirs = np.array([0.0, 1.0] * 20)
    gain = metrics.paired_bootstrap(theirs + 0.1, theirs)
    assert gain.mean == pytest.approx(0.1)
    assert gain.low > 0


def test_embedding_goes_on_where_it_was_stopped_and_refuses_other_rows(tmp_path: Path) -> None:
    rows = [("a", f"text {number}") for number in range(5_000)]
    (tmp_path / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    np.save(tmp_path / "0000000.npy", np.zeros((4_096, 2), dtype=np.float32))
    vectors = embedded(tmp_path, rows, lambda texts: np.ones((len(texts), 2), dtype=np.float32))
    assert vectors.shape == (5_000, 2)
    assert vectors[:4_096].sum() == 0 and vectors[4_096:].all()
    with pytest.raises(ValueError, match="other passages"):
        embedded(tmp_path, rows[1:], lambda texts: np.ones((len(texts), 2), dtype=np.float32))


def test_the_gate_names_every_figure_under_its_floor() -> None:
    least = floors()
    assert shortfalls(least, least) == []
    assert len(shortfalls(Quality(0, 0, 0, 0, 0, 0), least)) == 6
