"""Pairs made from other material: claims about news sentences, changed claims, and evidence beside the point."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.rows import rows, sentences
from factbot.checking.decontextualise import resolved
from factbot.text.english import finite_verbs
from factbot.text.titled import under_title
from training.verifier.examples import NOT_ENOUGH, NOT_SUPPORTED, SUPPORTED, Pair, pairs
from training.verifier.rules import changed, dated, reworded
from training.words import NUMBER, content_words

FIT_FOR_A_CLAIM = re.compile(r"(?!(?:He|She|It|They|This|That|These|Those|We|I|You|But|And|So) )[A-Z][^\"“”•]+[.]")
NEIGHBOURS = 20  # nearest texts among which evidence beside the point is drawn
HEADLINE_END = re.compile(r"\s+(?:[|] .*|[-–—] (?:CNN|USA TODAY|The Week)\b.*)$")
NO_STATEMENT = re.compile(
    r".*(?:[?:]|\.\.\.|…)|(?:How|What|Why|Where|When|Who|Here|These|This|Opinion|Photos|Best|Top|Is|Are|Can|\d+)\b"
)
PRONOUN = re.compile(r"(?:He|She|It|They)\b[^\"“”•]+[.]")
LEAD = 900  # characters of an article's beginning that its headline is about
STATEMENTS = ("vitaminc_real", "docnli_fever", "fm2")


def from_articles(path: Path, count: int, random: Random) -> Iterator[Pair]:
    """About `count` pairs: reworded and changed claims about news sentences, on evidence with them and without.

    Evidence is the sentence alone, the run of sentences around it, or that beside a run of another place.
    """
    made = 0
    articles = list(rows(path))
    random.shuffle(articles)
    for article in articles:
        found = [s for s in sentences(article["text"]) if len(s) < 600]
        fit = [i for i, s in enumerate(found) if 50 < len(s) < 230 and FIT_FOR_A_CLAIM.fullmatch(s)]
        for i in random.sample(fit, min(2, len(fit))):
            for pair in _about(article, found, i, random):
                made += 1
                yield pair
        if made >= count:
            return


def _about(article: dict[str, Any], found: list[str], place: int, random: Random) -> Iterator[Pair]:
    claim = reworded(found[place], random)
    evidence, has_date = _evidence(article, found, place, random)
    yield Pair(claim, evidence, SUPPORTED)
    if has_date:
        times = dated(claim, article["date"], random)
        yield from (
            Pair(told, evidence, label) for told, label in zip(times, (SUPPORTED, NOT_SUPPORTED), strict=False)
        )
    change = changed(claim, found[max(0, place - 15) : place + 15], random)
    if change:
        yield Pair(change[0], evidence, change[1])
    first, last = max(0, place - 3), min(len(found), place + 4)
    beside = " ".join(found[first:place] if random.random() < 0.5 else found[place + 1 : last])[:500]
    facts = {m.group(1) for m in NUMBER.finditer(claim)} or content_words(claim)
    if len(beside) > 60 and not all(fact.lower() in beside.lower() for fact in facts):
        yield Pair(claim, _under_title(article, beside, random)[0], NOT_ENOUGH)


def _evidence(article: dict[str, Any], found: list[str], place: int, random: Random) -> tuple[str, bool]:
    before, after = random.choice(((0, 0), (0, 1), (1, 1), (1, 2), (2, 1), (2, 2)))
    near = " ".join(found[max(0, place - before) : place + after + 1])[:700]
    if random.random() < 0.2:
        other = random.randrange(len(found))
        texts = [near, " ".join(found[other : other + 2])[:400]]
        random.shuffle(texts)
        near = " ".join(texts)
    return _under_title(article, near, random)


def _under_title(article: dict[str, Any], text: str, random: Random) -> tuple[str, bool]:
    """The text alone, under its article's title, or, mostly, under title and date; and whether it has the date."""
    kind = random.random()
    if kind < 0.2:
        return text, False
    has_date = kind > 0.4
    return under_title(article["title"], article["date"] if has_date else "", text), has_date


def from_headlines(path: Path, count: int, random: Random) -> Iterator[Pair]:
    """About `count` pairs: headlines, which people wrote in other words, as claims about how the article begins.

    Some have one fact changed, and a third stand beside the beginning of another article about the like.
    """
    heads = [(head, lead) for article in rows(path) for head, lead in _headline(article)]
    random.shuffle(heads)
    heads = heads[: count // 2]
    leads = [lead for _, lead in heads]
    for (head, lead), other in zip(heads, _beside([head for head, _ in heads], leads, random), strict=True):
        yield Pair(head, lead, SUPPORTED)
        change = changed(head, [lead], random)
        if change:
            yield Pair(change[0], lead, change[1])
        if random.random() < 0.6:
            yield Pair(head, other, NOT_ENOUGH)


def _headline(article: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A headline that says something, as a sentence, with the beginning of its article, which shares its words."""
    head = HEADLINE_END.sub("", article["title"]).strip()
    texts = [s for s in sentences(article["text"])[:9] if len(s) > 50]
    lead = " ".join(texts)[:LEAD].rpartition(" ")[0]
    shared = {word[:5] for word in content_words(lead)}
    words = {word[:5] for word in content_words(head)}
    states = len(words) > 3 and not NO_STATEMENT.match(head) and finite_verbs(head.split())
    if states and len(words & shared) > len(words) / 2:
        yield f"{head.rstrip('.')}.", lead


def from_pronouns(path: Path, count: int, random: Random) -> Iterator[Pair]:
    """About `count` pairs: claims that name who "he" is, where evidence says it a sentence before.

    The same claim with a fact changed is not borne out.
    """
    made = 0
    articles = list(rows(path))
    random.shuffle(articles)
    for article in articles:
        found = [s for s in sentences(article["text"]) if len(s) < 500]
        for i in range(1, len(found)):
            if not (50 < len(found[i]) < 260 and PRONOUN.fullmatch(found[i])) or made >= count:
                continue
            claim = resolved(found[i], found[i - 1])
            if claim == found[i]:
                continue
            text = " ".join(found[max(0, i - random.choice((1, 1, 2))) : i + random.choice((1, 1, 2))])
            text = _under_title(article, text, random)[0]
            yield Pair(reworded(claim, random), text, SUPPORTED)
            change = changed(claim, found[max(0, i - 15) : i + 15], random)
            if change:
                yield Pair(change[0], text, change[1])
            made += 2
        if made >= count:
            return


def from_statements(folder: Path, count: int, random: Random) -> Iterator[Pair]:
    """Supported claims with one fact changed, on the same evidence, and untouched ones, on the nearest other.

    Every third pair is of the second kind: silence is not refutation, however near the words.
    """
    found = [
        pair
        for name in STATEMENTS
        for pair in pairs(folder / f"{name}.jsonl.gz", random)
        if pair.label == SUPPORTED
    ]
    random.shuffle(found)
    texts = list({pair.evidence[:500]: None for pair in found})
    changes = 0
    for pair in found:
        change = changed(pair.claim, [pair.evidence], random)
        if change:
            yield Pair(change[0], pair.evidence, change[1])
            changes += 1
        if changes >= 2 * count // 3:
            break
    for pair, text in zip(found, _beside([p.claim for p in found[: count // 3]], texts, random), strict=False):
        yield Pair(pair.claim, text, NOT_ENOUGH)


def _beside(claims: Sequence[str], texts: Sequence[str], random: Random) -> Iterator[str]:
    """For each claim a text near to it, but not among the nearest, which may well be about the same fact."""
    index = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    matrix = index.fit_transform(texts)
    for start in range(0, len(claims), 500):
        similar = (index.transform(claims[start : start + 500]) @ matrix.T).toarray()
        for claim, row in zip(claims[start : start + 500], similar, strict=True):
            order = (-row).argsort()[:NEIGHBOURS]
            apart = [texts[i] for i in order[4:] if not content_words(claim) <= content_words(texts[i])]
            yield random.choice(apart or [texts[order[-1]]])


def surrounded(examples: Sequence[Pair], share: float, random: Random) -> Iterator[Pair]:
    """The pairs, a `share` of the short ones with another text before or after their evidence, as in a passage."""
    others = [pair.evidence for pair in examples if 60 < len(pair.evidence) < 350]
    for pair in examples:
        if len(pair.evidence) < 400 and random.random() < share:
            texts = [pair.evidence, random.choice(others)]
            random.shuffle(texts)
            yield Pair(pair.claim, " ".join(texts), pair.label)
        else:
            yield pair
