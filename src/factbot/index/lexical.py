"""The passages' words: BM25 over titles and texts in a tantivy index on disk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from factbot.errors import CorpusIndexError, first_line
from factbot.text.variants import Words, variants

__all__ = ["LexicalIndex"]

ANALYZER = "factbot_en"
TITLE_WEIGHT = 0.5  # a title's words say what every passage of the article is about
MAX_TERMS = 64  # of a question; the rest of a pasted page takes time and finds nothing better
HEAP_BYTES = 64_000_000
FIELDS = ("text", "title")
PART = 3  # letters of a part of a word that may be written as two: "waste water"
_QUERY_WORD = re.compile(r"\d+(?:[,.\u00a0\u202f\u2009]\d{3})+(?!\w)|\w+(?:[-‐‑]\w+)*")


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

    def add(self, rows: Iterable[tuple[str, str, str, str]]) -> None:
        """Add passages as (id, article id, title, text)."""
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
            return int(json.loads((self._folder / "meta.json").read_text(encoding="utf-8"))["opstamp"])

    def search(self, question: str, k: int) -> list[tuple[str, float]]:
        """The k best passages as (id, BM25 score), best first; empty where no word is known.

        A word counts as found where one of its `variants` stands.
        """
        from tantivy import Occur, Query

        with self._errors():
            self._refresh()
            words = _QUERY_WORD.findall(question)
            joined = (first + second for first, second in pairwise(words) if min(len(first), len(second)) >= PART)
            ways = dict.fromkeys(filter(None, [*map(self._ways, words), *map(self._whole, joined)]))
            if not ways:
                return []
            clauses = []
            for alternatives in list(ways)[:MAX_TERMS]:
                clauses.append((Occur.Should, self._any_of("text", alternatives)))
                title = self._any_of("title", alternatives)
                clauses.append((Occur.Should, Query.boost_query(title, TITLE_WEIGHT)))
            return self._best(Query.boolean_query(clauses), k)

    def terms(self, words: str) -> Words:
        """The words as they are looked up: folded, stemmed, without stop words."""
        return tuple(self._analyzer.analyze(words))

    def holds(self, term: str) -> bool:
        """Whether any passage, or its title, has a term that `terms` gave."""
        with self._errors():
            return self._is_there((term,))

    def knows(self, word: str) -> bool:
        """Whether `search` finds anything for a word, written as it is or in another way."""
        with self._errors():
            self._refresh()
            own, *others = self._ways(word) or ((),)
            return bool(others) or self._is_there(own)

    def holding(self, term: str, others: Sequence[str], k: int) -> list[str]:
        """The ids of the k passages with a term, by text or title, that have most of the `others`; best first."""
        from tantivy import Occur, Query

        with self._errors():
            has_it = Query.const_score_query(
                Query.boolean_query([(Occur.Should, self._term(field, term)) for field in FIELDS]), 0.0
            )
            beside = [(Occur.Should, Query.const_score_query(self._term("text", other), 1.0)) for other in others]
            return [found for found, _ in self._best(Query.boolean_query([(Occur.Must, has_it), *beside]), k)]

    def _ways(self, word: str) -> tuple[Words, ...]:
        """A word as it is looked up, and its other ways that stand in the index."""
        found = (self.terms(word), *map(self.terms, map(" ".join, variants(word))))
        own, *others = dict.fromkeys(found)
        if not own:
            return ()
        known = tuple(terms for terms in others if terms and self._is_there(terms))
        return (own, *(known if known or self._is_there(own) else self._parts(word)))

    def _whole(self, word: str) -> tuple[Words, ...]:
        """What two words are as one: "waste water" as "wastewater"; empty where the index does not hold it."""
        terms = self.terms(word)
        return (terms,) if len(terms) == 1 and self._is_there(terms) else ()

    def _parts(self, word: str) -> tuple[Words, ...]:
        """What one word is as two; empty where the index does not hold them."""
        least = 1 if word.startswith("e") else 2  # "e-mail", "co-operate"
        places = range(least, len(word) - PART + 1) if word.isalpha() else ()
        split = (self.terms(f"{word[:at]} {word[at:]}") for at in places)
        return tuple(terms for terms in split if len(terms) > 1 and self._is_there(terms))

    def _is_there(self, terms: Words) -> bool:
        searcher = self._index.searcher()
        return all(any(searcher.doc_freq(field, term) for field in FIELDS) for term in terms)

    def _any_of(self, field: str, alternatives: Sequence[Words]) -> Any:
        """A query for a field that holds a word in the best of several ways."""
        from tantivy import Occur, Query

        own, *others = alternatives
        # The parts of "e-mail" count one by one as they always did, those of another way only together.
        first = [self._term(field, term) for term in own]
        ways = first if len(own) == 1 else [Query.boolean_query([(Occur.Should, part) for part in first])]
        for terms in others:
            ways.append(Query.boolean_query([(Occur.Must, self._term(field, term)) for term in terms]))
        return ways[0] if len(ways) == 1 else Query.disjunction_max_query(ways)

    def _term(self, field: str, term: str) -> Any:
        from tantivy import Query

        return Query.term_query(self._schema, field, term)

    def _best(self, query: Any, k: int) -> list[tuple[str, float]]:
        searcher = self._index.searcher()
        hits = searcher.search(query, k, count=False).hits
        return [(searcher.doc(address)["id"][0], score) for score, address in hits]

    def _refresh(self) -> None:
        if self._read_only:
            self._index.reload()

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
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # a panic in tantivy's Rust core is no Exception
            raise CorpusIndexError(
                f"The word index in {self._folder} cannot be used ({first_line(error)}); "
                "free disk space where it is full, else run `factbot sync --rebuild`."
            ) from error
