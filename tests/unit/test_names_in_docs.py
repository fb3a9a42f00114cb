"""Each path and each `factbot.x.y` that a document names exists."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.support import ROOT

PAST = {"CHANGELOG.md"}  # names what was there once
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/**/*.md", "training/**/*.md")
    for path in ROOT.glob(pattern)
    if path.name not in PAST and "results" not in path.parts
)
CODE = re.compile(r"`([^`\n]+)`")
DOTTED = re.compile(r"(?<![\w./@-])factbot(?:\.[A-Za-z_]\w*)+(?![\w/])")
FILE = re.compile(r"(?<![\w./*-])((?:[\w.-]+/)*[\w-]+\.(?:py|json|jsonl|txt|onnx|md)|(?:[\w.-]+/)+)(?![\w/*])")
PACKAGE = ROOT / "src" / "factbot"
TOP = ("src", "tests", "docs", "benchmarks", "training", "corpus")
FOLDERS = {*TOP, *(path.name for path in PACKAGE.iterdir() if path.is_dir()), "reranker"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_the_modules_that_a_document_names_exist(path: Path) -> None:
    for name in set(DOTTED.findall(path.read_text(encoding="utf-8"))) - {"factbot.toml"}:
        assert is_there(name), f"{named(path)} names {name}, which is not there"


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_the_files_that_a_document_names_exist(path: Path) -> None:
    for code in CODE.findall(path.read_text(encoding="utf-8")):
        for name in FILE.findall(code):
            if not is_of_the_project(name):
                continue
            places = (ROOT, path.parent, PACKAGE, PACKAGE / "models")
            found = any((place / name).exists() for place in places) or ("/" not in name and name in files())
            assert found, f"{named(path)} names {name}, which is not there"


def is_of_the_project(name: str) -> bool:
    """A module, or a path that begins in a folder of the project; `story.html` and the like are a reader's own."""
    return name.endswith(".py") or ("/" in name and name.partition("/")[0] in FOLDERS)


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@cache
def files() -> frozenset[str]:
    """The names of all modules of the project."""
    return frozenset(path.name for top in TOP for path in (ROOT / top).rglob("*.py"))
