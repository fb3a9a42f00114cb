"""The claims of sentences in a language model's words: one fact each, complete, with words to search for.

A statement is kept where it follows from its sentence and those before it, by the verifier and by its numbers,
dates and names; a sentence whose statements leave a part of it out is checked as it stands instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from factbot.checking.claims import Claim
from factbot.checking.facts.compare import compare, find_facts
from factbot.checking.verifier import SUPPORTED, Verifier
from factbot.llm.budget import Spending
from factbot.llm.fence import Fence, visible
from factbot.llm.model import LanguageModel, Output, Prompt, fields
from factbot.text.normalise import single_spaced
from factbot.text.words import long_words

__all__ = ["Decomposer"]

AT_ONCE = 6  # sentences in a call
CONTEXT = 2  # sentences before, from which a pronoun can be resolved
STATEMENTS = 3  # of a sentence, at most
FOLLOWS = 0.7  # the probability from which a statement follows from its sentence
COVERED = 0.75  # share of a sentence's words that its statements hold together, at least
LONGEST_SEARCH = 200  # characters
RULES = """You prepare sentences of a text to be checked against a newsroom's articles.
For each numbered sentence write the statements that it makes:
- each says one thing, in a full sentence that can be understood alone, with names in the place of pronouns;
- together they say all that the sentence says; a sentence that says one thing gives one statement;
- they say nothing that the sentence does not say, and are neither corrected nor judged.
For each statement write a few words to search the articles for.
{fence}"""


@dataclass(frozen=True)
class Decomposer:
    """Claims to claims."""

    model: LanguageModel
    verifier: Verifier

    def decompose(
        self, claims: Sequence[Claim], spending: Spending, before: str = ""
    ) -> Iterator[tuple[int, list[Claim]]]:
        """(how many claims are done, what the last few of them became), each claim in full or in parts.

        Those that are left out stay as they are. `before` is what was said before the text. Raises
        LanguageModelError.
        """
        earlier, done = [before], 0
        while done < len(claims):
            some: list[Claim] = []
            for claim in claims[done:]:
                if sum(not c.left_out for c in some) == AT_ONCE:
                    break
                some.append(claim)
            done += len(some)
            yield done, self._decomposed(some, earlier[-CONTEXT:], spending)
            earlier += [claim.standalone for claim in some if not claim.left_out]

    def _decomposed(self, claims: Sequence[Claim], earlier: Sequence[str], spending: Spending) -> list[Claim]:
        checked = [claim for claim in claims if not claim.left_out]
        statements = iter(self._statements(checked, earlier, spending) if checked else ())
        return [part for claim in claims for part in (not claim.left_out and next(statements)) or [claim]]

    def _statements(
        self, claims: Sequence[Claim], earlier: Sequence[str], spending: Spending
    ) -> list[list[Claim]]:
        """For each claim the claims that it makes, as the model words them; none where they do not hold."""
        output = self.model.call("split", _prompt(claims, earlier), spending)
        found: list[list[Claim]] = []
        context = [line for line in earlier if line]
        for number, claim in enumerate(claims, 1):
            said = " ".join([*context[-CONTEXT:], claim.standalone])
            made = [
                replace(claim, standalone=statement, queries=(search,) if search else ())
                for statement, search in _read(output, number)
                if self._follows(statement, said) and _is_of(statement, claim.text, context)
            ]
            found.append(made if _is_whole(made, claim.standalone) else [])
            context.append(claim.standalone)
        return found

    def _follows(self, statement: str, said: str) -> bool:
        compared = compare(statement, said)
        if compared.mismatches or compared.missing:
            return False
        if long_words(statement) <= long_words(said) and "not" not in statement:
            return self._supported(statement, said) >= FOLLOWS / 2  # nothing but its words
        return self._supported(statement, said) >= FOLLOWS

    def _supported(self, statement: str, said: str) -> float:
        return float(self.verifier.scores([(statement, said)])[0][SUPPORTED])


def _is_of(statement: str, sentence: str, context: Sequence[str]) -> bool:
    """Whether a statement says something of its own sentence, and not only of those before it."""
    said, earlier = long_words(sentence), long_words(" ".join(context))
    return not (said - earlier or said).isdisjoint(long_words(statement))


def _prompt(claims: Sequence[Claim], earlier: Sequence[str]) -> Prompt:
    fence = Fence(*earlier, *(claim.text for claim in claims))
    parts = [fence.around("Said before", line) for line in earlier if line]
    parts += [fence.around(f"Sentence {number}", claim.standalone) for number, claim in enumerate(claims, 1)]
    statement = fields(
        sentence={"type": "integer", "enum": list(range(1, len(claims) + 1))},
        statement={"type": "string"},
        search={"type": "string"},
    )
    statements = {"type": "array", "items": statement, "maxItems": STATEMENTS * len(claims)}
    schema = fields("Statements", "The statements that the sentences make.", statements=statements)
    return Prompt(RULES.format(fence=fence.rule), "\n".join(parts), schema)


def _read(output: Output, number: int) -> list[tuple[str, str]]:
    """The statements of a sentence with what to search for, each statement once."""
    rows = output.get("statements")
    found: dict[str, str] = {}
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict) or row.get("sentence") != number or not isinstance(row.get("statement"), str):
            continue
        statement = single_spaced(visible(row["statement"]))
        search = single_spaced(visible(str(row.get("search") or "")))[:LONGEST_SEARCH]
        if any(c.isalnum() for c in statement):
            found.setdefault(statement, search if any(c.isalnum() for c in search) else "")
    return list(found.items())[:STATEMENTS]


def _is_whole(claims: Sequence[Claim], sentence: str) -> bool:
    """Whether the claims together hold every fact of the sentence and nearly all of its words."""
    if not claims:
        return False
    together = " ".join(claim.standalone for claim in claims)
    if len(find_facts(sentence)) > compare(sentence, together).agreeing:
        return False
    words = long_words(sentence)
    return len(words & long_words(together)) >= COVERED * len(words)
