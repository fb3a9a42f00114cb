"""What evidence says of a claim: supported, refuted or not enough, as calibrated probabilities.

The packaged verifier is a small cross-encoder of factbot's own (`training/verifier`), int8, without torch. Any
sequence classifier of Hugging Face can be named in its place: its labels' meaning is read from its own config.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from factbot.checking.facts.compare import Mismatch, compare
from factbot.checking.facts.counterfactuals import counterfactuals
from factbot.checking.facts.rulings.notation import in_words_of
from factbot.checking.facts.rulings.ruling import stance_by_facts
from factbot.errors import CorpusIndexError
from factbot.models.calibration import TemperatureScaling, log_odds, multinomial, sigmoid, softmax
from factbot.models.folders import VERIFIER_FOLDER
from factbot.models.hub import prepare_hub
from factbot.models.inference import TOKENIZER, OnnxModel
from factbot.results import Scores, Stance

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = [
    "NOT_ENOUGH",
    "REFUTED",
    "SUPPORTED",
    "NamedVerifier",
    "PackagedVerifier",
    "Verifier",
    "as_scores",
    "decided",
    "load_verifier",
    "scores_and_stances",
    "scores_of",
]

SUPPORTED, REFUTED, NOT_ENOUGH = range(3)  # the columns of every array of scores
MAX_TOKENS = 320  # of claim and evidence together, as in training; what is longer is cut at its end
DOUBTED = 0.3  # support, by the model alone, from which a claim's numbers and dates are put to the test
LARGEST_LEAD = 4.0  # of another number over the claim's own, in log-odds of support
CLEAR_LEAD = 1.0  # from which the evidence is said to give the other one
DECIDED = 0.95  # the probability of what the facts decide by themselves, where the model gives it less
MEANINGS = (
    (SUPPORTED, re.compile(r"(?<!not_)(?<!non_)(?:entail|support|consistent$)", re.IGNORECASE)),
    (REFUTED, re.compile(r"contradict|refut", re.IGNORECASE)),
    (
        NOT_ENOUGH,
        re.compile(r"neutral|not_?enough|\bnei\b|unrelated|not_entail|non_entail|unsupported|not_support", re.I),
    ),
)


class Verifier(Protocol):
    """What checks ask of a verifier; a model of one's own can take the packaged one's place."""

    name: str

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """(claim, evidence) pairs -> shape (len(pairs), 3): supported, refuted, not enough; rows sum to 1.

        A pair's scores do not depend on the other pairs.
        """
        ...

    def for_whole_text(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores of a long text, shape (3,), picked among those of its parts, as probabilities of the whole."""
        ...

    def rival(self, claim: str, evidence: str) -> Mismatch | None:
        """The claim's number or date beside the evidence's own, where the claim would clearly hold with that.

        None where nothing is clear, or the verifier cannot tell.
        """
        ...


class PackagedVerifier:
    """The int8 model in the package; it loads at the first use.

    Small models let changed numbers pass, so the claim's numbers, dates and names are compared outright as well,
    and where it seems borne out, it is asked whether it would be more so with another number of the evidence. A
    multinomial regression of all that makes calibrated probabilities. Those of texts that are read in parts are
    scaled once more (`python -m training.calibration verifier`).
    """

    def __init__(self) -> None:
        self.name = "factbot-verifier-3"
        self._model = OnnxModel(VERIFIER_FOLDER / "verifier.onnx", TOKENIZER, MAX_TOKENS)
        self.use(json.loads((VERIFIER_FOLDER / "calibration.json").read_text(encoding="utf-8")))

    def use(self, fitted: Mapping[str, Any]) -> None:
        """Make probabilities by this fit from now on: `weights`, `bias` and `whole`, as in calibration.json."""
        self._weights, self._bias = np.array(fitted["weights"]), np.array(fitted["bias"])
        self._whole = TemperatureScaling(**fitted["whole"])

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        return multinomial(self.features(pairs), self._weights, self._bias)

    def for_whole_text(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        whole: NDArray[np.float64] = self._whole(row[None])[0]
        return whole

    def features(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """What the regression sees of each pair, shape (len(pairs), 7): three logits, then the facts of the claim
        that the evidence gives otherwise, does not touch, and holds, then the lead of another number or date."""
        if not pairs:
            return np.zeros((0, 7))
        logits = np.asarray(self._model(pairs), dtype=np.float64)
        found = [compare(claim, evidence) for claim, evidence in pairs]
        counts = [(min(2, len(c.mismatches)), min(3, len(c.missing)), min(3, c.agreeing)) for c in found]
        return np.hstack([logits, np.array(counts, dtype=np.float64), self._leads(pairs, logits)[:, None]])

    def rival(self, claim: str, evidence: str) -> Mismatch | None:
        others = counterfactuals(claim, evidence)
        if not others:
            return None
        own, *support = log_odds(
            np.asarray(self._model([(text, evidence) for text in (claim, *others)])), SUPPORTED
        )
        best = int(np.argmax(support))
        return list(others.values())[best] if support[best] > max(0.0, own + CLEAR_LEAD) else None

    def _leads(self, pairs: Sequence[tuple[str, str]], logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much more the evidence would bear out each claim with a number or date of its own in place of the
        claim's: log-odds of 0 to LARGEST_LEAD, shape (len(pairs),); 0 where it does not bear out the claim."""
        own = log_odds(logits, SUPPORTED)
        others = [
            (place, (changed, evidence))
            for place, (claim, evidence) in enumerate(pairs)
            if own[place] > np.log(DOUBTED / (1 - DOUBTED))
            for changed in counterfactuals(claim, evidence)
        ]
        leads = np.zeros(len(pairs))
        if others:
            places, changed = zip(*others, strict=True)
            support = log_odds(np.asarray(self._model(changed), dtype=np.float64), SUPPORTED)
            np.maximum.at(leads, list(places), support - own[list(places)])
        return np.minimum(leads, LARGEST_LEAD)


class NamedVerifier:
    """A cross-encoder named by its folder or hub id, run by sentence-transformers; it loads at the first use.

    It reads (evidence, claim), as models of natural language inference do. A model of two classes, or of one
    number, tells supported from not; what is not supported counts as not enough, never as refuted.
    Raises CorpusIndexError where the model is not to be had or its config does not name its labels.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        if not pairs:
            return np.zeros((0, 3))
        import torch

        read = [(evidence, claim) for claim, evidence in pairs]
        # One pair at a time: padding would move the scores by a hair, and a verdict with them.
        raw = self._model.predict(read, batch_size=1, activation_fn=torch.nn.Identity(), show_progress_bar=False)
        logits = np.asarray(raw, dtype=np.float64).reshape(len(pairs), -1)
        made = np.zeros((len(pairs), 3))
        if logits.shape[1] == 1:
            made[:, SUPPORTED] = [sigmoid(x) for x in logits[:, 0]]
            made[:, NOT_ENOUGH] = 1 - made[:, SUPPORTED]
            return made
        for column, probability in zip(self._columns, softmax(logits).T, strict=True):
            made[:, column] += probability
        return made

    def for_whole_text(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        return row

    def rival(self, claim: str, evidence: str) -> Mismatch | None:
        return None

    @cached_property
    def _model(self) -> CrossEncoder:
        prepare_hub(self.name)
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(self.name, device="cpu")
        except Exception as error:  # the hub's client raises many kinds
            raise CorpusIndexError(
                f"The verifier {self.name!r} cannot be loaded; give the folder of a Hugging Face sequence "
                "classifier, or leave the setting out for the packaged one."
            ) from error

    @cached_property
    def _columns(self) -> list[int]:
        return columns(self._model.config.id2label, self.name)


def load_verifier(name: str) -> Verifier:
    """The verifier of a model's folder or hub id, "" for the packaged one; it loads at the first use."""
    return NamedVerifier(name) if name else PackagedVerifier()


def scores_of(verifier: Verifier, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    """Scores as of `Verifier.scores`, with the claim read in the evidence's own notation.

    What the facts of a pair decide by themselves is at least DECIDED.
    """
    return scores_and_stances(verifier, pairs)[0]


def scores_and_stances(
    verifier: Verifier, pairs: Sequence[tuple[str, str]]
) -> tuple[NDArray[np.float64], list[Stance | None]]:
    """As `scores_of`, and the stance of each pair that its facts decide by themselves, None where they do not."""
    scores = np.array(verifier.scores([(in_words_of(claim, evidence), evidence) for claim, evidence in pairs]))
    stances = [stance_by_facts(*pair) for pair in pairs]
    for row, stance in zip(scores, stances, strict=True):
        side = SUPPORTED if stance == "supports" else REFUTED
        if stance and row[side] < DECIDED:
            row[:] = decided(side)
    return scores, stances


def decided(side: int) -> NDArray[np.float64]:
    """The probabilities, shape (3,), of what the facts decide by themselves for SUPPORTED or REFUTED."""
    made = np.zeros(3)
    made[[side, NOT_ENOUGH]] = DECIDED, 1 - DECIDED
    return made


def columns(labels: Mapping[Any, str], name: str) -> list[int]:
    """Which of the three classes each of a model's labels means, in the model's order.

    `labels` is a config's `id2label`. Raises CorpusIndexError where a label says nothing, as "LABEL_1" does.
    """
    made = []
    for number in sorted(labels, key=int):
        label = re.sub(r"[\s-]+", "_", labels[number])
        # From the last: "not_entailment" holds "entail" as well.
        meaning = next((column for column, words in reversed(MEANINGS) if words.search(label)), None)
        if meaning is None:
            raise CorpusIndexError(
                f"The verifier {name!r} calls a class {labels[number]!r}, which does not say what it means; name "
                "its classes (entailment, contradiction, neutral) under id2label in its config.json."
            )
        made.append(meaning)
    if SUPPORTED not in made:
        raise CorpusIndexError(f"The verifier {name!r} has no class that means supported; choose another model.")
    return made


def as_scores(row: NDArray[np.float64]) -> Scores:
    """One row of scores, shape (3,), as a result: rounded so that the three still sum to 1."""
    supported, refuted = (round(float(row[column]), 4) for column in (SUPPORTED, REFUTED))
    return Scores(supported, refuted, round(1 - supported - refuted, 4))
