"""Letters of Word's symbol fonts as the signs that they show: "-" in Symbol is a minus, "m" a micro sign."""

from __future__ import annotations

import re

__all__ = ["is_symbol_font", "shown", "shown_sign"]

# Adobe's Symbol encoding, from 0x20 and from 0xA0.
_SYMBOL = dict(
    zip(
        [*range(0x20, 0x7F), *range(0xA0, 0xFF)],
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪�〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        strict=True,
    )
)


def _from(first: int, signs: str) -> dict[int, str]:
    return dict(enumerate(signs, first))


_WINGDINGS = {
    **_from(0x20, " ✏✂✁"),
    **_from(0x3E, "✇✍✎✌👌👍👎☜☞☝☟✋☺😐☹💣☠"),
    **_from(0x51, "✈☼💧❄✝✞✝✠✡☪☯ॐ☸♈♉♊♋♌♍♎♏♐♑♒♓&&●❍■□□❑❒⬧⧫◆❖⬥⌧⮹⌘"),
    **_from(0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    **_from(0x9E, "·•▪○○○◉◎○▪◻"),
    **_from(0xAA, "✦★✶✴✹✵"),
    **_from(0xD5, "⌫⌦"),
    **_from(0xD8, "➢"),
    **_from(0xDF, "←→↑↓↖↗↙↘←→↑↓↖↗↙↘⇦⇨⇧⇩⬄⇳"),
    **_from(0xFB, "✗✔☒☑"),
}
_WINGDINGS_2 = {**_from(0x4F, "✗✓☒☑☒☒"), **_from(0x97, "●"), **_from(0xA2, "■□")}
_WINGDINGS_3 = {**_from(0x66, "←→↑↓↖↗↙↘"), **_from(0x7D, "▶"), **_from(0x84, "▶")}
_FONTS: dict[str, dict[int, str]] = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
}
_UNKNOWN = "\ufffd"
_OF_A_FONT = re.compile("[\uf020-\uf0ff]")  # where Word keeps letters of a symbol font


def is_symbol_font(font: str) -> bool:
    """Whether the letters of a font are other signs than they are called."""
    return _name(font) in _FONTS


def shown(text: str, font: str = "") -> str:
    """What a text shows that is set in that font; in any other, Word's own letters for symbols show Symbol's.

    A sign that no table has becomes U+FFFD, so that it is seen that something stands there.
    """
    if is_symbol_font(font):
        return "".join(c if c.isspace() or "\xff" < c < "\uf000" else shown_sign(ord(c), font) for c in text)
    return _OF_A_FONT.sub(lambda found: shown_sign(ord(found[0]), "symbol"), text)


def shown_sign(code: int, font: str) -> str:
    """The sign that a character's number shows in that font."""
    signs = _FONTS.get(_name(font))
    if signs is not None:
        return signs.get(code & 0xFF, _UNKNOWN)
    is_private = 0xE000 <= code <= 0xF8FF
    return _UNKNOWN if is_private or not 0x20 <= code <= 0x10FFFF else chr(code)


def _name(font: str) -> str:
    return font.strip(" \"'").lower()
