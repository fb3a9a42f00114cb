"""The claims of a text: its sentences one by one, those that cannot be checked with the reason why.

Everything here is read off the words, with short lists of English verbs and function words. In doubt a sentence is
a claim, stays whole and keeps its pronouns: a claim too many costs a moment, one left out is never checked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from factbot.errors import UsageError
from factbot.sentences import Span, sentence_spans

__all__ = ["MAX_TEXT", "Claim", "find_claims", "is_statement"]

MAX_TEXT = 100_000  # characters


@dataclass(frozen=True)
class Claim:
    """One sentence or clause of a text: `text[start:end] == claim.text`, always.

    `standalone` is the claim as it is searched for and read: on one line, without what only asks for a check, its
    pronoun resolved where that is safe. `left_out` is empty for a claim to check, else one sentence that says why
    it is none.
    """

    text: str
    start: int
    end: int
    standalone: str
    left_out: str


def find_claims(text: str) -> list[Claim]:
    """Every sentence of a text, in order, as a claim or with the reason why it is left out.

    Clauses that stand on their own are claims of their own. Raises UsageError for what is no text, holds no words,
    or has more than MAX_TEXT characters.
    """
    if not isinstance(text, str):
        raise UsageError("What is to be checked is a text; give it as one string.")
    if len(text) > MAX_TEXT:
        raise UsageError(f"The text has {len(text):,} characters; check at most {MAX_TEXT:,} at a time.")
    if not any(c.isalnum() for c in text):
        raise UsageError("The text holds no words; give a text that states something.")
    abroad = _is_foreign(_line(text))
    claims: list[Claim] = []
    before = ""
    for start, end in _sentences(text):
        for first, last in _clauses(text, start, end):
            line = _unwrapped(_line(text[first:last]))
            left_out = _reason(line, abroad)
            standalone = line if left_out else _resolved(line, before)
            claims.append(Claim(text[first:last], first, last, standalone, left_out))
            before = "" if left_out else standalone
    return claims


def is_statement(text: str) -> bool:
    """Whether what a person typed states something that is to be checked, and is no question to be answered.

    Of several sentences the majority counts, and the last where they are even. Keywords, orders ("tell me about
    ...") and greetings are no statements; an opinion is one, though it cannot be checked.
    """
    text = text[:MAX_TEXT]
    states = [_states(claim) for claim in find_claims(text)] if any(c.isalnum() for c in text) else [False]
    return 2 * sum(states) + states[-1] > len(states)


def _states(claim: Claim) -> bool:
    return claim.left_out in ("", OPINION) or (claim.left_out == FOREIGN and bool(_FULL_STOP.search(claim.text)))


def _line(text: str) -> str:
    return " ".join("".join(" " if unicodedata.category(c)[0] == "C" else c for c in text).split())


# -- sentences -------------------------------------------------------------------------------------

_LINE_END = re.compile(r"\r\n|[\n\r\v\f\u0085\u2028\u2029]")
_PARAGRAPH_END = re.compile(r"(?:(?:\r\n|[\n\r\v\f\u0085\u2028\u2029])[^\S\n\r\v\f\u0085\u2028\u2029]*){2,}")
_ITEM = r"(?:[-–—*•‣▪·>+|]|\(?\d{1,3}[.)])\s"
_STARTS_BLOCK = re.compile(rf"\s*(?:{_ITEM}|#{{1,6}}\s)")
_MARKER = re.compile(rf"\s*(?:{_ITEM}+)+(?=\S)")
_RUNS_ON = re.compile(
    r"[,;:&–—-]\s*$|\b(?:an?|and|as|at|by|for|from|in|is|of|on|or|that|the|to|was|with)\s*$", re.I
)
USUAL_WIDTH = 60  # characters of a line, where a paragraph is too short to show it


def _sentences(text: str) -> Iterator[Span]:
    for first, last in _blocks(text):
        marker = _MARKER.match(text, first, last)
        first = marker.end() if marker else first
        for start, end in sentence_spans(text[first:last], "en"):
            yield first + start, first + end


def _blocks(text: str) -> Iterator[Span]:
    """Stretches that no sentence crosses: paragraphs, headings, items of lists. Wrapped lines stay together."""
    for first, last in _between(text, _PARAGRAPH_END, 0, len(text)):
        lines = list(_between(text, _LINE_END, first, last))
        width = max(end - start for start, end in lines)
        if len(lines) < 3:
            width = max(width, USUAL_WIDTH)
        for (start, end), (after, until) in pairwise(lines):
            if _ends_block(text[start:end], text[after:until], width):
                yield first, end
                first = after
        yield first, last


def _between(text: str, gaps: re.Pattern[str], start: int, end: int) -> Iterator[Span]:
    for gap in gaps.finditer(text, start, end):
        yield start, gap.start()
        start = gap.end()
    yield start, end


def _ends_block(line: str, following: str, width: int) -> bool:
    """Whether the line ends on purpose: the first word of the next would still have found room on it."""
    if line.lstrip().startswith("#") or _STARTS_BLOCK.match(following):
        return True
    first = following.split(maxsplit=1)[:1]
    room = len(line.rstrip()) + 1 + len("".join(first)) <= width
    return room and not following.lstrip()[:1].islower() and not _RUNS_ON.search(line)


# -- English, as far as it shows in the words ------------------------------------------------------

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _or(words: str) -> str:
    return "|".join(words.split())


AUXILIARIES = _set(
    "am are aren't can can't cannot could couldn't did didn't do does doesn't don't had hadn't has hasn't have "
    "haven't he'd he'll he's i'm i've is isn't it'll it's may might must mustn't shall she'd she'll she's "
    "should shouldn't that's there's they'd they'll they're they've was wasn't we're we've were weren't will "
    "won't would wouldn't you're"
)
PASTS = _set(
    "ate beat became began bent bled blew bore bought bred broke brought built burnt came caught chose clung "
    "co-wrote crept cut dealt drank drew drove dug fed fell felt fled flew forbade forgave forgot fought found "
    "froze gave got grew heard held hid hit hung hurt kept knelt knew laid lay led left lent let lit lost made "
    "meant met overthrew paid put quit ran rang read rode rose said sang sank sat saw sent set shook shot "
    "shrank shut slept slid sold sought spent split spoke sprang spread stole stood struck stuck swam swept "
    "swore swung taught thought threw told took tore understood underwent upheld went withdrew woke won wore "
    "wrote"
)
VERBS = _set(
    "accept accuse achieve acquire add adopt agree allow announce apologise apologize appear appoint approve "
    "argue arrive ask avoid beat become begin believe belong bring build buy carry cause celebrate choose collect "
    "come compare confirm consider consist contain continue contribute convict create criticise criticize "
    "decide declare decrease defend deliver deny depend describe destroy detain develop die differ disagree "
    "discover discuss dislike dominate earn eat elect embrace employ enable encourage endorse enjoy enter "
    "establish examine exceed exclude exist expand expect expel explain exploit explore express extend fail "
    "fall find flee follow foresee gain generate get give go govern grieve grow guarantee happen hate hear hire "
    "hold honor honour identify ignore impair impose improve include indicate inform injure insist inspire "
    "interview introduce invade invest invite involve join keep kill know learn leave live lose maintain make "
    "manage mean meet mention negotiate obey obtain occupy occur oppose organise organize owe own pay perform "
    "persuade pose possess preach predict prefer prepare pretend prevent proceed prohibit promote propose "
    "prosecute protect prove provide publish pursue raise reach read receive recognise recognize recommend "
    "recover recruit reduce refer reflect refuse regard reject relate rely remain remember remove rename renew "
    "replace represent require reside resign resolve restore retain retire reveal reverse ride rise say see "
    "seek seem seize sell send serve settle sing sit speak spend stand stay submit succeed suffer suggest "
    "survive suspend sustain swim take teach tell tend think threaten thrive throw tolerate treat try uncover "
    "undermine understand unite unveil upgrade uphold urge vary vow want warn wear weigh win withdraw worry "
    "write yield"
)
NOUN_VERBS = _set(
    "access address aim attack average back ban bid blame block bomb border call campaign capture change "
    "charge claim close coach collapse contract control cost cover crash cut damage deal debate decline defeat "
    "delay demand deploy design double draft drive drop ease end export face feature fight film finance fine "
    "fire flood force form fuel gain grant help hope host import increase jail judge lack launch lead lift like "
    "link love mark measure move name need offer open order park pass plan play pledge present pressure probe "
    "process produce profit project promise protest pull push question raid rain rally rank rate record reform "
    "release rent reply report request rescue respect result return risk rival rule run sail score scrap search "
    "set share shelter shift show sign slam slash slow sound spark sponsor spy stage start state stop stream "
    "strike struggle study support surge suspect talk target test tie top total tour track trade train travel "
    "trigger triple turn use veto view visit vote wait walk watch welcome whip work"
)
NOT_PAST = _set(
    "bleed breed creed deed embed exceed feed greed heed hundred indeed naked need proceed reed rugged sacred "
    "seed shed speed succeed weed wicked"
)
PREPOSITIONS = _set(
    "about above across after against along among around as at before behind below between beyond by despite "
    "during for from in inside into like near of off on onto outside over per since than through throughout to "
    "toward towards under until upon via with within without"
)
ARTICLES = _set("a an each every her his its my our the their your")
PLURALS = _set(
    "both children eight few five four i many men most nine people police seven several six some ten these they "
    "those three two we who women you"
)


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


THIRDS, NOUN_THIRDS = {_third(verb) for verb in VERBS}, {_third(verb) for verb in NOUN_VERBS}
KNOWN = AUXILIARIES | PASTS | VERBS | THIRDS | NOUN_VERBS | NOUN_THIRDS
LINKS = PREPOSITIONS | ARTICLES | {"and", "or", "but", "who", "that", "which"}
MAY_BE_NAMES = {"can", "may", "will"}


def _words(line: str) -> list[str]:
    return _WORD.findall(line)


def _finite(words: Sequence[str]) -> list[int]:
    """The numbers of the words that are surely finite verbs."""
    return [n for n in range(len(words)) if _is_finite(words, n)]


def _is_finite(words: Sequence[str], n: int) -> bool:
    word, low, before, after = words[n], _low(words, n), _low(words, n - 1), _low(words, n + 1)
    if before in ARTICLES or (before == "to" and low not in THIRDS) or (word[0].isupper() and low in MAY_BE_NAMES):
        return False
    if low in AUXILIARIES:
        return low != "am" or before == "i"
    if n == 0 or not word.islower() or before in PREPOSITIONS:
        return False
    if low in PASTS or (low.endswith("ed") and len(low) > 3 and low not in NOT_PAST and "-" not in low):
        agent = after == "by" and not _low(words, n + 2)[:1].isdigit()
        return not agent and not (before.endswith("ly") and _low(words, n - 2) in ARTICLES)
    if low in THIRDS or (low in VERBS and _takes_base(words, n)):
        return True
    to_object = after in ARTICLES or after == "to"
    if low in NOUN_THIRDS:
        named = words[n - 1][0].isupper() and bool(after) and not after[0].isdigit()
        full = n > 1 and words[n - 2][0].isupper()
        return before in PRONOUNS or to_object or (named and (full or after not in PREPOSITIONS))
    return low in NOUN_VERBS and to_object and _takes_base(words, n)


def _takes_base(words: Sequence[str], n: int) -> bool:
    """Whether "recommend" may be the verb of the words before it: "doctors", "they", "Tom and Ann"."""
    return _is_plural(_low(words, n - 1)) or (words[n - 1][0].isupper() and "and" in words[:n])


def _is_plural(low: str) -> bool:
    return low in PLURALS or (low[-1] == "s" and low[-2:] not in {"ss", "us", "is", "'s"} and low not in ARTICLES)


def _low(words: Sequence[str], n: int) -> str:
    return words[n].lower().replace("’", "'") if 0 <= n < len(words) else ""


def _may_state(words: Sequence[str]) -> bool:
    """Whether some word may be a finite verb, known or not."""
    lows = [_low(words, n) for n in range(len(words))]
    return any(
        low in KNOWN
        or (n > 0 and words[n].islower() and low.endswith(("ed", "s")))
        or (n > 0 and _is_plural(lows[n - 1]) and low not in LINKS)
        for n, low in enumerate(lows)
    )


_FOREIGN_WORDS = _set(
    # German, Dutch, Swedish, Danish, Norwegian
    "der das und ist nicht ein eine einen dem den des mit für auf im zu von sich auch nach wird wurde sind het "
    "een van dass oder gegen aus bei vor zum zur über als haben drei zwei dat niet zijn voor met ook aan naar "
    "och att det som är på av för inte en af ikke er og jeg har "
    # French, Spanish, Portuguese, Italian, Romanian
    "le la les du et est une dans pour que qui sur pas par avec ont été el los las del y un una es con para su "
    "al lo como os da dos em um uma não são foi ao il gli di che è della nel sono si ha și este din cu "
    # Polish, Czech, Croatian, Hungarian, Finnish, Turkish, Indonesian
    "w z na się nie jest że je za az és hogy egy nem ja ei että ve bir bu için ile yang dengan untuk de"
)
_ACCENTED = re.compile(r"[^\W\d_a-z]")  # of a word in small letters
_IN_NAMES = _set(
    "al da de del della den der di do dos du e el il la las le los san ter van von y"
)  # "van der Bellen"
_ENGLISH_WORDS = _set(
    "about after all also an and are as at be been before but by first for from had has have he her his into is "
    "it its more new not of over said she than that the their there they this to was were when which who will "
    "with would"
)


def _is_foreign(line: str, abroad: bool = False) -> bool:
    """Whether the words look like no English; `abroad`: the text around them does."""
    letters = [c for c in line if c.isalpha()]
    if 2 * sum("\u0250" <= c < "\u1e00" or c > "\u1eff" for c in letters) > len(letters):
        return True
    words = _words(line)
    lows = {word.lower() for word in words}
    found = set()
    for n, (word, after) in enumerate(pairwise([*words, ""])):
        in_name = word.lower() in _IN_NAMES and (after[:1].isupper() or after in _IN_NAMES) and word != "Der"
        if (word.islower() or (n == 0 and word.isascii())) and not in_name:
            found.add(word.lower())
    foreign = len(found & _FOREIGN_WORDS) + sum(_ACCENTED.search(word) is not None for word in found)
    english = len(lows & _ENGLISH_WORDS) + len(_finite(words))
    return foreign > english or (abroad and foreign == english == 0)


# -- what is left out ------------------------------------------------------------------------------

ORDERED = (
    "answer assume ask act call check compare consider contact describe find follow forget give keep list make "
    "mark output print read repeat reply report respond return say see send share show stop take tell treat try "
    "verify visit watch write"
)

WORDLESS = "It holds no words."
HEADING = "It is a heading or a label, not a statement."
QUESTION = "It is a question."
FOREIGN = "It does not seem to be English, which is all that the verifier reads well."
GREETING = "It is a greeting or a thank-you."
ORDER = "It tells somebody to do something and states nothing."
OPINION = "It is an opinion or a judgement of value."
ONE_WORD = "One word says nothing that can be checked."
VERBLESS = "It has no verb, so it states nothing."

_FULL_STOP = re.compile(r"[.!…。]\W*$")
_ASKS = re.compile(r"[?？؟]\W*$")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]|(?<!\w)[‘'].*?[’'](?!\w)")
_ASKING = re.compile(
    rf"(?:(?:and|but|so|or) )?(?:{_or('who whom whose what which when where why how')})\b(?!:)", re.I
)
_INVERTED = re.compile(
    rf"(?:{_or('is are was were did does do has have had will would can could should shall')})(?:n['’]t)?\b", re.I
)
_GREETING = re.compile(
    r"(?:thank you|many thanks|thanks(?! to)|cheers|welcome to|have a (?:nice|good|great))\b"
    rf"|(?:{_or('hi hello hey dear greetings goodbye bye regards sincerely yours sorry congratulations')}"
    r"|good (?:morning|afternoon|evening|night)|(?:best|kind) (?:wishes|regards))(?:\W+\w+){0,3}\W*$",
    re.I,
)
_OBJECT = _or(
    "the a an this that these those it them me us him her your my our all any every only with to as whether if "
    "what who how more nothing everything"
)
_ORDER = re.compile(
    rf"(?:please|kindly|summari[sz]e|explain|let (?:us|me)|let['’]s|note that|look at|log in)\b"
    rf"|(?:{_or('ignore disregard pretend remember imagine click subscribe')}|sign up) (?-i:[a-z])"
    rf"|(?:do not|don['’]t|never) (?!(?:{_or('has have had is was were did before again')})\b)(?-i:[a-z])"
    rf"|(?:{_or(ORDERED)}) (?:{_OBJECT})\b",
    re.I,
)
_SAY = _or(
    "add agree announc argu ask believ call claim consider decid declar demand describ disagree feel find insist "
    "promis propos recommend report requir rul say stat suggest tell think urg vot want warn writ"
)
_SAYING = re.compile(
    rf"\b(?:(?:{_SAY})(?:e|s|es|d|ed|ing)?|according to|said|told|wrote|thought|felt|named|ranked|whether|law)\b",
    re.I,
)
_OWN_VIEW = re.compile(
    r"(?:\W|\b(?:and|but|so|yes|well|honestly|frankly)\b)*(?:I|we)(?:['’]d)?"
    r"(?: [a-z]+ly| also| still| just| do not| don['’]t| do)? "
    rf"(?:{_or('think believe feel guess hope wish suppose suspect doubt love hate like prefer want agree')})\b"
    r"|.*\b(?:in|to) (?:my|our) (?:view|opinion|mind|eyes|humble opinion)\b|\W*personally\b|.*\bif you ask me\b"
)
_VALUE = _or(
    "beautiful ugly wonderful terrible awful horrible amazing awesome disgusting brilliant lovely fantastic "
    "shameful disgraceful stupid boring delicious overrated underrated magnificent gorgeous hideous pathetic "
    "ridiculous charming marvellous splendid dreadful embarrassing disgrace shame masterpiece joke"
)
_SEEMS = (
    rf"(?:\b(?:{_or('is are was were be been look looks looked sound sounds seem seems seemed')})|['’](?:s|re))"
)
_JUDGES = re.compile(
    rf"{_SEEMS}(?: (?:an?|the|so|very|really|quite|too|not|such|just|[a-z]+ly)){{0,3}} (?:{_VALUE})\b"
    r"|^(?:(?!that |how |whether |what |if |who |than ).)*\b(?:should(?! not be confused)|ought to)\b"
    r"|\b(?:best|greatest|worst|finest|most beautiful)(?: [\w-]+){1,4} (?:ever|of all time|in the world)\b"
    r"|^(?:(?!that ).)*\b(?:is|are|was|were) (?:simply |by far )?the (?:best|greatest|worst)(?: [\w-]+){0,2}\W*$"
    rf"|^what an? |^how (?:{_VALUE}) ",
    re.I,
)


def _reason(line: str, abroad: bool) -> str:
    """Why a sentence is no claim; empty for a claim."""
    words = _words(line)
    stops = bool(_FULL_STOP.search(line))
    if not any(c.isalpha() for c in line):
        return WORDLESS
    if line.startswith("#"):
        return HEADING
    if _ASKS.search(_QUOTED.sub("", line)) or (_ASKS.search(line) and not _finite(_words(_QUOTED.sub("", line)))):
        return QUESTION
    if _is_foreign(line, abroad):
        return FOREIGN
    if _GREETING.match(line):
        return GREETING
    if _ORDER.match(line):
        return ORDER
    if _is_question(line, words, stops):
        return QUESTION
    if len(words) == 1:
        return ONE_WORD
    plain = _QUOTED.sub("", line)
    if _OWN_VIEW.match(plain) or (_JUDGES.search(plain) and not _SAYING.search(plain)):
        return OPINION
    if stops:
        return "" if _may_state(words) else VERBLESS
    return "" if _finite(words) else HEADING


def _is_question(line: str, words: Sequence[str], stops: bool) -> bool:
    """Without a question mark: "who won the election", "did he win"."""
    if "," in line:
        return False
    verbs, first = len(_finite(words)), _low(words, 0)
    inverted = bool(_INVERTED.match(" ".join(words[1:])))
    if _ASKING.match(line):
        return verbs == 1 and inverted if stops else inverted or verbs < 2 or first not in {"when", "where", "why"}
    return bool(_INVERTED.match(line)) and (
        verbs <= (first not in MAY_BE_NAMES) or not (stops or first in MAY_BE_NAMES)
    )


# -- clauses that stand on their own ---------------------------------------------------------------

_JOINT = re.compile(r"\s*;\s*(?:(?:and|but)\s+)?|\s*,\s+(?:and|but|while|whereas)\s+")
_HOLDS_ON = re.compile(  # a clause after these words belongs to the one before
    r"\b(?:that|if|unless|whether|when|whenever|because|although|though|until|once|provided|either|neither|both|"
    r"not only|so|who|whom|whose|which|where)\b|^(?:after|before|as|since|while)\b",
    re.I,
)
_SUBJECT_ENDS = re.compile(r"[,:(]|\b(?:who|which|that|whose|to|if|when)\b", re.I)
_ATTRIBUTED = re.compile(rf",[^,]*{_SAYING.pattern}|according to", re.I)  # "..., the minister said" speaks of both
REACH = 120  # characters within which a clause has its subject and verb
ADVERBS = _set(
    "also always even ever later never nevertheless not now often only perhaps sometimes soon still then"
)
PRONOUNS = _set("he i it she there these they this we you")


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentence at start:end, cut where two clauses stand on their own beyond doubt."""
    for joint in _JOINT.finditer(text, start, end):
        left, right = text[start : joint.start()], text[joint.end() : end]
        if _whole(left) and _stands_alone(left, right, joint[0].lstrip()[0] == ";"):
            yield start, joint.start()
            start = joint.end()
    yield start, end


def _whole(text: str) -> bool:
    """No quotation and no bracket is open at its end."""
    opened = (
        text.count("“") - text.count("”"),
        text.count("(") - text.count(")"),
        text.count("«") - text.count("»"),
    )
    return not any(opened) and text.count('"') % 2 == 0


def _stands_alone(left: str, right: str, strong: bool) -> bool:
    ours, theirs = _words(left), _words(right[:REACH])
    before, after = _finite(ours), _finite(theirs)
    if not before or not after or not 0 < after[0] <= (8 if strong else 6):
        return False
    if _HOLDS_ON.search(left) or _SAYING.search(left) or _ATTRIBUTED.search(right) or not _whole(right):
        return False
    if "," in _until(left, before[0]) and _low(ours, 0) not in PREPOSITIONS:
        return False  # "Johnson, sacked in May, and his wife were ..."
    subject, verb = theirs[: after[0]], theirs[after[0]]
    return not _SUBJECT_ENDS.search(_until(right, after[0])) and _is_subject(subject, verb)


def _until(text: str, n: int) -> str:
    """What stands before word number `n`."""
    return text[: list(_WORD.finditer(text))[n].start()]


def _is_subject(words: Sequence[str], verb: str) -> bool:
    """Whether the words before a verb are its own subject, and do not go on with an earlier one ("then won")."""
    first = words[0].lower()
    if first in PREPOSITIONS or first in ADVERBS:
        return False
    bare = len(words) == 1 and (_is_plural(first) or verb in AUXILIARIES)
    return bare or first in PRONOUNS | ARTICLES | PLURALS or not words[0][0].islower()


# -- what a claim says when it stands alone --------------------------------------------------------

_WRAPPED = re.compile(
    r"(?:so,? )?(?:is it (?:really )?(?:true|correct|right|a fact|the case)|is it not true|isn['’]t it true)"
    r" that (?P<asked>.+?)\W*$"
    r"|(?:it is|it['’]s) (?:true|correct|a fact) that (?P<held>.+)$"
    r"|(?:please )?(?:fact[- ]check|check|verify|true or false|claim)(?: this| the claim)?"
    r"(?:\s*:\s*| (?:that|whether|if) )(?P<given>.+)$"
    r"|(?P<tagged>.+?)(?:,| [-–—]) (?:right|correct|true|is that (?:right|true|correct)|"
    r"(?:is|was|are|were|did|does|do|has|have|had|wo|will|would|ca|can)(?:n['’]t)? (?:he|she|it|they|there)) ?\?$",
    re.I,
)
_DATES = _or(
    "January February March April May June July August September October November December Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday"
)
_NAMES = r"[A-Z](?:[\w-]|['’]\w\w)*(?: (?:[A-Z](?:[\w-]|['’]\w\w)*|de|van|von|der|bin|al))*"
_OPENERS = _or("And But So Then Also Still However Later Meanwhile Now Today Yesterday Afterwards")
_LEADERS = _or("In On By At Until Since During From")
_LEAD = rf"(?i:(?:{_OPENERS}),? )?(?:(?i:{_LEADERS})(?: (?:[a-z]+|\d+(?:st|nd|rd|th|s)?|{_DATES})){{1,4}},? )??"
_OPENING = re.compile(
    rf"^(?:(?:{_OPENERS}),? )?(?:(?:{_LEADERS})(?: (?:\d+(?:st|nd|rd|th|s)?|{_DATES})){{1,3}},? )?"
)
_TRAILING = re.compile(r"(?: (?:also|never|not|then|later|now|still|only|just|already|first|[a-z]+ly))+$")
_POINTER = re.compile(
    rf"(?P<lead>{_LEAD})(?P<pointer>(?i:{_or('he she it they his her its their')}|the company))(?= )"
)
_EXPLETIVE = re.compile(  # "it took two days", "it is clear that", "it was the first time", "it was raining"
    rf"it (?:(?:{_or('took means meant rained seems seemed appears appeared turned turns happened')})\b"
    r"|(?:is|was|will be|would be|has been|had been|remains|became|\w+ \w+ be) .*"
    r"\b(?:that|to|who|whether|when|if|why|how)\b"
    rf"|(?:is|was) (?:the (?:first|second|third|last|only)|\w+ing|{_DATES}|cold|hot|dark|late|early)\b)",
    re.I,
)
_SUMS_UP = re.compile(r"it (?:is|was|became) (?:an?|the|all)\b", re.I)  # of a person's doing: "It was a mistake."
_THERE = re.compile(
    r"^([^\"“«]*[a-z\d] )(?<!from )(?<!up )(?<!over )(?<!out )there"
    rf"(?=[.,;!?]| (?:{_or('after and as before by during for from in on since until with')})\b)"
)
_ARRIVED = rf"(?:{_or('came drove flew moved returned sailed traveled travelled went')}) to|visited|reached"
_PLACE = re.compile(rf"\b(?:in|at|near|{_ARRIVED}) (?!(?:{_DATES})\b)({_NAMES})(?!['’])")
_ROLES = _set(
    "minister president secretary chancellor mayor senator governor king queen prince princess pope judge "
    "doctor author actor actress singer player coach captain officer general man woman boy girl lawyer leader "
    "spokesman spokeswoman director chairman professor teacher driver pilot journalist mr mrs ms dr sir lady "
    "lord"
)
_THINGS = _set(
    "airlines airways association bank bay bridge city club college committee company corp corporation council "
    "county court department federation fc football foundation great group hospital house inc institute island "
    "lake league limited ltd ministry motors mount museum national new north office organisation organization "
    "park parliament party plc port real river royal saint san school society south st state street team union "
    "united university west east"
)
KINDS = {"he": "person", "his": "person", "she": "person", "her": "person", "it": "thing", "its": "thing",
         "they": "plural", "their": "plural", "the company": "company"}  # fmt: skip


def _unwrapped(line: str) -> str:
    """ "Is it true that he won?", "Check: he won", "He won, right?" as "He won."."""
    found = _WRAPPED.match(line)
    if not found:
        return line
    said = next(part for part in found.groups() if part)
    return said[0].upper() + said[1:] + ("" if _FULL_STOP.search(said) else ".")


def _resolved(line: str, before: str) -> str:
    """The line with its first pronoun replaced by the subject of the sentence before, where only that fits."""
    places = set(_PLACE.findall(before))
    if len(places) == 1 and not _PLACE.search(line):
        line = _THERE.sub(rf"\1in {places.pop()}", line)
    found = _POINTER.match(line)
    if not found or _EXPLETIVE.match(line, found.start("pointer")):
        return line
    pointer = found["pointer"].lower()
    subject, rest = _subject(before)
    kinds = _kinds(subject)
    if KINDS[pointer] not in kinds or _competes(rest, KINDS[pointer]):
        return line
    if "person" in kinds and _SUMS_UP.match(line, found.start("pointer")):
        return line
    if found["lead"]:
        subject = re.sub(r"^(The|A|An|His|Her|Its|Their)\b", lambda article: article[0].lower(), subject)
    elif found["pointer"][0].isupper():
        subject = subject[0].upper() + subject[1:]
    if pointer in {"his", "her", "its", "their"}:
        subject += "'" if subject.endswith("s") and KINDS[pointer] == "plural" else "'s"
    return found["lead"] + subject + line[found.end() :]


def _subject(line: str) -> tuple[str, str]:
    """The noun phrase before the first verb, where it is a plain one, and what follows the verb."""
    line = _OPENING.sub("", line)
    words = list(_WORD.finditer(line))
    verbs = _finite([word[0] for word in words])
    if not verbs:
        return "", ""
    parts = line[: words[verbs[0]].start()].strip().split(",")
    added = parts[-1].strip() in {"", "who", "which"}  # "Johnson, a lawyer, ..." and not "On Monday, Johnson ..."
    phrase = _TRAILING.sub("", parts[0 if added else -1].strip())
    lead = _low(phrase.split(), 0)
    if not lead or lead in PRONOUNS | ADVERBS | PREPOSITIONS or lead in KINDS or len(phrase.split()) > 8:
        return "", ""
    if _HOLDS_ON.search(phrase) or re.search(r"[\"“”«»(:/]|\bto\b", phrase):
        return "", ""
    return phrase, line[words[verbs[0]].start() :]


def _kinds(subject: str) -> set[str]:
    """What may stand for a noun phrase: a single name is a person or a thing."""
    words = subject.split()
    head = words[: next((n for n, word in enumerate(words) if word.lower() in PREPOSITIONS), len(words))]
    lows = [word.lower().strip(".") for word in head]
    if not head or " and " in f" {subject} ":
        return {"plural"} if head else set()
    if lows[-1] in _ROLES or (head[-1][0].isupper() and _ROLES & set(lows)):
        return {"person"}
    if head[-1][0].islower():
        return {"plural"} if _is_plural(lows[-1]) else {"thing"}
    if _is_plural(lows[-1]) and (lows[0] == "the" or lows[-1].endswith(("ans", "ats", "ers", "ists"))):
        return {"plural"}
    if (
        _THINGS & set(lows)
        or head[0].lower() in ARTICLES
        or any(word.isupper() and len(word) > 1 for word in head)
    ):
        return {"thing", "company"}
    return {"person", "thing", "company"} if len(head) == 1 else {"person"}


_IS = {"is", "was", "are", "were", "became", "remains", "been"}
_PLACING = _set("across at during entered from in into left near of on reached since through to until visited")


def _competes(rest: str, kind: str) -> bool:
    """Whether the verb and what follows it name something else that the pronoun may stand for.

    What a preposition or "is" leads in does not compete; for a person only those of a place do.
    """
    words, aside = _words(rest), False
    leading = _IS | (_PLACING if kind == "person" else PREPOSITIONS)
    for n, word in enumerate(words):
        low = word.lower()
        if low in leading:
            aside = True
        elif low in PREPOSITIONS or low in {"and", "but"} or _is_finite(words, n):
            aside = False
        elif not aside and _fits(word, kind):
            return True
    return False


def _fits(word: str, kind: str) -> bool:
    if kind == "plural":
        return _is_plural(word.lower())
    if word[0].isupper():
        return not re.fullmatch(f"{_DATES}", word)
    return word in (_ROLES if kind == "person" else ARTICLES if kind == "thing" else ())
