"""Formulas of web pages (MathML) and of Word (OMML) as one line of text, with nothing of them lost."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from factbot.corpus.formats.markup.raised import power

__all__ = ["formula_text"]

_LEFT_OUT = {"annotation", "annotation-xml", "rPr", "ctrlPr", "del"}
_WORD_TEXT = {"t", "mi", "mn", "mo", "ms", "mtext"}


def formula_text(formula: etree._Element) -> str:
    """The formula with its powers as ² or ^n, indices as _i, fractions as a/b, and roots as √(a)."""
    name = etree.QName(formula).localname
    if name in _LEFT_OUT or name.endswith("Pr"):
        return ""
    if name in _WORD_TEXT:
        return "".join(formula.itertext()) if name == "t" else "".join(formula.itertext()).strip()
    parts = _parts(formula)
    written = _WRITTEN.get(name)
    if written is None:
        return "".join(parts.values())
    ordered = [*parts.values(), "", "", ""]
    return written(formula, parts, ordered)


def _parts(formula: etree._Element) -> dict[str, str]:
    """What stands in each part, by the part's name and number."""
    children = [child for child in formula if isinstance(child.tag, str)]
    named = {f"{etree.QName(child).localname}{n}": formula_text(child) for n, child in enumerate(children)}
    return {name: text for name, text in named.items() if "Pr" not in name}


Writer = Callable[[etree._Element, dict[str, str], list[str]], str]


def _named(parts: dict[str, str], name: str) -> str:
    return next((text for key, text in parts.items() if key.rstrip("0123456789") == name), "")


def _bracketed(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() or text[0] + text[-1] == "()" else f"({text})"


def _fraction(_: etree._Element, __: dict[str, str], ordered: list[str]) -> str:
    return f"{_bracketed(ordered[0])}/{_bracketed(ordered[1])}"


def _lowered(figure: str) -> str:
    return f"_{_bracketed(figure)}" if figure else ""


def _root(formula: etree._Element, parts: dict[str, str], ordered: list[str]) -> str:
    name = etree.QName(formula).localname
    if name == "rad":
        return f"{_named(parts, 'deg')}√{_bracketed(_named(parts, 'e'))}"
    if name == "mroot":
        return f"{ordered[1]}√{_bracketed(ordered[0])}"
    return f"√{_bracketed(''.join(ordered))}"


def _sum(formula: etree._Element, parts: dict[str, str], _: list[str]) -> str:
    sign = _property(formula, "chr", "∫")
    raised = _named(parts, "sup")
    return f"{sign}{_lowered(_named(parts, 'sub'))}{power(raised) if raised else ''} {_named(parts, 'e')}"


def _fenced(formula: etree._Element, parts: dict[str, str], ordered: list[str]) -> str:
    if etree.QName(formula).localname == "mfenced":
        left, right = formula.get("open", "("), formula.get("close", ")")
    else:
        left, right = _property(formula, "begChr", "("), _property(formula, "endChr", ")")
    return f"{left}{', '.join(parts.values())}{right}"


def _property(formula: etree._Element, name: str, default: str) -> str:
    found = formula.find(f"{{*}}*/{{*}}{name}")
    values = [value for key, value in found.items() if key.endswith("val")] if found is not None else []
    return values[0] if values else default


def _rows(_: etree._Element, parts: dict[str, str], __: list[str]) -> str:
    return "; ".join(parts.values())


def _cells(_: etree._Element, parts: dict[str, str], __: list[str]) -> str:
    return ", ".join(parts.values())


def _accented(_: etree._Element, __: dict[str, str], ordered: list[str]) -> str:
    return ordered[0] + ordered[1]


_WRITTEN: dict[str, Writer] = {
    **dict.fromkeys(("f", "mfrac"), _fraction),
    **dict.fromkeys(("sSup", "msup"), lambda _, __, ordered: ordered[0] + power(ordered[1])),
    **dict.fromkeys(("sSub", "msub"), lambda _, __, ordered: ordered[0] + _lowered(ordered[1])),
    **dict.fromkeys(
        ("sSubSup", "msubsup", "munderover"),
        lambda _, __, ordered: ordered[0] + _lowered(ordered[1]) + power(ordered[2]),
    ),
    **dict.fromkeys(("limLow", "munder"), lambda _, __, ordered: ordered[0] + _lowered(ordered[1])),
    **dict.fromkeys(("mover", "limUpp"), _accented),
    **dict.fromkeys(("rad", "msqrt", "mroot"), _root),
    "nary": _sum,
    "func": lambda _, __, ordered: f"{ordered[0]} {ordered[1]}",
    **dict.fromkeys(("d", "mfenced"), _fenced),
    **dict.fromkeys(("m", "eqArr", "mtable"), _rows),
    **dict.fromkeys(("mr", "mtr"), _cells),
}
