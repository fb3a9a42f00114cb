"""SRT and WebVTT: what is said in a film or a talk, with the time before each stretch of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import pairwise, zip_longest

from factbot.corpus.formats.content import Content, Unreadable
from factbot.text.normalise import one_line

__all__ = ["CUE", "read_transcript"]

APART = 60.0  # seconds between two marks, at least
PATIENCE = 60.0  # seconds more for which a mark waits for the end of a sentence
_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,]\d{1,3})?"
_TIMES = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-->[ \t]*(?:\d{{1,3}}:)?\d{{1,2}}:\d{{2}}[^\n]*$", re.MULTILINE)
CUE = re.compile(
    r"\A\s*(?:WEBVTT\b[\s\S]{0,5000}?-->|\d+[ \t]*\r?\n[ \t]*\d{1,3}:\d{2}:\d{2}[.,]\d{1,3}[ \t]*-->)"
)  # how one begins
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|<\d[\d:.]*>|\{\\[^{}\n]{0,200}\}")
_DASH = re.compile(r"[-–—] ?(?=\w)")  # before what another person says
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]♪]*\Z")


@dataclass(frozen=True)
class _Line:
    """One line that is shown from `second` on, and who says it ("" where that is not told)."""

    second: float
    speaker: str
    text: str


def read_transcript(content: str) -> Content:
    """What is said, as paragraphs; one begins where a speaker does, or with a mark such as "[12:34]".

    Raises Unreadable where nothing has a time.
    """
    lines = list(_lines(content))
    if not lines:
        raise Unreadable("has no line with its time; save it as .srt or .vtt anew, or as .txt")
    head = content[: _first(content)]
    title = re.match(r"\s*WEBVTT[ \t]+(?:-[ \t]*)?([^\n]*)", head)
    language = re.search(r"(?im)^Language:[ \t]*([\w-]+)", head)
    metadata = {"language": language[1]} if language else {}
    return Content(one_line(title[1]) or None if title else None, "\n\n".join(_paragraphs(lines)), metadata)


def _first(content: str) -> int:
    found = _TIMES.search(content)
    return found.start() if found else len(content)


def _lines(content: str) -> Iterator[_Line]:
    """The lines of all cues. Where captions roll, one that the cue before has shown already is left out."""
    cues = list(_cues(content))
    begun = sum(
        bool(a) and len(b) > 1 and b[0].text == a[-1].text for a, b in pairwise(cues)
    )  # with the line before
    rolls = begun > len(cues) / 3
    shown: set[str] = set()
    for cue in cues:
        yield from (line for line in cue if not (rolls and line.text in shown))
        shown = {line.text for line in cue}


def _cues(content: str) -> Iterator[list[_Line]]:
    is_vtt = bool(re.match(r"\s*WEBVTT\b", content))
    found = list(_TIMES.finditer(content))
    for times, following in zip_longest(found, found[1:]):
        hours, minutes, seconds = times.groups()
        second = 3600.0 * int(hours or 0) + 60.0 * int(minutes) + int(seconds)
        raw = content[times.end() + 1 : following.start() if following else len(content)]
        speaker, lines = "", []
        for line in _said(raw, is_vtt, is_last=following is None):
            voice = _VOICE.search(line)
            speaker = one_line(unescape(voice[1])) if voice else speaker
            text = one_line(unescape(_TAG.sub("", line)))
            if text:
                lines.append(_Line(second, speaker, text))
        yield lines


def _said(raw: str, is_vtt: bool, is_last: bool) -> list[str]:
    """The lines of a cue, without the number or name of the next, and what stands between two of WebVTT."""
    if is_vtt:
        return re.split(r"\n[ \t]*\n", raw.lstrip("\n"), maxsplit=1)[0].split("\n")
    lines = raw.rstrip().split("\n")
    return lines[:-1] if not is_last and lines[-1].strip().isdecimal() else lines


def _paragraphs(lines: list[_Line]) -> Iterator[str]:
    paragraph: list[str] = []
    marked, speaker = -APART, ""
    for line in lines:
        dash = _DASH.match(line.text)
        changes = bool(dash) or (bool(line.speaker) and line.speaker != speaker)
        waited = line.second - marked
        is_due = waited >= APART and (changes or not paragraph or bool(_ENDS.search(paragraph[-1])))
        if changes or is_due or waited >= APART + PATIENCE:
            if paragraph:
                yield " ".join(paragraph)
            paragraph = []
            if waited >= APART:
                paragraph.append(_mark(line.second))
                marked = line.second
            if line.speaker:
                paragraph.append(f"{line.speaker}:")
        speaker = line.speaker or speaker
        paragraph.append(line.text[dash.end() :] if dash else line.text)
    yield " ".join(paragraph)


def _mark(second: float) -> str:
    minutes, seconds = divmod(int(second), 60)
    hours, minutes = divmod(minutes, 60)
    return f"[{hours}:{minutes:02}:{seconds:02}]" if hours else f"[{minutes:02}:{seconds:02}]"
