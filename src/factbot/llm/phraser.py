"""What the evidence says of a claim, in a language model's words that the evidence's words bear out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from factbot.llm.budget import Spending
from factbot.llm.writer import AnswerSoFar, Writer
from factbot.results import Evidence, ExplanationPart
from factbot.retrieval.scored_span import ScoredSpan

__all__ = ["Phraser"]

SENTENCES_EXPLAINING = 2  # of an explanation, at most


@dataclass(frozen=True)
class Phraser:
    """Evidence to a sentence or two, each checked like an answer's."""

    writer: Writer

    def phrase(self, claim: str, evidence: Sequence[Evidence], spending: Spending) -> tuple[ExplanationPart, ...]:
        """What the evidence says, as parts of an explanation; none where nothing that the model writes stands.

        Raises LanguageModelError.
        """
        quotes = [
            replace(e.passage, start=e.quote_start, end=e.quote_end, text=e.quote, page=None) for e in evidence
        ]
        so_far = AnswerSoFar()
        for so_far in self.writer.write(
            f"What do the articles say about this: {claim}", quotes, evidence[0].quote, spending, "explain"
        ):
            if len(so_far.kept) == SENTENCES_EXPLAINING:
                break
        numbers = {quote.id + str(quote.start): n for n, quote in reversed(list(enumerate(quotes, 1)))}

        def number(source: ScoredSpan) -> int:
            return numbers[source.passage.id + str(source.passage.start)]

        parts: list[ExplanationPart] = []
        for kept in so_far.kept[:SENTENCES_EXPLAINING]:
            parts += [ExplanationPart("words", " ")] if parts else []
            cited = tuple(dict.fromkeys(map(number, kept.sources)))
            parts += [ExplanationPart("words", kept.text.rstrip("."), cited), ExplanationPart("words", ".")]
        return tuple(parts)
