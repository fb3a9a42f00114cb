"""Every module and every test has its room."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "src" / "factbot"
TESTS = ROOT / "tests"
ROOMS = sorted(path.parent for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def layers() -> list[str]:
    """The modules and rooms that the contract in pyproject.toml puts in order."""
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [module.strip("() ") for layer in contract["layers"] for module in layer.replace("|", ":").split(":")]


def test_every_module_lies_under_a_layer() -> None:
    known = layers()
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        if module in {"factbot", "factbot.__main__"}:  # nothing but what they lead to
            continue
        assert any(module == layer or module.startswith(f"{layer}.") for layer in known), f"{module} has no layer"


def test_factbot_has_few_modules_outside_its_rooms() -> None:
    assert len([path for path in PACKAGE.glob("*.py") if path.name != "__init__.py"]) <= 8


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_a_room_is_small_and_says_what_it_is_for(room: Path) -> None:
    assert len([path for path in room.glob("*.py") if path.name != "__init__.py"]) <= 12
    says = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    assert says and says.endswith(".") and len(says.split(". ")) == 1, "one sentence says what the room is for"


def test_no_module_is_longer_than_400_lines() -> None:
    long = [named(path) for path in PACKAGE.rglob("*.py") if len(path.read_text("utf-8").splitlines()) > 400]
    assert long == []


def test_unit_tests_have_the_rooms_of_the_source() -> None:
    for folder in {path.parent for path in (TESTS / "unit").rglob("test_*.py")} - {TESTS / "unit"}:
        assert folder.relative_to(TESTS / "unit") in {room.relative_to(PACKAGE) for room in ROOMS}, named(folder)


def test_no_test_imports_another() -> None:
    shared = ("tests.support", "tests.fuzz.promises", "tests.fuzz.requests")
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                assert not module.startswith("test") or module.startswith(shared), (
                    f"{named(path)} imports {module}"
                )
                assert "conftest" not in module, f"{named(path)} imports {module}"
