"""Names: where they stand in a text, and when two of them may be of one person, place or organisation."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from factbot.checking.facts.dates import MONTHS, WEEKDAYS
from factbot.checking.facts.values import Name
from factbot.text.tokens import TokenizedText, word_set

__all__ = [
    "COMMON",
    "INSIDE",
    "KIN",
    "LONG_FORMS",
    "NO_NAMES",
    "TITLES",
    "capitalised",
    "different_people",
    "find_names",
    "initials",
    "name_root",
    "without_titles",
]

INSIDE = word_set("of de van von bin ibn al el da di du del der den la le dos y")
# Words that begin a sentence with a capital and belong to no name.
OPENERS = word_set(
    "a an the this that these those he she it they we you i his her its their our my your who what which where "
    "when why how there here and but or nor so yet for in on at by to from with without of as if after before "
    "since until during while although though because despite following according also then thus however "
    "moreover meanwhile furthermore over under about around nearly almost some many most several few all both "
    "each every any no not is are was were has have had do does did will would can could may might must unless "
    "neither either whether whereas more less than up out only now today yesterday later once one two three "
    "four five six seven eight nine ten first second third between among"
)
# Words before a surname that are no first name.
TITLES = word_set(
    "pm ceo rep sen gov gen col lt sgt capt mr mrs ms miss dr prof professor sir lord lady dame president "
    "minister premier chancellor senator governor mayor king queen prince princess pope judge justice general "
    "colonel captain major sergeant secretary director chief chairman former actor actress singer coach st "
    "saint rev reverend father sister brother detective officer representative congressman ambassador "
    "commissioner republican democrat the"
)
# Last words that tell nothing by themselves: all of the name has to be there.
COMMON = word_set(
    "party university college school ministry department street road county city town island islands court "
    "council war cup league river lake sea ocean mountain bank museum hospital airport station church club "
    "prize award awards association committee commission agency institute company group union house hall park "
    "bridge act bill day festival championship championships olympics games state states kingdom republic north "
    "south east west"
)
KIN = word_set(
    "brother brothers sister sisters wife husband son sons daughter daughters father mother parents family "
    "cousin siblings twin twins uncle aunt nephew niece married marries marriage widow grandson granddaughter "
    "children"
)
# A country, its other names and its people.
_PLACES = """
    uk britain british britons gb
    us usa america american americans
    france french
    germany german germans
    spain spanish spaniards
    netherlands dutch holland
    greece greek greeks
    switzerland swiss
    sweden swedish swedes
    denmark danish danes
    poland polish poles
    scotland scottish scots
    ireland irish
    wales welsh
    finland finnish finns
    turkey turkish turks
    ukraine ukrainian
    israel israeli
    thailand thai
    eu european europe
"""
PLACES = {word: words[0] for words in map(str.split, _PLACES.strip().splitlines()) for word in words}
NO_NAMES = TITLES | OPENERS | MONTHS.keys() | WEEKDAYS.keys()
STARTERS = frozenset(".!?:;\"“”‘'’«([—–-*•…")
ENDINGS = ("ians", "ian", "ese", "ans", "ish", "an", "ia", "is", "i", "a", "o", "y")
FULL = 4  # letters of a first name from which on it is more than a short form
ALIKE = 0.7  # how alike two spellings of one first name are: Mohammed and Muhammad
_SHORT = """
    william bill will billy liam
    robert bob rob bobby
    richard dick rick rich
    james jim jimmy jamie
    thomas tom tommy
    michael mike mick mikey
    anthony tony antony
    edward ted ed eddie ned
    elizabeth liz beth betty lisa eliza bess
    katherine kate katie kathy catherine cathy kathryn
    margaret peggy maggie meg
    john jack johnny jon
    charles chuck charlie
    henry harry hank
    alexander sasha alex sandy aleksandr
    joseph joe
    nicholas nick nicolas
    matthew matt
    benjamin ben
    steven steve stephen
    david dave
    daniel dan danny
    susan sue
    patricia pat patty trish
    christopher chris kit
    gregory greg
    geoffrey jeff jeffrey
    lawrence larry
    philip phil phillip
    ronald ron ronnie
    samuel sam samantha
    theodore teddy theo
    andrew andy drew
"""
SHORT_FORMS = {word: words[0] for words in map(str.split, _SHORT.strip().splitlines()) for word in words}
LONG_FORMS = {"uk": "united kingdom", "us": "united states", "usa": "united states", "eu": "european union"}


def capitalised(text: TokenizedText) -> frozenset[str]:
    """The words that stand with a capital inside a sentence: names, wherever else they stand."""
    return frozenset(
        token.word for at, token in enumerate(text.tokens) if token.text[0].isupper() and not _starts(text, at)
    )


def find_names(text: TokenizedText, known: frozenset[str]) -> Iterator[tuple[int, int, Name]]:
    """Every run of capitalised words that is a name: its first token, the token after its last, its words.

    A lone word at the start of a sentence is one only if it is among the known.
    """
    at = 0
    while at < len(text.tokens):
        begin, at = at, _run(text, at)
        if begin == at:
            at += 1
            continue
        opens = _starts(text, begin)
        while begin < at and text.words[begin] in OPENERS:
            begin, opens = begin + 1, False
        if at - begin == 1:
            word = text.words[begin]
            named = len(word) > 1 and word not in NO_NAMES and (word in known or not opens)
        else:
            named = begin < at
        if named:
            yield begin, at, tuple(token.word for token in text.tokens[begin:at] if token.text != ".")


def _starts(text: TokenizedText, at: int) -> bool:
    """Whether a token begins a sentence, a quotation or a line of its own."""
    before = text.tokens[at - 1]
    return at == 0 or before.text in STARTERS or "\n" in text.text[before.end : text.tokens[at].start]


def _run(text: TokenizedText, at: int) -> int:
    """The token after the capitalised words that begin at one, with "of" and "van" inside and initials' stops."""
    found, end = text.tokens, at
    while at < len(found) and found[at].text[0].isupper() and not text.taken[at]:
        at = end = at + 1
        initial = len(found[at - 1].text) == 1
        while at < len(found) and (found[at].word in INSIDE or (initial and found[at].text == ".")):
            initial = False
            at += 1
        gap = text.text[found[at - 1].end : found[at].start] if at < len(found) else ""
        if not gap.isspace() or "\n" in gap:
            break
    return end


def name_root(word: str) -> str:
    """A name without the ending that tells a country from its people: "russia" and "russian" are "russ"."""
    if word in PLACES:
        return PLACES[word]
    return next((word[: -len(end)] for end in ENDINGS if word.endswith(end) and len(word) - len(end) > 3), word)


def without_titles(name: Name) -> Name:
    """A name from its first word that is no title; its last word always stays."""
    begin = next((at for at, word in enumerate(name) if word not in TITLES), len(name) - 1)
    return name[begin:]


def initials(name: Name) -> str:
    """The first letters of a name of several words: "un" of the United Nations."""
    return "".join(word[0] for word in name if word not in INSIDE) if len(name) > 1 else ""


def different_people(name: Name, held: Name) -> bool:
    """Whether two names with one surname are two people's.

    "Joe", "J." and "Joey" may be "Joseph", "Bill" is "William"; "Karl" and "Karin" are two.
    """
    ours, theirs = name[0], held[0]
    if len(held) < 2 or ours == theirs or ours in name[1:] + held or theirs in name:
        return False
    if SHORT_FORMS.get(ours, ours) == SHORT_FORMS.get(theirs, theirs):
        return False
    shared = min(len(ours), len(theirs), 2)
    if ours[:shared] != theirs[:shared]:
        return True
    in_full = min(len(ours), len(theirs)) >= FULL and not ours.startswith(theirs) and not theirs.startswith(ours)
    return in_full and SequenceMatcher(None, ours, theirs, autojunk=False).ratio() < ALIKE
