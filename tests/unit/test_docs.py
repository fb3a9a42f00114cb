"""The documents: their links, commands and code work, on any machine."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from factbot.cli.main import _parser
from tests.support import ROOT

LEFT_OUT = {".venv", ".git", "corpus", "node_modules", ".factbot"}
DOCUMENTS = sorted(
    path for path in ROOT.rglob("*.md") if not LEFT_OUT & set(path.relative_to(ROOT).parts) and path.is_file()
)
MADE_BY = {"README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"}
PRIVATE = re.compile(r"(?<![\w.~-])/(?:home|root|Users|work|mnt|srv)/\w|(?<!\w)[A-Z]:\\Users\\")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def blocks(path: Path, *languages: str) -> list[str]:
    return [code for language, code in FENCE.findall(path.read_text(encoding="utf-8")) if language in languages]


def commands(path: Path) -> Iterator[str]:
    """Every line of a shell block that calls factbot, up to its pipe or comment."""
    for block in blocks(path, "", "sh", "bash", "shell", "console"):
        for line in block.replace("\\\n", " ").splitlines():
            line = line.strip().removeprefix("$ ")
            if re.match(r"factbot\s", line):
                yield re.split(r"\s(?:#|\||>|<|&&|;)\s?", line)[0]


COMMANDS = [(named(path), line) for path in DOCUMENTS for line in commands(path)]


def test_the_projects_documents_are_there() -> None:
    assert {named(path) for path in DOCUMENTS} >= MADE_BY
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("Apache License")


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(prose(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file) if file else path
        assert found.exists(), f"{named(path)} links to {target}, which is not there"
        assert found.resolve().is_relative_to(ROOT)
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found), f"{named(path)} links to {target}, a heading that is not there"


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_no_document_names_a_path_of_one_machine(path: Path) -> None:
    assert not PRIVATE.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("document", "line"), COMMANDS, ids=[line for _, line in COMMANDS])
def test_a_command_line_that_is_shown_can_be_called(document: str, line: str) -> None:
    """The parser accepts it, or stops at a word like `-h`."""
    arguments = [word for word in shlex.split(line)[1:] if word not in ("…", "...")]
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as done:
        assert done.code == 0
    else:
        assert options.command, line


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_python_that_is_shown_is_python(path: Path) -> None:
    for code in blocks(path, "python", "py"):
        ast.parse(code)


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_make_targets_that_are_named_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = path.read_text(encoding="utf-8")
    shown = re.findall(r"`make ([a-z]+)", text) + re.findall(r"^ *(?:\$ )?make ([a-z]+)", text, re.MULTILINE)
    assert set(shown) <= targets


def test_every_dependency_is_explained_in_the_architecture() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    explained = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").lower()
    for requirement in project["dependencies"]:
        name = re.split(r"[^\w.-]", requirement)[0].lower()
        if name not in ("numpy",):  # arrays: what else
            assert name in explained, f"ARCHITECTURE.md does not say why {name} is there"


def test_every_setting_is_documented() -> None:
    from dataclasses import fields

    from factbot.settings import Settings

    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for field in fields(Settings):
        assert f"`{field.name}`" in page
