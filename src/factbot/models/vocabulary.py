"""The words that the packaged models know as one piece: some thirty thousand common English words and names."""

from __future__ import annotations

from functools import cache
from typing import Any

from factbot.models.inference import TOKENIZER
from factbot.text.tokens import word_set

__all__ = ["is_common"]

ENDINGS = word_set("s es ed d ing ly er ers r rs ness less able ment ments")
LEAST = 4  # letters of a word before such an ending


def is_common(word: str) -> bool:
    """Whether a word without white space is a common one, or one with a usual ending."""
    first, *rest = _tokenizer().encode(word.lower(), add_special_tokens=False).tokens or [""]
    return first != "[UNK]" and (
        not rest or (len(first) >= LEAST and len(rest) == 1 and rest[0].removeprefix("##") in ENDINGS)
    )


@cache
def _tokenizer() -> Any:  # tokenizers ships no types
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_padding()
    return tokenizer
