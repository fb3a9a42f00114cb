"""An answer in a language model's words, of which only what the passages bear out is kept.

One call writes it, limited by its schema to the numbers of the passages that it was given. Each sentence is
checked as soon as it is written, and those that do not stand are counted and left out. ALCE (Gao et al. 2023) has
the measures of it, which `python -m benchmarks llm` takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from factbot.errors import LanguageModelError
from factbot.llm.budget import Spending
from factbot.llm.fence import Fence, visible
from factbot.llm.grounding import CONTRADICTED, Grounded, Grounder
from factbot.llm.model import LanguageModel, Output, Prompt, fields
from factbot.models.cross_encoder import CrossEncoder
from factbot.results import Passage
from factbot.text.normalise import single_spaced
from factbot.text.sentences import sentence_spans

__all__ = ["AnswerSoFar", "Writer"]

SENTENCES_WRITTEN = 4  # shown of an answer, at most
SHORTEST_SENTENCE, LONGEST_SENTENCE = 12, 320  # characters of a sentence: a small model finds no end by itself
WRITTEN_MARGIN = 6.0  # logits that a sentence may fall behind the words that answer best
FEWEST = 1  # passages, below which a prompt that is too long is not cut any more
RULES = """You answer a question from numbered passages of a newsroom's articles.
- Use only what the passages say, and nothing that you know yourself.
- Write one to {count} short sentences that answer the question, in its language, the answer itself first.
- With each sentence give the numbers of the passages that say it; in plain text, as [1] after the sentence.
- Keep names, numbers and dates as they stand in the passages.
- If the passages do not answer the question, write no sentence.
{fence}"""
SAYS_NOTHING = re.compile(
    r"\b(?:passages?|provided (?:text|articles?)|context)\b.{0,40}\b(?:do(?:es)? not|don't|doesn't|no)\b|"
    r"\b(?:cannot|can't|unable to) (?:answer|be answered|determine)\b",
    re.IGNORECASE,
)
CALLS_OUT = re.compile(r"https?:|www\.|\]\(|<\s*\w+[^>]*>|!\[|data:|javascript:", re.IGNORECASE)
NUMBERS = re.compile(
    r"\s*\[\s*(?:passages?\s*)?(\d[\d,;\s]*)\]|\s*\((?:passages?|sources?)\s+(\d[\d,;\s]*)\)", re.IGNORECASE
)
REPEATS = re.compile(r"\b(\w+(?:\W+\w+){3})\b.*\b\1\b", re.IGNORECASE)  # four words, once again
ENDS = re.compile(r"[.!?。？！][\"”’')\]]*$")
MARKUP = re.compile(r"[*_`#]{2,}|^[\s>*#-]+|^\d+[.)]\s+")


@dataclass(frozen=True)
class AnswerSoFar:
    """The sentences of an answer that are supported so far, and how many are not, or are contradicted.

    `stopped` says why the model did not finish, "" where it did.
    """

    kept: tuple[Grounded, ...] = ()
    unsupported: int = 0
    contradicted: int = 0
    stopped: str = ""


@dataclass(frozen=True)
class Writer:
    """Questions and passages to answers that grow."""

    model: LanguageModel
    grounder: Grounder
    reranker: CrossEncoder

    def write(
        self, question: str, passages: Sequence[Passage], best: str, spending: Spending, stage: str = "write"
    ) -> Iterator[AnswerSoFar]:
        """The answer as it grows, a checked sentence at a time; the last one is whole.

        `best` are the words of the articles that answer best: a sentence that answers far worse is left out. The
        cost is counted under `stage`. Raises LanguageModelError where the model gave nothing.
        """
        passages = list(passages)
        prompt = _prompt(question, passages)
        while not self.model.fits(prompt, spending) and len(passages) > FEWEST:
            passages.pop()
            prompt = _prompt(question, passages)
        least = self._nearness(question, best) - WRITTEN_MARGIN
        so_far, seen = AnswerSoFar(), 0
        output: Output = {}
        try:
            for output in self.model.stream(stage, prompt, spending):
                for sentence in _sentences(output)[seen:-1]:  # the last may still grow
                    seen += 1
                    so_far = self._with(so_far, sentence, passages, question, least)
                    yield so_far
            for sentence in _sentences(output)[seen:]:
                so_far = self._with(so_far, sentence, passages, question, least)
                yield so_far
        except LanguageModelError as error:
            if not seen:
                raise
            yield AnswerSoFar(so_far.kept, so_far.unsupported, so_far.contradicted, str(error))

    def _nearness(self, question: str, text: str) -> float:
        """The reranker's logit that the text answers the question."""
        return float(self.reranker.score(question, [text])[0])

    def _with(
        self, so_far: AnswerSoFar, written: object, passages: Sequence[Passage], question: str, least: float
    ) -> AnswerSoFar:
        """The answer so far with what the model gave as one sentence, and which may be several."""
        texts, numbers, spoilt = _read(written)
        so_far = replace(so_far, unsupported=so_far.unsupported + spoilt)
        cited = [passages[n - 1] for n in numbers if n <= len(passages)]
        others = [passage for passage in passages if passage not in cited]
        for text in texts:
            if len(so_far.kept) == SENTENCES_WRITTEN:
                break
            if any(text == kept.text for kept in so_far.kept):
                continue
            says_something = not (SAYS_NOTHING.search(text) or CALLS_OUT.search(text))
            says_something = says_something and self._nearness(question, text) >= least
            grounded = self.grounder.ground(text, cited, others) if says_something else Grounded(text)
            is_against = grounded.why_not == CONTRADICTED
            so_far = AnswerSoFar(
                (*so_far.kept, grounded) if grounded.sources else so_far.kept,
                so_far.unsupported + (not grounded.sources and not is_against),
                so_far.contradicted + is_against,
            )
        return so_far


def _prompt(question: str, passages: Sequence[Passage]) -> Prompt:
    fence = Fence(question, *(passage.text for passage in passages))
    return Prompt(
        RULES.format(count=SENTENCES_WRITTEN - 1, fence=fence.rule),
        f"{fence.passages(passages)}\n\n{fence.around('Question', question)}",
        _schema(len(passages)),
        _from_prose,
    )


def _schema(count: int) -> dict[str, object]:
    """Sentences, each with numbers of the passages given: another number cannot be written."""
    sentence = fields(
        text={"type": "string", "minLength": SHORTEST_SENTENCE, "maxLength": LONGEST_SENTENCE},
        passages={"type": "array", "items": {"type": "integer", "enum": list(range(1, count + 1))}},
    )
    sentences = {"type": "array", "items": sentence, "maxItems": SENTENCES_WRITTEN}
    return fields("Answer", "The answer to the question, sentence by sentence.", sentences=sentences)


def _from_prose(text: str) -> Output:
    """Sentences with numbers in brackets, of a model that knows no schema."""
    found = [text[start:end] for start, end in sentence_spans(text, "en")]
    sentences: list[dict[str, object]] = []
    for sentence in found:
        numbers = _numbers(sentence)
        words = NUMBERS.sub("", sentence).strip()
        if any(c.isalnum() for c in words):
            sentences.append({"text": words, "passages": numbers})
        elif sentences and numbers:  # "It was closed. [1]"
            sentences[-1]["passages"] = numbers
    return {"sentences": sentences}


def _sentences(output: Output) -> list[object]:
    found = output.get("sentences")
    return found if isinstance(found, list) else []


def _read(written: object) -> tuple[list[str], list[int], int]:
    """What was given as a sentence, as plain words, and the numbers that it cites; no words where it is none.

    Last comes how many sentences are spoilt: cut off in the middle, or going round in circles.
    """
    if not isinstance(written, dict) or not isinstance(written.get("text"), str):
        return [], [], 0
    cited = written.get("passages")
    numbers = [n for n in cited if type(n) is int and n > 0] if isinstance(cited, list) else []
    numbers += _numbers(written["text"])
    text = single_spaced(MARKUP.sub("", NUMBERS.sub("", visible(written["text"])).strip()))
    sentences = [
        s for s in (text[start:end] for start, end in sentence_spans(text, "en")) if any(map(str.isalnum, s))
    ]
    is_cut = len(sentences) > 1 or len(written["text"]) >= LONGEST_SENTENCE
    whole = sentences[:-1] if sentences and is_cut and not ENDS.search(sentences[-1]) else sentences
    said = [sentence for sentence in whole if not REPEATS.search(sentence)]
    return said, list(dict.fromkeys(numbers)), len(sentences) - len(said)


def _numbers(text: str) -> list[int]:
    return [int(n) for found in NUMBERS.finditer(text) for n in re.findall(r"\d+", found[1] or found[2])]
