"""Which sentences cannot be checked, and why: questions, orders, greetings, opinions, headings, no English."""

from __future__ import annotations

import re
from collections.abc import Sequence

from factbot.text.english import (
    FULL_STOP,
    MAY_BE_NAMES,
    SAYING,
    WORD,
    any_of,
    finite_verbs,
    is_foreign,
    lowered,
    may_state,
)

__all__ = ["FOREIGN", "OPINION", "reason_left_out"]

_WORDLESS = "It holds no words."
_HEADING = "It is a heading or a label, not a statement."
_QUESTION = "It is a question."
FOREIGN = "It does not seem to be English, which is all that the verifier reads well."
_GREETING = "It is a greeting or a thank-you."
_ORDER = "It tells somebody to do something and states nothing."
OPINION = "It is an opinion or a judgement of value."
_ONE_WORD = "One word says nothing that can be checked."
_VERBLESS = "It has no verb, so it states nothing."

_ASKS = re.compile(r"[?？؟]\W*$")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]|(?<!\w)[‘'].*?[’'](?!\w)")
_ASKING = re.compile(
    rf"(?:(?:and|but|so|or) )?(?:{any_of('who whom whose what which when where why how')})\b(?!:)", re.I
)
_INVERTED = re.compile(
    rf"(?:{any_of('is are was were did does do has have had will would can could should shall')})(?:n['’]t)?\b",
    re.I,
)
_GREETS = re.compile(
    r"(?:thank you|many thanks|thanks(?! to)|cheers|welcome to|have a (?:nice|good|great))\b"
    rf"|(?:{any_of('hi hello hey dear greetings goodbye bye regards sincerely yours sorry congratulations')}"
    r"|good (?:morning|afternoon|evening|night)|(?:best|kind) (?:wishes|regards))(?:\W+\w+){0,3}\W*$",
    re.I,
)
_ORDERED = any_of(
    "answer assume ask act call check compare consider contact describe find follow forget give keep list make "
    "mark output print read repeat reply report respond return say see send share show stop take tell treat try "
    "verify visit watch write"
)
_OBJECT = any_of(
    "the a an this that these those it them me us him her your my our all any every only with to as whether if "
    "what who how more nothing everything"
)
_ORDERS = re.compile(
    rf"(?:please|kindly|summari[sz]e|explain|let (?:us|me)|let['’]s|note that|look at|log in)\b"
    rf"|(?:{any_of('ignore disregard pretend remember imagine click subscribe')}|sign up) (?-i:[a-z])"
    rf"|(?:do not|don['’]t|never) (?!(?:{any_of('has have had is was were did before again')})\b)(?-i:[a-z])"
    rf"|(?:{_ORDERED}) (?:{_OBJECT})\b",
    re.I,
)
_OWN_VIEW = re.compile(
    r"(?:\W|\b(?:and|but|so|yes|well|honestly|frankly)\b)*(?:I|we)(?:['’]d)?"
    r"(?: [a-z]+ly| also| still| just| do not| don['’]t| do)? "
    rf"(?:{any_of('think believe feel guess hope wish suppose suspect doubt love hate like prefer want agree')})\b"
    r"|.*\b(?:in|to) (?:my|our) (?:view|opinion|mind|eyes|humble opinion)\b|\W*personally\b|.*\bif you ask me\b"
)
_VALUE = any_of(
    "beautiful ugly wonderful terrible awful horrible amazing awesome disgusting brilliant lovely fantastic "
    "shameful disgraceful stupid boring delicious overrated underrated magnificent gorgeous hideous pathetic "
    "ridiculous charming marvellous splendid dreadful embarrassing disgrace shame masterpiece joke"
)
_SEEMS = (
    rf"(?:\b(?:{any_of('is are was were be been look looks looked sound sounds seem seems seemed')})|['’](?:s|re))"
)
_RATES = re.compile(
    rf"{_SEEMS}(?: (?:an?|the|so|very|really|quite|too|not|such|just|[a-z]+ly)){{0,3}} (?:{_VALUE})\b"
    r"|^(?:(?!that |how |whether |what |if |who |than ).)*\b(?:should(?! not be confused)|ought to)\b"
    r"|\b(?:best|greatest|worst|finest|most beautiful)(?: [\w-]+){1,4} (?:ever|of all time|in the world)\b"
    r"|^(?:(?!that ).)*\b(?:is|are|was|were) (?:simply |by far )?the (?:best|greatest|worst)(?: [\w-]+){0,2}\W*$"
    rf"|^what an? |^how (?:{_VALUE}) ",
    re.I,
)


def reason_left_out(line: str, text_is_foreign: bool) -> str:
    """Why a sentence is no claim, as one sentence; "" for a claim. `text_is_foreign`: the text is no English."""
    if not any(c.isalpha() for c in line):
        return _WORDLESS
    if line.startswith("#"):
        return _HEADING
    words = WORD.findall(line)
    stops = bool(FULL_STOP.search(line))
    unquoted = _QUOTED.sub("", line)
    if _ASKS.search(unquoted) or (_ASKS.search(line) and not finite_verbs(WORD.findall(unquoted))):
        return _QUESTION
    if is_foreign(line, text_is_foreign):
        return FOREIGN
    if _GREETS.match(line):
        return _GREETING
    if _ORDERS.match(line):
        return _ORDER
    if _is_question(line, words, stops):
        return _QUESTION
    if len(words) == 1:
        return _ONE_WORD
    if _OWN_VIEW.match(unquoted) or (_RATES.search(unquoted) and not SAYING.search(unquoted)):
        return OPINION
    if stops:
        return "" if may_state(words) else _VERBLESS
    return "" if finite_verbs(words) else _HEADING


def _is_question(line: str, words: Sequence[str], stops: bool) -> bool:
    """Without a question mark: "who won the election", "did he win"."""
    if "," in line:
        return False
    verbs, first = len(finite_verbs(words)), lowered(words, 0)
    if _ASKING.match(line):
        inverted = bool(_INVERTED.match(" ".join(words[1:])))
        if stops:
            return inverted and verbs == 1
        return inverted or verbs < 2 or first not in {"when", "where", "why"}
    if not _INVERTED.match(line):
        return False
    return verbs == 0 if first in MAY_BE_NAMES else verbs < 2 or not stops
