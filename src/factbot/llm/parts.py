"""A sentence part by part: a verifier that reads a long one hardly sees a false clause at its end.

"The lighthouse was built in 1871 by Agnes Marlow, and stands 38 metres high, and the engineer was a thief" is
mostly true, and scores as if it were wholly true. So what stands between commas and conjunctions is read by
itself, wherever it has words that the evidence has not (after FActScore, Min et al. 2023, by rule).
"""

from __future__ import annotations

import re

from factbot.checking.verifier import SUPPORTED, Verifier
from factbot.text.words import stems

__all__ = ["stems", "stray_part"]

BORNE_OUT = 0.6  # the probability of support from which a part stands; alone it says less than in its sentence
JOINTS = re.compile(
    r"\s*[;:—–]\s*|,\s+|,?\s+(?:and|but|or|so|while|whereas|though|although|because|which|who|when|where|after|before|"
    r"until|since|as)\s+"
)


def stray_part(verifier: Verifier, text: str, evidence: str) -> str:
    """The part of a sentence that its evidence does not bear out, "" where all of them stand.

    A part that says nothing but the evidence's own words is not read: how they hang together is read in the whole.
    """
    held = stems(evidence)
    parts = [part for part in JOINTS.split(text) if not stems(part) <= held]
    if not parts:
        return ""
    scores = verifier.scores([(part, evidence) for part in parts])[:, SUPPORTED]
    return parts[scores.argmin()] if scores.min() < BORNE_OUT else ""
