"""Training pairs of claim and evidence, read from the data sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks.rows import detokenised, rows, sentences
from training.words import content_words

SUPPORTED, REFUTED, NOT_ENOUGH, NOT_SUPPORTED = range(4)  # the last: refuted or not enough, it is not known which
LABELS = {
    "SUPPORTED": SUPPORTED,
    "REFUTED": REFUTED,
    "NOT_ENOUGH_EVIDENCE": NOT_ENOUGH,
    "NOT_SUPPORTED": NOT_SUPPORTED,
}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
LONGEST = 170  # words of evidence: with a claim about 256 tokens
LONGER = 215  # of a tenth of it: about 320 tokens


@dataclass(frozen=True)
class Pair:
    """One training pair; `label` is one of the four constants above, `group` what is held back together."""

    claim: str
    evidence: str
    label: int
    source: str = ""
    group: str = ""
    title: str = ""
    date: str = ""


def pairs(path: Path) -> Iterator[Pair]:
    """The rows of one set."""
    name = path.name.partition(".")[0]
    for row in rows(path):
        yield Pair(
            detokenised(row["claim"]),
            detokenised(row["evidence"]),
            LABELS[row["label"]],
            name,
            row.get("article") or row.get("page") or "",
            row.get("title") or row.get("page") or "",
            row.get("date") or "",
        )


def headed(pair: Pair, random: Random, title: float = 0.4, date: float = 0.5) -> Pair:
    """The pair, a share `title` of the time with its evidence under its article's title, as factbot reads a
    passage, and a share `date` of those with the date too."""
    if not pair.title or random.random() >= title:
        return pair
    day = re.match(r"(\d{4})-(\d\d)-(\d\d)", pair.date)
    when = f" ({int(day[3])} {MONTHS[int(day[2]) - 1]} {day[1]})" if day and random.random() < date else ""
    return replace(pair, evidence=f"{pair.title}{when}. {pair.evidence}")


def shortened(pair: Pair, random: Random) -> Pair:
    """The pair with no more evidence than is trained on: the sentences nearest to the claim, in their order."""
    most = LONGER if random.random() < 0.1 else LONGEST
    if len(pair.evidence.split()) <= most:
        return pair
    found = sentences(pair.evidence)
    wanted = content_words(pair.claim)
    near = [len(wanted & content_words(text)) / (1 + 0.05 * len(text.split())) for text in found]
    # Neighbours help to read a sentence, and where nothing is shared the beginning is what an article is about.
    rank = [near[i] + 0.3 * max(near[max(0, i - 1) : i + 2]) - 1e-3 * i for i in range(len(found))]
    kept: list[int] = []
    room = most
    for i in sorted(range(len(found)), key=lambda i: -rank[i]):
        words = len(found[i].split())
        if words <= room:
            kept.append(i)
            room -= words
    text = " ".join(found[i] for i in sorted(kept)) or " ".join(pair.evidence.split()[:most])
    return replace(pair, evidence=text)


def split_by_group(found: Sequence[Pair], held: int, random: Random) -> tuple[list[Pair], list[Pair]]:
    """(kept, held back): whole groups, until about `held` pairs are held back."""
    groups = sorted({pair.group for pair in found})
    random.shuffle(groups)
    sizes: dict[str, int] = {}
    for pair in found:
        sizes[pair.group] = sizes.get(pair.group, 0) + 1
    away: set[str] = set()
    count = 0
    for group in groups:
        if count >= held:
            break
        away.add(group)
        count += sizes[group]
    return [p for p in found if p.group not in away], [p for p in found if p.group in away]
