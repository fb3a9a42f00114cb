"""Training pairs: a claim, evidence, and what the evidence says of the claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.rows import detokenised, rows

SUPPORTED, REFUTED, NOT_ENOUGH, NOT_SUPPORTED = range(4)  # the last: refuted or not enough, it is not known which
LABELS = {
    "SUPPORTED": SUPPORTED,
    "REFUTED": REFUTED,
    "NOT_ENOUGH_EVIDENCE": NOT_ENOUGH,
    "NOT_SUPPORTED": NOT_SUPPORTED,
}
TITLED = 0.3  # share of pairs whose evidence begins with its page's title, as a passage of the index does
SORTED = 200  # parts whose pairs are sorted by length together: padding is a twentieth
LONGEST = 1_800  # characters of evidence; about what 320 tokens hold


@dataclass(frozen=True)
class Pair:
    """One training pair; `label` is one of the four constants above."""

    claim: str
    evidence: str
    label: int


def drawn(folder: Path, passes: Mapping[str, float], random: Random) -> Iterator[Pair]:
    """The sets of `folder`, each as often as `passes` says: 1.5 is every row once and half of them again."""
    for name, often in passes.items():
        found = list(pairs(folder / f"{name}.jsonl.gz", random))
        for _ in range(int(often)):
            yield from found
        yield from random.sample(found, round((often % 1) * len(found)))


def pairs(path: Path, random: Random) -> Iterator[Pair]:
    """One set's rows as pairs."""
    for row in rows(path):
        evidence = detokenised(row["evidence"])[:LONGEST]
        if row.get("page") and random.random() < TITLED:
            evidence = f"{row['page']}. {evidence}"
        yield Pair(detokenised(row["claim"]), evidence, LABELS[row["label"]])


def steps(examples: Sequence[Pair], size: int, random: Random) -> list[Sequence[list[Pair]]]:
    """Steps of parts of up to `size` pairs of like length, in random order.

    A part of long pairs has fewer of them, so that every part takes about as long as another.
    """
    order = random.sample(list(examples), len(examples))
    made: list[list[Pair]] = []
    for start in range(0, len(order), SORTED * size):
        part: list[Pair] = []
        for pair in sorted(order[start : start + SORTED * size], key=_length):
            if part and (len(part) == size or (len(part) + 1) * _length(pair) > size * 450):
                made.append(part)
                part = []
            part.append(pair)
        made.append(part)
    from training.loop import side_by_side  # here, because it loads torch, and the rules need none

    together = side_by_side(made)  # of like length too, as the slower one is waited for
    random.shuffle(together)
    return together


def _length(pair: Pair) -> int:
    return len(pair.claim) + len(pair.evidence)
