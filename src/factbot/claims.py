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
_MARKER = re.compile(rf"(?:{_ITEM}+)+(?=\S)")
_RUNS_ON = re.compile(
    r"[,;:&–—-]\s*$|\b(?:an?|and|as|at|by|for|from|in|is|of|on|or|that|the|to|was|with)\s*$", re.I
)
USUAL_WIDTH = 60  # characters of a line, where a paragraph is too short to show it


def _sentences(text: str) -> Iterator[Span]:
    for first, last in _blocks(text):
        for start, end in sentence_spans(text[first:last], "en"):
            marker = _MARKER.match(text, first + start, first + end)
            yield (marker.end() if marker else first + start, first + end)


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

AUXILIARIES = set(
    "am is are was were has have had do does did can could may might must shall should will would cannot isn't aren't "
    "wasn't weren't hasn't haven't hadn't don't doesn't didn't can't couldn't mustn't shouldn't won't wouldn't "
    "i'm it's he's she's that's there's we're they're you're i've we've they've he'd she'd they'd he'll she'll "
    "it'll they'll".split()
)
PASTS = set(
    "ate beat became began bent bled blew bore bought bred broke brought built burnt came caught chose clung crept "
    "cut dealt drank drew drove dug fed fell felt fled flew forbade forgave forgot fought found froze gave got grew "
    "heard held hid hit hung hurt kept knelt knew laid lay led left lent let lit lost made meant met overthrew paid "
    "put quit ran rang read rode rose said sang sank sat saw sent set shook shot shrank shut slept slid sold sought "
    "spent split spoke spread sprang stole stood struck stuck swam swept swore swung taught thought threw told took "
    "tore underwent understood upheld went withdrew woke won wore wrote".split()
)
VERBS = set(  # that are hardly ever nouns
    "accept accuse achieve acquire add adopt agree allow announce apologise apologize appear appoint approve argue "
    "arrive ask avoid beat become begin believe belong bring build buy carry choose collect come compare confirm "
    "consider consist contain continue contribute convict create criticise criticize decide declare defend deliver "
    "deny depend describe destroy detain develop die differ discover discuss earn eat elect employ encourage enter "
    "establish exceed exist expand expect expel explain express extend fail fall find flee follow gain generate get "
    "give go grow happen hear hold impose improve include indicate inform injure insist introduce invade invest "
    "invite involve join keep kill know learn leave live lose maintain make manage mean meet mention negotiate "
    "obtain occupy occur oppose organise organize own pay perform possess prefer prepare prevent proceed prohibit "
    "promote propose prosecute protect prove provide publish raise reach read receive recognise recognize recommend "
    "recover reduce refer reflect refuse regard reject relate rely remain remember remove replace represent require "
    "resign resolve retain retire reveal rise say see seek seem seize sell send serve settle sing sit speak spend "
    "stand stay submit succeed suffer suggest survive suspend take teach tell tend think threaten throw treat try "
    "understand urge vary vow want warn wear weigh win worry write yield".split()
)
NOUN_VERBS = set(
    "aim attack back ban blame block call cause change charge claim close collapse control cost cover crash cut "
    "damage deal decline defeat delay demand drive drop end face feature fight film fine fire force form grant help "
    "host hope increase jail judge lack launch lead lift love mark measure move name need offer open order pass plan "
    "play pledge present produce promise protest pull push question rain rank rate record release rent reply report "
    "request rescue result return rule run sail score set share show sign sound sponsor start state stop strike "
    "struggle study support talk target test tie total tour trade train travel turn use view visit vote wait walk "
    "watch welcome work".split()
)
NOT_PAST = set("bed bleed breed creed deed embed exceed feed greed hundred indeed naked need proceed red reed rugged "
               "sacred seed shed speed succeed weed wicked".split())  # fmt: skip
PREPOSITIONS = set(
    "about above across after against along among around as at before behind below between beyond by despite during "
    "for from in inside into like near of off on onto outside over per since than through throughout to toward "
    "towards under until upon via with within without".split()
)
ARTICLES = set("a an the my your his her its our their every each".split())
PLURALS = set("i we you they people police men women children who these those both many some most".split())


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


THIRDS, NOUN_THIRDS = {_third(verb) for verb in VERBS}, {_third(verb) for verb in NOUN_VERBS}


def _words(line: str) -> list[str]:
    return _WORD.findall(line)


def _finite(words: Sequence[str]) -> list[int]:
    """The numbers of the words that are surely finite verbs."""
    return [n for n in range(len(words)) if _is_finite(words, n)]


def _is_finite(words: Sequence[str], n: int) -> bool:
    word = words[n].replace("’", "'")
    low, before, after = word.lower(), _low(words, n - 1), _low(words, n + 1)
    if (
        before in ARTICLES
        or (before == "to" and low not in THIRDS)
        or (word != low and low in {"may", "will", "can"})
    ):
        return False
    if low in AUXILIARIES:
        return True
    if word != low or n == 0:
        return False
    if low in PASTS or (low.endswith("ed") and len(low) > 4 and low not in NOT_PAST):
        return (
            before not in PREPOSITIONS
            and after != "by"
            and not (before[-2:] == "ly" and _low(words, n - 2) in ARTICLES)
        )
    name = words[n - 1][:1].isupper() and before not in PREPOSITIONS
    if low in THIRDS:
        return before not in PREPOSITIONS
    if low in NOUN_THIRDS:
        return (
            before in PRONOUNS
            or after in ARTICLES
            or (name and after != "" and after not in PREPOSITIONS and not after[0].isdigit())
        )
    return low in VERBS and (
        before in PLURALS or (before.endswith("s") and not before.endswith(("ss", "us", "is", "'s")))
    )


def _low(words: Sequence[str], n: int) -> str:
    return words[n].lower() if 0 <= n < len(words) else ""


def _may_state(words: Sequence[str]) -> bool:
    """Whether some word may be a finite verb."""
    lows = {word.lower() for word in words}
    known = AUXILIARIES | PASTS | VERBS | NOUN_VERBS | THIRDS | NOUN_THIRDS
    return bool(lows & known) or any(word.endswith(("ed", "s")) and word.islower() for word in words[1:])


_FOREIGN_WORDS = set(
    # German, Dutch, Swedish, Danish, Norwegian
    "der das und ist nicht ein eine einen dem den des mit für auf im zu von sich auch nach wird wurde sind het een van "
    "dat niet zijn voor met ook aan naar och att det som är på av för inte en til af ikke er og jeg har med "
    # French, Spanish, Portuguese, Italian, Catalan, Romanian
    "le la les des du et est une dans pour que qui sur pas par avec ont été el los las del y un una es se por con no "
    "para su al lo como o os da dos em um uma não são foi ao il gli di che è della nel sono per si ha și este din cu "
    # Polish, Czech, Croatian, Hungarian, Finnish, Turkish, Indonesian
    "w z na się nie jest że do je v za su az és hogy egy nem ja ei että oli ve bir bu için ile yang dan dengan untuk".split()
) - {"do", "no", "per", "an", "o"}
_ENGLISH_WORDS = set(
    "the of and to for with that this it he she they his her their its not by from at as has been who which were are is "
    "was had have will would than after before about into over more new first said an be but there when all also".split()
)


def _is_foreign(line: str, abroad: bool = False) -> bool:
    """Whether the words look like no English; `abroad`: the text around them does."""
    letters = [c for c in line if c.isalpha()]
    if 2 * sum("\u0250" <= c < "\u1e00" or c > "\u1eff" for c in letters) > len(letters):
        return True
    words = _words(line)
    lows = {word.lower() for word in words}
    # "de Gaulle", "Los Angeles": before a name it may be a part of it
    pairs = {
        one.lower() for one, other in pairwise([*words, ""]) if not other[:1].isupper() or one in {"Der", "Das"}
    }
    foreign, english = len(pairs & _FOREIGN_WORDS), len(lows & _ENGLISH_WORDS) + len(_finite(words))
    return foreign > english or (abroad and foreign == english == 0)


# -- what is left out ------------------------------------------------------------------------------

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
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]|(?<!\w)‘.*?’(?!\w)")
_ASKING = re.compile(r"(?:(?:and|but|so|or)\s+)?(?:who|whom|whose|what|which|when|where|why|how)\b", re.I)
_INVERTED = re.compile(
    r"(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|shall|isn['’]t|didn['’]t|doesn['’]t)\b",
    re.I,
)
_GREETING = re.compile(
    r"(?:thank you|thanks(?! to)|many thanks|cheers|welcome to|have a (?:nice|good|great)|good (?:morning|afternoon|evening|night))\b"
    r"|(?:hi|hello|hey|dear|greetings|goodbye|bye|best wishes|(?:kind |best )?regards|sincerely|yours|sorry|please|congratulations)"
    r"(?:\W+\w+){0,3}\W*$",
    re.I,
)
_ORDER = re.compile(
    r"(?:please|kindly|let us|let['’]s|let me|ignore|disregard|pretend|remember|imagine|summari[sz]e|explain|tell|subscribe|click|"
    r"(?:do not|don['’]t|never) (?!has|have|had|is|was|were|did|before|again)[a-z]+|note that|look at|sign up|scroll|log in)\b"
    r"|(?:answer|assume|ask|act|call|check|compare|consider|contact|describe|double-check|explain|find|follow|forget|give|"
    r"keep|list|make|mark|output|print|read|repeat|reply|report|respond|return|say|see|send|share|show|stop|take|treat|try|"
    r"verify|visit|watch|write) (?:the|a|an|this|that|these|those|it|them|me|us|him|her|your|my|our|all|any|every|only|"
    r"with|to|as|whether|if|what|who|how|more|nothing|everything)\b",
    re.I,
)
_SAYING = re.compile(
    r"\b(?:said|says?|told|tells|according to|claim(?:s|ed)|argue[sd]?|wrote|writes|call(?:s|ed)|describe[sd]?|announce[sd]|"
    r"believe[sd]|warn(?:s|ed)|ask(?:s|ed)|demand(?:s|ed)|urge[sd]|vote[sd]|rule[sd]|insist(?:s|ed)|think[s]|thought|recommend(?:s|ed)|"
    r"suggest(?:s|ed)|add(?:s|ed)|agree[sd]|declare[sd]|state[sd]|propose[sd]|decide[sd]|report(?:s|ed)|dubbed|named|voted|ranked|"
    r"promise[sd]|whether|law|rules|guidelines|require[sd]?)\b",
    re.I,
)
_OWN_VIEW = re.compile(
    r"(?:\W|\b(?:and|but|so|yes|well|honestly|frankly)\b)*(?:I|we)(?:['’]d)?(?: [a-z]+ly| also| still| just| do not| don['’]t| do)? "
    r"(?:think|believe|feel|guess|hope|wish|suppose|suspect|doubt|love|hate|like|prefer|recommend|want|agree|disagree)\b"
    r"|.*\b(?:in|to) (?:my|our) (?:view|opinion|mind|eyes|humble opinion)\b|\W*personally\b|.*\bif you ask me\b"
)
_VALUE = (
    r"(?:beautiful|ugly|wonderful|terrible|awful|horrible|amazing|awesome|disgusting|brilliant|lovely|fantastic|shameful|"
    r"disgraceful|stupid|boring|delicious|overrated|underrated|magnificent|gorgeous|hideous|pathetic|ridiculous|charming|"
    r"marvellous|splendid|dreadful|embarrassing|a disgrace|a shame|a masterpiece|a joke)"
)
_BE = r"\b(?:is|are|was|were|['’]s|['’]re|be|been|looks?|looked|sounds?|seems?|seemed|remains?)"
_JUDGES = re.compile(
    rf"{_BE}(?: [a-z]+){{0,3}} {_VALUE}\b|\b(?:should|ought to)\b"
    r"|\b(?:best|greatest|worst|finest|funniest|coolest|most [a-z]+)(?: [\w-]+){1,4} (?:ever|of all time|in the world)\b"
    rf"|{_BE} (?:simply |by far |clearly )?the (?:best|greatest|worst|finest)(?: [\w-]+){{0,2}}\W*$|^what an? |^how {_VALUE}",
    re.I,
)  # fmt: skip


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
    if _is_order(line, words):
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


def _is_order(line: str, words: Sequence[str]) -> bool:
    found = _ORDER.match(line)
    return bool(found) and _low(words, len(found[0].split())) not in AUXILIARIES if found else False


def _is_question(line: str, words: Sequence[str], stops: bool) -> bool:
    """Without a question mark: "who won the election", "did he win"."""
    if "," in line:
        return False
    verbs = len(_finite(words))
    if _ASKING.match(line):
        return not stops or (verbs == 1 and bool(_INVERTED.match(" ".join(words[1:]))))
    return bool(_INVERTED.match(line)) and (verbs <= 1 if stops or _low(words, 0) in {"will", "can", "do"} else True)


# -- clauses that stand on their own ---------------------------------------------------------------

_JOINT = re.compile(r"\s*;\s*(?:and |but )?|,\s+(?:and|but|while|whereas)\s+")
_HOLDS_ON = re.compile(  # a clause after these words belongs to the one before
    r"\b(?:that|if|unless|whether|when|whenever|because|although|though|until|once|provided|either|neither|both|"
    r"not only|so)\b|^(?:after|before|as|since|while)\b",
    re.I,
)
_SUBJECT_ENDS = re.compile(r"[,:(]|\b(?:who|which|that|whose|to|if|when)\b", re.I)
PRONOUNS = set("i he she it we you they there this these".split())


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
    opened = text.count("“") - text.count("”"), text.count("(") - text.count(")"), text.count("«") - text.count("»")
    return not any(opened) and text.count('"') % 2 == 0


def _stands_alone(left: str, right: str, strong: bool) -> bool:
    before, after = _finite(_words(left)), _finite(_words(right))
    if not (before and after and _whole(right)) or _HOLDS_ON.search(left) or _SAYING.search(left):
        return False
    if re.search(rf",[^,]*{_SAYING.pattern}", right, re.I) or "according to" in right:
        return False  # "..., the minister said" speaks of both
    words = _words(right)
    subject = right[: right.find(words[after[0]])]
    return 0 < after[0] <= (8 if strong else 6) and not _SUBJECT_ENDS.search(subject) and _is_subject(words[: after[0]])


def _is_subject(words: Sequence[str]) -> bool:
    first = words[0].lower()
    if first in PRONOUNS:
        return True
    return first not in PREPOSITIONS and (words[0][0].isupper() or first in ARTICLES | PLURALS or words[0][0].isdigit())
