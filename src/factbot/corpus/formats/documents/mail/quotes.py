"""Which words of a mail are its sender's own, and which it quotes from another mail or hands on.

Mail programs mark quoted words in three ways: with ">" or its like in HTML (RFC 3676, 4.5), with a line such as
"On Monday Ann wrote:", or with the other mail's head ("From: … Sent: … Subject: …") above all that follows. What a
reply quotes is left out. What a mail forwards is what it is about: it is kept, under a line that says whose words
they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from itertools import islice, takewhile
from typing import NamedTuple

from factbot.text.dates import iso_date, readable_date

__all__ = ["Head", "Own", "Piece", "own_words", "text_pieces"]


class Piece(NamedTuple):
    """A paragraph of a mail; `depth` is how many quotations it stands in."""

    text: str
    depth: int


@dataclass(frozen=True)
class Head:
    """Who wrote a mail, when, and under which subject, each as it is written, or ""."""

    sender: str
    date: str
    subject: str
    says_forwarded: bool = False

    @property
    def day(self) -> str:
        """ "Monday, June 3, 2024 9:00 AM" as "2024-06-03"; a date that cannot be told as it is written."""
        day = re.sub(r"\A[^\W\d]+\.?,? (?=\d|[^\W\d]+ \d)|,?(?: at)? \d{1,2}[:.]\d\d.*\Z", "", self.date)
        found = iso_date(day)
        return found if re.fullmatch(r"\d{4}-\d\d-\d\d", found) else self.date

    @property
    def writer(self) -> tuple[str, str]:
        """The sender's name and address, "" where one is not given."""
        name, address = parseaddr(self.sender)
        return (name, address) if "@" in address else (self.sender, "")

    @property
    def words(self) -> str:
        """The head as a line of words, which stands above the mail's text."""
        on = f" on {readable_date(self.day)}" if self.date else ""
        under = f", under the subject “{self.subject}”" if self.subject else ""
        return f"{self.writer[0] or self.writer[1] or 'Somebody'} wrote{on}{under}:"


class Own(NamedTuple):
    """A mail's own paragraphs; whether quoted ones were left out; the head of a mail that it only hands on."""

    blocks: list[str]
    left_out: bool
    head: Head | None


# -- paragraphs of plain text ----------------------------------------------------------------------

_MARKS = re.compile(r"(?:>[ \t]?)+")


def text_pieces(text: str, *, is_flowed: bool = False, drops_space: bool = False) -> list[Piece]:
    """The paragraphs of a plain text. `is_flowed` and `drops_space`: its lines are broken as RFC 3676 says."""
    pieces: list[Piece] = []
    lines: list[str] = []
    before = 0

    def finish() -> None:
        if paragraph := "\n".join(lines).strip():
            pieces.append(Piece(paragraph, before))
        lines.clear()

    goes_on = False
    for line in text.split("\n"):
        marks = _MARKS.match(line)
        depth = marks[0].count(">") if marks else 0
        if depth == 1 and not before and line.startswith(">From "):  # as mailboxes write a line with "From"
            marks, depth, line = None, 0, line[1:]
        words = line[marks.end() :] if marks else line.removeprefix(" ") if is_flowed else line
        if depth != before or not words.strip():
            finish()
            goes_on = False
        if goes_on:
            lines[-1] += words
        else:
            lines.append(words)
        before = depth
        goes_on = is_flowed and words.endswith(" ") and words != "-- "
        if goes_on and drops_space:
            lines[-1] = lines[-1][:-1]
    finish()
    return pieces


# -- whose words they are --------------------------------------------------------------------------

ONLY_QUOTES = "This mail only quotes another one:"


def own_words(pieces: list[Piece], *, is_forward: bool, follows: bool = False) -> Own:
    """What a mail says itself, and what it hands on. `follows`: it has said something before these pieces.

    Of a mail that says nothing itself, what it quotes is kept.
    """
    own = _told(pieces, is_forward, follows)
    if not pieces or own.blocks or follows:
        return own
    quoted = _told([Piece(text, max(0, depth - 1)) for text, depth in pieces], True, False)
    return quoted if quoted.head else quoted._replace(blocks=[ONLY_QUOTES, *quoted.blocks])


def _told(pieces: Sequence[Piece], is_forward: bool, follows: bool) -> Own:
    blocks: list[str] = []
    left_out = False
    first: Head | None = None
    at = 0
    while at < len(pieces):
        is_first = not blocks and not follows
        if pieces[at].depth:
            run = list(takewhile(lambda piece: piece.depth, islice(pieces, at, None)))
            at += len(run)
            inner = [Piece(text, depth - 1) for text, depth in run]
            is_announced = bool(blocks) and bool(_FORWARDED.search(blocks[-1].split("\n")[-1]))
            found = _head_at(inner, 0)
            if not (is_announced or (found and (is_forward or found[0].says_forwarded))):
                _drop_attribution(blocks)
                left_out = True
                continue
            if is_announced and found:
                blocks.pop()  # what the head says
            told = _told(inner, True, follows or bool(blocks))
        elif found := _head_at(pieces, at):
            head, rest = found
            if not (is_first or is_forward or head.says_forwarded):
                return Own(blocks, True, first)
            inside = _told(rest, False, False)
            told = Own([head.words, *inside.blocks], inside.left_out, head if is_first else None)
            at = len(pieces)
        elif (
            not is_first and _is_attribution(pieces[at].text) and at + 1 < len(pieces) and not pieces[at + 1].depth
        ):
            return Own(blocks, True, first)
        else:
            told = Own([pieces[at].text], False, None)
            at += 1
        first = first if blocks else told.head
        blocks += told.blocks
        left_out |= told.left_out
    return Own(blocks, left_out, first)


# What mail programs write, in the languages that they most often speak.
_FORWARDED = re.compile(
    r"(?i)(?:\A\W*-{3,}|\A).{0,40}(?:forward|weitergeleitet|transféré|réexpédié|reenviad|rinviat|inoltrat"
    r"|doorgestuurd|vidarebefordra|videresend|encaminhad|välitetty|przekazan|přeposlan).{0,40}(?:-{3,}|[:：])\W*\Z"
)
_RULE = re.compile(r"\W*[-_=—]{3,}.{0,80}")
_FIELD = re.compile(r"\W*(\w[\w. -]{0,24}?)\W?\s*[:：]\s*(.*)")
_ROLES = {
    "from": "from von de da van från fra od lähettäjä expéditeur remitente mittente afzender afsender avsändare "
    "от 发件人 差出人",
    "date": "date sent datum gesendet envoyé fecha enviado data inviato verzonden skickat sendt dato lähetetty "
    "päivämäärä wysłano odesláno дата отправлено 发送时间 日期 送信日時 日付",
    "subject": "subject betreff objet asunto oggetto onderwerp ämne emne assunto aihe temat předmět тема "
    "主题 件名",
    "": "to cc bcc an kopie à para a aan kopia till til kopi vastaanottaja do komu кому копия reply-to importance "
    "wichtigkeit attachments anlagen 收件人 抄送 宛先",
}
_ROLE = {label: role for role, labels in _ROLES.items() for label in labels.split()}
HEAD_LINES = 40  # in which a head ends


def _head_at(pieces: Sequence[Piece], begin: int) -> tuple[Head, list[Piece]] | None:
    """The head of another mail that begins at a piece, and the pieces of that mail."""
    near = enumerate(pieces[begin : begin + HEAD_LINES], begin)
    beginning = takewhile(lambda numbered: not numbered[1].depth, near)
    lines = [(number, line) for number, piece in beginning for line in piece.text.split("\n")][:HEAD_LINES]
    if not lines:
        return None
    is_forwarded = bool(_FORWARDED.search(lines[0][1]))
    is_marked = is_forwarded or bool(_RULE.fullmatch(lines[0][1]))
    fields: dict[str, str] = {}
    count, end = 0, int(is_marked)
    for at in range(end, len(lines)):
        field = _FIELD.fullmatch(lines[at][1])
        role = _ROLE.get(field[1].casefold()) if field else None
        if role and role in fields:  # the head of a mail inside that one
            break
        if field and role is not None:
            fields.setdefault(role, field[2].strip(" *|"))
            count, end = count + 1, at + 1
            continue
        may_go_on = bool(count) and at - end <= 2 and lines[at][0] == lines[at - 1][0]  # a field, in a second line
        if not may_go_on:
            break
    names_sender = "from" in fields and ("date" in fields or "subject" in fields)
    if not (count >= 2 if is_marked else count >= 3 and names_sender):
        return None
    last = lines[end - 1][0]
    used = sum(number == last for number, _ in lines[:end])
    rest = "\n".join(pieces[last].text.split("\n")[used:])
    head = Head(fields.get("from", ""), fields.get("date", ""), fields.get("subject", ""), is_forwarded)
    return head, [*([Piece(rest, 0)] if rest else []), *pieces[last + 1 :]]


_BEGINS = r"(?:On|Am|Le|El|Il|Op|Den|Em|På|W dniu|Dne|Dnia|В|Il giorno)\b"
_WROTE = (
    r"\b(?:wrote|writes|schrieb|schreibt|a écrit|escribió|ha scritto|schreef|skrev|skriver|escreveu|kirjoitti"
    r"|napisał[ao]?|napsala?|написала?|пишет)\b"
)
_ATTRIBUTION = re.compile(rf"{_BEGINS}.{{8,300}}{_WROTE}.{{0,120}}[:：]", re.DOTALL)
_WHO = re.compile(rf"(?:{_WROTE}|@).{{0,120}}[:：]\Z")
_CLOCK = re.compile(r"@|\d{1,2}[:.]\d\d")


def _is_attribution(text: str) -> bool:
    """Whether a paragraph is no more than a mail program's "On Monday at 9:00 Ann wrote:"."""
    return bool(_ATTRIBUTION.fullmatch(text.strip()) and _CLOCK.search(text))


def _drop_attribution(blocks: list[str]) -> None:
    """Take away the lines at the end of the last paragraph that say whose words follow."""
    if not blocks:
        return
    lines = blocks.pop().split("\n")
    tails = {count: " ".join(lines[-count:]).strip() for count in (1, 2, 3)}
    taken = next((count for count, tail in tails.items() if _ATTRIBUTION.fullmatch(tail)), 0)
    if not taken and _WHO.search(tails[1]):  # in another form, such as "Ann <ann@a.example> wrote:"
        taken = 1
    if rest := "\n".join(lines[: len(lines) - taken]).strip():
        blocks.append(rest)
