"""The passages' words: BM25 over titles and texts in a tantivy index on disk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from factbot.errors import CorpusIndexError, first_line
from factbot.index.steady import EXACT_UP_TO, are_equal, best_first

__all__ = ["LexicalIndex", "Row"]

Row = tuple[str, str, str, str]  # of a passage: id, article id, title, text

ANALYZER = "factbot_en"
TITLE_WEIGHT = 0.5  # a title's words say what every passage of the article is about
MAX_TERMS = 64  # of a question; the rest of a pasted page takes time and finds nothing better
HEAP_BYTES = 64_000_000
MAX_DELETED = 0.1  # as many deleted passages as a tenth of the others may stay, in an index that is not small


class LexicalIndex:
    """BM25 with English stemming and stop words; other languages match word by word.

    Additions and deletions become visible, and durable, together at `commit()`. Every method raises
    CorpusIndexError where the index cannot be used. A `read_only` one sees what another process commits.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self._folder = folder
        self._read_only = read_only
        self._writer: Any = None
        with self._errors():
            self._open()

    def _open(self) -> None:
        import tantivy

        self._folder.mkdir(parents=True, exist_ok=True)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("article_id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("title", tokenizer_name=ANALYZER, index_option="freq")
        builder.add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(self._folder))
        self._index.register_tokenizer(ANALYZER, self._analyzer)

    @cached_property
    def _analyzer(self) -> Any:
        from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

        builder = TextAnalyzerBuilder(Tokenizer.simple())
        for step in (
            Filter.remove_long(60),
            Filter.lowercase(),
            Filter.ascii_fold(),
            Filter.stopword("english"),
            Filter.stemmer("english"),
        ):
            builder = builder.filter(step)
        return builder.build()

    def add(self, rows: Iterable[Row]) -> None:
        """Add passages."""
        import tantivy

        with self._errors():
            writer = self._open_writer()
            for passage_id, article_id, title, text in rows:
                document = tantivy.Document(id=passage_id, article_id=article_id, title=title, text=text)
                writer.add_document(document)

    def delete_articles(self, article_ids: Sequence[str]) -> None:
        with self._errors():
            writer = self._open_writer()
            for article_id in article_ids:
                writer.delete_documents_by_term("article_id", article_id)

    def is_worth_rewriting(self, leaving: int) -> bool:
        """Whether to `replace_all` rather than to delete `leaving` passages.

        tantivy counts deleted passages in its statistics until it merges them away, which it does at times of its
        own: rare words would seem more common than they are. Written anew, a small index never has any, and a
        large one few, at the cost of ten passages written for each that is deleted.
        """
        with self._errors():
            written = sum(segment["max_doc"] for segment in self._meta()["segments"])
            left = self.count() - leaving
            return left <= EXACT_UP_TO or written - left > MAX_DELETED * left

    def replace_all(self, rows: Iterable[Row]) -> None:
        """Put these passages in the place of all others; where that fails, all stays as it was committed."""
        from tantivy import Query

        try:
            with self._errors():
                self._open_writer().delete_documents_by_query(Query.all_query())
            self.add(rows)
        except BaseException:
            with self._errors():
                self._open_writer().rollback()
            raise

    def commit(self) -> int:
        """Make durable what was added and deleted since the last commit, and give this one's number."""
        with self._errors():
            if self._writer is not None:
                self._writer.commit()
                self._index.reload()
        return self.last_commit()

    def last_commit(self) -> int:
        """A number that grows from commit to commit; tantivy calls it the opstamp."""
        with self._errors():
            return int(self._meta()["opstamp"])

    def _meta(self) -> dict[str, Any]:
        meta: dict[str, Any] = json.loads((self._folder / "meta.json").read_text(encoding="utf-8"))
        return meta

    def search(self, question: str, k: int) -> list[tuple[str, float]]:
        """The k best passages as (id, BM25 score), best first and equals by id; empty where no word is known."""
        from tantivy import Occur, Query

        with self._errors():
            terms = list(dict.fromkeys(self._analyzer.analyze(question)))[:MAX_TERMS]
            if not terms:
                return []
            clauses = []
            for term in terms:
                clauses.append((Occur.Should, Query.term_query(self._schema, "text", term)))
                title = Query.term_query(self._schema, "title", term)
                clauses.append((Occur.Should, Query.boost_query(title, TITLE_WEIGHT)))
            if self._read_only:
                self._index.reload()
            searcher = self._index.searcher()
            query = Query.boolean_query(clauses)
            for limit in (k + 1, max(k + 1, EXACT_UP_TO)):  # wider where equals of the last may have been left out
                hits = searcher.search(query, limit, count=False).hits
                if len(hits) < limit or not are_equal(hits[k - 1][0], hits[-1][0]):
                    break
            return best_first((searcher.doc(address)["id"][0], score) for score, address in hits)[:k]

    def count(self) -> int:
        with self._errors():
            return int(self._index.searcher().num_docs)

    def ids(self) -> Iterator[tuple[str, str]]:
        """Every (passage id, article id) that is stored."""
        from tantivy import Query

        with self._errors():
            searcher = self._index.searcher()
            hits = searcher.search(Query.all_query(), max(1, searcher.num_docs), count=False).hits
            for _, address in hits:
                document = searcher.doc(address)
                yield document["id"][0], document["article_id"][0]

    def close(self) -> None:
        if self._writer is not None:
            with self._errors():
                self._writer.wait_merging_threads()
            self._writer = None

    def _open_writer(self) -> Any:
        if self._writer is None:
            self._writer = self._index.writer(HEAP_BYTES, 1)
        return self._writer

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (KeyboardInterrupt, SystemExit, GeneratorExit, CorpusIndexError):
            raise
        except BaseException as error:  # a panic in tantivy's Rust core is no Exception
            raise CorpusIndexError(
                f"The word index in {self._folder} cannot be used ({first_line(error)}); "
                "free disk space where it is full, else run `factbot sync --rebuild`."
            ) from error
