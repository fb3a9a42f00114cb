"""`llm`: answers in a language model's words beside the quoted ones, on the same questions.

The model is the one that FACTBOT_LLM and FACTBOT_LLM_URL name, as for anybody who uses it. Citation recall and
precision are ALCE's (Gao et al. 2023), with the packaged verifier as the judge: a sentence counts where the
passages that it cites bear it out together, a citation where it does so alone, or the others do not without it.
That judge also guards the answers, so the report prints fifty on the sample corpus, beside what reading them by
hand came to (`gate/by_hand.json`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import data, results
from benchmarks.bot import open_synced, verbatim_quotes, write_corpus
from benchmarks.metrics import bootstrap, holds_answer, percentiles
from benchmarks.paths import GATE, SAMPLE_CORPUS
from factbot import Answer, FactBot, Stage
from factbot.checking.facts.compare import compare
from factbot.results import AnswerSentence, Citation
from factbot.text.titled import under_title

__all__ = ["run"]

FIRST = 1_000  # articles of newsqa_2024
QUESTIONS = 40  # of each set, a random part
OF_SAMPLE = 84  # of the sample corpus, so that fifty are answered
ENTAILED = 0.5  # the probability from which cited passages bear a sentence out, for ALCE's measures
STRICT = 0.85  # the same for the stricter judgement: on the quoted words alone, with every number, date and name
PRINTED = 50  # answers in the report, those in the model's words first


@dataclass(frozen=True)
class Asked:
    """One question, as it was answered: `written` where the model's words are shown, and not quotes."""

    question: str
    answered: bool
    written: bool
    holds: bool
    note: str
    text: str
    quotes: tuple[str, ...]
    sentences: int
    supported: int
    strictly: int
    recall: float
    precision: float
    citations: int
    verbatim: int
    first_stage_ms: float
    first_words_ms: float
    ms: float
    tokens: int


def run(data_folder: Path, cache: Path, sets: Sequence[str], sample: int) -> None:
    """Measure the model that the settings name; with `sample`, on so many questions of a set, and only print."""
    figures: dict[str, Any] = {}
    for set_name, corpus, index, questions in _sets(data_folder, cache, sets):
        wanted = sample or (OF_SAMPLE if set_name == "sample" else QUESTIONS)
        chosen = Random(0).sample(questions, min(wanted, len(questions)))
        with open_synced(corpus, index, llm="", llm_url="") as bot:
            quoted = [_asked(bot, question) for question in chosen]
        with open_synced(corpus, index) as bot:
            if bot.language_model is None:
                print("Skipped: llm needs a language model; name one by FACTBOT_LLM or FACTBOT_LLM_URL.")
                return
            name = bot.settings.llm or bot.language_model.name
            written = [_asked(bot, question) for question in chosen]
        figures[set_name] = {"quoted": _summary(quoted), "written": _summary(written)}
        if set_name == "sample":
            shown = sorted((asked for asked in written if asked.answered), key=lambda asked: not asked.written)
            figures["printed"] = [asdict(asked) for asked in shown[:PRINTED]]
        print(set_name, json.dumps(figures[set_name], indent=1), flush=True)
        if not sample:
            saved = results.load("llm")
            results.save("llm", {**saved, name: {**saved.get(name, {}), **figures}})


def _sets(
    data_folder: Path, cache: Path, names: Sequence[str]
) -> Iterator[tuple[str, Path, Path, list[data.Question]]]:
    """Name, corpus, index and questions: the sample corpus, then the sets, of newsqa_2024 the first articles."""
    rows = [json.loads(line) for part in sorted(GATE.glob("part_*.jsonl")) for line in part.open(encoding="utf-8")]
    own = [data.Question(row["id"], row["question"], tuple(row["answer"]), ()) for row in rows]
    yield "sample", SAMPLE_CORPUS, cache / "sample-llm", own  # an index of its own: `verdicts` may run beside it
    for set_name in names:
        first = FIRST if set_name == "newsqa_2024" else 0
        articles, questions = data.part_of(data_folder, set_name, first)
        folder = cache / data.folder_name(set_name, "ours", 0, first)
        write_corpus(folder / "corpus", articles)
        yield data.label(set_name, first), folder / "corpus", folder / "index", questions


def _asked(bot: FactBot, question: data.Question) -> Asked:
    began = time.perf_counter()
    first_stage = first_words = 0.0
    answer: Answer | None = None
    for event in bot.stream(question.text):
        now = (time.perf_counter() - began) * 1e3
        if isinstance(event, Stage):
            first_stage = first_stage or now
        else:
            first_words, answer = first_words or now, event
    assert answer is not None
    ms = (time.perf_counter() - began) * 1e3
    judged = [_judged(bot, answer, sentence) for sentence in answer.sentences]
    quotes = {citation.quote for citation in answer.citations}
    count, good = verbatim_quotes(bot, answer)
    precise = [value for _, _, values in judged for value in values]
    return Asked(
        question=question.text,
        answered=answer.answered,
        written=any(sentence.text not in quotes for sentence in answer.sentences),
        holds=answer.answered and holds_answer(answer.text, question.answers),
        note=answer.note,
        text=answer.text,
        quotes=tuple(f"[{c.number}] {' '.join(c.quote.split())}" for c in answer.citations),
        sentences=len(judged),
        supported=sum(supported for supported, _, _ in judged),
        strictly=sum(strictly for _, strictly, _ in judged),
        recall=sum(supported for supported, _, _ in judged) / max(1, len(judged)),
        precision=sum(precise) / max(1, len(precise)),
        citations=count,
        verbatim=good,
        first_stage_ms=first_stage,
        first_words_ms=first_words,
        ms=ms,
        tokens=sum(stage.input_tokens + stage.output_tokens for stage in answer.usage),
    )


def _judged(bot: FactBot, answer: Answer, sentence: AnswerSentence) -> tuple[bool, bool, list[bool]]:
    """Whether cited passages bear a sentence out, whether quotes do strictly, and which citations count."""
    known = {citation.number: citation for citation in answer.citations}
    cited = [known[number] for number in sentence.citations]  # a number that does not exist ends the measurement
    bears_out = _support(bot, sentence.text, cited) >= ENTAILED
    quotes = " ".join(under_title(c.passage.title, c.passage.date, c.quote) for c in cited)
    compared = compare(sentence.text, quotes)
    is_verbatim = any(" ".join(sentence.text.split()) in " ".join(c.quote.split()) for c in cited)
    surely = float(bot.verify([(sentence.text, quotes)])[0].supported) >= STRICT
    strictly = is_verbatim or (surely and not compared.mismatches and not compared.missing)
    precise = [
        _support(bot, sentence.text, [citation]) >= ENTAILED
        or (
            bears_out
            and len(cited) > 1
            and _support(bot, sentence.text, [c for c in cited if c is not citation]) < ENTAILED
        )
        for citation in cited
    ]
    return bears_out, strictly, precise


def _support(bot: FactBot, text: str, citations: Sequence[Citation]) -> float:
    """By the passages of some citations together; 1 where one of them has the sentence word for word."""
    line = " ".join(text.split())
    if any(line in " ".join(c.passage.text.split()) for c in citations):
        return 1.0
    joined = " ".join(under_title(c.passage.title, c.passage.date, c.passage.text) for c in citations)
    read = bot.verify([(text, joined)])[0].supported
    alone = bot.verify(
        [(text, " ".join(under_title(c.passage.title, c.passage.date, c.quote) for c in citations))]
    )
    return max(read, alone[0].supported)


def _summary(asked: Sequence[Asked]) -> dict[str, Any]:
    answered = [a for a in asked if a.answered]
    words = [a for a in answered if a.sentences]
    sentences = sum(a.sentences for a in words)
    own = [a for a in words if a.written]
    own_sentences = sum(a.sentences for a in own)
    return {
        "questions": len(asked),
        "answered": len(answered),
        "written": sum(a.written for a in asked),
        "holds": bootstrap([float(a.holds) for a in answered]).to_dict() if answered else None,
        "sentences": sentences,
        "supported": sum(a.supported for a in words) / max(1, sentences),
        "strictly": sum(a.strictly for a in words) / max(1, sentences),
        "own_sentences": own_sentences,
        "own_strictly": sum(a.strictly for a in own) / max(1, own_sentences),
        "own_holds": [sum(a.holds for a in own), len(own)],
        "left_out": sum(bool(a.note) for a in answered),
        "recall": bootstrap([a.recall for a in words]).to_dict() if words else None,
        "precision": bootstrap([a.precision for a in words]).to_dict() if words else None,
        "citations": sum(a.citations for a in asked),
        "verbatim": sum(a.verbatim for a in asked),
        "first_stage_ms": percentiles([a.first_stage_ms for a in asked]),
        "first_words_ms": percentiles([a.first_words_ms for a in answered]) if answered else None,
        "ms": percentiles([a.ms for a in asked]),
        "tokens": sum(a.tokens for a in asked) / max(1, sum(a.tokens > 0 for a in asked)),
    }
