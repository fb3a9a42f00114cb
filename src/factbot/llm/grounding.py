"""Whether an article's words bear out a sentence that a language model wrote, and which words.

A sentence stands where the verifier finds it supported by a passage and every number, date and name of it stands
there too: a small model changes those without changing its tone. It is read beside each passage as a whole and
beside its sentences, one by one and two together, so that the quote is the least that bears the sentence out.

Each part of it has to stand in the quote as well. "The lighthouse was built in 1871 by Agnes Marlow, and stands 38
metres high, and the engineer was a thief" is mostly true, and scores as if it were wholly true. So what stands
between commas and conjunctions is read by itself, wherever it has words that the evidence has not (after
FActScore, Min et al. 2023, by rule).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from factbot.checking.evidence import ReadSpan
from factbot.checking.facts.compare import compare, find_facts
from factbot.checking.verifier import SUPPORTED, Verifier
from factbot.results import Passage
from factbot.retrieval.scored_span import ScoredSpan
from factbot.text.passages import spans_within
from factbot.text.pronouns import points_back
from factbot.text.sentences import Span
from factbot.text.titled import under_title
from factbot.text.words import stems

__all__ = ["CONTRADICTED", "SHOWN_FROM", "UNSUPPORTED", "Grounded", "Grounder", "unsupported_part"]

SHOWN_FROM = 0.8  # the probability of support from which a sentence is shown
IN_WORDS = 0.6  # the same of the quoted words alone, where the title says it too
AGAINST = 0.5  # of refutation, from which a sentence that is less supported is contradicted
STRONGLY_AGAINST = 0.9  # from which it is, however well another passage supports it
CITED = 2  # passages cited for one sentence, at most
SECOND_AT_LEAST = 0.95  # of the best one's support, at least, has the second
PREFERRED = 0.1  # support by which a passage that the sentence does not cite has to be better
OTHER_NAMES_LEAD = 0.02  # support by which a sentence with other names has to be better
VARIANTS = 8  # of a sentence, with other names
WORDS_SHARED = 0.4  # share of its words, at least, that stand in a passage
ABSOLUTES = re.compile(
    r"\b(?:never|always|all|every|only|nobody|nothing|none|entirely)\b"
)  # hardly seen by a verifier
PART_HOLDS_FROM = 0.6  # probability of support from which a part stands; alone it says less than in its sentence
JOINTS = re.compile(
    r"\s*[;:—–]\s*|,\s+|,?\s+(?:and|but|or|so|while|whereas|though|although|because|which|who|when|where|after|before|"
    r"until|since|as)\s+"
)
UNSUPPORTED, CONTRADICTED = "unsupported", "contradicted"


@dataclass(frozen=True)
class Grounded:
    """A sentence with the words that bear it out; none, and why, where nothing does.

    `sources` are scored by how surely (0 to 1) they do.
    """

    text: str
    sources: tuple[ScoredSpan, ...] = ()
    why_not: str = ""

    @property
    def support(self) -> float:
        return max((source.score for source in self.sources), default=0.0)


@dataclass(frozen=True)
class Grounder:
    """Sentences to Grounded; `sentences` gives the sentence spans of an article, by its id."""

    verifier: Verifier
    sentences: Callable[[str], Sequence[Span]]

    def ground(self, text: str, cited: Sequence[Passage], others: Sequence[Passage]) -> Grounded:
        """The sentence with the passages that bear it out: of those that it cites, else of the others."""
        every = [*cited, *others]
        if not every or not _is_about(text, every) or _is_bare(text):
            return Grounded(text, why_not=UNSUPPORTED)
        readings = self._readings(text, every)
        if self._is_contradicted(readings):
            return Grounded(text, why_not=CONTRADICTED)
        found = [source for reading in readings if (source := self._source(text, reading))]
        found.sort(key=lambda source: -source.score - PREFERRED * (source.passage in cited))
        if found:
            sources = tuple(s for s in found[:CITED] if s.score >= SECOND_AT_LEAST * found[0].score)
        else:
            sources = self._together(text, readings[: len(cited)])
        if not sources or self._is_of_another(text, sources[0]) or self._has_unsupported_part(text, sources):
            return Grounded(text, why_not=UNSUPPORTED)
        return Grounded(text, sources)

    def _readings(self, text: str, passages: Sequence[Passage]) -> list[_Reading]:
        units = [self._units(passage) for passage in passages]
        pairs = [
            (text, under_title(passage.title, "", _cut(passage, span)))
            for passage, spans in zip(passages, units, strict=True)
            for span in spans
        ]
        scores = iter(self.verifier.scores(pairs))
        return [
            _Reading(passage, [ReadSpan(*span, next(scores)) for span in spans])
            for passage, spans in zip(passages, units, strict=True)
        ]

    def _units(self, passage: Passage) -> list[Span]:
        """The passage, its sentences, and each two that stand side by side and hang together.

        An order to a model that somebody has put between an article's sentences does not hang together with them.
        """
        inside = spans_within(self.sentences(passage.article_id), passage.start, passage.end)
        pairs = [
            (first[0], second[1])
            for first, second in pairwise(inside)
            if _hang_together(_cut(passage, first), _cut(passage, second))
        ]
        return list(dict.fromkeys([(passage.start, passage.end), *inside, *pairs]))

    def _source(self, text: str, reading: _Reading) -> ScoredSpan | None:
        """The least of a passage that bears the sentence out, with all its facts; None where nothing does."""
        enough = [
            ScoredSpan(reading.passage, unit.start, unit.end, unit.supported)
            for unit in reading.short
            if unit.supported >= SHOWN_FROM and _holds_facts(text, reading.passage, (unit.start, unit.end))
        ]
        if not enough:
            return None
        best = max(source.score for source in enough)
        # A little surer is not worth a longer quote.
        sources = sorted((s for s in enough if s.score >= best - 0.05), key=lambda s: s.end - s.start)
        return next((source for source in sources if self._is_in_words(text, [source])), None)

    def _is_in_words(self, text: str, sources: Sequence[ScoredSpan]) -> bool:
        """Whether the quoted words bear the sentence out, and not their titles alone, which nobody is shown."""
        titles = " ".join(s.passage.title for s in sources)
        pairs = [(text, titles), (text, " ".join(s.text for s in sources))]
        by_titles, by_words = self.verifier.scores(pairs)[:, SUPPORTED]
        return bool(by_titles < IN_WORDS or by_words >= IN_WORDS)

    def _together(self, text: str, readings: Sequence[_Reading]) -> tuple[ScoredSpan, ...]:
        """Two cited passages that bear the sentence out together, where neither does alone."""
        if len(readings) < 2:
            return ()
        near = sorted(readings, key=lambda r: -r.supported)[:2]
        texts = [under_title(r.passage.title, "", _cut(r.passage, r.telling)) for r in near]
        joined = " ".join(texts)
        support = float(self.verifier.scores([(text, joined)])[0][SUPPORTED])
        compared = compare(text, joined)
        if support < SHOWN_FROM or compared.mismatches or compared.missing:
            return ()
        sources = tuple(ScoredSpan(r.passage, *r.telling, support) for r in near)
        return sources if self._is_in_words(text, sources) else ()

    def _is_of_another(self, text: str, source: ScoredSpan) -> bool:
        """Whether the quote rather says it with names exchanged, or of somebody else whom it names.

        Where all of a sentence's names stand in the quote, a verifier hardly sees who did what to whom; a title
        that names somebody as well makes it worse.
        """
        others = _with_other_names(text, source)
        scores = self.verifier.scores([(other, source.text) for other in [text, *others]])[:, SUPPORTED]
        return bool(others) and float(scores[1:].max()) > float(scores[0]) + OTHER_NAMES_LEAD

    def _has_unsupported_part(self, text: str, sources: Sequence[ScoredSpan]) -> bool:
        """Whether a part of the sentence is not borne out, however well the rest of it is."""
        return bool(unsupported_part(self.verifier, text, " ".join(source.text for source in sources)))

    def _is_contradicted(self, readings: Sequence[_Reading]) -> bool:
        supported = max(reading.supported for reading in readings)
        refuted = max(reading.refuted for reading in readings)
        return refuted >= STRONGLY_AGAINST or (refuted >= AGAINST and refuted > supported)


@dataclass(frozen=True)
class _Reading:
    """A passage and what the verifier reads of it: itself, its sentences, pairs of them."""

    passage: Passage
    units: Sequence[ReadSpan]

    @property
    def supported(self) -> float:
        return max(unit.supported for unit in self.units)

    @property
    def refuted(self) -> float:
        """By the whole passage: a sentence out of it can seem to deny what the next one says."""
        return self.units[0].refuted

    @property
    def short(self) -> Sequence[ReadSpan]:
        """What can be quoted: in a whole passage nobody sees which words bear a sentence out."""
        return self.units[1:] or self.units

    @property
    def telling(self) -> Span:
        """The unit that supports most, the shorter of two that are level."""
        best = max(self.short, key=lambda unit: (unit.supported, unit.start - unit.end))
        return best.start, best.end


def _is_about(text: str, passages: Sequence[Passage]) -> bool:
    """Whether a passage has a part of the sentence's words. On nonsense a verifier's scores mean nothing."""
    words = stems(text)
    held = (stems(f"{p.title} {p.date} {p.text}") for p in passages)
    return bool(words) and max(len(words & found) for found in held) >= WORDS_SHARED * len(words)


def _is_bare(text: str) -> bool:
    """Whether it is nothing but names, numbers and dates, which any passage that has them seems to bear out."""
    for fact in reversed(find_facts(text)):
        text = text[: fact.start] + text[fact.end :]
    return not stems(text)


def _hang_together(first: str, second: str) -> bool:
    """Whether a sentence speaks of something that the one before it names."""
    return points_back(second) or not stems(first).isdisjoint(stems(second))


def _with_other_names(text: str, source: ScoredSpan) -> list[str]:
    """The sentence with two of its names exchanged, or one of them in the place of which the quote has another."""
    # Beside the passage, which shows what is a name where a sentence begins with it.
    beside = find_facts(f"{text}\n{source.passage.title}\n{source.passage.text}")
    names = [fact for fact in beside if fact.kind == "name" and fact.end <= len(text)]
    held = {part for name in names for part in name.text.split()}
    rivals = [fact.text for fact in beside if fact.kind == "name" and fact.text in source.text]
    rivals = [rival for rival in rivals if held.isdisjoint(rival.split())]
    made = [
        text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :]
        for a, b in combinations(names, 2)
        if a.text != b.text
    ]
    made += [text[: name.start] + rival + text[name.end :] for name in names for rival in dict.fromkeys(rivals)]
    return made[:VARIANTS]


def _cut(passage: Passage, span: Span) -> str:
    return passage.text[span[0] - passage.start : span[1] - passage.start]


def _absolutes(text: str) -> set[str]:
    return set(ABSOLUTES.findall(text.casefold()))


def _holds_facts(text: str, passage: Passage, span: Span) -> bool:
    """Whether the words hold every number and date of the sentence, and the passage every name, "never" and "all".

    Names may stand anywhere in the passage: its sentences call people "he".
    """
    if not _absolutes(text) <= _absolutes(passage.text):
        return False
    told = compare(text, _cut(passage, span))
    whole = compare(text, under_title(passage.title, "", passage.text))
    is_told = not told.mismatches and all(fact.kind == "name" for fact in told.missing)
    return is_told and not whole.mismatches and not whole.missing


def unsupported_part(verifier: Verifier, text: str, evidence: str) -> str:
    """The part of a sentence that its evidence does not bear out, "" where all of them stand.

    A part that says nothing but the evidence's own words is not read: how they hang together is read in the whole.
    """
    held = stems(evidence)
    parts = [part for part in JOINTS.split(text) if not stems(part) <= held]
    if not parts:
        return ""
    scores = verifier.scores([(part, evidence) for part in parts])[:, SUPPORTED]
    return parts[scores.argmin()] if scores.min() < PART_HOLDS_FROM else ""
