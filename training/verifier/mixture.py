"""What a round of training reads: which sets, how much of each, and what is made beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from training.verifier import made as rules
from training.verifier.beside import beside
from training.verifier.pairs import SUPPORTED, Pair, headed, pairs, shortened, split_by_group

# How often a round passes over each set. Left out: sets whose licence forbids commercial use, and what teaches to
# take silence for refutation (snli, mpe).
SHARES = {
    "written": 1.0,
    "vitaminc_real": 0.6,
    "vitaminc_synthetic": 0.15,
    "lingnli": 0.2,
    "mnli": 0.3,
    "fever_dev": 0.5,
    "docnli_fever": 0.15,
    "fm2": 1.0,
    "scifact": 1.5,
    "rte": 0.8,
    "wmt_news": 0.25,
    "onestop": 0.3,
    "poc_fusion": 0.7,
    "headline_2023": 0.7,
    "mrpc": 0.4,
    "sts": 0.2,
    "multipit": 0.2,
    "realsumm": 0.4,
    "pyrxsum": 0.4,
    "fib": 0.5,
    "aggrefact": 0.7,
    "factcg_doc": 1.0,
    "factcheckgpt": 0.7,
    "wice_partial": 1.0,
    "politihop": 0.5,
    "checkcovid": 0.7,
    "healthver": 0.7,
    "covidfact": 0.15,
    "cad_nli": 0.4,
    "conjnli": 0.05,
    "scone": 0.08,
    "wiki_nli": 0.15,
    "citint": 0.2,
    "nli4ct": 0.1,
    "breaking_nli": 0.05,
    "add_one": 0.1,
    "med": 0.1,
}
ALWAYS_TRUE = ("wmt_news", "onestop", "poc_fusion", "headline_2023")  # as many again on evidence beside the point
BESIDE_WRITTEN = 0.06  # of the true claims of `written`, once more on evidence beside the point
# Made by rule from claims in people's own words: of the pairs that each rule fits, the share that a round takes.
MADE = {
    rules.fact_changed: 0.15,
    rules.sentence_removed: 0.8,
    rules.speaker_changed: 1.0,
    rules.amounts_mixed: 1.0,
    rules.taken_as_fact: 1.0,
    rules.other_notation: 0.5,
}
MADE_FROM = ("written", "fm2", "rte", "realsumm", "headline_2023")
# For a slow machine: evidence of more words than these is kept in so small a share of the pairs.
LONG_WRITTEN, LONG_ELSEWHERE = 100, 45
KEPT_LONG = 0.3
HELD_BACK = 1_000  # pairs of `written`, to choose with
HELD_SEED = 5


def written(folder: Path) -> tuple[list[Pair], list[Pair]]:
    """The set of freely worded claims: (to train on, held back)."""
    return split_by_group(list(pairs(folder / "written.jsonl.gz")), HELD_BACK, Random(HELD_SEED))


def round_of(folder: Path, seed: int, scale: float = 1.0) -> list[Pair]:
    """One round, in random order, so that every stretch of it is a fair sample: about 95,000 pairs.

    `folder` is `verify/train` of the data. Rounds of other seeds draw other samples. `scale` makes all sets but
    `written` smaller, for a machine that has not the time for all.
    """
    random = Random(seed)
    made: list[Pair] = []
    for name, share in SHARES.items():
        often = share if name == "written" else share * scale
        found = written(folder)[0] if name == "written" else list(pairs(folder / f"{name}.jsonl.gz"))
        for _ in range(int(often)):
            made += found
        drawn = random.sample(found, round(often % 1 * len(found)))
        made += drawn
        if name in ALWAYS_TRUE:
            made += beside([pair for pair in drawn if pair.label == SUPPORTED], found, random)
        if name == "written":
            true = [pair for pair in found if pair.label == SUPPORTED]
            made += beside(random.sample(true, round(BESIDE_WRITTEN * len(true))), found, random)
        if name in MADE_FROM:
            made += by_rule(found, random, scale)
    random.shuffle(made)
    return [shortened(headed(pair, random), random) for pair in made]


def mostly_short(found: list[Pair], random: Random) -> list[Pair]:
    """The pairs less most of those with long evidence, in the same order."""
    return [
        pair
        for pair in found
        if len(pair.evidence.split()) <= (LONG_WRITTEN if pair.source == "written" else LONG_ELSEWHERE)
        or random.random() < KEPT_LONG
    ]


def by_rule(found: list[Pair], random: Random, scale: float = 1.0) -> Iterator[Pair]:
    """What the rules make of the pairs, each rule as often as MADE says times `scale`."""
    for pair in found:
        for rule, share in MADE.items():
            if random.random() < share * scale:
                new = rule(pair, random)
                if new:
                    yield replace(new, source=rule.__name__)
