"""Whose turn it is: questions before background work, and people who ask one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Cancellation", "FairQueue", "Place", "Priority"]

LONGEST_WAIT = 0.5  # seconds for a piece of background work, which must get done even if questions never stop


class Priority:
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


class Cancellation:
    """Ends one run in the background when somebody asks for it, and lets questions go before its pieces."""

    def __init__(self, priority: Priority | None = None) -> None:
        self._priority = priority
        self._stop = threading.Event()

    def stop(self) -> None:
        """End the run after the piece that it is at; what is done stays."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def give_way(self) -> None:
        """Before each piece of the run."""
        if self._priority:
            self._priority.give_way()


class FairQueue:
    """People who wait to be answered: `at_once` at a time, first come, first served."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._queue: list[Place] = []  # those being answered stand in front
        self._moved = threading.Condition()

    @contextmanager
    def joined(self) -> Iterator[Place]:
        """A place at the end of the queue, given up when it is done with, answered or not."""
        place = Place(self)
        with self._moved:
            self._queue.append(place)
        try:
            yield place
        finally:
            with self._moved:
                self._queue.remove(place)
                self._moved.notify_all()

    def _before(self, place: Place, patience: float | None) -> int:
        def has_come() -> bool:
            return self._queue.index(place) < self._at_once

        with self._moved:
            self._moved.wait_for(has_come, patience)
            return max(0, self._queue.index(place) - self._at_once + 1)


class Place:
    """Where one question stands in a queue."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue

    def before(self, patience: float | None = None) -> int:
        """How many are answered first, after at most `patience` seconds; 0: it is its turn."""
        return self._queue._before(self, patience)
