"""Corpora made of labelled pairs, and the claims that they are asked.

Of vitaminc_real each page is an article, in the revision that most claims were written about. Of fever_symmetric
and scifact the evidence of each claim is an article. Of `written` and of the trial the articles are the whole news
that the claims were written about. News articles stand beside them. Some articles are left out: the corpus is then
silent about their claims. The trial has undecided claims of its own instead.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks import data
from benchmarks.bot import open_synced, write_corpus
from benchmarks.pairs import LABELS, TRIAL, Pair, pairs, trial_claims
from benchmarks.rows import in_fitting_half
from factbot.bot import FactBot
from factbot.checking import evidence, verifier
from factbot.checking.evidence import Reading
from factbot.checking.facts import compare, counterfactuals
from factbot.checking.facts.rulings import notation, ruling
from factbot.checking.verifier import NOT_ENOUGH
from factbot.models.folders import VERIFIER_FOLDER
from factbot.retrieval import retriever

__all__ = ["FITTED_ON", "SET", "SETS", "Asked", "Observed", "corpus", "observed", "opened"]

SET = "vitaminc_real"
OTHERS = ("fever_symmetric", "scifact")
WRITTEN = "written"
FITTED_ON = (WRITTEN, SET, *OTHERS)  # one half of each
SETS = (*FITTED_ON, TRIAL)
SILENT = 0.2  # share of the pages that are left out of a corpus
CLAIMS = {WRITTEN: 400, SET: 200, "fever_symmetric": 150, "scifact": 150, TRIAL: 200}  # that a corpus is asked
NEWS = 300  # articles beside the pages
READERS = (counterfactuals, evidence, compare, notation, ruling, retriever, verifier)


@dataclass(frozen=True)
class Asked:
    """A claim with the verdict that its corpus gives: a column of `factbot.checking.verifier`.

    Calibration may see it by its `page`, or by itself where it is of none.
    """

    claim: str
    verdict: int
    page: str
    set: str

    @property
    def fitted(self) -> bool:
        return self.set != TRIAL and in_fitting_half(self.page or self.claim)


@dataclass(frozen=True)
class Observed:
    """A claim with what the verifier reads of it in its corpus, nearest first."""

    asked: Asked
    readings: list[Reading]


@contextmanager
def opened(data_folder: Path, cache: Path, name: str) -> Iterator[FactBot]:
    """The corpus of a set, written and indexed."""
    folder = cache / f"verdicts-{name}"
    if not (folder / "corpus").exists():
        write_corpus(folder / "corpus", corpus(data_folder, name)[0])
    with open_synced(folder / "corpus", folder / "index") as bot:
        yield bot


def observed(data_folder: Path, cache: Path, name: str, *, fitted: bool, sample: int = 0) -> list[Observed]:
    """The claims of the fitting or of the unseen half that the corpus of a set is asked.

    They are read anew where the model or the reading changes.
    """
    drawn = _drawn(corpus(data_folder, name)[1], min(CLAIMS[name], sample or CLAIMS[name]))
    claims = [one for one in drawn if one.fitted is fitted]
    half = "fitting" if fitted else "unseen"
    kept = cache / f"verdicts-{name}" / f"readings-{_fingerprint()}-{half}-{len(claims)}.pickle"
    if kept.exists():
        found: list[Observed] = pickle.loads(kept.read_bytes())
        return found
    with opened(data_folder, cache, name) as bot:
        found = [Observed(one, bot.checker.finder.find(one.claim)) for one in claims]
    kept.write_bytes(pickle.dumps(found))
    print(f"corpus {name}, {half} half: {len(claims)} claims", flush=True)
    return found


def _drawn(claims: Sequence[Asked], most: int) -> list[Asked]:
    """At most `most` claims, always the same ones."""
    order = Random(0).sample(range(len(claims)), min(most, len(claims)))
    return [claims[i] for i in sorted(order)]


def corpus(data_folder: Path, name: str) -> tuple[list[data.Article], list[Asked]]:
    """The articles of a set's corpus, and the claims that it is asked."""
    if name == WRITTEN:
        return _written(data_folder)
    if name == TRIAL:
        return _trial(data_folder)
    articles, claims = (_pages_of if name == SET else _evidence_of)(pairs(data_folder, name), name)
    return [*articles, *data.articles(data_folder, "newsqa_2024")[:NEWS]], claims


def _written(data_folder: Path) -> tuple[list[data.Article], list[Asked]]:
    """The articles of freely worded claims, and the claims that these decide.

    What a passage leaves open another passage of its article may decide, so its undecided claims are left out.
    Undecided are those whose article is not there. As many other articles stand beside.
    """
    held = {article.id: article for article in data.articles(data_folder, "newsqa_2023", part="train")}
    about = [pair for pair in pairs(data_folder, WRITTEN) if pair.page in held and pair.label != NOT_ENOUGH]
    own = {pair.page for pair in about}
    silent = {page for page in own if _is_silent(page, WRITTEN)}
    beside = [i for i in held if i not in own][: len(own)]
    asked = [Asked(p.claim, NOT_ENOUGH if p.page in silent else p.label, p.page, WRITTEN) for p in about]
    return [held[i] for i in sorted([*(own - silent), *beside])], asked


def _trial(data_folder: Path) -> tuple[list[data.Article], list[Asked]]:
    """The trial's articles, and its claims of which each is one statement."""
    wanted = set((data_folder / "trial" / "articles.txt").read_text(encoding="utf-8").split())
    found = [article for article in data.articles(data_folder, "newsqa_2024") if article.id in wanted]
    return found, [
        Asked(row["claim"], LABELS[row["label"]], row["article_ids"][0], TRIAL)
        for row in trial_claims(data_folder)
    ]


def _is_silent(text: str, name: str) -> bool:
    """Whether a page or an evidence is left out of the corpus of a set: always the same ones."""
    return hashlib.sha256(f"{text} {name}".encode()).digest()[0] < 256 * SILENT


def _fingerprint() -> str:
    """Of the verifier and of the code that reads evidence: claims are read anew where either changes."""
    digest = hashlib.sha256((VERIFIER_FOLDER / "verifier.onnx").read_bytes())
    fitted = json.loads((VERIFIER_FOLDER / "calibration.json").read_text(encoding="utf-8"))
    digest.update(repr((fitted["weights"], fitted["bias"])).encode())
    for module in READERS:
        digest.update(Path(module.__file__ or "").read_bytes())
    return digest.hexdigest()[:12]


def _pages_of(found: Sequence[Pair], name: str) -> tuple[list[data.Article], list[Asked]]:
    """The revision of every page that most claims are about, and these claims; some pages are left out."""
    revisions: dict[str, dict[str, list[Pair]]] = defaultdict(lambda: defaultdict(list))
    for pair in found:
        revisions[pair.page][pair.evidence].append(pair)
    articles, asked = [], []
    for page, by_text in revisions.items():
        text, about = max(by_text.items(), key=lambda item: len(item[1]))
        silent = _is_silent(page, name)
        if not silent:
            number = hashlib.sha256(page.encode()).hexdigest()[:16]
            articles.append(data.Article(number, page, text, "", "", ""))
        asked += [Asked(pair.claim, NOT_ENOUGH if silent else pair.label, page, name) for pair in about]
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
        silent = _is_silent(pair.evidence, name)
        if pair.evidence not in held and not silent:
            articles.append(data.Article(number, " ".join(pair.evidence.split()[:5]), pair.evidence, "", "", ""))
        held.add(pair.evidence)
        asked.append(Asked(pair.claim, NOT_ENOUGH if silent else pair.label, "", name))
    return articles, asked
