"""One person's conversation, as the server keeps it for that person's session."""

from __future__ import annotations

from dataclasses import dataclass, replace

from factbot.results import Answer, Report

__all__ = ["Conversation", "Turn"]

STOPPED = "Stopped."


@dataclass(frozen=True)
class Turn:
    """One question, or one text to check, and what has come of it so far.

    `question` is what was typed; with `is_check` it is checked instead of answered. `stage` says what is being
    done, "" when all is done. `reading` says how a follow-up was understood, `problem` why there is no answer or
    report, or only a part of one.
    """

    question: str
    stage: str = ""
    reading: str = ""
    answer: Answer | None = None
    problem: str = ""
    is_check: bool = False
    report: Report | None = None


class Conversation:
    """The turns, of which the last may be unfinished. The thread that answers it holds a ticket.

    A ticket is void as soon as the person stops, clears the conversation or asks something else. Updates with a
    void ticket are ignored.
    """

    def __init__(self) -> None:
        self.turns: tuple[Turn, ...] = ()
        self._ticket = 0

    def questions(self) -> list[str]:
        """The questions asked so far that came to an answer, oldest first."""
        return [turn.question for turn in self.turns if turn.answer]

    def said(self) -> str:
        """The last sentence that was said, which a following statement may refer to; "" for none."""
        for turn in reversed(self.turns):
            if turn.answer and turn.answer.answered:
                return turn.answer.sentences[0].text
            checked = [claim.standalone for claim in turn.report.claims] if turn.report else []
            if checked:
                return checked[-1]
        return ""

    def begin(self, turn: Turn) -> int:
        """Stop the unfinished turn, append a new one, and return the ticket for it."""
        self.stop()
        self.turns = (*self.turns, turn)
        return self._ticket

    def update(self, ticket: int, turn: Turn) -> bool:
        """Replace the unfinished turn by `turn`. False where the ticket is void."""
        if ticket != self._ticket:
            return False
        self.turns = (*self.turns[:-1], turn)
        return True

    def stop(self) -> None:
        """End the unfinished turn as it is."""
        self._ticket += 1
        if self.turns and self.turns[-1].stage:
            self.turns = (*self.turns[:-1], replace(self.turns[-1], stage="", problem=_stopped(self.turns[-1])))

    def clear(self) -> None:
        self._ticket += 1
        self.turns = ()


def _stopped(turn: Turn) -> str:
    done = sum(claim.reason != "not_checkable" for claim in turn.report.claims) if turn.report else 0
    if not done:
        return STOPPED
    first = "first claim is" if done == 1 else f"first {done:,} claims are"
    return f"{STOPPED} The {first} checked, the rest is not."
