"""`report`: README.md's tables and plots, and the printed answers, made from the figures in `results/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.paths import README, RESULTS
from benchmarks.report import answers, checks, lexical, llm, scale
from benchmarks.report.cells import between_marks, table

__all__ = ["filled", "run", "tables"]

PRINTED = RESULTS / "answers-of-language-models.md"
MISSING = "Not measured yet."


def run() -> None:
    """Write README.md's tables, the printed answers, and the plots whose figures are there."""
    from benchmarks.report import plots  # here: `make docs` writes the tables without matplotlib

    for path, text in filled().items():
        path.write_text(text, encoding="utf-8")
    plots.draw_all()


def filled() -> dict[Path, str]:
    """The text of each file of the report as the figures in `results/` make it, without the plots."""
    text = README.read_text(encoding="utf-8")
    for name, made in tables().items():
        text = between_marks(text, name, made)
    return {README: text, PRINTED: llm.printed()}


def tables() -> dict[str, str]:
    """Markdown by the name of its place in README.md."""
    made = {
        "targets": _targets,
        **answers.TABLES,
        **checks.TABLES,
        **llm.TABLES,
        **scale.TABLES,
        **lexical.TABLES,
        "machine": _machine,
    }
    return {name: make() or MISSING for name, make in made.items()}


def _targets() -> str:
    """What was set out to be reached, and whether it is."""
    rows = [row for part in (answers, scale, checks, llm) for row in part.targets()]
    return table([["what", "to reach", "reached", "met"], *rows]) if rows else ""


def _machine() -> str:
    """The processors with the parts that ran on them, and what else was there, as the last of these tells it."""
    parts: dict[str, list[str]] = {}
    machine: dict[str, Any] = {}
    versions: dict[str, str] = {}
    for path in sorted(RESULTS.glob("*.json")):
        machine = results.load(path.stem).get("machine", machine)
        versions |= machine.get("packages", {})
        if machine:
            parts.setdefault(machine["cpu"], []).append(f"`{path.stem}`")
    if not machine:
        return ""
    processors = "; ".join(f"{cpu} ({', '.join(found)})" for cpu, found in parts.items())
    packages = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"{processors}: {machine['cores']} cores, {machine['memory_gb']} GB of memory, {machine['system']}, "
        f"Python {machine['python']}; {packages}."
    )
