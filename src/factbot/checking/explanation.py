"""Why a claim got its verdict, in a sentence or two made of the evidence itself."""

from __future__ import annotations

from collections.abc import Sequence

from factbot.checking.facts.compare import Comparison, Mismatch, mismatch_in_words
from factbot.checking.facts.statements.comparison import StatementComparison
from factbot.results import Evidence, ExplanationPart, Verdict
from factbot.text import normalise
from factbot.text.dates import readable_date
from factbot.text.english import ARTICLES

__all__ = ["LEANINGS", "as_opening", "as_prose", "doubt_in_words", "explain", "in_pieces", "shortened"]

LONGEST_QUOTE = 240  # characters
NEAREST = "The nearest words do not decide it"
SILENT = "The corpus says nothing about this."
LEANINGS: dict[Verdict, str] = {
    "supported": "leans towards supported",
    "refuted": "leans towards refuted",
    "conflicting": "seems to conflict",
}

Parts = tuple[ExplanationPart, ...]


def explain(
    verdict: Verdict,
    evidence: Sequence[Evidence],
    independent_sources: int,
    compared: Comparison | None = None,
    leaning: str = "",
    phrased: Parts = (),
    doubt: str = "",
    corrected: bool = False,
) -> Parts:
    """The explanation of a verdict, whose numbers count `evidence` from 1.

    `compared` are the claim's facts beside the words of the first evidence. `leaning` says where the evidence
    points ("leans towards refuted") that is not sure enough for a verdict, "" where it points nowhere. `phrased`
    says in other words what the evidence for a verdict says; without it, the evidence is quoted. `doubt` says why
    words like the claim's do not bear it out, "" where nothing speaks against them. `corrected`: the first
    evidence on the side of the verdict corrects the first on the other side, an earlier article.
    """
    if not evidence:
        return (_words(SILENT),)
    mismatch = compared.mismatches[0] if compared and compared.mismatches else None
    supporting = [n for n, e in enumerate(evidence, 1) if e.stance == "supports"]
    refuting = [n for n, e in enumerate(evidence, 1) if e.stance == "refutes"]
    if corrected and supporting and refuting and verdict in ("supported", "refuted"):
        later, before = (supporting, refuting) if verdict == "supported" else (refuting, supporting)
        return (
            *(_words("A later article corrects an earlier one: "), *_quoted_with_date(evidence, later[0])),
            *(_words(". Before: "), *_quoted_with_date(evidence, before[0]), _words(".")),
        )
    if verdict == "supported" and supporting:
        opening = _words(f"{_sources(independent_sources)} this: ")
        return (opening, *(phrased or _quoted_with_others(evidence, supporting)))
    if verdict == "refuted" and refuting:
        opening = _words("The corpus says otherwise")
        if mismatch:
            opening = _note(as_opening(mismatch_in_words(mismatch)))
        return (opening, _words(": "), *(phrased or _quoted_with_others(evidence, refuting)))
    if verdict == "conflicting" and supporting and refuting:
        return (
            *(_words("The articles disagree. For it: "), *_quoted_with_date(evidence, supporting[0])),
            *(_words(". Against it: "), *_quoted_with_date(evidence, refuting[0]), _words(".")),
        )
    if doubt:
        return (_words(f"{doubt}: "), _quoted(evidence, 1), _words("."))
    opening = _words(f"The evidence {leaning}, but not surely enough: " if leaning else f"{NEAREST}: ")
    return (opening, _quoted(evidence, 1), _words("."), *_doubts(mismatch, compared))


def doubt_in_words(statement: StatementComparison) -> str:
    """Why words like the claim's do not bear it out, as the beginning of a sentence; "" where they may."""
    if statement.standing:
        return "The article does not state this as a fact"
    if statement.speaker:
        theirs, ours = _inside(statement.speaker.evidence), _inside(statement.speaker.claim)
        return f"The article gives these words to {theirs}, not to {ours}"
    if statement.holder:
        theirs, ours = _inside(statement.holder.evidence), _inside(statement.holder.claim)
        return f"The article says this of {theirs}, not of {ours}"
    return "The article tells this in another order" if statement.order else ""


def as_opening(words: str) -> str:
    """Words with a capital, as they begin a sentence."""
    return words[:1].upper() + words[1:]


def _inside(phrase: str) -> str:
    """A phrase as it stands within a sentence: without the capital of its "the" or "his"."""
    return phrase[:1].lower() + phrase[1:] if phrase.split()[0].lower() in ARTICLES else phrase


def as_prose(parts: Sequence[ExplanationPart]) -> str:
    """An explanation as one line of text, quotes between “ and ”, numbers as [n]."""
    return "".join(text + "".join(f" [{number}]" for number in numbers) for text, numbers in in_pieces(parts))


def in_pieces(parts: Sequence[ExplanationPart]) -> list[tuple[str, tuple[int, ...]]]:
    """An explanation as pieces of text, quotes between “ and ”, each with the numbers of evidence after it."""
    pieces: list[tuple[str, tuple[int, ...]]] = []
    text = ""
    for part in parts:
        words = f"“{part.text}”" if part.kind == "quote" else part.text
        text += f" {words}" if part.kind == "note" and (text or pieces) else words
        if part.numbers:
            pieces.append((text, part.numbers))
            text = ""
    return [*pieces, (text, ())] if text else pieces


def shortened(quote: str) -> str:
    """A quote as an explanation gives it: on one line, without its last full stop, cut where it is long."""
    return normalise.shortened(quote, LONGEST_QUOTE).rstrip(".")


def _doubts(mismatch: Mismatch | None, compared: Comparison | None) -> Parts:
    """What the nearest words say otherwise, or do not mention."""
    if mismatch:
        return (_note(f"Note that {mismatch_in_words(mismatch)}."),)
    if compared and compared.missing:
        return (_note(f"They do not mention {', '.join(fact.text for fact in compared.missing[:3])}."),)
    return ()


def _sources(number: int) -> str:
    return "One source supports" if number == 1 else f"{number} independent sources support"


def _quoted_with_others(evidence: Sequence[Evidence], numbers: Sequence[int]) -> Parts:
    first, *others = numbers
    also = (_words("; also", tuple(others)),) if others else ()
    return (_quoted(evidence, first), *also, _words("."))


def _quoted_with_date(evidence: Sequence[Evidence], number: int) -> Parts:
    day = evidence[number - 1].passage.date
    return (_quoted(evidence, number), *((_words(f" ({readable_date(day)})"),) if day else ()))


def _quoted(evidence: Sequence[Evidence], number: int) -> ExplanationPart:
    return ExplanationPart("quote", shortened(evidence[number - 1].quote), (number,))


def _words(text: str, numbers: tuple[int, ...] = ()) -> ExplanationPart:
    return ExplanationPart("words", text, numbers)


def _note(text: str) -> ExplanationPart:
    return ExplanationPart("note", text)
