"""Whether a text mentions a name: in full, by a part, in other letters, by its people, initials or role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from factbot.checking.facts.names import (
    COMMON,
    INSIDE,
    KIN,
    LONG_FORMS,
    TITLES,
    different_people,
    initials,
    name_root,
    without_titles,
)
from factbot.checking.facts.values import Name
from factbot.text.tokens import TokenizedText, word_set

__all__ = ["Mentions"]

LEAST = 3  # letters of a part of a name that tells whose it is
POINTING = word_set("the this that these those its their his her our a an")
PRONOUNS = word_set("he she him his her hers")
# What a person, a group or a place is called where its name is not repeated.
ROLES = TITLES - word_set("the st saint") | word_set(
    "agency airline airport army artist athlete author band bank body brand builder bureau business candidate "
    "captain carrier church city club coach committee company congressman council country county couple court "
    "department district driver duo family film firm fund giant government group head hospital island journalist "
    "kingdom lawmaker lawyer leader maker man manager ministry museum nation network office officer official "
    "organisation organization owner paper park party pilot player police politician premier region researcher "
    "school scientist senator show singer star state striker student studio suspect team town union university "
    "victim village winner woman writer"
)


_TWO_WAYS = re.compile(r"([aou])e|aa")  # ö is typed as oe where it is not typed as o, å as aa


def keyed(word: str) -> str:
    """A plain word with the two ways to type ö, ä, ü, å and æ made one: "moeller" and "moller" are the same.

    Only for words of which one is known to have such a letter: "Samuel" would lose its e.
    """
    return _TWO_WAYS.sub(lambda found: found[1] or "a", word)


class Mentions:
    """The words of a text, to look names up in."""

    def __init__(self, text: TokenizedText, names: Iterable[Name]) -> None:
        self.names = [name for name in map(without_titles, names) if name]
        self.words = {token.word for token in text.tokens}
        self.words |= {part for word in self.words if "-" in word for part in word.split("-")}
        self._roots = {name_root(word) for word in self.words}
        self._capitals = {token.word for token in text.tokens if len(token.text) > 1 and token.text.isupper()}
        self._initials = {initials(name) for name in self.names}
        self._accented = {keyed(token.word) for token in text.tokens if not token.text.isascii()}
        self._keys = {keyed(word) for word in self.words}
        self._roles = {
            word
            for before, word in zip(text.words, text.words[1:], strict=False)
            if before in POINTING and word in ROLES
        }

    def finds(self, name: Name, accented: frozenset[str] = frozenset()) -> tuple[bool | None, Name | None]:
        """Whether the text mentions a name without titles, None where that stays open; and a namesake's name.

        `accented` are the words of the claim with letters beyond a to z, which may be typed in two ways.
        """
        last = name[-1]
        if len(name) == 1:
            long_form = LONG_FORMS.get(last, "").split()
            in_full = bool(long_form) and self.words.issuperset(long_form)
            return self._holds(last, accented) or last in self._initials or in_full, None
        if initials(name) in self._capitals:
            return True, None
        if last in COMMON:
            return all(self._holds(word, accented) for word in name if word not in INSIDE), None
        if not self._holds(last, accented):
            return False, None
        return (True, None) if self._holds(name[0], accented) else self._namesake(name)

    def _namesake(self, name: Name) -> tuple[bool | None, Name | None]:
        """A surname that stands alone before its first full name is somebody whom the text named earlier."""
        held = next((other for other in self.names if other[-1] == name[-1]), None)
        if held is None or not different_people(name, held):
            return True, None
        return (None, None) if not KIN.isdisjoint(self.words) else (False, held)

    def may_mean(self, name: Name, roles: Sequence[str], accented: frozenset[str] = frozenset()) -> bool:
        """Whether the text may speak of a name that it does not give: a part of it, its role, or a pronoun.

        `roles` are the words beside the name in the claim ("the mayor", "Captain").
        """
        parts = [word for word in name if len(word) >= LEAST and word not in INSIDE]
        telling = [word for word in parts if word not in COMMON and word not in TITLES] or parts
        if any(self._holds(word, accented) or self._begins(word) for word in telling):
            return True
        if not self.words.isdisjoint(roles) or initials(name) in self._capitals:
            return True
        return bool(self._roles) or not PRONOUNS.isdisjoint(self.words)

    def _holds(self, word: str, accented: frozenset[str]) -> bool:
        if word in self.words or name_root(word) in self._roots:
            return True
        key = keyed(word)
        return key in self._accented or (word in accented and key in self._keys)

    def _begins(self, word: str) -> bool:
        """Whether one word is the other's beginning: "Norway" and "Norwegian" share their first four letters."""
        root = word[: max(4, len(word) - 2)]
        return len(root) > 3 and any(other.startswith(root) for other in self.words)
