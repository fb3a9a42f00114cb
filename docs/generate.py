"""Write the parts of the documents that come from the code and the results (`make docs`).

`python -m docs.generate --check` writes nothing: it names the documents that differ, and exits with 1 if any do.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

from benchmarks.report import readme, write
from benchmarks.report.cells import between_marks
from factbot import settings
from factbot.cli.main import _parser
from factbot.settings import Settings

__all__ = ["documents", "main"]

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "factbot"


def main() -> int:
    """Write what differs, or with `--check` only name it."""
    options = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    options.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 where a document differs"
    )
    is_check = options.parse_args().check
    stale = {path: text for path, text in documents().items() if not _is_same(path, text)}
    for path, text in stale.items():
        if not is_check:
            path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)} {'differs; run `make docs`' if is_check else 'written'}", file=sys.stderr)
    return 1 if is_check and stale else 0


def documents() -> dict[Path, str]:
    """Each generated document, as the code and the results make it today."""
    made = {
        ROOT / "README.md": {"figures": readme.figures()},
        ROOT / "ARCHITECTURE.md": {"rooms": _rooms(), "layers": _layers()},
        ROOT / "docs" / "settings.md": {"settings": _settings()},
        ROOT / "docs" / "command-line.md": {"commands": _commands()},
    }
    return {**{path: _filled(path, parts) for path, parts in made.items()}, **write.filled()}


def _filled(path: Path, parts: dict[str, str]) -> str:
    """The document with each part between its two marks."""
    text = path.read_text(encoding="utf-8")
    for name, part in parts.items():
        text = between_marks(text, name, part)
    return text


def _is_same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


# -- from the code ------------------------------------------------------------------------------------


def _rooms() -> str:
    """A row for each package and each module beside them, with the first sentence of its docstring."""
    rows = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        is_room = path.name == "__init__.py" and path.parent != PACKAGE
        if is_room or (len(place.parts) == 1 and not path.name.startswith("__")):
            name = f"{place.parent.as_posix()}/" if is_room else path.name
            rows.append(f"| `{name}` | {_first_sentence(path)} |")
    return "\n".join(["| room or module | its job |", "| --- | --- |", *rows])


def _layers() -> str:
    """The layers that `lint-imports` holds, from the top to the bottom."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    lines = [re.sub(r"factbot\.|[()]", "", layer).replace(" : ", ", ") for layer in contract["layers"]]
    return "\n".join(["```", *lines, "```"])


def _first_sentence(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return _cell(re.split(r"(?<=\.)\s", text.partition("\n\n")[0], maxsplit=1)[0])


def _settings() -> str:
    """A row for each setting; what it does is the sentence under its field."""
    (tree,) = (
        node
        for node in ast.parse(Path(settings.__file__).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == Settings.__name__
    )
    sentences = {
        field.target.id: str(text.value.value)
        for field, text in zip(tree.body, tree.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }
    rows = []
    for field in fields(Settings):
        default = "not set" if field.default in ("", Path()) else f"`{field.default}`"
        rows.append(
            f"| `{field.name}` | `FACTBOT_{field.name.upper()}` | {default} | {_cell(sentences[field.name])} |"
        )
    head = ["| name | in the environment | default | what it does |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


def _commands() -> str:
    """A section for each command: how it is called, and what each argument means."""
    (commands,) = (action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction))
    helps = {choice.dest: choice.help for choice in commands._choices_actions}
    sections = []
    for name, parser in commands.choices.items():
        # Every command has the options for the corpus, the index and JSON, which stand once above.
        own = [action for action in parser._actions if not {"-h", *COMMON} & set(action.option_strings)]
        words = " ".join(["factbot", name, *map(_called, own)])
        rows = [
            f"| `{_cell(_argument(action))}` | {_cell(str(action.help or ''))} |" for action in own if action.help
        ]
        section = [f"### {name}", "", f"    {words}", "", _sentence(str(helps[name]))]
        if rows:
            section += ["", "| argument | what it does |", "| --- | --- |", *rows]
        sections.append("\n".join(section))
    return "\n\n".join(sections)


COMMON = {"--corpus", "--index", "--json"}


def _argument(action: argparse.Action) -> str:
    """An argument as it is written: `--port PORT`, `--fix`, `QUERY`."""
    value = ""
    if action.nargs != 0:
        value = str(action.metavar or ("|".join(map(str, action.choices or ())) or action.dest.upper()))
    return " ".join(filter(None, [action.option_strings[-1] if action.option_strings else "", value]))


def _called(action: argparse.Action) -> str:
    """The same within a usage line: what may be left out stands in brackets."""
    if not action.required:
        return f"[{_argument(action)}]"
    return f"{_argument(action)}{'...' if action.nargs == '+' else ''}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
