"""Making the index equal to the corpus folder: incremental, killable at any moment, with progress."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from factbot.corpus.folder import Corpus
from factbot.corpus.formats.article import parse_article, read_bytes, under_id
from factbot.corpus.hashing import content_hash
from factbot.corpus.history import State
from factbot.errors import ArticleError
from factbot.index.catalog import IndexedArticle
from factbot.index.index import Index
from factbot.models.embedding import Embedder, unit_vectors
from factbot.results import Article, Failure, Progress, SyncProgress, SyncReport
from factbot.scheduling import Cancellation
from factbot.text.passages import passage_spans
from factbot.text.sentences import sentence_spans

__all__ = ["keep_replaced", "sync"]

BATCH = 256  # passages embedded and written together: about two seconds of work, lost at most once
AT_ONCE = 32  # texts embedded before looking whether a question waits
TITLE_WEIGHT = 0.2


def sync(
    index: Index,
    corpus: Corpus,
    embedder: Embedder,
    passage_size: int,
    progress: Progress | None = None,
    only: Collection[str] | None = None,
    *,
    cancellation: Cancellation,
    parsed: Mapping[str, Article] | None = None,
) -> SyncReport:
    """Embed what is new or changed, remove what is gone, mend what an earlier process left half done.

    `only` names the articles to look at, after they were added or removed. `parsed` holds articles that were
    parsed already, by the hash of their files' bytes: a file with these bytes is not parsed again. A file that
    cannot be read is reported in `failed`, and what was indexed of it stays. What an article said before it
    changed or went is kept in the corpus folder's history.
    Raises CorpusError or CorpusIndexError where the whole cannot go on.
    """
    index.check_settings()
    started = time.monotonic()
    found = corpus.look() if only is None else None
    files = found.files if found else {k: v for i in sorted(only or ()) for k, v in corpus.find(i).items()}
    indexed = index.catalog.hashes()
    unfinished = set(index.catalog.pending())
    if only is None and (unfinished or not index.is_even()):
        incomplete, unknown = index.incomplete_and_unknown()
        unfinished.update(incomplete, unknown, index.older_than_catalog())
    known = {*indexed, *(unfinished & index.catalog.ids())}
    if only is not None:
        known, unfinished = known & set(only), unfinished & set(only)

    left_out = list(found.left_out) if found else []
    run = _Run(total=len(files), started=started, progress=progress, failed=left_out)
    writer = _Writer(index, corpus, embedder, known | unfinished, run, cancellation)
    for article_id, path in files.items():
        if cancellation.stopped:
            break
        run.articles += 1
        try:
            data = read_bytes(path, article_id)
            sha256 = content_hash(data)
            if indexed.get(article_id) == sha256 and article_id not in unfinished:
                run.unchanged.append(article_id)
                continue
            known_article = parsed.get(sha256) if parsed else None
            article = under_id(known_article, article_id) if known_article else None
            article = article or parse_article(data, path.suffix, article_id)
        except ArticleError as error:
            run.failed.append(Failure(article_id, str(error)))
            continue
        (run.updated if article_id in known else run.added).append(article_id)
        run.notes += [f"{article_id}: {article.note}"] if article.note else []
        writer.put(_prepare(article, sha256, passage_size))
    writer.flush()
    # Removals come last, so that articles of a renamed folder can be found all the time. Also, a graph of Chroma's
    # that was emptied is slow to fill again: every search for neighbours goes through all that it ever held.
    stopped = cancellation.stopped  # read once: a later stop comes too late
    gone = [] if stopped else sorted((known | unfinished) - files.keys())
    if gone:
        run.failed += keep_history(index, corpus, gone, "withdrawn")
        none = np.empty((0, 0), np.float32)
        index.write([], none, replaced=[], removed=gone, before_each=cancellation.give_way)
    if only is None and not stopped:
        run.failed += _complete_history(index, corpus, files)
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
        stopped=stopped,
        notes=tuple(run.notes),
    )


def keep_history(index: Index, corpus: Corpus, article_ids: Iterable[str], state: State) -> list[Failure]:
    """Keep what was indexed of articles that changed or went; a failure leaves the others alone.

    Where the catalog knows nothing of an article, as after it was damaged, the corpus folder's own note tells.
    """
    failed, gone = [], []
    for article_id in article_ids:
        stored = index.catalog.article(article_id)
        if stored is not None:
            old, sha256 = stored, index.catalog.sha256(article_id)
        elif noted := corpus.history.current.of(article_id):
            old, sha256 = noted
        else:
            continue
        try:
            corpus.history.keep(old, sha256, state)
        except OSError as error:
            reason = f"The earlier text of {article_id} cannot be kept in the corpus folder ({error.strerror})"
            failed.append(Failure(article_id, f"{reason}; make the folder writable."))
        else:
            gone += [article_id] if state == "withdrawn" else []
    if gone:
        corpus.history.current.forget(gone)
    return failed


def keep_replaced(old: Index, new: Index, corpus: Corpus) -> list[Failure]:
    """Keep what the old index holds of articles that changed or went before the new one was made."""
    files, hashes = corpus.files(), new.catalog.hashes()
    differing = [i for i, sha256 in old.catalog.hashes().items() if hashes.get(i) != sha256]
    changed, gone = ([i for i in differing if (i in files) is held] for held in (True, False))
    return keep_history(old, corpus, changed, "changed") + keep_history(old, corpus, gone, "withdrawn")


def _complete_history(index: Index, corpus: Corpus, files: Collection[str]) -> list[Failure]:
    """Keep articles that went while the catalog did not know them, and note the texts that are not noted yet."""
    noted, indexed = corpus.history.current.hashes(), index.catalog.hashes()
    lacking = [i for i, sha256 in indexed.items() if noted.get(i) != sha256]
    if lacking:
        articles = ((index.catalog.article(i), indexed[i]) for i in lacking)
        corpus.history.current.put((article, sha256) for article, sha256 in articles if article)
    return keep_history(index, corpus, sorted(noted.keys() - files - indexed.keys()), "withdrawn")


def embed(
    embedder: Embedder, items: Sequence[IndexedArticle], before_each: Callable[[], None] = lambda: None
) -> NDArray[np.float32]:
    """One vector of length 1 for each passage: its own, leaning a little towards its article's title.

    A passage may say "he" where only the title says who. Adding the title's vector keeps more of the
    passage's own meaning than writing the title in front of it: see "What is embedded" in
    benchmarks/README.md. `before_each` is called before every few texts.
    """
    texts = [item.article.title for item in items]
    texts += [item.article.text[start:end] for item in items for start, end in item.passages]
    made = []
    for first in range(0, len(texts), AT_ONCE):
        before_each()
        made.append(embedder.embed_documents(texts[first : first + AT_ONCE]))
    vectors = np.concatenate(made)
    titles = np.repeat(vectors[: len(items)], [len(item.passages) for item in items], axis=0)
    return unit_vectors(vectors[len(items) :] + TITLE_WEIGHT * titles)


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
    notes: list[str] = field(default_factory=list)

    def report(self) -> None:
        if self.progress is None:
            return
        elapsed = max(time.monotonic() - self.started, 1e-6)
        worked = self.articles - len(self.unchanged)
        left = (self.total - self.articles) * elapsed / worked if worked and self.passages else None
        self.progress(SyncProgress(self.articles, self.total, self.passages, self.passages / elapsed, left))


def _prepare(article: Article, sha256: str, passage_size: int) -> IndexedArticle:
    sentences = sentence_spans(article.text, article.language)
    return IndexedArticle(article, sha256, sentences, passage_spans(article.text, sentences, passage_size))


class _Writer:
    """Collects articles, and embeds and writes them batch by batch."""

    def __init__(
        self,
        index: Index,
        corpus: Corpus,
        embedder: Embedder,
        stored: set[str],
        run: _Run,
        cancellation: Cancellation,
    ) -> None:
        self._index, self._corpus, self._embedder = index, corpus, embedder
        self._stored = stored  # articles of which the stores may hold older passages
        self._run, self._cancellation = run, cancellation
        self._batch: list[IndexedArticle] = []

    def put(self, item: IndexedArticle) -> None:
        self._batch.append(item)
        if sum(len(item.passages) for item in self._batch) >= BATCH:
            self.flush()

    def flush(self) -> None:
        if not self._batch:
            return
        vectors = embed(self._embedder, self._batch, self._cancellation.give_way)
        replaced = [item.article.id for item in self._batch if item.article.id in self._stored]
        known = self._known_hashes()
        changed = [i.article.id for i in self._batch if known.get(i.article.id, i.sha256) != i.sha256]
        self._run.failed += keep_history(self._index, self._corpus, changed, "changed")
        self._corpus.history.current.put((item.article, item.sha256) for item in self._batch)
        self._index.write(self._batch, vectors, replaced, before_each=self._cancellation.give_way)
        self._run.passages += len(vectors)
        self._run.report()
        self._batch = []

    def _known_hashes(self) -> dict[str, str]:
        """The hashes of the files whose texts were indexed last, of those of the batch that are not new."""
        catalogued = {item.article.id: self._index.catalog.sha256(item.article.id) for item in self._batch}
        lacking = [article_id for article_id, sha256 in catalogued.items() if not sha256]
        noted = self._corpus.history.current.hashes(lacking)
        return {article_id: sha256 for article_id, sha256 in (catalogued | noted).items() if sha256}


def _corpus_version(index: Index) -> str:
    digest = hashlib.sha256()
    for article_id, sha256 in sorted(index.catalog.hashes().items()):
        digest.update(f"{article_id}\0{sha256}\n".encode())
    return digest.hexdigest()[:12]
