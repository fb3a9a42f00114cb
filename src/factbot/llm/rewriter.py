"""A follow-up as a question that stands on its own, where a language model's words add nothing of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from factbot.llm.budget import Spending
from factbot.llm.fence import Fence, visible
from factbot.llm.model import LanguageModel, Prompt, fields
from factbot.text.normalise import single_spaced
from factbot.text.words import long_words, names_and_numbers

__all__ = ["Rewriter"]

REMEMBERED = 4  # earlier questions
LONGEST_QUESTION = 300  # characters
KEPT = 0.5  # share of the follow-up's own words, at least, that the new question has to hold
RULES = """You rewrite a follow-up question so that it can be understood without the questions before it.
- Put names from the earlier questions in the place of "he", "it", "there" and the like.
- Ask the same thing. Add nothing, answer nothing, and keep the language.
{fence}"""
SCHEMA = fields("Question", "The follow-up as a question that stands on its own.", question={"type": "string"})


@dataclass(frozen=True)
class Rewriter:
    """Follow-ups to questions."""

    model: LanguageModel

    def rewrite(self, question: str, history: Sequence[str], spending: Spending) -> str | None:
        """The question in full; None where the model's words do not hold: the rules then have to do.

        Raises LanguageModelError.
        """
        earlier = list(history[-REMEMBERED:])
        fence = Fence(question, *earlier)
        text = "\n".join(
            [*(fence.around("Earlier question", line) for line in earlier), fence.around("Follow-up", question)]
        )
        output = self.model.call("rewrite", Prompt(RULES.format(fence=fence.rule), text, SCHEMA), spending)
        made = single_spaced(visible(str(output.get("question", ""))))
        return made if _says_the_same(made, question, earlier) else None


def _says_the_same(made: str, question: str, history: Sequence[str]) -> bool:
    """Whether the new question holds the follow-up's words, and no name or number that nobody has mentioned."""
    if not 0 < len(made) <= LONGEST_QUESTION or not made.endswith("?"):
        return False
    said = " ".join([question, *history]).casefold()
    if any(name.casefold() not in said for name in names_and_numbers(made)):
        return False
    own = long_words(question)
    return len(own & long_words(made)) >= KEPT * len(own)
