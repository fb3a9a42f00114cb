"""How long work in the background gives way to people who ask, and how it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Control", "Courtesy"]

LONGEST_WAIT = 0.5  # seconds that a piece of background work waits: it must get on even where people never stop


class Courtesy:
    """Questions go first: while one is being answered, background work waits between its pieces."""

    def __init__(self) -> None:
        self._asking = 0
        self._changed = threading.Condition()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Around a question."""
        with self._changed:
            self._asking += 1
        try:
            yield
        finally:
            with self._changed:
                self._asking -= 1
                self._changed.notify_all()

    def give_way(self) -> None:
        """Before a piece of background work."""
        with self._changed:
            self._changed.wait_for(lambda: not self._asking, LONGEST_WAIT)


class Control:
    """The reins of one run in the background."""

    def __init__(self, courtesy: Courtesy | None = None) -> None:
        self._courtesy = courtesy
        self._stop = threading.Event()

    def stop(self) -> None:
        """End the run after the piece that it is at; what is done stays."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def give_way(self) -> None:
        if self._courtesy:
            self._courtesy.give_way()
