"""Which kinds of files a report can become, and how it is written: whole or not at all, and over no other file."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from factbot.corpus.atomic_files import write_whole
from factbot.errors import FactbotError, UsageError
from factbot.reports.document import Document

__all__ = ["KINDS", "refuse_unwritable", "render", "write_report"]

# What makes each kind, by suffix: loaded only when it is asked for.
KINDS = {
    ".html": ("html", "as_html"),
    ".md": ("markdown", "as_markdown"),
    ".docx": ("docx", "as_docx"),
    ".json": ("data", "as_json"),
    ".jsonld": ("data", "as_claim_review"),
    ".zip": ("bundle", "as_bundle"),
}


def render(document: Document, kind: str) -> bytes:
    """The file that a report becomes; `kind` is one of KINDS."""
    module, name = KINDS[kind]
    make: Callable[[Document], bytes] = getattr(import_module(f"factbot.reports.{module}"), name)
    return make(document)


def write_report(document: Document, path: Path) -> None:
    """Write a report as what the suffix of `path` says.

    Raises UsageError as `refuse_unwritable` does, FactbotError where it cannot be written; then nothing is left
    behind.
    """
    refuse_unwritable(path)
    data = render(document, path.suffix.lower())
    refuse_unwritable(path)  # again: somebody may have put a file there
    try:
        write_whole(path, data)
    except OSError as error:
        raise FactbotError(
            f"The report {path} cannot be written ({error.strerror}); name another file with --report."
        ) from error


def refuse_unwritable(path: Path) -> None:
    """Raise UsageError where no report can be written: another suffix, no such folder, or a file that is there."""
    if path.suffix.lower() not in KINDS:
        *others, last = KINDS
        name = path.name or "this one"
        raise UsageError(f"A report is a file whose name ends in {', '.join(others)} or {last}; {name} does not.")
    if not path.parent.is_dir():
        raise UsageError(f"The folder {path.parent} for the report is not there; make it, or name another.")
    if path.exists() or path.is_symlink():
        raise UsageError(f"The report {path} is there already; name another file, or remove it first.")
