"""Claims on evidence that is given, of any length: the verifier alone, without retrieval.

The verifier reads some 300 tokens at once. Longer evidence is read in windows of whole sentences, of which only
those that share most words with the claim are worth the time; a claim of several sentences is read sentence by
sentence and is as well supported as its weakest (after SummaC, Laban et al. 2022).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from factbot.checking.verifier import NOT_ENOUGH, REFUTED, SUPPORTED, Verifier, as_scores, scores_of
from factbot.errors import UsageError
from factbot.results import Scores
from factbot.text.sentences import sentence_spans
from factbot.text.words import words

__all__ = ["WINDOW", "picked", "read", "verify", "windows"]

WINDOW = 1_200  # characters of evidence read at once, about what the verifier takes
WINDOWS = 3  # of longer evidence, the ones that share most words with the claim
SHORTEST = 3  # letters of a word that counts


def verify(verifier: Verifier, pairs: Sequence[tuple[str, str]]) -> list[Scores]:
    """What each pair's evidence says of its claim, (claim, evidence) by (claim, evidence).

    Raises UsageError where a claim or its evidence is no text or has no words.
    """
    made = []
    for claim, evidence in pairs:
        for name, text in (("claim", claim), ("evidence", evidence)):
            if not isinstance(text, str) or not any(c.isalnum() for c in text):
                raise UsageError(
                    f"The {name} holds no words; give a claim and the evidence to read it on, as texts."
                )
        made.append(as_scores(read(verifier, claim, evidence)))
    return made


def read(verifier: Verifier, claim: str, evidence: str) -> NDArray[np.float64]:
    """The scores of one pair, shape (3,), calibrated also where the evidence is read in parts."""
    row = picked(verifier, claim, evidence)
    return verifier.for_whole_text(row) if len(evidence) > WINDOW else row


def picked(verifier: Verifier, claim: str, evidence: str) -> NDArray[np.float64]:
    """The scores of one pair, shape (3,), picked among those of its parts."""
    sentences = [claim[start:end] for start, end in sentence_spans(claim, "en")]
    asked = [(s, window) for s in sentences for window in windows(s, evidence)]
    scored = scores_of(verifier, asked)
    each = [
        _pooled(np.array([row for (s, _), row in zip(asked, scored, strict=True) if s == sentence]))
        for sentence in dict.fromkeys(sentences)
    ]
    return _weakest(np.array(each))


def windows(claim: str, evidence: str) -> list[str]:
    """The evidence itself where it is short; else the windows of it that share most words with the claim."""
    if len(evidence) <= WINDOW:
        return [evidence]
    spans: list[tuple[int, int]] = []
    first = 0
    sentences = sentence_spans(evidence, "en")
    for place, (_, end) in enumerate(sentences):
        if end - sentences[first][0] > WINDOW and place > first:
            spans.append((sentences[first][0], sentences[place - 1][1]))
            first = max(place - 1, first + 1)  # a window begins with the last sentence of the one before
    spans.append((sentences[first][0], sentences[-1][1]))
    wanted = set(words(claim, SHORTEST))
    texts = [evidence[start:end] for start, end in spans]
    return sorted(texts, key=lambda text: -len(wanted & set(words(text, SHORTEST))))[:WINDOWS]


def _pooled(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The most telling of several readings, shape (n, 3) -> (3,): the one that is surest of a side."""
    row: NDArray[np.float64] = scores[np.argmax(scores[:, :NOT_ENOUGH].max(axis=1))]
    return row


def _weakest(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Several sentences as one claim: as refuted as the most refuted, as supported as the least supported."""
    supported = scores[:, SUPPORTED].min()
    refuted = min(scores[:, REFUTED].max(), 1 - supported)
    made: NDArray[np.float64] = np.array([supported, refuted, 1 - supported - refuted])
    return made
