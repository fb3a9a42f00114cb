"""The names of files in the corpus folder: made of titles, ids and the names that people gave."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from pathlib import PurePath, PurePosixPath

from factbot.text.normalise import one_line

__all__ = [
    "LOCKED",
    "NAME_LIMIT",
    "decoded",
    "is_hidden",
    "normalised_id",
    "slug",
    "stem_of",
    "stored_name",
    "title_of",
]

LOCKED = "~$"  # before the name of a file that somebody has open in an Office program
NAME_LIMIT = 60  # characters of a file's name; at four bytes each they still fit a file system's 255


def slug(title: str) -> str:
    """The words of a title as a file's name without suffix; "" where it has none."""
    words = "-".join(re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold()))
    return unicodedata.normalize("NFC", words)[:NAME_LIMIT].strip("-")


def stem_of(given: str) -> str:
    """An article's own id ("" if it has none) as a file's name without suffix: as it is where that can be.

    No two ids have the same name: one that has to be changed gets a part of its hash.
    """
    if not given:
        return ""
    is_usable = bool(re.fullmatch(r"\w(?:[\w.-]*\w)?", given)) and unicodedata.is_normalized("NFC", given)
    if len(given) <= NAME_LIMIT and is_usable:
        return given
    mark = hashlib.sha256(given.encode("utf-8", "replace")).hexdigest()[:10]
    return "-".join(filter(None, (slug(given)[: NAME_LIMIT - 11], mark)))


def stored_name(name: str) -> str:
    """The id under which an article's file of this name ("World/Quake.MD") is stored, if it is free."""
    *folders, last = name.split("/")
    stem, suffix = PurePath(last).stem, PurePath(last).suffix
    return "/".join([*map(_fitting, folders), _fitting(stem)]) + suffix.lower()


def _fitting(stem: str) -> str:
    shown = one_line(decoded(stem)).lstrip(".").removeprefix(LOCKED)
    return unicodedata.normalize("NFC", shown)[:NAME_LIMIT].strip() or "article"


def is_hidden(name: str) -> bool:
    """Whether a file or folder of that name is none that people see."""
    return name.startswith((".", LOCKED))


def normalised_id(article_id: str) -> str:
    """An article's id in Unicode's NFC form, in which all ids are; people and file systems write others too."""
    return unicodedata.normalize("NFC", article_id)


def decoded(name: str) -> str:
    """A file's name in Unicode: one that is not UTF-8 holds surrogates, which no database takes."""
    return os.fsencode(name).decode("utf-8", "replace")


def title_of(article_id: str) -> str:
    """The title of an article that states none: its file's name."""
    return one_line(PurePosixPath(article_id).stem.replace("-", " ").replace("_", " "))
