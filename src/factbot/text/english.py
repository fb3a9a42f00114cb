"""English by its words: short lists of them, which words are finite verbs, and whether a text is English.

A finite verb is one that makes a statement of its subject ("won", "has"), not "to win" or "the winning team". The
lists hold the common words of news, not the whole language, so their users treat an unknown word with care.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from factbot.text.tokens import word_set

__all__ = [
    "ADVERBS",
    "ARTICLES",
    "AUXILIARIES",
    "FULL_STOP",
    "FUNCTION_WORDS",
    "HOLDS_ON",
    "MAY_BE_NAMES",
    "PLURALS",
    "PREPOSITIONS",
    "PRONOUNS",
    "SAYING",
    "WORD",
    "any_of",
    "ends_as_plural",
    "finite_verbs",
    "is_finite",
    "is_foreign",
    "is_plural",
    "lowered",
    "may_state",
]

WORD = re.compile(r"\w+(?:['’.-]\w+)*")
FULL_STOP = re.compile(r"[.!…。]\W*$")


def any_of(words: str) -> str:
    """A regular expression for one of the words of a table that is kept as one string."""
    return "|".join(words.split())


def lowered(words: Sequence[str], n: int) -> str:
    """Word number `n` in small letters, its apostrophe straight; empty where there is none."""
    return words[n].lower().replace("’", "'") if 0 <= n < len(words) else ""


# -- words that are no verbs -----------------------------------------------------------------------

PREPOSITIONS = word_set(
    "about above across after against along among around as at before behind below between beyond by despite "
    "during for from in inside into like near of off on onto outside over per since than through throughout to "
    "toward towards under until upon via with within without"
)
ARTICLES = word_set("a an each every her his its my our the their your")
PLURALS = word_set(
    "both children eight few five four i many men most nine people police seven several six some ten these they "
    "those three two we who women you"
)
PRONOUNS = word_set("he i it she there these they this we you")
ADVERBS = word_set(
    "also always even ever later never nevertheless not now often only perhaps sometimes soon still then"
)
FUNCTION_WORDS = (
    PREPOSITIONS
    | ARTICLES
    | PRONOUNS
    | ADVERBS
    | word_set(
        "and but do does did had has have how is or so that was what when where which who whom whose why will"
    )
)
HOLDS_ON = re.compile(  # a clause after these words belongs to the one before
    r"\b(?:that|if|unless|whether|when|whenever|because|although|though|until|once|provided|either|neither|both|"
    r"not only|so|who|whom|whose|which|where)\b|^(?:after|before|as|since|while)\b",
    re.I,
)
_SAY = any_of(
    "add agree announc argu ask believ call claim consider decid declar demand describ disagree feel find insist "
    "promis propos recommend report requir rul say stat suggest tell think urg vot want warn writ"
)
SAYING = re.compile(
    rf"\b(?:(?:{_SAY})(?:e|s|es|d|ed|ing)?|according to|said|told|wrote|thought|felt|named|ranked|whether|law)\b",
    re.I,
)


def is_plural(low: str) -> bool:
    """Whether a word in small letters, as a subject, takes a verb without -s: "they", "I", "most", "voters"."""
    return low in PLURALS or (ends_as_plural(low) and low not in ARTICLES)


def ends_as_plural(low: str) -> bool:
    """Whether a word in small letters ends as most plural nouns do."""
    return low.endswith("s") and not low.endswith(("ss", "us", "is", "'s"))


# -- verbs -----------------------------------------------------------------------------------------

AUXILIARIES = word_set(
    "am are aren't can can't cannot could couldn't did didn't do does doesn't don't had hadn't has hasn't have "
    "haven't he'd he'll he's i'm i've is isn't it'll it's may might must mustn't shall she'd she'll she's "
    "should shouldn't that's there's they'd they'll they're they've was wasn't we're we've were weren't will "
    "won't would wouldn't you're"
)
_PASTS = word_set(
    "ate beat became began bent bled blew bore bought bred broke brought built burnt came caught chose clung "
    "co-wrote crept cut dealt drank drew drove dug fed fell felt fled flew forbade forgave forgot fought found "
    "froze gave got grew heard held hid hit hung hurt kept knelt knew laid lay led left lent let lit lost made "
    "meant met overthrew paid put quit ran rang read rode rose said sang sank sat saw sent set shook shot "
    "shrank shut slept slid sold sought spent split spoke sprang spread stole stood struck stuck swam swept "
    "swore swung taught thought threw told took tore understood underwent upheld went withdrew woke won wore "
    "wrote"
)
_VERBS = word_set(
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
_NOUN_VERBS = word_set(
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
_NOT_PAST = word_set(
    "bleed breed creed deed embed exceed feed greed heed hundred indeed naked need proceed reed rugged sacred "
    "seed shed speed succeed weed wicked"
)
MAY_BE_NAMES = word_set("can may will")


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


_THIRDS, _NOUN_THIRDS = {_third(verb) for verb in _VERBS}, {_third(verb) for verb in _NOUN_VERBS}
_KNOWN = AUXILIARIES | _PASTS | _VERBS | _THIRDS | _NOUN_VERBS | _NOUN_THIRDS
_LINKS = PREPOSITIONS | ARTICLES | word_set("and or but who that which")


def finite_verbs(words: Sequence[str]) -> list[int]:
    """The numbers of the words that are surely finite verbs."""
    return [n for n in range(len(words)) if is_finite(words, n)]


def is_finite(words: Sequence[str], n: int) -> bool:
    """Whether word number `n` is surely a finite verb."""
    word, low, before = words[n], lowered(words, n), lowered(words, n - 1)
    if before in ARTICLES or (before == "to" and low not in _THIRDS):
        return False
    if word[0].isupper() and low in MAY_BE_NAMES:
        return False
    if low in AUXILIARIES:
        return low != "am" or before == "i"
    if n == 0 or not word.islower() or before in PREPOSITIONS:
        return False
    if low in _PASTS or (low.endswith("ed") and len(low) > 3 and low not in _NOT_PAST and "-" not in low):
        return not _is_participle(words, n)
    return low in _THIRDS or (low in _VERBS and _takes_base(words, n)) or _is_no_noun(words, n)


def _is_participle(words: Sequence[str], n: int) -> bool:
    """Whether a past form rather describes something: "built by Marlow", "a newly built"."""
    has_agent = lowered(words, n + 1) == "by" and not lowered(words, n + 2)[:1].isdigit()
    return has_agent or (lowered(words, n - 1).endswith("ly") and lowered(words, n - 2) in ARTICLES)


def _is_no_noun(words: Sequence[str], n: int) -> bool:
    """Whether a word that may be noun or verb ("plans", "plan") is surely the verb."""
    low, before, after = lowered(words, n), lowered(words, n - 1), lowered(words, n + 1)
    has_object = after in ARTICLES or after == "to"
    if low in _NOUN_THIRDS:
        is_named = words[n - 1][0].isupper() and bool(after) and not after[0].isdigit()
        is_full_name = n > 1 and words[n - 2][0].isupper()
        return before in PRONOUNS or has_object or (is_named and (is_full_name or after not in PREPOSITIONS))
    return low in _NOUN_VERBS and has_object and _takes_base(words, n)


def _takes_base(words: Sequence[str], n: int) -> bool:
    """Whether "recommend" may be the verb of the words before it: "doctors", "they", "Tom and Ann"."""
    return is_plural(lowered(words, n - 1)) or (words[n - 1][0].isupper() and "and" in words[:n])


def may_state(words: Sequence[str]) -> bool:
    """Whether some word may be a finite verb, known or not."""
    lows = [lowered(words, n) for n in range(len(words))]
    return any(
        low in _KNOWN
        or (n > 0 and words[n].islower() and low.endswith(("ed", "s")))
        or (n > 0 and is_plural(lows[n - 1]) and low not in _LINKS)
        for n, low in enumerate(lows)
    )


# -- is it English ---------------------------------------------------------------------------------

_FOREIGN_WORDS = word_set(
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
_IN_NAMES = word_set("al da de del della den der di do dos du e el il la las le los san ter van von y")
_ENGLISH_WORDS = word_set(
    "about after all also an and are as at be been before but by first for from had has have he her his into is "
    "it its more new not of over said she than that the their there they this to was were when which who will "
    "with would"
)


def is_foreign(line: str, text_is_foreign: bool = False) -> bool:
    """Whether the words look like no English; `text_is_foreign`: the whole text does."""
    letters = [c for c in line if c.isalpha()]
    if 2 * sum("\u0250" <= c < "\u1e00" or c > "\u1eff" for c in letters) > len(letters):
        return True
    words = WORD.findall(line)
    plain = {
        word.lower()
        for n, (word, after) in enumerate(pairwise([*words, ""]))
        if (word.islower() or (n == 0 and word.isascii())) and not _in_name(word, after)
    }
    foreign = len(plain & _FOREIGN_WORDS) + sum(bool(_ACCENTED.search(word)) for word in plain)
    english = len(_ENGLISH_WORDS.intersection(map(str.lower, words))) + len(finite_verbs(words))
    return foreign > english or (text_is_foreign and foreign == english == 0)


def _in_name(word: str, after: str) -> bool:
    """Whether a small word belongs to the name that goes on after it: "van der Bellen"."""
    return word.lower() in _IN_NAMES and (after[:1].isupper() or after in _IN_NAMES) and word != "Der"
