"""What the labels of a model mean."""

from __future__ import annotations

import pytest

from factbot.checking.verifier import NOT_ENOUGH, REFUTED, SUPPORTED, columns
from factbot.errors import CorpusIndexError

# -- other models -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({0: "entailment", 1: "neutral", 2: "contradiction"}, [SUPPORTED, NOT_ENOUGH, REFUTED]),
        ({"0": "CONTRADICTION", "1": "ENTAILMENT", "2": "NEUTRAL"}, [REFUTED, SUPPORTED, NOT_ENOUGH]),
        ({0: "SUPPORTS", 1: "REFUTES", 2: "NOT ENOUGH INFO"}, [SUPPORTED, REFUTED, NOT_ENOUGH]),
        ({0: "entailment", 1: "not_entailment"}, [SUPPORTED, NOT_ENOUGH]),
        ({0: "unsupported", 1: "supported"}, [NOT_ENOUGH, SUPPORTED]),
    ],
)
def test_what_labels_mean_is_read_from_their_names(labels: dict[int | str, str], expected: list[int]) -> None:
    assert columns(labels, "a model") == expected


@pytest.mark.parametrize("labels", [{0: "LABEL_0", 1: "LABEL_1"}, {0: "contradiction", 1: "neutral"}])
def test_labels_that_do_not_say_what_they_mean_are_refused(labels: dict[int, str]) -> None:
    with pytest.raises(CorpusIndexError, match="a model"):
        columns(labels, "a model")
