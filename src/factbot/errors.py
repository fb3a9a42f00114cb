"""Every error that factbot shows to a person, as one tree.

    FactbotError                 anything below; its text is one sentence that says what to do
    ├── UsageError               called wrongly (the command line exits with 2)
    ├── ArticleError             an article cannot be read, fetched or stored (fetch.NoPageError: a server says no)
    ├── CorpusError              the corpus folder is missing, unreadable or read-only
    ├── DeskError                kept checks cannot be read or written, or there is none of that id
    ├── LanguageModelError       the language model gives no answer that can be used; factbot goes on without it
    └── CorpusIndexError         the index cannot be used
        ├── IndexLockedError     another process owns the index
        ├── IndexMismatchError   built with another embedding model or other passage settings
        └── VectorStoreError     Chroma, or the Chroma server, does not answer

Any other error that reaches a person is a bug. It is shown as one line that says how to see it and report it.
"""

__all__ = [
    "ArticleError",
    "CorpusError",
    "CorpusIndexError",
    "DeskError",
    "FactbotError",
    "IndexLockedError",
    "IndexMismatchError",
    "LanguageModelError",
    "UsageError",
    "VectorStoreError",
]


class FactbotError(Exception):
    """The base: `str(error)` is one plain sentence that says what to do."""


class UsageError(FactbotError):
    """factbot was called wrongly: an empty question, an unknown setting, a bad option."""


class ArticleError(FactbotError):
    """One article cannot be read, fetched or stored; the others are not touched."""


class CorpusError(FactbotError):
    """The corpus folder is missing, is no folder, or cannot be read or written."""


class DeskError(FactbotError):
    """Kept checks cannot be read or written, or no check has the id that is asked for."""


class LanguageModelError(FactbotError):
    """The language model is out of reach, refuses, or gives nothing that can be used; the sentence says which."""


class CorpusIndexError(FactbotError):
    """The index cannot be used; the corpus is whole and `factbot sync` can rebuild the index."""


class IndexLockedError(CorpusIndexError):
    """Another process owns the index."""


class IndexMismatchError(CorpusIndexError):
    """The index was built with another embedding model or other passage settings."""


class VectorStoreError(CorpusIndexError):
    """Chroma's files or the Chroma server cannot be used."""


def first_line(error: BaseException) -> str:
    """What another library's error says, for one of our sentences: its first line, or else its kind."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]
