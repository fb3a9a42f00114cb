"""Training examples: a question, texts, and for each text whether it answers the question.

Three sources, all under `DIR/verify/train` and `DIR/ask/train`:

- statements with evidence (VitaminC, FEVER, FoolMeTwice) turned into questions by rule;
- sentences of news articles turned into questions by rule, asked of the windows around them;
- real quiz questions on linked news articles, where holding the answer's words is a weak positive.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.rows import detokenised, rows, sentences
from training.reranker.questions import Maker, Question, negated, swapped, with_antonym
from training.words import DATE, NUMBER, content_words

Score = Callable[[Sequence[tuple[str, str]]], list[float]]
STATEMENTS = ("vitaminc_real", "vitaminc_synthetic", "docnli_fever", "fm2")
WINDOW = 380  # characters of a window, about what a passage of the index has
HELD_OUT_QUESTIONS = 150


@dataclass(frozen=True)
class Example:
    """One question with its texts.

    labels   1 the text answers, 0 it does not, None unknown (left out of the answerability loss)
    targets  weights of the ranking loss, not yet summing to 1; all 0 where there is nothing to rank
    source   which recipe made it, for reports
    """

    question: str
    texts: list[str]
    labels: list[float | None]
    targets: list[float]
    source: str


def windows(text: str, size: int = WINDOW) -> list[str]:
    """Runs of whole sentences of about `size` characters."""
    made: list[str] = []
    run: list[str] = []
    for sentence in sentences(text):
        if run and sum(map(len, run)) + len(sentence) > size:
            made.append(" ".join(run))
            run = []
        run.append(sentence[: 2 * size])
    return [*made, " ".join(run)] if run else made


def holds(text: str, answers: Sequence[str]) -> bool:
    """Whether one of the answers stands in the text as whole words, in any case."""
    return any(re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE) for answer in answers)


def held_out(page: str) -> bool:
    """About 4 % of the pages are kept for calibration, always the same ones."""
    return sha256(page.encode()).digest()[0] < 10


# Statements with evidence ---------------------------------------------------------------------------


def from_statements(folder: Path, random: Random) -> tuple[list[Example], list[Example]]:
    """(training, held-out) examples from claims with labelled evidence."""
    pages: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for name in STATEMENTS:
        for row in rows(folder / f"{name}.jsonl.gz"):
            claim, evidence = detokenised(row["claim"]), detokenised(row["evidence"])
            counts.update(set(re.findall(r"\b[a-z]+\b", f"{claim} {evidence}")))
            page = row.get("page") or " ".join(evidence.split()[:3])
            if len(evidence) < 700:
                pages[page].append((claim, evidence, row["label"]))
    maker = Maker({word for word, count in counts.items() if count >= 3}, random)
    training: list[Example] = []
    kept: list[Example] = []
    for page, entries in pages.items():
        (kept if held_out(page) else training).extend(_from_page(page, entries, maker, random))
    return training, kept


def _from_page(page: str, entries: list[tuple[str, str, str]], maker: Maker, random: Random) -> Iterator[Example]:
    evidence_of_page = list(dict.fromkeys(evidence for _, evidence, _ in entries))
    seen: set[str] = set()
    random.shuffle(entries)
    for claim, evidence, label in entries:
        made = [q for q in maker.questions(claim, f"{claim} {evidence}") if q.text not in seen]
        random.shuffle(made)
        for question in made[:2]:
            seen.add(question.text)
            if label == "SUPPORTED":
                yield from _supported(question, claim, evidence, page, entries, evidence_of_page, random)
                break
            if _refused(question, evidence, label):
                text = _placed(evidence, page, question, evidence_of_page, random)
                yield Example(question.text, [text], [0.0], [0.0], f"statement {label.lower()}")
                break


def _answered(question: Question, evidence: str) -> bool:
    if question.kind == "number":  # claims hedge their numbers ("more than 600"), so any number can be the answer
        asked = content_words(question.text)
        return bool(NUMBER.search(evidence)) and len(asked & content_words(evidence)) >= 0.4 * len(asked)
    if question.kind == "date":
        return bool(DATE.search(evidence))
    wanted = content_words(question.answer)
    return bool(wanted) and len(wanted & content_words(evidence)) >= (
        1.0 if question.kind == "name" else 0.5
    ) * len(wanted)


def _refused(question: Question, evidence: str, label: str) -> bool:
    """Whether evidence that does not support the statement leaves the question without an answer.

    Where the answer's words stand in refuting evidence, it is the rest of the question that is wrong. Where
    they do not, the evidence may give another answer: such pairs are left out.
    """
    if question.kind in {"number", "date"}:
        pattern = NUMBER if question.kind == "number" else DATE
        return label == "NOT_ENOUGH_EVIDENCE" and not pattern.search(evidence)
    if label == "NOT_ENOUGH_EVIDENCE":
        return True
    return holds(evidence, [question.answer])


def _placed(evidence: str, page: str, question: Question, others: list[str], random: Random) -> str:
    """The evidence as a passage: alone, beside another sentence of its page, or with the page's title."""
    words = content_words(evidence)
    apart = [
        other
        for other in others
        if len(other) < 400
        and len(content_words(other) & words) < 0.3 * len(words)
        and not holds(other, [question.answer])
    ]
    text = evidence
    if apart and random.random() < 0.5 and len(evidence) < 400:
        pair = [evidence, random.choice(apart)]
        random.shuffle(pair)
        text = " ".join(pair)
    return f"{page}. {text}" if random.random() < 0.3 and not text.startswith(page) else text


def _supported(
    question: Question,
    claim: str,
    evidence: str,
    page: str,
    entries: list[tuple[str, str, str]],
    others: list[str],
    random: Random,
) -> Iterator[Example]:
    if not _answered(question, evidence):
        return
    texts, labels = [_placed(evidence, page, question, others, random)], [1.0]
    words = content_words(evidence)
    for other_claim, other, label in entries:
        if other == evidence or len(texts) == 3:
            continue
        if other_claim == claim and label != "SUPPORTED":
            if question.kind in {"number", "date"} and label == "REFUTED" and _answered(question, other):
                texts.append(other)  # another number: refutes the statement, answers the question
                labels.append(1.0)
            elif _refused(question, other, label):
                texts.append(_placed(other, page, question, others, random))
                labels.append(0.0)
        elif (
            other_claim != claim and len(content_words(other) & words) < 0.3 * len(words) and random.random() < 0.3
        ):
            wanted = question.kind in {"number", "date"} or holds(other, [question.answer])
            if not wanted or len(content_words(question.text) & content_words(other)) < 3:
                texts.append(other)
                labels.append(0.0)
    yield Example(question.text, texts, [*labels], labels if 0.0 in labels else [0.0] * len(labels), "statement")
    twin = unanswerable(
        question.text, question.answer, [evidence, *random.sample(others, min(3, len(others)))], random
    )
    if twin and random.random() < 0.75:
        yield Example(twin, texts[:1], [0.0], [0.0], "statement twin")


def unanswerable(question: str, answer: str, others: list[str], random: Random) -> str:
    """A question near to this one that its text does not answer, or ""."""
    others = [other.replace(answer, "") for other in others]
    makers: list[Callable[[], str]] = [lambda: swapped(question, others, random)] * 5 + [
        lambda: with_antonym(question, random)
    ] * 4
    makers += [lambda: negated(question)]
    random.shuffle(makers)
    return next((twin for make in makers[:4] if (twin := make()) and twin != question), "")


# News articles --------------------------------------------------------------------------------------


def from_articles(articles: Sequence[dict[str, Any]], limit: int, random: Random) -> list[Example]:
    """Questions made from single sentences of news articles, asked of the windows around them."""
    counts: Counter[str] = Counter()
    for article in articles[:2000]:
        counts.update(set(re.findall(r"\b[a-z]+\b", article["text"])))
    maker = Maker({word for word, count in counts.items() if count >= 3}, random)
    made: list[Example] = []
    for article in random.sample(list(articles), len(articles)):
        found = windows(article["text"])
        for i in random.sample(range(len(found)), min(2, len(found))):
            options = [(q, s) for s in sentences(found[i]) if 40 < len(s) < 200 for q in maker.questions(s, s)]
            options = [(q, s) for q, s in options if len(content_words(q.text)) >= 4]
            if not options:
                continue
            question, source = random.choice(options)
            texts, labels = [found[i]], [1.0]
            rest = found[i].replace(source, "").strip()
            other = rest if len(rest) > 150 else found[i - 1]
            if not holds(other, [question.answer]):
                texts.append(other)
                labels.append(0.0)
            texts = [f"{article['title']}. {text}" for text in texts] if random.random() < 0.4 else texts
            made.append(Example(question.text, texts, [*labels], labels if len(labels) > 1 else [0.0], "article"))
            twin = unanswerable(question.text, question.answer, [article["text"][:2000]], random)
            if twin:
                made.append(Example(twin, texts[:1], [0.0], [0.0], "article twin"))
        if len(made) >= limit:
            break
    return made


def from_quiz(
    questions: Sequence[dict[str, Any]], articles: dict[str, dict[str, Any]], score: Score, random: Random
) -> list[Example]:
    """Real questions: the windows of their linked articles, ranked by the stock model."""
    made = []
    for row in questions:
        asked = content_words(row["question"])
        candidates: dict[str, str] = {}
        for name in row["articles"]:
            for window in windows(articles[name]["text"]):
                candidates.setdefault(window, articles[name]["title"])
        near = sorted(candidates, key=lambda text: -len(asked & content_words(f"{text} {candidates[text]}")))
        bearing = [text for text in near if holds(text, row["answer"])][:6]
        silent = [text for text in near if not holds(text, row["answer"])][:6]
        if not bearing or not silent or row["answer"][0].lower() in {"true", "false"}:
            continue
        titled = random.random() < 0.4
        group = [(f"{candidates[text]}. {text}" if titled else text) for text in bearing + silent]
        scores = score([(row["question"], text) for text in group])
        best = sorted(range(len(bearing)), key=lambda i: -scores[i])[:1]
        hard = sorted(range(len(bearing), len(group)), key=lambda i: -scores[i])[:2]
        chosen = best + hard
        # Sure only where the stock model agrees: answers' words also stand there by chance.
        weak = 0.9 if scores[best[0]] > 0 else None
        targets = [1.0] + [0.0] * len(hard)
        texts = [group[i] for i in chosen]
        made.append(Example(row["question"], texts, [weak] + [0.05] * len(hard), targets, "quiz"))
        if scores[best[0]] > 0:
            inside = sentences(bearing[best[0]])
            good = [s for s in inside if holds(s, row["answer"])][:1]
            wrong = [s for s in inside + sentences(group[hard[0]]) if not holds(s, row["answer"]) and len(s) > 40][
                :3
            ]
            if good and wrong:
                targets = [1.0] + [0.0] * len(wrong)
                made.append(
                    Example(row["question"], good + wrong, [None] + [0.05] * len(wrong), targets, "quiz sentence")
                )
            twin = unanswerable(row["question"], row["answer"][0], [" ".join(texts)], random)
            if twin and random.random() < 0.6:
                made.append(Example(twin, texts[:1], [0.05], [0.0], "quiz twin"))
    return made


def split_quiz(
    questions: Sequence[dict[str, Any]], seed: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(training, held-out) quiz questions."""
    order = list(questions)
    Random(seed).shuffle(order)
    return order[HELD_OUT_QUESTIONS:], order[:HELD_OUT_QUESTIONS]


def chosen(examples: Sequence[Example], random: Random) -> list[Example]:
    """A share of each source: enough for one pass on two cores, answerable and not in balance."""
    limits = {"statement": 3000, "statement twin": 1100, "article": 550, "article twin": 450}
    limits |= {f"statement {label}": 350 for label in ("refuted", "not_supported", "not_enough_evidence")}
    limits |= {"quiz": 1000, "quiz sentence": 400, "quiz twin": 250}
    taken: Counter[str] = Counter()
    kept = []
    for example in random.sample(list(examples), len(examples)):
        if taken[example.source] < limits[example.source]:
            taken[example.source] += 1
            if example.source == "statement":  # an answering text and one that does not are enough of each group
                few = (example.texts[:2], example.labels[:2], example.targets[:2])
                example = Example(example.question, *few, example.source)
            kept.append(example)
    return kept


def write(path: Path, examples: Sequence[Example]) -> None:
    """Write examples as JSON lines."""
    path.write_text("".join(json.dumps(asdict(e), ensure_ascii=False) + "\n" for e in examples), encoding="utf-8")


def read(path: Path) -> list[Example]:
    """The examples that `write` wrote."""
    return [Example(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
