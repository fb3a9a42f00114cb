"""What a question may cost in tokens, and what it has cost, stage by stage."""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import replace

from factbot.results import Usage

__all__ = ["Spending", "estimated"]

WORD = re.compile(r" ?[A-Za-z][a-z]*")  # a space before it is mostly a part of its first token
LETTERS_PER_TOKEN = 2  # English has more than four; Swahili and Welsh, of which tokenizers know less, just two

log = logging.getLogger(__name__)


class Spending:
    """A budget of tokens, in and out together, and what was spent of it."""

    def __init__(self, budget: int) -> None:
        self.left = budget
        self._stages: dict[str, Usage] = {}
        self._lock = threading.Lock()

    @property
    def usage(self) -> tuple[Usage, ...]:
        """What each stage has cost, in the order in which they began."""
        return tuple(self._stages.values())

    def add(self, stage: str, input_tokens: int, output_tokens: int, seconds: float) -> None:
        """Count one call."""
        with self._lock:
            self.left -= input_tokens + output_tokens
            so_far = self._stages.get(stage, Usage(stage, 0, 0, 0, 0.0))
            self._stages[stage] = replace(
                so_far,
                calls=so_far.calls + 1,
                input_tokens=so_far.input_tokens + input_tokens,
                output_tokens=so_far.output_tokens + output_tokens,
                seconds=round(so_far.seconds + seconds, 3),
            )
        log.info("%s: %d tokens in, %d out, %.2f s", stage, input_tokens, output_tokens, seconds)


def estimated(text: str) -> int:
    """An upper bound for a text's tokens, without its model's tokenizer; in English, about twice their number.

    One for two ASCII letters of a word, and one for each other byte: figures, marks and other scripts have nearly
    that many, and no tokenizer of bytes has more. Only letters that make no words (keys, base64) may.
    """
    words = WORD.findall(text)
    others = len(text.encode(errors="surrogatepass")) - sum(map(len, words))
    return 1 + others + sum(-(-len(word.lstrip()) // LETTERS_PER_TOKEN) for word in words)
