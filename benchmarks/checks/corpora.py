"""Corpora made of labelled pairs, and the claims that they are asked.

Of vitaminc_real each page is an article, in one of the revisions that claims were written about. Of
fever_symmetric and scifact the evidence of each claim is an article. News articles stand beside them. Some
articles are left out: the corpus is then silent about their claims.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.bot import open_synced, write_corpus
from benchmarks.pairs import Pair, pairs
from benchmarks.rows import in_fitting_half
from factbot.checking import aggregator, evidence, verifier
from factbot.checking.aggregator import features
from factbot.checking.facts import compare, counterfactuals
from factbot.checking.verifier import NOT_ENOUGH
from factbot.models.folders import VERIFIER_FOLDER
from factbot.retrieval import retriever

__all__ = ["NEWS", "OTHERS", "SET", "Asked", "corpus_of", "observed"]

SET = "vitaminc_real"
OTHERS = ("fever_symmetric", "scifact")
REVISIONS = 2  # corpora, each of another revision of the pages
SILENT = 0.2  # share of the pages that are left out of a corpus
NEWS = 300  # articles beside the pages
READERS = (counterfactuals, evidence, compare, retriever, aggregator, verifier)


@dataclass(frozen=True)
class Asked:
    """A claim with the verdict that its corpus gives: a column of `factbot.checking.verifier`.

    Calibration may see it by its `page`, or by itself where it is of none.
    """

    claim: str
    verdict: int
    page: str
    set: str = SET

    @property
    def fitted(self) -> bool:
        return in_fitting_half(self.page or self.claim)


def observed(data_folder: Path, cache: Path, sample: int) -> tuple[list[Asked], NDArray[np.float64]]:
    """The claims of all corpora, and the features of each, shape (claims, len(FEATURES))."""
    asked: list[Asked] = []
    seen: list[NDArray[np.float64]] = []
    news = data.articles(data_folder, "newsqa_2024")[: min(NEWS, sample or NEWS)]
    for name, articles, claims in _corpora(data_folder):
        folder = cache / f"verdicts-{name}-{len(news)}"
        write_corpus(folder / "corpus", [*articles, *news])
        claims = claims[: sample or None]
        asked += claims
        kept = folder / f"features-{_fingerprint()}-{len(claims)}.npy"
        if kept.exists():
            seen.append(np.load(kept))
            continue
        with open_synced(folder / "corpus", folder / "index") as bot:
            found = [features(one.claim, bot.checker.finder.find(one.claim)) for one in claims]
        np.save(kept, np.array(found))
        seen.append(np.array(found))
        print(f"corpus {name}: {len(claims)} claims", flush=True)
    return asked, np.concatenate(seen)


def _corpora(data_folder: Path) -> Iterator[tuple[str, list[data.Article], list[Asked]]]:
    """The name of each corpus, its articles, and the claims that it is asked."""
    for revision in range(REVISIONS):
        yield str(revision), *corpus_of(pairs(data_folder, SET), revision)
    for name in OTHERS:
        yield name, *_evidence_of(pairs(data_folder, name), name)


def _fingerprint() -> str:
    """Of the verifier and of the code that reads evidence: features are observed anew where either changes."""
    digest = hashlib.sha256((VERIFIER_FOLDER / "verifier.onnx").read_bytes())
    fitted = json.loads((VERIFIER_FOLDER / "calibration.json").read_text(encoding="utf-8"))
    digest.update(repr((fitted["weights"], fitted["bias"])).encode())
    for module in READERS:
        digest.update(Path(module.__file__ or "").read_bytes())
    return digest.hexdigest()[:12]


def corpus_of(found: Sequence[Pair], revision: int) -> tuple[list[data.Article], list[Asked]]:
    """One revision of every page that has so many, and the claims about it; some pages are left out."""
    revisions: dict[str, dict[str, list[Pair]]] = defaultdict(lambda: defaultdict(list))
    for pair in found:
        revisions[pair.page][pair.evidence].append(pair)
    articles, asked = [], []
    for page, by_text in revisions.items():
        text, about = sorted(by_text.items(), key=lambda item: -len(item[1]))[revision % len(by_text)]
        if revision >= len(by_text):
            continue
        name = hashlib.sha256(page.encode()).hexdigest()[:16]
        silent = hashlib.sha256(f"{page} {revision}".encode()).digest()[0] < 256 * SILENT
        if not silent:
            articles.append(data.Article(name, page, text, "", "", ""))
        asked += [Asked(pair.claim, NOT_ENOUGH if silent else pair.label, page) for pair in about]
    return articles, asked


def _evidence_of(found: Sequence[Pair], name: str) -> tuple[list[data.Article], list[Asked]]:
    """One evidence of each claim as an article, and the claims; no claim has another in the corpus."""
    texts: dict[str, set[str]] = defaultdict(set)
    for pair in found:
        texts[pair.claim].add(pair.evidence)
    held: set[str] = set()
    articles, asked = [], []
    for pair in found:
        if pair.evidence not in held and any(
            held & texts[other.claim] for other in found if other.evidence == pair.evidence
        ):
            continue
        number = hashlib.sha256(pair.evidence.encode()).hexdigest()[:16]
        silent = hashlib.sha256(f"{pair.evidence} {name}".encode()).digest()[0] < 256 * SILENT
        if pair.evidence not in held and not silent:
            articles.append(data.Article(number, " ".join(pair.evidence.split()[:5]), pair.evidence, "", "", ""))
        held.add(pair.evidence)
        asked.append(Asked(pair.claim, NOT_ENOUGH if silent else pair.label, "", name))
    return articles, asked
