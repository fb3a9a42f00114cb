"""`verdicts`: whole checks, from a claim to its verdict over a corpus, and how fast they are.

Corpora are made of labelled pairs, among news articles. Of vitaminc_real a page is an article, of one of the
revisions that claims were written about; of fever_symmetric and scifact a claim's evidence is one. Some are left
out: the corpus is silent about their claims. `calibrate-verdicts` fits the aggregator on one half of the pages or
claims; the figures are of the other. The changed-fact set (`gate/claims.jsonl`)
asks the sample corpus, of which nothing was trained on or fitted to.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import data, results
from benchmarks.calibrate import in_fitting_half
from benchmarks.metrics import bootstrap, calibration_error, percentiles, risk_coverage
from benchmarks.ours import open_synced, write_corpus
from benchmarks.pairs import Pair, pairs
from benchmarks.speed import ANSWERED_AT, articles_up_to
from factbot import FactBot
from factbot.checking import aggregator as verdicts
from factbot.checking import evidence, verifier
from factbot.checking.aggregator import FEATURES, Aggregator, features
from factbot.checking.facts import compare as facts
from factbot.checking.facts import counterfactuals
from factbot.checking.verifier import FOLDER, NOT_ENOUGH
from factbot.retrieval import retriever

__all__ = ["NEWS", "SET", "Asked", "calibrate", "changed_facts", "corpus_of", "run"]

SET = "vitaminc_real"
OTHERS = ("fever_symmetric", "scifact")
REVISIONS = 2  # corpora, each of another revision of the pages
SILENT = 0.2  # share of the pages that are left out of a corpus
NEWS = 300  # articles beside the pages
RISKS = (0.02, 0.05, 0.1, 0.15, 0.2)
TIMED = 100  # claims
READERS = (counterfactuals, evidence, facts, retriever, verdicts, verifier)
CLAIMS = Path(__file__).parent / "gate" / "claims.jsonl"
CORPUS = Path(__file__).parents[1] / "corpus"


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


def run(data_folder: Path, cache: Path, sample: int) -> None:
    """Measure; with `sample`, on that many claims of each kind and passages, and only print."""
    aggregator = Aggregator.packaged()
    asked, seen = _observed(data_folder, cache, sample)
    unseen = np.array([not a.fitted for a in asked])
    figures = {
        "corpora": _report(aggregator, *_of(SET, asked, seen, unseen)),
        "others": {name: _report(aggregator, *_of(name, asked, seen, unseen)) for name in OTHERS},
        "changed": changed_facts(cache, sample),
        "speed": _speed(data_folder, cache, sample or ANSWERED_AT),
    }
    print(json.dumps(figures, indent=1))
    if not sample:
        results.save("verdicts", figures)


def calibrate(data_folder: Path, cache: Path) -> None:
    """Fit the aggregator and the cut-offs for each risk, on the fitting half; report on the other."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    asked, seen = _observed(data_folder, cache, 0)
    fitted = np.array([a.fitted for a in asked])
    labels = np.array([a.verdict for a in asked])
    model = LogisticRegression(C=0.3, max_iter=2_000)
    blind = cross_val_predict(model, seen[fitted], labels[fitted], cv=5, method="predict_proba")
    model.fit(seen[fitted], labels[fitted])
    made = {
        "features": list(FEATURES),
        "weights": [[round(float(w), 4) for w in row] for row in model.coef_],
        "bias": [round(float(b), 4) for b in model.intercept_],
        "cutoffs": [_cutoff(blind, labels[fitted], risk) for risk in RISKS],
    }
    (FOLDER / "aggregator.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made))
    for name, side in (("fitted on", fitted), ("unseen", ~fitted)):
        for one in (SET, *OTHERS):
            report = _report(Aggregator.packaged(), *_of(one, asked, seen, side))
            print(name, one, {k: v for k, v in report.items() if k != "risk_coverage"})


def _of(
    name: str, asked: Sequence[Asked], seen: NDArray[np.float64], side: NDArray[np.bool_]
) -> tuple[list[Asked], NDArray[np.float64]]:
    """The claims of a set on one side of the halves, with their features."""
    kept = side & np.array([one.set == name for one in asked])
    return [asked[i] for i in np.flatnonzero(kept)], seen[kept]


def _cutoff(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64], risk: float
) -> tuple[float, float, float]:
    """(risk, least confidence at which the decided verdicts keep to it, share of verdicts still decided)."""
    said, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    sides = said != NOT_ENOUGH
    order = np.argsort(-sure[sides], kind="stable")
    wrong = (said != labels)[sides][order]
    count = np.arange(1, len(wrong) + 1)
    # One more wrong than were seen: the finite-sample correction of conformal risk control (Angelopoulos, 2022).
    kept = np.flatnonzero((np.cumsum(wrong) + 1) / (count + 1) <= risk)
    if not len(kept):
        return risk, 1.0, 0.0
    return risk, round(float(sure[sides][order][kept[-1]]), 4), round(float((kept[-1] + 1) / len(wrong)), 4)


def _observed(data_folder: Path, cache: Path, sample: int) -> tuple[list[Asked], NDArray[np.float64]]:
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
    digest = hashlib.sha256((FOLDER / "verifier.onnx").read_bytes())
    fitted = json.loads((FOLDER / "calibration.json").read_text(encoding="utf-8"))
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


def _report(aggregator: Aggregator, asked: Sequence[Asked], seen: NDArray[np.float64]) -> dict[str, Any]:
    labels = np.array([a.verdict for a in asked])
    probabilities = aggregator.probabilities(seen)
    said, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = said == labels
    sides = said != NOT_ENOUGH
    curve = zip(*(values[::5] for values in risk_coverage(right[sides], sure[sides])), strict=True)
    return {
        "claims": len(asked),
        "accuracy": bootstrap(right).to_dict(),
        "balanced_accuracy": float(np.mean([right[labels == label].mean() for label in range(3)])),
        "majority": float(max((labels == label).mean() for label in range(3))),
        "ece": calibration_error(right, sure),
        "brier": float(((probabilities - np.eye(3)[labels]) ** 2).sum(axis=1).mean()),
        "silence_as_refuted": float((said[labels == NOT_ENOUGH] == 1).mean()),
        "risks": [
            (bound, float((~right[sides & (sure >= cut)]).mean()), float((sure[sides] >= cut).mean()))
            for bound, cut, _ in aggregator.cutoffs
            if (sides & (sure >= cut)).any()
        ],
        "risk_coverage": [(round(float(coverage), 4), round(float(risk), 4)) for coverage, risk in curve],
    }


# -- the changed-fact set -----------------------------------------------------------------------------


def changed_facts(cache: Path, sample: int = 0) -> dict[str, Any]:
    """Check every claim of the changed-fact set against the sample corpus, through the public door."""
    rows = [json.loads(line) for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
    said: dict[str, list[str]] = defaultdict(list)
    right, sure = [], []
    with open_synced(CORPUS, cache / "sample-index") as bot:
        for row in rows[: sample or None]:
            check = next(c for c in bot.check(row["claim"]).claims)
            said[row["kind"]].append(check.verdict)
            right.append(check.verdict == row["label"])
            sure.append(check.confidence)
    true = said.pop("paraphrase")
    silent = said.pop("silent", [])
    changed = {
        kind: float(np.mean([v != "supported" for v in verdicts])) for kind, verdicts in sorted(said.items())
    }
    together = [v for found in said.values() for v in found]
    return {
        "claims": len(right),
        "paraphrases_supported": bootstrap([v == "supported" for v in true]).to_dict(),
        "changed_caught": bootstrap([v != "supported" for v in together]).to_dict(),
        "changed_refuted": float(np.mean([v == "refuted" for v in together])),
        "caught_by_kind": changed,
        "silent_not_decided": float(np.mean([v == "not_enough_evidence" for v in silent])) if silent else None,
        "paraphrases_refuted": float(np.mean([v == "refuted" for v in true])),
        "exact": float(np.mean(right)),
        "ece": calibration_error(np.array(right), np.array(sure)),
    }


# -- speed --------------------------------------------------------------------------------------------


def _speed(data_folder: Path, cache: Path, passages: int) -> dict[str, Any]:
    """A claim to its verdict, models loaded, one at a time."""
    corpus = cache / "speed" / f"corpus-{passages}"
    write_corpus(corpus, articles_up_to(data_folder, passages))
    with open_synced(corpus, cache / "speed" / f"index-{passages}") as bot:
        claims = list(_sentences(bot))
        for claim in claims[-5:]:
            bot.check(claim)
        times = []
        for claim in claims[:TIMED]:
            began = time.perf_counter()
            bot.check(claim)
            times.append((time.perf_counter() - began) * 1e3)
        count = sum(article.passages for article in bot.articles())
    return {"passages": count, "claims": len(times), "check_ms": percentiles(times)}


def _sentences(bot: FactBot) -> Iterator[str]:
    """Claims as people paste them: sentences of articles, of middling length."""
    for article in bot.articles()[: 2 * TIMED]:
        text = bot.article(article.id).text
        for start, end in bot.index.catalog.sentences(article.id)[5:]:
            if 60 < end - start < 200 and text[end - 1] == "." and text[start].isupper():
                yield " ".join(text[start:end].split())
                break
