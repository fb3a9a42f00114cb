"""What is said where there is no answer: why, and what one could do."""

from __future__ import annotations

from factbot.results import Answer
from factbot.text.words import names_and_numbers

__all__ = ["EMPTY_CORPUS", "NO_ANSWER", "OTHER_LANGUAGE", "advice"]

NO_ANSWER = "The corpus holds no answer to this."
EMPTY_CORPUS = "The corpus holds no articles yet; add some and run `factbot sync`."
OTHER_LANGUAGE = "The corpus holds no answer to this: its articles are in English, so ask in English."
NAMED = 3  # names of the question that are given as missing, at most


def advice(answer: Answer) -> str:
    """Why there is no answer, and what one could do, in a few sentences; "" where nothing more is to be said."""
    if answer.answered or answer.reason is None or not answer.nearest:
        return ""
    why = (
        "No article is about this."
        if answer.reason == "corpus_silent"
        else "What comes nearest does not answer it."
    )
    what = "Ask in other words, name the person, the place or the year, or add articles about it."
    return " ".join(filter(None, (why, _missing(answer), what)))


def _missing(answer: Answer) -> str:
    """The names of the question that none of the nearest words hold, as a sentence."""
    held = " ".join(f"{passage.title} {passage.text}" for passage in answer.nearest).casefold()
    asked = sorted(names_and_numbers(answer.question), key=answer.question.find)
    missing = [name for name in asked if name.casefold() not in held]
    return f"None of it mentions {' or '.join(missing)}." if 0 < len(missing) <= NAMED else ""
