"""Questions made by rule from statements, and their unanswerable twins.

A statement ("The film was directed by Ann Lee.") and an answer inside it ("Ann Lee") give a question
("Who was the film directed by?"). The twins follow the ways in which the authors of SQuAD 2.0 made
questions unanswerable (Rajpurkar et al. 2018, table 2): another entity or number in the question's fixed
part, an antonym, a negation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from training.words import (
    ANTONYM,
    AUXILIARIES,
    COUNTED,
    DATE,
    FUNCTION,
    GENERIC_SUBJECT,
    HAVE,
    IRREGULAR,
    LEADING,
    NAME,
    NUMBER,
    OF_A_PERSON,
    PLACE_BEFORE,
    content_words,
)


@dataclass(frozen=True)
class Question:
    """A question, the answer taken out of its statement, and its kind: date, number, name or phrase."""

    text: str
    answer: str
    kind: str


class Maker:
    """Turns statements into questions; `vocabulary`, lower-case words of the corpus, undoes verb endings."""

    def __init__(self, vocabulary: set[str], random: Random) -> None:
        self.vocabulary, self.random = vocabulary, random

    def questions(self, statement: str, context: str) -> list[Question]:
        """Every question that the rules make from one statement; `context` helps to choose who or what."""
        statement = statement.strip().rstrip(".").strip()
        leading = LEADING.match(statement)
        if leading:
            statement = f"{leading[2]} {leading[1][0].lower()}{leading[1][1:]}"
        words = statement.split(" ")
        parts = self._split(words)
        if parts is None or not 4 <= len(words) <= 32 or ('"' in statement and statement.count('"') % 2):
            return []
        subject, auxiliary, predicate, verb = parts
        if GENERIC_SUBJECT.match(subject[0]):
            return []
        person = bool(OF_A_PERSON.search(context))
        made = self._about_subject(subject, verb or auxiliary, predicate if not verb else predicate[1:], person)
        made += self._about_predicate(subject, auxiliary, predicate, person)
        return [q for q in made if 4 <= len(q.text.split()) <= 30]

    def _split(self, words: list[str]) -> tuple[list[str], str, list[str], str] | None:
        """(subject, auxiliary, rest in its base form, the verb as it stood, or "" with a true auxiliary)."""
        for i, word in enumerate(words[1:], start=1):
            if word in HAVE and i + 1 < len(words) and not self._base(words[i + 1]) and words[i + 1] != "been":
                return words[:i], HAVE[word], ["have", *words[i + 1 :]], word
            if word in AUXILIARIES:
                return words[:i], word, words[i + 1 :], ""
            past = self._base(word)
            if past and words[i - 1] not in FUNCTION:
                return words[:i], "did", [past, *words[i + 1 :]], word
            stem = self._third_person(word) if words[i - 1][:1].isupper() or i >= 2 else ""
            if stem:
                return words[:i], "does", [stem, *words[i + 1 :]], word
        return None

    def _base(self, word: str) -> str:
        if word in IRREGULAR:
            return IRREGULAR[word]
        if not word.islower() or not word.endswith("ed") or len(word) < 5:
            return ""
        options = [word[:-1], word[:-2], word[:-3] + "y" if word.endswith("ied") else "", word[:-3]]
        return next((option for option in options if option in self.vocabulary), "")

    def _third_person(self, word: str) -> str:
        if (
            not word.islower()
            or not word.endswith("s")
            or word.endswith("ss")
            or word in FUNCTION
            or len(word) < 4
        ):
            return ""
        for stem in (word[:-1], word[:-2]):
            # A verb is known by its other forms: "plays" has "played" or "playing".
            forms = {stem + "ed", stem + "d", stem + "ing", stem.rstrip("e") + "ing"}
            if stem in self.vocabulary and len(forms & self.vocabulary) >= 2:
                return stem
        return ""

    def _about_subject(self, subject: list[str], verb: str, rest: list[str], person: bool) -> list[Question]:
        text = " ".join(subject)
        number = NUMBER.match(text)
        if number and number.end() < len(text) and not DATE.match(text):
            return [
                Question(f"How many{text[number.end() :]} {verb} {' '.join(rest)}?", number.group(1), "number")
            ]
        about = " ".join(rest)
        if len(subject) > 6 or not text[0].isupper() or (len(content_words(about)) < 3 and not NAME.search(about)):
            return []
        wh = (
            "Who"
            if person and self.random.random() < 0.8
            else self.random.choice(["What", "Which one", "What", "Who"])
        )
        return [Question(f"{wh} {verb} {' '.join(rest)}?", text.removeprefix("The "), "name")]

    def _about_predicate(
        self, subject: list[str], auxiliary: str, predicate: list[str], person: bool
    ) -> list[Question]:
        rest = " ".join(predicate)
        found: list[tuple[int, int, str, str]] = []
        for kind, pattern in (("date", DATE), ("number", NUMBER)):
            for match in pattern.finditer(rest):
                if not any(s < match.end() and match.start() < e for s, e, _, _ in found):
                    found.append((match.start(), match.end(), match.group(1), kind))
        for match in NAME.finditer(rest):
            following = re.match(r"\s([a-z]+)|['’]", rest[match.end() :])
            whole = not following or following.group(1) in FUNCTION  # no "English" out of "an English actor"
            if whole and not any(s < match.end() and match.start() < e for s, e, _, _ in found):
                found.append((match.start(), match.end(), match.group(), "name"))
        if re.match(r"(?:a|an|the) ", rest) and auxiliary in {"is", "was", "are", "were"}:
            found.append((0, len(rest), rest.split(" ", 1)[1], "phrase"))
        elif auxiliary in {"did", "does"} and len(predicate) >= 3 and not found:
            found.append((len(predicate[0]) + 1, len(rest), " ".join(predicate[1:]), "phrase"))
        return [
            Question(self._ask(subject, auxiliary, rest[:start], rest[end:], answer, kind, person), answer, kind)
            for start, end, answer, kind in found
        ]

    def _ask(
        self,
        subject: list[str],
        auxiliary: str,
        before: str,
        after: str,
        answer: str,
        kind: str,
        person: bool,
    ) -> str:
        before = re.sub(r"\b(?:the|an|a)\s*$", "", before)
        last = before.split()[-1] if before.split() else ""
        article = subject[0] in {"The", "A", "An", "In", "It"}
        who = " ".join([subject[0].lower() if article else subject[0], *subject[1:]])
        pick = self.random.choice
        if kind == "date":
            wh = "when" if last in {"in", "on", "since", "until", ""} or len(answer) > 4 else "what year"
            if wh == "when":
                before = re.sub(r"\b(?:in|on)\s*$", "", before)
            elif self.random.random() < 0.4:
                wh = "which year"
        elif kind == "number":
            noun = COUNTED.match(after)
            if "%" in answer or "percent" in answer:
                wh = pick(["what percentage", "how much", "what percent"])
            elif answer[0] in "$£€" or not noun:
                wh = pick(["how much", "what number", "how many"])
            else:
                wh, after = f"how many{noun.group()}", after[noun.end() :]
        elif kind == "phrase":
            wh = "what"
        elif last in PLACE_BEFORE:
            wh = pick(["where", "which place", "what", "what place"])
            if wh == "where":
                before = re.sub(r"\b(?:in|at)\s*$", "", before)
        elif last == "by":
            wh = pick(["who", "whom", "what"])
        else:
            wh = pick(["who", "what"]) if person else pick(["what", "what", "which one", "who"])
        middle = re.sub(r"\s+", " ", f"{before} {after}").strip()
        text = f"{wh} {auxiliary} {who} {middle}"
        if self.random.random() < 0.2 and auxiliary not in {"did", "does", "do"}:
            text = f"{' '.join(subject)} {auxiliary} {before} {wh} {after}"  # wh where the answer stood
        text = re.sub(r"\s+([,.?])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,")
        return f"{text[:1].upper()}{text[1:]}?"


def negated(question: str) -> str:
    """The question with a "not" after its auxiliary, "" where it has none."""
    match = re.search(rf"\b({'|'.join(AUXILIARIES)})\b", question)
    if not match or " not " in question or "n't" in question:
        return ""
    if match.group() in {
        "did",
        "does",
        "do",
    }:  # "What did X win?" -> "What did X not win?" needs a parse: contract
        return f"{question[: match.start()]}{match.group()}n't{question[match.end() :]}"
    return f"{question[: match.end()]} not{question[match.end() :]}".replace("can not", "cannot")


def with_antonym(question: str, random: Random) -> str:
    """The question with one word turned into its opposite, "" where no word has one."""
    places = [m for m in re.finditer(r"[a-z]+", question) if m.group() in ANTONYM and m.start() > 0]
    if not places:
        return ""
    place = random.choice(places)
    return question[: place.start()] + ANTONYM[place.group()] + question[place.end() :]


def swapped(question: str, others: Iterable[str], random: Random) -> str:
    """The question with one of its names, dates or numbers replaced by another of the same kind, or "".

    `others`: texts to take the replacement from; nothing that stands in the question already is taken.
    """
    offered = " ".join(others)
    asked = set(question.lower().split())
    choices = []
    for pattern, group in ((DATE, 1), (NUMBER, 1), (NAME, 0)):
        places = [m for m in pattern.finditer(question) if m.start(group) > 0]
        instead = [
            m.group(group)
            for m in pattern.finditer(offered)
            if not asked & set(m.group(group).lower().split())
            and m.group(group).split()[0].lower() not in FUNCTION
        ]
        if places and instead:
            choices.append((random.choice(places), group, random.choice(instead)))
    if not choices:
        return ""
    place, group, text = random.choice(choices)
    return question[: place.start(group)] + text + question[place.end(group) :]
