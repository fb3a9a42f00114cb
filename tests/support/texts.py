"""Texts of every kind and language, to be cut into sentences and passages."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from factbot.text.sentences import Span

LANGUAGES = ["en", "", "de", "zh", "ja", "ar", "hi", "ru", "el", "th", "pt-BR", "zh_Hans", "English", "xx"]
PIECES = [
    *(
        "Mr. Johnson met ",
        "U.S. President ",
        "5 p.m. ET. ",
        "It cost $1.5 million. ",
        "“We won’t.” ",
        'Said. "',
        "D-N.Y. ",
    ),
    *(
        "他昨天到达莫斯科。",
        "「はい。」",
        "وصل الوزير أمس. ",
        "हम गए। ",
        "Он приехал в 2017 г. ",
        "Ποιος; ",
        "รัฐมนตรี ",
    ),
    *(
        "\n",
        "\n\n",
        " \n\t\n",
        "A\u2028.",
        "А\u00a0. ",
        "\u3000",
        "\r\n",
        "\x1f",
        "\ud800",
        "👩‍🚀! ",
        "é",
        "क्",
        "... ",
        "♦ ",
    ),
    *("word " * 150, "x" * 700, "多" * 650, "word; " * 120, "! " * 400),
]


texts = st.lists(st.sampled_from(PIECES) | st.text(st.characters(codec=None), max_size=20), max_size=25).map(
    "".join
)


def hold_all_of(spans: list[Span], text: str) -> bool:
    """Stripped, in order, apart, and together every character that is not white space."""
    whole = all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    in_order = all(first[1] <= second[0] for first, second in pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    return whole and in_order and "".join(kept.split()) == "".join(text.split())
