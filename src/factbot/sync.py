"""Making the index equal to the corpus folder: incremental, killable at any moment, with progress."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from factbot.articles import parse_article, read_bytes
from factbot.catalog import IndexedArticle
from factbot.corpus import Corpus
from factbot.embedding import Embedder
from factbot.errors import ArticleError
from factbot.index import Index
from factbot.passages import passage_spans
from factbot.results import Failure, SyncProgress, SyncReport
from factbot.sentences import sentence_spans

__all__ = ["embed", "sync"]

BATCH = 256  # passages embedded and written together: about two seconds of work, lost at most once
TITLE_WEIGHT = 0.2
Progress = Callable[[SyncProgress], None]


def sync(
    index: Index,
    corpus: Corpus,
    embedder: Embedder,
    passage_size: int,
    progress: Progress | None = None,
    only: str | None = None,
) -> SyncReport:
    """Embed what is new or changed, remove what is gone, mend what an earlier process left half done.

    `only` names the one article to look at, after it was added or removed. A file that cannot be read
    is reported in `failed`, and leaves in peace what was indexed of it.
    Raises CorpusError or CorpusIndexError where the whole cannot go on.
    """
    index.check_settings()
    started = time.monotonic()
    files = corpus.files() if only is None else corpus.find(only)
    indexed = index.catalog.hashes()
    unfinished = set(index.catalog.pending())
    if only is None and (unfinished or not index.is_even()):
        incomplete, unknown = index.strays()
        unfinished.update(incomplete, unknown)
    known = {*indexed, *(unfinished & index.catalog.ids())}
    if only is not None:
        known, unfinished = known & {only}, unfinished & {only}

    run = _Run(total=len(files), started=started, progress=progress)
    gone = sorted((known | unfinished) - files.keys())
    if gone:
        index.write([], np.empty((0, 0), np.float32), replaced=[], removed=gone)
    batch: list[IndexedArticle] = []
    for article_id, path in files.items():
        run.articles += 1
        try:
            data = read_bytes(path, article_id)
            sha256 = hashlib.sha256(data).hexdigest()
            if indexed.get(article_id) == sha256 and article_id not in unfinished:
                run.unchanged.append(article_id)
                continue
            batch.append(_prepare(data, path.suffix, article_id, sha256, passage_size))
        except ArticleError as error:
            run.failed.append(Failure(article_id, str(error)))
            continue
        (run.updated if article_id in known else run.added).append(article_id)
        if sum(len(item.passages) for item in batch) >= BATCH:
            _write(index, embedder, batch, known | unfinished, run)
            batch = []
    if batch:
        _write(index, embedder, batch, known | unfinished, run)
    version = _corpus_version(index)
    index.catalog.set_meta(corpus_version=version)
    run.report()
    return SyncReport(
        added=tuple(run.added),
        updated=tuple(run.updated),
        removed=tuple(i for i in gone if i in known),
        unchanged=tuple(run.unchanged),
        failed=tuple(run.failed),
        elapsed_ms=round((time.monotonic() - started) * 1000),
        corpus_version=version,
    )


def embed(embedder: Embedder, items: Sequence[IndexedArticle]) -> NDArray[np.float32]:
    """One vector of length 1 for each passage: its own, leaning a little towards its article's title.

    A passage may say "he" where only the title says who. Adding the title's vector keeps more of the
    passage's own meaning than writing the title in front of it: see "What is embedded" in
    benchmarks/README.md.
    """
    texts = [item.article.text[start:end] for item in items for start, end in item.passages]
    vectors = embedder.embed_documents([item.article.title for item in items] + texts)
    titles = np.repeat(vectors[: len(items)], [len(item.passages) for item in items], axis=0)
    leaning = vectors[len(items) :] + TITLE_WEIGHT * titles
    unit: NDArray[np.float32] = leaning / np.linalg.norm(leaning, axis=1, keepdims=True)
    return unit


@dataclass
class _Run:
    """The running totals of one sync."""

    total: int
    started: float
    progress: Progress | None
    articles: int = 0
    passages: int = 0
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)

    def report(self) -> None:
        if self.progress is None:
            return
        elapsed = max(time.monotonic() - self.started, 1e-6)
        worked = self.articles - len(self.unchanged)
        left = (self.total - self.articles) * elapsed / worked if worked and self.passages else None
        self.progress(SyncProgress(self.articles, self.total, self.passages, self.passages / elapsed, left))


def _prepare(data: bytes, suffix: str, article_id: str, sha256: str, passage_size: int) -> IndexedArticle:
    article = parse_article(data, suffix, article_id)
    sentences = sentence_spans(article.text, article.language)
    return IndexedArticle(article, sha256, sentences, passage_spans(article.text, sentences, passage_size))


def _write(index: Index, embedder: Embedder, batch: list[IndexedArticle], stored: set[str], run: _Run) -> None:
    vectors = embed(embedder, batch)
    index.write(batch, vectors, replaced=[i.article.id for i in batch if i.article.id in stored])
    run.passages += len(vectors)
    run.report()


def _corpus_version(index: Index) -> str:
    digest = hashlib.sha256()
    for article_id, sha256 in sorted(index.catalog.hashes().items()):
        digest.update(f"{article_id}\0{sha256}\n".encode())
    return digest.hexdigest()[:12]
