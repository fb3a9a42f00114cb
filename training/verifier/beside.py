"""Evidence beside the point: near in words, and silent about the claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from sklearn.feature_extraction.text import TfidfVectorizer

from training.verifier.pairs import NOT_ENOUGH, Pair
from training.words import content_words

NEIGHBOURS = 24  # nearest texts among which one is drawn
TOO_NEAR = 4  # nearest of all, which may well be about the same fact
AT_ONCE = 500


def beside(claims: Sequence[Pair], others: Sequence[Pair], random: Random) -> Iterator[Pair]:
    """Each claim on a near text of `others` that lacks some of its words, as NOT_ENOUGH.

    Silence is not refutation, however near the words. Sets whose labels are all SUPPORTED need it: alone they
    would teach that their style is true.
    """
    texts = list({pair.evidence: pair for pair in others}.values())
    index = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    matrix = index.fit_transform([pair.evidence for pair in texts])
    for start in range(0, len(claims), AT_ONCE):
        part = claims[start : start + AT_ONCE]
        similar = (index.transform([pair.claim for pair in part]) @ matrix.T).toarray()
        for pair, row in zip(part, similar, strict=True):
            order = (-row).argsort()[:NEIGHBOURS]
            words = content_words(pair.claim)
            apart = [
                texts[i]
                for i in order[TOO_NEAR:]
                if len(words & content_words(texts[i].evidence)) < 0.7 * len(words)
                and (not pair.group or texts[i].group != pair.group)
            ]
            if apart:
                other = random.choice(apart)
                yield replace(pair, evidence=other.evidence, title=other.title, date=other.date, label=NOT_ENOUGH)
