"""How surely a sentence states a fact: barely, or as alleged, planned, possible, asked, or denied.

"He was accused of cheating" does not bear out "he cheated". A word that lowers the standing reaches from itself to
the end of its clause, and speaks only of what stands there. What a claim says as carefully as the evidence does is
borne out, and so is what another clause of the evidence states barely.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from factbot.checking.facts.statements.wording import IRREGULAR, Sentence, content, main_verb, sentences
from factbot.text.english import AUXILIARIES, is_finite
from factbot.text.tokens import Token, tokenize, word_set

__all__ = ["Lesser", "Standing", "lesser_standing"]

Standing = Literal["alleged", "planned", "possible", "conditional", "asked", "denied"]

_MARKERS: dict[Standing, str] = {
    "alleged": """
        according to critics|according to opponents|according to prosecutors|according to supporters
        accusation of|accusation that|accusations of|accusations that|accuse|accused|accused of|accuses|accusing
        allegation of|allegation that|allegations of|allegations that|allege|alleged|allegedly|alleges|alleging
        appear to|appeared to|appears to|argue|argued|argues|arguing|asserted|asserts|assumed to|believe
        believed that|believed to|believes|charge of|charged with|charges of|charges that|claim|claim that
        claim to|claimed|claimed that|claimed to|claiming|claiming that|claiming to|claims|claims that|claims to
        complained|complains|contended|contends|fear|feared|fears|indicted for|indicted on|insist|insisted|insists
        investigated for|maintained that|maintains that|on trial for|purported to|purportedly|reportedly
        rumored to|rumors that|rumoured to|rumours that|seem to|seemed to|seems to|speculated|sued for
        supposedly|suspect|suspected|suspected of|suspects|suspicion of|suspicion that|suspicions of
        suspicions that|thought to|trial for
    """,
    "planned": """
        'll|about to|agreed to|aim to|aimed to|aiming to|aims to|allowed to|asked to|attempt to|attempted to
        attempting to|attempts to|bid to|bill to|called for|called on|calling for|calls for|calls on|demanded
        demands|designed to|due to be|effort to|efforts to|expect|expect to|expected|expected to|expecting to
        expects|expects to|forecasts|going to|hope|hope to|hoped|hoped that|hoped to|hopes|hopes for|hopes that
        hopes to|hoping to|in order to|intend to|intended to|intending to|intends to|is expecting|offered to
        offers to|on track to|ordered to|plan to|planned to|planning to|plans|plans for|plans on|plans to
        pledge to|pledged to|pledges to|predicted|predicts|prepared to|prepares to|preparing to|promise to
        promised|promised to|promises to|proposal for|proposal to|propose|proposed|proposed to|proposes
        proposes to|proposing|ready to|recommend|recommended|recommends|required to|scheduled for|scheduled to
        seek to|seeking to|seeks to|set to|shall|slated to|sought to|threaten to|threatened to|threatening to
        threatens to|told to|tried to|tries to|try to|trying to|urged|urges|vowed to|vows to|want to|wanted to
        wants|wants to|warned that|warns that|will|wishes to|would like to
    """,
    "possible": """
        can|chance of|chance to|chances of|consider|considering|considers|could|exploring|in talks|likely
        likely to|may|might|mulling|perhaps|possibility of|possibility that|possibly|potential to|potentially
        probably|risk of|risk that|risks|talks about|talks to|unlikely to|weighing|would
    """,
    "conditional": """
        as long as|assuming|depending on|even if|if|in case|only if|provided|provided that|till|unless|until
    """,
    "asked": """
        asked if|asking if|investigate|investigates|investigating|looking into|not known|question of|questioned
        questions about|unclear|unknown|unsure|whether|wondered|wonders
    """,
    "denied": """
        abandoned|acquitted of|avoided|barely|canceled|cancelled|cleared of|declined to|denial of|denial that
        denied|denies|deny|denying|dismissed|dropped|fail to|failed to|failing to|fails to|false claim|falsely
        falsely claimed|far from|hardly|has yet to|have yet to|instead of|myth|n't|neither|never|no evidence of
        no evidence that|no longer|no plans to|nor|not|not guilty of|not yet|prevented|prevents|rather than
        refused to|refuses to|rejected|rejects|ruled out|rules out|scrapped|stopped short of|unable to|without
        yet to
    """,
}
MARKERS: dict[tuple[str, ...], Standing] = {
    tuple(phrase.split()): kind
    for kind, table in _MARKERS.items()
    for line in table.strip().splitlines()
    for phrase in line.strip().split("|")
}
LONGEST = max(map(len, MARKERS))
FIRST = frozenset(phrase[0] for phrase in MARKERS)
# Words of a claim that show that it does not state its fact barely, or says how things stand by itself.
CAREFUL = word_set(
    "according accusation accuse accused accuses accusing acquitted agreed ahead aimed aims allegation "
    "allegations allege alleged allegedly alleges alleging apparently appear appears aren't argued argues ask "
    "asked asking asks assumed assumes barely believe believed believes called calling calls can can't cannot "
    "chance chances charged charges claim claimed claiming claims cleared considering could couldn't demanded "
    "demands denied denies deny described describes didn't doesn't don't doubt doubted doubts due expect "
    "expected expects eyes failed fails far fear feared fears feels felt few forecast future hadn't hard hardly "
    "hasn't haven't hope hoped hopes hoping if indicted insisted insists intended intends investigated "
    "investigating isn't lack lacked lacks likely little maintains may meant might missed must need needs "
    "neither never no nobody none nor not nothing offered offers only opinion ought perhaps planned planning "
    "plans pledged possible possibly potential potentially predicted predicts probably promised promises "
    "proposal propose proposed proposes prospect purportedly puts question questions ready reckoned reckons "
    "recommended recommends refused rejected reportedly risk said say saying says scheduled seeking seeks seem "
    "seems set shot should slated sought sued suggested suggests supposed supposedly suspect suspected suspects "
    "suspicion tells tested tests thinks thought threatened told trial tried tries trying unable unclear "
    "unknown unless unlikely unsure upcoming urged urges view vowed want wanted wants warned warns wasn't "
    "weren't whether wish wishes without would would-be wouldn't yet"
)
ENDS = frozenset('.;:!?()[]"“”—–')
JOINTS = word_set("but while although though because which who whose where when whereas since as than")
NOUN_PHRASE = word_set("alleged suspected proposed planned expected purported")
PAST = word_set("was were had has have did been")
FUTURE = word_set("will shall 'll won't")
# How much of what a claim says has to stand in one clause, so that the two speak of one thing.
ENOUGH, WITH_VERB = 0.34, 2  # share and number of its words, where its verb is one of them
MOST, WITHOUT_VERB = 0.5, 2  # and where it is not
OF_SUBJECT = 0.6  # share of the subject's words that have to stand there, where one word is said of it


@dataclass(frozen=True)
class Lesser:
    """What the evidence says only as something less than a fact: `marker` and `words` stand there as they are."""

    standing: Standing
    marker: str
    words: str


@dataclass(frozen=True)
class _Reach:
    """The tokens begin:end of a sentence that a marker speaks of; the marker itself is at first:begin."""

    standing: Standing
    first: int
    begin: int
    end: int


def lesser_standing(claim: str, evidence: str) -> Lesser | None:
    """Whether a claim states as a bare fact what the evidence says only with a lesser standing, and where.

    None where the claim is as careful itself, where the evidence also states the fact barely, or where it
    does not speak of it. A claim that something "will" happen is as careful as a plan. Both are English, and
    the claim is one sentence. Time grows with the length of both.
    """
    tokens = tokenize(claim)
    if not CAREFUL.isdisjoint(token.word for token in tokens) or "?" in claim:
        return None
    told = _told(tokens)
    time = _time(tokens)
    best: tuple[float, int, Lesser] | None = None
    barely = 0.0
    read = sentences(evidence)
    if told.alone and not told.is_of(read):
        return None
    for sentence in read:
        reaches = list(_reaches(sentence, time))
        reached = {at for reach in reaches for at in range(reach.begin, reach.end)}
        free = {stem for at, stem in enumerate(sentence.stems) if stem and at not in reached}
        barely = max(barely, told.share(free))
        for reach in reaches:
            share = told.share({stem for stem in sentence.stems[reach.begin : reach.end] if stem})
            if share and (best is None or (share, -reach.end + reach.begin) > best[:2]):
                best = share, reach.begin - reach.end, _lesser(sentence, reach)
    return best[2] if best and barely < best[0] else None


@dataclass(frozen=True)
class _Told:
    """The stems of what a claim says of its subject; `verb` is the first of them, "" where none is sure.

    `alone` are the stems of the subject where only one word is said of it: "the fire was arson".
    """

    stems: tuple[str, ...]
    verb: str
    alone: frozenset[str] = frozenset()

    def is_of(self, read: Sequence[Sentence]) -> bool:
        """Whether the evidence speaks of the subject of which one word is said."""
        there = {stem for sentence in read for stem in sentence.stems if stem}
        return len(self.alone & there) >= OF_SUBJECT * len(self.alone)

    def share(self, there: set[str]) -> float:
        """The share of the stems that stand there; 0 where it is too little to be the same statement."""
        found = sum(stem in there for stem in self.stems)
        if self.alone:
            return float(found)
        share = found / max(1, len(self.stems))
        if self.verb in there:
            return share if found >= WITH_VERB and share >= ENOUGH else 0.0
        return share if found >= WITHOUT_VERB and share >= MOST else 0.0


def _told(tokens: Sequence[Token]) -> _Told:
    verb = main_verb(tokens)
    words = [token.word for token in tokens]
    if verb is not None and len(content(words[verb:])) == 1 and (subject := content(words[:verb])):
        return _Told((content(words[verb:])[0],), "", frozenset(subject))
    if verb is None or len(content(words[verb:])) < WITH_VERB:
        return _Told(tuple(dict.fromkeys(content(words))), "")
    told = content(words[verb:])
    return _Told(tuple(dict.fromkeys(told)), told[0])


def _time(tokens: Sequence[Token]) -> Literal["past", "present", "future"]:
    """When a claim's fact is: what "will happen" does not bear out what "happened"."""
    words = [token.text for token in tokens]
    finite = [word.lower() for at, word in enumerate(words) if is_finite(words, at)]
    if not finite:
        return "present"
    if not FUTURE.isdisjoint(finite) or "going to" in " ".join(words):
        return "future"
    first = finite[0]
    irregular = first not in AUXILIARIES and first in IRREGULAR and IRREGULAR[first] != first
    return "past" if first in PAST or first.endswith("ed") or irregular else "present"


def _lesser(sentence: Sentence, reach: _Reach) -> Lesser:
    tokens = sentence.tokens
    marker = sentence.text[tokens[reach.first].start : tokens[reach.begin - 1].end]
    words = sentence.text[tokens[reach.begin].start : tokens[reach.end - 1].end]
    return Lesser(reach.standing, marker, words)


def _reaches(sentence: Sentence, time: str) -> Iterator[_Reach]:
    """The markers of a sentence, each with the tokens that it speaks of."""
    words = sentence.words
    at = 0
    while at < len(words):
        phrase = _marker(words, at)
        if not phrase or not _is_lesser(phrase, sentence.tokens[at].text, time):
            at += 1
            continue
        begin = at + len(phrase)
        end = _end(sentence, begin, short=words[at] in NOUN_PHRASE and len(phrase) == 1)
        if end > begin:
            yield _Reach(MARKERS[phrase], at, begin, end)
        at = begin


def _is_lesser(phrase: tuple[str, ...], text: str, time: str) -> bool:
    """Whether a marker says less than a claim about that time does."""
    if phrase in (("will",), ("shall",), ("'ll",), ("going", "to")):
        return time == "past" and text.islower()
    if time == "future":
        return MARKERS[phrase] != "planned" and phrase != ("would",)
    return text.islower() or len(phrase) > 1 or MARKERS[phrase] != "possible"  # May is a name and a month


def _marker(words: Sequence[str], at: int) -> tuple[str, ...]:
    """The longest marker that begins at a word; empty where none does."""
    word = words[at]
    if word.endswith(("n't", "'ll")):
        return _SHORTENED[word[-3:]]
    if word not in FIRST:
        return ()
    for length in range(min(LONGEST, len(words) - at), 0, -1):
        phrase = tuple(words[at : at + length])
        if phrase in MARKERS:
            return phrase
    return ()


_SHORTENED = {"n't": ("n't",), "'ll": ("'ll",)}


def _end(sentence: Sentence, begin: int, short: bool) -> int:
    """The token at which the clause after a marker ends; a noun phrase ends at its verb."""
    words, texts = sentence.words, [token.text for token in sentence.tokens]
    for at in range(begin, len(words)):
        word = words[at]
        if word in ENDS or (at > begin and (word in JOINTS or word == ",")):
            return at
        if at > begin and word == "and" and at + 1 < len(words) and _is_new_verb(texts, at + 1):
            return at
        if short and at > begin and is_finite(texts, at):
            return at
    return len(words)


def _is_new_verb(texts: Sequence[str], at: int) -> bool:
    """Whether a finite verb, or a subject with one, begins after "and"."""
    return any(is_finite(texts, n) for n in range(at, min(at + 3, len(texts))))
