"""The words that the packaged models know as one piece: some thirty thousand common English words and names."""

from __future__ import annotations

from functools import cache
from typing import Any

from factbot.models.inference import TOKENIZER
from factbot.text.tokens import word_set

__all__ = ["is_common"]

ENDINGS = word_set("s es ed ing ly er ers ness less able ment ments")
AFTER_E = word_set("d r rs")
LEAST = 4  # letters of a word before such an ending


def is_common(word: str) -> bool:
    """Whether a word without white space is a common one, or one with a usual ending."""
    first, *rest = _tokenizer().encode(word.lower(), add_special_tokens=False).tokens or ["[UNK]"]
    if not rest:
        return bool(first != "[UNK]")
    ending = "".join(rest).removeprefix("##")
    return len(first) >= LEAST and (ending in ENDINGS or (ending in AFTER_E and first.endswith("e")))


@cache
def _tokenizer() -> Any:  # tokenizers ships no types
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_padding()
    return tokenizer
